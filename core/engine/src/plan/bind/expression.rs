//! Expressions: names to positions, literals to values, operands to the types that kernels take.

use std::cell::RefCell;

use super::{Binder, invalid, text_left};
use crate::column::{DataType, Scalar, Schema};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::plan::document::Expression;
use crate::plan::document::{AggregateExpression, CallExpression, CaseExpression, CastExpression};
use crate::plan::expr::{Aggregate, Expr, ExprKind};
use crate::plan::functions::{
    AggregateFunction, CompareFunction, Declaration, Function, Gives, LogicFunction, Operand,
    Refusal, Rule, common_type, is_castable,
};
use crate::plan::literal::{self, dtype_named};

/// Where an expression stands: what its columns are, and whether aggregates are allowed.
pub(super) enum Scope<'a> {
    /// Over the rows of a table.
    Rows(&'a Schema),
    /// Over groups: columns only within aggregates, which are gathered.
    Groups { schema: &'a Schema, key_count: usize, aggregates: &'a RefCell<Vec<Aggregate>> },
}

impl Binder<'_> {
    pub(super) fn expression(&self, scope: &Scope<'_>, expression: &Expression) -> Result<Expr> {
        let _level = self.descend()?;
        match expression {
            Expression::Col(name) => column(scope, name),
            Expression::Lit(value) => Ok(constant(literal::scalar(value)?)),
            Expression::Param(name) => Ok(constant(self.param(name)?)),
            Expression::Text(_) => Err(text_left("text")),
            Expression::Call(call) => self.call(scope, call),
            Expression::Case(case) => self.case(scope, case),
            Expression::Cast(cast) => self.cast(scope, cast, false),
            Expression::TryCast(cast) => self.cast(scope, cast, true),
            Expression::Agg(aggregate) => self.aggregate_call(scope, aggregate),
        }
    }

    /// An expression that must be bool, such as a predicate.
    pub(super) fn condition(
        &self,
        scope: &Scope<'_>,
        expression: &Expression,
        what: &str,
    ) -> Result<Expr> {
        let expr = self.expression(scope, expression)?;
        match operand(&expr) {
            Operand::Typed(DataType::Bool) => Ok(expr),
            Operand::Null => convert(expr, &DataType::Bool),
            _ => Err(Error::mismatch(
                ErrorKind::TypeMismatch,
                format!("bool for {what}"),
                expr.dtype.name(),
            )
            .hint("compare it with a value, as in `x > 0`")),
        }
    }

    fn call(&self, scope: &Scope<'_>, call: &CallExpression) -> Result<Expr> {
        let function =
            Function::from_name(&call.function).ok_or_else(|| unknown_function(&call.function))?;
        let args = call
            .args
            .iter()
            .map(|argument| self.expression(scope, argument))
            .collect::<Result<Vec<Expr>>>()?;
        resolve(function, args)
    }

    fn case(&self, scope: &Scope<'_>, case: &CaseExpression) -> Result<Expr> {
        if case.branches.is_empty() {
            return Err(invalid("a case has no branch").hint("give at least one `when`"));
        }
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for branch in &case.branches {
            conditions.push(self.condition(scope, &branch.when, "the condition of a case")?);
            results.push(self.expression(scope, &branch.then)?);
        }
        results.push(match &case.otherwise {
            Some(otherwise) => self.expression(scope, otherwise)?,
            None => constant(Scalar::Null),
        });
        adapt_literals(&mut results);
        read_as_decimals(&mut results);
        let operands: Vec<Operand> = results.iter().map(operand).collect();
        let dtype = common_type(&operands).ok_or_else(|| {
            Error::mismatch(
                ErrorKind::TypeMismatch,
                "one type for the results of a case",
                dtype_list(&results),
            )
            .hint("cast the results to one type")
        })?;
        let mut results =
            results.into_iter().map(|expr| convert(expr, &dtype)).collect::<Result<Vec<Expr>>>()?;
        let otherwise = Box::new(results.pop().expect("the result of `else` was pushed last"));
        let branches = conditions.into_iter().zip(results).collect();
        Ok(Expr { kind: ExprKind::Case { branches, otherwise }, dtype })
    }

    fn cast(&self, scope: &Scope<'_>, cast: &CastExpression, is_try: bool) -> Result<Expr> {
        let dtype = dtype_named(&cast.to, ErrorKind::InvalidPlan)?;
        let input = self.expression(scope, &cast.input)?;
        if operand(&input) == Operand::Null {
            return convert(input, &dtype);
        }
        if input.dtype == dtype {
            return Ok(input);
        }
        if !is_castable(&input.dtype.plain(), &dtype.plain()) {
            return Err(Error::new(
                ErrorKind::TypeMismatch,
                format!("{} cannot be cast to {dtype}", input.dtype),
            )
            .hint("cast by way of utf8 or int64 where that says what you mean"));
        }
        // A dictionary is text: what is cast from it or to it goes by way of that.
        let plain = input.dtype.plain();
        let input = convert(input, &plain)?;
        let is_text = dtype.plain() == DataType::Utf8 && plain != DataType::Utf8;
        let input = if is_text { convert(input, &DataType::Utf8)? } else { input };
        if input.dtype == dtype {
            return Ok(input);
        }
        Ok(Expr { kind: ExprKind::Cast { input: Box::new(input), is_try }, dtype })
    }

    fn aggregate_call(&self, scope: &Scope<'_>, call: &AggregateExpression) -> Result<Expr> {
        let function = AggregateFunction::from_name(&call.function)
            .ok_or_else(|| unknown_function(&call.function))?;
        let Scope::Groups { schema, key_count, aggregates } = scope else {
            return Err(invalid(format!(
                "the aggregate {:?} stands outside of an aggregate step",
                call.function
            ))
            .hint("aggregate by groups, or over the whole table with no keys"));
        };
        let rows = Scope::Rows(schema);
        let input = match &call.input {
            None => None,
            Some(input) => Some(self.expression(&rows, input)?),
        };
        let signature = function
            .signature(input.as_ref().map(operand))
            .map_err(|refusal| refused(function.declaration(), refusal, input.as_slice()))?;
        let is_coded = keeps_codes(function)
            && input.as_ref().is_some_and(|expr| expr.dtype == DataType::Dictionary);
        let result = match is_coded && signature.result == DataType::Utf8 {
            true => DataType::Dictionary,
            false => signature.result,
        };
        let input = match is_coded {
            true => input,
            false => input.map(|expr| convert(expr, &signature.args[0])).transpose()?,
        };
        let aggregate = Aggregate { function, input, dtype: result.clone() };
        let mut aggregates = aggregates.borrow_mut();
        let index = aggregates.iter().position(|known| *known == aggregate).unwrap_or_else(|| {
            aggregates.push(aggregate);
            aggregates.len() - 1
        });
        Ok(Expr { kind: ExprKind::Column(key_count + index), dtype: result })
    }
}

/// Whether an aggregate only chooses or counts values: codes do as well as their text.
fn keeps_codes(function: AggregateFunction) -> bool {
    use AggregateFunction::{Count, First, Last, Max, Min, NUnique};
    matches!(function, Count | First | Last | Max | Min | NUnique)
}

/// A value as an expression; null is utf8 until its surroundings say otherwise.
pub(super) fn constant(value: Scalar) -> Expr {
    let dtype = value.dtype().unwrap_or(DataType::Utf8);
    Expr { kind: ExprKind::Literal(value), dtype }
}

/// The input's column at a position.
pub(super) fn column_at(schema: &Schema, index: usize) -> Expr {
    Expr { kind: ExprKind::Column(index), dtype: schema.column(index).dtype.clone() }
}

/// Converts an expression to a type that its operands' rule asked for.
///
/// Errors: `TypeMismatch` for a text literal that is no date or timestamp.
pub(super) fn convert(expr: Expr, dtype: &DataType) -> Result<Expr> {
    if expr.dtype == *dtype {
        return Ok(expr);
    }
    if let ExprKind::Literal(value) = &expr.kind {
        let value = match (value, dtype) {
            (Scalar::Null, _) => Some(Scalar::Null),
            (Scalar::Utf8(text), DataType::Dictionary) => Some(Scalar::Utf8(text.clone())),
            (
                Scalar::Utf8(text),
                DataType::Date | DataType::Timestamp | DataType::TimestampOf { .. },
            ) => Some(text_as(text, dtype)?),
            (Scalar::Int64(_) | Scalar::Decimal { .. }, DataType::Decimal { .. }) => {
                literal::as_decimal(value, dtype)
            }
            (Scalar::Float32(number), DataType::Float64) => {
                Some(Scalar::Float64(f64::from(*number)))
            }
            (value, DataType::Float64) => {
                value.as_whole().map(|whole| Scalar::Float64(whole as f64))
            }
            (value, dtype) => value.as_whole().and_then(|whole| Scalar::of_whole(whole, dtype)),
        };
        if let Some(value) = value {
            return Ok(Expr { kind: ExprKind::Literal(value), dtype: dtype.clone() });
        }
    }
    let kind = ExprKind::Cast { input: Box::new(expr), is_try: false };
    Ok(Expr { kind, dtype: dtype.clone() })
}

/// What a type rule sees of an expression.
pub(super) fn operand(expr: &Expr) -> Operand {
    match &expr.kind {
        ExprKind::Literal(Scalar::Null) if expr.dtype == DataType::Utf8 => Operand::Null,
        ExprKind::Literal(Scalar::Utf8(_)) => Operand::Text,
        // Type rules know utf8; binding then decodes, by a cast.
        _ => Operand::Typed(expr.dtype.plain()),
    }
}

/// A date's text stands for a timestamp as well: its midnight.
fn text_as(text: &str, dtype: &DataType) -> Result<Scalar> {
    literal::parse_value(text, dtype).ok_or_else(|| {
        let expected = literal::expected(text, dtype);
        Error::mismatch(ErrorKind::TypeMismatch, expected, format!("{text:?}"))
    })
}

fn column(scope: &Scope<'_>, name: &str) -> Result<Expr> {
    match scope {
        Scope::Rows(schema) => Ok(column_at(schema, schema.require(name)?)),
        Scope::Groups { schema, .. } => {
            schema.require(name)?;
            Err(invalid(format!("column {name:?} stands outside of an aggregate"))
                .hint(format!("use first({name}), or make it a key")))
        }
    }
}

/// Applies a function's type rule and converts its operands.
fn resolve(function: Function, mut args: Vec<Expr>) -> Result<Expr> {
    read_as_decimals(&mut args);
    let rule = function.declaration().rule;
    if matches!(rule, Rule::Common | Rule::Compare) {
        adapt_literals(&mut args);
    }
    let operands: Vec<Operand> = args.iter().map(operand).collect();
    if let Function::Compare(list @ (CompareFunction::IsIn | CompareFunction::Between)) = function
        && args.len() > 1
        && mixes_numbers(&operands)
    {
        return spell_out(list, args);
    }
    let signature = function
        .signature(&operands)
        .map_err(|refusal| refused(function.declaration(), refusal, &args))?;
    let is_comparison = matches!(rule, Rule::Compare);
    let mut args = args
        .into_iter()
        .zip(&signature.args)
        .map(|(expr, dtype)| convert(expr, dtype))
        .collect::<Result<Vec<Expr>>>()?;
    if is_comparison {
        align_numbers(&mut args);
    }
    let literals = check_literals(function.declaration(), &args)?;
    let types: Vec<DataType> = args.iter().map(|arg| arg.dtype.clone()).collect();
    let dtype = match function.declaration().result {
        Gives::Literal(_, rule) => rule(&types, &literals),
        _ => Some(signature.result),
    };
    let dtype = dtype.ok_or_else(|| {
        let name = function.name();
        Error::new(ErrorKind::InvalidArgument, format!("the operands of {name} have no type"))
    })?;
    Ok(Expr { kind: ExprKind::Call { function, args }, dtype })
}

/// Gives literals of whole numbers the type of the whole numbers beside them, where they fit it.
fn adapt_literals(args: &mut [Expr]) {
    let is_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
    let mut others = args.iter().filter(|expr| !is_literal(expr)).map(|expr| &expr.dtype);
    let Some(first) = others.next() else { return };
    let common = others.try_fold(first.clone(), |common, dtype| common.common_integer(dtype));
    let Some(dtype) = common.filter(DataType::is_integer) else { return };
    for arg in args {
        let ExprKind::Literal(Scalar::Int64(number)) = arg.kind else { continue };
        if let Some(value) = Scalar::of_whole(i128::from(number), &dtype) {
            *arg = Expr { kind: ExprKind::Literal(value), dtype: dtype.clone() };
        }
    }
}

/// Reads float literals beside a decimal as the decimals that they are written as: nobody who
/// writes 1.19 means the binary fraction next to it.
fn read_as_decimals(args: &mut [Expr]) {
    if !args.iter().any(|arg| arg.dtype.is_decimal()) {
        return;
    }
    for arg in args {
        if let ExprKind::Literal(Scalar::Float64(number)) = arg.kind
            && let Some(value) = literal::decimal_as_written(&literal::float_text(number))
        {
            *arg = constant(value);
        }
    }
}

/// Whether all operands are numbers, or null, and not all of one type.
fn mixes_numbers(operands: &[Operand]) -> bool {
    let types = || {
        operands.iter().filter_map(|operand| match operand {
            Operand::Typed(dtype) => Some(dtype),
            Operand::Text | Operand::Null => None,
        })
    };
    let first = types().next();
    !operands.contains(&Operand::Text)
        && types().all(DataType::is_number)
        && types().any(|dtype| Some(dtype) != first)
}

/// `in` and `between` over numbers of several types as the comparisons they stand for, which are
/// exact where a cast of all operands to one type would round.
fn spell_out(function: CompareFunction, args: Vec<Expr>) -> Result<Expr> {
    use CompareFunction::{Between, Eq, Ge, Le};
    let mut args = args.into_iter();
    let value = args.next().expect("the type rule counted operands");
    let (compare, join): (&[CompareFunction], _) = match function {
        Between => (&[Ge, Le], LogicFunction::And),
        _ => (&[Eq], LogicFunction::Or),
    };
    let parts = args
        .zip(compare.iter().cycle())
        .map(|(other, compare)| resolve((*compare).into(), vec![value.clone(), other]))
        .collect::<Result<Vec<Expr>>>()?;
    let joined = balanced(join.into(), parts);
    Ok(joined)
}

/// Joins conditions as a tree of small depth: a list may be long.
fn balanced(function: Function, mut parts: Vec<Expr>) -> Expr {
    while parts.len() > 1 {
        let mut rest = parts.into_iter();
        let mut next = Vec::new();
        while let Some(left) = rest.next() {
            next.push(match rest.next() {
                None => left,
                Some(right) => Expr {
                    kind: ExprKind::Call { function, args: vec![left, right] },
                    dtype: DataType::Bool,
                },
            });
        }
        parts = next;
    }
    parts.pop().expect("a list has at least one element")
}

/// Gives a number literal the type of the other side where that is exact, so that the kernel of
/// one type serves; other pairs of numbers compare exactly as they are.
fn align_numbers(args: &mut [Expr]) {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    for (this, other) in [(0, 1), (1, 0)] {
        let dtype = args[other].dtype.clone();
        let ExprKind::Literal(value) = &args[this].kind else { continue };
        let exact = match (value, &dtype) {
            (Scalar::Float64(number), DataType::Float32)
                if f64::from(*number as f32) == *number =>
            {
                Some(Scalar::Float32(*number as f32))
            }
            (value, DataType::Decimal { .. }) => literal::as_decimal(value, &dtype),
            (Scalar::Float64(number), _) if number.fract() == 0.0 && number.abs() <= EXACT_MAX => {
                Scalar::of_whole(*number as i128, &dtype)
            }
            (value, DataType::Float64) => {
                let number = value.as_whole().map(|whole| whole as f64);
                number.filter(|number| number.abs() <= EXACT_MAX).map(Scalar::Float64)
            }
            (value, _) => value.as_whole().and_then(|whole| Scalar::of_whole(whole, &dtype)),
        };
        let Some(exact) = exact else { continue };
        args[this] = Expr { kind: ExprKind::Literal(exact), dtype };
    }
}

/// Holds operands that must be literals to it, and to what the function says of their values, which
/// are given.
fn check_literals(declaration: &Declaration, args: &[Expr]) -> Result<Vec<Option<Scalar>>> {
    let mut literals = vec![None; declaration.operands.len()];
    for (index, declared) in declaration.operands.iter().enumerate() {
        let Some(arg) = args.get(index).filter(|_| declared.is_literal) else { continue };
        let found = match &arg.kind {
            ExprKind::Literal(Scalar::Null) => "null",
            ExprKind::Literal(value) => {
                literals[index] = Some(value.clone());
                continue;
            }
            _ => "another expression",
        };
        let expected = format!("a literal for the {} of {}", declared.name, declaration.name);
        return Err(Error::mismatch(ErrorKind::TypeMismatch, expected, found));
    }
    let types: Vec<DataType> = args.iter().map(|arg| arg.dtype.clone()).collect();
    (declaration.check)(&literals, &types).map_err(|misfit| misfit.error)?;
    Ok(literals)
}

fn unknown_function(name: &str) -> Error {
    let error = Error::new(ErrorKind::UnknownFunction, format!("no function is named {name:?}"));
    let aggregates = AggregateFunction::ALL.iter().map(|function| function.name());
    let functions = Function::all().map(Function::name);
    match nearest(name, functions.chain(aggregates)) {
        Some(near) if near == name => error.hint(match Function::from_name(name) {
            Some(_) => format!("{name:?} is a function of one row, not an aggregate"),
            None => format!("{name:?} is an aggregate; use it in an aggregate step"),
        }),
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint("docs/semantics lists the functions"),
    }
}

fn refused(declaration: &Declaration, refusal: Refusal, args: &[Expr]) -> Error {
    let name = declaration.name;
    let (expected, found) = match refusal {
        Refusal::Count(taken) => {
            let expected = format!("{taken} for {name}");
            return Error::mismatch(ErrorKind::TypeMismatch, expected, args.len().to_string());
        }
        Refusal::Types(taken) => (format!("{taken} for {name}"), dtype_list(args)),
        Refusal::Operand(index, taken) => {
            let operand = declaration.operand(index).name;
            (format!("{taken} for the {operand} of {name}"), dtype_list(&args[index..=index]))
        }
    };
    let is_moment = |arg: &&Expr| arg.dtype.moment().is_some() || arg.dtype == DataType::Date;
    let has_zone =
        |zoned: bool| args.iter().filter(is_moment).any(|moment| moment.dtype.is_zoned() == zoned);
    Error::mismatch(ErrorKind::TypeMismatch, expected, found).hint(
        match has_zone(true) && has_zone(false) {
            true => "cast one of them: to a type with a zone, or to the local time without one",
            false => "cast an operand",
        },
    )
}

fn dtype_list(args: &[Expr]) -> String {
    let name = |expr: &Expr| match operand(expr) {
        Operand::Null => "null".to_owned(),
        _ => expr.dtype.to_string(),
    };
    let names: Vec<String> = args.iter().map(name).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
}
