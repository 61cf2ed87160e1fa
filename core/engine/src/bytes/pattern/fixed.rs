//! Patterns whose every text has the same length and its digits in the same places: those are read
//! many at a time, by `runs`.

use super::{Field, Pattern, Piece};

/// Longest text, in bytes.
pub const FIXED_BYTES_MAX: usize = 32;

/// Digits of year, month, day, hour, minute and second, in this order.
pub const FIXED_DIGITS: usize = 14;

/// Where a text of a pattern has its digits, and what stands between them.
///
/// Places count in a window of `FIXED_BYTES_MAX` bytes that ends where the text ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Length of the text in bytes.
    pub len: u32,
    /// The place of each digit; `None` for those of a time that is not said, which are 0.
    pub digits: [Option<u8>; FIXED_DIGITS],
    /// What stands at each place, where `is_mark` says so.
    pub marks: [u8; FIXED_BYTES_MAX],
    /// Bit `i`: the pattern has a literal at place `i`.
    pub is_mark: u32,
}

impl Pattern {
    /// The places, where the pattern is year, month and day in digits and perhaps a time of day to
    /// the minute or the second, all padded, and literals.
    pub fn fixed(&self) -> Option<Fixed> {
        let widths = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(bytes) => Some(bytes.len()),
            Piece::Value { field, is_bare: false } => place_of(*field).map(|(_, width)| width),
            Piece::Value { is_bare: true, .. } => None,
        });
        let len = widths.sum::<Option<usize>>().filter(|len| *len <= FIXED_BYTES_MAX)?;
        let mut fixed = Fixed {
            len: len as u32,
            digits: [None; FIXED_DIGITS],
            marks: [0; FIXED_BYTES_MAX],
            is_mark: 0,
        };
        let mut at = FIXED_BYTES_MAX - len;
        for piece in &self.pieces {
            match piece {
                Piece::Literal(bytes) => {
                    for byte in bytes {
                        fixed.marks[at] = *byte;
                        fixed.is_mark |= 1 << at;
                        at += 1;
                    }
                }
                Piece::Value { field, .. } => {
                    let (first, width) = place_of(*field)?;
                    for digit in &mut fixed.digits[first..first + width] {
                        *digit = Some(at as u8);
                        at += 1;
                    }
                }
            }
        }
        fixed.digits[..8].iter().all(Option::is_some).then_some(fixed)
    }
}

/// The first digit of a field, and how many it has.
fn place_of(field: Field) -> Option<(usize, usize)> {
    match field {
        Field::Year => Some((0, 4)),
        Field::Month => Some((4, 2)),
        Field::Day => Some((6, 2)),
        Field::Hour => Some((8, 2)),
        Field::Minute => Some((10, 2)),
        Field::Second => Some((12, 2)),
        _ => None,
    }
}
