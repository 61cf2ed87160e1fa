//! Literal search, byte for byte: which rows hold a text, where, and how often.
//!
//! One needle for all rows is looked for in the bytes of the whole array at once:
//!
//! ```text
//! find the next hit; find the row it starts in (gallop through the offsets)
//! if it ends in that row too: the row holds it
//! go on at the end of that row
//! ```
//! A hit that crosses a border of rows is none; the next one cannot start before that border, since
//! whatever starts behind such a hit and in the same row crosses it too.

use memchr::memmem::{self, Finder};

use super::{bytes_of, is_valid, map_values, valid_in_all};
use crate::column::bitmap::Bitmap;
use crate::column::{Array, ArrayData, MutableBuffer, Text};
use crate::error::Result;
use crate::exec::kernels::Datum;

/// Which question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Whether it occurs.
    Contains,
    /// Whether the text begins with it.
    StartsWith,
    /// Whether the text ends with it.
    EndsWith,
}

/// `contains(a, b)`, `starts_with(a, b)` and `ends_with(a, b)`.
pub fn search(search: Search, input: &Datum, needle: &Datum, len: usize) -> Array {
    let bits = match (input, needle) {
        (Datum::Array(array), Datum::Value(_)) => {
            let (text, needle) = (array.as_text(), needle.text(0).as_bytes());
            match search {
                Search::Contains => rows_with(text, &Finder::new(needle)),
                Search::StartsWith => {
                    Bitmap::from_fn(len, |row| text.get_bytes(row).starts_with(needle))
                }
                Search::EndsWith => {
                    Bitmap::from_fn(len, |row| text.get_bytes(row).ends_with(needle))
                }
            }
        }
        _ => Bitmap::from_fn(len, |row| {
            let (value, needle) = (input.text(row).as_bytes(), needle.text(row).as_bytes());
            match search {
                Search::Contains => memmem::find(value, needle).is_some(),
                Search::StartsWith => value.starts_with(needle),
                Search::EndsWith => value.ends_with(needle),
            }
        }),
    };
    Array::new(ArrayData::Bool(bits), valid_in_all(&[input, needle]))
}

/// Which values hold a needle.
pub fn rows_with(text: &Text, finder: &Finder<'_>) -> Bitmap {
    if finder.needle().is_empty() {
        return Bitmap::repeat(true, text.len());
    }
    let mut marks = Marks::new(text.len());
    sweep(text, finder, |row, _| marks.set(row));
    marks.finish()
}

/// Bits that are set one by one.
pub struct Marks {
    words: MutableBuffer,
    len: usize,
}

impl Marks {
    /// `len` bits, none set.
    pub fn new(len: usize) -> Marks {
        Marks { words: MutableBuffer::zeroed::<u64>(len.div_ceil(64)), len }
    }

    /// Sets a bit.
    #[inline]
    pub fn set(&mut self, index: usize) {
        let word = &mut self.words.as_mut_slice::<u64>()[index / 64];
        *word |= (1_u64 << (index % 64)).to_le();
    }

    /// Ends setting.
    pub fn finish(self) -> Bitmap {
        Bitmap::new(self.words.freeze(), self.len)
    }
}

/// Calls `visit` for each value that holds the needle, in order, with its row and the place of the
/// first hit in the bytes of the text. The needle is not empty.
pub fn sweep(text: &Text, finder: &Finder<'_>, mut visit: impl FnMut(usize, usize)) {
    let len = finder.needle().len();
    let find = |bytes: &[u8]| finder.find(bytes).map(|at| (at, at + len));
    sweep_by(text, find, |row, start, end| {
        if end <= text.offsets()[row + 1] as usize {
            visit(row, start);
        }
    });
}

/// Calls `visit` with the row, the start and the end of hits of a search: the first that starts in
/// each row where one does. A hit may end in a later row: `visit` has to look.
pub fn sweep_by(
    text: &Text,
    find: impl Fn(&[u8]) -> Option<(usize, usize)>,
    mut visit: impl FnMut(usize, usize, usize),
) {
    let offsets = &text.offsets()[..];
    let base = offsets[0] as usize;
    let bytes = bytes_of(text);
    let (mut row, mut from) = (0, 0);
    while let Some((start, end)) = find(&bytes[from..]) {
        let start = base + from + start;
        row = row_of(offsets, row, start);
        visit(row, start, from + base + end);
        from = offsets[row + 1] as usize - base;
        row += 1;
    }
}

/// The row in which a byte stands: at `from` or behind it.
#[inline]
pub fn row_of(offsets: &[i32], from: usize, place: usize) -> usize {
    let place = place as i32;
    // Steps that double, then halves of the last one.
    let mut step = 1;
    let mut low = from;
    while low + step < offsets.len() && offsets[low + step] <= place {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(offsets.len());
    low + offsets[low + 1..high].partition_point(|offset| *offset <= place)
}

/// `find(a, b)`: the index of the character at which the second operand first occurs, from 0; null
/// where it does not.
pub fn find(input: &Datum, needle: &Datum, len: usize) -> Array {
    let validity = valid_in_all(&[input, needle]);
    let one = matches!(needle, Datum::Value(_)).then(|| Finder::new(needle.text(0).as_bytes()));
    let mut found = vec![false; len];
    let mut buffer = MutableBuffer::zeroed::<i64>(len);
    let places = buffer.as_mut_slice::<i64>();
    let mut note = |row: usize, place: usize, value: &str| {
        found[row] = is_valid(validity.as_ref(), row);
        places[row] = value[..place].chars().count() as i64;
    };
    match (input, &one) {
        (Datum::Array(array), Some(finder)) if !finder.needle().is_empty() => {
            let text = array.as_text();
            sweep(text, finder, |row, at| {
                note(row, at - text.offsets()[row] as usize, text.get(row));
            });
        }
        _ => {
            for row in 0..len {
                let value = input.text(row);
                let place = match &one {
                    Some(finder) => finder.find(value.as_bytes()),
                    None => memmem::find(value.as_bytes(), needle.text(row).as_bytes()),
                };
                if let Some(place) = place {
                    note(row, place, value);
                }
            }
        }
    }
    let data = ArrayData::Int64(crate::column::Values::new(buffer.freeze()));
    Array::new(data, super::present_bits(&found))
}

/// `count_matches(a, b)`: how often the second operand occurs, not counting what overlaps; the
/// empty text occurs before each character and at the end.
///
/// Errors: none.
pub fn count_matches(input: &Datum, needle: &Datum, len: usize) -> Result<Array> {
    let one = matches!(needle, Datum::Value(_)).then(|| Finder::new(needle.text(0).as_bytes()));
    map_values(&[input, needle], len, ArrayData::Int64, |row| {
        let value = input.text(row).as_bytes();
        let count = match &one {
            Some(finder) if finder.needle().is_empty() => input.text(row).chars().count() + 1,
            Some(finder) => finder.find_iter(value).count(),
            None if needle.text(row).is_empty() => input.text(row).chars().count() + 1,
            None => memmem::find_iter(value, needle.text(row).as_bytes()).count(),
        };
        Ok(count as i64)
    })
}
