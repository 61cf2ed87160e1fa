//! Comparisons: `= <> < <= > >=` in the one total order of each type.
//!
//! NaN equals NaN and is after all numbers; -0.0 equals 0.0; numbers of different types compare
//! exactly; text is compared by bytes; false is before true. The order is total, so `>` is
//! `not <=`, and three loops serve the six functions.

use std::cmp::Ordering;
use std::marker::PhantomData;

use super::cpu::{self, Work};
use super::{Datum, Operand, cast, decimal};
use crate::bytes::scan::Level;
use crate::bytes::tick::TimeUnit;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::{Array, ArrayData, MutableBuffer, Scalar, Storage};
use crate::plan::functions::CompareFunction as Function;

/// `left function right`; operands of one type, or numbers of two.
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
    let (Some(left_type), Some(right_type)) = (left.dtype(), right.dtype()) else {
        panic!("a null operand has no type to compare")
    };
    if left_type == right_type {
        let words = same(relation, left_type.storage(), left, right, len, level);
        return finish(words, negate, left, right, len);
    }
    if let (Some((a, _)), Some((b, _))) = (left_type.moment(), right_type.moment()) {
        let words = match a == b {
            true => same(relation, left_type.storage(), left, right, len, level),
            false => by_order(relation, tick_order((left, a), (right, b)), len),
        };
        return finish(words, negate, left, right, len);
    }
    let (a, b) = (cast::widened_datum(left), cast::widened_datum(right));
    if left_type.is_decimal() || right_type.is_decimal() {
        let words = by_order(relation, decimal::pair_order(&a, &b), len);
        return finish(words, negate, left, right, len);
    }
    // Turned round: `a < b` is `not (b <= a)`.
    let (turned, turns) = match relation {
        Relation::Equal => (Relation::Equal, false),
        Relation::Less => (Relation::LessOrEqual, true),
        Relation::LessOrEqual => (Relation::Less, true),
    };
    let pair = (a.dtype().map(|dtype| dtype.storage()), b.dtype().map(|dtype| dtype.storage()));
    let (words, is_turned) = match pair {
        (Some(one), Some(other)) if one == other => {
            (same(relation, one, &a, &b, len, level), false)
        }
        (Some(Storage::Int64), Some(Storage::Float64)) => {
            (loop_of::<i64, f64>(relation, a.values(), b.values(), len, level), false)
        }
        (Some(Storage::UInt64), Some(Storage::Float64)) => {
            (loop_of::<u64, f64>(relation, a.values(), b.values(), len, level), false)
        }
        (Some(Storage::UInt64), Some(Storage::Int64)) => {
            (loop_of::<u64, i64>(relation, a.values(), b.values(), len, level), false)
        }
        (Some(Storage::Float64), Some(Storage::Int64)) => {
            (loop_of::<i64, f64>(turned, b.values(), a.values(), len, level), turns)
        }
        (Some(Storage::Float64), Some(Storage::UInt64)) => {
            (loop_of::<u64, f64>(turned, b.values(), a.values(), len, level), turns)
        }
        (Some(Storage::Int64), Some(Storage::UInt64)) => {
            (loop_of::<u64, i64>(turned, b.values(), a.values(), len, level), turns)
        }
        _ => panic!("{left_type} is not compared with {right_type}"),
    };
    finish(words, negate != is_turned, left, right, len)
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

/// The exact order of a uint64 and a float64.
#[inline(always)]
pub fn unsigned_order(a: u64, b: f64) -> Ordering {
    const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
    if b.is_nan() || b >= TWO_TO_64 {
        return Ordering::Less;
    }
    if b < 0.0 {
        return Ordering::Greater;
    }
    let whole = b.trunc();
    a.cmp(&(whole as u64)).then(if b > whole { Ordering::Less } else { Ordering::Equal })
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
integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

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

impl Holds<f32, f32> for Equal {
    #[inline(always)]
    fn holds(a: f32, b: f32) -> bool {
        (a == b) | (a.is_nan() & b.is_nan())
    }
}

impl Holds<f32, f32> for Less {
    #[inline(always)]
    fn holds(a: f32, b: f32) -> bool {
        (a < b) | (!a.is_nan() & b.is_nan())
    }
}

impl Holds<f32, f32> for LessOrEqual {
    #[inline(always)]
    fn holds(a: f32, b: f32) -> bool {
        (a <= b) | b.is_nan()
    }
}

impl Holds<u64, i64> for Equal {
    #[inline(always)]
    fn holds(a: u64, b: i64) -> bool {
        (b >= 0) & (a == b as u64)
    }
}

impl Holds<u64, i64> for Less {
    #[inline(always)]
    fn holds(a: u64, b: i64) -> bool {
        (b >= 0) & (a < b as u64)
    }
}

impl Holds<u64, i64> for LessOrEqual {
    #[inline(always)]
    fn holds(a: u64, b: i64) -> bool {
        (b >= 0) & (a <= b as u64)
    }
}

impl Holds<u64, f64> for Equal {
    #[inline(always)]
    fn holds(a: u64, b: f64) -> bool {
        unsigned_order(a, b).is_eq()
    }
}

impl Holds<u64, f64> for Less {
    #[inline(always)]
    fn holds(a: u64, b: f64) -> bool {
        unsigned_order(a, b).is_lt()
    }
}

impl Holds<u64, f64> for LessOrEqual {
    #[inline(always)]
    fn holds(a: u64, b: f64) -> bool {
        unsigned_order(a, b).is_le()
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
pub fn pack(bytes: &[u8]) -> u64 {
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

/// Operands of one storage.
fn same(
    relation: Relation,
    storage: Storage,
    left: &Datum,
    right: &Datum,
    len: usize,
    level: Level,
) -> MutableBuffer {
    macro_rules! numbers {
        ($kind:ty) => {
            loop_of::<$kind, $kind>(relation, left.values(), right.values(), len, level)
        };
    }
    match storage {
        Storage::Int8 => numbers!(i8),
        Storage::Int16 => numbers!(i16),
        Storage::Int32 => numbers!(i32),
        Storage::Int64 => numbers!(i64),
        Storage::Int128 => numbers!(i128),
        Storage::UInt8 => numbers!(u8),
        Storage::UInt16 => numbers!(u16),
        Storage::UInt32 => numbers!(u32),
        Storage::UInt64 => numbers!(u64),
        Storage::Float32 => numbers!(f32),
        Storage::Float64 => numbers!(f64),
        Storage::Bool => words(len, |word| {
            let (a, b) = (left.bool_word(word), right.bool_word(word));
            match relation {
                Relation::Equal => !(a ^ b),
                Relation::Less => !a & b,
                Relation::LessOrEqual => !a | b,
            }
        }),
        Storage::Dictionary => panic!("binding compares dictionaries as utf8"),
        Storage::Utf8 => words(len, |word| {
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
        Storage::List | Storage::Struct => panic!("lists and structs became text"),
    }
}

/// The exact order of moments of two units in each row.
fn tick_order<'a>(
    (left, left_unit): (&'a Datum, TimeUnit),
    (right, right_unit): (&'a Datum, TimeUnit),
) -> impl Fn(usize) -> Ordering + 'a {
    let (a, b) = (left.values::<i64>(), right.values::<i64>());
    let finest = |ticks: i64, unit: TimeUnit| {
        i128::from(ticks) * i128::from(TimeUnit::Nanosecond.per_second() / unit.per_second())
    };
    move |row| finest(a.get(row), left_unit).cmp(&finest(b.get(row), right_unit))
}

/// A relation by the order of the operands of each row.
fn by_order(relation: Relation, order: impl Fn(usize) -> Ordering, len: usize) -> MutableBuffer {
    let holds = |row| match (relation, order(row)) {
        (_, Ordering::Greater) | (Relation::Equal, Ordering::Less) => false,
        (Relation::Less, order) => order.is_lt(),
        (Relation::Equal | Relation::LessOrEqual, _) => true,
    };
    words(len, |word| {
        let start = word * 64;
        let rows = start..len.min(start + 64);
        rows.fold(0, |bits, row| bits | u64::from(holds(row)) << (row - start))
    })
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
