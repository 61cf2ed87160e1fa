//! What comes out of each function and step: names and types, by the rules of docs/semantics.

mod plan_support;

use plan_support::*;
use serde_json::json;

#[test]
fn expressions_have_the_types_of_their_rules() {
    for (expression, dtype) in [
        ("distance + delay", "int64"),
        ("distance + air_time", "float64"),
        ("distance / delay", "float64"),
        ("distance // delay", "int64"),
        ("air_time % 2", "float64"),
        ("-distance", "int64"),
        ("abs(air_time)", "float64"),
        ("round(distance, 2)", "int64"),
        ("floor(air_time)", "float64"),
        ("distance = air_time", "bool"),
        ("day = left_at", "bool"),
        ("day = '2013-01-01'", "bool"),
        ("left_at > '2013-01-01'", "bool"),
        ("left_at > '2013-01-01T05:15:00.5'", "bool"),
        ("null = distance", "bool"),
        ("carrier in ('UA', null)", "bool"),
        ("distance in (1, 2.5)", "bool"),
        ("day between '2013-01-01' and '2013-12-31'", "bool"),
        ("not late and null", "bool"),
        ("null", "utf8"),
        ("null + 1", "int64"),
        ("coalesce(null, distance, 1.5)", "float64"),
        ("coalesce(day, left_at)", "timestamp"),
        ("coalesce(day, '2013-01-01')", "date"),
        ("case when late then null else day end", "date"),
        ("case when late then 1 else 1.5 end", "float64"),
        ("case when late then null end", "utf8"),
        ("cast(late as bigint)", "int64"),
        ("cast(null as date)", "date"),
        ("try_cast(carrier as timestamp)", "timestamp"),
        ("cast(day as timestamp)", "timestamp"),
        ("upper(carrier)", "utf8"),
        ("length(carrier)", "int64"),
        ("starts_with(carrier, 'U')", "bool"),
        ("carrier is null", "bool"),
    ] {
        let plan = select(frame(0), &[text(&format!("{expression} as x"))]);
        let found =
            schema(&plan, &json!({})).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(found, format!("x {dtype}"), "{expression}");
    }
}

#[test]
fn parameters_bring_their_types() {
    let plan = select(frame(0), &[text("day > :day and distance > :far as x, :day as y")]);
    let values = json!({"day": {"utf8": "2013-01-01"}, "far": {"float64": "1.5"}});
    assert_eq!(schema(&plan, &values).expect("both fit"), "x bool, y utf8");
}

#[test]
fn aggregates_have_the_types_of_their_rules() {
    for (expression, dtype) in [
        ("count(*)", "int64"),
        ("count(dest)", "int64"),
        ("count(distinct dest)", "int64"),
        ("sum(distance)", "int64"),
        ("sum(air_time)", "float64"),
        ("sum(late)", "int64"),
        ("mean(late)", "float64"),
        ("mean(distance)", "float64"),
        ("min(day)", "date"),
        ("max(carrier)", "utf8"),
        ("first(left_at)", "timestamp"),
        ("last(late)", "bool"),
        ("std(distance)", "float64"),
        ("var(air_time)", "float64"),
        ("median(distance)", "float64"),
        ("sum(distance) / count(*)", "float64"),
        ("max(delay) - min(delay)", "int64"),
        ("sum(null)", "int64"),
    ] {
        let plan =
            aggregate(frame(0), &[text("carrier as k")], &[text(&format!("{expression} as x"))]);
        let found =
            schema(&plan, &json!({})).unwrap_or_else(|error| panic!("{expression}: {error}"));
        assert_eq!(found, format!("k utf8, x {dtype}"), "{expression}");
    }
}

#[test]
fn steps_give_the_columns_they_promise() {
    for (plan, columns) in [
        (
            with_columns(frame(1), &[text("1 as name, 2.5 as x")]),
            "carrier utf8, name int64, distance int64, x float64",
        ),
        (
            join(frame(1), frame(1), &[("carrier", "carrier")], "left"),
            "carrier utf8, name utf8, distance int64, name_right utf8, distance_right int64",
        ),
        (
            join(frame(1), frame(1), &[("carrier", "name")], "inner"),
            "carrier utf8, name utf8, distance int64, carrier_right utf8, name_right utf8, \
             distance_right int64",
        ),
        (
            join(frame(1), frame(0), &[("carrier", "carrier")], "semi"),
            "carrier utf8, name utf8, distance int64",
        ),
        (
            json!({"rename": {"input": frame(1), "columns": [
                {"from": "carrier", "to": "name"}, {"from": "name", "to": "carrier"}]}}),
            "name utf8, carrier utf8, distance int64",
        ),
        (json!({"drop": {"input": frame(1), "columns": ["name"]}}), "carrier utf8, distance int64"),
        (
            json!({"write_prdx": {"input": frame(1), "path": "/nowhere/x.prdx"}}),
            "path utf8, rows int64, bytes int64",
        ),
        (
            json!({"values": {"columns": [
                {"name": "a", "dtype": "timestamp", "values": []},
                {"name": "b", "dtype": "bool", "values": []}]}}),
            "a timestamp, b bool",
        ),
    ] {
        assert_eq!(schema(&plan, &json!({})).expect("it resolves"), columns, "{plan}");
    }
}
