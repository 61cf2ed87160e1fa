//! Kernels: pure functions over arrays of one length.
//!
//! A kernel never looks below a null: a value there raises no error. Loops over numbers are
//! [`cpu::Work`], so that they run with the instructions of the CPU at hand.

pub mod arithmetic;
pub mod cast;
pub mod compare;
pub mod cpu;
pub mod dates;
pub mod decimal;
pub mod hash;
pub mod logic;
pub mod math;
mod moments;
pub mod nested;
pub mod order;
pub mod reduce;
mod results;
mod sums;
pub mod take;
pub mod text;
mod whole;
mod wide;

#[cfg(test)]
mod twins;

use std::marker::PhantomData;

use self::cpu::Work;
use crate::column::buffer::Native;
use crate::column::{
    Array, ArrayBuilder, ArrayData, Bitmap, DataType, MutableBuffer, Scalar, Stored, Values,
};

/// What an expression gives for the rows of a batch: a value for each, or one for all.
#[derive(Clone, Debug)]
pub enum Datum {
    /// One value a row.
    Array(Array),
    /// The same value, or null, in every row.
    Value(Scalar),
}

impl Datum {
    /// An array of `len` rows of a type, which must be the datum's own.
    pub fn into_array(self, dtype: &DataType, len: usize) -> Array {
        match self {
            Datum::Array(array) => array,
            Datum::Value(value) => repeat(&value, dtype, len),
        }
    }

    /// Whether it is null in every row.
    pub fn is_null_value(&self) -> bool {
        matches!(self, Datum::Value(Scalar::Null))
    }

    /// Which rows have a value; `None` when all have.
    pub fn validity(&self) -> Option<&Bitmap> {
        match self {
            Datum::Array(array) => array.validity(),
            Datum::Value(_) => None,
        }
    }

    fn data(&self) -> Option<&ArrayData> {
        match self {
            Datum::Array(array) => Some(array.data()),
            Datum::Value(_) => None,
        }
    }

    /// The values of fixed width. Panics for another storage.
    pub fn values<T: Stored>(&self) -> Operand<'_, T> {
        let values = match self {
            Datum::Array(array) => T::unwrap(array.data()).map(|values| Operand::Values(values)),
            Datum::Value(value) => T::of_scalar(value).map(Operand::Value),
        };
        match values {
            Some(values) => values,
            None => panic!("operands of another storage: {self:?}"),
        }
    }

    /// The text of a row. Panics for another type.
    #[inline]
    pub fn text(&self, row: usize) -> &str {
        match (self.data(), self) {
            (Some(ArrayData::Utf8(text)), _) => text.get(row),
            (_, Datum::Value(Scalar::Utf8(value))) => value,
            _ => panic!("expected utf8, found {self:?}"),
        }
    }

    /// 64 bits of a bool operand. Panics for another type.
    #[inline]
    pub fn bool_word(&self, word: usize) -> u64 {
        match (self.data(), self) {
            (Some(ArrayData::Bool(bits)), _) => bits.word(word),
            (_, Datum::Value(Scalar::Bool(value))) => {
                if *value {
                    u64::MAX
                } else {
                    0
                }
            }
            _ => panic!("expected bool, found {self:?}"),
        }
    }

    /// 64 bits of validity.
    #[inline]
    pub fn valid_word(&self, word: usize) -> u64 {
        match self {
            Datum::Array(array) => array.validity().map_or(u64::MAX, |bits| bits.word(word)),
            Datum::Value(value) => {
                if value.is_null() {
                    0
                } else {
                    u64::MAX
                }
            }
        }
    }

    /// The type; `None` for a null value.
    pub fn dtype(&self) -> Option<DataType> {
        match self {
            Datum::Array(array) => Some(array.dtype().clone()),
            Datum::Value(value) => value.dtype(),
        }
    }
}

/// `len` rows of one value of a type.
pub fn repeat(value: &Scalar, dtype: &DataType, len: usize) -> Array {
    let data = match value {
        Scalar::Null => return Array::nulls(dtype.clone(), len),
        Scalar::Bool(bit) => ArrayData::Bool(Bitmap::repeat(*bit, len)),
        Scalar::Int64(number) | Scalar::Timestamp(number) | Scalar::Ticks(number, _) => {
            filled(*number, len).into()
        }
        Scalar::Float64(number) => filled(*number, len).into(),
        Scalar::Date(days) => filled(*days, len).into(),
        Scalar::Int8(number) => filled(*number, len).into(),
        Scalar::Int16(number) => filled(*number, len).into(),
        Scalar::Int32(number) => filled(*number, len).into(),
        Scalar::UInt8(number) => filled(*number, len).into(),
        Scalar::UInt16(number) => filled(*number, len).into(),
        Scalar::UInt32(number) => filled(*number, len).into(),
        Scalar::UInt64(number) => filled(*number, len).into(),
        Scalar::Float32(number) => filled(*number, len).into(),
        Scalar::Decimal { value, .. } => filled(*value, len).into(),
        Scalar::Utf8(text) => {
            let mut builder = ArrayBuilder::new(dtype.clone(), len);
            for _ in 0..len {
                // Batches are small; a literal long enough to pass the limit is cut by the
                // document's own limit long before.
                builder.push_text(text).unwrap_or_else(|error| panic!("{error}"));
            }
            return builder.finish();
        }
        Scalar::Nested(one) => {
            // Batches are small, and so is what one document holds.
            return take::take(one, &vec![0; len]).unwrap_or_else(|error| panic!("{error}"));
        }
    };
    Array::typed(dtype.clone(), data, None)
}

fn filled<T: Native>(value: T, len: usize) -> Values<T> {
    let mut buffer = MutableBuffer::zeroed::<T>(len);
    buffer.as_mut_slice::<T>().fill(value);
    Values::new(buffer.freeze())
}

/// One operand of a loop.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a, T> {
    /// One value a row.
    Values(&'a [T]),
    /// The same value in every row.
    Value(T),
}

impl<T: Copy> Operand<'_, T> {
    /// The value of a row.
    #[inline(always)]
    pub fn get(&self, row: usize) -> T {
        match self {
            Operand::Values(values) => values[row],
            Operand::Value(value) => *value,
        }
    }
}

/// A function of one value. The sign bit of the second part says that the value does not fit:
/// flags of a batch are or-ed, so that the loop has no branch, and looked at once.
pub trait Unary<A, R> {
    /// The result and the flag.
    fn apply(a: A) -> (R, i64);
}

/// A function of two values; flags as in [`Unary`].
pub trait Binary<A, B, R> {
    /// The result and the flag.
    fn apply(a: A, b: B) -> (R, i64);
}

/// `out[i] = Op(input[i])`; gives the or-ed flags.
pub struct Map1<'a, A, R, Op> {
    /// Operand, as long as `out`.
    pub input: &'a [A],
    /// Results.
    pub out: &'a mut [R],
    /// The function.
    pub op: PhantomData<Op>,
}

impl<A: Copy, R, Op: Unary<A, R>> Work for Map1<'_, A, R, Op> {
    type Output = i64;

    #[inline(always)]
    fn run(self) -> i64 {
        let mut flags = 0;
        for (out, a) in self.out.iter_mut().zip(self.input) {
            let (value, flag) = Op::apply(*a);
            *out = value;
            flags |= flag;
        }
        flags
    }
}

/// `out[i] = Op(left[i], right[i])`; gives the or-ed flags.
pub struct Map2<'a, A, B, R, Op> {
    /// Left operand, as long as `out` or one value.
    pub left: Operand<'a, A>,
    /// Right operand, as long as `out` or one value.
    pub right: Operand<'a, B>,
    /// Results.
    pub out: &'a mut [R],
    /// The function.
    pub op: PhantomData<Op>,
}

impl<A: Copy, B: Copy, R, Op: Binary<A, B, R>> Work for Map2<'_, A, B, R, Op> {
    type Output = i64;

    #[inline(always)]
    fn run(self) -> i64 {
        let mut flags = 0;
        match (self.left, self.right) {
            (Operand::Values(left), Operand::Values(right)) => {
                for ((out, a), b) in self.out.iter_mut().zip(left).zip(right) {
                    let (value, flag) = Op::apply(*a, *b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Values(left), Operand::Value(b)) => {
                for (out, a) in self.out.iter_mut().zip(left) {
                    let (value, flag) = Op::apply(*a, b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Value(a), Operand::Values(right)) => {
                for (out, b) in self.out.iter_mut().zip(right) {
                    let (value, flag) = Op::apply(a, *b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Value(a), Operand::Value(b)) => {
                for out in self.out.iter_mut() {
                    let (value, flag) = Op::apply(a, b);
                    *out = value;
                    flags |= flag;
                }
            }
        }
        flags
    }
}
