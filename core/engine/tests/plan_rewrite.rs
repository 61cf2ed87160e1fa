//! Rules make plans smaller and never move an error: seen through `explain`.

mod plan_support;

use plan_support::*;
use serde_json::{Value, json};

fn check(plan: &Value, expected: &[&str]) {
    let text = explain(plan, &json!({})).expect("a plan that resolves");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines, expected, "\n{text}");
}

#[test]
fn sources_give_only_what_is_used() {
    check(
        &sql("select carrier, count(*) as n from flights where distance > 500 group by carrier"),
        &[
            "aggregate count(*) by carrier -> [carrier utf8, n int64]",
            "  filter distance > 500 -> [carrier utf8, distance int64]",
            "    source frame 0: 2 of 8 columns, 5 rows -> [carrier utf8, distance int64]",
        ],
    );
    check(
        &sql("select count(*) as n from flights"),
        &[
            "aggregate count(*) -> [n int64]",
            "  source frame 0: 1 of 8 columns, 5 rows -> [carrier utf8]",
        ],
    );
    check(
        &sql("select name from flights join airlines using (carrier)"),
        &[
            "project name -> [name utf8]",
            "  inner join on carrier = carrier -> [carrier utf8, name utf8]",
            "    source frame 0: 1 of 8 columns, 5 rows -> [carrier utf8]",
            "    source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, name utf8]",
        ],
    );
    // A union keeps one shape, whatever its inputs need for themselves.
    check(
        &sql("select carrier from (select * from airlines where distance > 1 \
              union all select * from airlines) as u"),
        &[
            "union of 2 -> [carrier utf8]",
            "  project carrier -> [carrier utf8]",
            "    filter distance > 1 -> [carrier utf8, distance int64]",
            "      source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, distance int64]",
            "  source frame 1: 1 of 3 columns, 3 rows -> [carrier utf8]",
        ],
    );
    // What is written or described is whole.
    check(
        &json!({"describe": {"input": frame(1)}}),
        &[
            "describe -> [column utf8, dtype utf8, count int64, nulls int64, mean float64, \
         std float64, min utf8, q25 float64, median float64, q75 float64, max utf8]",
            "  source frame 1: 3 of 3 columns, 3 rows -> [carrier utf8, name utf8, distance int64]",
        ],
    );
}

#[test]
fn filters_go_below_what_cannot_fail() {
    check(
        &sql("select f.delay, a.name from flights f join airlines a on f.carrier = a.carrier \
              where f.delay > 0 and a.name = 'United' and f.distance > a.distance order by 1"),
        &[
            "sort delay asc -> [delay int64, name utf8]",
            "  project delay, name -> [delay int64, name utf8]",
            "    filter distance > distance_right -> [carrier utf8, distance int64, delay int64, \
             name utf8, distance_right int64]",
            "      inner join on carrier = carrier -> [carrier utf8, distance int64, delay int64, \
             name utf8, distance_right int64]",
            "        filter delay > 0 -> [carrier utf8, distance int64, delay int64]",
            "          source frame 0: 3 of 8 columns, 5 rows -> [carrier utf8, distance int64, \
             delay int64]",
            "        filter name = 'United' -> [carrier utf8, name utf8, distance int64]",
            "          source frame 1: 3 of 3 columns, 3 rows -> [carrier utf8, name utf8, \
             distance int64]",
        ],
    );
    // The right side of a left join stays: its filter would bring back rows as nulls.
    check(
        &sql("select delay from flights left join airlines using (carrier) where name = 'United'"),
        &[
            "project delay -> [delay int64]",
            "  filter name = 'United' -> [carrier utf8, delay int64, name utf8]",
            "    left join on carrier = carrier -> [carrier utf8, delay int64, name utf8]",
            "      source frame 0: 2 of 8 columns, 5 rows -> [carrier utf8, delay int64]",
            "      source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, name utf8]",
        ],
    );
    check(
        &filter(sort(frame(1), &[asc("name")]), text("carrier = 'UA'")),
        &[
            "sort name asc -> [carrier utf8, name utf8, distance int64]",
            "  filter carrier = 'UA' -> [carrier utf8, name utf8, distance int64]",
            "    source frame 1: 3 of 3 columns, 3 rows -> [carrier utf8, name utf8, distance int64]",
        ],
    );
}

#[test]
fn what_can_fail_stays_with_its_rows() {
    // `distance * 2` may overflow in a row that the filter drops.
    check(
        &filter(
            select(frame(1), &[text("carrier, distance * 2 as twice")]),
            text("carrier = 'UA'"),
        ),
        &[
            "filter carrier = 'UA' -> [carrier utf8, twice int64]",
            "  project carrier, distance * 2 as twice -> [carrier utf8, twice int64]",
            "    source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, distance int64]",
        ],
    );
    // Nobody asks for it, so it is not computed.
    check(
        &select(select(frame(1), &[text("carrier, distance * 2 as twice")]), &[text("carrier")]),
        &["source frame 1: 1 of 3 columns, 3 rows -> [carrier utf8]"],
    );
    check(
        &aggregate(select(frame(1), &[text("1 // 0 as x")]), &[], &[text("count(*) as n")]),
        &[
            "aggregate count(*) -> [n int64]",
            "  source frame 1: 1 of 3 columns, 3 rows -> [carrier utf8]",
        ],
    );
    // A predicate that may fail is not asked of rows that the join drops.
    check(
        &sql("select name from flights join airlines using (carrier) where delay % 2 = 0"),
        &[
            "project name -> [name utf8]",
            "  filter (delay % 2) = 0 -> [carrier utf8, delay int64, name utf8]",
            "    inner join on carrier = carrier -> [carrier utf8, delay int64, name utf8]",
            "      source frame 0: 2 of 8 columns, 5 rows -> [carrier utf8, delay int64]",
            "      source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, name utf8]",
        ],
    );
}

#[test]
fn projections_merge_and_identities_go() {
    check(
        &select(
            json!({"rename": {"input": with_columns(frame(1), &[text("length(name) as n")]),
                "columns": [{"from": "n", "to": "letters"}]}}),
            &[text("letters, carrier")],
        ),
        &[
            "project length(name) as letters, carrier -> [letters int64, carrier utf8]",
            "  source frame 1: 2 of 3 columns, 3 rows -> [carrier utf8, name utf8]",
        ],
    );
    check(
        &select(frame(1), &[text("carrier, name, distance")]),
        &["source frame 1: 3 of 3 columns, 3 rows -> [carrier utf8, name utf8, distance int64]"],
    );
    // Computed once, used twice: kept apart.
    check(
        &select(
            select(frame(1), &[text("length(name) as n")]),
            &[text("n = 1 as one, n = 2 as two")],
        ),
        &[
            "project n = 1 as one, n = 2 as two -> [one bool, two bool]",
            "  project length(name) as n -> [n int64]",
            "    source frame 1: 1 of 3 columns, 3 rows -> [name utf8]",
        ],
    );
}

#[test]
fn explain_shows_every_step_and_form() {
    check(
        &select(
            frame(0),
            &[text(
                "coalesce(dest, 'it''s') as \"two words\", -distance as d, not late as l, \
             case when day > '2013-01-01' then 1 else null end as c, \
             try_cast(carrier as bigint) as t, air_time in (1, 2.5) as i, \
             distance between 1 and 2 as b, left_at is null as n, distance > 1.5 as x",
            )],
        ),
        &[
            "project coalesce(dest, 'it''s') as \"two words\", -distance as d, not late as l, \
             case when day > date '2013-01-01' then 1 else null::int64 end as c, \
             try_cast(carrier as int64) as t, (air_time = 1.0) or (air_time = 2.5) as i, \
             distance between 1 and 2 as b, left_at is null as n, distance > 1.5 as x -> \
             [\"two words\" utf8, d int64, l bool, c int64, t int64, i bool, b bool, n bool, x bool]",
            "  source frame 0: 7 of 8 columns, 5 rows -> [carrier utf8, dest utf8, distance int64, \
             air_time float64, day date, left_at timestamp, late bool]",
        ],
    );
    check(
        &json!({"tail": {"count": 2, "input": limit(json!({"distinct":
            {"input": sort(frame(1), &[text("name desc nulls first")]), "columns": ["name"]}}),
            1, None)}}),
        &[
            "tail 2 -> [carrier utf8, name utf8, distance int64]",
            "  limit all offset 1 -> [carrier utf8, name utf8, distance int64]",
            "    distinct name -> [carrier utf8, name utf8, distance int64]",
            "      sort name desc nulls first -> [carrier utf8, name utf8, distance int64]",
            "        source frame 1: 3 of 3 columns, 3 rows -> [carrier utf8, name utf8, distance int64]",
        ],
    );
}
