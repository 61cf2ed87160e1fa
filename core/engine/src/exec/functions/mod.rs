//! Functions run: one file an area, one arm a function, over the kernels.
//!
//! ```text
//!   prepare, once     literal operands -> Constants (a compiled pattern, a number of digits)
//!   run, each batch   operands' values + Constants -> kernel -> values
//! ```

mod arithmetic;
mod compare;
mod dates;
mod encoding;
mod logic;
mod moments;
mod nested;
mod number;
mod regex;
mod text;

use super::kernels::Datum;
use super::kernels::dates::text::Reader;
use super::kernels::decimal::Rounding;
use super::kernels::text::like::LikeMatcher;
use super::kernels::text::pattern::Matcher;
use crate::bytes::pattern::Pattern;
use crate::bytes::scan::Level;
use crate::bytes::zone::Zone;
use crate::column::{Array, DataType, Scalar};
use crate::error::Result;
use crate::plan::functions::Function;
use crate::plan::text::pointer::Pointer;
use crate::plan::text::template::Template;
use crate::plan::text::{Encoding, Form};
use crate::plan::unit::{Unclear, Unit};

/// What is made of literal operands before the first batch, once for a question.
pub enum Constants {
    /// The function has no literal operand.
    None,
    /// Digits after the point, and how a decimal loses the others.
    Digits(u32, Rounding),
    /// A unit of time.
    Unit(Unit),
    /// How dates and times are written.
    Pattern(Pattern),
    /// How dates and times are read.
    Reader(Reader),
    /// Days since 1970 that are no business days, in order, none on a weekend.
    Holidays(Vec<i32>),
    /// A time zone.
    Zone(Zone),
    /// From one zone to another, and what is done with times that the first one lacks or has twice.
    Zones(Zone, Zone, Unclear),
    /// What a text is filled with.
    Fill(String),
    /// A regular expression.
    Regex(Box<Matcher>),
    /// A regular expression and the number of a group.
    Extraction(Box<Matcher>, usize),
    /// A regular expression and what its matches are replaced by.
    Replacement(Box<Matcher>, Template),
    /// A pattern of `like`.
    Like(Box<LikeMatcher>),
    /// A normal form.
    Form(Form),
    /// An encoding.
    Encoding(Encoding),
    /// A place in JSON.
    Pointer(Pointer),
    /// Yes or no.
    Flag(bool),
}

/// A function with all that is known before the rows are.
pub struct Prepared {
    function: Function,
    /// Types of the operands, as bound.
    types: Vec<DataType>,
    /// Type of the result, as bound.
    dtype: DataType,
    constants: Constants,
}

impl Prepared {
    /// Prepares a call. `literals` holds a value for each declared operand that must be a literal
    /// and was given; they were checked while names and types were resolved.
    pub fn new(
        function: Function,
        types: Vec<DataType>,
        dtype: DataType,
        literals: &[Option<Scalar>],
    ) -> Prepared {
        let constants = match function {
            Function::Number(function) => number::prepare(function, literals),
            Function::Date(function) => dates::prepare(function, literals),
            Function::Text(function) => text::prepare(function, literals),
            Function::Regex(function) => regex::prepare(function, literals),
            Function::Encoding(function) => encoding::prepare(function, literals),
            Function::Nested(function) => nested::prepare(function, literals),
            Function::Arithmetic(_) | Function::Compare(_) | Function::Logic(_) => Constants::None,
        };
        Prepared { function, types, dtype, constants }
    }

    /// The function's values for `len` rows of operands.
    pub fn run(&self, operands: &[Datum], len: usize, level: Level) -> Result<Datum> {
        let Prepared { types, dtype, constants, .. } = self;
        let call = Call { operands, types, dtype, constants, len, level };
        let result = match self.function {
            Function::Arithmetic(function) => arithmetic::run(function, &call),
            Function::Compare(function) => compare::run(function, &call),
            Function::Logic(function) => logic::run(function, &call),
            Function::Number(function) => number::run(function, &call),
            Function::Text(function) => text::run(function, &call),
            Function::Date(function) => dates::run(function, &call),
            Function::Regex(function) => regex::run(function, &call),
            Function::Encoding(function) => encoding::run(function, &call),
            Function::Nested(function) => nested::run(function, &call),
        }?;
        debug_assert!(
            result.dtype().is_none_or(|found| found == self.dtype),
            "{} gives {:?} where {} was bound",
            self.function.name(),
            result.dtype(),
            self.dtype,
        );
        Ok(result)
    }
}

/// A call on the rows of one batch.
pub struct Call<'a> {
    /// The operands' values; a literal operand's are in `constants`.
    pub operands: &'a [Datum],
    /// Types of the operands.
    pub types: &'a [DataType],
    /// Type of the result.
    pub dtype: &'a DataType,
    /// What was made of literal operands.
    pub constants: &'a Constants,
    /// Number of rows.
    pub len: usize,
    /// What the CPU can do.
    pub level: Level,
}

impl Call<'_> {
    /// An operand as an array.
    pub fn array(&self, index: usize) -> Array {
        self.operands[index].clone().into_array(&self.types[index], self.len)
    }

    /// Whether an operand is null in every row: then most functions are as well.
    pub fn has_null_value(&self) -> bool {
        self.operands.iter().any(Datum::is_null_value)
    }
}

/// Null in every row.
pub fn null() -> Datum {
    Datum::Value(Scalar::Null)
}
