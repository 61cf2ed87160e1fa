//! A plan as text: one step a line, its inputs indented below it, columns with types behind.
//!
//! The same text in every language; it holds no address, time or thread count.

use std::fmt::Write;

use super::expr::{Aggregate, Expr, ExprKind, SortKey};
use super::functions::{Function, Spelling};
use super::literal::{date_text, float_text, float32_text, ticks_text, timestamp_text};
use super::node::{JoinKind, Plan, Step};
use crate::bytes::decimal;
use crate::column::print::value_text;
use crate::column::{DataType, Scalar, Schema};

/// Columns shown on one line; a wider schema ends with their number.
const COLUMNS_SHOWN_MAX: usize = 12;

/// The text of a plan, each line with its line end.
pub fn explain(plan: &Plan) -> String {
    let mut out = String::new();
    write_step(plan, 0, &mut out);
    out
}

fn write_step(plan: &Plan, level: usize, out: &mut String) {
    let line =
        format!("{}{} -> {}", "  ".repeat(level), step_text(plan), columns_text(&plan.schema));
    out.push_str(&line);
    out.push('\n');
    for input in plan.inputs() {
        write_step(input, level + 1, out);
    }
}

fn step_text(plan: &Plan) -> String {
    match &plan.step {
        Step::Source { frame, columns, origin } => {
            let (used, all) = (columns.len(), frame.schema().len());
            format!("source {origin}: {used} of {all} columns, {} rows", frame.row_count())
        }
        Step::Stream { table, columns, origin } => {
            let (used, all) = (columns.len(), table.schema().len());
            format!("stream {origin}: {used} of {all} columns, types of the first rows")
        }
        Step::CountCsv { source, .. } => format!("count_csv {source}"),
        Step::Filter { input, predicate } => format!("filter {}", text(predicate, &input.schema)),
        Step::Project { input, exprs } => {
            let items = exprs.iter().zip(plan.schema.columns()).map(|(expr, column)| {
                let value = text(expr, &input.schema);
                if value == quoted(&column.name) {
                    value
                } else {
                    format!("{value} as {}", quoted(&column.name))
                }
            });
            format!("project {}", items.collect::<Vec<_>>().join(", "))
        }
        Step::Aggregate { input, keys, aggregates } => {
            let computed =
                aggregates.iter().map(|aggregate| aggregate_text(aggregate, &input.schema));
            let computed = computed.collect::<Vec<_>>().join(", ");
            match keys.is_empty() {
                true => format!("aggregate {computed}"),
                false => format!("aggregate {computed} by {}", list(keys, &input.schema)),
            }
        }
        Step::Join { left, right, keys, kind, .. } => {
            let pairs = keys
                .iter()
                .map(|(a, b)| format!("{} = {}", text(a, &left.schema), text(b, &right.schema)));
            let kind = match kind {
                JoinKind::Inner => "inner",
                JoinKind::Left => "left",
                JoinKind::Semi => "semi",
                JoinKind::Anti => "anti",
            };
            format!("{kind} join on {}", pairs.collect::<Vec<_>>().join(" and "))
        }
        Step::Sort { input, keys } => {
            let keys = keys.iter().map(|key| sort_text(key, &input.schema));
            format!("sort {}", keys.collect::<Vec<_>>().join(", "))
        }
        Step::Limit { offset, count, .. } => match count {
            Some(count) => format!("limit {count} offset {offset}"),
            None => format!("limit all offset {offset}"),
        },
        Step::Tail { count, .. } => format!("tail {count}"),
        Step::Distinct { input, columns } => {
            let names = columns.iter().map(|index| quoted(&input.schema.column(*index).name));
            format!("distinct {}", names.collect::<Vec<_>>().join(", "))
        }
        Step::Union { inputs } => format!("union of {}", inputs.len()),
        Step::Describe { .. } => "describe".to_owned(),
        Step::WriteCsv { path, .. } => format!("write_csv {path:?}"),
        Step::WritePrdx { path, .. } => format!("write_prdx {path:?}"),
    }
}

fn columns_text(schema: &Schema) -> String {
    let shown = schema.columns().iter().take(COLUMNS_SHOWN_MAX);
    let mut text = shown
        .map(|column| format!("{} {}", quoted(&column.name), column.dtype))
        .collect::<Vec<_>>()
        .join(", ");
    if schema.len() > COLUMNS_SHOWN_MAX {
        let _ = write!(text, ", ... {} columns", schema.len());
    }
    format!("[{text}]")
}

fn aggregate_text(aggregate: &Aggregate, schema: &Schema) -> String {
    let input = aggregate.input.as_ref().map_or("*".to_owned(), |expr| text(expr, schema));
    format!("{}({input})", aggregate.function.name())
}

fn sort_text(key: &SortKey, schema: &Schema) -> String {
    let direction = if key.descending { "desc" } else { "asc" };
    let nulls = if key.nulls_first { " nulls first" } else { "" };
    format!("{} {direction}{nulls}", text(&key.expr, schema))
}

fn list(exprs: &[Expr], schema: &Schema) -> String {
    exprs.iter().map(|expr| text(expr, schema)).collect::<Vec<_>>().join(", ")
}

/// An expression as SQL would write it, brackets around every inner operator.
fn text(expr: &Expr, schema: &Schema) -> String {
    match &expr.kind {
        ExprKind::Column(index) => quoted(&schema.column(*index).name),
        ExprKind::Literal(value) => literal_text(value, &expr.dtype),
        ExprKind::Call { function, args } => call_text(*function, args, schema),
        ExprKind::Case { branches, otherwise } => {
            let mut out = "case".to_owned();
            for (when, then) in branches {
                let _ = write!(out, " when {} then {}", text(when, schema), text(then, schema));
            }
            format!("{out} else {} end", text(otherwise, schema))
        }
        ExprKind::Cast { input, is_try } => {
            let name = if *is_try { "try_cast" } else { "cast" };
            format!("{name}({} as {})", text(input, schema), expr.dtype)
        }
    }
}

fn call_text(function: Function, args: &[Expr], schema: &Schema) -> String {
    let inner = |index: usize| operand_text(&args[index], schema);
    match function.declaration().spelling {
        Spelling::Infix(sign) => format!("{} {sign} {}", inner(0), inner(1)),
        Spelling::Prefix(sign) => format!("{sign}{}", inner(0)),
        Spelling::Postfix(words) => format!("{}{words}", inner(0)),
        Spelling::In => format!("{} in ({})", inner(0), list(&args[1..], schema)),
        Spelling::Between => format!("{} between {} and {}", inner(0), inner(1), inner(2)),
        Spelling::Call => format!("{}({})", function.name(), list(args, schema)),
    }
}

/// An operand: in brackets when it is an operator itself.
fn operand_text(expr: &Expr, schema: &Schema) -> String {
    let inner = text(expr, schema);
    let is_operator = match &expr.kind {
        ExprKind::Call { function, .. } => function.declaration().spelling != Spelling::Call,
        _ => false,
    };
    if is_operator { format!("({inner})") } else { inner }
}

fn literal_text(value: &Scalar, dtype: &DataType) -> String {
    match value {
        Scalar::Null => format!("null::{dtype}"),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int64(value) => value.to_string(),
        Scalar::Float64(value) => float_text(*value),
        Scalar::Date(days) => format!("date '{}'", date_text(*days)),
        Scalar::Timestamp(micros) => format!("timestamp '{}'", timestamp_text(*micros)),
        Scalar::Utf8(text) => within(text, '\''),
        Scalar::Int8(value) => format!("{value}::{dtype}"),
        Scalar::Int16(value) => format!("{value}::{dtype}"),
        Scalar::Int32(value) => format!("{value}::{dtype}"),
        Scalar::UInt8(value) => format!("{value}::{dtype}"),
        Scalar::UInt16(value) => format!("{value}::{dtype}"),
        Scalar::UInt32(value) => format!("{value}::{dtype}"),
        Scalar::UInt64(value) => format!("{value}::{dtype}"),
        Scalar::Float32(value) => format!("{}::{dtype}", float32_text(*value)),
        Scalar::Decimal { value, scale, .. } => {
            format!("decimal '{}'", decimal::text(*value, *scale))
        }
        Scalar::Nested(one) => format!("{}::{dtype}", within(&value_text(one, 0), '\'')),
        Scalar::Ticks(ticks, dtype) => {
            format!("'{}'::{}", ticks_text(*ticks, dtype), within(&dtype.name(), '"'))
        }
    }
}

/// A name as text takes it: bare where it is a plain word.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && name.chars().next().is_some_and(|first| !first.is_numeric());
    match is_plain {
        true => name.to_owned(),
        false => within(name, '"'),
    }
}

/// Text between quotes, a quote in it doubled, what does not print escaped.
fn within(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for letter in text.chars() {
        match letter {
            _ if letter == quote => out.extend([quote, quote]),
            '\'' | '"' => out.push(letter),
            _ => out.extend(letter.escape_debug()),
        }
    }
    out.push(quote);
    out
}
