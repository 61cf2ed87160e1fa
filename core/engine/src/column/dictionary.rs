//! Dictionary: text as 32-bit codes of distinct values, which several arrays share.
//!
//! ```text
//! codes   0  1  0  2  1          one a row
//! values  "north" "south" "west" each once, in any order
//! ```
//! Two arrays share a dictionary when they hold the same `Arc` of it: then codes say all, and
//! nothing looks at text. Arrays that do not are brought to one dictionary where they meet.
//!
//! There is always at least one value, so that the code below a null has a place; in a dictionary
//! that would have none it is an empty text.

use std::sync::Arc;

use super::array::{Array, ArrayData};
use super::bitmap::Bitmap;
use super::buffer::{Buffer, MutableBuffer, Values};
use super::dtype::DataType;
use super::intern::Interner;
use super::text::{Text, TextAppender};
use crate::error::Result;

/// Codes and the values that they stand for.
#[derive(Clone, Debug)]
pub struct Dictionary {
    codes: Values<i32>,
    values: Arc<Text>,
}

impl Dictionary {
    /// Joins codes and distinct values.
    ///
    /// Panics where a code has no value, and without any value: the readers of untrusted bytes
    /// check and report before they come here.
    pub fn new(codes: Values<i32>, values: Arc<Text>) -> Dictionary {
        assert!(!values.is_empty(), "a dictionary has a value");
        assert!(Dictionary::first_misfit(&codes, values.len()).is_none(), "codes have values");
        Dictionary { codes, values }
    }

    /// Other codes of the same values. They are looked at only when they are used, and then a code
    /// without a value is a panic.
    pub fn with_codes(&self, codes: Values<i32>) -> Dictionary {
        Dictionary { codes, values: self.values.clone() }
    }

    /// The first position of a code that has no value among so many.
    pub fn first_misfit(codes: &[i32], value_count: usize) -> Option<usize> {
        // Below 0 is above all as unsigned.
        let largest = codes.iter().fold(0, |largest, code| largest.max(*code as u32));
        match codes.is_empty() || (largest as usize) < value_count {
            true => None,
            false => codes.iter().position(|code| *code as u32 as usize >= value_count),
        }
    }

    /// The dictionary of no values.
    pub fn no_values() -> Arc<Text> {
        let mut text = TextAppender::new(1);
        text.push("").expect("an empty text fits");
        Arc::new(text.finish())
    }

    /// Number of codes.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no code.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// One code a row: a position among the values.
    pub fn codes(&self) -> &Values<i32> {
        &self.codes
    }

    /// The values, each once.
    pub fn values(&self) -> &Arc<Text> {
        &self.values
    }

    /// Whether codes of the one are codes of the other.
    pub fn shares_values(&self, other: &Dictionary) -> bool {
        Arc::ptr_eq(&self.values, &other.values)
    }

    /// The text of a row.
    #[inline]
    pub fn get(&self, row: usize) -> &str {
        self.values.get(self.codes[row] as usize)
    }

    /// The bytes of the text of a row.
    #[inline]
    pub fn get_bytes(&self, row: usize) -> &[u8] {
        self.values.get_bytes(self.codes[row] as usize)
    }

    /// `len` codes from `offset` on, without copying any.
    pub fn slice(&self, offset: usize, len: usize) -> Dictionary {
        self.with_codes(self.codes.slice(offset, len))
    }

    /// The text of each row; none below nulls.
    ///
    /// Errors: `LimitExceeded` where it does not fit one array.
    pub fn plain(&self, validity: Option<&Bitmap>) -> Result<Text> {
        let mut text = TextAppender::new(self.len());
        for (row, code) in self.codes.iter().enumerate() {
            let is_present = validity.is_none_or(|bits| bits.get(row));
            text.push(if is_present { self.values.get(*code as usize) } else { "" })?;
        }
        Ok(text.finish())
    }

    /// The distinct values of a text, and a code for each row of it.
    ///
    /// Errors: `LimitExceeded` for more than 2^31 - 1 distinct values, or too much text of them.
    pub fn of_text(text: &Text, validity: Option<&Bitmap>) -> Result<Dictionary> {
        let mut interner = Interner::default();
        let mut codes = MutableBuffer::zeroed::<i32>(text.len());
        for (row, code) in codes.as_mut_slice::<i32>().iter_mut().enumerate() {
            if validity.is_none_or(|bits| bits.get(row)) {
                *code = interner.insert(text.get_bytes(row)) as i32;
            }
        }
        let values = distinct_text(&interner)?;
        Ok(Dictionary { codes: Values::new(codes.freeze()), values })
    }
}

/// The entries of an interner as the values of a dictionary.
///
/// Errors: `LimitExceeded` where they do not fit one array.
pub fn distinct_text(interner: &Interner) -> Result<Arc<Text>> {
    match interner.is_empty() {
        true => Ok(Dictionary::no_values()),
        false => interner.text().map(Arc::new),
    }
}

/// Several dictionaries brought to one.
pub struct Unified {
    /// The values of all, those of the first part first, in its order.
    pub values: Arc<Text>,
    /// For each part the codes that its codes have there; `None` where they stay.
    maps: Vec<Option<Arc<Vec<i32>>>>,
}

impl Unified {
    /// Brings the dictionaries of some arrays to one.
    ///
    /// Errors: `LimitExceeded` where the distinct values of all do not fit one array.
    /// Cost: nothing where all share one; a pass over the values of each that comes up anew.
    pub fn of(parts: &[&Dictionary]) -> Result<Unified> {
        let Some((first, others)) = parts.split_first() else {
            return Ok(Unified { values: Dictionary::no_values(), maps: Vec::new() });
        };
        if others.iter().all(|part| part.shares_values(first)) {
            return Ok(Unified { values: first.values.clone(), maps: vec![None; parts.len()] });
        }
        let mut interner = Interner::default();
        for value in 0..first.values.len() {
            interner.insert(first.values.get_bytes(value));
        }
        let mut maps: Vec<Option<Arc<Vec<i32>>>> = vec![None];
        for (index, part) in others.iter().enumerate() {
            let known = parts[..=index].iter().position(|other| other.shares_values(part));
            let map = match known {
                Some(known) => maps[known].clone(),
                None => {
                    let values = 0..part.values.len();
                    let code = |value| interner.insert(part.values.get_bytes(value)) as i32;
                    Some(Arc::new(values.map(code).collect()))
                }
            };
            maps.push(map);
        }
        Ok(Unified { values: distinct_text(&interner)?, maps })
    }

    /// The code that a code of a part has in the one dictionary.
    #[inline]
    pub fn code(&self, part: usize, code: i32) -> i32 {
        self.maps[part].as_ref().map_or(code, |map| map[code as usize])
    }

    /// The codes of a part in the one dictionary.
    pub fn codes(&self, part: usize, codes: &Values<i32>) -> Buffer {
        match &self.maps[part] {
            None => codes.buffer().clone(),
            Some(map) => {
                let mut mapped = MutableBuffer::zeroed::<i32>(codes.len());
                for (out, code) in mapped.as_mut_slice::<i32>().iter_mut().zip(codes.iter()) {
                    *out = map[*code as usize];
                }
                mapped.freeze()
            }
        }
    }
}

impl Array {
    /// The array as one that functions of text take: a dictionary's rows as utf8, all others as
    /// they are.
    ///
    /// Errors: `LimitExceeded` where the text of all rows does not fit one array.
    pub fn plain(&self) -> Result<Array> {
        let ArrayData::Dictionary(dictionary) = self.data() else { return Ok(self.clone()) };
        let text = dictionary.plain(self.validity())?;
        Ok(Array::new(ArrayData::Utf8(text), self.validity().cloned()))
    }

    /// The array of a utf8 array's values as codes.
    ///
    /// Errors: as [`Dictionary::of_text`].
    pub fn encoded(&self) -> Result<Array> {
        let dictionary = Dictionary::of_text(self.as_text(), self.validity())?;
        let data = ArrayData::Dictionary(dictionary);
        Ok(Array::typed(DataType::Dictionary, data, self.validity().cloned()))
    }

    /// The bytes of a row's text, coded or not. Panics for other types.
    #[inline]
    pub fn text_bytes(&self, row: usize) -> &[u8] {
        match self.data() {
            ArrayData::Utf8(text) => text.get_bytes(row),
            ArrayData::Dictionary(dictionary) => dictionary.get_bytes(row),
            _ => panic!("expected text, found {}", self.dtype()),
        }
    }

    /// A row's text, coded or not. Panics for other types.
    #[inline]
    pub fn text(&self, row: usize) -> &str {
        match self.data() {
            ArrayData::Utf8(text) => text.get(row),
            ArrayData::Dictionary(dictionary) => dictionary.get(row),
            _ => panic!("expected text, found {}", self.dtype()),
        }
    }

    /// Codes and values; panics for another storage.
    pub fn as_dictionary(&self) -> &Dictionary {
        match self.data() {
            ArrayData::Dictionary(dictionary) => dictionary,
            _ => panic!("expected a dictionary array, found {}", self.dtype()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, Scalar};

    fn texts(values: &[Option<&str>]) -> Array {
        let mut builder = ArrayBuilder::new(DataType::Utf8, values.len());
        for value in values {
            match value {
                Some(text) => builder.push_text(text).expect("small text fits"),
                None => builder.push_null(),
            }
        }
        builder.finish()
    }

    fn scalars(array: &Array) -> Vec<Scalar> {
        (0..array.len()).map(|row| array.scalar(row)).collect()
    }

    #[test]
    fn codes_follow_first_appearance_and_come_back_as_text() {
        let plain = texts(&[Some("b"), None, Some("a"), Some(""), Some("b"), Some("é")]);
        let coded = plain.encoded().expect("small");
        let dictionary = coded.as_dictionary();
        assert_eq!(dictionary.codes()[..], [0, 0, 1, 2, 0, 3]);
        assert_eq!(dictionary.values().iter().collect::<Vec<_>>(), ["b", "a", "", "é"]);
        assert_eq!((coded.dtype(), coded.null_count()), (&DataType::Dictionary, 1));
        assert_eq!(scalars(&coded), scalars(&plain));
        assert_eq!(scalars(&coded.plain().expect("small")), scalars(&plain));
        assert_eq!(scalars(&coded.slice(1, 3)), scalars(&plain)[1..4]);
    }

    #[test]
    fn nothing_but_nulls_has_a_value_below_them() {
        for plain in [texts(&[]), texts(&[None, None])] {
            let coded = plain.encoded().expect("small");
            assert_eq!(coded.as_dictionary().values().len(), 1);
            assert_eq!(scalars(&coded), scalars(&plain));
            assert_eq!(scalars(&coded.plain().expect("small")), scalars(&plain));
        }
    }

    #[test]
    fn dictionaries_meet_in_one() {
        let parts = [
            texts(&[Some("b"), Some("a"), Some("b")]),
            texts(&[Some("c"), Some("a")]),
            texts(&[Some("b")]),
        ];
        let parts = parts.map(|part| part.encoded().expect("small"));
        let mut parts: Vec<&Dictionary> = parts.iter().map(Array::as_dictionary).collect();
        parts.push(parts[1]);
        let one = Unified::of(&parts).expect("small");
        assert_eq!(one.values.iter().collect::<Vec<_>>(), ["b", "a", "c"]);
        for (index, part) in parts.iter().enumerate() {
            let codes = Values::<i32>::new(one.codes(index, part.codes()));
            for row in 0..part.len() {
                assert_eq!(one.values.get(codes[row] as usize), part.get(row));
                assert_eq!(one.code(index, part.codes()[row]), codes[row]);
            }
        }
        let same = Unified::of(&[parts[0], parts[0]]).expect("small");
        assert!(Arc::ptr_eq(&same.values, parts[0].values()));
    }

    #[test]
    fn a_code_without_a_value_is_found() {
        assert_eq!(Dictionary::first_misfit(&[0, 1, 2], 3), None);
        assert_eq!(Dictionary::first_misfit(&[0, 3, 4], 3), Some(1));
        assert_eq!(Dictionary::first_misfit(&[0, -1], 3), Some(1));
        assert_eq!(Dictionary::first_misfit(&[], 0), None);
    }
}
