//! Every mistake is met before work starts, with its kind, its words and a hint.

mod plan_support;

use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::ErrorKind;
use plan_support::*;
use serde_json::{Value, json};

/// A plan, its parameters, and the error it gives: kind, words of the message.
struct Case(Value, Value, ErrorKind, &'static str);

fn check(cases: &[Case]) {
    for Case(plan, values, kind, words) in cases {
        let error = failure(plan, values);
        assert_eq!(error.kind(), *kind, "{error}\n{plan}");
        let message = error.to_string();
        assert!(message.contains(words), "expected {words:?} in {message:?}\n{plan}");
    }
}

fn none() -> Value {
    json!({})
}

#[test]
fn names_suggest_the_nearest() {
    use ErrorKind::{InvalidPlan, UnknownColumn, UnknownFunction};
    let by = |name: &str| aggregate(frame(0), &[], &[named("x", agg(name, Some(col("delay"))))]);
    check(&[
        Case(
            filter(frame(0), call("gt", &[col("distence"), int(1)])),
            none(),
            UnknownColumn,
            "no column is named \"distence\" (column distence); did you mean \"distance\"?",
        ),
        Case(
            select(frame(1), &[named("x", col("zzzzz"))]),
            none(),
            UnknownColumn,
            "the columns are \"carrier\", \"name\", \"distance\"",
        ),
        Case(
            json!({"drop": {"input": frame(1), "columns": ["nam"]}}),
            none(),
            UnknownColumn,
            "did you mean \"name\"?",
        ),
        Case(
            json!({"rename": {"input": frame(1), "columns": [{"from": "Name", "to": "x"}]}}),
            none(),
            UnknownColumn,
            "did you mean \"name\"?",
        ),
        Case(
            json!({"distinct": {"input": frame(1), "columns": ["nome"]}}),
            none(),
            UnknownColumn,
            "did you mean \"name\"?",
        ),
        Case(sort(frame(0), &[asc("dey")]), none(), UnknownColumn, "did you mean \"day\"?"),
        Case(
            join(frame(0), frame(1), &[("carrier", "carier")], "inner"),
            none(),
            UnknownColumn,
            "did you mean \"carrier\"?",
        ),
        Case(
            select(frame(0), &[named("x", call("uper", &[col("dest")]))]),
            none(),
            UnknownFunction,
            "no function is named \"uper\"; did you mean \"upper\"?",
        ),
        Case(by("avreage"), none(), UnknownFunction, "no function is named \"avreage\""),
        Case(by("upper"), none(), UnknownFunction, "is a function of one row"),
        Case(
            select(frame(0), &[named("x", call("sum", &[col("delay")]))]),
            none(),
            UnknownFunction,
            "use it in an aggregate step",
        ),
        Case(
            select(frame(0), &[named("x", json!({"cast": {"input": int(1), "to": "imt64"}}))]),
            none(),
            InvalidPlan,
            "no type is named \"imt64\"; did you mean \"int64\"?",
        ),
        Case(frame(7), none(), InvalidPlan, "expected a frame at index 7, found 2 frames"),
    ]);
}

#[test]
fn types_name_both_operands() {
    use ErrorKind::{InvalidPlan, TypeMismatch};
    let of = |expression: Value| select(frame(0), &[named("x", expression)]);
    check(&[
        Case(
            of(call("add", &[col("distance"), col("carrier")])),
            none(),
            TypeMismatch,
            "expected numbers for add, found int64 and utf8",
        ),
        Case(
            of(call("sub", &[col("day"), col("day")])),
            none(),
            TypeMismatch,
            "found date and date",
        ),
        Case(
            of(call("gt", &[col("distance"), utf8("5")])),
            none(),
            TypeMismatch,
            "expected one type for gt, found int64 and utf8",
        ),
        Case(of(call("eq", &[col("late"), int(1)])), none(), TypeMismatch, "found bool and int64"),
        Case(
            of(call("eq", &[col("day"), utf8("2013-02-30")])),
            none(),
            TypeMismatch,
            "expected a day of 2013-02, which has 28 days, found \"2013-02-30\"",
        ),
        Case(
            of(call("eq", &[col("day"), utf8("30.2.2013")])),
            none(),
            TypeMismatch,
            "expected a date as YYYY-MM-DD, found \"30.2.2013\"",
        ),
        Case(
            of(call("eq", &[col("left_at"), utf8("2013-02-28T24:00:00")])),
            none(),
            TypeMismatch,
            "expected an hour from 00 to 23, found \"2013-02-28T24:00:00\"",
        ),
        Case(
            of(call("is_in", &[col("distance"), int(1), col("carrier")])),
            none(),
            TypeMismatch,
            "found int64, int64 and utf8",
        ),
        Case(of(call("and", &[col("late"), int(1)])), none(), TypeMismatch, "bool for and"),
        Case(of(call("not", &[col("distance")])), none(), TypeMismatch, "bool for not"),
        Case(of(call("length", &[col("distance")])), none(), TypeMismatch, "utf8 for length"),
        Case(
            of(call("length", &[])),
            none(),
            TypeMismatch,
            "expected 1 operand for length, found 0",
        ),
        Case(of(call("is_in", &[col("day")])), none(), TypeMismatch, "2 operands or more"),
        Case(
            of(call("round", &[col("air_time"), int(16)])),
            none(),
            InvalidPlan,
            "from 0 to 15 for the digits of round, found 16",
        ),
        Case(
            of(call("round", &[col("air_time"), col("delay")])),
            none(),
            TypeMismatch,
            "a literal for the digits of round",
        ),
        Case(
            of(json!({"cast": {"input": col("day"), "to": "int64"}})),
            none(),
            TypeMismatch,
            "date cannot be cast to int64",
        ),
        Case(
            of(json!({"case": {"branches": [{"when": col("late"), "then": int(1)}],
                "otherwise": utf8("x")}})),
            none(),
            TypeMismatch,
            "one type for the results of a case, found int64 and utf8",
        ),
        Case(of(json!({"case": {"branches": []}})), none(), InvalidPlan, "a case has no branch"),
        Case(
            filter(frame(0), col("distance")),
            none(),
            TypeMismatch,
            "expected bool for the predicate of filter, found int64; compare it with a value",
        ),
        Case(
            aggregate(frame(0), &[], &[named("x", agg("mean", Some(col("carrier"))))]),
            none(),
            TypeMismatch,
            "expected a number or bool for mean, found utf8",
        ),
        Case(
            aggregate(frame(0), &[], &[named("x", agg("sum", None))]),
            none(),
            TypeMismatch,
            "expected 1 operand for sum, found 0",
        ),
        Case(
            join(frame(0), frame(1), &[("delay", "name")], "inner"),
            none(),
            TypeMismatch,
            "expected join keys of one type, found \"delay\" of int64 and \"name\" of utf8",
        ),
        Case(
            join(frame(0), frame(1), &[("air_time", "distance")], "inner"),
            none(),
            TypeMismatch,
            "float64 and \"distance\" of int64; cast one of them",
        ),
        Case(
            union(&[frame(0), frame(1)]),
            none(),
            TypeMismatch,
            "expected 8 columns as in the first table of the union, found 3 in table 2",
        ),
        Case(
            union(&[
                frame(1),
                select(
                    frame(1),
                    &[
                        named("carrier", col("carrier")),
                        named("name", col("distance")),
                        named("distance", col("distance")),
                    ],
                ),
            ]),
            none(),
            TypeMismatch,
            "expected \"name\" of utf8 as in the first table of the union, found \"name\" of int64",
        ),
    ]);
}

#[test]
fn parameters_are_given_and_used() {
    let late = filter(frame(0), call("eq", &[col("carrier"), param("carrier")]));
    check(&[
        Case(late.clone(), none(), ErrorKind::Parameter, "\"carrier\" is used but not given"),
        Case(
            late.clone(),
            json!({"carier": {"utf8": "UA"}}),
            ErrorKind::Parameter,
            "did you mean \"carier\"?",
        ),
        Case(
            late.clone(),
            json!({"carrier": {"utf8": "UA"}, "more": "null"}),
            ErrorKind::Parameter,
            "\"more\" is given but not used",
        ),
        Case(
            late.clone(),
            json!({"carrier": {"int64": "9223372036854775808"}}),
            ErrorKind::Parameter,
            "parameter \"carrier\": expected a whole number",
        ),
        Case(late, json!({"carrier": {"int64": "1"}}), ErrorKind::TypeMismatch, "utf8 and int64"),
    ]);
}

#[test]
fn steps_that_make_no_sense_are_refused() {
    use ErrorKind::{BadValue, DuplicateColumn, InvalidOption, InvalidPlan, NotFound};
    let twice = [named("x", int(1)), named("x", int(2))];
    let values = |columns: Value| json!({"values": {"columns": columns}});
    let write = |options: Value| json!({"write_csv": {"input": frame(0), "path": "/nowhere/at/all.csv", "options": options}});
    check(&[
        Case(select(frame(0), &twice), none(), DuplicateColumn, "\"x\" occurs twice"),
        Case(with_columns(frame(0), &twice), none(), DuplicateColumn, "\"x\" occurs twice"),
        Case(select(frame(0), &[]), none(), InvalidPlan, "select leaves no column"),
        Case(select(frame(0), &[named("", int(1))]), none(), InvalidPlan, "empty name"),
        Case(
            select(frame(0), &[named("x", agg("sum", Some(col("delay"))))]),
            none(),
            InvalidPlan,
            "the aggregate \"sum\" stands outside of an aggregate step",
        ),
        Case(
            aggregate(
                frame(0),
                &[],
                &[named("x", agg("sum", Some(agg("max", Some(col("delay"))))))],
            ),
            none(),
            InvalidPlan,
            "\"max\" stands outside",
        ),
        Case(
            aggregate(
                frame(0),
                &[],
                &[named("x", call("add", &[col("delay"), agg("count", None)]))],
            ),
            none(),
            InvalidPlan,
            "column \"delay\" stands outside of an aggregate; use first(delay), or make it a key",
        ),
        Case(aggregate(frame(0), &[], &[]), none(), InvalidPlan, "neither keys nor aggregates"),
        Case(sort(frame(0), &[]), none(), InvalidPlan, "a sort has no keys"),
        Case(join(frame(0), frame(1), &[], "inner"), none(), InvalidPlan, "a join has no keys"),
        Case(
            json!({"join": {"left": frame(0), "right": frame(1), "how": "left", "suffix": "",
                "on": [{"left": "carrier", "right": "carrier"}]}}),
            none(),
            DuplicateColumn,
            "choose another suffix",
        ),
        Case(union(&[]), none(), InvalidPlan, "a union has no tables"),
        Case(
            json!({"distinct": {"input": frame(0), "columns": []}}),
            none(),
            InvalidPlan,
            "a distinct compares no columns",
        ),
        Case(
            json!({"rename": {"input": frame(1), "columns": [{"from": "name", "to": "carrier"}]}}),
            none(),
            DuplicateColumn,
            "\"carrier\" occurs twice",
        ),
        Case(
            json!({"rename": {"input": frame(1),
                "columns": [{"from": "name", "to": "x"}, {"from": "name", "to": "y"}]}}),
            none(),
            InvalidPlan,
            "\"name\" is renamed twice",
        ),
        Case(
            json!({"drop": {"input": frame(1), "columns": ["carrier", "name", "distance"]}}),
            none(),
            InvalidPlan,
            "drop leaves no column",
        ),
        Case(
            values(json!([{"name": "a", "dtype": "int64", "values": ["1"]},
                {"name": "b", "dtype": "int64", "values": []}])),
            none(),
            InvalidPlan,
            "expected 1 values as in the first column, found 0 (column b)",
        ),
        Case(
            values(json!([{"name": "a", "dtype": "int64", "values": ["1", "1.5"]}])),
            none(),
            BadValue,
            "found \"1.5\" in row 1 of the values (column a)",
        ),
        Case(
            json!({"scan_prdx": {"path": "/nowhere/at/all.prdx"}}),
            none(),
            NotFound,
            "/nowhere/at/all.prdx",
        ),
        Case(write(json!({"delimiter": ";;;;;;;;;"})), none(), InvalidOption, "delimiter"),
        Case(write(json!({"delimiter": "\""})), none(), InvalidOption, "delimiter and quote"),
        Case(write(json!({"quote": "é"})), none(), InvalidOption, "quote"),
        Case(
            write(json!({"null_value": "a,b"})),
            none(),
            InvalidOption,
            "null value may hold no delimiter",
        ),
    ]);
}

#[test]
fn text_says_what_it_does_not_know_and_where() {
    use ErrorKind::{
        InvalidArgument, Overflow, Syntax, TypeMismatch, UnknownFunction, UnknownTable, Unsupported,
    };
    let of = |predicate: &str| filter(frame(0), text(predicate));
    check(&[
        Case(of("distance >"), none(), Syntax, "expected an expression, found the end of the text"),
        Case(of("distance > 1 carrier"), none(), Syntax, "found \"carrier\" at column 14"),
        Case(of("'open"), none(), Syntax, "at column 1 (line 1, byte 0)"),
        Case(
            of("late and\n  é similar to 'x'"),
            none(),
            Unsupported,
            "similar to is not supported at column 3 (line 2, byte 11); use regex_matches",
        ),
        Case(of("sum(delay) over () > 1"), none(), Unsupported, "a window function (over)"),
        Case(of("delay in (select 1)"), none(), Unsupported, "in (select ...)"),
        Case(of("exists (select 1)"), none(), Unsupported, "exists"),
        Case(of("distance & 1 = 1"), none(), Unsupported, "the operator &"),
        Case(of("delay > ?"), none(), Unsupported, "name parameters, as in :name"),
        Case(of("delay > $1"), none(), Unsupported, "the parameter $1"),
        Case(of("late is unknown"), none(), Unsupported, "this kind of expression"),
        Case(
            of("extract(century from day) = 1"),
            none(),
            Unsupported,
            "extract(century from ...) is not supported at column 22 (line 1, byte 21); the parts are year",
        ),
        Case(
            of("extract(milliseconds from left_at) = 1"),
            none(),
            Unsupported,
            "write second(x) and millisecond(x)",
        ),
        Case(of("date_part(carrier, day) = 1"), none(), TypeMismatch, "the part written out"),
        Case(of("interval '1 day' = day"), none(), Unsupported, "an interval by itself"),
        Case(of("day + interval '1 day 2 hours' = day"), none(), Unsupported, "several units"),
        Case(of("day + interval '1.5 days' = day"), none(), Syntax, "a whole number of units"),
        Case(of("day + interval '1 fortnight' = day"), none(), InvalidArgument, "fortnight"),
        Case(of("day + interval '1' = day"), none(), Syntax, "a whole number of units"),
        Case(of("cast(delay as varchar(3)) = '1'"), none(), Unsupported, "the type VARCHAR(3)"),
        Case(of("delay > 9223372036854775808"), none(), Overflow, "does not fit int64 at column 9"),
        Case(
            of("air_time > 1e400"),
            none(),
            Overflow,
            "the number 1e400 does not fit float64 at column 12 (line 1, byte 11); the largest is 1.7976931348623157e308",
        ),
        Case(
            of("air_time > -1e400"),
            none(),
            Overflow,
            "-1e400 does not fit float64 at column 13 (line 1, byte 12); the smallest is -1.7976931348623157e308, beyond it is cast('-inf' as float64)",
        ),
        Case(
            of("day > date '2016-02-30'"),
            none(),
            Syntax,
            "expected a day of 2016-02, which has 29 days, found \"2016-02-30\"",
        ),
        Case(
            of("left_at > timestamp '2013-02-01 00:60:00'"),
            none(),
            Syntax,
            "expected a minute from 00 to 59",
        ),
        Case(of("day > date '1.2.2013'"), none(), Syntax, "expected a date as YYYY-MM-DD"),
        Case(
            of("delay is not not null"),
            none(),
            Syntax,
            "expected [not] null, true, false or distinct from after is, found \"not\" at column 14",
        ),
        Case(of("uper(carrier) = 'x'"), none(), UnknownFunction, "did you mean \"upper\"?"),
        Case(of("f.delay > 1"), none(), UnknownTable, "write delay alone"),
        Case(of(""), none(), Syntax, "expected an expression"),
        Case(of("late; drop table x"), none(), Syntax, "the end of the text"),
    ]);
}

#[test]
fn statements_say_what_they_do_not_know_and_where() {
    use ErrorKind::{InvalidPlan, Syntax, TypeMismatch, UnknownColumn, UnknownTable, Unsupported};
    check(&[
        Case(sql("delete from flights"), none(), Unsupported, "a statement that is no select"),
        Case(sql("select * from fligths"), none(), UnknownTable, "did you mean \"flights\"?"),
        Case(
            sql("select x.delay from flights f"),
            none(),
            UnknownTable,
            "no table in from is named \"x\"",
        ),
        Case(sql("select 1"), none(), Unsupported, "select without from"),
        Case(sql("select * from flights, airlines"), none(), Unsupported, "use join ... on"),
        Case(
            sql("select * from flights right join airlines using (carrier)"),
            none(),
            Unsupported,
            "swap the tables",
        ),
        Case(
            sql("select * from flights full join airlines using (carrier)"),
            none(),
            Unsupported,
            "a full join",
        ),
        Case(sql("select * from flights cross join airlines"), none(), Unsupported, "a cross join"),
        Case(
            sql("select * from flights natural join airlines"),
            none(),
            Unsupported,
            "a natural join",
        ),
        Case(
            sql("select * from flights f join airlines a on f.delay > a.distance"),
            none(),
            Unsupported,
            "not an equality of one column of each table",
        ),
        Case(
            sql("select carrier from flights f join airlines a on f.carrier = a.carrier"),
            none(),
            InvalidPlan,
            "column \"carrier\" is in \"f\" and in \"a\" at column 8 (line 1, byte 7); write f.carrier or a.carrier",
        ),
        Case(
            sql("select distanse from flights f join airlines a using (carrier)"),
            none(),
            UnknownColumn,
            "did you mean \"distance\"?",
        ),
        Case(
            sql("select * from flights join flights using (carrier)"),
            none(),
            InvalidPlan,
            "two tables in from are named \"flights\"",
        ),
        Case(
            sql("select dest, count(*) from flights group by carrier"),
            none(),
            InvalidPlan,
            "column \"dest\" is neither in group by nor within an aggregate",
        ),
        Case(sql("select * from flights group by carrier"), none(), Unsupported, "* with group by"),
        Case(sql("select carrier from flights group by 2"), none(), Syntax, "from 1 to 1, found 2"),
        Case(sql("select carrier from flights group by rollup(carrier)"), none(), Unsupported, ""),
        Case(
            sql("select distinct carrier from flights order by delay"),
            none(),
            InvalidPlan,
            "select distinct",
        ),
        Case(
            sql("select distinct on (carrier) * from flights"),
            none(),
            Unsupported,
            "distinct on",
        ),
        Case(
            sql("select sum(distinct delay) as s from flights"),
            none(),
            Unsupported,
            "sum(distinct ...)",
        ),
        Case(
            sql("select * from flights where sum(delay) > 1"),
            none(),
            InvalidPlan,
            "outside of an aggregate step",
        ),
        Case(sql("select * from flights limit :n"), none(), Syntax, "expected a number of rows"),
        Case(
            sql("select * from flights fetch first 3 rows only"),
            none(),
            Unsupported,
            "fetch first",
        ),
        Case(
            sql("select * from flights for update"),
            none(),
            Unsupported,
            "a clause after the statement",
        ),
        Case(
            sql("select carrier from flights intersect all select carrier from airlines"),
            none(),
            Unsupported,
            "intersect all is not supported",
        ),
        Case(
            sql("select carrier, dest from flights except select carrier from airlines"),
            none(),
            TypeMismatch,
            "in table 2",
        ),
        Case(
            sql("select first(dest) filter (where late) as f from flights"),
            none(),
            Unsupported,
            "filter after first or last is not supported",
        ),
        Case(
            sql("select upper(dest) filter (where late) as f from flights"),
            none(),
            Unsupported,
            "filter after a function of one row",
        ),
        Case(
            sql("select nullif(dest) as n from flights"),
            none(),
            TypeMismatch,
            "expected 2 operands for nullif, found 1",
        ),
        Case(sql("values (1)"), none(), Unsupported, "values"),
        Case(
            sql("with recursive t as (select * from flights) select * from t"),
            none(),
            Unsupported,
            "with recursive",
        ),
    ]);
}

#[test]
fn text_is_bounded() {
    let context = Context::default();
    let chain = |word: &str, count: usize| vec![word; count].join(" ");
    let texts = [
        format!("{}late", "(".repeat(10_000)),
        format!("{} late", chain("not", 5_000)),
        format!("delay = {}1", "- ".repeat(5_000)),
        format!("delay = 1{}", " + 1".repeat(20_000)),
        format!("late{}", " and late".repeat(401)),
        format!("delay in ({})", vec!["1"; 60_000].join(", ")),
        format!("carrier = '{}'", "x".repeat(2 << 20)),
        format!("{}late{}", "case when late then ".repeat(3_000), " end".repeat(3_000)),
        format!("{}late{}", "abs(".repeat(3_000), ")".repeat(3_000)),
        // What a form writes twice doubles with each form around it.
        format!("{}delay{}", "nullif(".repeat(60), ", 1)".repeat(60)),
        format!("delay{}", " is distinct from delay".repeat(60)),
        format!("{}late{}", "case ".repeat(60), " when 1 then 1 when 2 then 2 end".repeat(60)),
    ];
    for text_of in &texts {
        let shown: String = text_of.chars().take(40).collect();
        let plan = document(&filter(frame(0), text(text_of))).expect("a short tree");
        let error = engine::canonical(&plan, &frames(), &context).expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{shown}: {error}");
    }
    let mut doubling = "with t0 as (select * from flights)".to_owned();
    for index in 1..30 {
        let last = index - 1;
        doubling +=
            &format!(", t{index} as (select * from t{last} union all select * from t{last})");
    }
    let error = failure(&sql(&format!("{doubling} select * from t29")), &none());
    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    let union = vec!["select * from flights"; 2_000].join(" union all ");
    assert_eq!(failure(&sql(&union), &none()).kind(), ErrorKind::LimitExceeded);
    let nested = format!("{}flights{}", "(select * from ".repeat(500), ")".repeat(500));
    assert_eq!(
        failure(&sql(&format!("select * from {nested}")), &none()).kind(),
        ErrorKind::LimitExceeded
    );
    // And what is within the bounds passes.
    let wide = format!("delay in ({})", vec!["1"; 20_000].join(", "));
    canonical(&filter(frame(0), text(&wide))).expect("20,000 elements are few");
    let chained = format!("late{}", " and late".repeat(390));
    schema(&filter(frame(0), text(&chained)), &none()).expect("a chain of 390");
}
