//! Dictionaries of a file: one for each dictionary column, whose values all its row groups share.
//!
//! ```text
//! 0    how many values, then zeros up to 64
//! 64   offsets of the values, one more than values
//!      text
//! ```
//! A writer numbers the values as the rows bring them, so that equal tables make equal files,
//! whatever dictionaries their blocks had.

use std::sync::Arc;

use super::layout::{self, Encoder};
use crate::column::{Array, Buffer, Dictionary, Interner, Text, Values};
use crate::error::Result;
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// The values of a column's dictionary while its file is written.
#[derive(Default)]
pub struct FileDictionary {
    interner: Interner,
    /// The dictionary that came last, and the codes that its codes have in the file.
    last: Option<Arc<Text>>,
    codes: Vec<i32>,
}

/// Stands for a code that no row had yet.
const UNSEEN: i32 = -1;

impl FileDictionary {
    /// Appends the file's codes of an array's rows, 0 below nulls.
    pub fn encode(&mut self, array: &Array, out: &mut Vec<u8>) {
        let dictionary = array.as_dictionary();
        let values = dictionary.values();
        if !self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, values)) {
            self.codes.clear();
            self.codes.resize(values.len(), UNSEEN);
            self.last = Some(values.clone());
        }
        out.reserve(array.len() * size_of::<i32>());
        for (row, code) in dictionary.codes().iter().enumerate() {
            let code = match array.is_valid(row) {
                false => 0,
                true => {
                    let slot = &mut self.codes[*code as usize];
                    if *slot == UNSEEN {
                        *slot = self.interner.insert(values.get_bytes(*code as usize)) as i32;
                    }
                    *slot
                }
            };
            out.extend_from_slice(&code.to_le_bytes());
        }
    }

    /// The segment of all values.
    ///
    /// Errors: `LimitExceeded` for more text than offsets reach.
    pub fn segment(&self) -> Result<Vec<u8>> {
        let values = crate::column::dictionary::distinct_text(&self.interner)?;
        let mut out = Encoder::default();
        out.u32(values.len() as u32).pad_to(layout::DICTIONARY_HEAD_BYTES);
        values.offsets().iter().for_each(|offset| {
            out.u32(*offset as u32);
        });
        out.bytes(values.bytes().as_bytes());
        Ok(out.finish())
    }
}

/// The values in a segment whose checksum is right; what is expected of it where it is not so.
pub fn values_of(segment: &Buffer) -> std::result::Result<Arc<Text>, &'static str> {
    let bytes = segment.as_bytes();
    let head = bytes.first_chunk::<{ layout::DICTIONARY_HEAD_BYTES }>();
    let count =
        head.and_then(|head| head.first_chunk::<4>()).map(|count| u32::from_le_bytes(*count));
    let count = count.unwrap_or(0) as usize;
    let offsets_len = (count + 1) * size_of::<i32>();
    let text_start = layout::DICTIONARY_HEAD_BYTES + offsets_len;
    if count == 0 || text_start > bytes.len() || count > i32::MAX as usize {
        return Err("a dictionary of at least one value, within its segment");
    }
    let offsets = Values::<i32>::new(segment.slice(layout::DICTIONARY_HEAD_BYTES, offsets_len));
    let text_len = bytes.len() - text_start;
    let is_whole = offsets[0] == 0 && i32::try_from(text_len) == Ok(offsets[count]);
    if !is_whole || text_len > ARRAY_TEXT_BYTES_MAX {
        return Err("offsets of a dictionary from 0 to the length of its text");
    }
    let text = Text::try_new(offsets, segment.slice(text_start, text_len));
    let text = text.ok_or("rising offsets that cut valid UTF-8 at character borders")?;
    let mut seen = Interner::default();
    let are_distinct =
        (0..text.len()).all(|value| seen.insert(text.get_bytes(value)) as usize == value);
    if !are_distinct {
        return Err("values of a dictionary that are all distinct");
    }
    Ok(Arc::new(text))
}

/// Codes of a column chunk with the values of their file; the first row of a code without one.
pub fn coded(codes: Values<i32>, values: Arc<Text>) -> std::result::Result<Dictionary, usize> {
    match Dictionary::first_misfit(&codes, values.len()) {
        None => Ok(Dictionary::new(codes, values)),
        Some(row) => Err(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, DataType, Scalar};

    fn dictionary(values: &[&str]) -> Array {
        let mut builder = ArrayBuilder::new(DataType::Dictionary, values.len());
        let mut push = |value: &&str| builder.push(&Scalar::Utf8((*value).to_owned()));
        values.iter().for_each(|value| push(value).expect("small"));
        builder.finish()
    }

    #[test]
    fn equal_rows_have_equal_codes_whatever_their_dictionaries_were() {
        let first = dictionary(&["c", "b", "a", "b"]);
        let parts = [first.slice(1, 3), dictionary(&["a", "b", "d"])];
        let mut file = FileDictionary::default();
        let mut codes = Vec::new();
        parts.iter().for_each(|part| file.encode(part, &mut codes));
        let codes: Vec<u8> = codes.as_chunks::<4>().0.iter().map(|code| code[0]).collect();
        assert_eq!(codes, [0, 1, 0, 1, 0, 2]);
        let values = values_of(&Buffer::from_slice(&file.segment().expect("small")));
        let values = values.expect("a segment of ours");
        assert_eq!(values.iter().collect::<Vec<_>>(), ["b", "a", "d"]);
    }

    #[test]
    fn segments_that_lie_are_refused() {
        let mut file = FileDictionary::default();
        file.encode(&dictionary(&["ab", "\u{e9}"]), &mut Vec::new());
        let sound = file.segment().expect("small");
        let offsets = layout::DICTIONARY_HEAD_BYTES;
        assert!(values_of(&Buffer::from_slice(&sound)).is_ok());
        for (what, place, byte) in [
            ("no values", 0, 0),
            ("more values than bytes", 3, 0xFF),
            ("one value more", 0, 3),
            ("one value fewer", 0, 1),
            ("does not start at 0", offsets, 1),
            ("a negative offset", offsets + 7, 0x80),
            ("within a character", offsets + 4, 3),
            ("behind the text", offsets + 8, 5),
            ("not UTF-8", offsets + 12, 0xFF),
        ] {
            let mut bytes = sound.clone();
            assert_ne!(bytes[place], byte, "{what} changes nothing");
            bytes[place] = byte;
            assert!(values_of(&Buffer::from_slice(&bytes)).is_err(), "{what}");
        }
        for len in 0..sound.len() {
            assert!(values_of(&Buffer::from_slice(&sound[..len])).is_err(), "cut at {len}");
        }
        let mut file = FileDictionary::default();
        file.encode(&dictionary(&["ab", "cd"]), &mut Vec::new());
        let mut twice = file.segment().expect("small");
        let text = offsets + 12;
        twice.copy_within(text..text + 2, text + 2);
        assert!(values_of(&Buffer::from_slice(&twice)).is_err(), "a value twice");
    }

    #[test]
    fn codes_without_a_value_are_found() {
        let values = dictionary(&["a", "b"]).as_dictionary().values().clone();
        assert!(coded(Values::from(vec![0, 1, 0]), values.clone()).is_ok());
        assert_eq!(coded(Values::from(vec![0, 2, 0]), values.clone()).err(), Some(1));
        assert_eq!(coded(Values::from(vec![-1]), values).err(), Some(0));
    }
}
