//! Text and builder are two doors to one room: their canonical documents are equal byte for byte.

mod plan_support;

use plan_support::*;
use serde_json::{Value, json};

fn check(text: &Value, builder: &Value) {
    let from_text = canonical(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let from_builder = canonical(builder).unwrap_or_else(|error| panic!("{error}\n{builder}"));
    assert_eq!(from_text, from_builder, "\n{text}");
}

#[test]
fn expressions_are_equal() {
    let (a, b) = (|| col("distance"), || col("delay"));
    let pairs: Vec<(&str, Value)> = vec![
        ("distance > 500", call("gt", &[a(), int(500)])),
        ("distance >= 500", call("ge", &[a(), int(500)])),
        ("distance < -5", call("lt", &[a(), int(-5)])),
        ("distance <= 5", call("le", &[a(), int(5)])),
        ("distance = delay", call("eq", &[a(), b()])),
        ("distance <> delay", call("ne", &[a(), b()])),
        ("distance != delay", call("ne", &[a(), b()])),
        (
            "distance > 500 and carrier in (:a, :b)",
            call(
                "and",
                &[
                    call("gt", &[a(), int(500)]),
                    call("is_in", &[col("carrier"), param("a"), param("b")]),
                ],
            ),
        ),
        (
            "late or late and not late",
            call("or", &[col("late"), call("and", &[col("late"), call("not", &[col("late")])])]),
        ),
        (
            "distance - delay - 1 > 0",
            call("gt", &[call("sub", &[call("sub", &[a(), b()]), int(1)]), int(0)]),
        ),
        (
            "distance + delay * 2 = 3",
            call("eq", &[call("add", &[a(), call("mul", &[b(), int(2)])]), int(3)]),
        ),
        (
            "(distance + delay) * 2 = 3",
            call("eq", &[call("mul", &[call("add", &[a(), b()]), int(2)]), int(3)]),
        ),
        ("distance / delay = 1.5", call("eq", &[call("div", &[a(), b()]), float("1.5")])),
        ("distance // delay = 1e3", call("eq", &[call("floordiv", &[a(), b()]), float("1000")])),
        ("distance % 7 = 0", call("eq", &[call("mod", &[a(), int(7)]), int(0)])),
        ("-distance = -9223372036854775808", { call("eq", &[call("neg", &[a()]), int(i64::MIN)]) }),
        ("carrier is null", call("is_null", &[col("carrier")])),
        ("carrier is not null", call("is_not_null", &[col("carrier")])),
        (
            "carrier not in ('UA', null)",
            call("not", &[call("is_in", &[col("carrier"), utf8("UA"), json!({"lit": "null"})])]),
        ),
        ("distance between 1 and :top", call("between", &[a(), int(1), param("top")])),
        ("distance not between 1 and 2", call("not", &[call("between", &[a(), int(1), int(2)])])),
        (
            "case when late then 1 else 0 end = 1",
            call(
                "eq",
                &[
                    json!({"case": {"branches": [{"when": col("late"), "then": int(1)}],
                    "otherwise": int(0)}}),
                    int(1),
                ],
            ),
        ),
        (
            "case carrier when 'UA' then late end",
            json!({"case": {"branches": [
                {"when": call("eq", &[col("carrier"), utf8("UA")]), "then": col("late")}]}}),
        ),
        (
            "cast(distance as double precision) > 1.0",
            call("gt", &[json!({"cast": {"input": a(), "to": "float64"}}), float("1")]),
        ),
        (
            "try_cast(carrier as bigint) = 1",
            call("eq", &[json!({"try_cast": {"input": col("carrier"), "to": "int64"}}), int(1)]),
        ),
        (
            "distance::varchar = '1'",
            call("eq", &[json!({"cast": {"input": a(), "to": "utf8"}}), utf8("1")]),
        ),
        ("coalesce(distance, delay, 0) = 0", {
            call("eq", &[call("coalesce", &[a(), b(), int(0)]), int(0)])
        }),
        (
            "ABS(distance) + Round(air_time, 2) > floor(air_time) + ceil(air_time)",
            call(
                "gt",
                &[
                    call("add", &[call("abs", &[a()]), call("round", &[col("air_time"), int(2)])]),
                    call(
                        "add",
                        &[call("floor", &[col("air_time")]), call("ceil", &[col("air_time")])],
                    ),
                ],
            ),
        ),
        (
            "contains(upper(carrier), lower('U')) and starts_with(dest, 'I')",
            call(
                "and",
                &[
                    call(
                        "contains",
                        &[call("upper", &[col("carrier")]), call("lower", &[utf8("U")])],
                    ),
                    call("starts_with", &[col("dest"), utf8("I")]),
                ],
            ),
        ),
        ("length(carrier) = 2", call("eq", &[call("length", &[col("carrier")]), int(2)])),
        (
            "day = date '2013-01-01' or left_at >= timestamp '2013-01-01 05:15:00'",
            call(
                "or",
                &[
                    call("eq", &[col("day"), json!({"lit": {"date": "2013-01-01"}})]),
                    call(
                        "ge",
                        &[col("left_at"), json!({"lit": {"timestamp": "2013-01-01T05:15:00"}})],
                    ),
                ],
            ),
        ),
        ("late = true and not false", {
            call(
                "and",
                &[
                    call("eq", &[col("late"), json!({"lit": {"bool": true}})]),
                    call("not", &[json!({"lit": {"bool": false}})]),
                ],
            )
        }),
        ("\"late\" and carrier = 'it''s'", {
            call("and", &[col("late"), call("eq", &[col("carrier"), utf8("it's")])])
        }),
        (
            "-- a comment\nlate /* and another */ AND LATE IS NULL",
            call("and", &[col("late"), call("is_null", &[col("LATE")])]),
        ),
    ];
    for (predicate, expression) in &pairs {
        check(&filter(frame(0), text(predicate)), &filter(frame(0), expression.clone()));
    }
}

#[test]
fn lists_are_equal() {
    check(
        &select(frame(0), &[text("carrier, distance * 2 as twice, (delay), round(air_time)")]),
        &select(
            frame(0),
            &[
                named("carrier", col("carrier")),
                named("twice", call("mul", &[col("distance"), int(2)])),
                named("delay", col("delay")),
                named("round(air_time)", call("round", &[col("air_time")])),
            ],
        ),
    );
    check(
        &select(frame(1), &[text("*, distance + 1 as more")]),
        &select(
            frame(1),
            &[
                named("carrier", col("carrier")),
                named("name", col("name")),
                named("distance", col("distance")),
                named("more", call("add", &[col("distance"), int(1)])),
            ],
        ),
    );
    check(
        &with_columns(frame(1), &[text("upper(name) name"), named("one", int(1))]),
        &with_columns(
            frame(1),
            &[named("name", call("upper", &[col("name")])), named("one", int(1))],
        ),
    );
    check(
        &sort(frame(0), &[text("distance desc nulls first, carrier, day asc nulls last")]),
        &sort(frame(0), &[key(col("distance"), true, "first"), asc("carrier"), asc("day")]),
    );
    check(
        &aggregate(
            frame(0),
            &[text("carrier, dest")],
            &[text(
                "count(*) as n, count(delay), count(distinct dest) as places, avg(delay) as mean, \
             stddev(delay) as s, variance(delay) as v, sum(delay) / count() as ratio",
            )],
        ),
        &aggregate(
            frame(0),
            &[named("carrier", col("carrier")), named("dest", col("dest"))],
            &[
                named("n", agg("count", None)),
                named("count(delay)", agg("count", Some(col("delay")))),
                named("places", agg("n_unique", Some(col("dest")))),
                named("mean", agg("mean", Some(col("delay")))),
                named("s", agg("std", Some(col("delay")))),
                named("v", agg("var", Some(col("delay")))),
                named("ratio", call("div", &[agg("sum", Some(col("delay"))), agg("count", None)])),
            ],
        ),
    );
}

fn carrier() -> Value {
    named("carrier", col("carrier"))
}

#[test]
fn statements_over_one_table_are_equal() {
    let long = || filter(frame(0), call("gt", &[col("distance"), int(500)]));
    let pairs: Vec<(&str, Value)> = vec![
        ("select * from flights", frame(0)),
        ("SELECT * FROM flights WHERE distance > 500;", long()),
        (
            "select carrier, f.distance as d from flights f where f.distance > 500",
            select(long(), &[carrier(), named("d", col("distance"))]),
        ),
        (
            "select f.* from airlines as f",
            select(
                frame(1),
                &[carrier(), named("name", col("name")), named("distance", col("distance"))],
            ),
        ),
        ("select distinct carrier from flights", distinct(select(frame(0), &[carrier()]))),
        (
            "select distinct carrier from flights order by carrier",
            sort(distinct(select(frame(0), &[carrier()])), &[asc("carrier")]),
        ),
        ("select * from flights limit 3", limit(frame(0), 0, Some(3))),
        ("select * from flights limit 3 offset 2", limit(frame(0), 2, Some(3))),
        ("select * from flights offset 2", limit(frame(0), 2, None)),
        (
            "select * from flights order by distance desc, 1 limit 1",
            limit(
                sort(frame(0), &[key(col("distance"), true, "last"), asc("carrier")]),
                0,
                Some(1),
            ),
        ),
        (
            "select carrier, distance * 2 as d from flights order by d desc nulls first, 1",
            sort(
                select(frame(0), &[carrier(), named("d", call("mul", &[col("distance"), int(2)]))]),
                &[key(col("d"), true, "first"), asc("carrier")],
            ),
        ),
        (
            "select carrier, distance * 2 as d from flights order by delay, d",
            select(
                sort(
                    frame(0),
                    &[asc("delay"), key(call("mul", &[col("distance"), int(2)]), false, "last")],
                ),
                &[carrier(), named("d", call("mul", &[col("distance"), int(2)]))],
            ),
        ),
        (
            "select s.d from (select distance as d from flights) as s where s.d is null",
            select(
                filter(
                    select(frame(0), &[named("d", col("distance"))]),
                    call("is_null", &[col("d")]),
                ),
                &[named("d", col("d"))],
            ),
        ),
        (
            "with long as (select * from flights where distance > 500) \
             select carrier from long",
            select(long(), &[carrier()]),
        ),
        (
            "select carrier from flights union all select name from airlines",
            union(&[
                select(frame(0), &[carrier()]),
                select(
                    select(frame(1), &[named("name", col("name"))]),
                    &[named("carrier", col("name"))],
                ),
            ]),
        ),
        (
            "select carrier from flights union all select carrier from airlines \
             union all select carrier from flights order by carrier limit 2",
            limit(
                sort(
                    union(&[
                        select(frame(0), &[carrier()]),
                        select(frame(1), &[carrier()]),
                        select(frame(0), &[carrier()]),
                    ]),
                    &[asc("carrier")],
                ),
                0,
                Some(2),
            ),
        ),
        (
            "select carrier from flights union select carrier from airlines",
            distinct(union(&[select(frame(0), &[carrier()]), select(frame(1), &[carrier()])])),
        ),
    ];
    for (query, builder) in &pairs {
        check(&sql(query), builder);
    }
}

#[test]
fn grouped_statements_are_equal() {
    let n = || named("n", agg("count", None));
    let by_carrier = |aggregates: &[Value]| aggregate(frame(0), &[carrier()], aggregates);
    let pairs: Vec<(&str, Value)> = vec![
        ("select carrier, count(*) as n from flights group by carrier", by_carrier(&[n()])),
        ("select carrier, count(*) as n from flights group by 1", by_carrier(&[n()])),
        ("select count(*) as n from flights", aggregate(frame(0), &[], &[n()])),
        (
            "select count(*) as n, carrier from flights group by carrier",
            select(by_carrier(&[n()]), &[named("n", col("n")), carrier()]),
        ),
        ("select carrier from flights group by carrier", aggregate(frame(0), &[carrier()], &[])),
        (
            "select upper(carrier) as u, sum(delay) as s from flights group by u",
            aggregate(
                frame(0),
                &[named("u", call("upper", &[col("carrier")]))],
                &[named("s", agg("sum", Some(col("delay"))))],
            ),
        ),
        (
            "select carrier, count(*) as n from flights group by carrier \
             having count(*) >= 100 order by n desc limit 10",
            limit(
                sort(
                    filter(by_carrier(&[n()]), call("ge", &[col("n"), int(100)])),
                    &[key(col("n"), true, "last")],
                ),
                0,
                Some(10),
            ),
        ),
        (
            "select carrier, count(*) as n from flights group by carrier having avg(delay) > 1",
            select(
                filter(
                    by_carrier(&[n(), named("aggregate 1", agg("mean", Some(col("delay"))))]),
                    call("gt", &[col("aggregate 1"), int(1)]),
                ),
                &[carrier(), named("n", col("n"))],
            ),
        ),
        (
            "select carrier, count(*) as n from flights group by carrier order by max(delay), n",
            select(
                sort(
                    by_carrier(&[n(), named("aggregate 1", agg("max", Some(col("delay"))))]),
                    &[asc("aggregate 1"), asc("n")],
                ),
                &[carrier(), named("n", col("n"))],
            ),
        ),
        (
            "select carrier, sum(delay) / count(*) as r from flights group by carrier order by r",
            sort(
                by_carrier(&[named(
                    "r",
                    call("div", &[agg("sum", Some(col("delay"))), agg("count", None)]),
                )]),
                &[asc("r")],
            ),
        ),
        (
            "select distance % 2 as odd, distance % 2 + count(*) as x from flights group by 1",
            select(
                aggregate(
                    frame(0),
                    &[named("odd", call("mod", &[col("distance"), int(2)]))],
                    &[named("aggregate 1", agg("count", None))],
                ),
                &[
                    named("odd", col("odd")),
                    named("x", call("add", &[col("odd"), col("aggregate 1")])),
                ],
            ),
        ),
        (
            "select max(delay) as carrier from flights group by carrier",
            select(
                aggregate(
                    frame(0),
                    &[named("key 1", col("carrier"))],
                    &[named("carrier", agg("max", Some(col("delay"))))],
                ),
                &[named("carrier", col("carrier"))],
            ),
        ),
    ];
    for (query, builder) in &pairs {
        check(&sql(query), builder);
    }
}

#[test]
fn joins_are_equal() {
    let joined = |how| join(frame(0), frame(1), &[("carrier", "carrier")], how);
    let renamed = |to: &str| json!({"rename": {"input": frame(1), "columns": [{"from": "carrier", "to": to}]}});
    let pairs: Vec<(&str, Value)> = vec![
        ("select * from flights join airlines using (carrier)", joined("inner")),
        ("select * from flights left join airlines using (carrier)", joined("left")),
        ("select * from flights f inner join airlines a on f.carrier = a.carrier", joined("inner")),
        (
            "select * from flights f left outer join airlines a on a.carrier = f.carrier",
            joined("left"),
        ),
        ("select * from flights left semi join airlines using (carrier)", joined("semi")),
        (
            "select * from flights f left anti join airlines a on f.carrier = a.carrier",
            joined("anti"),
        ),
        (
            "select carrier, name, a.distance as d from flights f join airlines a using (carrier)",
            select(
                joined("inner"),
                &[carrier(), named("name", col("name")), named("d", col("distance_right"))],
            ),
        ),
        (
            "select f.carrier, a.* from flights f join airlines a \
             on f.carrier = a.name and f.distance = a.distance",
            select(
                join(
                    frame(0),
                    json!({"rename": {"input": frame(1),
                        "columns": [{"from": "distance", "to": "a.distance"}]}}),
                    &[("carrier", "name"), ("distance", "a.distance")],
                    "inner",
                ),
                &[
                    carrier(),
                    named("carrier", col("carrier_right")),
                    named("name", col("name")),
                    named("distance", col("a.distance")),
                ],
            ),
        ),
        // Unmatched rows have a null on the right although the left key has a value.
        (
            "select f.delay, a.carrier from flights f left join airlines a \
             on f.carrier = a.carrier where a.carrier is null",
            select(
                filter(
                    join(frame(0), renamed("a.carrier"), &[("carrier", "a.carrier")], "left"),
                    call("is_null", &[col("a.carrier")]),
                ),
                &[named("delay", col("delay")), named("carrier", col("a.carrier"))],
            ),
        ),
        (
            "select b.name from airlines a join airlines b using (carrier) \
             join airlines c on b.name = c.name",
            select(
                join(
                    join(frame(1), frame(1), &[("carrier", "carrier")], "inner"),
                    json!({"rename": {"input": frame(1), "columns": [
                        {"from": "name", "to": "c.name"},
                        {"from": "distance", "to": "c.distance"}]}}),
                    &[("name_right", "c.name")],
                    "inner",
                ),
                &[named("name", col("name_right"))],
            ),
        ),
    ];
    for (query, builder) in &pairs {
        check(&sql(query), builder);
    }
}

#[test]
fn canonical_is_a_fixed_point() {
    let query = "select carrier, avg(delay) * 1.50 as m from flights where day = date '2013-01-01' \
                 group by carrier order by m";
    let once = canonical(&sql(query)).expect("a statement of the door");
    let plan: Value = serde_json::from_str(&once).expect("canonical is JSON");
    assert_eq!(canonical(&plan["plan"]).expect("nodes only"), once);
    assert!(once.contains(r#"{"float64":"1.5"}"#), "{once}");
}
