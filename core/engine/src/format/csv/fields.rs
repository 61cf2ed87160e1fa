//! The fields of one column, row after row: null or not, quoted or not.

use std::ops::Range;

use super::index::Rows;
use crate::bytes::runs::{self, RUN_FIELDS, Run, RunValues};
use crate::column::TextBuilder;

/// The unquoted fields that mean null.
#[derive(Clone, Debug)]
pub(super) struct NullValues {
    values: Vec<Vec<u8>>,
    /// Bit n: one of the values is n bytes long; bit 63: or longer.
    lengths: u64,
    /// Whether one of them could be read as a number.
    has_number: bool,
    /// Whether one of them is not empty.
    has_others: bool,
}

impl NullValues {
    pub fn new(values: &[String]) -> NullValues {
        let values: Vec<Vec<u8>> = values.iter().map(|value| value.clone().into_bytes()).collect();
        let lengths = values.iter().fold(0, |bits, value| bits | 1 << value.len().min(63));
        let has_number = values.iter().any(|value| value.iter().any(u8::is_ascii_digit));
        let has_others = lengths & !1 != 0;
        NullValues { values, lengths, has_number, has_others }
    }

    /// Whether an empty unquoted field means null.
    #[inline(always)]
    fn has_empty(&self) -> bool {
        self.lengths & 1 == 1
    }

    /// Whether an unquoted field means null.
    #[inline(always)]
    pub fn contains(&self, field: &[u8]) -> bool {
        self.lengths >> field.len().min(63) & 1 == 1 && self.is_listed(field)
    }

    fn is_listed(&self, field: &[u8]) -> bool {
        self.values.iter().any(|value| value == field)
    }
}

/// Text of the rows' bytes: `text` starts at `offset` of `Rows::bytes`.
#[derive(Clone, Copy)]
pub(super) struct RowsText<'a> {
    pub text: &'a str,
    pub offset: usize,
}

/// Where a field's text stands in `Rows::bytes`, without the quotes around it.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub start: usize,
    pub end: usize,
    is_quoted: bool,
}

impl Field {
    /// The place as a range.
    #[inline(always)]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A field without the quotes around it.
#[inline(always)]
pub(super) fn strip_quotes(rows: &Rows, field: Range<usize>) -> Field {
    let Range { start, end } = field;
    match start < end && Some(rows.bytes[start]) == rows.quote {
        true => Field { start: start + 1, end: end - 1, is_quoted: true },
        false => Field { start, end, is_quoted: false },
    }
}

/// What `Fields` tells of nulls.
pub(super) struct Presence<'a> {
    /// One bit a row.
    pub validity: &'a mut [u64],
    pub has_nulls: &'a mut bool,
}

impl Presence<'_> {
    /// Sets the bits of the rows from `first` on, of which there are as many as `all` has bits.
    #[inline(always)]
    fn set(&mut self, first: usize, present: u64, all: u64) {
        self.validity[first / RUN_FIELDS] = present;
        *self.has_nulls |= present != all;
    }
}

/// What a run of fields is like, one bit each; bits behind the last field mean nothing.
struct Placed {
    /// No byte, be it between quotes.
    empty: u64,
    quoted: u64,
}

/// The fields of one column.
pub(super) struct Fields<'a> {
    pub rows: &'a Rows<'a>,
    pub column: usize,
    pub nulls: &'a NullValues,
}

impl Fields<'_> {
    /// Writes a value for each row of `range`; a null writes the type's zero. `quick` reads a run
    /// of fields (see `bytes::runs`), `parse` those that are odd.
    ///
    /// Errors: the first row whose field `parse` does not take.
    #[inline(always)]
    pub fn fill<const QUOTED: bool, T: Copy + Default>(
        &self,
        range: Range<usize>,
        presence: &mut Presence,
        values: &mut [T],
        quick: impl Fn(&Run, &mut RunValues<T>) -> u64,
        mut parse: impl FnMut(Field) -> Option<T>,
    ) -> Result<(), usize> {
        let (mut run, mut room) = (Run::default(), [T::default(); RUN_FIELDS]);
        // A quote that could be part of a number must be looked for first.
        let is_apart = self.rows.quote.is_none_or(|quote| matches!(quote, b'"' | b'\'' | b'`'));
        let mut strips = QUOTED && !is_apart;
        for first in range.clone().step_by(RUN_FIELDS) {
            let count = (range.end - first).min(RUN_FIELDS);
            let all = u64::MAX >> (RUN_FIELDS - count);
            let values = &mut values[first..first + count];
            let mut read = |run: &Run| match values.first_chunk_mut() {
                _ if self.nulls.has_number => all,
                Some(values) => quick(run, values),
                None => {
                    let odd = quick(run, &mut room) & all;
                    values.copy_from_slice(&room[..count]);
                    odd
                }
            };
            let mut placed = self.place_run(first, count, &mut run, strips);
            let mut odd = read(&run);
            if QUOTED && !strips && odd & !placed.empty != 0 {
                // Most columns are quoted nowhere, or nearly everywhere.
                placed = self.place_run(first, count, &mut run, true);
                odd = if placed.quoted == 0 { odd } else { read(&run) };
            }
            strips = QUOTED && (placed.quoted != 0 || !is_apart);
            let mut present = all;
            if self.nulls.has_empty() {
                present &= !placed.empty | placed.quoted;
                odd |= placed.empty & placed.quoted & all;
            } else {
                odd |= placed.empty & all;
            }
            while odd != 0 {
                let bit = odd.trailing_zeros() as usize;
                values[bit] = match self.field::<QUOTED>(first + bit) {
                    None => {
                        present &= !(1 << bit);
                        T::default()
                    }
                    Some(field) => parse(field).ok_or(first + bit)?,
                };
                odd &= odd - 1;
            }
            presence.set(first, present, all);
        }
        Ok(())
    }

    /// Appends the text of each row of `range`, doubled quotes joined; of a null, nothing.
    #[inline(always)]
    pub fn gather<const QUOTED: bool>(
        &self,
        range: Range<usize>,
        presence: &mut Presence,
        builder: &mut TextBuilder,
        text: RowsText,
    ) {
        let mut run = Run::default();
        for first in range.clone().step_by(RUN_FIELDS) {
            let count = (range.end - first).min(RUN_FIELDS);
            let all = u64::MAX >> (RUN_FIELDS - count);
            let placed = self.place_run(first, count, &mut run, QUOTED);
            let mut present = all;
            if self.nulls.has_others {
                for bit in 0..count {
                    if self.field::<QUOTED>(first + bit).is_none() {
                        present &= !(1 << bit);
                        run.ends[bit] = run.starts[bit];
                    }
                }
            } else if self.nulls.has_empty() {
                present &= !placed.empty | placed.quoted;
            }
            let mut doubled = match self.rows.quote {
                Some(quote) if QUOTED && self.rows.has_doubled && placed.quoted & all != 0 => {
                    runs::holding(self.rows.level, self.rows.bytes, &run, quote) & placed.quoted
                }
                _ => 0,
            };
            let mut from = 0;
            while doubled != 0 {
                let at = doubled.trailing_zeros() as usize;
                builder.push_parts(
                    text.text,
                    text.offset,
                    &run.starts[from..at],
                    &run.ends[from..at],
                );
                let part =
                    run.starts[at] as usize - text.offset..run.ends[at] as usize - text.offset;
                builder.push_joining(&text.text[part], self.rows.quote.unwrap_or(b'"'));
                from = at + 1;
                doubled &= doubled - 1;
            }
            builder.push_parts(
                text.text,
                text.offset,
                &run.starts[from..count],
                &run.ends[from..count],
            );
            presence.set(first, present, all);
        }
    }

    /// Calls `put` with each row of `range` and its field, `None` for null; sets the validity bits.
    ///
    /// Errors: the first row for which `put` says `false`.
    #[inline(always)]
    pub fn each<const QUOTED: bool>(
        &self,
        range: Range<usize>,
        presence: &mut Presence,
        mut put: impl FnMut(usize, Option<Field>) -> bool,
    ) -> Result<(), usize> {
        for first in range.clone().step_by(RUN_FIELDS) {
            let count = (range.end - first).min(RUN_FIELDS);
            let mut present = 0_u64;
            for bit in 0..count {
                let row = first + bit;
                let field = self.field::<QUOTED>(row);
                present |= u64::from(field.is_some()) << bit;
                if !put(row, field) {
                    return Err(row);
                }
            }
            presence.set(first, present, u64::MAX >> (RUN_FIELDS - count));
        }
        Ok(())
    }

    /// The field of a row; `None` for null.
    #[inline(always)]
    fn field<const QUOTED: bool>(&self, row: usize) -> Option<Field> {
        let raw = self.rows.field(row, self.column);
        let is_null = self.nulls.contains(&self.rows.bytes[raw.clone()]);
        match QUOTED {
            true => {
                let field = strip_quotes(self.rows, raw);
                (field.is_quoted || !is_null).then_some(field)
            }
            false => {
                let field = Field { start: raw.start, end: raw.end, is_quoted: false };
                (!is_null).then_some(field)
            }
        }
    }

    /// Places a run of fields; if `strips`, without the quotes around them.
    #[inline(always)]
    fn place_run(&self, first: usize, count: usize, run: &mut Run, strips: bool) -> Placed {
        debug_assert!(first.is_multiple_of(RUN_FIELDS));
        self.rows.run(self.column, first, count, run);
        let mut quoted = 0;
        if strips {
            let bytes = self.rows.bytes;
            let places = run.starts.iter_mut().zip(&mut run.ends).take(count);
            for (bit, (start, end)) in places.enumerate() {
                let is_quoted = *start < *end && Some(bytes[*start as usize]) == self.rows.quote;
                *start += u32::from(is_quoted);
                *end -= u32::from(is_quoted);
                quoted |= u64::from(is_quoted) << bit;
            }
        }
        let (last_start, last_end) = (run.starts[count - 1], run.ends[count - 1]);
        run.starts[count..].fill(last_start);
        run.ends[count..].fill(last_end);
        let places = || run.starts.iter().zip(&run.ends);
        let empty = match places().fold(false, |any, (start, end)| any | (start == end)) {
            false => 0,
            true => places()
                .enumerate()
                .fold(0, |bits, (bit, (start, end))| bits | u64::from(start == end) << bit),
        };
        Placed { empty, quoted }
    }
}
