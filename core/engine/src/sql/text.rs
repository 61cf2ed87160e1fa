//! What SQL writes in words of its own about text: `like`, `trim(both ...)`, `substring(... from)`,
//! `position(... in ...)`.

use sqlparser::ast::{Expr, TrimWhereField, ValueWithSpan};

use super::expression::{Translator, call, negate, start};
use super::forms;
use crate::error::Result;
use crate::plan::document::Expression;
use crate::plan::functions::{RegexFunction, TextFunction};

impl Translator<'_> {
    /// `like`, `ilike`, `trim`, `substring` and `position`; `None` for anything else, and for forms
    /// of these that other dialects have.
    pub(super) fn text_form(&self, expr: &Expr, depth: usize) -> Result<Option<Expression>> {
        let inner = |expr: &Expr| self.at_depth(expr, depth + 1);
        Ok(match expr {
            Expr::Like { negated, any: false, expr: operand, pattern, escape_char } => {
                let function = RegexFunction::Like;
                Some(self.like(
                    function,
                    operand,
                    pattern,
                    escape_char.as_ref(),
                    *negated,
                    depth,
                )?)
            }
            Expr::ILike { negated, any: false, expr: operand, pattern, escape_char } => {
                let function = RegexFunction::Ilike;
                Some(self.like(
                    function,
                    operand,
                    pattern,
                    escape_char.as_ref(),
                    *negated,
                    depth,
                )?)
            }
            Expr::Trim { trim_where, trim_what, expr: operand, trim_characters } => {
                let function = match trim_where {
                    None | Some(TrimWhereField::Both) => TextFunction::Trim,
                    Some(TrimWhereField::Leading) => TextFunction::TrimStart,
                    Some(TrimWhereField::Trailing) => TextFunction::TrimEnd,
                };
                let mut args = vec![inner(operand)?];
                for characters in
                    trim_what.iter().map(|what| &**what).chain(trim_characters.iter().flatten())
                {
                    args.push(inner(characters)?);
                }
                Some(call(function, args))
            }
            Expr::Substring { expr: operand, substring_from, substring_for, .. } => {
                let mut args = vec![inner(operand)?];
                args.push(match substring_from {
                    Some(from) => inner(from)?,
                    None => self.number("1", start(expr))?,
                });
                if let Some(length) = substring_for {
                    args.push(inner(length)?);
                }
                Some(call(TextFunction::Substring, args))
            }
            Expr::Position { expr: part, r#in: operand } => {
                Some(forms::position(inner(operand)?, inner(part)?)?)
            }
            _ => None,
        })
    }

    fn like(
        &self,
        function: RegexFunction,
        operand: &Expr,
        pattern: &Expr,
        escape: Option<&ValueWithSpan>,
        is_negated: bool,
        depth: usize,
    ) -> Result<Expression> {
        let mut args = vec![self.at_depth(operand, depth + 1)?, self.at_depth(pattern, depth + 1)?];
        let mut places = vec![start(operand), start(pattern)];
        if let Some(escape) = escape {
            args.push(self.value(&escape.value, escape.span.start)?);
            places.push(escape.span.start);
        }
        self.check_literals(function.declaration(), &args, &places)?;
        Ok(negate(is_negated, call(function, args)))
    }
}
