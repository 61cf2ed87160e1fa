//! Calls of functions in text to wire expressions: names, aliases, operands that must be literals.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function as SqlFunction, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, ObjectNamePart,
};
use sqlparser::tokenizer::Location;

use super::expression::{Translator, call, start};
use super::forms;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::plan::document::{AggregateExpression, Expression};
use crate::plan::functions::{AggregateFunction, Declaration, Function};
use crate::plan::literal;

impl Translator<'_> {
    pub(super) fn function(
        &self,
        function: &SqlFunction,
        expr: &Expr,
        depth: usize,
    ) -> Result<Expression> {
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
        let mut places = Vec::with_capacity(list.args.len());
        let mut is_star = false;
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => {
                    places.push(start(argument));
                    args.push(self.at_depth(argument, depth + 1)?);
                }
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => is_star = true,
                _ => return Err(self.unsupported("a named operand", expr)),
            }
        }
        let called = self.named_call(ident, args, &places, is_star, is_distinct)?;
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
        places: &[Location],
        is_star: bool,
        is_distinct: bool,
    ) -> Result<Expression> {
        let name = ident.value.to_lowercase();
        let at = ident.span.start;
        let error = |kind, summary: String| Err(self.source.error(kind, &summary, at));
        if let Some(function) = AggregateFunction::from_word(&name) {
            let function = self.aggregate(function, ident, args.len(), is_star, is_distinct)?;
            let (function, input) = (function.name().to_owned(), args.pop().map(Box::new));
            return Ok(Expression::Agg(AggregateExpression { function, input }));
        }
        if name == "nullif" && !is_star && !is_distinct {
            let [a, b] = <[Expression; 2]>::try_from(args).map_err(|args| {
                let summary = format!("expected 2 operands for nullif, found {}", args.len());
                self.source.error(ErrorKind::TypeMismatch, &summary, at)
            })?;
            return forms::null_if(a, b);
        }
        if name == "date_part" && !is_star && !is_distinct {
            return self.date_part(args, at);
        }
        match Function::from_word(&name) {
            Some(function) if !is_star && !is_distinct => {
                self.check_literals(function.declaration(), &args, places)?;
                Ok(call(function, args))
            }
            Some(_) => error(ErrorKind::Syntax, format!("{name} takes neither * nor distinct")),
            None => {
                let functions = Function::all().map(Function::name);
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

    /// The aggregate that is meant: `count(distinct a)` is one of its own.
    fn aggregate(
        &self,
        function: AggregateFunction,
        ident: &Ident,
        count: usize,
        is_star: bool,
        is_distinct: bool,
    ) -> Result<AggregateFunction> {
        let (name, at) = (ident.value.to_lowercase(), ident.span.start);
        let counts_rows = function == AggregateFunction::Count && !is_distinct;
        if !(count == 1 && !is_star || count == 0 && counts_rows) {
            let found = if is_star { "*".to_owned() } else { count.to_string() };
            let summary = format!("expected 1 operand for {name}, found {found}");
            return Err(self.source.error(ErrorKind::TypeMismatch, &summary, at));
        }
        match (function, is_distinct) {
            (AggregateFunction::Count, true) => Ok(AggregateFunction::NUnique),
            (_, false) => Ok(function),
            // The smallest of the distinct values is the smallest of the values.
            (AggregateFunction::Min | AggregateFunction::Max, true) => Ok(function),
            (_, true) => Err(self.source.unsupported(&format!("{name}(distinct ...)"), at)),
        }
    }

    /// Looks at operands that must be literals while their place in the text is known; those that
    /// are parameters or take another type on the way are looked at when types are resolved.
    pub(super) fn check_literals(
        &self,
        declaration: &Declaration,
        args: &[Expression],
        places: &[Location],
    ) -> Result<()> {
        let mut literals = vec![None; declaration.operands.len()];
        for (index, declared) in declaration.operands.iter().enumerate() {
            let Some(arg) = args.get(index).filter(|_| declared.is_literal) else { continue };
            match arg {
                Expression::Lit(value) => {
                    let value = literal::scalar(value)?;
                    let dtype = value.dtype();
                    let kept = dtype.as_ref().and_then(|dtype| declared.accepts.converted(dtype));
                    if kept.is_none() || kept != dtype {
                        return Ok(());
                    }
                    literals[index] = Some(value);
                }
                Expression::Param(_) => return Ok(()),
                _ => {
                    let expected =
                        format!("a literal for the {} of {}", declared.name, declaration.name);
                    let error =
                        Error::mismatch(ErrorKind::TypeMismatch, expected, "another expression");
                    return Err(self.source.place(error, places[index]));
                }
            }
        }
        (declaration.check)(&literals, &[])
            .map_err(|misfit| self.source.place(misfit.error, places[misfit.operand]))
    }
}
