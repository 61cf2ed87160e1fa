//! What the tests of `exec` share: tables written by hand, plans put together, answers as text.
#![allow(dead_code, reason = "each test file uses its part")]

use std::num::NonZeroUsize;
use std::sync::Arc;

use pardox_engine::column::{
    Array, ArrayBuilder, ColumnDef, DataType, Frame, HyperBlock, Scalar, Schema, SchemaRef,
};
use pardox_engine::context::Context;
use pardox_engine::error::{Error, Result};
use pardox_engine::exec;
use pardox_engine::plan::expr::{Aggregate, Expr, ExprKind, SortKey};
use pardox_engine::plan::functions::{AggregateFunction, Function};
use pardox_engine::plan::node::{JoinKind, Plan, Step};

pub const BOOL: DataType = DataType::Bool;
pub const INT: DataType = DataType::Int64;
pub const FLOAT: DataType = DataType::Float64;
pub const DATE: DataType = DataType::Date;
pub const TIMESTAMP: DataType = DataType::Timestamp;
pub const TEXT: DataType = DataType::Utf8;

/// A value from its text: `null`, or what the type prints as.
pub fn scalar(dtype: DataType, text: &str) -> Scalar {
    use pardox_engine::bytes::civil;
    if text == "null" {
        return Scalar::Null;
    }
    match dtype {
        DataType::Bool => Scalar::Bool(text.parse().expect("true or false")),
        DataType::Int64 => Scalar::Int64(text.parse().expect("a whole number")),
        DataType::Float64 => Scalar::Float64(text.parse().expect("a number")),
        DataType::Date => Scalar::Date(civil::parse_date(text.as_bytes()).expect("a date")),
        DataType::Timestamp => {
            Scalar::Timestamp(civil::parse_timestamp(text.as_bytes()).expect("a timestamp"))
        }
        DataType::Decimal { .. } => {
            pardox_engine::plan::literal::parse_value(text, &dtype).expect("a decimal")
        }
        DataType::Utf8 => Scalar::Utf8(text.to_owned()),
        other => {
            pardox_engine::plan::literal::parse_value(text, &other).expect("a value of its type")
        }
    }
}

pub fn show(value: &Scalar) -> String {
    use pardox_engine::bytes::civil;
    let mut out = Vec::new();
    match value {
        Scalar::Null => out.extend_from_slice(b"null"),
        Scalar::Nested(one) => pardox_engine::column::json::write(one, 0, &mut out),
        Scalar::Bool(bit) => return bit.to_string(),
        Scalar::Int64(number) => return number.to_string(),
        Scalar::Float64(number) => {
            let mut out = Vec::new();
            pardox_engine::column::print::write_float(*number, &mut out);
            return String::from_utf8(out).expect("digits");
        }
        Scalar::Date(days) => civil::write_date(*days, &mut out),
        Scalar::Timestamp(micros) => civil::write_timestamp(*micros, &mut out),
        Scalar::Utf8(text) => return text.clone(),
        Scalar::Decimal { value, scale, .. } => {
            return pardox_engine::bytes::decimal::text(*value, *scale);
        }
        Scalar::Float32(number) => {
            pardox_engine::column::print::write_float32(*number, &mut out);
        }
        whole => return whole.as_whole().expect("a whole number").to_string(),
    }
    String::from_utf8(out).expect("dates are ASCII")
}

pub fn array(dtype: DataType, values: &[&str]) -> Array {
    let mut builder = ArrayBuilder::new(dtype.clone(), values.len());
    for value in values {
        builder.push(&scalar(dtype.clone(), value)).expect("small text fits");
    }
    builder.finish()
}

/// A table from columns of (name, type, blank-separated values).
pub fn frame(columns: &[(&str, DataType, &str)]) -> Frame {
    let columns = columns
        .iter()
        .map(|(name, dtype, values)| {
            (*name, array(dtype.clone(), &values.split_whitespace().collect::<Vec<_>>()))
        })
        .collect();
    Frame::from_arrays(columns).expect("names are unique")
}

/// The same rows in blocks of at most `rows`.
pub fn cut(frame: &Frame, rows: usize) -> Frame {
    let mut blocks = Vec::new();
    for block in frame.blocks() {
        let mut offset = 0;
        while offset < block.row_count() {
            let len = rows.min(block.row_count() - offset);
            blocks.push(block.slice(offset, len).expect("blocks in memory load"));
            offset += len;
        }
    }
    Frame::new(frame.schema().clone(), blocks)
}

pub fn rows(frame: &Frame) -> Vec<Vec<String>> {
    frame.blocks().iter().flat_map(block_rows).collect()
}

fn block_rows(block: &HyperBlock) -> Vec<Vec<String>> {
    (0..block.row_count())
        .map(|row| {
            (0..block.schema().len())
                .map(|index| show(&block.array(index).expect("loaded").scalar(row)))
                .collect()
        })
        .collect()
}

/// The rows as one text: values by blanks, rows by newlines.
pub fn text(frame: &Frame) -> String {
    rows(frame).iter().map(|row| row.join(" ")).collect::<Vec<_>>().join("\n")
}

pub fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let columns =
        columns.iter().map(|(name, dtype)| ColumnDef::new(*name, dtype.clone())).collect();
    Arc::new(Schema::new(columns).expect("names are unique"))
}

pub fn source(frame: &Frame) -> Plan {
    let columns = (0..frame.schema().len()).collect();
    let step = Step::Source { frame: frame.clone(), columns, origin: "a test".to_owned() };
    Plan { schema: frame.schema().clone(), step }
}

pub fn filter(input: Plan, predicate: Expr) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: Step::Filter { input: Box::new(input), predicate } }
}

pub fn project(input: Plan, exprs: Vec<(&str, Expr)>) -> Plan {
    let columns: Vec<_> = exprs.iter().map(|(name, expr)| (*name, expr.dtype.clone())).collect();
    let exprs = exprs.into_iter().map(|(_, expr)| expr).collect();
    Plan { schema: schema(&columns), step: Step::Project { input: Box::new(input), exprs } }
}

pub fn limit(input: Plan, offset: u64, count: Option<u64>) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: Step::Limit { input: Box::new(input), offset, count } }
}

pub fn tail(input: Plan, count: u64) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: Step::Tail { input: Box::new(input), count } }
}

pub fn union(inputs: Vec<Plan>) -> Plan {
    Plan { schema: inputs[0].schema.clone(), step: Step::Union { inputs } }
}

pub fn aggregate(input: Plan, keys: Vec<(&str, Expr)>, aggregates: Vec<(&str, Aggregate)>) -> Plan {
    let keys_part = keys.iter().map(|(name, expr)| (*name, expr.dtype.clone()));
    let columns: Vec<_> = keys_part
        .chain(aggregates.iter().map(|(name, item)| (*name, item.dtype.clone())))
        .collect();
    let step = Step::Aggregate {
        input: Box::new(input),
        keys: keys.into_iter().map(|(_, expr)| expr).collect(),
        aggregates: aggregates.into_iter().map(|(_, item)| item).collect(),
    };
    Plan { schema: schema(&columns), step }
}

pub fn agg(function: AggregateFunction, input: Expr) -> Aggregate {
    use AggregateFunction as F;
    let dtype = match function {
        F::Count | F::NUnique => INT,
        F::Mean | F::Std | F::Var | F::Median => FLOAT,
        F::Sum | F::Min | F::Max | F::First | F::Last => input.dtype.clone(),
    };
    Aggregate { function, input: Some(input), dtype }
}

pub fn count_rows() -> Aggregate {
    Aggregate { function: AggregateFunction::Count, input: None, dtype: INT }
}

/// A join by pairs of column positions; right key columns of the same name are left out.
pub fn join(left: Plan, right: Plan, keys: &[(usize, usize)], kind: JoinKind) -> Plan {
    let is_wide = matches!(kind, JoinKind::Inner | JoinKind::Left);
    let right_columns: Vec<usize> = (0..right.schema.len())
        .filter(|index| is_wide && !keys.iter().any(|(_, right)| right == index))
        .collect();
    let mut columns = left.schema.columns().to_vec();
    columns.extend(right_columns.iter().map(|index| right.schema.column(*index).clone()));
    let keys = keys
        .iter()
        .map(|(l, r)| {
            (
                col(*l, left.schema.column(*l).dtype.clone()),
                col(*r, right.schema.column(*r).dtype.clone()),
            )
        })
        .collect();
    let schema = Arc::new(Schema::new(columns).expect("names are unique"));
    let (left, right) = (Box::new(left), Box::new(right));
    Plan { schema, step: Step::Join { left, right, keys, kind, right_columns } }
}

pub fn sort(input: Plan, keys: Vec<SortKey>) -> Plan {
    let schema = input.schema.clone();
    Plan { schema, step: Step::Sort { input: Box::new(input), keys } }
}

pub fn key(expr: Expr, descending: bool, nulls_first: bool) -> SortKey {
    SortKey { expr, descending, nulls_first }
}

pub fn distinct(input: Plan, columns: &[usize]) -> Plan {
    let schema = input.schema.clone();
    let columns = columns.to_vec();
    Plan { schema, step: Step::Distinct { input: Box::new(input), columns } }
}

pub fn col(index: usize, dtype: DataType) -> Expr {
    Expr { kind: ExprKind::Column(index), dtype }
}

pub fn lit(dtype: DataType, text: &str) -> Expr {
    Expr { kind: ExprKind::Literal(scalar(dtype.clone(), text)), dtype }
}

pub fn call(function: &str, args: Vec<Expr>, dtype: DataType) -> Expr {
    let function = Function::from_name(function).expect("the name of a function");
    Expr { kind: ExprKind::Call { function, args }, dtype }
}

pub fn case(branches: Vec<(Expr, Expr)>, otherwise: Expr) -> Expr {
    let dtype = otherwise.dtype.clone();
    Expr { kind: ExprKind::Case { branches, otherwise: Box::new(otherwise) }, dtype }
}

pub fn cast(input: Expr, dtype: DataType, is_try: bool) -> Expr {
    Expr { kind: ExprKind::Cast { input: Box::new(input), is_try }, dtype }
}

pub fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

pub fn run(plan: &Plan) -> Frame {
    exec::run(plan, &context(2)).expect("the plan runs")
}

pub fn run_error(plan: &Plan) -> Error {
    exec::run(plan, &context(2)).expect_err("the plan must fail")
}

/// Runs with 1, 2 and 5 threads; the answers must agree to the bit.
pub fn run_any_threads(plan: &Plan) -> Result<Frame> {
    let first = exec::run(plan, &context(1));
    for threads in [2, 5] {
        let other = exec::run(plan, &context(threads));
        match (&first, &other) {
            (Ok(a), Ok(b)) => assert_eq!(rows(a), rows(b), "{threads} threads"),
            (Err(a), Err(b)) => assert_eq!(a, b, "{threads} threads"),
            _ => panic!("{threads} threads: {first:?} or {other:?}"),
        }
    }
    first
}
