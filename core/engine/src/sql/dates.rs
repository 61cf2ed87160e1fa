//! What SQL writes in words of its own about dates: `extract(... from x)` and intervals.
//!
//! ```text
//! extract(year from x)      year(x); likewise the other parts, each under SQL's name
//! extract(dow from x)       day_of_week(x) % 7, so that Sunday is 0
//! extract(epoch from x)     epoch_us(x) / 1000000, float64
//! date_part('year', x)      as extract
//! x at time zone 'UTC'      at_time_zone(x, 'UTC')
//! x + interval '2 months'   date_add(x, 2, 'month')
//! x - interval (n) day      date_sub(x, n, 'day')
//! ```

use sqlparser::ast::{BinaryOperator, DateTimeField, Expr, Interval, Value};
use sqlparser::tokenizer::Location;

use super::expression::{Translator, call, start};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::plan::document::{Expression, Literal};
use crate::plan::functions::{ArithmeticFunction, DateFunction, Function};
use crate::plan::unit::Unit;

/// SQL's names of parts that are functions of ours.
const PARTS: &[(&str, DateFunction)] = &[
    ("year", DateFunction::Year),
    ("quarter", DateFunction::Quarter),
    ("month", DateFunction::Month),
    ("day", DateFunction::Day),
    ("hour", DateFunction::Hour),
    ("minute", DateFunction::Minute),
    ("second", DateFunction::Second),
    ("week", DateFunction::Week),
    ("isodow", DateFunction::DayOfWeek),
    ("isoyear", DateFunction::IsoYear),
    ("doy", DateFunction::DayOfYear),
];

impl Translator<'_> {
    /// `extract(part from x)`.
    pub(super) fn extract(
        &self,
        field: &DateTimeField,
        operand: &Expr,
        expr: &Expr,
        depth: usize,
    ) -> Result<Expression> {
        let part = field.to_string().to_lowercase();
        let input = self.at_depth(operand, depth + 1)?;
        self.part(&part, input, start(expr))
    }

    /// `date_part('part', x)`.
    pub(super) fn date_part(&self, args: Vec<Expression>, at: Location) -> Result<Expression> {
        match <[Expression; 2]>::try_from(args) {
            Ok([Expression::Lit(Literal::Utf8(part)), input]) => {
                self.part(&part.to_lowercase(), input, at)
            }
            _ => {
                let summary = "expected date_part('part', x), the part written out";
                Err(self.source.error(ErrorKind::TypeMismatch, summary, at))
            }
        }
    }

    /// `x at time zone 'Europe/Berlin'`.
    pub(super) fn at_time_zone(
        &self,
        operand: &Expr,
        zone: &Expr,
        depth: usize,
    ) -> Result<Expression> {
        let args = vec![self.at_depth(operand, depth + 1)?, self.at_depth(zone, depth + 1)?];
        let function = Function::from(DateFunction::AtTimeZone);
        self.check_literals(function.declaration(), &args, &[start(operand), start(zone)])?;
        Ok(call(function, args))
    }

    fn part(&self, part: &str, input: Expression, at: Location) -> Result<Expression> {
        if let Some((_, function)) = PARTS.iter().find(|(name, _)| *name == part) {
            return Ok(call(*function, vec![input]));
        }
        let number = |digits: &str| Expression::Lit(Literal::Int64(digits.to_owned()));
        match part {
            "dow" => {
                let day = call(DateFunction::DayOfWeek, vec![input]);
                Ok(call(ArithmeticFunction::Mod, vec![day, number("7")]))
            }
            "epoch" => {
                let micros = call(DateFunction::EpochUs, vec![input]);
                Ok(call(ArithmeticFunction::Div, vec![micros, number("1000000")]))
            }
            "millisecond" | "milliseconds" | "microsecond" | "microseconds" => {
                let function = part.trim_end_matches('s');
                let summary = format!("extract({part} from ...)");
                Err(self.source.unsupported(&summary, at).hint(format!(
                    "in SQL it counts the seconds too: write second(x) and {function}(x)"
                )))
            }
            _ => {
                let error = self.source.unsupported(&format!("extract({part} from ...)"), at);
                let names = PARTS.iter().map(|(name, _)| *name).chain(["dow", "epoch"]);
                Err(match nearest(part, names.clone()) {
                    Some(near) => error.hint(format!("did you mean {near}?")),
                    None => {
                        let names: Vec<&str> = names.collect();
                        error.hint(format!("the parts are {}", names.join(", ")))
                    }
                })
            }
        }
    }

    /// `x + interval ...`, `interval ... + x` and `x - interval ...`; `None` without an interval.
    pub(super) fn moved(
        &self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Result<Option<Expression>> {
        let (function, moved, interval) = match (left, op, right) {
            (moved, BinaryOperator::Plus, Expr::Interval(interval))
            | (Expr::Interval(interval), BinaryOperator::Plus, moved) => {
                (DateFunction::DateAdd, moved, interval)
            }
            (moved, BinaryOperator::Minus, Expr::Interval(interval)) => {
                (DateFunction::DateSub, moved, interval)
            }
            _ => return Ok(None),
        };
        let (count, unit) = self.interval(interval, depth)?;
        let unit = Expression::Lit(Literal::Utf8(unit.name().to_owned()));
        Ok(Some(call(function, vec![self.at_depth(moved, depth + 1)?, count, unit])))
    }

    /// How many units an interval is: `'2 months'`, `'2' month`, `2 month`, `(n) month`.
    fn interval(&self, interval: &Interval, depth: usize) -> Result<(Expression, Unit)> {
        let at = start(&interval.value);
        let is_plain = interval.leading_precision.is_none()
            && interval.last_field.is_none()
            && interval.fractional_seconds_precision.is_none();
        if !is_plain {
            return Err(self.source.unsupported("an interval of several units", at));
        }
        let text = match interval.value.as_ref() {
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => Some(text.trim()),
                _ => None,
            },
            _ => None,
        };
        match (text, &interval.leading_field) {
            (Some(text), None) => match text.split_once(' ') {
                Some((count, unit)) => Ok((self.count(count, at)?, self.unit(unit.trim(), at)?)),
                None => Err(self.bad_interval(text, at)),
            },
            (Some(text), Some(field)) => {
                Ok((self.count(text, at)?, self.unit(&field.to_string(), at)?))
            }
            (None, Some(field)) => {
                let count = self.at_depth(&interval.value, depth + 1)?;
                Ok((count, self.unit(&field.to_string(), at)?))
            }
            (None, None) => Err(self.source.unsupported("an interval without a unit", at)),
        }
    }

    fn count(&self, digits: &str, at: Location) -> Result<Expression> {
        match digits.parse::<i64>() {
            Ok(count) => Ok(Expression::Lit(Literal::Int64(count.to_string()))),
            Err(_) => Err(self.bad_interval(digits, at)),
        }
    }

    fn unit(&self, word: &str, at: Location) -> Result<Unit> {
        let word = word.to_lowercase();
        let singular = word.strip_suffix('s').unwrap_or(&word);
        Unit::from_name(singular).ok_or_else(|| match word.contains(' ') {
            true => self.source.unsupported("an interval of several units", at),
            false => {
                let names: Vec<&str> = Unit::ALL.iter().map(|unit| unit.name()).collect();
                let summary = format!("no unit of time is named {word:?}");
                let hint = format!("the units are {}", names.join(", "));
                self.source.error(ErrorKind::InvalidArgument, &summary, at).hint(hint)
            }
        })
    }

    fn bad_interval(&self, found: &str, at: Location) -> Error {
        let summary = format!("expected a whole number of units, as '2 months', found {found:?}");
        self.source.error(ErrorKind::Syntax, &summary, at)
    }
}
