//! Expressions of one row, over small tables; expected values by hand from docs/semantics.md.

mod exec_support;

use exec_support::*;
use pardox_engine::column::DataType;
use pardox_engine::error::ErrorKind;
use pardox_engine::plan::expr::Expr;

/// `function` of columns, each given as blank-separated values.
fn check(function: &str, columns: &[(DataType, &str)], result: DataType, expected: &str) {
    let (frame, args) = operands(columns);
    let plan = project(source(&frame), vec![("r", call(function, args, result))]);
    assert_eq!(text(&run(&plan)).replace('\n', " "), expected, "{function}");
}

fn check_error(function: &str, columns: &[(DataType, &str)], kind: ErrorKind, message: &str) {
    let (frame, args) = operands(columns);
    let result = if function == "div" { FLOAT } else { INT };
    let plan = project(source(&frame), vec![("r", call(function, args, result))]);
    let error = run_error(&plan);
    assert_eq!(error.kind(), kind);
    assert!(error.to_string().contains(message), "{error}");
}

fn operands(columns: &[(DataType, &str)]) -> (pardox_engine::column::Frame, Vec<Expr>) {
    let names = ["a", "b", "c", "d"];
    let named: Vec<_> = columns
        .iter()
        .zip(names)
        .map(|((dtype, values), name)| (name, dtype.clone(), *values))
        .collect();
    let args =
        columns.iter().enumerate().map(|(index, (dtype, _))| col(index, dtype.clone())).collect();
    (frame(&named), args)
}

#[test]
fn a_cast_says_what_a_day_or_a_time_lacks() {
    for (dtype, value, message) in [
        (
            DATE,
            "2024-02-30",
            "expected a day of 2024-02, which has 29 days, found utf8 \"2024-02-30\"",
        ),
        (TIMESTAMP, "2023-02-29", "expected a day of 2023-02, which has 28 days"),
        (TIMESTAMP, "2024-02-29T24:00:00", "expected an hour from 00 to 23"),
        (DATE, "30.2.2024", "expected a value that fits date, found utf8 \"30.2.2024\""),
    ] {
        let table = frame(&[("s", TEXT, value)]);
        let error = run_error(&project(
            source(&table),
            vec![("r", cast(col(0, TEXT), dtype.clone(), false))],
        ));
        assert_eq!(error.kind(), ErrorKind::BadCast);
        assert!(error.to_string().contains(message), "{error}");
        let tried = project(source(&table), vec![("r", cast(col(0, TEXT), dtype, true))]);
        assert_eq!(text(&run(&tried)), "null");
    }
}

#[test]
fn int64_arithmetic_is_exact_and_null_propagates() {
    check(
        "add",
        &[(INT, "1 null 9223372036854775806"), (INT, "2 1 1")],
        INT,
        "3 null 9223372036854775807",
    );
    check("sub", &[(INT, "1 -9223372036854775807"), (INT, "2 1")], INT, "-1 -9223372036854775808");
    check(
        "mul",
        &[(INT, "3037000499 -4611686018427387904"), (INT, "3037000499 2")],
        INT,
        "9223372030926249001 -9223372036854775808",
    );
}

#[test]
fn int64_division_is_float_and_whole_division_rounds_down() {
    check("div", &[(INT, "7 -7 1"), (INT, "2 2 3")], FLOAT, "3.5 -3.5 0.3333333333333333");
    check("floordiv", &[(INT, "7 -7 7 -7 6"), (INT, "2 2 -2 -2 3")], INT, "3 -4 -4 3 2");
    check("mod", &[(INT, "7 -7 7 -7 6"), (INT, "2 2 -2 -2 3")], INT, "1 1 -1 -1 0");
    check("mod", &[(INT, "-9223372036854775808"), (INT, "-1")], INT, "0");
}

#[test]
fn int64_misfits_are_errors_that_show_the_operands() {
    let max = "9223372036854775807";
    let min = "-9223372036854775808";
    check_error(
        "add",
        &[(INT, max), (INT, "1")],
        ErrorKind::Overflow,
        "9223372036854775807 + 1 is outside the range of int64",
    );
    check_error("sub", &[(INT, min), (INT, "1")], ErrorKind::Overflow, "-9223372036854775808 - 1");
    check_error("mul", &[(INT, max), (INT, "2")], ErrorKind::Overflow, "9223372036854775807 * 2");
    check_error("neg", &[(INT, min)], ErrorKind::Overflow, "-(-9223372036854775808)");
    check_error("abs", &[(INT, min)], ErrorKind::Overflow, "abs(-9223372036854775808)");
    check_error("floordiv", &[(INT, min), (INT, "-1")], ErrorKind::Overflow, "// -1");
    for function in ["div", "floordiv", "mod"] {
        check_error(function, &[(INT, "1 5"), (INT, "1 0")], ErrorKind::DivisionByZero, "5 ");
    }
}

#[test]
fn values_below_null_raise_no_error() {
    check("div", &[(INT, "null 4"), (INT, "0 2")], FLOAT, "null 2.0");
    check("div", &[(INT, "1 4"), (INT, "null 2")], FLOAT, "null 2.0");
}

#[test]
fn float64_arithmetic_follows_ieee() {
    check("div", &[(FLOAT, "1 -1 0"), (FLOAT, "0 0 0")], FLOAT, "inf -inf NaN");
    // Python 3.11: 1.0 // 0.1, -1.0 // 0.3, 5.5 // -2, and the same with %.
    check("floordiv", &[(FLOAT, "1 -1 5.5"), (FLOAT, "0.1 0.3 -2")], FLOAT, "9.0 -4.0 -3.0");
    check(
        "mod",
        &[(FLOAT, "1 -1 5.5"), (FLOAT, "0.1 0.3 -2")],
        FLOAT,
        "0.09999999999999995 0.19999999999999996 -0.5",
    );
}

#[test]
fn comparisons_use_one_total_order() {
    let (a, b) = ((FLOAT, "NaN NaN 1 -0.0 inf null"), (FLOAT, "NaN 1 NaN 0.0 NaN 1"));
    check("eq", &[a.clone(), b.clone()], BOOL, "true false false true false null");
    check("ne", &[a.clone(), b.clone()], BOOL, "false true true false true null");
    check("lt", &[a.clone(), b.clone()], BOOL, "false false true false true null");
    check("le", &[a.clone(), b.clone()], BOOL, "true false true true true null");
    check("gt", &[a.clone(), b.clone()], BOOL, "false true false false false null");
    check("ge", &[a.clone(), b.clone()], BOOL, "true true false true false null");
    check("lt", &[(TEXT, "Z a é"), (TEXT, "a Z z")], BOOL, "true false false");
    check("lt", &[(BOOL, "false true true"), (BOOL, "true true false")], BOOL, "true false false");
    check("ge", &[(DATE, "2024-01-02"), (DATE, "2024-01-01")], BOOL, "true");
}

#[test]
fn int64_against_float64_is_exact() {
    // 2^53 + 1 is no float: rounded it would equal 2^53.
    let a = (INT, "9007199254740993 9007199254740993 9223372036854775807 1 1 -2 3");
    let b = (FLOAT, "9007199254740992 9007199254740994 9223372036854775808 NaN 1.5 -2.5 3");
    check("eq", &[a.clone(), b.clone()], BOOL, "false false false false false false true");
    check("lt", &[a.clone(), b.clone()], BOOL, "false true true true true false false");
    check("lt", &[b.clone(), a.clone()], BOOL, "true false false false false true false");
    check("ge", &[b.clone(), a.clone()], BOOL, "false true true true true false true");
}

#[test]
fn logic_is_three_valued() {
    let a = (BOOL, "true true true false false false null null null");
    let b = (BOOL, "true false null true false null true false null");
    check(
        "and",
        &[a.clone(), b.clone()],
        BOOL,
        "true false null false false false null false null",
    );
    check("or", &[a.clone(), b.clone()], BOOL, "true true true true false null true null null");
    check("not", &[(BOOL, "true false null")], BOOL, "false true null");
    check("is_null", &[a], BOOL, "false false false false false false true true true");
    check("is_not_null", &[(INT, "1 null")], BOOL, "true false");
}

#[test]
fn in_and_between_follow_sql() {
    check(
        "is_in",
        &[(INT, "1 2 3 null"), (INT, "1 1 1 1"), (INT, "null null 3 2")],
        BOOL,
        "true null true null",
    );
    check(
        "between",
        &[(INT, "1 2 3 null 1"), (INT, "2 2 2 2 2"), (INT, "2 2 2 2 null")],
        BOOL,
        "false true false null false",
    );
    let (frame, _) = operands(&[(INT, "1 7 null 99")]);
    let items = ["1", "2", "3", "4", "5", "6", "7"].map(|item| lit(INT, item));
    let list: Vec<Expr> = std::iter::once(col(0, INT)).chain(items).collect();
    let with_null: Vec<Expr> = list.iter().cloned().chain([lit(INT, "null")]).collect();
    let plan = project(
        source(&frame),
        vec![("a", call("is_in", list, BOOL)), ("b", call("is_in", with_null, BOOL))],
    );
    assert_eq!(text(&run(&plan)), "true true\ntrue true\nnull null\nfalse null");
}

#[test]
fn coalesce_gives_the_first_value() {
    check("coalesce", &[(INT, "1 null null"), (INT, "2 2 null"), (INT, "3 3 3")], INT, "1 2 3");
    check("coalesce", &[(TEXT, "x null"), (TEXT, "y null")], TEXT, "x null");
}

#[test]
fn case_evaluates_a_branch_only_on_its_rows() {
    let (frame, args) = operands(&[(INT, "6 5 null 8"), (INT, "3 0 1 null")]);
    let [a, b] = [args[0].clone(), args[1].clone()];
    let quotient = call("floordiv", vec![a.clone(), b.clone()], INT);
    let is_safe = call("ne", vec![b, lit(INT, "0")], BOOL);
    let guarded = case(vec![(is_safe.clone(), quotient.clone())], lit(INT, "-1"));
    assert_eq!(text(&run(&project(source(&frame), vec![("r", guarded)]))), "2\n-1\nnull\n-1");
    // `and` does not guard.
    let both = call("and", vec![is_safe, call("gt", vec![quotient, lit(INT, "1")], BOOL)], BOOL);
    let error = run_error(&filter(source(&frame), both));
    assert_eq!(error.kind(), ErrorKind::DivisionByZero);
}

#[test]
fn rounding_and_whole_numbers() {
    check("round", &[(FLOAT, "2.5 -2.5 2.4 NaN null")], FLOAT, "3.0 -3.0 2.0 NaN null");
    check("floor", &[(FLOAT, "2.5 -2.5 -0.5")], FLOAT, "2.0 -3.0 -1.0");
    check("ceil", &[(FLOAT, "2.5 -2.5 -0.5")], FLOAT, "3.0 -2.0 -0.0");
    check("round", &[(INT, "9223372036854775807")], INT, "9223372036854775807");
    check("abs", &[(FLOAT, "-0.0 -1.5")], FLOAT, "0.0 1.5");
}

#[test]
fn text_functions_count_scalar_values_and_follow_unicode() {
    check("length", &[(TEXT, "abc é 👩‍👩‍👧 null")], INT, "3 1 5 null");
    check("upper", &[(TEXT, "straße éa null")], TEXT, "STRASSE ÉA null");
    check("lower", &[(TEXT, "ÀB ΣΑΣ")], TEXT, "àb σας");
    check("contains", &[(TEXT, "banana banana null"), (TEXT, "nan x a")], BOOL, "true false null");
    check("starts_with", &[(TEXT, "banana banana"), (TEXT, "ban an")], BOOL, "true false");
}

fn check_cast(from: DataType, values: &str, to: DataType, expected: &str) {
    let table = frame(&[("a", from.clone(), values)]);
    let casted = |is_try| cast(col(0, from.clone()), to.clone(), is_try);
    let plan = project(source(&table), vec![("r", casted(true))]);
    assert_eq!(text(&run(&plan)).replace('\n', " "), expected);
    for value in values.split_whitespace().zip(expected.split(' ')) {
        let table = frame(&[("a", from.clone(), value.0)]);
        let strict = project(source(&table), vec![("r", casted(false))]);
        match value {
            ("null", _) => assert_eq!(text(&run(&strict)), "null"),
            (_, "null") => assert_eq!(run_error(&strict).kind(), ErrorKind::BadCast, "{value:?}"),
            (_, expected) => assert_eq!(text(&run(&strict)), expected),
        }
    }
}

#[test]
fn casts_are_strict_and_try_casts_give_null() {
    check_cast(
        FLOAT,
        "1 1.5 NaN inf 9223372036854775808 -9223372036854775808 null",
        INT,
        "1 null null null null -9223372036854775808 null",
    );
    check_cast(INT, "0 1 2", BOOL, "false true null");
    check_cast(BOOL, "true false", INT, "1 0");
    check_cast(INT, "9007199254740993", FLOAT, "9007199254740992.0");
    check_cast(TEXT, "12 -7 1.5 x 9223372036854775808", INT, "12 -7 null null null");
    check_cast(TEXT, "1.5 1e3 x NaN", FLOAT, "1.5 1000.0 null NaN");
    check_cast(TEXT, "2024-02-29 2023-02-29 x", DATE, "2024-02-29 null null");
    check_cast(
        TEXT,
        "2024-02-29T10:00:00 2024-02-29",
        TIMESTAMP,
        "2024-02-29T10:00:00 2024-02-29T00:00:00",
    );
    check_cast(TEXT, "true false yes", BOOL, "true false null");
    check_cast(DATE, "2024-02-29", TIMESTAMP, "2024-02-29T00:00:00");
    check_cast(TIMESTAMP, "1969-12-31T23:59:59", DATE, "1969-12-31");
    check_cast(FLOAT, "0.1 1e300 100 -0.0 NaN 1e16", TEXT, "0.1 1e+300 100.0 -0.0 NaN 1e+16");
    check_cast(TIMESTAMP, "2024-02-29T10:00:00.5", TEXT, "2024-02-29T10:00:00.500000");
}
