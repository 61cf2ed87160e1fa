//! JSON values in, an array of a type out.
//!
//! ```text
//! read, value by value     leaves gather the text of their values, lists offsets, nulls bits
//! finish, once             the text of each leaf -> values of its type, all at once
//! ```

use super::array::{Array, ArrayData};
use super::bitmap::Bitmap;
use super::buffer::Values;
use super::dtype::DataType;
use super::nested::{ListValues, StructValues, require_room};
use super::text::TextAppender;
use crate::bytes::json::{Fault, Json, Token};
use crate::error::Error;

/// Which texts are taken for which types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// JSON's own: numbers for numbers, true and false for bool, strings for all else; objects for
    /// structs, in which a member that is missing is null and one that is not known is an error.
    Strict,
    /// What bindings send: strings too where a number or a bool is meant, and a list in order of
    /// the fields for a struct.
    Host,
}

/// A column that grows value by value.
pub struct JsonColumn {
    dtype: DataType,
    kind: Kind,
    valid: Vec<bool>,
    has_nulls: bool,
}

enum Kind {
    Leaf(TextAppender),
    List { offsets: Vec<i32>, items: Box<JsonColumn> },
    Struct(StructColumns),
}

/// The fields of structs.
pub struct StructColumns {
    names: Vec<String>,
    columns: Vec<JsonColumn>,
    /// Whether each field was seen in the object that is being read.
    seen: Vec<bool>,
}

/// What stops a column: text that is no value of its type, or too much of it.
#[derive(Debug)]
pub enum Stop {
    /// At a place of the text that is read.
    Fault(Fault),
    /// An error of its own.
    Error(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

/// A value whose text is none of its type: its row among those pushed, and what is wrong.
#[derive(Debug)]
pub struct Misfit {
    /// Row of the column, from 0.
    pub row: usize,
    /// What is wrong.
    pub error: Error,
}

/// Makes values of a type out of texts.
pub type Convert<'c> = &'c dyn Fn(&Array, &DataType) -> crate::error::Result<Array>;

impl JsonColumn {
    /// A column of a type without values.
    pub fn new(dtype: &DataType) -> JsonColumn {
        let kind = match dtype {
            DataType::List(item) => {
                Kind::List { offsets: vec![0], items: Box::new(JsonColumn::new(item)) }
            }
            DataType::Struct(fields) => Kind::Struct(StructColumns::new(
                fields.iter().map(|field| (field.name.as_str(), &field.dtype)),
            )),
            _ => Kind::Leaf(TextAppender::new(0)),
        };
        JsonColumn { dtype: dtype.clone(), kind, valid: Vec::new(), has_nulls: false }
    }

    /// Appends a null.
    pub fn push_null(&mut self) -> Result<(), Stop> {
        match &mut self.kind {
            Kind::Leaf(text) => text.push("")?,
            Kind::List { offsets, .. } => offsets.push(offsets[offsets.len() - 1]),
            Kind::Struct(fields) => {
                fields.columns.iter_mut().try_for_each(JsonColumn::push_null)?;
            }
        }
        self.valid.push(false);
        self.has_nulls = true;
        Ok(())
    }

    /// Reads the value that comes next.
    pub fn read(&mut self, json: &mut Json<'_>, grammar: Grammar) -> Result<(), Stop> {
        let before = json.at();
        let token = json.value()?;
        if token == Token::Null {
            return self.push_null();
        }
        match (&mut self.kind, token) {
            (Kind::List { offsets, items }, Token::List) => {
                let mut is_first = true;
                while json.element(is_first)? {
                    items.read(json, grammar)?;
                    is_first = false;
                }
                require_room(items.valid.len())?;
                offsets.push(items.valid.len() as i32);
            }
            (Kind::Struct(fields), Token::Object) => fields.read_members(json, grammar)?,
            (Kind::Struct(fields), Token::List) if grammar == Grammar::Host => {
                fields.read_elements(json, grammar)?;
            }
            (Kind::Leaf(leaf), token) => match leaf_text(&self.dtype, &token, grammar) {
                Some(text) => leaf.push(text)?,
                None => return Err(self.refused(json, before)),
            },
            _ => return Err(self.refused(json, before)),
        }
        self.valid.push(true);
        Ok(())
    }

    fn refused(&self, json: &Json<'_>, at: usize) -> Stop {
        let blanks =
            json.between(at, json.at()).len() - json.between(at, json.at()).trim_start().len();
        let expected = match &self.dtype {
            DataType::List(_) => format!("a list for {}", self.dtype),
            DataType::Struct(_) => format!("an object for {}", self.dtype),
            DataType::Bool => "true or false".to_owned(),
            dtype if dtype.is_number() => format!("a number for {dtype}"),
            dtype => format!("a string for {dtype}"),
        };
        Stop::Fault(json.fault(at + blanks, expected))
    }

    /// The values as an array.
    pub fn finish(self, convert: Convert<'_>) -> Result<Array, Misfit> {
        let len = self.valid.len();
        let validity = self.has_nulls.then(|| Bitmap::from_fn(len, |row| self.valid[row]));
        let data = match self.kind {
            Kind::Leaf(text) => {
                let text = Array::new(ArrayData::Utf8(text.finish()), validity);
                return converted(text, &self.dtype, convert);
            }
            Kind::List { offsets, items } => {
                let items = items.finish(convert).map_err(|misfit| {
                    let row = offsets.partition_point(|offset| *offset as usize <= misfit.row) - 1;
                    Misfit { row, ..misfit }
                })?;
                ArrayData::List(ListValues::new(Values::from(offsets), items))
            }
            Kind::Struct(fields) => ArrayData::Struct(StructValues::new(fields.finish(convert)?)),
        };
        Ok(Array::typed(self.dtype, data, validity))
    }
}

impl StructColumns {
    /// Columns without values.
    pub fn new<'f>(fields: impl Iterator<Item = (&'f str, &'f DataType)>) -> StructColumns {
        let (names, columns): (Vec<String>, Vec<JsonColumn>) =
            fields.map(|(name, dtype)| (name.to_owned(), JsonColumn::new(dtype))).unzip();
        let seen = vec![false; names.len()];
        StructColumns { names, columns, seen }
    }

    /// Reads the members of an object whose bracket was passed.
    pub fn read_members(&mut self, json: &mut Json<'_>, grammar: Grammar) -> Result<(), Stop> {
        self.seen.fill(false);
        let (mut is_first, mut next) = (true, 0);
        loop {
            let at = json.at();
            let Some(name) = json.member(is_first)? else { break };
            is_first = false;
            // Members mostly come in the order of the fields.
            let place = match self.names.get(next) {
                Some(known) if *known == name => Some(next),
                _ => self.names.iter().position(|known| *known == name),
            };
            let Some(place) = place else {
                return Err(Stop::Fault(Fault {
                    at,
                    expected: format!("one of the members {}", self.names.join(", ")).into(),
                    found: format!("{name:?}"),
                }));
            };
            if std::mem::replace(&mut self.seen[place], true) {
                return Err(Stop::Fault(Fault {
                    at,
                    expected: "each member once".into(),
                    found: format!("{name:?} again"),
                }));
            }
            self.columns[place].read(json, grammar)?;
            next = place + 1;
        }
        for (column, seen) in self.columns.iter_mut().zip(&self.seen) {
            if !seen {
                column.push_null()?;
            }
        }
        Ok(())
    }

    fn read_elements(&mut self, json: &mut Json<'_>, grammar: Grammar) -> Result<(), Stop> {
        let count = self.columns.len();
        for index in 0..=count {
            let at = json.at();
            match (json.element(index == 0)?, self.columns.get_mut(index)) {
                (true, Some(column)) => column.read(json, grammar)?,
                (false, None) => {}
                _ => return Err(json.fault(at, format!("a list of {count} fields")).into()),
            }
        }
        Ok(())
    }

    /// The columns as arrays.
    pub fn finish(self, convert: Convert<'_>) -> Result<Vec<Array>, Misfit> {
        self.columns.into_iter().map(|column| column.finish(convert)).collect()
    }
}

/// What of a token is the text of a value of a type.
fn leaf_text<'t>(dtype: &DataType, token: &'t Token<'_>, grammar: Grammar) -> Option<&'t str> {
    let is_number = dtype.is_number();
    match token {
        Token::Number(text) if is_number => Some(text),
        Token::Bool(value) if *dtype == DataType::Bool => {
            Some(if *value { "true" } else { "false" })
        }
        Token::Text(text) => {
            let is_special = dtype.is_float() && matches!(&**text, "NaN" | "inf" | "-inf");
            let is_text = !is_number && *dtype != DataType::Bool;
            (is_text || is_special || grammar == Grammar::Host).then_some(&**text)
        }
        _ => None,
    }
}

/// Texts as values of a type; says which is the first that is none.
fn converted(text: Array, dtype: &DataType, convert: Convert<'_>) -> Result<Array, Misfit> {
    if *dtype == DataType::Utf8 {
        return Ok(text);
    }
    convert(&text, dtype).map_err(|error| {
        let is_misfit = |row: &usize| convert(&text.slice(*row, 1), dtype).is_err();
        Misfit { row: (0..text.len()).find(is_misfit).unwrap_or(0), error }
    })
}
