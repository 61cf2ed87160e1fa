//! What the plan tests share: small tables, and words to write documents with.
#![allow(dead_code, reason = "each test file uses its own part")]

use pardox_engine::column::{Array, ArrayBuilder, DataType, Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{Error, Result};
use pardox_engine::plan::document::{self, Document, Params};
use pardox_engine::plan::files::Given;
use serde_json::{Value, json};

/// A column of a test table; `None` is null, text is read as the type asks.
pub fn column(dtype: DataType, values: &[Option<&str>]) -> Array {
    let mut builder = ArrayBuilder::new(dtype.clone(), values.len());
    for value in values {
        let value = value.map_or(Scalar::Null, |text| {
            pardox_engine::plan::literal::parse_value(text, &dtype).expect("a value of its type")
        });
        builder.push(&value).expect("small text fits");
    }
    builder.finish()
}

/// flights(carrier, dest, distance, air_time, delay, day, left_at, late)
pub fn flights() -> Frame {
    use DataType::{Bool, Date, Float64, Int64, Timestamp, Utf8};
    let frame = Frame::from_arrays(vec![
        ("carrier", column(Utf8, &[Some("UA"), Some("AA"), Some("UA"), None, Some("DL")])),
        ("dest", column(Utf8, &[Some("IAH"), Some("MIA"), Some("IAH"), Some("ATL"), None])),
        ("distance", column(Int64, &[Some("1400"), Some("1089"), Some("1416"), Some("762"), None])),
        (
            "air_time",
            column(Float64, &[Some("227"), Some("160.5"), None, Some("116"), Some("NaN")]),
        ),
        ("delay", column(Int64, &[Some("11"), Some("-4"), None, Some("0"), Some("33")])),
        (
            "day",
            column(
                Date,
                &[
                    Some("2013-01-01"),
                    Some("2013-01-02"),
                    None,
                    Some("2013-01-01"),
                    Some("2013-06-30"),
                ],
            ),
        ),
        ("left_at", column(Timestamp, &[Some("2013-01-01T05:15:00"), None, None, None, None])),
        ("late", column(Bool, &[Some("true"), Some("false"), None, Some("false"), Some("true")])),
    ]);
    frame.expect("names differ")
}

/// airlines(carrier, name, distance)
pub fn airlines() -> Frame {
    use DataType::{Int64, Utf8};
    let frame = Frame::from_arrays(vec![
        ("carrier", column(Utf8, &[Some("UA"), Some("DL"), Some("ZZ")])),
        ("name", column(Utf8, &[Some("United"), Some("Delta"), Some("Zed")])),
        ("distance", column(Int64, &[Some("1"), Some("2"), Some("3")])),
    ]);
    frame.expect("names differ")
}

/// The frames of every test, in order: flights, airlines.
pub fn frames() -> Vec<Given> {
    vec![flights().into(), airlines().into()]
}

pub fn frame(index: usize) -> Value {
    json!({"frame": {"index": index}})
}

pub fn text(text: &str) -> Value {
    json!({ "text": text })
}

pub fn col(name: &str) -> Value {
    json!({ "col": name })
}

pub fn int(value: i64) -> Value {
    json!({"lit": {"int64": value.to_string()}})
}

pub fn float(value: &str) -> Value {
    json!({"lit": {"float64": value}})
}

pub fn utf8(value: &str) -> Value {
    json!({"lit": {"utf8": value}})
}

pub fn param(name: &str) -> Value {
    json!({ "param": name })
}

pub fn call(function: &str, args: &[Value]) -> Value {
    json!({"call": {"function": function, "args": args}})
}

pub fn agg(function: &str, input: Option<Value>) -> Value {
    json!({"agg": {"function": function, "input": input}})
}

pub fn named(name: &str, expr: Value) -> Value {
    json!({"named": {"name": name, "expr": expr}})
}

pub fn key(expr: Value, descending: bool, nulls: &str) -> Value {
    json!({"key": {"expr": expr, "descending": descending, "nulls": nulls}})
}

pub fn asc(name: &str) -> Value {
    key(col(name), false, "last")
}

pub fn select(input: Value, columns: &[Value]) -> Value {
    json!({"select": {"input": input, "columns": columns}})
}

pub fn with_columns(input: Value, columns: &[Value]) -> Value {
    json!({"with_columns": {"input": input, "columns": columns}})
}

pub fn filter(input: Value, predicate: Value) -> Value {
    json!({"filter": {"input": input, "predicate": predicate}})
}

pub fn aggregate(input: Value, keys: &[Value], aggregates: &[Value]) -> Value {
    json!({"aggregate": {"input": input, "keys": keys, "aggregates": aggregates}})
}

pub fn join(left: Value, right: Value, on: &[(&str, &str)], how: &str) -> Value {
    let on: Vec<Value> =
        on.iter().map(|(left, right)| json!({"left": left, "right": right})).collect();
    json!({"join": {"left": left, "right": right, "on": on, "how": how, "suffix": "_right"}})
}

pub fn sort(input: Value, by: &[Value]) -> Value {
    json!({"sort": {"input": input, "by": by}})
}

pub fn limit(input: Value, offset: u64, count: Option<u64>) -> Value {
    json!({"limit": {"input": input, "offset": offset, "count": count}})
}

pub fn distinct(input: Value) -> Value {
    json!({"distinct": {"input": input, "columns": null}})
}

pub fn union(inputs: &[Value]) -> Value {
    json!({"union": {"inputs": inputs}})
}

/// A statement over `flights` and `airlines`.
pub fn sql(query: &str) -> Value {
    json!({"sql": {"query": query, "tables": {"flights": frame(0), "airlines": frame(1)}}})
}

/// The document around a step.
pub fn document(plan: &Value) -> Result<Document> {
    let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
    document::parse(&text)
}

pub fn params(values: &Value) -> Params {
    document::parse_params(&values.to_string()).expect("parameters of a test")
}

/// The canonical text of a step over [`frames`].
pub fn canonical(plan: &Value) -> Result<String> {
    let document = engine::canonical(&document(plan)?, &frames(), &Context::default())?;
    document::to_json(&document)
}

/// Names and types of a step's result, as `name type` joined by commas.
pub fn schema(plan: &Value, values: &Value) -> Result<String> {
    let schema = engine::schema(&document(plan)?, &frames(), &params(values), &Context::default())?;
    let columns = schema.columns().iter().map(|column| format!("{} {}", column.name, column.dtype));
    Ok(columns.collect::<Vec<_>>().join(", "))
}

pub fn explain(plan: &Value, values: &Value) -> Result<String> {
    engine::explain(&document(plan)?, &frames(), &params(values), &Context::default())
}

/// The error of a step that must fail.
pub fn failure(plan: &Value, values: &Value) -> Error {
    match schema(plan, values) {
        Ok(schema) => panic!("expected an error, found {schema} for {plan}"),
        Err(error) => error,
    }
}
