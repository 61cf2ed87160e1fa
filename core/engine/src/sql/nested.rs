//! Lists and structs in text: their types, `int64[]`, `list(int64)` and `struct(a int64, b utf8)`.

use sqlparser::ast::{ArrayElemTypeDef, DataType as SqlType, Expr};

use super::expression::{Translator, start};
use crate::column::{DataType, StructField};
use crate::error::{ErrorKind, Result};

impl Translator<'_> {
    /// The type of lists or structs that is written so.
    pub(super) fn nested_type(&self, sql: &SqlType, expr: &Expr) -> Result<DataType> {
        match sql {
            SqlType::Array(ArrayElemTypeDef::SquareBracket(item, None)) => {
                DataType::list(self.dtype(item, expr)?)
            }
            SqlType::Custom(_, arguments) => {
                let name = format!("list({})", arguments.join(", "));
                DataType::from_name(&name).ok_or_else(|| {
                    self.source
                        .error(ErrorKind::InvalidPlan, &format!("no type is {sql}"), start(expr))
                        .hint("write list(int64), or int64[][] for lists of lists")
                })
            }
            SqlType::Struct(fields, _) => {
                let fields = fields.iter().map(|field| {
                    let name = match &field.field_name {
                        Some(name) => name.value.clone(),
                        None => return Err(self.unsupported("a field without a name", expr)),
                    };
                    Ok(StructField { name, dtype: self.dtype(&field.field_type, expr)? })
                });
                DataType::of_fields(fields.collect::<Result<_>>()?)
            }
            other => Err(self.unsupported(&format!("the type {other}"), expr)),
        }
    }
}
