//! The fields of one column, row after row: null or not, quoted or not.

use std::ops::Range;

use super::index::Rows;
use crate::column::TextBuilder;

/// The unquoted fields that mean null.
#[derive(Clone, Debug)]
pub(super) struct NullValues {
    values: Vec<Vec<u8>>,
    /// Bit n: one of the values is n bytes long; bit 63: or longer.
    lengths: u64,
}

impl NullValues {
    pub fn new(values: &[String]) -> NullValues {
        let values: Vec<Vec<u8>> = values.iter().map(|value| value.clone().into_bytes()).collect();
        let lengths = values.iter().fold(0, |bits, value| bits | 1 << value.len().min(63));
        NullValues { values, lengths }
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

/// Appends a field's text, doubled quotes joined.
#[inline(always)]
pub(super) fn push_text(
    builder: &mut TextBuilder,
    quote: Option<u8>,
    text: RowsText,
    field: Field,
) {
    let range = field.start - text.offset..field.end - text.offset;
    match quote {
        Some(quote) if field.is_quoted => {
            let value = &text.text[range.clone()];
            match value.as_bytes().contains(&quote) {
                true => push_unescaped(builder, char::from(quote), value),
                false => builder.push_part(text.text, range),
            }
        }
        _ => builder.push_part(text.text, range),
    }
}

/// Joins doubled quotes.
fn push_unescaped(builder: &mut TextBuilder, quote: char, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find(quote) {
        builder.extend(&rest[..at + 1]);
        // The structure is checked: within a quoted field, quotes come in twos.
        rest = rest.get(at + 2..).unwrap_or("");
    }
    builder.extend(rest);
    builder.end_value();
}

/// What `Fields::each` tells of nulls.
pub(super) struct Presence<'a> {
    /// One bit a row.
    pub validity: &'a mut [u64],
    pub has_nulls: &'a mut bool,
}

/// The fields of one column.
pub(super) struct Fields<'a> {
    pub rows: &'a Rows<'a>,
    pub column: usize,
    pub nulls: &'a NullValues,
}

impl Fields<'_> {
    /// Writes a value for each row of `range`; a null writes the type's zero.
    #[inline(always)]
    pub fn fill<const QUOTED: bool, T: Copy + Default>(
        &self,
        range: Range<usize>,
        presence: &mut Presence,
        values: &mut [T],
        mut parse: impl FnMut(Field) -> Option<T>,
    ) -> Result<(), usize> {
        self.each::<QUOTED>(range, presence, |row, field| {
            let value = match field {
                None => T::default(),
                Some(field) => match parse(field) {
                    Some(value) => value,
                    None => return false,
                },
            };
            values[row] = value;
            true
        })
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
        debug_assert!(range.start.is_multiple_of(64));
        let mut first = range.start;
        while first < range.end {
            let count = (range.end - first).min(64);
            let mut present = 0_u64;
            for bit in 0..count {
                let row = first + bit;
                let raw = self.rows.field(row, self.column);
                let mut is_null = self.nulls.contains(&self.rows.bytes[raw.clone()]);
                let mut field = Field { start: raw.start, end: raw.end, is_quoted: false };
                if QUOTED {
                    field = strip_quotes(self.rows, raw);
                    is_null &= !field.is_quoted;
                }
                if !put(row, (!is_null).then_some(field)) {
                    return Err(row);
                }
                present |= u64::from(!is_null) << bit;
            }
            presence.validity[first / 64] = present;
            *presence.has_nulls |= present.count_ones() as usize != count;
            first += count;
        }
        Ok(())
    }
}
