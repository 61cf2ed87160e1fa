//! Three-valued logic, 64 rows at a time.

use super::Datum;
use crate::column::bitmap::Bitmap;
use crate::column::{Array, ArrayData, Scalar};

/// `left and right`: false where either is false, else null where either is null.
pub fn and(left: &Datum, right: &Datum, len: usize) -> Array {
    combine(left, right, len, |(a, a_valid), (b, b_valid)| {
        let is_true = a & a_valid & b & b_valid;
        let is_false = (!a & a_valid) | (!b & b_valid);
        (is_true, is_true | is_false)
    })
}

/// `left or right`: true where either is true, else null where either is null.
pub fn or(left: &Datum, right: &Datum, len: usize) -> Array {
    combine(left, right, len, |(a, a_valid), (b, b_valid)| {
        let is_true = (a & a_valid) | (b & b_valid);
        let is_false = !a & a_valid & !b & b_valid;
        (is_true, is_true | is_false)
    })
}

/// `not input`: null stays null.
pub fn not(input: &Array) -> Array {
    let ArrayData::Bool(bits) = input.data() else { panic!("not of {}", input.dtype()) };
    let turned = Bitmap::from_words(bits.len(), |word| !bits.word(word));
    Array::new(ArrayData::Bool(turned), input.validity().cloned())
}

/// Whether there is no value (`wanted` false) or a value (`wanted` true).
pub fn is_present(input: &Datum, wanted: bool, len: usize) -> Datum {
    match input {
        Datum::Value(value) => Datum::Value(Scalar::Bool(value.is_null() != wanted)),
        Datum::Array(array) => {
            let flip = if wanted { 0 } else { u64::MAX };
            let bits = match array.validity() {
                None => Bitmap::repeat(wanted, len),
                Some(valid) => Bitmap::from_words(len, |word| valid.word(word) ^ flip),
            };
            Datum::Array(Array::new(ArrayData::Bool(bits), None))
        }
    }
}

/// The rows where a condition is true: neither false nor null.
pub fn is_true(condition: &Datum, len: usize) -> Bitmap {
    match condition {
        Datum::Value(Scalar::Bool(bit)) => Bitmap::repeat(*bit, len),
        Datum::Value(_) => Bitmap::repeat(false, len),
        Datum::Array(array) => {
            let ArrayData::Bool(bits) = array.data() else {
                panic!("a condition of type {}", array.dtype())
            };
            match array.validity() {
                None => bits.clone(),
                Some(valid) => Bitmap::from_words(len, |word| bits.word(word) & valid.word(word)),
            }
        }
    }
}

type Bits = (u64, u64);

fn combine(
    left: &Datum,
    right: &Datum,
    len: usize,
    function: impl Fn(Bits, Bits) -> Bits,
) -> Array {
    let word_of = |datum: &Datum, word| match datum.is_null_value() {
        true => (0, 0),
        false => (datum.bool_word(word), datum.valid_word(word)),
    };
    let result = |word| function(word_of(left, word), word_of(right, word));
    let values = Bitmap::from_words(len, |word| result(word).0);
    let validity = Bitmap::from_words(len, |word| result(word).1);
    let all_present = validity.count_ones() == len;
    Array::new(ArrayData::Bool(values), (!all_present).then_some(validity))
}
