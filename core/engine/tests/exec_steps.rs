//! Steps that keep rows as they are: filter, project, limit, tail, union; expected rows by hand.

mod exec_support;

use exec_support::*;
use pardox_engine::error::ErrorKind;
use pardox_engine::exec;

fn numbers(count: usize) -> pardox_engine::column::Frame {
    use pardox_engine::column::{Array, ArrayData, Bitmap, Frame, Values};
    let values: Vec<i64> = (0..count as i64).collect();
    let texts: Vec<String> = values.iter().map(|value| format!("t{value}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let validity = Bitmap::from_fn(count, |row| row % 10 != 3);
    let numbers = Array::new(ArrayData::Int64(Values::from(values)), Some(validity));
    Frame::from_arrays(vec![("n", numbers), ("t", array(TEXT, &texts))]).expect("two names")
}

#[test]
fn filter_keeps_rows_that_are_true() {
    let table = frame(&[("a", INT, "1 2 null 4"), ("b", TEXT, "w x y z")]);
    let plan = filter(source(&table), call("gt", vec![col(0, INT), lit(INT, "1")], BOOL));
    assert_eq!(text(&run(&plan)), "2 x\n4 z");
}

#[test]
fn blocks_threads_and_batches_do_not_show() {
    for count in [0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_001] {
        let whole = numbers(count);
        let odd = call(
            "eq",
            vec![call("mod", vec![col(0, INT), lit(INT, "2")], INT), lit(INT, "1")],
            BOOL,
        );
        let twice = call("mul", vec![col(0, INT), lit(INT, "2")], INT);
        let expected: Vec<Vec<String>> = (0..count)
            .filter(|n| n % 2 == 1 && n % 10 != 3)
            .map(|n| vec![format!("t{n}"), (2 * n).to_string()])
            .collect();
        for block_rows in [1_000_003, 65_536, 1_000, 77] {
            let table = source(&cut(&whole, block_rows));
            let plan = project(
                filter(table, odd.clone()),
                vec![("t", col(1, TEXT)), ("twice", twice.clone())],
            );
            let answer = run_any_threads(&plan).expect("no value overflows");
            assert!(rows(&answer) == expected, "{count} rows in blocks of {block_rows}");
        }
    }
}

#[test]
fn the_first_row_that_fails_is_told() {
    let number = |text: &str| lit(INT, text);
    let even = call("mod", vec![col(0, INT), number("2")], INT);
    let even = call("eq", vec![even, number("0")], BOOL);
    // Rows count from 1: the row of n is n + 1. Where n ends in 3 it is null, and raises nothing.
    for (divisor, row) in [("0", 1), ("2", 3), ("4096", 4097), ("123456", 123_457)] {
        let rest = call("sub", vec![col(0, INT), number(divisor)], INT);
        let quotient = call("floordiv", vec![number("10"), rest], INT);
        for block_rows in [1_000_003, 65_536, 77] {
            let table = source(&cut(&numbers(200_001), block_rows));
            let plan = project(filter(table, even.clone()), vec![("q", quotient.clone())]);
            let error = run_any_threads(&plan).expect_err("one row divides by zero");
            assert_eq!(error.kind(), ErrorKind::DivisionByZero);
            assert_eq!(error.location().record, Some(row), "{error}");
        }
    }
    let constant = call("floordiv", vec![number("1"), number("0")], INT);
    let error = run_error(&project(source(&numbers(5)), vec![("q", constant)]));
    assert_eq!(error.location().record, None, "no row is at fault: {error}");
}

#[test]
fn limit_and_tail_cut_across_blocks() {
    let table = cut(&numbers(100), 7);
    let span = |plan| {
        let rows = rows(&run(&plan));
        let first = rows.first().map_or("-".to_owned(), |row| row[1].clone());
        let last = rows.last().map_or("-".to_owned(), |row| row[1].clone());
        (rows.len(), first, last)
    };
    let named = |count, first: &str, last: &str| (count, first.to_owned(), last.to_owned());
    assert_eq!(span(limit(source(&table), 0, Some(10))), named(10, "t0", "t9"));
    assert_eq!(span(limit(source(&table), 13, Some(2))), named(2, "t13", "t14"));
    assert_eq!(span(limit(source(&table), 95, None)), named(5, "t95", "t99"));
    assert_eq!(span(limit(source(&table), 200, Some(1))), named(0, "-", "-"));
    assert_eq!(span(tail(source(&table), 10)), named(10, "t90", "t99"));
    assert_eq!(span(tail(source(&table), 0)), named(0, "-", "-"));
    assert_eq!(span(tail(source(&table), 1000)), named(100, "t0", "t99"));
}

#[test]
fn limit_stops_before_rows_that_would_fail() {
    // Row 1,000,000 overflows; the first rows are answered without looking at it.
    let count = 1_000_001;
    let table = cut(&numbers(count), 65_536);
    let poison = call(
        "div",
        vec![lit(INT, "1"), call("sub", vec![col(0, INT), lit(INT, "1000000")], INT)],
        FLOAT,
    );
    let plan = project(source(&table), vec![("r", poison)]);
    assert_eq!(run_error(&plan).kind(), ErrorKind::DivisionByZero);
    assert_eq!(run(&limit(plan, 0, Some(3))).row_count(), 3);
}

#[test]
fn union_keeps_order() {
    let (a, b) = (frame(&[("a", INT, "1 2")]), frame(&[("a", INT, "3 null")]));
    let plan = union(vec![source(&a), source(&b), source(&a)]);
    assert_eq!(text(&run(&plan)), "1\n2\n3\nnull\n1\n2");
}

#[test]
fn cancelled_before_start_gives_no_rows() {
    let context = context(2);
    context.cancel();
    let error = exec::run(&source(&numbers(10)), &context).expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
