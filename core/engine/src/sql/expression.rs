//! Expressions of text to wire expressions.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType as SqlType, ExactNumberInfo, Expr,
    ObjectName, ObjectNamePart, Spanned, TimezoneInfo, UnaryOperator, Value,
};
use sqlparser::tokenizer::Location;

use super::ast::Source;
use super::forms;
use super::scope::Scope;
use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;
use crate::column::DataType;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::TEXT_EXPRESSION_DEPTH_MAX;
use crate::plan::document::{
    CallExpression, CaseBranch, CaseExpression, CastExpression, Expression, Literal, TypedLiteral,
};
use crate::plan::functions::{
    ArithmeticFunction, CompareFunction, Function, LogicFunction, NumberFunction, TextFunction,
};
use crate::plan::literal::{decimal_as_written, dtype_named, expected, parse_value};

/// Translates the expressions of one text.
pub(super) struct Translator<'a> {
    pub(super) source: Source<'a>,
    pub(super) scope: Scope<'a>,
}

impl Translator<'_> {
    pub(super) fn expression(&self, expr: &Expr) -> Result<Expression> {
        self.at_depth(expr, 0)
    }

    pub(super) fn at_depth(&self, expr: &Expr, depth: usize) -> Result<Expression> {
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
            Expr::TypedString(typed) if is_bare_decimal(&typed.data_type) => {
                match &typed.value.value {
                    Value::SingleQuotedString(text) => self.decimal_literal(None, text, expr),
                    _ => Err(self.unsupported("this literal", expr)),
                }
            }
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
                None => Ok(call(ArithmeticFunction::Neg, vec![inner(operand)?])),
            },
            Expr::UnaryOp { op: UnaryOperator::Plus, expr: operand } => inner(operand),
            Expr::UnaryOp { op: UnaryOperator::Not, expr: operand } => {
                Ok(call(LogicFunction::Not, vec![inner(operand)?]))
            }
            Expr::BinaryOp { left, op, right } => {
                if let Some(moved) = self.moved(left, op, right, depth)? {
                    return Ok(moved);
                }
                let function = self.operator(op, expr)?;
                Ok(call(function, vec![inner(left)?, inner(right)?]))
            }
            Expr::IsNull(operand) => Ok(call(LogicFunction::IsNull, vec![inner(operand)?])),
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
            Expr::IsNotNull(operand) => Ok(call(LogicFunction::IsNotNull, vec![inner(operand)?])),
            Expr::InList { expr: operand, list, negated } => {
                let mut args = vec![inner(operand)?];
                for element in list {
                    args.push(inner(element)?);
                }
                Ok(negate(*negated, call(CompareFunction::IsIn, args)))
            }
            Expr::Between { expr: operand, negated, low, high } => {
                let args = vec![inner(operand)?, inner(low)?, inner(high)?];
                Ok(negate(*negated, call(CompareFunction::Between, args)))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), depth)
            }
            Expr::Cast { kind, expr: operand, data_type, array: false, format: None } => {
                let to = self.dtype(data_type, expr)?.to_string();
                let cast = CastExpression { input: Box::new(inner(operand)?), to };
                match kind {
                    CastKind::Cast | CastKind::DoubleColon => Ok(Expression::Cast(cast)),
                    CastKind::TryCast => Ok(Expression::TryCast(cast)),
                    CastKind::SafeCast => Err(self.unsupported("safe_cast", expr)),
                }
            }
            Expr::Floor { expr: operand, field } => {
                self.whole(NumberFunction::Floor, operand, field, depth)
            }
            Expr::Ceil { expr: operand, field } => {
                self.whole(NumberFunction::Ceil, operand, field, depth)
            }
            Expr::Extract { field, expr: operand, .. } => self.extract(field, operand, expr, depth),
            Expr::Function(function) => self.function(function, expr, depth),
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.at_time_zone(timestamp, time_zone, depth)
            }
            _ => match self.text_form(expr, depth)? {
                Some(form) => Ok(form),
                None => Err(self.refuse(expr)),
            },
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
                Some(operand) => call(CompareFunction::Eq, vec![operand.clone(), condition]),
                None => condition,
            };
            branches.push(CaseBranch { when, then: inner(result)? });
        }
        let otherwise = otherwise.map(inner).transpose()?.map(Box::new);
        Ok(Expression::Case(CaseExpression { branches, otherwise }))
    }

    fn whole(
        &self,
        function: NumberFunction,
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

    fn operator(&self, op: &BinaryOperator, expr: &Expr) -> Result<Function> {
        Ok(match op {
            BinaryOperator::Plus => ArithmeticFunction::Add.into(),
            BinaryOperator::Minus => ArithmeticFunction::Sub.into(),
            BinaryOperator::Multiply => ArithmeticFunction::Mul.into(),
            BinaryOperator::Divide => ArithmeticFunction::Div.into(),
            BinaryOperator::DuckIntegerDivide => ArithmeticFunction::FloorDiv.into(),
            BinaryOperator::Modulo => ArithmeticFunction::Mod.into(),
            BinaryOperator::Eq => CompareFunction::Eq.into(),
            BinaryOperator::NotEq => CompareFunction::Ne.into(),
            BinaryOperator::Lt => CompareFunction::Lt.into(),
            BinaryOperator::LtEq => CompareFunction::Le.into(),
            BinaryOperator::Gt => CompareFunction::Gt.into(),
            BinaryOperator::GtEq => CompareFunction::Ge.into(),
            BinaryOperator::And => LogicFunction::And.into(),
            BinaryOperator::Or => LogicFunction::Or.into(),
            BinaryOperator::StringConcat => TextFunction::Concat.into(),
            other => return Err(self.unsupported(&format!("the operator {other}"), expr)),
        })
    }

    pub(super) fn value(&self, value: &Value, at: Location) -> Result<Expression> {
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
    pub(super) fn number(&self, text: &str, at: Location) -> Result<Expression> {
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let dtype = if is_whole { DataType::Int64 } else { DataType::Float64 };
        if parse_value(text, &dtype).is_none() {
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
            DataType::TimestampOf { .. } => {
                let (dtype, value) = (dtype.to_string(), text.to_owned());
                Literal::Typed(TypedLiteral { dtype, value })
            }
            DataType::Date => Literal::Date(text.to_owned()),
            DataType::Timestamp => Literal::Timestamp(text.to_owned()),
            DataType::Decimal { .. } => return self.decimal_literal(Some(dtype), text, expr),
            other => {
                return Err(self.unsupported(&format!("a literal written {other} '...'"), expr));
            }
        };
        match parse_value(text, &dtype) {
            Some(_) => Ok(Expression::Lit(literal)),
            None => {
                let expected = expected(text, &dtype);
                let summary = format!("expected {expected}, found {text:?}");
                Err(self.source.error(ErrorKind::Syntax, &summary, start(expr)))
            }
        }
    }

    /// `decimal '12.50'`, of the precision and scale that its digits show, or
    /// `decimal(18,2) '12.5'`.
    fn decimal_literal(
        &self,
        dtype: Option<DataType>,
        text: &str,
        expr: &Expr,
    ) -> Result<Expression> {
        let is_value = match &dtype {
            None => decimal_as_written(text).is_some(),
            Some(dtype) => parse_value(text, dtype).is_some(),
        };
        if !is_value {
            let summary = match &dtype {
                None => format!("expected a decimal number of at most 38 digits, found {text:?}"),
                Some(dtype) => format!("expected {}, found {text:?}", expected(text, dtype)),
            };
            return Err(self.source.error(ErrorKind::Syntax, &summary, start(expr)));
        }
        let literal = Expression::Lit(Literal::Decimal(text.to_owned()));
        Ok(match dtype {
            None => literal,
            Some(dtype) => {
                Expression::Cast(CastExpression { input: Box::new(literal), to: dtype.to_string() })
            }
        })
    }

    /// Our type for a type of SQL; those that would round or cut are refused.
    pub(super) fn dtype(&self, sql: &SqlType, expr: &Expr) -> Result<DataType> {
        let plain = ExactNumberInfo::None;
        Ok(match sql {
            SqlType::Bool | SqlType::Boolean => DataType::Bool,
            SqlType::BigInt(None)
            | SqlType::Int(None)
            | SqlType::Integer(None)
            | SqlType::Int64 => DataType::Int64,
            // Eight bits, as everywhere here; PostgreSQL counts bytes.
            SqlType::Int8(None) | SqlType::TinyInt(None) => DataType::Int8,
            SqlType::Int16 | SqlType::SmallInt(None) => DataType::Int16,
            SqlType::Int32 => DataType::Int32,
            SqlType::UInt8 | SqlType::UTinyInt => DataType::UInt8,
            SqlType::UInt16 | SqlType::USmallInt => DataType::UInt16,
            SqlType::UInt32 => DataType::UInt32,
            SqlType::UInt64 | SqlType::UBigInt => DataType::UInt64,
            SqlType::Float32 | SqlType::Real => DataType::Float32,
            SqlType::Float64 | SqlType::Float8 | SqlType::DoublePrecision => DataType::Float64,
            SqlType::Double(info) | SqlType::Float(info) if *info == plain => DataType::Float64,
            SqlType::Date => DataType::Date,
            SqlType::Timestamp(precision, info) => self.timestamp(*precision, *info, sql, expr)?,
            SqlType::Decimal(info) | SqlType::Numeric(info) | SqlType::Dec(info) => {
                self.decimal(info, sql, expr)?
            }
            SqlType::Text | SqlType::Varchar(None) | SqlType::String(None) => DataType::Utf8,
            SqlType::Custom(name, arguments)
                if arguments.is_empty() && name.to_string().eq_ignore_ascii_case("utf8") =>
            {
                DataType::Utf8
            }
            SqlType::Custom(name, arguments)
                if arguments.is_empty() && name.to_string().eq_ignore_ascii_case("dictionary") =>
            {
                DataType::Dictionary
            }
            SqlType::Array(_) | SqlType::Struct(..) => self.nested_type(sql, expr)?,
            SqlType::Custom(name, _) if name.to_string().eq_ignore_ascii_case("list") => {
                self.nested_type(sql, expr)?
            }
            SqlType::Custom(name, arguments) if arguments.is_empty() => {
                self.custom(name, sql, expr)?
            }
            other => {
                let names: Vec<String> = DataType::ALL.iter().map(DataType::to_string).collect();
                return Err(self
                    .unsupported(&format!("the type {other}"), expr)
                    .hint(format!("the types are {}", names.join(", "))));
            }
        })
    }

    /// `timestamp`, `timestamp(3)` for milliseconds, `timestamptz` and `timestamp with time zone`,
    /// whose zone is UTC.
    fn timestamp(
        &self,
        precision: Option<u64>,
        info: TimezoneInfo,
        sql: &SqlType,
        expr: &Expr,
    ) -> Result<DataType> {
        let digits = precision.unwrap_or(6);
        let unit = TimeUnit::ALL.into_iter().find(|unit| unit.digits() as u64 == digits);
        let zone = match info {
            TimezoneInfo::None | TimezoneInfo::WithoutTimeZone => None,
            TimezoneInfo::WithTimeZone | TimezoneInfo::Tz => Some(Zone::utc()),
        };
        let unit = unit.ok_or_else(|| {
            self.unsupported(&format!("the type {sql}"), expr)
                .hint("a second has 0, 3, 6 or 9 digits behind the point")
        })?;
        Ok(DataType::timestamp(unit, zone))
    }

    /// `timestamp_ns` and the like, and any type by its own name in quotes:
    /// `"timestamp(us,Europe/Berlin)"`.
    fn custom(&self, name: &ObjectName, sql: &SqlType, expr: &Expr) -> Result<DataType> {
        let unknown = || {
            let names: Vec<String> = DataType::ALL.iter().map(DataType::to_string).collect();
            self.unsupported(&format!("the type {sql}"), expr)
                .hint(format!("the types are {}", names.join(", ")))
        };
        let [ObjectNamePart::Identifier(ident)] = name.0.as_slice() else { return Err(unknown()) };
        if ident.quote_style.is_some() {
            return dtype_named(&ident.value, ErrorKind::InvalidPlan)
                .map_err(|error| self.source.place(error, start(expr)));
        }
        let unit = ident.value.to_lowercase();
        let unit = unit.strip_prefix("timestamp_").and_then(TimeUnit::from_name);
        unit.map(|unit| DataType::timestamp(unit, None)).ok_or_else(unknown)
    }

    /// `decimal(18,2)`, and `decimal(18)` for whole numbers of 18 digits.
    fn decimal(&self, info: &ExactNumberInfo, sql: &SqlType, expr: &Expr) -> Result<DataType> {
        let parameters = match info {
            ExactNumberInfo::None => None,
            ExactNumberInfo::Precision(precision) => Some((*precision, 0)),
            ExactNumberInfo::PrecisionAndScale(precision, scale) => Some((*precision, *scale)),
        };
        let dtype = parameters.and_then(|(precision, scale)| {
            DataType::decimal(u8::try_from(precision).ok()?, u8::try_from(scale).ok()?)
        });
        dtype.ok_or_else(|| {
            self.source
                .error(ErrorKind::InvalidPlan, &format!("no type is {sql}"), start(expr))
                .hint("write decimal(18,2): 1 to 38 digits, and how many stand behind the point")
        })
    }

    pub(super) fn unsupported(&self, what: &str, expr: &Expr) -> Error {
        self.source.unsupported(what, start(expr))
    }

    /// Names what is refused, and says what to use where something serves.
    fn refuse(&self, expr: &Expr) -> Error {
        let (what, hint) = match expr {
            Expr::Like { .. } | Expr::ILike { .. } => ("like any", None),
            Expr::SimilarTo { .. } => ("similar to", Some("use regex_matches(a, pattern)")),
            Expr::InSubquery { .. } => ("in (select ...)", Some("use a left semi join")),
            Expr::Exists { .. } => ("exists", Some("use a left semi join")),
            Expr::Subquery(_) => ("a sub-query as a value", None),
            Expr::Interval(_) => {
                ("an interval by itself", Some("add it to a date or a timestamp, or use date_add"))
            }
            Expr::Tuple(_) => ("a tuple", None),
            Expr::Array(_) => ("an array", None),
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

/// A type that leaves it to the digits of a literal.
fn is_bare_decimal(sql: &SqlType) -> bool {
    use ExactNumberInfo::None;
    matches!(sql, SqlType::Decimal(None) | SqlType::Numeric(None) | SqlType::Dec(None))
}

/// A call on the wire.
pub(super) fn call(function: impl Into<Function>, args: Vec<Expression>) -> Expression {
    Expression::Call(CallExpression { function: function.into().name().to_owned(), args })
}

/// Where an expression begins.
pub(super) fn start(expr: &Expr) -> Location {
    expr.span().start
}

pub(super) fn negate(is_negated: bool, expression: Expression) -> Expression {
    if is_negated { call(LogicFunction::Not, vec![expression]) } else { expression }
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
