//! Lists and structs, through every door of the engine. Expected by hand, and as DuckDB 1.4 has it
//! where it says so.

mod exec_support;

use exec_support::{context, cut, text};
use pardox_engine::column::Frame;
use pardox_engine::display;
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::format::{arrow, prdx};
use pardox_engine::limits::NESTED_DEPTH_MAX;
use pardox_engine::plan::document;
use serde_json::{Value, json};

fn run(plan: &Value) -> Result<Frame, Error> {
    run_on(plan, &[])
}

fn run_on(plan: &Value, frames: &[Frame]) -> Result<Frame, Error> {
    let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
    let document = document::parse(&text)?;
    let given: Vec<_> = frames.iter().map(|frame| frame.clone().into()).collect();
    engine::run(&document, &given, &Default::default(), &context(2))
}

fn values(columns: &[(&str, &str, &[&str])]) -> Value {
    let columns: Vec<Value> = columns
        .iter()
        .map(|(name, dtype, values)| {
            let values: Vec<Option<&str>> =
                values.iter().map(|value| (*value != "null").then_some(*value)).collect();
            json!({"name": name, "dtype": dtype, "values": values})
        })
        .collect();
    json!({"values": {"columns": columns}})
}

const LISTS: &[&str] = &["[1,2]", "null", "[]", "[3,null]", "[1]", "[1,2]", "[null]", "[-5]"];
const STRUCTS: &[&str] = &[
    r#"{"a":1,"b":"x"}"#,
    "null",
    r#"{"a":null,"b":"y"}"#,
    r#"{"a":1,"b":null}"#,
    r#"{"a":1,"b":"x"}"#,
    r#"{"a":null,"b":null}"#,
    r#"{"a":-2,"b":"z"}"#,
    r#"{"a":1,"b":""}"#,
];

fn table() -> Value {
    values(&[
        ("n", "int64", &["0", "1", "2", "3", "4", "5", "6", "7"]),
        ("l", "list(int64)", LISTS),
        ("s", "struct(a int64, b utf8)", STRUCTS),
        (
            "d",
            "list(list(utf8))",
            &[
                r#"[["a"],[]]"#,
                "[]",
                "null",
                r#"[null,["b",null]]"#,
                r#"[["a"],[]]"#,
                "[[]]",
                r#"[["a","b"]]"#,
                r#"[["é\"\n"]]"#,
            ],
        ),
        (
            "m",
            "list(struct(k utf8, v decimal(9,2)))",
            &[
                r#"[{"k":"x","v":1.5}]"#,
                "[]",
                "[null]",
                "null",
                r#"[{"k":null,"v":null}]"#,
                r#"[{"k":"x","v":1.50}]"#,
                r#"[{"k":"y","v":-0.25},{"k":"z","v":0}]"#,
                "[]",
            ],
        ),
    ])
}

fn frame() -> Frame {
    run(&table()).expect("values of their types")
}

fn column(frame: &Frame, name: &str) -> Vec<String> {
    let index = frame.schema().require(name).expect("a column");
    exec_support::rows(frame).into_iter().map(|row| row[index].clone()).collect()
}

fn sorted(by: &str) -> Vec<String> {
    let plan = json!({"sort": {"input": table(), "by": [{"text": by}]}});
    column(&run(&plan).expect("nested keys sort"), "n")
}

#[test]
fn values_come_in_and_print_as_json() {
    let frame = frame();
    assert_eq!(column(&frame, "l"), LISTS);
    assert_eq!(column(&frame, "s"), STRUCTS);
    assert_eq!(column(&frame, "m")[0], r#"[{"k":"x","v":1.50}]"#);
    assert_eq!(column(&frame, "d")[7], r#"[["é\"\n"]]"#);
    let shown = display::table(&frame, &display::DisplayOptions { width: 120, rows: 10 });
    let shown = shown.expect("a table");
    assert!(shown.contains("[1, 2]") && shown.contains(r#"{a: 1, b: "x"}"#), "{shown}");
    assert!(shown.contains("[[\"a\"], []]") && shown.contains("{a: null, b: null}"), "{shown}");
}

/// As DuckDB 1.4 sorts lists and structs: element by element, field by field, the shorter of two
/// that begin alike first, null within a value after all values.
#[test]
fn lists_and_structs_have_one_order() {
    assert_eq!(sorted("l, n"), ["2", "7", "4", "0", "5", "3", "6", "1"]);
    assert_eq!(sorted("l desc, n"), ["6", "3", "0", "5", "4", "7", "2", "1"]);
    assert_eq!(sorted("l nulls first, n"), ["1", "2", "7", "4", "0", "5", "3", "6"]);
    assert_eq!(sorted("s, n"), ["6", "7", "0", "4", "3", "2", "5", "1"]);
    assert_eq!(sorted("d, n"), ["1", "5", "0", "4", "6", "7", "3", "2"]);
    let compare = |items: &str| {
        let plan = json!({"select": {"input": table(), "columns": [{"text": items}]}});
        text(&run(&plan).expect(items)).replace('\n', " ")
    };
    let one_two = "cast('[1,2]' as int64[])";
    assert_eq!(
        compare(&format!("l = {one_two} as x")),
        "true null false false false true false false"
    );
    assert_eq!(
        compare(&format!("l < {one_two} as x")),
        "false null true false true false false true"
    );
    assert_eq!(compare("s is null as x"), "false true false false false false false false");
    assert_eq!(
        compare("l in (cast('[1]' as int64[]), cast('[]' as int64[])) as x")
            .matches("true")
            .count(),
        2
    );
}

#[test]
fn lists_and_structs_are_keys() {
    for (key, count) in [("l", 7), ("s", 7), ("d", 7), ("m", 6)] {
        let groups = json!({"aggregate": {"input": table(), "keys": [{"text": key}],
            "aggregates": [{"text": "count() as c, first(n) as f, n_unique(n) as u"}]}});
        assert_eq!(run(&groups).expect(key).row_count(), count, "{key}");
        let distinct = json!({"distinct": {"input": table(), "columns": [key]}});
        assert_eq!(run(&distinct).expect(key).row_count(), count, "{key}");
        let join = json!({"join": {"left": table(), "right": table(), "how": "inner",
            "on": [{"left": key, "right": key}]}});
        // Each value meets itself and its equals; null meets nothing.
        let twins = if key == "m" { 2 + 2 } else { 2 };
        assert_eq!(run(&join).expect(key).row_count(), 7 + twins, "{key}");
    }
    let extremes = json!({"aggregate": {"input": table(), "keys": [], "aggregates": [
        {"text": "min(l) as a, max(l) as b, min(s) as c, n_unique(l) as d, last(d) as e"}]}});
    assert_eq!(
        text(&run(&extremes).expect("extremes")),
        r#"[] [null] {"a":-2,"b":"z"} 6 [["é\"\n"]]"#
    );
}

#[test]
fn rows_move_with_what_they_hold() {
    let whole = frame();
    let steps =
        json!({"filter": {"input": {"frame": {"index": 0}}, "predicate": {"text": "n % 2 = 1"}}});
    for rows in [1, 2, 3, 8] {
        let frame = cut(&whole, rows);
        let found = run_on(&steps, std::slice::from_ref(&frame)).expect("a filter");
        let odd =
            |all: Vec<String>| -> Vec<String> { all.into_iter().skip(1).step_by(2).collect() };
        for name in ["l", "s", "d", "m"] {
            assert_eq!(column(&found, name), odd(column(&whole, name)), "{name} in {rows}");
        }
        let union =
            json!({"union": {"inputs": [{"frame": {"index": 0}}, {"frame": {"index": 0}}]}});
        let sorted = json!({"sort": {"input": union, "by": [{"text": "n"}]}});
        let twice = run_on(&sorted, &[frame]).expect("a union");
        assert_eq!(column(&twice, "m")[4..6], [column(&whole, "m")[2].clone(), "[null]".into()]);
    }
    let left = json!({"join": {"left": values(&[("n", "int64", &["7", "99"])]), "right": table(),
        "how": "left", "on": [{"left": "n", "right": "n"}]}});
    let found = run(&left).expect("a join");
    assert_eq!(column(&found, "m"), ["[]", "null"]);
    assert_eq!(column(&found, "s")[1], "null");
    let case = json!({"select": {"input": table(), "columns": [
        {"text": "case when n < 2 then l when n > 5 then null else cast('[9]' as int64[]) end as x"}]}});
    assert_eq!(
        text(&run(&case).expect("a case")).replace('\n', " "),
        "[1,2] null [9] [9] [9] [9] null null"
    );
}

#[test]
fn casts_go_element_by_element() {
    let cast = |expr: &str| {
        let plan =
            json!({"select": {"input": table(), "columns": [{"text": format!("{expr} as x")}]}});
        run(&plan).map(|frame| (frame.schema().column(0).dtype.to_string(), column(&frame, "x")))
    };
    let (dtype, found) = cast("cast(l as double[])").expect("a cast");
    assert_eq!((dtype.as_str(), found[3].as_str()), ("list(float64)", "[3.0,null]"));
    let (dtype, found) = cast("cast(s as struct(a varchar, b text))").expect("a cast");
    assert_eq!(dtype, "struct(a utf8, b utf8)");
    assert_eq!(found[6], r#"{"a":"-2","b":"z"}"#);
    let (_, found) = cast("cast(l as utf8)").expect("a cast");
    assert_eq!(found[1..4], ["null", "[]", "[3,null]"]);
    assert_eq!(cast("cast(l as uint8[])").expect_err("-5").kind(), ErrorKind::BadCast);
    let (_, found) = cast("try_cast(l as uint8[])").expect("a cast");
    assert_eq!((found[7].as_str(), found[0].as_str()), ("[null]", "[1,2]"));
    for refused in ["cast(l as int64)", "cast(n as int64[])", "cast(s as int64[])"] {
        assert_eq!(cast(refused).expect_err(refused).kind(), ErrorKind::TypeMismatch, "{refused}");
    }
    let text = values(&[(
        "t",
        "utf8",
        &["[1]", "[1,", "[true]", "{}", "[1.0]", "null", " [ 2 , null ] "],
    )]);
    let strict = |expr: &str| json!({"select": {"input": text, "columns": [{"text": format!("{expr} as x")}]}});
    let found = run(&strict("try_cast(t as int64[])")).expect("try_cast");
    assert_eq!(column(&found, "x"), ["[1]", "null", "null", "null", "null", "null", "[2,null]"]);
    let error = run(&strict("cast(t as int64[])")).expect_err("no JSON");
    assert_eq!(error.kind(), ErrorKind::BadCast);
    assert!(error.to_string().contains("at byte 3 of the JSON text \"[1,\""), "{error}");
}

#[test]
fn files_and_streams_keep_all() {
    let frame = frame();
    let path = std::env::temp_dir().join(format!("pardox-nested-{}.prdx", std::process::id()));
    let path = path.to_str().expect("UTF-8").to_owned();
    for rows in [1, 3, 8] {
        prdx::write_prdx(&path, &cut(&frame, rows), &context(2)).expect("written");
        let back = prdx::open_prdx(&path).expect("opened");
        assert_eq!(text(&back), text(&frame), "{rows}");
        assert_eq!(back.schema(), frame.schema());
        let mut sink =
            prdx::PrdxSink::create(&path, frame.schema().clone(), &context(2)).expect("a sink");
        for block in cut(&frame, rows).blocks() {
            sink.write(block).expect("written");
        }
        sink.finish().expect("ended");
        assert_eq!(text(&prdx::open_prdx(&path).expect("opened")), text(&frame), "{rows}");
    }
    std::fs::remove_file(&path).expect("it is there");
    let back = arrow::read_ipc(&arrow::write_ipc(&cut(&frame, 3)).expect("written")).expect("read");
    assert_eq!((text(&back), back.schema()), (text(&frame), frame.schema()));
}

#[test]
fn csv_has_them_as_json_and_reads_them_as_text() {
    let path = std::env::temp_dir().join(format!("pardox-nested-{}.csv", std::process::id()));
    let path = path.to_str().expect("UTF-8").to_owned();
    let write = json!({"write_csv": {"input": {"select": {"input": table(), "columns": [{"text": "l, s"}]}},
        "path": path}});
    run(&write).expect("written");
    let written = std::fs::read_to_string(&path).expect("it is there");
    assert!(
        written.starts_with("l,s\n\"[1,2]\",\"{\"\"a\"\":1,\"\"b\"\":\"\"x\"\"}\"\n,\n"),
        "{written}"
    );
    let read = json!({"select": {"input": {"scan_csv": {"path": path}},
        "columns": [{"text": "cast(s as struct(a int64, b utf8)) as s"}]}});
    assert_eq!(column(&run(&read).expect("read"), "s"), STRUCTS);
    let typed = json!({"scan_csv": {"path": path, "options": {"schema": {"l": "list(int64)"}}}});
    let error = run(&typed).expect_err("not as such");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("read it as utf8 and cast it"), "{error}");
    std::fs::remove_file(&path).expect("it is there");
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_runs() {
    let kind = |items: &str| {
        let plan = json!({"select": {"input": table(), "columns": [{"text": items}]}});
        run(&plan).expect_err(items).kind()
    };
    for items in
        ["l + 1 as x", "l = s as x", "l = 1 as x", "abs(l) as x", "upper(s) as x", "-l as x"]
    {
        assert_eq!(kind(items), ErrorKind::TypeMismatch, "{items}");
    }
    assert_eq!(kind("struct_get(s, 'z') as x"), ErrorKind::InvalidArgument);
    assert_eq!(kind("make_struct('a', 1, 2) as x"), ErrorKind::InvalidArgument);
    let sum = json!({"aggregate": {"input": table(), "keys": [], "aggregates": [{"text": "sum(l) as x"}]}});
    assert_eq!(run(&sum).expect_err("no number").kind(), ErrorKind::TypeMismatch);
    let deep = format!("{}int64{}", "list(".repeat(NESTED_DEPTH_MAX), ")".repeat(NESTED_DEPTH_MAX));
    assert_eq!(
        run(&values(&[("a", &deep, &[])])).expect_err("deep").kind(),
        ErrorKind::InvalidPlan
    );
    for wrong in ["[1", "[\"x\"]", "{\"a\":1}", "[1]2"] {
        let plan = values(&[("a", "list(int64)", &[wrong])]);
        assert_eq!(run(&plan).expect_err(wrong).kind(), ErrorKind::BadValue, "{wrong}");
    }
    for wrong in ["{\"c\":1}", "{\"a\":1,\"a\":2}", "[1]", "[1,2,3]"] {
        let plan = values(&[("a", "struct(a int64, b int64)", &[wrong])]);
        assert_eq!(run(&plan).expect_err(wrong).kind(), ErrorKind::BadValue, "{wrong}");
    }
}

/// Offsets that lie under right checksums: `prdx.rs`.
#[test]
fn changed_bytes_are_an_error_or_leave_every_row() {
    let path = std::env::temp_dir().join(format!("pardox-nested-cut-{}.prdx", std::process::id()));
    let path = path.to_str().expect("UTF-8").to_owned();
    prdx::write_prdx(&path, &frame(), &context(1)).expect("written");
    let bytes = std::fs::read(&path).expect("it is there");
    for at in (0..bytes.len()).step_by(61) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x41;
        std::fs::write(&path, &changed).expect("written");
        if let Ok(found) = prdx::open_prdx(&path) {
            for block in found.blocks() {
                for index in 0..found.schema().len() {
                    if let Ok(array) = block.array(index) {
                        assert_eq!(array.len(), block.row_count());
                    }
                }
            }
        }
    }
    std::fs::remove_file(&path).expect("it is there");
}
