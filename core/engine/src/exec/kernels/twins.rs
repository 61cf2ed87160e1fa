//! Every loop gives the same bits at every level of the CPU, for every length, alignment and tail;
//! and the answers are those of plain Rust, value by value.

use super::compare::{compare, float_order, mixed_order};
use super::{Datum, arithmetic, logic, math, take};
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, Bitmap, Scalar, Values};
use crate::plan::functions::{ArithmeticFunction as F, CompareFunction as C};

const LENGTHS: [usize; 15] = [0, 1, 2, 3, 7, 8, 15, 31, 63, 64, 65, 127, 128, 200, 4_097];
const OFFSETS: [usize; 4] = [0, 1, 3, 5];

fn levels() -> impl Iterator<Item = Level> {
    Level::ALL.into_iter().filter(|level| *level <= Level::supported())
}

fn word(index: usize) -> u64 {
    let word = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    word ^ word >> 29
}

fn ints(offset: usize, len: usize, seed: usize) -> Array {
    let values: Vec<i64> = (0..offset + len)
        .map(|row| match word(row + seed) % 9 {
            0 => 0,
            1 => -1,
            other => (word(row + seed) >> 34) as i64 - (1 << 29) + other as i64,
        })
        .collect();
    Array::new(ArrayData::Int64(Values::from(values)), None).slice(offset, len)
}

fn floats(offset: usize, len: usize, seed: usize) -> Array {
    let values: Vec<f64> = (0..offset + len)
        .map(|row| match word(row + seed) % 13 {
            0 => f64::NAN,
            1 => 0.0,
            2 => -0.0,
            3 => f64::INFINITY,
            4 => f64::NEG_INFINITY,
            5 => 1.0,
            _ => (word(row + seed) >> 40) as f64 / 1024.0 - 8_000.0,
        })
        .collect();
    Array::new(ArrayData::Float64(Values::from(values)), None).slice(offset, len)
}

fn bits(array: &Array) -> Vec<u64> {
    (0..array.len())
        .map(|row| match array.scalar(row) {
            Scalar::Int64(value) => value as u64,
            // All NaNs are one value.
            Scalar::Float64(value) if value.is_nan() => f64::NAN.to_bits(),
            Scalar::Float64(value) => value.to_bits(),
            Scalar::Bool(value) => u64::from(value),
            other => panic!("no such result here: {other:?}"),
        })
        .collect()
}

/// Calls `kernel` for columns and single values in all pairings, at all levels.
fn check(
    name: &str,
    make: impl Fn(usize, usize, usize) -> (Array, Array),
    kernel: impl Fn(&Datum, &Datum, usize, Level) -> Datum,
    expected: impl Fn(&Scalar, &Scalar) -> u64,
) {
    for len in LENGTHS {
        for offset in OFFSETS {
            let (left, right) = make(offset, len, len + offset);
            let one = |array: &Array| Datum::Value(array.scalar(0));
            let mut pairs = vec![(Datum::Array(left.clone()), Datum::Array(right.clone()))];
            if len > 0 {
                pairs.push((Datum::Array(left.clone()), one(&right)));
                pairs.push((one(&left), Datum::Array(right.clone())));
            }
            for (a, b) in &pairs {
                let value = |datum: &Datum, row| match datum {
                    Datum::Array(array) => array.scalar(row),
                    Datum::Value(value) => value.clone(),
                };
                let plain: Vec<u64> =
                    (0..len).map(|row| expected(&value(a, row), &value(b, row))).collect();
                for level in levels() {
                    let Datum::Array(found) = kernel(a, b, len, level) else {
                        panic!("{name} of columns is a column")
                    };
                    assert!(bits(&found) == plain, "{name}, {len} from {offset}, {level:?}");
                }
            }
        }
    }
}

fn int(value: &Scalar) -> i64 {
    let Scalar::Int64(value) = value else { panic!("expected int64, found {value:?}") };
    *value
}

fn float(value: &Scalar) -> f64 {
    let Scalar::Float64(value) = value else { panic!("expected float64, found {value:?}") };
    *value
}

fn float_bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

#[test]
fn int64_arithmetic() {
    for (function, plain) in [
        (F::Add, i64::wrapping_add as fn(i64, i64) -> i64),
        (F::Sub, i64::wrapping_sub),
        (F::Mul, i64::wrapping_mul),
    ] {
        check(
            function.name(),
            |offset, len, seed| (ints(offset, len, seed), ints(offset, len, seed + 99)),
            |a, b, len, level| arithmetic::binary(function, a, b, len, level).expect("it fits"),
            |a, b| plain(int(a), int(b)) as u64,
        );
    }
}

#[test]
fn int64_division() {
    let nonzero = |offset, len, seed| {
        let values: Vec<i64> =
            (0..len).map(|row| (word(row + seed) % 2_001) as i64 * 2 - 2_001).collect();
        (ints(offset, len, seed), Array::new(ArrayData::Int64(Values::from(values)), None))
    };
    let floor =
        |a: i64, b: i64| (a as i128).div_euclid(b as i128) - i128::from(b < 0 && a % b != 0);
    check(
        "//",
        nonzero,
        |a, b, len, level| arithmetic::binary(F::FloorDiv, a, b, len, level).expect("it fits"),
        |a, b| {
            let (a, b) = (int(a), int(b));
            let exact = floor(a, b);
            // By hand: the largest whole number not above the quotient.
            let is_floor = if b > 0 {
                exact * i128::from(b) <= i128::from(a)
                    && (exact + 1) * i128::from(b) > i128::from(a)
            } else {
                exact * i128::from(b) >= i128::from(a)
                    && (exact + 1) * i128::from(b) < i128::from(a)
            };
            if is_floor { exact as u64 } else { (exact - 1) as u64 }
        },
    );
    check(
        "/",
        nonzero,
        |a, b, len, level| arithmetic::binary(F::Div, a, b, len, level).expect("it fits"),
        |a, b| (int(a) as f64 / int(b) as f64).to_bits(),
    );
}

#[test]
fn float64_arithmetic() {
    for (function, plain) in [
        (F::Add, (|a, b| a + b) as fn(f64, f64) -> f64),
        (F::Sub, |a, b| a - b),
        (F::Mul, |a, b| a * b),
        (F::Div, |a, b| a / b),
    ] {
        check(
            function.name(),
            |offset, len, seed| (floats(offset, len, seed), floats(offset, len, seed + 99)),
            |a, b, len, level| arithmetic::binary(function, a, b, len, level).expect("it fits"),
            |a, b| float_bits(plain(float(a), float(b))),
        );
    }
}

#[test]
fn comparisons() {
    use std::cmp::Ordering;
    let holds = |function, order: Ordering| {
        u64::from(match function {
            C::Eq => order.is_eq(),
            C::Ne => order.is_ne(),
            C::Lt => order.is_lt(),
            C::Le => order.is_le(),
            C::Gt => order.is_gt(),
            _ => order.is_ge(),
        })
    };
    for function in [C::Eq, C::Ne, C::Lt, C::Le, C::Gt, C::Ge] {
        let kernel = |a: &Datum, b: &Datum, len, level| compare(function, a, b, len, level);
        check(
            "int64",
            |o, len, s| (ints(o, len, s), ints(o, len, s + 9)),
            kernel,
            |a, b| holds(function, int(a).cmp(&int(b))),
        );
        check(
            "float64",
            |o, len, s| (floats(o, len, s), floats(o, len, s + 9)),
            kernel,
            |a, b| holds(function, float_order(float(a), float(b))),
        );
        check(
            "int64, float64",
            |o, len, s| (ints(o, len, s), floats(o, len, s + 9)),
            kernel,
            |a, b| holds(function, mixed_order(int(a), float(b))),
        );
        check(
            "float64, int64",
            |o, len, s| (floats(o, len, s), ints(o, len, s + 9)),
            kernel,
            |a, b| holds(function, mixed_order(int(b), float(a)).reverse()),
        );
    }
}

#[test]
fn functions_of_one_value() {
    for len in LENGTHS {
        for offset in OFFSETS {
            let (numbers, whole) = (floats(offset, len, len), ints(offset, len, len));
            for level in levels() {
                let negate = |array| arithmetic::negate(array, level).expect("no smallest int64");
                let magnitude = arithmetic::magnitude(&numbers, level).expect("floats fit");
                let plain = |function: fn(f64) -> f64| -> Vec<u64> {
                    (0..len).map(|row| float_bits(function(float(&numbers.scalar(row))))).collect()
                };
                assert!(bits(&negate(&numbers)) == plain(|a| -a), "{len} {level:?}");
                assert!(bits(&magnitude) == plain(f64::abs), "{len} {level:?}");
                assert!(bits(&math::floor(&numbers, level)) == plain(f64::floor));
                assert!(bits(&math::ceil(&numbers, level)) == plain(f64::ceil));
                assert!(bits(&negate(&negate(&whole))) == bits(&whole));
            }
        }
    }
}

#[test]
fn positions_of_bits() {
    for len in LENGTHS {
        for modulus in [1, 2, 3, 70, 5_000] {
            let bit = |row: usize| word(row).is_multiple_of(modulus);
            let bitmap = Bitmap::from_fn(len, bit);
            let plain: Vec<u32> = (0..len).filter(|row| bit(*row)).map(|row| row as u32).collect();
            for level in levels() {
                assert!(take::positions(&bitmap, level) == plain, "{len} {modulus} {level:?}");
            }
        }
    }
}

#[test]
fn overflow_is_seen_in_every_lane_and_not_below_a_null() {
    for len in [1, 2, 5, 64, 130] {
        for row in 0..len {
            let mut values = vec![1_i64; len];
            values[row] = i64::MAX;
            let left = Array::new(ArrayData::Int64(Values::from(values)), None);
            let hidden = Some(Bitmap::from_fn(len, |index| index != row));
            let one = Datum::Value(Scalar::Int64(2));
            for level in levels() {
                for function in [F::Add, F::Mul] {
                    let run = |array: Array| {
                        arithmetic::binary(function, &Datum::Array(array), &one, len, level)
                    };
                    assert!(run(left.clone()).is_err(), "{len} {row} {level:?}");
                    assert!(run(left.clone().with_validity(hidden.clone())).is_ok());
                }
            }
        }
    }
}

#[test]
fn logic_agrees_with_its_table() {
    let values = [Some(true), Some(false), None];
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for index in 0..130 {
        left.push(values[index % 3]);
        right.push(values[index / 3 % 3]);
    }
    let array = |values: &[Option<bool>]| {
        let bits = Bitmap::from_fn(values.len(), |row| values[row] == Some(true));
        let valid = Bitmap::from_fn(values.len(), |row| values[row].is_some());
        Datum::Array(Array::new(ArrayData::Bool(bits), Some(valid)))
    };
    let back = |array: Array| -> Vec<Option<bool>> {
        (0..array.len())
            .map(|row| match array.scalar(row) {
                Scalar::Bool(bit) => Some(bit),
                _ => None,
            })
            .collect()
    };
    let (a, b) = (array(&left), array(&right));
    let and: Vec<Option<bool>> = left
        .iter()
        .zip(&right)
        .map(|pair| match pair {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        })
        .collect();
    let or: Vec<Option<bool>> = left
        .iter()
        .zip(&right)
        .map(|pair| match pair {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        })
        .collect();
    assert_eq!(back(logic::and(&a, &b, 130)), and);
    assert_eq!(back(logic::or(&a, &b, 130)), or);
}
