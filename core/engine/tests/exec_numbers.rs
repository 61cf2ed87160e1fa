//! Floats at the ends of their range and zeros with a sign: aggregates over many units and threads,
//! expressions through text.

mod exec_support;

use exec_support::*;
use pardox_engine::column::{Array, ArrayData, Frame, Values};
use pardox_engine::engine;
use pardox_engine::exec;
use pardox_engine::plan::document;
use pardox_engine::plan::functions::AggregateFunction as A;
use serde_json::json;

fn floats(values: Vec<f64>) -> Array {
    Array::new(ArrayData::Float64(Values::from(values)), None)
}

/// Sum, mean, deviation and variance of `values`, alone and as one group of three, for several
/// numbers of threads and cuts into blocks. A deviation may be two floats beside the expected one.
fn check(values: &[f64], expected: &str) {
    let among: Vec<f64> = values.iter().flat_map(|value| [1.0, *value, -0.0]).collect();
    let groups: Vec<i64> = (0..among.len()).map(|row| row as i64 % 3).collect();
    let alone = Frame::from_arrays(vec![("f", floats(values.to_vec()))]).expect("one name");
    let among = Frame::from_arrays(vec![
        ("f", floats(among)),
        ("k", Array::new(ArrayData::Int64(Values::from(groups)), None)),
    ])
    .expect("two names");
    let f = || col(0, FLOAT);
    let items =
        || [A::Sum, A::Mean, A::Std, A::Var].map(|function| (function.name(), agg(function, f())));
    for (block_rows, threads) in [(1_000_000, 1), (65_536, 2), (50_021, 5)] {
        let plan = aggregate(source(&cut(&alone, block_rows)), vec![], items().to_vec());
        let answer = text(&exec::run(&plan, &context(threads)).expect("it runs"));
        assert!(is_near(&answer, expected), "{answer}, not {expected}: {block_rows} {threads}");
        let keys = vec![("k", col(1, INT))];
        let plan = aggregate(source(&cut(&among, block_rows)), keys, items().to_vec());
        let answer = text(&exec::run(&plan, &context(threads)).expect("it runs"));
        let answer: Vec<&str> = answer.lines().collect();
        let one = format!("0 {}.0 1.0 0.0 0.0", values.len());
        let [ones, values, zeros] = answer[..] else { panic!("three groups: {answer:?}") };
        assert_eq!([ones, zeros], [&one, "2 0.0 0.0 0.0 0.0"], "{block_rows} {threads}");
        let is_group = is_near(values, &format!("1 {expected}"));
        assert!(is_group, "{values}, not {expected}: {block_rows} {threads}");
    }
}

fn is_near(found: &str, expected: &str) -> bool {
    let bits = |text: &str| text.parse::<f64>().expect("a number").to_bits();
    let (found, expected): (Vec<_>, Vec<_>) =
        (found.split(' ').collect(), expected.split(' ').collect());
    let deviation = found.len() - 2;
    found.iter().zip(&expected).enumerate().all(|(index, (found, expected))| {
        let distance = if index == deviation { 2 } else { 0 };
        found == expected || bits(found).abs_diff(bits(expected)) <= distance
    })
}

/// Expected by hand: of `n` values `a` and `n` values `-a` the variance is `a² 2n / (2n - 1)`; with
/// 2n = 2^18 its root is `a * (2**18 / (2**18 - 1)).sqrt()`, by `decimal` of Python 3.11.
#[test]
fn aggregates_reach_the_ends_of_the_range() {
    let run = |value: f64, count: usize| vec![value; count];
    let half = 1 << 17;
    check(&run(1.7e308, half), "inf 1.7e+308 0.0 0.0");
    check(&run(-1e-320, half), "-1.31070541e-315 -1e-320 0.0 0.0");
    check(
        &[run(1e308, half), run(-1e308, half - 1)].concat(),
        "1e+308 3.8147118175957394e+302 1.0000019073540898e+308 inf",
    );
    check(&[run(1e308, half), run(-1e308, half)].concat(), "0.0 0.0 1.0000019073540898e+308 inf");
    check(&[run(1e-200, half), run(-1e-200, half)].concat(), "0.0 0.0 1.0000019073540897e-200 0.0");
    check(&[run(f64::INFINITY, 1), run(-1e308, half)].concat(), "inf inf NaN NaN");
    check(&[run(1e308, half), run(f64::NEG_INFINITY, 1)].concat(), "-inf -inf NaN NaN");
    check(&[vec![f64::INFINITY], run(1.0, half), vec![-f64::INFINITY]].concat(), "NaN NaN NaN NaN");
    check(&run(-0.0, half), "0.0 0.0 0.0 0.0");
}

/// Times a power of two no digit changes: so the deviation of numbers whose squares leave the range
/// is, to the bit, that of numbers whose squares do not.
#[test]
fn a_deviation_has_the_same_digits_at_every_size() {
    let mut state = 1_u64;
    let numbers: Vec<f64> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 20) as f64 - 2e12) * 10_f64.powi((state >> 40) as i32 % 20)
    })
    .take(140_000)
    .collect();
    let groups = |range: i64| {
        let keys: Vec<i64> = (0..140_000).map(|row| row * row % range).collect();
        Array::new(ArrayData::Int64(Values::from(keys)), None)
    };
    for range in [1, 101, 70_001] {
        let deviations = |power: f64, block_rows, threads| {
            let scaled = floats(numbers.iter().map(|number| number * power).collect());
            let table = Frame::from_arrays(vec![("k", groups(range)), ("f", scaled)]);
            let plan = aggregate(
                source(&cut(&table.expect("two names"), block_rows)),
                if range == 1 { vec![] } else { vec![("k", col(0, INT))] },
                vec![("std", agg(A::Std, col(1, FLOAT)))],
            );
            let frame = exec::run(&plan, &context(threads)).expect("it runs");
            let column = frame.schema().len() - 1;
            let mut found = Vec::new();
            for block in frame.blocks() {
                let array = block.array(column).expect("loaded");
                let ArrayData::Float64(values) = array.data() else { panic!("floats") };
                let value = |row| (array.is_valid(row), (values[row] / power).to_bits());
                found.extend((0..array.len()).map(value));
            }
            found
        };
        let expected = deviations(1.0, 1_000_000, 1);
        assert!(expected.iter().any(|(is_valid, bits)| *is_valid && *bits != 0));
        for power in [2_f64.powi(-900), 2_f64.powi(900)] {
            for (block_rows, threads) in [(1_000_000, 1), (50_021, 3)] {
                let found = deviations(power, block_rows, threads);
                assert!(found == expected, "{range} {power:e} {threads}");
            }
        }
    }
}

/// Expected: Python 3.11 and NumPy 2.4.6 for `//` and `%`; by IEEE 754 the other functions keep the
/// sign, but for `abs`; of two equal zeros `min` and `max` keep the first.
#[test]
fn zeros_keep_their_sign() {
    let document = json!({"schema": 1, "engine": "0.1", "plan": {"select": {
        "input": {"values": {"columns": [
            {"name": "a", "dtype": "float64", "values": ["-0.0", "0.0", "-0.0", "0.0"]},
            {"name": "b", "dtype": "float64", "values": ["0.125", "0.125", "-0.125", "-0.125"]},
        ]}},
        "columns": [{"text": "a // b as q, a % b as r, a / b as d, round(a) as n, round(a, 2) as m, \
            floor(a) as f, ceil(a) as c, abs(a) as p, -a as g"}],
    }}});
    let document = document::parse(&document.to_string()).expect("a document");
    let frame = engine::run(&document, &[], &Default::default(), &context(2)).expect("it runs");
    assert_eq!(
        text(&frame),
        "-0.0 0.0 -0.0 -0.0 -0.0 -0.0 -0.0 0.0 0.0\n\
         0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 -0.0\n\
         0.0 -0.0 0.0 -0.0 -0.0 -0.0 -0.0 0.0 0.0\n\
         -0.0 -0.0 -0.0 0.0 0.0 0.0 0.0 0.0 -0.0"
    );
    let literals = json!({"schema": 1, "engine": "0.1", "plan": {"select": {
        "input": {"values": {"columns": [{"name": "a", "dtype": "int64", "values": ["1"]}]}},
        "columns": [{"text": "-0.0 // 0.125 as q, -0.0 % 0.125 as r, 0.0 // -0.125 as s, -(0.0) as t, ceil(-0.5) as c, round(-0.4) as n"}],
    }}});
    let document = document::parse(&literals.to_string()).expect("a document");
    let frame = engine::run(&document, &[], &Default::default(), &context(2)).expect("it runs");
    assert_eq!(text(&frame), "-0.0 0.0 -0.0 -0.0 -0.0 -0.0");
}

#[test]
fn of_two_zeros_the_first_is_the_extreme() {
    for (values, expected) in [("-0.0 0.0", "-0.0 -0.0"), ("0.0 -0.0", "0.0 0.0")] {
        let table = frame(&[("f", FLOAT, values)]);
        let items = vec![("min", agg(A::Min, col(0, FLOAT))), ("max", agg(A::Max, col(0, FLOAT)))];
        let plan = aggregate(source(&cut(&table, 1)), vec![], items);
        assert_eq!(text(&run_any_threads(&plan).expect("it runs")), expected);
    }
}

/// Expected by hand: of -a and a, where a is 1.5 * 2^1023, half of either.
#[test]
fn quartiles_lie_between_the_ends_of_the_range() {
    let document = json!({"schema": 1, "engine": "0.1", "plan": {"select": {
        "input": {"describe": {"input": {"values": {"columns": [
            {"name": "a", "dtype": "float64", "values": ["-1.348269851146737e+308", "1.348269851146737e+308"]},
        ]}}}},
        "columns": [{"text": "mean, std, q25, median, q75"}],
    }}});
    let document = document::parse(&document.to_string()).expect("a document");
    let frame = engine::run(&document, &[], &Default::default(), &context(2)).expect("it runs");
    assert_eq!(text(&frame), "0.0 inf -6.741349255733685e+307 0.0 6.741349255733685e+307");
}
