//! Zone maps: what is known of each column chunk without reading it. Arrays in, a few bytes out.
//!
//! Ranges are kept in order-preserving form: whole numbers as they are, in 64 bits; floats as
//! binary64, with -0.0 below 0.0 and NaN only flagged; text as its first 16 bytes, zero padded.
//! That cut keeps order, so a reader that cuts the value it looks for in the same way never
//! misses a chunk.

use super::layout::Encoder;
use crate::column::{Array, ArrayData, Bitmap, DataType, Dictionary, Storage, Text};

/// At least one value is neither null nor NaN, so `min` and `max` mean something.
pub const FLAG_HAS_RANGE: u8 = 1;
/// `min` is a value of the chunk, not only a bound.
pub const FLAG_MIN_EXACT: u8 = 2;
/// `max` is a value of the chunk, not only a bound.
pub const FLAG_MAX_EXACT: u8 = 4;
/// The chunk holds a NaN.
pub const FLAG_HAS_NAN: u8 = 8;

/// Bytes of text that a bound keeps.
const TEXT_BOUND_BYTES: usize = 16;

/// What is known of one column in one row group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChunkStatistics {
    pub null_count: u64,
    pub flags: u8,
    /// The lowest value; types of fixed width use the first 8 bytes, decimals all.
    pub min: [u8; TEXT_BOUND_BYTES],
    /// The highest value, likewise.
    pub max: [u8; TEXT_BOUND_BYTES],
}

/// Reads the arrays that make a chunk and says what is in them.
///
/// Nulls: counted, and no part of the range.
/// Cost: one pass over the values.
pub fn of_chunk(pieces: &[Array]) -> ChunkStatistics {
    let mut statistics = ChunkStatistics {
        null_count: pieces.iter().map(|piece| piece.null_count() as u64).sum(),
        ..Default::default()
    };
    let mut whole = WholeRange::default();
    let mut decimals: Option<(i128, i128)> = None;
    let mut text = TextRange::default();
    let mut has_nan = false;
    for piece in pieces {
        let validity = piece.validity();
        match piece.data() {
            ArrayData::Bool(bits) => whole.add_bits(bits, validity),
            ArrayData::Int64(values) => whole.add(values, validity, Some),
            ArrayData::Int8(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::Int16(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::Int32(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::UInt8(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::UInt16(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::UInt32(values) => whole.add(values, validity, |value| Some(value.into())),
            ArrayData::UInt64(values) => {
                whole.add(values, validity, |value| Some(unsigned_key(value as i64)));
            }
            ArrayData::Float32(values) => whole.add(values, validity, |value| {
                has_nan |= value.is_nan();
                (!value.is_nan()).then(|| ordered_bits(f64::from(value).to_bits() as i64))
            }),
            ArrayData::Float64(values) => whole.add(values, validity, |value| {
                has_nan |= value.is_nan();
                (!value.is_nan()).then(|| ordered_bits(value.to_bits() as i64))
            }),
            ArrayData::Int128(values) => add_decimals(&mut decimals, values, validity),
            ArrayData::Utf8(values) => text.add(values, validity),
            ArrayData::Dictionary(codes) => text.add_coded(codes, validity),
            // Their elements and fields have statistics of their own.
            ArrayData::List(_) | ArrayData::Struct(_) => {}
        }
    }
    let storage = pieces.first().map(|piece| piece.data().storage());
    whole.finish(
        |key| match storage {
            Some(Storage::Float32 | Storage::Float64) => ordered_bits(key),
            Some(Storage::UInt64) => unsigned_key(key),
            _ => key,
        },
        &mut statistics,
    );
    text.finish(&mut statistics);
    if let Some((min, max)) = decimals {
        statistics.flags |= FLAG_HAS_RANGE | FLAG_MIN_EXACT | FLAG_MAX_EXACT;
        (statistics.min, statistics.max) = (min.to_le_bytes(), max.to_le_bytes());
    }
    statistics.flags |= if has_nan { FLAG_HAS_NAN } else { 0 };
    statistics
}

/// Appends one column's statistics, an array for each kind, so that pruning is a scan.
pub fn encode_column(dtype: &DataType, groups: &[ChunkStatistics], out: &mut Encoder) {
    let width = match dtype {
        DataType::Utf8 | DataType::Dictionary | DataType::Decimal { .. } => TEXT_BOUND_BYTES,
        _ => 8,
    };
    out.pad_to(crate::limits::BUFFER_ALIGN_BYTES);
    groups.iter().for_each(|group| {
        out.u64(group.null_count);
    });
    groups.iter().for_each(|group| {
        out.bytes(&[group.flags]);
    });
    out.pad_to(8);
    groups.iter().for_each(|group| {
        out.bytes(&group.min[..width]);
    });
    groups.iter().for_each(|group| {
        out.bytes(&group.max[..width]);
    });
}

/// Widens a range by the values that are present.
fn add_decimals(range: &mut Option<(i128, i128)>, values: &[i128], validity: Option<&Bitmap>) {
    let mut include = |value: i128| {
        let (min, max) = range.unwrap_or((value, value));
        *range = Some((min.min(value), max.max(value)));
    };
    match validity {
        None => values.iter().for_each(|value| include(*value)),
        Some(validity) => for_each_present(validity, |index| include(values[index])),
    }
}

/// The bits of a float as a number that orders as the floats do, NaN apart; its own inverse.
fn ordered_bits(bits: i64) -> i64 {
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// The bits of a uint64 as a number that orders as they do; its own inverse.
fn unsigned_key(bits: i64) -> i64 {
    bits ^ i64::MIN
}

/// The range of values of fixed width; empty while `min` is above `max`.
struct WholeRange {
    min: i64,
    max: i64,
}

impl Default for WholeRange {
    fn default() -> WholeRange {
        WholeRange { min: i64::MAX, max: i64::MIN }
    }
}

impl WholeRange {
    fn add<T: Copy>(
        &mut self,
        values: &[T],
        validity: Option<&Bitmap>,
        mut key: impl FnMut(T) -> Option<i64>,
    ) {
        let (mut min, mut max) = (self.min, self.max);
        let mut include = |value: T| {
            if let Some(key) = key(value) {
                (min, max) = (min.min(key), max.max(key));
            }
        };
        match validity {
            None => values.iter().for_each(|value| include(*value)),
            Some(validity) => for_each_present(validity, |index| include(values[index])),
        }
        (self.min, self.max) = (min, max);
    }

    fn add_bits(&mut self, bits: &Bitmap, validity: Option<&Bitmap>) {
        for word in 0..bits.word_count() {
            let inside = u64::MAX >> (64 - (bits.len() - word * 64).min(64));
            let present = validity.map_or(inside, |validity| validity.word(word));
            let values = bits.word(word);
            if present & values != 0 {
                (self.min, self.max) = (self.min.min(1), self.max.max(1));
            }
            if present & !values != 0 {
                (self.min, self.max) = (self.min.min(0), self.max.max(0));
            }
        }
    }

    fn finish(&self, bits: impl Fn(i64) -> i64, statistics: &mut ChunkStatistics) {
        if self.min > self.max {
            return;
        }
        statistics.flags |= FLAG_HAS_RANGE | FLAG_MIN_EXACT | FLAG_MAX_EXACT;
        statistics.min[..8].copy_from_slice(&bits(self.min).to_le_bytes());
        statistics.max[..8].copy_from_slice(&bits(self.max).to_le_bytes());
    }
}

/// The range of text, compared by bytes.
#[derive(Default)]
struct TextRange<'a> {
    range: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> TextRange<'a> {
    fn add(&mut self, text: &'a Text, validity: Option<&Bitmap>) {
        let mut include = |index: usize| self.include(text.get_bytes(index));
        match validity {
            None => (0..text.len()).for_each(include),
            Some(validity) => for_each_present(validity, &mut include),
        }
    }

    /// The values that rows have: each is looked at once.
    fn add_coded(&mut self, dictionary: &'a Dictionary, validity: Option<&Bitmap>) {
        let mut is_used = vec![false; dictionary.values().len()];
        let mut include = |index: usize| is_used[dictionary.codes()[index] as usize] = true;
        match validity {
            None => (0..dictionary.len()).for_each(include),
            Some(validity) => for_each_present(validity, &mut include),
        }
        for (value, _) in is_used.iter().enumerate().filter(|(_, is_used)| **is_used) {
            self.include(dictionary.values().get_bytes(value));
        }
    }

    fn include(&mut self, value: &'a [u8]) {
        let (min, max) = self.range.get_or_insert((value, value));
        if value < *min {
            *min = value;
        } else if value > *max {
            *max = value;
        }
    }

    fn finish(&self, statistics: &mut ChunkStatistics) {
        let Some((min, max)) = self.range else { return };
        let is_exact = |value: &[u8]| value.len() <= TEXT_BOUND_BYTES && value.last() != Some(&0);
        statistics.flags |= FLAG_HAS_RANGE;
        statistics.flags |= if is_exact(min) { FLAG_MIN_EXACT } else { 0 };
        statistics.flags |= if is_exact(max) { FLAG_MAX_EXACT } else { 0 };
        statistics.min = cut(min);
        statistics.max = cut(max);
    }
}

fn cut(value: &[u8]) -> [u8; TEXT_BOUND_BYTES] {
    let mut bound = [0; TEXT_BOUND_BYTES];
    let len = value.len().min(TEXT_BOUND_BYTES);
    bound[..len].copy_from_slice(&value[..len]);
    bound
}

fn for_each_present(validity: &Bitmap, mut visit: impl FnMut(usize)) {
    for word in 0..validity.word_count() {
        let mut bits = validity.word(word);
        while bits != 0 {
            visit(word * 64 + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, Scalar};

    const EXACT: u8 = FLAG_HAS_RANGE | FLAG_MIN_EXACT | FLAG_MAX_EXACT;

    fn array(dtype: DataType, values: &[Scalar]) -> Array {
        let mut builder = ArrayBuilder::new(dtype, values.len());
        values.iter().for_each(|value| builder.push(value).expect("fits"));
        builder.finish()
    }

    fn check(
        pieces: &[Array],
        null_count: u64,
        flags: u8,
        min: impl AsRef<[u8]>,
        max: impl AsRef<[u8]>,
    ) {
        let expected =
            ChunkStatistics { null_count, flags, min: cut(min.as_ref()), max: cut(max.as_ref()) };
        assert_eq!(of_chunk(pieces), expected);
    }

    #[test]
    fn whole_numbers_and_dates_have_their_range_over_all_pieces() {
        use Scalar::{Date, Int64, Null};
        let first = array(DataType::Int64, &[Int64(5), Null, Int64(i64::MIN)]);
        let second = array(DataType::Int64, &[Int64(7), Int64(6)]);
        check(&[first, second], 1, EXACT, i64::MIN.to_le_bytes(), 7_i64.to_le_bytes());
        let days = array(DataType::Date, &[Date(-1), Null, Date(2)]);
        check(&[days], 1, EXACT, (-1_i64).to_le_bytes(), 2_i64.to_le_bytes());
        check(&[array(DataType::Int64, &[Null, Null])], 2, 0, [], []);
        check(&[], 0, 0, [], []);
    }

    #[test]
    fn floats_order_zeros_by_sign_and_flag_nan() {
        use Scalar::{Float64, Null};
        let zeros = array(DataType::Float64, &[Float64(0.0), Float64(-0.0)]);
        check(&[zeros], 0, EXACT, (-0.0_f64).to_le_bytes(), 0.0_f64.to_le_bytes());
        let values = [Float64(f64::NAN), Float64(-1.5), Float64(f64::INFINITY), Null];
        let flags = EXACT | FLAG_HAS_NAN;
        let (min, max) = ((-1.5_f64).to_le_bytes(), f64::INFINITY.to_le_bytes());
        check(&[array(DataType::Float64, &values)], 1, flags, min, max);
        check(&[array(DataType::Float64, &[Float64(-f64::NAN)])], 0, FLAG_HAS_NAN, [], []);
    }

    #[test]
    fn bools_have_a_range_of_zero_and_one() {
        use Scalar::{Bool, Null};
        check(&[array(DataType::Bool, &[Bool(true), Null])], 1, EXACT, [1], [1]);
        check(&[array(DataType::Bool, &[Bool(true), Bool(false)])], 0, EXACT, [0], [1]);
        check(&[array(DataType::Bool, &vec![Bool(false); 65])], 0, EXACT, [0], [0]);
    }

    #[test]
    fn text_is_cut_at_16_bytes_and_says_so() {
        let text = |values: &[&str]| {
            let values: Vec<_> =
                values.iter().map(|value| Scalar::Utf8((*value).to_owned())).collect();
            array(DataType::Utf8, &values)
        };
        check(&[text(&["b", "a", "c"])], 0, EXACT, "a", "c");
        check(&[text(&["", "exactly 16 bytes"])], 0, EXACT, "", "exactly 16 bytes");
        let long = FLAG_HAS_RANGE | FLAG_MIN_EXACT;
        check(&[text(&["a", "seventeen  bytes!"])], 0, long, "a", "seventeen  bytes");
        // A value that ends in a zero byte looks like a shorter one, so it is no exact bound.
        check(&[text(&["z\0", "a"])], 0, long, "a", "z\0");
    }
}
