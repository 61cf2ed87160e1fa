//! How CSV is read and written: plain data, and what may not be asked.

use std::collections::HashSet;

use crate::column::DataType;
use crate::error::{Error, ErrorKind, Result};

/// How CSV is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvReadOptions {
    /// ASCII byte between fields.
    pub delimiter: u8,
    /// ASCII byte around fields that hold delimiters, quotes or line ends; `None` when quotes are
    /// text as any other.
    pub quote: Option<u8>,
    /// Whether the first record names the columns.
    pub header: bool,
    /// Names to use instead of those in the file, one for each column.
    pub column_names: Option<Vec<String>>,
    /// Types of some or all columns by name; the others are inferred from all their values.
    pub schema: Vec<(String, DataType)>,
    /// An unquoted field equal to one of these is null.
    pub null_values: Vec<String>,
    /// Columns to read, in this order; `None` reads all.
    pub select: Option<Vec<String>>,
}

impl Default for CsvReadOptions {
    fn default() -> CsvReadOptions {
        CsvReadOptions {
            delimiter: b',',
            quote: Some(b'"'),
            header: true,
            column_names: None,
            schema: Vec::new(),
            null_values: vec![String::new()],
            select: None,
        }
    }
}

impl CsvReadOptions {
    /// Fails with `InvalidOption` when the options contradict themselves.
    pub fn validate(&self) -> Result<()> {
        check_dialect(self.delimiter, self.quote)?;
        for value in &self.null_values {
            check_null_value(value, self.delimiter, self.quote)?;
        }
        check_distinct("schema", self.schema.iter().map(|(name, _)| name))?;
        if let Some(names) = &self.column_names {
            check_not_empty("column_names", names)?;
        }
        if let Some(names) = &self.select {
            check_not_empty("select", names)?;
            check_distinct("select", names.iter())?;
        }
        Ok(())
    }
}

/// How CSV is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvWriteOptions {
    /// ASCII byte between fields.
    pub delimiter: u8,
    /// ASCII byte around fields that need it.
    pub quote: u8,
    /// Whether the first record names the columns.
    pub header: bool,
    /// What stands for null.
    pub null_value: String,
}

impl Default for CsvWriteOptions {
    fn default() -> CsvWriteOptions {
        CsvWriteOptions { delimiter: b',', quote: b'"', header: true, null_value: String::new() }
    }
}

impl CsvWriteOptions {
    /// Fails with `InvalidOption` when the options contradict themselves.
    pub fn validate(&self) -> Result<()> {
        check_dialect(self.delimiter, Some(self.quote))?;
        check_null_value(&self.null_value, self.delimiter, Some(self.quote))
    }
}

fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidOption, summary)
}

fn check_dialect(delimiter: u8, quote: Option<u8>) -> Result<()> {
    let shown = |byte: u8| char::from(byte).escape_default().to_string();
    if !delimiter.is_ascii() || matches!(delimiter, b'\n' | b'\r' | 0) {
        return Err(invalid(format!(
            "option delimiter: expected one ASCII character other than a line end, found '{}'",
            shown(delimiter)
        ))
        .hint("use ',', ';', '|' or a tab"));
    }
    let Some(quote) = quote else { return Ok(()) };
    // A number, a date or a name must not start like a quoted field.
    if !quote.is_ascii_punctuation() || matches!(quote, b'+' | b'-' | b'.') {
        return Err(invalid(format!(
            "option quote: expected one ASCII punctuation character other than '+', '-' and '.', \
             found '{}'",
            shown(quote)
        ))
        .hint("use '\"' or '\\''"));
    }
    if delimiter == quote {
        return Err(invalid(format!(
            "options delimiter and quote are both '{}'",
            shown(delimiter)
        ))
        .hint("give each its own character"));
    }
    Ok(())
}

fn check_null_value(value: &str, delimiter: u8, quote: Option<u8>) -> Result<()> {
    let is_special =
        |byte: u8| byte == delimiter || Some(byte) == quote || matches!(byte, b'\n' | b'\r');
    match value.bytes().any(is_special) {
        true => Err(invalid(format!(
            "a null value may hold no delimiter, quote or line end, found {value:?}"
        ))),
        false => Ok(()),
    }
}

fn check_distinct<'a>(option: &str, names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(invalid(format!("option {option} names column {name:?} twice")));
        }
    }
    Ok(())
}

fn check_not_empty(option: &str, names: &[String]) -> Result<()> {
    match names.is_empty() {
        true => Err(invalid(format!("option {option} names no column"))
            .hint("name at least one, or leave the option out")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut CsvReadOptions)) -> String {
        let mut options = CsvReadOptions::default();
        change(&mut options);
        let error = options.validate().expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        error.to_string()
    }

    #[test]
    fn contradictions_are_named() {
        let text = |name: &str| name.to_owned();
        assert!(refused(|options| options.delimiter = b'"').contains("both '\\\"'"));
        for byte in [b'\n', b'\r', 0, 0xC3] {
            assert!(refused(|options| options.delimiter = byte).contains("option delimiter"));
        }
        for byte in [b'\n', b'a', b'0', b' ', b'-', 0xE9] {
            assert!(refused(|options| options.quote = Some(byte)).contains("option quote"));
        }
        for value in ["a,b", "a\"", "\n", "\r"] {
            assert!(refused(|options| options.null_values = vec![text(value)]).contains("null"));
        }
        let twice = vec![text("a"), text("a")];
        assert!(refused(|options| options.select = Some(twice)).contains("twice"));
        assert!(refused(|options| options.select = Some(Vec::new())).contains("no column"));
        assert!(refused(|options| options.column_names = Some(Vec::new())).contains("no column"));
        let types = vec![(text("a"), DataType::Int64), (text("a"), DataType::Utf8)];
        assert!(refused(|options| options.schema = types).contains("schema"));
    }

    #[test]
    fn usual_dialects_are_allowed() {
        for delimiter in [b',', b';', b'|', b'\t', b' ', b':'] {
            for quote in [None, Some(b'"'), Some(b'\'')] {
                let options = CsvReadOptions { delimiter, quote, ..Default::default() };
                options.validate().expect("allowed");
            }
        }
        CsvWriteOptions::default().validate().expect("allowed");
        let options = CsvWriteOptions { null_value: ",".to_owned(), ..Default::default() };
        options.validate().expect_err("the delimiter cannot mean null");
    }
}
