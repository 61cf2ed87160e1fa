//! Expressions of one dictionary column, evaluated once for each distinct value.
//!
//! ```text
//! contains(lower(city), 'x')   over   "Oslo" "Xi'an" null    -> false true null
//! codes of the rows            0 1 1 0 null                  -> false true true false null
//! ```
//! Functions of one row look at nothing but its values, so that equal codes have equal results. A
//! null has a place of its own behind the values. Values that no row has are evaluated along, so
//! what fails on one of them is evaluated again, row by row, for an error that a row really has.
//!
//! Batches are small and dictionaries may be large: the rows are evaluated as they are until as
//! many went by as the dictionary has values. Then its results are made, and kept for all batches
//! that share it.

use std::sync::{Arc, Mutex, PoisonError};

use super::batch::Batch;
use super::evaluate::Node;
use super::kernels::compare::pack;
use super::kernels::{Datum, take};
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, Bitmap, DataType, Dictionary, Text, TextAppender};
use crate::error::Result;
use crate::plan::expr::{Expr, ExprKind};

/// Text of a dictionary up to which it is evaluated in one go, which is not cancelled.
const TEXT_BYTES_MAX: usize = 16 << 20;

/// An expression of one dictionary column.
pub struct Coded {
    column: usize,
    /// The expression, over a batch of one utf8 column.
    inner: Box<Node>,
    known: Mutex<Option<Known>>,
}

/// What is known of the dictionary that came last.
struct Known {
    values: Arc<Text>,
    /// Rows that were evaluated as they are.
    row_count: usize,
    results: Results,
}

#[derive(Clone)]
enum Results {
    /// Not made yet.
    None,
    Some(Arc<Made>),
    /// Some value has none, or they are too long.
    Never,
}

/// A result for each value, and one for null behind them.
enum Made {
    /// Conditions, a byte each, which are null for null alone; zeros up to a power of two.
    Bits(Vec<u8>),
    Values(Array),
}

impl Coded {
    /// The expression as one of a dictionary column, where it is: a function of the text of that
    /// column, of no other one, and of literals.
    pub fn prepare(expr: &Expr) -> Option<Coded> {
        if is_decoded_column(expr) {
            // Decoding is all that there is to do.
            return None;
        }
        let mut column = None;
        let inner = over_text(expr, &mut column)?;
        Some(Coded {
            column: column?,
            inner: Box::new(Node::prepare(&inner)),
            known: Mutex::default(),
        })
    }

    /// Position of the column.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The values for the rows of a batch.
    pub fn evaluate(&self, batch: &Batch, level: Level) -> Result<Datum> {
        let array = batch.column(self.column);
        let codes = array.as_dictionary();
        let mut results = self.look_up(codes, batch.len);
        if matches!(results, Some(Results::None)) {
            let made = self.of_values(codes.values(), level).map(|made| Arc::new(Made::new(made)));
            results = Some(made.map_or(Results::Never, Results::Some));
            self.remember(codes, results.clone());
        }
        match results {
            Some(Results::Some(made)) => made.spread(codes, array.validity()).map(Datum::Array),
            _ => {
                let plain = Batch { len: batch.len, columns: vec![Some(array.plain()?)] };
                self.inner.evaluate(&plain, level)
            }
        }
    }

    /// The results of a dictionary, or that they are to be made now; `None` while too few rows went
    /// by.
    fn look_up(&self, codes: &Dictionary, row_count: usize) -> Option<Results> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match &mut *known {
            Some(known) if Arc::ptr_eq(&known.values, codes.values()) => known,
            other => {
                let values = codes.values().clone();
                let is_long = values.bytes().len_bytes() > TEXT_BYTES_MAX;
                let results = if is_long { Results::Never } else { Results::None };
                other.insert(Known { values, row_count: 0, results })
            }
        };
        known.row_count = known.row_count.saturating_add(row_count);
        match &known.results {
            Results::None if known.row_count < known.values.len() => None,
            results => Some(results.clone()),
        }
    }

    fn remember(&self, codes: &Dictionary, results: Option<Results>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(known), Some(results)) = (&mut *known, results)
            && Arc::ptr_eq(&known.values, codes.values())
        {
            known.results = results;
        }
    }

    /// A result for each value, and one for null behind them.
    fn of_values(&self, values: &Text, level: Level) -> Result<Array> {
        let len = values.len() + 1;
        let mut text = TextAppender::new(len);
        text.extend(values)?;
        text.push("")?;
        let present = Bitmap::from_fn(len, |row| row < values.len());
        let texts = Array::new(ArrayData::Utf8(text.finish()), Some(present));
        self.inner.array(&Batch { len, columns: vec![Some(texts)] }, level)
    }
}

impl Made {
    fn new(results: Array) -> Made {
        let null = results.len() - 1;
        let are_present = (0..null).all(|value| results.is_valid(value));
        match results.data() {
            ArrayData::Bool(bits) if are_present && !results.is_valid(null) => {
                let mut table: Vec<u8> = bits.iter().map(u8::from).collect();
                table.resize(table.len().next_power_of_two(), 0);
                Made::Bits(table)
            }
            _ => Made::Values(results),
        }
    }

    /// The results of the rows' codes.
    fn spread(&self, codes: &Dictionary, validity: Option<&Bitmap>) -> Result<Array> {
        match self {
            Made::Bits(table) => {
                // Codes are below the length: the mask only spares each a check of its own.
                let mask = table.len() - 1;
                let table = &table[..=mask];
                let mut bytes = [0; 64];
                let bits = Bitmap::from_words(codes.len(), |word| {
                    let start = word * 64;
                    let codes = &codes.codes()[start..codes.len().min(start + 64)];
                    for (byte, code) in bytes.iter_mut().zip(codes) {
                        *byte = table[*code as usize & mask];
                    }
                    pack(&bytes[..codes.len()])
                });
                Ok(Array::new(ArrayData::Bool(bits), validity.cloned()))
            }
            Made::Values(results) => {
                let null = results.len() as u32 - 1;
                let place = |(row, code): (usize, &i32)| match validity {
                    Some(bits) if !bits.get(row) => null,
                    _ => *code as u32,
                };
                let rows: Vec<u32> = codes.codes().iter().enumerate().map(place).collect();
                take::take(results, &rows)
            }
        }
    }
}

/// Whether an expression is the text of a dictionary column and no more.
fn is_decoded_column(expr: &Expr) -> bool {
    let is_of_codes = |input: &Expr| {
        input.dtype == DataType::Dictionary && matches!(input.kind, ExprKind::Column(_))
    };
    expr.dtype == DataType::Utf8
        && matches!(&expr.kind, ExprKind::Cast { input, .. } if is_of_codes(input))
}

/// The expression with column 0, of utf8, where it decodes the one dictionary column that it looks
/// at; `None` where it looks at another.
fn over_text(expr: &Expr, column: &mut Option<usize>) -> Option<Expr> {
    let kind = match &expr.kind {
        ExprKind::Column(_) => return None,
        ExprKind::Literal(value) => ExprKind::Literal(value.clone()),
        ExprKind::Call { function, args } => {
            let args = args.iter().map(|arg| over_text(arg, column)).collect::<Option<_>>()?;
            ExprKind::Call { function: *function, args }
        }
        ExprKind::Case { branches, otherwise } => {
            let mut made = Vec::with_capacity(branches.len());
            for (when, then) in branches {
                made.push((over_text(when, column)?, over_text(then, column)?));
            }
            ExprKind::Case { branches: made, otherwise: Box::new(over_text(otherwise, column)?) }
        }
        ExprKind::Cast { input, .. } if is_decoded_column(expr) => {
            let ExprKind::Column(index) = input.kind else { return None };
            if *column.get_or_insert(index) != index {
                return None;
            }
            ExprKind::Column(0)
        }
        ExprKind::Cast { input, is_try } => {
            ExprKind::Cast { input: Box::new(over_text(input, column)?), is_try: *is_try }
        }
    };
    Some(Expr { kind, dtype: expr.dtype.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, Scalar};
    use crate::plan::functions::{Function, TextFunction};

    fn coded(values: &[Option<&str>]) -> Array {
        let mut builder = ArrayBuilder::new(DataType::Dictionary, values.len());
        for value in values {
            match value {
                Some(text) => builder.push_text(text).expect("small"),
                None => builder.push_null(),
            }
        }
        builder.finish()
    }

    fn text_of(column: usize) -> Expr {
        let input = Expr { kind: ExprKind::Column(column), dtype: DataType::Dictionary };
        let kind = ExprKind::Cast { input: Box::new(input), is_try: false };
        Expr { kind, dtype: DataType::Utf8 }
    }

    fn call(function: TextFunction, args: Vec<Expr>, dtype: DataType) -> Expr {
        Expr { kind: ExprKind::Call { function: Function::Text(function), args }, dtype }
    }

    fn literal(text: &str) -> Expr {
        let kind = ExprKind::Literal(Scalar::Utf8(text.to_owned()));
        Expr { kind, dtype: DataType::Utf8 }
    }

    #[test]
    fn only_functions_of_one_dictionary_column_are_taken() {
        let of = |args| call(TextFunction::Contains, args, DataType::Bool);
        assert_eq!(Coded::prepare(&of(vec![text_of(3), literal("x")])).expect("one").column(), 3);
        assert!(Coded::prepare(&of(vec![text_of(3), text_of(3)])).is_some());
        assert!(Coded::prepare(&of(vec![text_of(3), text_of(2)])).is_none());
        assert!(Coded::prepare(&text_of(3)).is_none());
        assert!(Coded::prepare(&of(vec![literal("a"), literal("x")])).is_none());
        let plain = Expr { kind: ExprKind::Column(3), dtype: DataType::Utf8 };
        assert!(Coded::prepare(&of(vec![plain, literal("x")])).is_none());
    }

    #[test]
    fn rows_are_evaluated_as_they_are_until_the_dictionary_pays() {
        let array = coded(&[Some("ab"), None, Some("b"), Some("ab"), Some("c")]);
        let expr = call(TextFunction::Upper, vec![text_of(0)], DataType::Utf8);
        let coded = Coded::prepare(&expr).expect("of one column");
        let level = Level::current();
        for (start, len) in [(0, 2), (2, 2), (0, 5), (1, 1)] {
            let part = array.slice(start, len);
            let batch = Batch { len, columns: vec![Some(part.clone())] };
            let found = coded.evaluate(&batch, level).expect("evaluates");
            let found = found.into_array(&DataType::Utf8, len);
            for row in 0..len {
                let expected = match part.scalar(row) {
                    Scalar::Utf8(text) => Scalar::Utf8(text.to_uppercase()),
                    other => other,
                };
                assert_eq!(found.scalar(row), expected, "{start} {row}");
            }
        }
        let known = coded.known.lock().expect("no panic");
        assert!(matches!(known.as_ref().map(|known| &known.results), Some(Results::Some(_))));
    }
}
