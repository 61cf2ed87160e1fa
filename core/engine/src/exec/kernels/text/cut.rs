//! Parts of a text by position. Positions count characters (Unicode scalar values); where a whole
//! array is ASCII they are places in the bytes.

use super::writer::cut;
use super::{bytes_of, char_start, is_valid, map_text, valid_in_all};
use crate::column::{Array, ArrayData};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Datum;

/// How `cut_chars` counts where a part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From 0; negative ones from the end.
    Slice,
    /// From 1, as SQL's `substring`; what lies before the text is part of the length.
    Substring,
}

/// `slice(a, start, length)` and `substring(a, start, length)`: the characters of a window of
/// `length` from `start` on that the text has; without a length, up to its end.
///
/// Errors: `InvalidArgument` for a negative length.
pub fn cut_chars(
    origin: Origin,
    input: &Array,
    start: &Datum,
    length: Option<&Datum>,
) -> Result<Array> {
    let (starts, lengths) = (start.values::<i64>(), length.map(Datum::values::<i64>));
    let window = |row: usize, count: &dyn Fn() -> i64| {
        let first = match (origin, starts.get(row)) {
            (Origin::Substring, start) => start.saturating_sub(1),
            (Origin::Slice, start) if start < 0 => count().saturating_add(start),
            (Origin::Slice, start) => start,
        };
        let end = match lengths.as_ref().map(|lengths| lengths.get(row)) {
            None => i64::MAX,
            Some(length) if length < 0 => {
                return Err(Error::mismatch(
                    ErrorKind::InvalidArgument,
                    "a length that is not negative",
                    length.to_string(),
                ));
            }
            Some(length) => first.saturating_add(length),
        };
        Ok((first.max(0), end.max(0)))
    };
    let mut operands = vec![start];
    operands.extend(length);
    cut_windows(input, &operands, window)
}

/// `left(a, count)`: the first characters; with a negative count all but so many of the last.
pub fn left(input: &Array, count: &Datum) -> Result<Array> {
    let counts = count.values::<i64>();
    cut_windows(input, &[count], |row, chars| {
        Ok(match counts.get(row) {
            count if count >= 0 => (0, count),
            count => (0, chars().saturating_add(count).max(0)),
        })
    })
}

/// `right(a, count)`: the last characters; with a negative count all but so many of the first.
pub fn right(input: &Array, count: &Datum) -> Result<Array> {
    let counts = count.values::<i64>();
    cut_windows(input, &[count], |row, chars| {
        Ok(match counts.get(row) {
            count if count >= 0 => (chars().saturating_sub(count).max(0), i64::MAX),
            count => (count.saturating_neg(), i64::MAX),
        })
    })
}

/// For each value the characters from a first to an end, which `window` gives; it is told how to
/// count the value's characters. Neither is negative.
fn cut_windows(
    input: &Array,
    operands: &[&Datum],
    window: impl Fn(usize, &dyn Fn() -> i64) -> Result<(i64, i64)>,
) -> Result<Array> {
    let text = input.as_text();
    let is_ascii = bytes_of(text).is_ascii();
    let whole = Datum::Array(input.clone());
    let validity = valid_in_all(&[&[&whole], operands].concat());
    let mut starts = Vec::with_capacity(text.len());
    let mut ends = Vec::with_capacity(text.len());
    for row in 0..text.len() {
        let base = text.offsets()[row] as usize;
        if !is_valid(validity.as_ref(), row) {
            starts.push(base as u32);
            ends.push(base as u32);
            continue;
        }
        let value = text.get(row);
        let count = || if is_ascii { value.len() } else { value.chars().count() } as i64;
        let (first, end) = window(row, &count)?;
        let (start, end) = match is_ascii {
            true => (first.min(value.len() as i64) as usize, end.min(value.len() as i64) as usize),
            false => places(value, first, end),
        };
        starts.push((base + start) as u32);
        ends.push((base + end.max(start)) as u32);
    }
    Ok(Array::new(ArrayData::Utf8(cut(text, &starts, &ends)), validity))
}

fn places(value: &str, first: i64, end: i64) -> (usize, usize) {
    let to_index = |position: i64| usize::try_from(position).unwrap_or(usize::MAX);
    let start = char_start(value, to_index(first));
    let count = to_index(end.saturating_sub(first).max(0));
    (start, start + char_start(&value[start..], count))
}

/// `reverse(a)`: the characters in the opposite order.
///
/// Errors: none but the limit of an array.
pub fn reverse(input: &Array) -> Result<Array> {
    let text = input.as_text();
    let mut reversed = String::new();
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        reversed.clear();
        reversed.extend(text.get(row).chars().rev());
        writer.extend(&reversed)
    })
}

/// `split_part(a, separator, index)`: the part at an index that counts from 1, or from the end
/// where it is negative; the empty text where there is none. Without a separator in it, or with an
/// empty one, the text is its one part.
///
/// Errors: `InvalidArgument` for the index 0.
pub fn split_part(input: &Array, separator: &Datum, index: &Datum) -> Result<Array> {
    let text = input.as_text();
    let indexes = index.values::<i64>();
    let validity = valid_in_all(&[&Datum::Array(input.clone()), separator, index]);
    let mut starts = Vec::with_capacity(text.len());
    let mut ends = Vec::with_capacity(text.len());
    let mut finder = Finders::new(separator);
    for row in 0..text.len() {
        let base = text.offsets()[row] as usize;
        let (start, end) = match is_valid(validity.as_ref(), row) {
            false => (0, 0),
            true => part(text.get_bytes(row), finder.at(row), indexes.get(row))?,
        };
        starts.push((base + start) as u32);
        ends.push((base + end) as u32);
    }
    Ok(Array::new(ArrayData::Utf8(cut(text, &starts, &ends)), validity))
}

/// One separator for all rows is prepared once.
struct Finders<'a> {
    separator: &'a Datum,
    one: Option<Separator<'a>>,
}

#[derive(Clone)]
enum Separator<'a> {
    Byte(u8),
    Text(Box<memchr::memmem::Finder<'a>>),
    None,
}

impl<'a> Finders<'a> {
    fn new(separator: &'a Datum) -> Finders<'a> {
        let one = matches!(separator, Datum::Value(_)).then(|| Separator::new(separator.text(0)));
        Finders { separator, one }
    }

    fn at(&mut self, row: usize) -> &Separator<'a> {
        match matches!(self.separator, Datum::Value(_)) {
            true => {}
            false => self.one = Some(Separator::new(self.separator.text(row))),
        }
        self.one.as_ref().unwrap_or(&Separator::None)
    }
}

impl<'a> Separator<'a> {
    fn new(separator: &'a str) -> Separator<'a> {
        match separator.as_bytes() {
            [] => Separator::None,
            [byte] => Separator::Byte(*byte),
            bytes => Separator::Text(Box::new(memchr::memmem::Finder::new(bytes))),
        }
    }

    fn find(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Separator::Byte(byte) => memchr::memchr(*byte, bytes),
            Separator::Text(finder) => finder.find(bytes),
            Separator::None => None,
        }
    }

    fn len(&self) -> usize {
        match self {
            Separator::Byte(_) => 1,
            Separator::Text(finder) => finder.needle().len(),
            Separator::None => 0,
        }
    }
}

fn part(value: &[u8], separator: &Separator<'_>, index: i64) -> Result<(usize, usize)> {
    let mut skipped = match index {
        0 => {
            return Err(Error::mismatch(
                ErrorKind::InvalidArgument,
                "an index of split_part that is not 0: the first part is 1, the last is -1",
                "0",
            ));
        }
        1.. => index - 1,
        // Separators are found from the start, so that overlapping ones are the same either way.
        _ => match count_parts(value, separator).checked_add(index) {
            Some(first) if first >= 0 => first,
            _ => return Ok((0, 0)),
        },
    };
    let mut start = 0;
    loop {
        let found = separator.find(&value[start..]);
        match (found, skipped) {
            (Some(at), 0) => return Ok((start, start + at)),
            (Some(at), _) => start += at + separator.len(),
            (None, 0) => return Ok((start, value.len())),
            (None, _) => return Ok((0, 0)),
        }
        skipped -= 1;
    }
}

fn count_parts(value: &[u8], separator: &Separator<'_>) -> i64 {
    let (mut count, mut start) = (1, 0);
    while let Some(at) = separator.find(&value[start..]) {
        count += 1;
        start += at + separator.len();
    }
    count
}
