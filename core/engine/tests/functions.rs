//! What functions say of themselves is true: names, operands, examples, nulls, and the committed
//! list of all.

mod plan_support;

use std::collections::HashSet;

use pardox_engine::column::{Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::Result;
use pardox_engine::plan::functions::{
    AggregateFunction, Declaration, Function, Gives, Nulls, Spelling, functions_json,
};
use pardox_engine::plan::literal;
use plan_support::*;
use serde_json::{Value, json};

fn aggregates() -> impl Iterator<Item = &'static Declaration> {
    AggregateFunction::ALL.iter().map(|function| function.declaration())
}

fn declarations() -> impl Iterator<Item = &'static Declaration> {
    Function::all().map(Function::declaration).chain(aggregates())
}

/// One column `n`: 1, 2, null, 4.
fn numbers() -> Value {
    let column = json!({"name": "n", "dtype": "int64", "values": ["1", "2", null, "4"]});
    json!({"values": {"columns": [column]}})
}

fn one_row() -> Value {
    json!({"values": {"columns": [{"name": "one", "dtype": "int64", "values": ["1"]}]}})
}

fn run(plan: &Value) -> Result<Frame> {
    engine::run(&document(plan)?, &[], &Default::default(), &Context::default())
}

/// The one value of a frame of one row and column, as text.
fn answer(plan: &Value) -> String {
    let frame = run(plan).unwrap_or_else(|error| panic!("{error}\n{plan}"));
    assert_eq!((frame.row_count(), frame.schema().len()), (1, 1), "{plan}");
    value_text(&frame.column(0).expect("a column")[0].scalar(0))
}

fn value_text(value: &Scalar) -> String {
    match serde_json::to_value(literal::literal(value)).expect("a literal is JSON") {
        Value::String(null) => null,
        Value::Object(fields) => match fields.values().next() {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Object(nested)) => nested["value"].as_str().expect("JSON text").to_owned(),
            other => other.expect("a literal has one field").to_string(),
        },
        other => panic!("no literal: {other}"),
    }
}

#[test]
fn examples_give_their_answers() {
    for function in Function::all().map(Function::declaration) {
        let example = function.example;
        let plan = select(one_row(), &[named("x", text(example.0))]);
        assert_eq!(answer(&plan), example.1, "{}: {}", function.name, example.0);
    }
    for function in aggregates() {
        let example = function.example;
        let plan = aggregate(numbers(), &[], &[named("x", text(example.0))]);
        assert_eq!(answer(&plan), example.1, "{}: {}", function.name, example.0);
    }
}

/// The call that an example is, in canonical form; negative numbers and the like are not calls.
fn example_call(function: &Declaration) -> Option<Vec<Value>> {
    let plan = select(one_row(), &[named("x", text(function.example.0))]);
    let canonical: Value = serde_json::from_str(&canonical(&plan).expect("an example is sound"))
        .expect("a document is JSON");
    let call = &canonical["plan"]["select"]["columns"][0]["named"]["expr"]["call"];
    let is_own = call["function"] == function.name;
    is_own.then(|| call["args"].as_array().expect("operands").clone())
}

#[test]
fn an_example_calls_its_function() {
    for function in Function::all().map(Function::declaration) {
        assert!(example_call(function).is_some(), "{}: {}", function.name, function.example.0);
    }
}

#[test]
fn null_operands_give_null_where_nothing_else_is_said() {
    for function in Function::all().map(Function::declaration) {
        let args = example_call(function).expect("an example calls its function");
        for index in 0..args.len() {
            if function.operand(index).is_literal || function.nulls != Nulls::Null {
                continue;
            }
            let mut args = args.clone();
            args[index] = json!({"lit": "null"});
            let plan = select(one_row(), &[named("x", call(function.name, &args))]);
            assert_eq!(answer(&plan), "null", "{} of a null at {index}", function.name);
        }
    }
}

#[test]
fn names_are_apart_and_declarations_whole() {
    let mut names = HashSet::new();
    for function in declarations() {
        for name in function.aliases.iter().chain([&function.name]) {
            assert!(names.insert(*name), "{name} names two functions");
            let is_word = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '_');
            assert!(!name.is_empty() && name.chars().all(is_word), "{name}");
        }
        let ends_well = |text: &str| text.ends_with('.') && !text.contains("  ");
        assert!(ends_well(function.doc), "{}: {}", function.name, function.doc);
        assert!(ends_well(function.nulls.text()), "{}", function.name);
        assert!(!function.operands.is_empty(), "{}", function.name);
        if let Spelling::Infix(_) = function.spelling {
            assert_eq!(function.operands.len(), 2, "{}", function.name);
        }
        let mut operand_names = HashSet::new();
        for (index, operand) in function.operands.iter().enumerate() {
            let is_last = index + 1 == function.operands.len();
            let is_optional = operand.default.is_some();
            assert!(ends_well(operand.doc), "{}: {}", function.name, operand.doc);
            assert!(operand_names.insert(operand.name), "{}: {}", function.name, operand.name);
            assert!(!operand.is_repeated || is_last && !is_optional, "{}", function.name);
            let follows = function.operands.get(index + 1);
            assert!(!is_optional || follows.is_none_or(|next| next.default.is_some()));
        }
        match function.result {
            Gives::Type(name) => {
                assert!(pardox_engine::column::DataType::from_name(name).is_some(), "{name}");
            }
            Gives::Operand(index) => assert!(index < function.operands.len()),
            Gives::Rule(words, _) | Gives::Literal(words, _) => assert!(!words.is_empty()),
        }
    }
}

#[test]
fn literal_operands_are_checked_with_their_place() {
    let error = failure(&select(frame(0), &[text("round(air_time, delay) as x")]), &json!({}));
    assert!(error.to_string().contains("a literal for the digits of round"), "{error}");
    assert_eq!(error.location().byte_offset, Some(16), "{error}");
    let error = failure(&select(frame(0), &[text("air_time, round(1.5, 16) as x")]), &json!({}));
    assert!(error.to_string().contains("from 0 to 15"), "{error}");
    assert_eq!(error.location().byte_offset, Some(21), "{error}");
    let by_param = select(frame(0), &[text("round(air_time, :digits) as x")]);
    let error = failure(&by_param, &json!({"digits": {"int64": "-1"}}));
    assert!(error.to_string().contains("from 0 to 15"), "{error}");
    assert!(schema(&by_param, &json!({"digits": {"int64": "1"}})).is_ok());
    let null =
        select(frame(0), &[named("x", call("round", &[col("air_time"), json!({"lit": "null"})]))]);
    assert!(failure(&null, &json!({})).to_string().contains("found null"));
}

#[test]
fn committed_list_is_current() {
    let committed = include_str!("../../../abi/include/functions.json");
    assert!(
        committed == functions_json(),
        "abi/include/functions.json is stale; print it again with \
         `cargo run -p pardox-engine --example functions`"
    );
}
