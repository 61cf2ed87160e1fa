//! Trim: leaves out characters at the ends.

use super::super::Datum;
use super::valid_in_all;
use super::writer::cut;
use crate::column::{Array, ArrayData, Text};

/// Which ends are trimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Both.
    Both,
    /// The first characters.
    Start,
    /// The last characters.
    End,
}

/// `trim(a)`: without the characters at its ends that have Unicode's property White_Space.
pub fn trim(ends: Ends, input: &Array) -> Array {
    let text = input.as_text();
    let trimmed = trim_rows(text, |_, value| match ends {
        Ends::Both => within(value, value.trim()),
        Ends::Start => within(value, value.trim_start()),
        Ends::End => within(value, value.trim_end()),
    });
    Array::new(ArrayData::Utf8(trimmed), input.validity().cloned())
}

/// `trim(a, characters)`: without the characters at its ends that are among some.
pub fn trim_chars(ends: Ends, input: &Array, characters: &Datum) -> Array {
    let trimmed = trim_rows(input.as_text(), |row, value| {
        let among = |character: char| characters.text(row).contains(character);
        match ends {
            Ends::Both => within(value, value.trim_matches(among)),
            Ends::Start => within(value, value.trim_start_matches(among)),
            Ends::End => within(value, value.trim_end_matches(among)),
        }
    });
    let validity = valid_in_all(&[&Datum::Array(input.clone()), characters]);
    Array::new(ArrayData::Utf8(trimmed), validity)
}

fn trim_rows(text: &Text, mut trim: impl FnMut(usize, &str) -> (usize, usize)) -> Text {
    let mut starts = Vec::with_capacity(text.len());
    let mut ends = Vec::with_capacity(text.len());
    for (row, value) in text.iter().enumerate() {
        let base = text.offsets()[row] as usize;
        let (start, end) = trim(row, value);
        starts.push((base + start) as u32);
        ends.push((base + end) as u32);
    }
    cut(text, &starts, &ends)
}

/// Where a part of a text starts and ends in it.
fn within(value: &str, part: &str) -> (usize, usize) {
    let start = part.as_ptr() as usize - value.as_ptr() as usize;
    (start, start + part.len())
}
