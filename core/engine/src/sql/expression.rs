//! Expressions of text to wire expressions.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType as SqlType, DuplicateTreatment,
    ExactNumberInfo, Expr, Function as SqlFunction, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, ObjectNamePart, Spanned, TimezoneInfo, UnaryOperator, Value,
};
use sqlparser::tokenizer::Location;

use super::ast::Source;
use super::forms;
use super::scope::Scope;
use crate::column::DataType;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::TEXT_EXPRESSION_DEPTH_MAX;
use crate::plan::document::{
    AggregateExpression, CallExpression, CaseBranch, CaseExpression, CastExpression, Expression,
    Literal,
};
use crate::plan::functions::{AggregateFunction, Function};
use crate::plan::literal::parse_value;

/// Names that SQL has for aggregates of ours.
const AGGREGATE_SYNONYMS: &[(&str, AggregateFunction)] = &[
    ("avg", AggregateFunction::Mean),
    ("stddev", AggregateFunction::Std),
    ("stddev_samp", AggregateFunction::Std),
    ("variance", AggregateFunction::Var),
    ("var_samp", AggregateFunction::Var),
];

/// Translates the expressions of one text.
pub(super) struct Translator<'a> {
    pub(super) source: Source<'a>,
    pub(super) scope: Scope<'a>,
}

impl Translator<'_> {
    pub(super) fn expression(&self, expr: &Expr) -> Result<Expression> {
        self.at_depth(expr, 0)
    }

    fn at_depth(&self, expr: &Expr, depth: usize) -> Result<Expression> {
        if depth > TEXT_EXPRESSION_DEPTH_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("an expression chains more than {TEXT_EXPRESSION_DEPTH_MAX} operators"),
            )
            .hint("use `in (...)` instead of a chain of `or`"));
        }
        let inner = |expr: &Expr| self.at_depth(expr, depth + 1);
        match expr {
            Expr::Identifier(ident) => self.scope.column(self.source, None, ident),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.scope.column(self.source, Some(table), column),
                _ => Err(self.unsupported("a name of more than two parts", expr)),
            },
            Expr::Nested(nested) => inner(nested),
            Expr::Value(value) => self.value(&value.value, value.span.start),
            Expr::TypedString(typed) => {
                let dtype = self.dtype(&typed.data_type, expr)?;
                match &typed.value.value {
                    Value::SingleQuotedString(text) => self.typed_literal(dtype, text, expr),
                    _ => Err(self.unsupported("this literal", expr)),
                }
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr: operand } => match number_text(operand)
            {
                Some(text) => self.number(&format!("-{text}"), start(operand)),
                None => Ok(call(Function::Neg, vec![inner(operand)?])),
            },
            Expr::UnaryOp { op: UnaryOperator::Plus, expr: operand } => inner(operand),
            Expr::UnaryOp { op: UnaryOperator::Not, expr: operand } => {
                Ok(call(Function::Not, vec![inner(operand)?]))
            }
            Expr::BinaryOp { left, op, right } => {
                let function = self.operator(op, expr)?;
                Ok(call(function, vec![inner(left)?, inner(right)?]))
            }
            Expr::IsNull(operand) => Ok(call(Function::IsNull, vec![inner(operand)?])),
            Expr::IsTrue(operand) => Ok(forms::is_truth(inner(operand)?, true, false)),
            Expr::IsNotTrue(operand) => Ok(forms::is_truth(inner(operand)?, true, true)),
            Expr::IsFalse(operand) => Ok(forms::is_truth(inner(operand)?, false, false)),
            Expr::IsNotFalse(operand) => Ok(forms::is_truth(inner(operand)?, false, true)),
            Expr::IsDistinctFrom(left, right) => {
                forms::is_distinct(inner(left)?, inner(right)?, false)
            }
            Expr::IsNotDistinctFrom(left, right) => {
                forms::is_distinct(inner(left)?, inner(right)?, true)
            }
            Expr::IsNotNull(operand) => Ok(call(Function::IsNotNull, vec![inner(operand)?])),
            Expr::InList { expr: operand, list, negated } => {
                let mut args = vec![inner(operand)?];
                for element in list {
                    args.push(inner(element)?);
                }
                Ok(negate(*negated, call(Function::IsIn, args)))
            }
            Expr::Between { expr: operand, negated, low, high } => {
                let args = vec![inner(operand)?, inner(low)?, inner(high)?];
                Ok(negate(*negated, call(Function::Between, args)))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), depth)
            }
            Expr::Cast { kind, expr: operand, data_type, array: false, format: None } => {
                let to = self.dtype(data_type, expr)?.name().to_owned();
                let cast = CastExpression { input: Box::new(inner(operand)?), to };
                match kind {
                    CastKind::Cast | CastKind::DoubleColon => Ok(Expression::Cast(cast)),
                    CastKind::TryCast => Ok(Expression::TryCast(cast)),
                    CastKind::SafeCast => Err(self.unsupported("safe_cast", expr)),
                }
            }
            Expr::Floor { expr: operand, field } => {
                self.whole(Function::Floor, operand, field, depth)
            }
            Expr::Ceil { expr: operand, field } => {
                self.whole(Function::Ceil, operand, field, depth)
            }
            Expr::Function(function) => self.function(function, expr, depth),
            _ => Err(self.refuse(expr)),
        }
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Result<Expression> {
        let inner = |expr: &Expr| self.at_depth(expr, depth + 1);
        let operand = operand.map(inner).transpose()?;
        if let Some(operand) = &operand {
            forms::copied(operand, conditions.len())?;
        }
        let mut branches = Vec::with_capacity(conditions.len());
        for CaseWhen { condition, result } in conditions {
            let condition = inner(condition)?;
            let when = match &operand {
                Some(operand) => call(Function::Eq, vec![operand.clone(), condition]),
                None => condition,
            };
            branches.push(CaseBranch { when, then: inner(result)? });
        }
        let otherwise = otherwise.map(inner).transpose()?.map(Box::new);
        Ok(Expression::Case(CaseExpression { branches, otherwise }))
    }

    fn whole(
        &self,
        function: Function,
        operand: &Expr,
        field: &CeilFloorKind,
        depth: usize,
    ) -> Result<Expression> {
        use sqlparser::ast::DateTimeField;
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {
                Ok(call(function, vec![self.at_depth(operand, depth + 1)?]))
            }
            _ => {
                Err(self.unsupported(&format!("{} with a unit or scale", function.name()), operand))
            }
        }
    }

    fn function(&self, function: &SqlFunction, expr: &Expr, depth: usize) -> Result<Expression> {
        let [ObjectNamePart::Identifier(ident)] = function.name.0.as_slice() else {
            return Err(self.unsupported("a function name with a qualifier", expr));
        };
        let is_plain = !function.uses_odbc_syntax
            && matches!(function.parameters, FunctionArguments::None)
            && function.null_treatment.is_none()
            && function.within_group.is_empty();
        if function.over.is_some() {
            return Err(self.unsupported("a window function (over)", expr));
        }
        let FunctionArguments::List(list) = &function.args else {
            return Err(
                self.unsupported(&format!("{} without operands in brackets", ident.value), expr)
            );
        };
        if !is_plain || !list.clauses.is_empty() {
            return Err(self.unsupported(&format!("a clause within {}", ident.value), expr));
        }
        let is_distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let mut args = Vec::with_capacity(list.args.len());
        let mut is_star = false;
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => {
                    args.push(self.at_depth(argument, depth + 1)?);
                }
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => is_star = true,
                _ => return Err(self.unsupported("a named operand", expr)),
            }
        }
        let called = self.named_call(ident, args, is_star, is_distinct)?;
        match &function.filter {
            None => Ok(called),
            Some(condition) => self.filtered(called, self.at_depth(condition, depth + 1)?, expr),
        }
    }

    /// `f(a) filter (where c)`.
    fn filtered(
        &self,
        called: Expression,
        condition: Expression,
        expr: &Expr,
    ) -> Result<Expression> {
        let filtered = match called {
            Expression::Agg(aggregate) => forms::filtered(aggregate, condition),
            _ => return Err(self.unsupported("filter after a function of one row", expr)),
        };
        filtered.ok_or_else(|| {
            self.unsupported("filter after first or last", expr)
                .hint("filter the rows first, or use min or max")
        })
    }

    fn named_call(
        &self,
        ident: &Ident,
        mut args: Vec<Expression>,
        is_star: bool,
        is_distinct: bool,
    ) -> Result<Expression> {
        let name = ident.value.to_lowercase();
        let at = ident.span.start;
        let error = |kind, summary: String| Err(self.source.error(kind, &summary, at));
        let synonym = AGGREGATE_SYNONYMS.iter().find(|(word, _)| *word == name);
        let aggregate = synonym.map(|pair| pair.1).or_else(|| AggregateFunction::from_name(&name));
        if let Some(function) = aggregate {
            let input = match (args.len(), is_star) {
                (0, true) if function == AggregateFunction::Count && !is_distinct => None,
                (0, false) if function == AggregateFunction::Count && !is_distinct => None,
                (1, false) => args.pop().map(Box::new),
                (count, _) => {
                    let found = if is_star { "*".to_owned() } else { count.to_string() };
                    let summary = format!("expected 1 operand for {name}, found {found}");
                    return error(ErrorKind::TypeMismatch, summary);
                }
            };
            let function = match (function, is_distinct) {
                (AggregateFunction::Count, true) => AggregateFunction::NUnique,
                (_, false) => function,
                // The smallest of the distinct values is the smallest of the values.
                (AggregateFunction::Min | AggregateFunction::Max, true) => function,
                (_, true) => {
                    let what = format!("{name}(distinct ...)");
                    return Err(self.source.unsupported(&what, at));
                }
            };
            let function = function.name().to_owned();
            return Ok(Expression::Agg(AggregateExpression { function, input }));
        }
        if name == "nullif" && !is_star && !is_distinct {
            let [a, b] = <[Expression; 2]>::try_from(args).map_err(|args| {
                let summary = format!("expected 2 operands for nullif, found {}", args.len());
                self.source.error(ErrorKind::TypeMismatch, &summary, at)
            })?;
            return forms::null_if(a, b);
        }
        let function = match name.as_str() {
            "ceiling" => Some(Function::Ceil),
            _ => Function::from_name(&name),
        };
        match function {
            Some(function) if !is_star && !is_distinct => Ok(call(function, args)),
            Some(_) => error(ErrorKind::Syntax, format!("{name} takes neither * nor distinct")),
            None => {
                let functions = Function::ALL.iter().map(|function| function.name());
                let aggregates = AggregateFunction::ALL.iter().map(|function| function.name());
                let failure = self.source.error(
                    ErrorKind::UnknownFunction,
                    &format!("no function is named {:?}", ident.value),
                    at,
                );
                Err(match nearest(&name, functions.chain(aggregates)) {
                    Some(near) => failure.hint(format!("did you mean {near:?}?")),
                    None => failure.hint("docs/sql.md lists the functions"),
                })
            }
        }
    }

    fn operator(&self, op: &BinaryOperator, expr: &Expr) -> Result<Function> {
        Ok(match op {
            BinaryOperator::Plus => Function::Add,
            BinaryOperator::Minus => Function::Sub,
            BinaryOperator::Multiply => Function::Mul,
            BinaryOperator::Divide => Function::Div,
            BinaryOperator::DuckIntegerDivide => Function::FloorDiv,
            BinaryOperator::Modulo => Function::Mod,
            BinaryOperator::Eq => Function::Eq,
            BinaryOperator::NotEq => Function::Ne,
            BinaryOperator::Lt => Function::Lt,
            BinaryOperator::LtEq => Function::Le,
            BinaryOperator::Gt => Function::Gt,
            BinaryOperator::GtEq => Function::Ge,
            BinaryOperator::And => Function::And,
            BinaryOperator::Or => Function::Or,
            other => return Err(self.unsupported(&format!("the operator {other}"), expr)),
        })
    }

    fn value(&self, value: &Value, at: Location) -> Result<Expression> {
        match value {
            Value::Number(text, false) => self.number(text, at),
            Value::SingleQuotedString(text) => Ok(Expression::Lit(Literal::Utf8(text.clone()))),
            Value::Boolean(value) => Ok(Expression::Lit(Literal::Bool(*value))),
            Value::Null => Ok(Expression::Lit(Literal::Null)),
            Value::Placeholder(text) => match text.strip_prefix(':') {
                Some(name) if !name.is_empty() => Ok(Expression::Param(name.to_owned())),
                _ => Err(self
                    .source
                    .unsupported(&format!("the parameter {text}"), at)
                    .hint("name parameters, as in :name")),
            },
            other => Err(self.source.unsupported(&format!("the literal {other}"), at)),
        }
    }

    /// Digits alone are int64; with a point or an exponent they are float64.
    fn number(&self, text: &str, at: Location) -> Result<Expression> {
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let dtype = if is_whole { DataType::Int64 } else { DataType::Float64 };
        if parse_value(text, dtype).is_none() {
            let summary = format!("the number {text} does not fit {dtype}");
            let hint = match dtype {
                DataType::Int64 => "write it with a point or an exponent for float64",
                _ if text.starts_with('-') => {
                    "the smallest is -1.7976931348623157e308, beyond it is cast('-inf' as float64)"
                }
                _ => "the largest is 1.7976931348623157e308, beyond it is cast('inf' as float64)",
            };
            return Err(self.source.error(ErrorKind::Overflow, &summary, at).hint(hint));
        }
        Ok(Expression::Lit(match dtype {
            DataType::Int64 => Literal::Int64(text.to_owned()),
            _ => Literal::Float64(text.to_owned()),
        }))
    }

    fn typed_literal(&self, dtype: DataType, text: &str, expr: &Expr) -> Result<Expression> {
        let literal = match dtype {
            DataType::Date => Literal::Date(text.to_owned()),
            DataType::Timestamp => Literal::Timestamp(text.to_owned()),
            other => {
                return Err(self.unsupported(&format!("a literal written {other} '...'"), expr));
            }
        };
        match parse_value(text, dtype) {
            Some(_) => Ok(Expression::Lit(literal)),
            None => {
                let expected = crate::plan::literal::expected(text, dtype);
                let summary = format!("expected {expected}, found {text:?}");
                Err(self.source.error(ErrorKind::Syntax, &summary, start(expr)))
            }
        }
    }

    /// Our type for a type of SQL; those that would round or cut are refused.
    fn dtype(&self, sql: &SqlType, expr: &Expr) -> Result<DataType> {
        let plain = ExactNumberInfo::None;
        Ok(match sql {
            SqlType::Bool | SqlType::Boolean => DataType::Bool,
            SqlType::BigInt(None)
            | SqlType::Int(None)
            | SqlType::Integer(None)
            | SqlType::Int8(None)
            | SqlType::Int64 => DataType::Int64,
            SqlType::Float64 | SqlType::Float8 | SqlType::DoublePrecision => DataType::Float64,
            SqlType::Double(info) | SqlType::Float(info) if *info == plain => DataType::Float64,
            SqlType::Date => DataType::Date,
            SqlType::Timestamp(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
                DataType::Timestamp
            }
            SqlType::Text | SqlType::Varchar(None) | SqlType::String(None) => DataType::Utf8,
            SqlType::Custom(name, arguments)
                if arguments.is_empty() && name.to_string().eq_ignore_ascii_case("utf8") =>
            {
                DataType::Utf8
            }
            other => {
                let names: Vec<&str> = DataType::ALL.iter().map(|dtype| dtype.name()).collect();
                return Err(self
                    .unsupported(&format!("the type {other}"), expr)
                    .hint(format!("the types are {}", names.join(", "))));
            }
        })
    }

    fn unsupported(&self, what: &str, expr: &Expr) -> Error {
        self.source.unsupported(what, start(expr))
    }

    /// Names what is refused, and says what to use where something serves.
    fn refuse(&self, expr: &Expr) -> Error {
        let (what, hint) = match expr {
            Expr::Like { .. } | Expr::ILike { .. } | Expr::SimilarTo { .. } => {
                ("like", Some("use contains(a, b) or starts_with(a, b)"))
            }
            Expr::InSubquery { .. } => ("in (select ...)", Some("use a left semi join")),
            Expr::Exists { .. } => ("exists", Some("use a left semi join")),
            Expr::Subquery(_) => ("a sub-query as a value", None),
            Expr::Extract { .. } => ("extract", None),
            Expr::Substring { .. } => ("substring", None),
            Expr::Trim { .. } => ("trim", None),
            Expr::Position { .. } => ("position", Some("use contains(a, b)")),
            Expr::Interval(_) => ("interval", None),
            Expr::Tuple(_) => ("a tuple", None),
            Expr::Array(_) => ("an array", None),
            Expr::AtTimeZone { .. } => ("at time zone", None),
            Expr::Collate { .. } => ("collate", None),
            Expr::UnaryOp { op, .. } => {
                return self.unsupported(&format!("the operator {op}"), expr);
            }
            _ => ("this kind of expression", None),
        };
        let error = self.unsupported(what, expr);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// A call on the wire.
pub(super) fn call(function: Function, args: Vec<Expression>) -> Expression {
    Expression::Call(CallExpression { function: function.name().to_owned(), args })
}

/// Where an expression begins.
pub(super) fn start(expr: &Expr) -> Location {
    expr.span().start
}

pub(super) fn negate(is_negated: bool, expression: Expression) -> Expression {
    if is_negated { call(Function::Not, vec![expression]) } else { expression }
}

/// The digits of a number literal, for a minus in front belongs to it: `-9223372036854775808`.
fn number_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, false) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
