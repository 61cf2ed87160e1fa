//! Dates and timestamps from text and to text, by patterns.

use super::moments::Offsets;
use super::{Datum, Moments, dates, null, split, timestamps, without};
use crate::bytes::calendar::Day;
use crate::bytes::civil::DAY_MICROSECONDS;
use crate::bytes::pattern::{Fixed, Miss, Pattern};
use crate::bytes::runs::{self, RUN_FIELDS, Run};
use crate::bytes::scan::Level;
use crate::column::buffer::Native;
use crate::column::{Array, ArrayData, Bitmap, Buffer, MutableBuffer, Text, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// Characters of a value that a message shows.
const SHOWN_CHARS_MAX: usize = 64;

/// Values as text; those of clocks of a zone with what they are ahead of UTC.
///
/// Nulls: a null operand gives null.
/// Errors: `LimitExceeded` when the text does not fit one array.
pub fn format(
    pattern: &Pattern,
    input: &Datum,
    ahead: Option<&Offsets>,
    len: usize,
) -> Result<Datum> {
    if input.is_null_value() {
        return Ok(null());
    }
    let (moments, validity) = (Moments::of(input), input.validity().cloned());
    let mut offsets = MutableBuffer::with_capacity((len + 1) * size_of::<i32>());
    offsets.push(0_i32);
    let mut bytes = Vec::new();
    for row in 0..len {
        if validity.as_ref().is_none_or(|bits| bits.get(row)) {
            let (days, rest) = match moments {
                Moments::Dates(days) => (days.get(row), 0),
                Moments::Timestamps(ticks) => split(ticks.get(row)),
            };
            let day = if Day::quick(days) < 0 { Day::exact(days) } else { Day::of(days) };
            let offset = ahead.map_or(0, |ahead| ahead.seconds(row));
            pattern.write_at(day, rest, offset, &mut bytes);
        }
        if bytes.len() > ARRAY_TEXT_BYTES_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the text of one array exceeds {ARRAY_TEXT_BYTES_MAX} bytes"),
            ));
        }
        offsets.push(bytes.len() as i32);
    }
    let text = Text::new(Values::new(offsets.freeze()), Buffer::from_slice(&bytes));
    Ok(Datum::Array(Array::new(ArrayData::Utf8(text), validity)))
}

/// How text is read.
#[derive(Clone, Debug)]
pub struct Reader {
    pattern: Pattern,
    /// Where every text of the pattern has one form.
    fixed: Option<Fixed>,
}

impl Reader {
    /// Of a pattern that is one to read.
    pub fn new(pattern: Pattern) -> Reader {
        let fixed = pattern.fixed();
        Reader { pattern, fixed }
    }

    /// Dates from text.
    ///
    /// Nulls: a null operand gives null.
    /// Errors: `BadCast` with the first text that is not of the pattern, unless `is_try`.
    pub fn dates(&self, input: &Array, is_try: bool, level: Level) -> Result<Datum> {
        let one = |text: &[u8]| self.pattern.read_days(text);
        let (values, validity) = self.read(input, is_try, level, |days, _| days, one)?;
        Ok(dates(values, validity))
    }

    /// Timestamps from text.
    ///
    /// Nulls, errors: as `dates`.
    pub fn timestamps(&self, input: &Array, is_try: bool, level: Level) -> Result<Datum> {
        let join = |days: i32, seconds: i32| {
            i64::from(days) * DAY_MICROSECONDS + i64::from(seconds) * 1_000_000
        };
        let one = |text: &[u8]| self.pattern.read(text);
        let (values, validity) = self.read(input, is_try, level, join, one)?;
        Ok(timestamps(values, validity))
    }

    /// Reads runs of texts, and one by one those that the quick way leaves.
    fn read<T: Native>(
        &self,
        input: &Array,
        is_try: bool,
        level: Level,
        join: impl Fn(i32, i32) -> T,
        one: impl Fn(&[u8]) -> std::result::Result<T, Miss>,
    ) -> Result<(Values<T>, Option<Bitmap>)> {
        let text = input.as_text();
        let mut buffer = MutableBuffer::zeroed::<T>(text.len());
        let (mut misfits, mut run) = (Vec::new(), Run::default());
        let (mut days, mut seconds) = ([0; RUN_FIELDS], [0; RUN_FIELDS]);
        for (index, out) in buffer.as_mut_slice::<T>().chunks_mut(RUN_FIELDS).enumerate() {
            let first = index * RUN_FIELDS;
            let mut odd = u64::MAX;
            if let Some(fixed) = &self.fixed {
                place(text, first, out.len(), &mut run);
                let bytes = text.bytes().as_bytes();
                odd = runs::fixed(level, bytes, &run, fixed, &mut days, &mut seconds);
                for (out, (days, seconds)) in out.iter_mut().zip(days.iter().zip(&seconds)) {
                    *out = join(*days, *seconds);
                }
            }
            if out.len() < RUN_FIELDS {
                odd &= (1 << out.len()) - 1;
            }
            while odd != 0 {
                let row = first + odd.trailing_zeros() as usize;
                odd &= odd - 1;
                match one(text.get_bytes(row)) {
                    Ok(value) => out[row - first] = value,
                    Err(_) if !input.is_valid(row) => {}
                    Err(_) if is_try => misfits.push(row),
                    Err(miss) => return Err(self.misfit(miss, text.get(row))),
                }
            }
        }
        let validity = without(input.validity().cloned(), text.len(), &misfits);
        Ok((Values::new(buffer.freeze()), validity))
    }

    fn misfit(&self, miss: Miss, text: &str) -> Error {
        let shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
        Error::mismatch(ErrorKind::BadCast, self.pattern.explain(miss), format!("{shown:?}"))
            .hint("the form with try_ gives null where a text is not of the pattern")
    }
}

/// The places of up to 64 texts.
fn place(text: &Text, first: usize, len: usize, run: &mut Run) {
    let offsets = &text.offsets()[first..=first + len];
    for index in 0..RUN_FIELDS {
        let at = index.min(len - 1);
        run.starts[index] = offsets[at] as u32;
        run.ends[index] = offsets[at + 1] as u32;
    }
}
