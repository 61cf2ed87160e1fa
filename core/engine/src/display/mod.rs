//! Batches to text: the one table that every language prints.
//!
//! ```text
//! shape: (2, 2)
//! region  price
//! utf8    float64
//! ------  -------
//! north      12.5
//! null        3.0
//! ```
//!
//! Numbers stand right, all else left; rows and columns that do not fit are cut in the middle and
//! marked with an ellipsis. Control characters are escaped, so that a value cannot steer a
//! terminal.

mod cell;
mod layout;

use crate::column::{Frame, HyperBlock};
use crate::error::{Error, ErrorKind, Result};

/// How a table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayOptions {
    /// Characters in a line, by the width that a terminal gives them.
    pub width: usize,
    /// Rows shown: the first and the last ones where there are more.
    pub rows: usize,
}

impl Default for DisplayOptions {
    fn default() -> DisplayOptions {
        DisplayOptions { width: 80, rows: 10 }
    }
}

/// Narrowest line: a column, an ellipsis and the gap between them.
const WIDTH_MIN: usize = 20;

/// Widest line and most rows: beyond them a table is a file, not a look at one.
const SIZE_MAX: usize = 1_000_000;

/// The text table of a frame; ends with one newline.
///
/// Shape: one line with the shape, two of header, a rule, then at most `rows` rows and a line of
/// ellipses where some are left out; no line is wider than `width`.
/// Nulls: printed as `null`.
/// Errors: `InvalidOption` for a width below 20; what the first touch of a mapped column finds.
/// Cost: of the rows shown.
pub fn table(frame: &Frame, options: &DisplayOptions) -> Result<String> {
    check("width", options.width, WIDTH_MIN)?;
    check("rows", options.rows, 0)?;
    let (row_count, column_count) = (frame.row_count(), frame.schema().len());
    let mut out = format!("shape: ({row_count}, {column_count})\n");
    if column_count == 0 {
        return Ok(out);
    }
    let (head, tail) = shown(row_count, options.rows);
    let rows: Vec<usize> = (0..head).chain(row_count - tail..row_count).collect();
    let places = places(frame, &rows);
    let cut_after = (head + tail < row_count).then_some(head);
    let columns = layout::choose(frame, &places, options.width)?;
    layout::write(&columns, cut_after, &mut out);
    Ok(out)
}

fn check(name: &str, value: usize, low: usize) -> Result<()> {
    if (low..=SIZE_MAX).contains(&value) {
        return Ok(());
    }
    let expected = format!("{name} from {low} to {SIZE_MAX}");
    Err(Error::mismatch(ErrorKind::InvalidOption, expected, value.to_string()))
}

/// How many rows of the head and of the tail to show: the head has the odd one.
fn shown(row_count: usize, rows: usize) -> (usize, usize) {
    if row_count <= rows {
        return (row_count, 0);
    }
    (rows.div_ceil(2), rows / 2)
}

/// The block and the row in it of each row shown.
fn places<'a>(frame: &'a Frame, rows: &[usize]) -> Vec<(&'a HyperBlock, usize)> {
    let mut places = Vec::with_capacity(rows.len());
    let mut blocks = frame.blocks().iter();
    let mut block = blocks.next();
    let mut start = 0;
    for row in rows {
        while let Some(here) = block {
            if *row < start + here.row_count() {
                places.push((here, row - start));
                break;
            }
            start += here.row_count();
            block = blocks.next();
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Array, ArrayBuilder, DataType, Scalar};

    fn array(dtype: DataType, values: &[Scalar]) -> Array {
        let mut builder = ArrayBuilder::new(dtype, values.len());
        for value in values {
            builder.push(value).expect("small values fit");
        }
        builder.finish()
    }

    fn texts(values: &[&str]) -> Array {
        let values: Vec<Scalar> = values.iter().map(|text| Scalar::Utf8((*text).into())).collect();
        array(DataType::Utf8, &values)
    }

    fn ints(values: impl IntoIterator<Item = i64>) -> Array {
        let values: Vec<Scalar> = values.into_iter().map(Scalar::Int64).collect();
        array(DataType::Int64, &values)
    }

    fn shows(columns: Vec<(&str, Array)>, options: DisplayOptions, expected: &str) {
        let frame = Frame::from_arrays(columns).expect("names differ");
        assert_eq!(table(&frame, &options).expect("the options are valid"), expected);
    }

    #[test]
    fn every_type_has_its_form_and_side() {
        let columns = vec![
            ("b", array(DataType::Bool, &[Scalar::Bool(true), Scalar::Null])),
            ("i", array(DataType::Int64, &[Scalar::Int64(-5), Scalar::Null])),
            ("f", array(DataType::Float64, &[Scalar::Float64(1e300), Scalar::Float64(f64::NAN)])),
            ("d", array(DataType::Date, &[Scalar::Date(0), Scalar::Null])),
            ("t", array(DataType::Timestamp, &[Scalar::Timestamp(1_500_000), Scalar::Null])),
            ("u", array(DataType::Utf8, &[Scalar::Utf8("é".into()), Scalar::Null])),
        ];
        let expected = "\
shape: (2, 6)
b         i        f  d           t                           u
bool  int64  float64  date        timestamp                   utf8
----  -----  -------  ----------  --------------------------  ----
true     -5   1e+300  1970-01-01  1970-01-01T00:00:01.500000  é
null   null      NaN  null        null                        null
";
        shows(columns, DisplayOptions::default(), expected);
    }

    #[test]
    fn rows_are_cut_in_the_middle() {
        let options = DisplayOptions { rows: 3, ..DisplayOptions::default() };
        let expected = "\
shape: (100, 1)
    n
int64
-----
    0
    1
    …
   99
";
        shows(vec![("n", ints(0..100))], options, expected);
    }

    #[test]
    fn no_rows_asked_for_shows_the_header_and_the_cut() {
        let options = DisplayOptions { rows: 0, ..DisplayOptions::default() };
        let expected = "shape: (1, 1)\n    n\nint64\n-----\n    …\n";
        shows(vec![("n", ints([1]))], options, expected);
    }

    #[test]
    fn columns_are_cut_in_the_middle_and_long_text_at_its_end() {
        let options = DisplayOptions { width: 24, rows: 5 };
        let columns = vec![
            ("first", ints([1])),
            ("second", ints([2])),
            ("third", ints([3])),
            ("last", ints([4])),
        ];
        let expected = "\
shape: (1, 4)
first  second  …   last
int64   int64  …  int64
-----  ------  -  -----
    1       2  …      4
";
        shows(columns, options, expected);
        let long = vec![("text", texts(&["abcdefghijklmnopqrstuvwxyz"]))];
        let expected = "\
shape: (1, 1)
text
utf8
--------------------
abcdefghijklmnopqrs…
";
        shows(long, DisplayOptions { width: 20, rows: 5 }, expected);
    }

    #[test]
    fn wide_characters_keep_the_columns_straight_and_controls_are_escaped() {
        let columns = vec![("名", texts(&["日本", "a\u{1b}[2J\n\u{202e}b"])), ("n", ints([1, 2]))];
        let expected = "\
shape: (2, 2)
名                         n
utf8                   int64
---------------------  -----
日本                       1
a\\u{1b}[2J\\n\\u{202e}b      2
";
        shows(columns, DisplayOptions::default(), expected);
    }

    #[test]
    fn no_columns_is_a_shape_alone_and_no_rows_a_header() {
        let frame = Frame::from_arrays(Vec::new()).expect("no names");
        let text = table(&frame, &DisplayOptions::default()).expect("the options are valid");
        assert_eq!(text, "shape: (0, 0)\n");
        let expected = "shape: (0, 1)\n    n\nint64\n-----\n";
        shows(vec![("n", ints([]))], DisplayOptions::default(), expected);
    }

    #[test]
    fn options_out_of_range_are_refused() {
        let frame = Frame::from_arrays(Vec::new()).expect("no names");
        let error = table(&frame, &DisplayOptions { width: 19, rows: 1 }).expect_err("too narrow");
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
    }
}
