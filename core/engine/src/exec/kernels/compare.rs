//! Comparisons: `= <> < <= > >=` in the one total order of each type.
//!
//! NaN equals NaN and is after all numbers; -0.0 equals 0.0; int64 against float64 is exact; text
//! is compared by bytes; false is before true. The order is total, so `>` is `not <=`, and three
//! loops serve the six functions.

use std::cmp::Ordering;
use std::marker::PhantomData;

use super::cpu::{self, Work};
use super::{Datum, Operand};
use crate::bytes::scan::Level;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::{Array, ArrayData, DataType, MutableBuffer, Scalar};
use crate::plan::functions::CompareFunction as Function;

/// `left function right`; operands of one type, or int64 against float64.
///
/// Nulls: a null operand gives null.
pub fn compare(function: Function, left: &Datum, right: &Datum, len: usize, level: Level) -> Datum {
    if left.is_null_value() || right.is_null_value() {
        return Datum::Value(Scalar::Null);
    }
    let (relation, negate) = match function {
        Function::Eq => (Relation::Equal, false),
        Function::Ne => (Relation::Equal, true),
        Function::Lt => (Relation::Less, false),
        Function::Ge => (Relation::Less, true),
        Function::Le => (Relation::LessOrEqual, false),
        Function::Gt => (Relation::LessOrEqual, true),
        _ => panic!("{} is not a comparison", function.name()),
    };
    let words = match (left.dtype(), right.dtype()) {
        (Some(DataType::Float64), Some(DataType::Int64)) => {
            // Turned round: `a < b` is `not (b <= a)`.
            let (relation, turned) = match relation {
                Relation::Equal => (Relation::Equal, false),
                Relation::Less => (Relation::LessOrEqual, true),
                Relation::LessOrEqual => (Relation::Less, true),
            };
            let words = mixed(relation, right.values(), left.values(), len, level);
            return finish(words, negate != turned, left, right, len);
        }
        (Some(DataType::Int64), Some(DataType::Float64)) => {
            mixed(relation, left.values(), right.values(), len, level)
        }
        (Some(dtype), _) => same(relation, &dtype, left, right, len, level),
        (None, _) => panic!("a null operand has no type to compare"),
    };
    finish(words, negate, left, right, len)
}

/// The total order of floats: NaN equals NaN and is largest, -0.0 equals 0.0.
#[inline(always)]
pub fn float_order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The exact order of an int64 and a float64.
#[inline(always)]
pub fn mixed_order(a: i64, b: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() || b >= TWO_TO_63 {
        return Ordering::Less;
    }
    if b < -TWO_TO_63 {
        return Ordering::Greater;
    }
    // The whole part is exact in int64 here, and so is the difference to it.
    let whole = b.trunc();
    a.cmp(&(whole as i64)).then(if b > whole {
        Ordering::Less
    } else if b < whole {
        Ordering::Greater
    } else {
        Ordering::Equal
    })
}

#[derive(Clone, Copy)]
enum Relation {
    Equal,
    Less,
    LessOrEqual,
}

trait Holds<A, B> {
    fn holds(a: A, b: B) -> bool;
}

struct Equal;
struct Less;
struct LessOrEqual;

macro_rules! integers {
    ($($kind:ty),+) => { $(
        impl Holds<$kind, $kind> for Equal {
            #[inline(always)]
            fn holds(a: $kind, b: $kind) -> bool { a == b }
        }
        impl Holds<$kind, $kind> for Less {
            #[inline(always)]
            fn holds(a: $kind, b: $kind) -> bool { a < b }
        }
        impl Holds<$kind, $kind> for LessOrEqual {
            #[inline(always)]
            fn holds(a: $kind, b: $kind) -> bool { a <= b }
        }
    )+ };
}
integers!(i64, i32);

impl Holds<f64, f64> for Equal {
    #[inline(always)]
    fn holds(a: f64, b: f64) -> bool {
        (a == b) | (a.is_nan() & b.is_nan())
    }
}

impl Holds<f64, f64> for Less {
    #[inline(always)]
    fn holds(a: f64, b: f64) -> bool {
        (a < b) | (!a.is_nan() & b.is_nan())
    }
}

impl Holds<f64, f64> for LessOrEqual {
    #[inline(always)]
    fn holds(a: f64, b: f64) -> bool {
        (a <= b) | b.is_nan()
    }
}

impl Holds<i64, f64> for Equal {
    #[inline(always)]
    fn holds(a: i64, b: f64) -> bool {
        mixed_order(a, b).is_eq()
    }
}

impl Holds<i64, f64> for Less {
    #[inline(always)]
    fn holds(a: i64, b: f64) -> bool {
        mixed_order(a, b).is_lt()
    }
}

impl Holds<i64, f64> for LessOrEqual {
    #[inline(always)]
    fn holds(a: i64, b: f64) -> bool {
        mixed_order(a, b).is_le()
    }
}

struct Compare<'a, A, B, Op> {
    left: Operand<'a, A>,
    right: Operand<'a, B>,
    out: &'a mut [u64],
    len: usize,
    op: PhantomData<Op>,
}

impl<A: Copy, B: Copy, Op: Holds<A, B>> Work for Compare<'_, A, B, Op> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut bytes = [0_u8; 64];
        for (word, out) in self.out.iter_mut().enumerate() {
            let start = word * 64;
            let bytes = &mut bytes[..64.min(self.len - start)];
            let range = start..start + bytes.len();
            match (self.left, self.right) {
                (Operand::Values(left), Operand::Values(right)) => {
                    let (left, right) = (&left[range.clone()], &right[range]);
                    for ((byte, a), b) in bytes.iter_mut().zip(left).zip(right) {
                        *byte = u8::from(Op::holds(*a, *b));
                    }
                }
                (Operand::Values(left), Operand::Value(b)) => {
                    for (byte, a) in bytes.iter_mut().zip(&left[range]) {
                        *byte = u8::from(Op::holds(*a, b));
                    }
                }
                (Operand::Value(a), Operand::Values(right)) => {
                    for (byte, b) in bytes.iter_mut().zip(&right[range]) {
                        *byte = u8::from(Op::holds(a, *b));
                    }
                }
                (Operand::Value(a), Operand::Value(b)) => {
                    bytes.fill(u8::from(Op::holds(a, b)));
                }
            }
            *out = pack(bytes);
        }
    }
}

/// Up to 64 bytes of 0 or 1 as bits: eight bytes at a time by one multiplication, which moves byte
/// `j`'s lowest bit to bit `56 + j`.
#[inline(always)]
fn pack(bytes: &[u8]) -> u64 {
    let mut word = 0;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let bits = u64::from_le_bytes(*chunk).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= bits << (index * 8);
    }
    for (index, byte) in rest.iter().enumerate() {
        word |= u64::from(*byte) << (chunks.len() * 8 + index);
    }
    word
}

fn loop_of<A: Copy, B: Copy>(
    relation: Relation,
    left: Operand<'_, A>,
    right: Operand<'_, B>,
    len: usize,
    level: Level,
) -> MutableBuffer
where
    Equal: Holds<A, B>,
    Less: Holds<A, B>,
    LessOrEqual: Holds<A, B>,
{
    let mut buffer = MutableBuffer::zeroed::<u64>(len.div_ceil(64));
    let out = buffer.as_mut_slice();
    match relation {
        Relation::Equal => {
            cpu::run(level, Compare { left, right, out, len, op: PhantomData::<Equal> });
        }
        Relation::Less => {
            cpu::run(level, Compare { left, right, out, len, op: PhantomData::<Less> });
        }
        Relation::LessOrEqual => {
            cpu::run(level, Compare { left, right, out, len, op: PhantomData::<LessOrEqual> });
        }
    }
    buffer
}

fn mixed(
    relation: Relation,
    left: Operand<'_, i64>,
    right: Operand<'_, f64>,
    len: usize,
    level: Level,
) -> MutableBuffer {
    loop_of(relation, left, right, len, level)
}

fn same(
    relation: Relation,
    dtype: &DataType,
    left: &Datum,
    right: &Datum,
    len: usize,
    level: Level,
) -> MutableBuffer {
    match dtype {
        DataType::Int64 | DataType::Timestamp => {
            loop_of::<i64, i64>(relation, left.values(), right.values(), len, level)
        }
        DataType::Float64 => {
            loop_of::<f64, f64>(relation, left.values(), right.values(), len, level)
        }
        DataType::Date => loop_of::<i32, i32>(relation, left.values(), right.values(), len, level),
        DataType::Bool => words(len, |word| {
            let (a, b) = (left.bool_word(word), right.bool_word(word));
            match relation {
                Relation::Equal => !(a ^ b),
                Relation::Less => !a & b,
                Relation::LessOrEqual => !a | b,
            }
        }),
        DataType::Utf8 => words(len, |word| {
            let start = word * 64;
            let mut bits = 0;
            for row in start..len.min(start + 64) {
                let (a, b) = (left.text(row).as_bytes(), right.text(row).as_bytes());
                let holds = match relation {
                    Relation::Equal => a == b,
                    Relation::Less => a < b,
                    Relation::LessOrEqual => a <= b,
                };
                bits |= u64::from(holds) << (row - start);
            }
            bits
        }),
    }
}

fn words(len: usize, mut word: impl FnMut(usize) -> u64) -> MutableBuffer {
    let mut buffer = MutableBuffer::zeroed::<u64>(len.div_ceil(64));
    for (index, out) in buffer.as_mut_slice::<u64>().iter_mut().enumerate() {
        *out = word(index);
    }
    buffer
}

fn finish(
    mut words: MutableBuffer,
    negate: bool,
    left: &Datum,
    right: &Datum,
    len: usize,
) -> Datum {
    for word in words.as_mut_slice::<u64>() {
        *word = if negate { !*word } else { *word }.to_le();
    }
    let bits = Bitmap::new(words.freeze(), len);
    let validity = intersect(left.validity(), right.validity());
    Datum::Array(Array::new(ArrayData::Bool(bits), validity))
}
