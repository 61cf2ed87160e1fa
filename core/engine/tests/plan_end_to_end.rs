//! Statements end to end, against DuckDB 2.0.0 (PyPI) over the same two tables, and the same rows
//! with and without rewriting.

mod plan_support;

use pardox_engine::column::{Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine::SystemFiles;
use pardox_engine::error::ErrorKind;
use pardox_engine::plan::bind::bind;
use pardox_engine::plan::document::Params;
use pardox_engine::plan::literal::{date_text, float_text, timestamp_text};
use pardox_engine::plan::names::Names;
use pardox_engine::{engine, exec, sql as door};
use plan_support::*;
use serde_json::{Value, json};

fn rows(frame: &Frame) -> Vec<String> {
    let mut rows = Vec::new();
    for block in frame.blocks() {
        for row in 0..block.row_count() {
            let values = (0..frame.schema().len()).map(|column| {
                match block.array(column).expect("in memory").scalar(row) {
                    Scalar::Null => "null".to_owned(),
                    Scalar::Bool(value) => value.to_string(),
                    Scalar::Int64(value) => value.to_string(),
                    Scalar::Float64(value) => float_text(value),
                    Scalar::Date(days) => date_text(days),
                    Scalar::Timestamp(micros) => timestamp_text(micros),
                    Scalar::Utf8(text) => text,
                    other => panic!("no such value here: {other:?}"),
                }
            });
            rows.push(values.collect::<Vec<_>>().join("|"));
        }
    }
    rows
}

fn answer(plan: &Value, values: &Value) -> Vec<String> {
    let document = document(plan).expect("a document");
    let frames = frames();
    let frame = engine::run(&document, &frames, &params(values), &Context::default());
    rows(&frame.unwrap_or_else(|error| panic!("{error}\n{plan}")))
}

/// The same question without the rules.
fn answer_as_written(plan: &Value) -> Vec<String> {
    let (document, frames, context) =
        (document(plan).expect("a document"), frames(), Context::default());
    let node = door::expand(
        &document.plan,
        Names { given: &frames, files: &SystemFiles::default(), context: &context },
    );
    let plan =
        bind(&node.expect("a text"), &frames, &SystemFiles::default(), &Params::new(), &context)
            .expect("it binds");
    rows(&exec::run(&plan, &context).expect("it runs"))
}

const CASES: &[(&str, &[&str])] = &[
    (
        "select carrier, distance * 2 as d from flights where distance > 1000 order by d desc",
        &["UA|2832", "UA|2800", "AA|2178"],
    ),
    (
        "select carrier, count(*) as n, count(delay) as c, sum(delay) as s, avg(delay) as m from flights group by carrier order by carrier nulls first",
        &["null|1|1|0|0.0", "AA|1|1|-4|-4.0", "DL|1|1|33|33.0", "UA|2|1|11|11.0"],
    ),
    (
        "select carrier, sum(delay) / count(*) as r from flights group by carrier having count(*) >= 1 order by r nulls first, carrier",
        &["AA|-4.0", "null|0.0", "UA|5.5", "DL|33.0"],
    ),
    (
        "select count(distinct dest) as places, min(day) as first_day, max(air_time) as longest, median(distance) as mid, stddev(distance) as s from flights",
        &["3|2013-01-01|NaN|1244.5|308.9761317642513"],
    ),
    (
        "select f.carrier, a.name, a.distance as x from flights f join airlines a on f.carrier = a.carrier order by f.delay nulls last",
        &["UA|United|1", "DL|Delta|2", "UA|United|1"],
    ),
    (
        "select f.dest, a.carrier as k, a.name from flights f left join airlines a on f.carrier = a.carrier order by f.distance nulls first",
        &["null|DL|Delta", "ATL|null|null", "MIA|null|null", "IAH|UA|United", "IAH|UA|United"],
    ),
    (
        "select dest from flights f where late or delay is null order by dest nulls first",
        &["null", "IAH", "IAH"],
    ),
    (
        "select carrier from flights f semi join airlines a on f.carrier = a.carrier order by distance",
        &["UA", "UA", "DL"],
    ),
    (
        "select carrier from flights f anti join airlines a on f.carrier = a.carrier order by distance",
        &["null", "AA"],
    ),
    ("select distinct dest from flights order by dest nulls last", &["ATL", "IAH", "MIA", "null"]),
    (
        "select carrier from flights union select carrier from airlines order by carrier nulls first",
        &["null", "AA", "DL", "UA", "ZZ"],
    ),
    (
        "select carrier from flights union all select name from airlines order by carrier nulls last limit 5 offset 1",
        &["DL", "Delta", "UA", "UA", "United"],
    ),
    (
        "select carrier from flights intersect select carrier from airlines order by carrier",
        &["DL", "UA"],
    ),
    (
        "select carrier from flights except select carrier from airlines order by carrier nulls first",
        &["null", "AA"],
    ),
    (
        "select carrier, dest from flights except select carrier, dest from flights where distance > 1000 order by carrier nulls first",
        &["null|ATL", "DL|null"],
    ),
    (
        "select carrier from flights intersect select carrier from flights where delay >= 0 order by carrier nulls first",
        &["null", "DL", "UA"],
    ),
    (
        "select delay, late is true as t, late is not true as nt, late is false as f, late is not false as nf from flights order by delay nulls first",
        &[
            "null|false|true|false|true",
            "-4|false|true|true|false",
            "0|false|true|true|false",
            "11|true|false|false|true",
            "33|true|false|false|true",
        ],
    ),
    (
        "select delay, carrier is distinct from dest as a, carrier is not distinct from null as b, delay is distinct from 11 as c from flights order by delay nulls first",
        &[
            "null|true|false|true",
            "-4|true|false|true",
            "0|true|true|true",
            "11|true|false|false",
            "33|true|false|true",
        ],
    ),
    (
        "select nullif(carrier, 'UA') as k, nullif(delay, 0) as d from flights order by delay nulls first",
        &["null|null", "AA|-4", "null|null", "null|11", "DL|33"],
    ),
    (
        "select carrier, count(*) filter (where delay > 0) as n, sum(delay) filter (where late is not true) as s, count(distinct dest) filter (where distance > 1) as d from flights group by carrier order by carrier nulls first",
        &["null|0|0|1", "AA|0|-4|1", "DL|1|null|0", "UA|1|null|1"],
    ),
    (
        "select extract(year from day) as y, extract(quarter from day) as q, extract(month from left_at) as m, date_part('doy', day) as n, extract(isodow from day) as i, extract(dow from day) as d, extract(epoch from left_at) as e from flights order by day nulls first, distance",
        &[
            "null|null|null|null|null|null|null",
            "2013|1|null|1|2|2|null",
            "2013|1|1|1|2|2|1357017300.0",
            "2013|1|null|2|3|3|null",
            "2013|2|null|181|7|0|null",
        ],
    ),
    (
        "select day + interval '1 month' = date '2013-02-01' as a, day - interval 3 day = date '2012-12-29' as b, left_at + interval '90' minute as c, interval '-2 hours' + left_at as d from flights order by day nulls first, distance",
        &[
            "null|null|null|null",
            "true|true|null|null",
            "true|true|2013-01-01T06:45:00|2013-01-01T03:15:00",
            "false|false|null|null",
            "false|false|null|null",
        ],
    ),
    (
        "select left_at - interval (delay) second as t from flights order by distance nulls first",
        &["null", "null", "null", "2013-01-01T05:14:49", "null"],
    ),
    (
        "select case when delay > 0 then 'late' when delay <= 0 then 'fine' end as state, count(*) as n from flights group by state order by n desc, state nulls last",
        &["fine|2", "late|2", "null|1"],
    ),
    (
        "select delay // 4 as q, delay / 4 as d from flights where delay is not null order by delay",
        &["-1|-1.0", "0|0.0", "2|2.75", "8|8.25"],
    ),
    (
        "select dest, delay between 0 and 20 as b, carrier in ('UA', 'DL') as i, carrier not in ('UA', null) as x from flights order by dest nulls first",
        &[
            "null|false|true|null",
            "ATL|true|null|null",
            "IAH|true|true|false",
            "IAH|null|true|false",
            "MIA|false|false|null",
        ],
    ),
    (
        "select upper(name) as u, length(name) as n, contains(name, 'e') as e, starts_with(name, 'Z') as z from airlines order by n desc, u",
        &["UNITED|6|true|false", "DELTA|5|true|false", "ZED|3|true|true"],
    ),
    (
        "select cast(distance as double) as f, cast(delay as varchar) as t, try_cast(carrier as bigint) as no, cast(day as timestamp) as ts from flights order by f nulls first",
        &[
            "null|33|null|2013-06-30T00:00:00",
            "762.0|0|null|2013-01-01T00:00:00",
            "1089.0|-4|null|2013-01-02T00:00:00",
            "1400.0|11|null|2013-01-01T00:00:00",
            "1416.0|null|null|null",
        ],
    ),
    (
        "select s.day, s.n from (select day, count(*) as n from flights group by day) as s where s.n > 1 or s.day is null order by 1 nulls last",
        &["2013-01-01|2", "null|1"],
    ),
    (
        "with slow as (select * from flights where air_time > 150) select carrier, air_time from slow order by air_time",
        &["AA|160.5", "UA|227.0", "DL|NaN"],
    ),
    (
        "select round(air_time / 7, 2) as r, floor(air_time) as f, ceil(air_time / 2) as c, abs(0 - air_time) as a from flights where air_time < 1000 order by r",
        &["16.57|116.0|58.0|116.0", "22.93|160.0|81.0|160.5", "32.43|227.0|114.0|227.0"],
    ),
    (
        "select day, left_at > timestamp '2013-01-01 00:00:00' as g, day = date '2013-01-01' as d from flights where day < date '2013-02-01' order by day, g nulls last",
        &["2013-01-01|true|true", "2013-01-01|null|true", "2013-01-02|null|false"],
    ),
    (
        "select a.name, b.name as other from airlines a join airlines b using (carrier) join flights c on c.carrier = a.carrier order by c.distance nulls first",
        &["Delta|Delta", "United|United", "United|United"],
    ),
    (
        "select upper(carrier) as u, max(delay) - min(delay) as span from flights group by upper(carrier) order by span desc nulls last, u nulls last",
        &["AA|0", "DL|0", "UA|0", "null|0"],
    ),
    (
        "select air_time = air_time as same, air_time > 100000 as high from flights order by air_time nulls first",
        &["null|null", "true|false", "true|false", "true|false", "true|true"],
    ),
];

#[test]
fn statements_answer_as_duckdb_does() {
    for (query, expected) in CASES {
        assert_eq!(answer(&sql(query), &json!({})), *expected, "{query}");
    }
}

#[test]
fn rules_change_no_answer() {
    for (query, expected) in CASES {
        assert_eq!(answer_as_written(&sql(query)), *expected, "{query}");
    }
}

#[test]
fn parameters_are_values() {
    let plan = filter(frame(1), text("carrier in (:a, :b)"));
    let values = json!({"a": {"utf8": "UA"}, "b": {"utf8": "x' or 1 = 1 --"}});
    assert_eq!(answer(&plan, &values), ["UA|United|1"]);
}

/// By hand: a division by zero in a row that a later filter drops is still an error when its column
/// is asked for; a column that nobody asks for is not computed; over no rows there is no error.
#[test]
fn rules_move_no_error() {
    let run = |query: &str| {
        let document = document(&sql(query)).expect("a document");
        engine::run(&document, &frames(), &Params::new(), &Context::default())
    };
    for query in [
        "select s.name, s.x from (select name, 1 // (distance - 2) as x from airlines) as s \
         where s.name = 'Zed'",
        "select 1 // 0 as x from airlines",
        "select max(x) as n from (select 1 // 0 as x from airlines) as s",
    ] {
        let error = run(query).expect_err(query);
        assert_eq!(error.kind(), ErrorKind::DivisionByZero, "{query}: {error}");
    }
    for query in [
        "select s.name from (select name, 1 // (distance - 2) as x from airlines) as s",
        "select count(*) as n from (select 1 // 0 as x from airlines) as s",
        "select 1 // 0 as x from airlines where name = 'nobody'",
        "select s.x from (select 1 // distance as x from airlines) as s where s.x = 1",
    ] {
        run(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    }
}

/// A folder of its own for each test, gone at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("pardox-plan-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("a small file");
        path.to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_are_read_for_the_columns_that_are_used() {
    let folder = Folder::new("columns");
    let path = folder.file("t.csv", "k,a,b,c\nx,1,2.5,2013-01-01\ny,3,,2013-01-02\nx,5,0.5,\n");
    let scan = |options: Value| json!({"scan_csv": {"path": path, "options": options}});
    let over = |query: &str, options: Value| json!({"sql": {"query": query, "tables": {"t": scan(options)}}});
    let query = "select k, sum(a) as s from t where c is not null or k = 'x' group by k order by k";
    assert_eq!(answer(&over(query, json!({})), &json!({})), ["x|6", "y|3"]);
    let shown = explain(&over(query, json!({})), &json!({})).expect("it binds");
    assert!(shown.contains("3 of 3 columns, 3 rows -> [k utf8, a int64, c date]"), "{shown}");
    let count = "select count(*) as n from t";
    assert_eq!(answer(&over(count, json!({})), &json!({})), ["3"]);
    let star = "select *, a + 1 as more from t limit 1";
    assert_eq!(answer(&over(star, json!({})), &json!({})), ["x|1|2.5|2013-01-01|2"]);
    // Declared types of columns that are not used, and a selection of the caller's.
    let options = json!({"schema": {"a": "float64", "b": "utf8"}, "select": ["b", "a"]});
    assert_eq!(
        answer(&over("select a from t", options.clone()), &json!({})),
        ["1.0", "3.0", "5.0"]
    );
    assert_eq!(answer(&scan(options), &json!({})), ["2.5|1.0", "null|3.0", "0.5|5.0"]);
    // The hint knows the columns that were not read.
    let error = failure(&over("select a from t where kk = 'x'", json!({})), &json!({}));
    assert!(error.to_string().contains("did you mean \"k\"?"), "{error}");
    let error = failure(&scan(json!({"schema": {"a": "int33"}})), &json!({}));
    assert_eq!(error.kind(), ErrorKind::InvalidOption, "{error}");
    let error = failure(&scan(json!({"delimiter": ""})), &json!({}));
    assert_eq!(error.kind(), ErrorKind::InvalidOption, "{error}");
    let error = failure(&scan(json!({"select": ["z"]})), &json!({}));
    assert_eq!(error.kind(), ErrorKind::UnknownColumn, "{error}");
}

#[test]
fn what_is_written_is_read_again() {
    let folder = Folder::new("written");
    let path = |name: &str| folder.0.join(name).to_str().expect("UTF-8").to_owned();
    let csv = path("out.csv");
    let written = json!({"write_csv": {"input": frame(1), "path": csv}});
    let bytes = "carrier,name,distance\nUA,United,1\nDL,Delta,2\nZZ,Zed,3\n";
    assert_eq!(answer(&written, &json!({})), [format!("{csv}|3|{}", bytes.len())]);
    assert_eq!(std::fs::read_to_string(&csv).expect("it was written"), bytes);
    let expected = ["UA|United|1", "DL|Delta|2", "ZZ|Zed|3"];
    assert_eq!(answer(&json!({"scan_csv": {"path": csv}}), &json!({})), expected);
    let prdx = path("out.prdx");
    answer(&json!({"write_prdx": {"input": frame(1), "path": prdx}}), &json!({}));
    assert_eq!(answer(&json!({"scan_prdx": {"path": prdx}}), &json!({})), expected);
    let query = "select name from t where distance = 2";
    let over = json!({"sql": {"query": query, "tables": {"t": {"scan_prdx": {"path": prdx}}}}});
    assert_eq!(answer(&over, &json!({})), ["Delta"]);
}
