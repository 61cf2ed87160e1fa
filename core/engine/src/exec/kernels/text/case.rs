//! Case and length. Case follows Unicode's mappings without locale; a length counts Unicode scalar
//! values, or bytes.

use super::writer::Writer;
use super::{bytes_of, map_text};
use crate::column::{Array, ArrayData, MutableBuffer, Text, Values};
use crate::error::Result;
use crate::exec::kernels::Datum;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
}

/// `upper(a)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn upper(input: &Array) -> Result<Array> {
    change_case(Case::Upper, input)
}

/// `lower(a)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn lower(input: &Array) -> Result<Array> {
    change_case(Case::Lower, input)
}

fn change_case(case: Case, input: &Array) -> Result<Array> {
    let text = input.as_text();
    if bytes_of(text).is_ascii() {
        let changed = ArrayData::Utf8(change_ascii(case, text));
        return Ok(Array::new(changed, input.validity().cloned()));
    }
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let value = text.get(row);
        match case {
            Case::Upper => writer.extend(&value.to_uppercase()),
            Case::Lower => writer.extend(&value.to_lowercase()),
        }
    })
}

fn change_ascii(case: Case, text: &Text) -> Text {
    let source = bytes_of(text);
    let mut bytes = MutableBuffer::with_capacity(source.len());
    bytes.extend_from_slice(source);
    match case {
        Case::Upper => bytes.as_mut_slice::<u8>().make_ascii_uppercase(),
        Case::Lower => bytes.as_mut_slice::<u8>().make_ascii_lowercase(),
    }
    let first = text.offsets()[0];
    let mut offsets = MutableBuffer::zeroed::<i32>(text.len() + 1);
    for (new, old) in offsets.as_mut_slice::<i32>().iter_mut().zip(&text.offsets()[..]) {
        *new = old - first;
    }
    Text::new(Values::new(offsets.freeze()), bytes.freeze())
}

/// `initcap(a)`: the first character of each run of letters and digits in title case, the rest in
/// lower case.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn initcap(input: &Array) -> Result<Array> {
    let text = input.as_text();
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let mut is_inside = false;
        let value = text.get(row);
        for (at, character) in value.char_indices() {
            match is_inside {
                false => write_title(character, writer)?,
                true if character == 'Σ' => writer.extend_char(lower_sigma(value, at))?,
                true => {
                    for lower in character.to_lowercase() {
                        writer.extend_char(lower)?;
                    }
                }
            }
            // A mark belongs to the letter before it.
            is_inside = character.is_alphanumeric() || is_inside && is_within_word(character);
        }
        Ok(())
    })
}

/// Whether a character that is no letter and no digit may stand within a word: combining marks,
/// which come decomposed with their letter.
fn is_within_word(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// A sigma behind a letter is final where no letter follows.
fn lower_sigma(value: &str, at: usize) -> char {
    let before = value[..at].chars().rev().find(|last| !is_within_word(*last));
    let follows = value[at + 'Σ'.len_utf8()..].chars().find(|next| !is_within_word(*next));
    let is_final =
        before.is_some_and(char::is_alphabetic) && !follows.is_some_and(char::is_alphabetic);
    if is_final { 'ς' } else { 'σ' }
}

/// A character in title case: upper case, but for letters that are two in one.
fn write_title(character: char, writer: &mut Writer) -> Result<()> {
    match character {
        'Ǆ'..='ǆ' => writer.extend("ǅ"),
        'Ǉ'..='ǉ' => writer.extend("ǈ"),
        'Ǌ'..='ǌ' => writer.extend("ǋ"),
        'Ǳ'..='ǳ' => writer.extend("ǲ"),
        // Georgian has capitals, but not at the start of words.
        '\u{10D0}'..='\u{10FF}' => writer.extend_char(character),
        '\u{1F80}'..='\u{1FFF}' => write_greek_title(character, writer),
        _ => {
            let mut upper = character.to_uppercase();
            let Some(first) = upper.next() else { return Ok(()) };
            writer.extend_char(first)?;
            // An apostrophe of its own (ŉ) is no letter: what follows is the capital.
            let is_letter = first.is_alphabetic() && first != 'ʼ';
            for rest in upper {
                match is_letter {
                    true => writer.extend(&rest.to_lowercase().to_string())?,
                    false => writer.extend_char(rest)?,
                }
            }
            Ok(())
        }
    }
}

/// Greek letters with an iota below: the capital keeps it below.
fn write_greek_title(character: char, writer: &mut Writer) -> Result<()> {
    let code = character as u32;
    let capital = match code {
        0x1F80..=0x1FAF => char::from_u32(code | 8),
        0x1FB3 | 0x1FC3 | 0x1FF3 => char::from_u32(code + 9),
        0x1FBC | 0x1FCC | 0x1FFC => Some(character),
        _ => None,
    };
    if let Some(capital) = capital {
        return writer.extend_char(capital);
    }
    for upper in character.to_uppercase() {
        writer.extend_char(if upper == '\u{399}' { '\u{345}' } else { upper })?;
    }
    Ok(())
}

/// `length(a)`: characters.
pub fn length(input: &Array) -> Array {
    let text = input.as_text();
    if bytes_of(text).is_ascii() {
        return length_bytes(input);
    }
    let mut buffer = MutableBuffer::zeroed::<i64>(text.len());
    for (out, value) in buffer.as_mut_slice::<i64>().iter_mut().zip(text.iter()) {
        *out = value.chars().count() as i64;
    }
    let data = ArrayData::Int64(Values::new(buffer.freeze()));
    Array::new(data, input.validity().cloned())
}

/// `length_bytes(a)`: bytes in UTF-8.
pub fn length_bytes(input: &Array) -> Array {
    let text = input.as_text();
    let mut buffer = MutableBuffer::zeroed::<i64>(text.len());
    for (out, pair) in buffer.as_mut_slice::<i64>().iter_mut().zip(text.offsets().windows(2)) {
        *out = i64::from(pair[1] - pair[0]);
    }
    let data = ArrayData::Int64(Values::new(buffer.freeze()));
    Array::new(data, input.validity().cloned())
}
