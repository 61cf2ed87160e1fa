//! Aggregates, joins, sorts and the rest against DuckDB's answers over `golden/exec`
//! (`make_expected.py` there makes data and answers; `expected/VERSION` names the version), for
//! several thread counts and cuts into blocks.

mod exec_support;

use std::path::PathBuf;

use exec_support::*;
use pardox_engine::column::{Array, ArrayBuilder, DataType, Frame, Scalar};
use pardox_engine::plan::expr::Expr;
use pardox_engine::plan::functions::AggregateFunction as A;
use pardox_engine::plan::node::{JoinKind, Plan};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/exec")
}

fn lines(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder().join(name)).expect("the file is committed");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn read(name: &str, dtypes: &[DataType]) -> Frame {
    let lines = lines(name);
    let columns: Vec<(String, Array)> = dtypes
        .iter()
        .enumerate()
        .map(|(index, dtype)| {
            let mut builder = ArrayBuilder::new(dtype.clone(), lines.len());
            for line in &lines[1..] {
                let value = match line[index].as_str() {
                    "" => Scalar::Null,
                    text => scalar(dtype.clone(), text),
                };
                builder.push(&value).expect("small text fits");
            }
            (lines[0][index].clone(), builder.finish())
        })
        .collect();
    let columns = columns.iter().map(|(name, array)| (name.as_str(), array.clone())).collect();
    Frame::from_arrays(columns).expect("names are unique")
}

const T: [DataType; 7] = [INT, INT, FLOAT, TEXT, BOOL, DATE, TIMESTAMP];
const U: [DataType; 4] = [INT, INT, TEXT, INT];

/// Column of `t`.
fn t(name: &str) -> Expr {
    let index = ["rid", "i", "f", "s", "b", "d", "ts"].iter().position(|other| *other == name);
    let index = index.expect("a column of t");
    col(index, T[index].clone())
}

/// Compares with `expected/<name>.csv`: floats within a relative 1e-12, all else as text.
fn check(name: &str, plan: impl Fn(Plan, Plan) -> Plan) {
    let expected = lines(&format!("expected/{name}.csv"));
    let (t, u) = (read("t.csv", &T), read("u.csv", &U));
    for block_rows in [1_000, 64, 7] {
        let plan = plan(source(&cut(&t, block_rows)), source(&cut(&u, block_rows)));
        let answer = run_any_threads(&plan).expect("the plan runs");
        let found = rows(&answer);
        assert_eq!(found.len(), expected.len(), "{name}: rows");
        for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let is_equal = found.len() == expected.len()
                && found.iter().zip(expected).enumerate().all(|(column, (a, b))| {
                    let is_float = plan.schema.column(column).dtype == FLOAT;
                    let b = if b.is_empty() { "null" } else { b };
                    a == b || (is_float && near(a, b))
                });
            assert!(is_equal, "{name}, row {index}: {found:?}, expected {expected:?}");
        }
    }
}

fn near(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => {
            (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
        }
        _ => false,
    }
}

#[test]
fn group_by_text() {
    check("group_text", |input, _| {
        aggregate(
            input,
            vec![("s", t("s"))],
            vec![
                ("n", count_rows()),
                ("c", agg(A::Count, t("i"))),
                ("sum", agg(A::Sum, t("i"))),
                ("min", agg(A::Min, t("i"))),
                ("max", agg(A::Max, t("i"))),
                ("mean", agg(A::Mean, t("i"))),
                ("first_day", agg(A::Min, t("d"))),
                ("last_time", agg(A::Max, t("ts"))),
                ("distinct", agg(A::NUnique, t("i"))),
            ],
        )
    });
}

#[test]
fn group_by_float_with_nan_and_zeros() {
    check("group_float", |input, _| {
        // 0.0 for both zeros, as the query of DuckDB has it: the key shows the first of its group.
        let zero = call("eq", vec![t("f"), lit(FLOAT, "0")], BOOL);
        let key = case(vec![(zero, lit(FLOAT, "0"))], t("f"));
        aggregate(
            input,
            vec![("f", key)],
            vec![
                ("n", count_rows()),
                ("sum", agg(A::Sum, t("i"))),
                ("distinct", agg(A::NUnique, t("s"))),
                ("min", agg(A::Min, t("s"))),
                ("max", agg(A::Max, t("s"))),
            ],
        )
    });
}

#[test]
fn group_by_three_keys() {
    check("group_three", |input, _| {
        // DuckDB's % has the sign of the dividend.
        let rest = call("mod", vec![call("abs", vec![t("i")], INT), lit(INT, "3")], INT);
        let negative = call("lt", vec![t("i"), lit(INT, "0")], BOOL);
        let turned = call("neg", vec![rest.clone()], INT);
        let key = case(vec![(negative, turned)], rest);
        aggregate(
            input,
            vec![("b", t("b")), ("d", t("d")), ("m", key)],
            vec![
                ("n", count_rows()),
                ("max", agg(A::Max, t("s"))),
                ("first", agg(A::First, t("i"))),
                ("last", agg(A::Last, t("s"))),
            ],
        )
    });
}

#[test]
fn median() {
    check("median", |input, _| {
        let nan = lit(FLOAT, "NaN");
        let finite = call(
            "and",
            vec![
                call("ne", vec![t("f"), nan], BOOL),
                call("lt", vec![call("abs", vec![t("f")], FLOAT), lit(FLOAT, "inf")], BOOL),
            ],
            BOOL,
        );
        let kept = case(vec![(finite, t("f"))], lit(FLOAT, "null"));
        aggregate(
            input,
            vec![("b", t("b"))],
            vec![("i", agg(A::Median, t("i"))), ("f", agg(A::Median, kept)), ("n", count_rows())],
        )
    });
}

#[test]
fn deviation() {
    check("deviation", |input, _| {
        aggregate(
            input,
            vec![("s", t("s"))],
            vec![("std", agg(A::Std, t("i"))), ("var", agg(A::Var, t("i")))],
        )
    });
}

#[test]
fn whole_table() {
    check("whole", |input, _| {
        aggregate(
            input,
            vec![],
            vec![
                ("n", count_rows()),
                ("sum", agg(A::Sum, t("i"))),
                ("mean", agg(A::Mean, t("i"))),
                ("min", agg(A::Min, t("f"))),
                ("max", agg(A::Max, t("f"))),
                ("days", agg(A::NUnique, t("d"))),
                ("first", agg(A::Min, t("s"))),
                ("last", agg(A::Max, t("s"))),
            ],
        )
    });
}

/// Columns by position of a plan's result.
fn pick(input: Plan, positions: &[usize]) -> Plan {
    let columns: Vec<(String, Expr)> = positions
        .iter()
        .map(|index| {
            let column = input.schema.column(*index);
            (column.name.clone(), col(*index, column.dtype.clone()))
        })
        .collect();
    project(input, columns.iter().map(|(name, expr)| (name.as_str(), expr.clone())).collect())
}

/// `u` as `i, s, w`.
fn u(input: Plan) -> Plan {
    pick(input, &[1, 2, 3])
}

#[test]
fn inner_join() {
    check("inner", |input, other| {
        let other = pick(other, &[1, 3]);
        pick(join(input, other, &[(1, 0)], JoinKind::Inner), &[0, 7])
    });
}

#[test]
fn left_join_by_two_keys() {
    check("left_two", |input, other| {
        pick(join(input, u(other), &[(1, 0), (3, 1)], JoinKind::Left), &[0, 7])
    });
}

#[test]
fn semi_and_anti_join() {
    check("semi", |input, other| pick(join(input, u(other), &[(3, 1)], JoinKind::Semi), &[0]));
    check("anti", |input, other| {
        pick(join(input, u(other), &[(1, 0), (3, 1)], JoinKind::Anti), &[0])
    });
}

#[test]
fn sort_by_three_keys() {
    check("sort", |input, _| {
        let keys =
            vec![key(t("s"), true, true), key(t("f"), false, false), key(t("i"), true, false)];
        pick(sort(input, keys), &[0])
    });
}

#[test]
fn distinct_rows() {
    check("distinct", |input, _| pick(distinct(input, &[3, 4]), &[3, 4, 0]));
}

#[test]
fn filter_and_compute() {
    check("filter", |input, _| {
        let is_b = call("eq", vec![t("s"), lit(TEXT, "b")], BOOL);
        let either = call("or", vec![is_b, t("b")], BOOL);
        let positive = call("gt", vec![t("i"), lit(INT, "0")], BOOL);
        let twice = call("mul", vec![t("i"), lit(INT, "2")], INT);
        let kept = filter(input, call("and", vec![positive, either], BOOL));
        project(
            kept,
            vec![
                ("rid", t("rid")),
                ("i", call("add", vec![twice, lit(INT, "1")], INT)),
                ("f", call("div", vec![t("f"), lit(FLOAT, "4")], FLOAT)),
            ],
        )
    });
}
