//! The types of numbers beside int64 and float64, through every door of the engine.

mod exec_support;

use exec_support::{context, text};
use pardox_engine::column::{DataType, Frame, Scalar};
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::plan::document;
use serde_json::{Value, json};

/// Each type with its smallest and its largest value.
const RANGES: [(&str, &str, &str); 7] = [
    ("int8", "-128", "127"),
    ("int16", "-32768", "32767"),
    ("int32", "-2147483648", "2147483647"),
    ("uint8", "0", "255"),
    ("uint16", "0", "65535"),
    ("uint32", "0", "4294967295"),
    ("uint64", "0", "18446744073709551615"),
];

fn run(plan: &Value) -> Result<Frame, Error> {
    let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
    let document = document::parse(&text)?;
    engine::run(&document, &[], &Default::default(), &context(2))
}

fn column(name: &str, dtype: &str, values: &[&str]) -> Value {
    let values: Vec<Option<&str>> =
        values.iter().map(|value| (*value != "null").then_some(*value)).collect();
    json!({"name": name, "dtype": dtype, "values": values})
}

fn select(columns: &[Value], items: &str) -> Value {
    json!({"select": {"input": {"values": {"columns": columns}}, "columns": [{"text": items}]}})
}

/// Types and rows of a question in text over columns.
fn answer(columns: &[Value], items: &str) -> (Vec<String>, String) {
    let frame = run(&select(columns, items)).unwrap_or_else(|error| panic!("{items}: {error}"));
    let types = frame.schema().columns().iter().map(|column| column.dtype.to_string());
    (types.collect(), text(&frame))
}

fn check(columns: &[Value], items: &str, types: &str, rows: &str) {
    let (found, found_rows) = answer(columns, items);
    assert_eq!((found.join(" ").as_str(), found_rows.as_str()), (types, rows), "{items}");
}

fn kind(columns: &[Value], items: &str) -> ErrorKind {
    run(&select(columns, items)).expect_err(items).kind()
}

/// Expected by hand: the ends of each range, and what is one beyond them.
#[test]
fn every_value_of_a_type_and_no_other_comes_in() {
    for (dtype, least, most) in RANGES {
        let known = DataType::from_name(dtype).expect("a type");
        let beyond = |text: &str, step: i128| (text.parse::<i128>().unwrap() + step).to_string();
        let (below, above) = (beyond(least, -1), beyond(most, 1));
        let text = column("t", "utf8", &[least, most, &below, &above, "null", "+7", "007"]);
        let cast = format!("try_cast(t as {dtype}) as x");
        let rows = format!("{least}\n{most}\nnull\nnull\nnull\n7\n7");
        check(std::slice::from_ref(&text), &cast, dtype, &rows);
        let strict = format!("cast(t as {dtype}) as x");
        assert_eq!(kind(std::slice::from_ref(&text), &strict), ErrorKind::BadCast);
        let values = column("a", dtype, &[least, most, "null"]);
        check(std::slice::from_ref(&values), "a", dtype, &format!("{least}\n{most}\nnull"));
        for value in [&below, &above] {
            let wrong = json!({"values": {"columns": [column("a", dtype, &[value])]}});
            let error = run(&wrong).expect_err("outside the range");
            assert_eq!(error.kind(), ErrorKind::BadValue);
            assert!(error.to_string().contains(&format!("{least} to {most}")), "{error}");
        }
        let float = column(
            "f",
            "float64",
            &["1.5", "1", "-1e30", "nan"].map(|text| if text == "nan" { "NaN" } else { text }),
        );
        check(&[float], &format!("try_cast(f as {dtype}) as x"), dtype, "null\n1\nnull\nnull");
        assert_eq!(
            known.range().map(|(a, b)| (a.to_string(), b.to_string())),
            Some((least.to_owned(), most.to_owned()))
        );
    }
}

/// Expected: NumPy 2.4.6, `numpy.float32(text)`, shortest by `repr`; the third by hand: it is just
/// below the middle of two binary32, and NumPy, by way of binary64, has the upper one.
#[test]
fn float32_is_rounded_once() {
    let texts = [
        "0.1",
        "16777217",
        "1.00000017881393432617187499",
        "3.4028235e38",
        "1e-45",
        "-0.0",
        "NaN",
        "-inf",
        "3.5e38",
        "1e39",
    ];
    let column = column("t", "utf8", &texts);
    check(
        &[column],
        "try_cast(t as float32) as x, cast(try_cast(t as float32) as float64) as y",
        "float32 float64",
        "0.1 0.10000000149011612\n16777216.0 16777216.0\n1.0000001 1.0000001192092896\n\
         3.4028235e+38 3.4028234663852886e+38\n1e-45 1.401298464324817e-45\n-0.0 -0.0\nNaN NaN\n\
         -inf -inf\nnull null\nnull null",
    );
}

/// Expected by hand, from the rules of docs/semantics: narrow whole numbers are computed as int64.
#[test]
fn arithmetic_does_not_wrap() {
    let columns = [
        column("a", "int8", &["127", "-128"]),
        column("b", "int8", &["127", "-128"]),
        column("u", "uint64", &["18446744073709551614", "3"]),
        column("v", "uint32", &["1", "2"]),
        column("f", "float32", &["0.1", "16777216"]),
        column("g", "float64", &["0.5", "1"]),
    ];
    check(
        &columns,
        "a + b as s, a * b as p, -a as n, abs(a) as m, a // 2 as q",
        "int64 int64 int64 int64 int64",
        "254 16129 -127 127 63\n-256 16384 128 128 -64",
    );
    check(&columns, "u + 1 as s, u + v as t, u - v as d, u // 2 as q, u % 10 as r, u / 2 as h",
        "uint64 uint64 uint64 uint64 uint64 float64",
        "18446744073709551615 18446744073709551615 18446744073709551613 9223372036854775807 4 9.223372036854775807e+18\n4 5 1 1 3 1.5"
            .replace("9.223372036854775807e+18", "9.223372036854776e+18").as_str());
    check(
        &columns,
        "f + f as s, f + g as t, f * a as p, f / f as q, floor(f) as w",
        "float32 float64 float64 float32 float32",
        "0.2 0.6000000014901161 12.700000189244747 1.0 0.0\n33554432.0 16777217.0 -2147483648.0 1.0 16777216.0",
    );
    assert_eq!(kind(&columns, "u + 2 as x"), ErrorKind::Overflow);
    assert_eq!(kind(&columns, "v - u as x"), ErrorKind::Overflow);
    assert_eq!(kind(&columns, "u // 0 as x"), ErrorKind::DivisionByZero);
    // With a signed operand both are int64, which not every uint64 is.
    assert_eq!(kind(&columns, "u + a as x"), ErrorKind::BadCast);
    assert_eq!(kind(&columns, "-u as x"), ErrorKind::BadCast);
}

/// Expected by hand: the order of the exact numbers.
#[test]
fn numbers_of_all_types_compare_exactly() {
    let columns = [
        column("i", "int8", &["-1", "1", "1"]),
        column("u", "uint64", &["18446744073709551615", "1", "0"]),
        column("d", "float64", &["18446744073709551616", "1", "0.5"]),
        column("f", "float32", &["0.1", "1", "16777216"]),
        column("l", "int64", &["-1", "1", "16777217"]),
    ];
    check(
        &columns,
        "i = u as a, i < u as b, u < i as c, u < d as e, d > u as f, u = d as g",
        "bool bool bool bool bool bool",
        "false true false true true false\ntrue false false false false true\nfalse false true true true false",
    );
    check(
        &columns,
        "f = 0.1 as a, f < l as b, l > f as c, i = l as d, f = cast(f as float64) as e",
        "bool bool bool bool bool",
        "false false false true true\nfalse false false true true\nfalse true true false true",
    );
    check(
        &columns,
        "i in (1, 2, 3, 4, 5, 300) as a, u in (1, 18446744073709551615.0) as b, i between -1 and 0.5 as c",
        "bool bool bool",
        "false false true\ntrue true false\ntrue false false",
    );
    check(
        &columns,
        "coalesce(i, 0) as a, case when i > 0 then i else 300 end as b, coalesce(i, f) as c",
        "int8 int64 float64",
        "-1 300 -1.0\n1 1 1.0\n1 1 1.0",
    );
}

/// Expected by hand.
#[test]
fn groups_and_their_aggregates() {
    for (dtype, _, most) in RANGES {
        let plan = json!({"aggregate": {
            "input": {"values": {"columns": [
                column("k", dtype, &["1", "null", "1", "0", "null"]),
                column("a", dtype, &["1", "2", most, "null", "3"]),
            ]}},
            "keys": [{"text": "k"}],
            "aggregates": [{"text": "count(a) as c, min(a) as l, max(a) as h, n_unique(a) as n, first(a) as f, median(a) as d"}],
        }});
        let frame = run(&plan).expect("it runs");
        let types: Vec<String> =
            frame.schema().columns().iter().map(|column| column.dtype.to_string()).collect();
        assert_eq!(types, [dtype, "int64", dtype, dtype, "int64", dtype, "float64"]);
        let middle = (most.parse::<i128>().unwrap() + 1) as f64 / 2.0;
        let middle = match dtype {
            "uint64" => "9.223372036854776e+18".to_owned(),
            _ => format!("{middle:?}"),
        };
        assert_eq!(
            text(&frame),
            format!("1 2 1 {most} 2 1 {middle}\nnull 2 2 3 2 2 2.5\n0 0 null null 0 null null"),
            "{dtype}"
        );
    }
    let columns = [
        column("i", "int8", &["127", "127", "1"]),
        column("u", "uint64", &["18446744073709551614", "1", "null"]),
        column("f", "float32", &["0.1", "0.2", "NaN"]),
    ];
    let aggregate = |items: &str| {
        run(&json!({"aggregate": {"input": {"values": {"columns": columns}}, "keys": [],
            "aggregates": [{"text": items}]}}))
    };
    let frame = aggregate("sum(i) as a, mean(i) as b, sum(u) as c, mean(u) as d, min(f) as e, max(f) as f, sum(case when f < 1.0 then f end) as g")
        .expect("it runs");
    let types: Vec<String> =
        frame.schema().columns().iter().map(|column| column.dtype.to_string()).collect();
    assert_eq!(types.join(" "), "int64 float64 uint64 float64 float32 float32 float64");
    assert_eq!(
        text(&frame),
        "255 85.0 18446744073709551615 9.223372036854776e+18 0.1 NaN 0.30000000447034836"
    );
    let error = aggregate("sum(u + u // 2) as x").expect_err("beyond uint64");
    assert_eq!(error.kind(), ErrorKind::Overflow);
}

/// Expected by hand: by value, nulls last.
#[test]
fn sorts_joins_and_distinct_rows() {
    for (dtype, least, most) in RANGES {
        let table =
            json!({"values": {"columns": [column("a", dtype, &["5", most, "null", least, "5"])]}});
        let sorted = json!({"sort": {"input": table, "by": [{"text": "a desc"}]}});
        assert_eq!(text(&run(&sorted).expect("sorted")), format!("{most}\n5\n5\n{least}\nnull"));
        let once = json!({"distinct": {"input": table, "columns": null}});
        assert_eq!(text(&run(&once).expect("distinct")), format!("5\n{most}\nnull\n{least}"));
        let other = json!({"values": {"columns": [column("b", dtype, &[most, "5"])]}});
        let join = |right: Value| {
            json!({"join": {"left": table, "right": right,
            "on": [{"left": "a", "right": "b"}], "how": "inner", "suffix": "_right"}})
        };
        assert_eq!(text(&run(&join(other)).expect("joined")), format!("5 5\n{most} {most}\n5 5"));
        if dtype != "uint64" {
            let wide = json!({"values": {"columns": [column("b", "int64", &["5"])]}});
            let joined = run(&join(wide)).expect("int64 holds both");
            assert_eq!(text(&joined), "5 5\n5 5");
        }
    }
    let table =
        json!({"values": {"columns": [column("a", "float32", &["NaN", "-0.0", "0.0", "-inf"])]}});
    let sorted = json!({"sort": {"input": table, "by": [{"text": "a"}]}});
    assert_eq!(text(&run(&sorted).expect("sorted")), "-inf\n-0.0\n0.0\nNaN");
}

/// A file declared as one type, by the quick reader and by the patient one; written and read again.
/// Expected by hand.
#[test]
fn csv_and_prdx_files_hold_every_type() {
    let folder = std::env::temp_dir().join(format!("pardox-numbers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let float = ("float32", "-3.4028235e+38", "0.1");
    for (dtype, least, most) in RANGES.into_iter().chain([float]) {
        // Several runs of 64, odd fields and nulls among them.
        let mut rows = vec![least, most, "", "7", "\"8\""];
        rows.extend(std::iter::repeat_n("1", 200));
        let body: String = rows.iter().map(|row| format!("{row},x\n")).collect();
        let file = path("a.csv");
        std::fs::write(&file, format!("n,t\n{body}")).expect("written");
        for options in [json!({}), json!({"trim": true})] {
            let mut options = options;
            options["schema"] = json!({"n": dtype});
            let scan = json!({"scan_csv": {"path": file, "options": options}});
            let frame = run(&scan).unwrap_or_else(|error| panic!("{dtype}: {error}"));
            assert_eq!(frame.schema().column(0).dtype.to_string(), dtype);
            let found: Vec<Scalar> = frame
                .column(0)
                .unwrap()
                .iter()
                .flat_map(|part| (0..part.len()).map(|row| part.scalar(row)))
                .collect();
            let value = |text: &str| {
                pardox_engine::plan::literal::parse_value(
                    text,
                    &DataType::from_name(dtype).unwrap(),
                )
                .expect("a value")
            };
            let mut expected =
                vec![value(least), value(most), Scalar::Null, value("7"), value("8")];
            expected.extend(std::iter::repeat_n(value("1"), 200));
            assert_eq!(found, expected, "{dtype} {options}");
            for step in ["write_csv", "write_prdx"] {
                let out = path("b");
                let mut write = json!({"input": scan, "path": out});
                if step == "write_csv" {
                    write["options"] = json!({});
                }
                run(&json!({step: write})).expect("written");
                let back = match step {
                    "write_csv" => {
                        json!({"scan_csv": {"path": out, "options": {"schema": {"n": dtype}}}})
                    }
                    _ => json!({"scan_prdx": {"path": out}}),
                };
                assert_eq!(text(&run(&back).expect("read")), text(&frame), "{dtype} {step}");
            }
        }
        if let Some((_, above)) = DataType::from_name(dtype).unwrap().range() {
            std::fs::write(&file, format!("n,t\n1,x\n{},x\n", above + 1)).expect("written");
            for trim in [false, true] {
                let options = json!({"schema": {"n": dtype}, "trim": trim});
                let error = run(&json!({"scan_csv": {"path": file, "options": options}}))
                    .expect_err("outside the range");
                assert_eq!((error.kind(), error.location().record), (ErrorKind::BadValue, Some(2)));
                assert!(
                    error.to_string().contains(&format!("{dtype} ({least} to {most})")),
                    "{error}"
                );
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Expected: pandas 3.1.1 `describe` of the same numbers.
#[test]
fn describe_knows_all_numbers() {
    let plan = json!({"describe": {"input": {"values": {"columns": [
        column("a", "uint8", &["1", "2", "3", "4"]),
        column("f", "float32", &["1", "2", "3", "4"]),
    ]}}}});
    let row = |name: &str, dtype: &str, ends: (&str, &str)| {
        format!("{name} {dtype} 4 0 2.5 1.2909944487358056 {} 1.75 2.5 3.25 {}", ends.0, ends.1)
    };
    assert_eq!(
        text(&run(&plan).expect("it runs")),
        format!("{}\n{}", row("a", "uint8", ("1", "4")), row("f", "float32", ("1.0", "4.0")))
    );
}
