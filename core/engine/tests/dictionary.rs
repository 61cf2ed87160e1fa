//! Dictionaries through the public face: every question has the answer that it has over the same
//! text in utf8, whatever the dictionaries of the blocks are; and CSV is read into them the same
//! way by any number of threads and by both readers.

use std::num::NonZeroUsize;
use std::sync::Arc;

use pardox_engine::column::{
    Array, ArrayBuilder, ColumnDef, DataType, Frame, HyperBlock, Scalar, Schema,
};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{ErrorKind, Result};
use pardox_engine::format::csv::{
    CsvReadOptions, read_csv_bytes, read_csv_in_units, read_csv_patiently,
};
use pardox_engine::plan::document::{self, Params};
use serde_json::json;

fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

/// A step of a linear congruential generator.
fn next(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*state >> 33) % below
}

const WORDS: [&str; 9] = ["", "a", "B", "1", "-7", "2024-02-29", "é", "naïve text", "12345678abc"];

fn texts(dtype: &DataType, state: &mut u64, len: usize) -> Array {
    let mut builder = ArrayBuilder::new(dtype.clone(), len);
    for _ in 0..len {
        match next(state, 8) {
            0 => builder.push_null(),
            _ => builder
                .push_text(WORDS[next(state, WORDS.len() as u64) as usize])
                .expect("small text fits"),
        }
    }
    builder.finish()
}

/// Columns a and b of text, and n of numbers, in blocks that share no dictionary.
fn table(dtype: &DataType) -> Frame {
    let definitions = [("a", dtype), ("b", dtype), ("n", &DataType::Int64)];
    let definitions = definitions.map(|(name, dtype)| ColumnDef::new(name, dtype.clone()));
    let schema = Arc::new(Schema::new(definitions.to_vec()).expect("unique names"));
    let mut state = 5;
    let blocks = [70, 1, 9_000, 300].map(|len| {
        let (a, b) = (texts(dtype, &mut state, len), texts(dtype, &mut state, len));
        let mut n = ArrayBuilder::new(DataType::Int64, len);
        (0..len).for_each(|row| n.push(&Scalar::Int64(row as i64 % 13)).expect("a number"));
        HyperBlock::new(schema.clone(), len, vec![a, b, n.finish()])
    });
    Frame::new(schema.clone(), blocks.to_vec())
}

fn rows(frame: &Frame) -> Vec<Vec<Scalar>> {
    let mut rows = Vec::new();
    for block in frame.blocks() {
        for row in 0..block.row_count() {
            let columns = 0..frame.schema().len();
            rows.push(columns.map(|c| block.array(c).expect("loads").scalar(row)).collect());
        }
    }
    rows
}

fn ask(frame: &Frame, statement: &str) -> Result<Frame> {
    let tables = json!({"t": {"frame": {"index": 0}}});
    let node = json!({"sql": {"query": statement, "tables": tables}});
    let text = json!({"schema": 1, "engine": "0.1", "plan": node}).to_string();
    engine::run(&document::parse(&text)?, &[frame.clone().into()], &Params::new(), &context(2))
}

#[test]
fn every_question_is_answered_as_over_utf8() {
    let (coded, plain) = (table(&DataType::Dictionary), table(&DataType::Utf8));
    for question in [
        "select * from t where a = 'B'",
        "select a, n from t where a <> 'B' and n > 5",
        "select a = b as e, a < b as l, a <= 'a' as k, a in ('a', 'é') as i, a is null as z from t",
        "select upper(a) as u, length(a) as l, a || b as c, coalesce(a, b, '-') as o from t",
        "select case when n > 6 then a when n > 3 then upper(a) else b end as x from t",
        "select regexp_matches(a, '[0-9]+') as r, a like '%a%' as l from t",
        "select replace(a, 'a', 'é') as p, repeat(a, 2) as q from t",
        "select try_cast(a as bigint) as i, try_cast(b as date) as d from t",
        "select a, count(*) as k, sum(n) as s, min(b) as lo, max(b) as hi from t group by a",
        "select a, b, count(*) as k, count(distinct a) as d from t group by a, b",
        "select upper(a) as u, count(*) as k, first(b) as f, last(b) as l from t group by upper(a)",
        "select * from t order by a, b desc, n limit 500",
        "select * from t order by a desc nulls first, n",
        "select distinct a, b from t",
        "select a, n from t union all select b, n from t",
        "select l.a, r.n from t l join t r on l.a = r.b where l.n = 1 and r.n = 2",
        "select l.b, r.n from (select * from t limit 40) l left join (select * from t limit 9) r \
         on l.b = r.b",
        "select a from t except select b from t where n < 3",
        "select n, k from (select n, a as k from t) d where k >= 'a' limit 77",
    ] {
        let found = ask(&coded, question).unwrap_or_else(|error| panic!("{question}: {error}"));
        let expected = ask(&plain, question).unwrap_or_else(|error| panic!("{question}: {error}"));
        let types = |frame: &Frame| -> Vec<DataType> {
            frame.schema().columns().iter().map(|column| column.dtype.plain()).collect()
        };
        assert_eq!(types(&found), types(&expected), "{question}");
        assert!(rows(&found) == rows(&expected), "{question}");
    }
}

#[test]
fn errors_are_those_of_values_that_rows_have() {
    let (coded, plain) = (table(&DataType::Dictionary), table(&DataType::Utf8));
    for question in [
        "select cast(a as bigint) as i from t",
        "select parse_date(b, '%Y-%m-%d') as d from t",
        "select cast(a as bigint) as i from t where a in ('1', '-7')",
        "select cast(a as date) as d from t where a like '2024%'",
    ] {
        match (ask(&coded, question), ask(&plain, question)) {
            (Ok(found), Ok(expected)) => assert!(rows(&found) == rows(&expected), "{question}"),
            (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string()),
            (found, expected) => panic!("{question}: {found:?} where {expected:?} is expected"),
        }
    }
}

fn options(schema: &[(&str, DataType)], is_auto: bool) -> CsvReadOptions {
    let schema = schema.iter().map(|(name, dtype)| ((*name).to_owned(), dtype.clone())).collect();
    CsvReadOptions { schema, auto_dictionary: is_auto, ..CsvReadOptions::default() }
}

/// Codes and values of a column, block after block.
fn coded(frame: &Frame, column: usize) -> (Vec<i32>, Vec<String>) {
    let arrays = frame.column(column).expect("in memory");
    let first = arrays[0].as_dictionary();
    assert!(arrays.iter().all(|array| array.as_dictionary().shares_values(first)));
    let codes = arrays.iter().flat_map(|array| array.as_dictionary().codes().to_vec()).collect();
    (codes, first.values().iter().map(str::to_owned).collect())
}

#[test]
fn csv_is_read_into_codes_that_depend_on_nothing_but_the_rows() {
    let mut state = 9;
    let mut text = "k,n,w\n".to_owned();
    for row in 0..6_000 {
        let word = WORDS[next(&mut state, if row < 3_000 { 4 } else { 9 }) as usize];
        let quoted = if next(&mut state, 3) == 0 { format!("\"{word}\"\"\"") } else { word.into() };
        text += &format!("{quoted},{row},{}\n", if row < 5_000 { "7" } else { word });
    }
    let declared = options(&[("k", DataType::Dictionary), ("w", DataType::Dictionary)], false);
    let plain = options(&[("k", DataType::Utf8), ("w", DataType::Utf8)], false);
    let expected = read_csv_bytes(text.as_bytes(), &plain, &context(1)).expect("sound");
    let whole = read_csv_bytes(text.as_bytes(), &declared, &context(1)).expect("sound");
    assert_eq!(rows(&whole), rows(&expected));
    let (codes, values) = coded(&whole, 0);
    let mut seen = Vec::new();
    for (row, code) in rows(&expected).iter().zip(&codes) {
        let Scalar::Utf8(word) = &row[0] else { continue };
        let place = seen.iter().position(|other| other == word).unwrap_or_else(|| {
            seen.push(word.clone());
            seen.len() - 1
        });
        assert_eq!(*code as usize, place);
    }
    assert_eq!(values, seen);
    for (unit_bytes, threads) in [(64, 1), (700, 3), (5_000, 2), (1 << 20, 4)] {
        for is_auto in [false, true] {
            let options = if is_auto { &options(&[], true) } else { &declared };
            let found = read_csv_in_units(text.as_bytes(), options, &context(threads), unit_bytes);
            let found = found.expect("sound");
            assert_eq!(found.schema(), whole.schema(), "{unit_bytes} {is_auto}");
            assert_eq!(rows(&found), rows(&expected), "{unit_bytes} {is_auto}");
            for column in [0, 2] {
                assert_eq!(coded(&found, column), coded(&whole, column), "{unit_bytes}");
            }
        }
    }
    let patient = read_csv_patiently(text.as_bytes(), &declared, &context(1)).expect("sound");
    assert_eq!(rows(&patient), rows(&expected));
    assert_eq!(coded(&patient, 0), coded(&whole, 0));
}

#[test]
fn a_column_becomes_a_dictionary_by_itself_where_that_is_worth_it() {
    let read = |text: &str| {
        let quick = read_csv_bytes(text.as_bytes(), &options(&[], true), &context(2));
        let quick = quick.expect("sound");
        let patient = read_csv_patiently(text.as_bytes(), &options(&[], true), &context(1));
        assert_eq!(quick.schema(), patient.expect("sound").schema());
        let plain = read_csv_bytes(text.as_bytes(), &options(&[], false), &context(1));
        assert!(rows(&quick) == rows(&plain.expect("sound")));
        quick.schema().column(0).dtype.clone()
    };
    let table = |distinct: usize, row_count: usize| {
        let row = |row: usize| format!("x{},1\n", row % distinct);
        let rows: String = (0..row_count).map(row).collect();
        format!("k,n\n{rows}")
    };
    assert_eq!(read(&table(2, 16)), DataType::Dictionary);
    assert_eq!(read(&table(2, 15)), DataType::Utf8);
    assert_eq!(read(&table(1 << 16, 1 << 19)), DataType::Dictionary);
    assert_eq!(read(&table((1 << 16) + 1, 1 << 20)), DataType::Utf8);
    // Nothing but nulls, and what was a number for long.
    assert_eq!(read(&format!("k,n\n{}", ",1\n".repeat(40))), DataType::Utf8);
    assert_eq!(read(&format!("k,n\n{}x,1\n", "7,1\n".repeat(40))), DataType::Dictionary);
}

#[test]
fn what_is_read_while_it_is_asked_for_has_its_types_before() {
    let path = std::env::temp_dir().join(format!("pardox-auto-{}.csv", std::process::id()));
    std::fs::write(&path, "k\na\nb\n").expect("written");
    let scan = |options| json!({"scan_csv": {"path": path.to_str(), "options": options}});
    let run = |plan| {
        let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
        let document = document::parse(&text).expect("a document");
        engine::run(&document, &[], &Params::new(), &context(2))
    };
    let auto = scan(json!({"auto_dictionary": true}));
    assert!(run(auto.clone()).is_ok());
    let limited = run(json!({"limit": {"input": auto, "count": 1}}));
    assert_eq!(limited.expect_err("refused").kind(), ErrorKind::Unsupported);
    let declared = scan(json!({"schema": {"k": "dictionary"}}));
    let limited = run(json!({"limit": {"input": declared, "count": 1}})).expect("a given type");
    assert_eq!(limited.schema().column(0).dtype, DataType::Dictionary);
    std::fs::remove_file(path).expect("removed");
}
