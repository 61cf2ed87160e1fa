//! How CSV is written: plain data, and what may not be asked.
//!
//! An option that the reader has as well has the same name, takes the same values and means the
//! same, so that what is written with some options is read with them.

use super::super::options::{DateOrder, both, check_delimiter, check_mark, invalid, shown};
use super::style::holds_delimiter;
use crate::bytes::decompress::Codec;
use crate::bytes::encode::TextEncoder;
use crate::error::Result;

/// How CSV is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvWriteOptions {
    /// What separates fields: 1 to 8 bytes, without line ends.
    pub delimiter: String,
    /// ASCII byte around fields that need it; `None` when quotes are text as any other.
    pub quote: Option<u8>,
    /// ASCII byte before a character that is plain text; `None` when quotes are doubled.
    pub escape: Option<u8>,
    /// Which fields stand in quotes.
    pub quoting: Quoting,
    /// What ends a record: `\n` or `\r\n`.
    pub line_end: String,
    /// Whether the first record names the columns.
    pub header: bool,
    /// What stands for null.
    pub null_value: String,
    /// Between the whole and the fraction of a number: `.` or `,`.
    pub decimal: u8,
    /// Order of day, month and year in dates.
    pub date_order: DateOrder,
    /// Encoding of the file: a label of the WHATWG Encoding Standard.
    pub encoding: String,
    /// Whether the file starts with a byte-order mark.
    pub bom: bool,
    /// How the file is compressed.
    pub compression: Option<Codec>,
}

/// Which fields stand in quotes. Nulls never do: a field in quotes is not null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Those that would not read back without.
    Minimal,
    /// All.
    Always,
    /// All but numbers that need none.
    NonNumeric,
    /// None; a value that needs quotes is an error.
    Never,
}

impl Default for CsvWriteOptions {
    fn default() -> CsvWriteOptions {
        CsvWriteOptions {
            delimiter: ",".to_owned(),
            quote: Some(b'"'),
            escape: None,
            quoting: Quoting::Minimal,
            line_end: "\n".to_owned(),
            header: true,
            null_value: String::new(),
            decimal: b'.',
            date_order: DateOrder::Ymd,
            encoding: "utf-8".to_owned(),
            bom: false,
            compression: None,
        }
    }
}

impl CsvWriteOptions {
    /// Fails with `InvalidOption` when the options contradict themselves.
    pub fn validate(&self) -> Result<()> {
        check_delimiter(&self.delimiter)?;
        self.check_marks()?;
        self.check_null_value()?;
        if !matches!(self.line_end.as_str(), "\n" | "\r\n") {
            return Err(invalid(format!(
                "option line_end: expected \"\\n\" or \"\\r\\n\", found {:?}",
                self.line_end
            )));
        }
        if !matches!(self.decimal, b'.' | b',') {
            return Err(invalid(format!(
                "option decimal: expected '.' or ',', found '{}'",
                shown(self.decimal)
            )));
        }
        let is_unmarked = !self.has_quotes() && self.escape.is_none();
        if is_unmarked && self.delimiter.as_bytes() == [self.decimal] {
            return Err(both("decimal", "delimiter", self.decimal)
                .hint("give each its own character, or let quoting be \"minimal\""));
        }
        self.check_mark_of_encoding()
    }

    /// Whether a field may stand in quotes.
    pub(super) fn has_quotes(&self) -> bool {
        self.quote.is_some() && self.quoting != Quoting::Never
    }

    fn check_marks(&self) -> Result<()> {
        for (option, mark) in [("quote", self.quote), ("escape", self.escape)] {
            let Some(mark) = mark else { continue };
            check_mark(option, mark)?;
            if self.delimiter.as_bytes().contains(&mark) {
                return Err(both("delimiter", option, mark));
            }
        }
        if let (Some(escape), true) = (self.escape, self.escape == self.quote) {
            return Err(both("quote", "escape", escape)
                .hint("leave escape null: then quotes within quotes are doubled"));
        }
        match (self.quote, self.quoting) {
            (None, Quoting::Always | Quoting::NonNumeric) => Err(invalid(
                "options quote and quoting contradict: without a quote nothing is quoted"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn check_null_value(&self) -> Result<()> {
        let marks = [self.quote, self.escape, Some(b'\n'), Some(b'\r')];
        let value = &self.null_value;
        let ends_early = holds_delimiter(value.as_bytes(), self.delimiter.as_bytes());
        if ends_early || value.bytes().any(|byte| marks.contains(&Some(byte))) {
            return Err(invalid(format!(
                "option null_value: a null value may hold no delimiter, quote, escape or line end, \
                 found {value:?}"
            )));
        }
        Ok(())
    }

    fn check_mark_of_encoding(&self) -> Result<()> {
        let encoder = TextEncoder::of(&self.encoding)?;
        match (self.bom, encoder.mark()) {
            (true, None) => Err(invalid(format!(
                "options bom and encoding contradict: {} has no byte-order mark",
                encoder.name()
            ))
            .hint("leave bom out, or write utf-8 or utf-16")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    /// Changes options until they contradict.
    type Change = fn(&mut CsvWriteOptions);

    #[test]
    fn contradictions_name_the_options() {
        let cases: [(&[&str], Change); 18] = [
            (&["option delimiter"], |options| options.delimiter.clear()),
            (&["option delimiter"], |options| options.delimiter = "\n".to_owned()),
            (&["option delimiter"], |options| options.delimiter = "123456789".to_owned()),
            (&["delimiter", "quote"], |options| options.delimiter = "\"".to_owned()),
            (&["delimiter", "escape"], |options| options.escape = Some(b',')),
            (&["quote", "escape"], |options| options.escape = Some(b'"')),
            (&["option quote"], |options| options.quote = Some(b'-')),
            (&["option escape"], |options| options.escape = Some(b'a')),
            (&["quote", "quoting"], |options| {
                (options.quote, options.quoting) = (None, Quoting::Always);
            }),
            (&["quote", "quoting"], |options| {
                (options.quote, options.quoting) = (None, Quoting::NonNumeric);
            }),
            (&["null_value"], |options| options.null_value = ",".to_owned()),
            (&["null_value"], |options| {
                (options.null_value, options.escape) = ("\\N".to_owned(), Some(b'\\'));
            }),
            (&["null_value"], |options| {
                (options.delimiter, options.null_value) = ("||".to_owned(), "|".to_owned());
            }),
            (&["line_end"], |options| options.line_end = "\r".to_owned()),
            (&["option decimal"], |options| options.decimal = b';'),
            (&["decimal", "delimiter", "quoting"], |options| {
                (options.decimal, options.quoting) = (b',', Quoting::Never);
            }),
            (&["bom", "encoding"], |options| {
                (options.bom, options.encoding) = (true, "windows-1252".to_owned());
            }),
            (&["option encoding"], |options| options.encoding = "utf8x".to_owned()),
        ];
        for (words, change) in cases {
            let mut options = CsvWriteOptions::default();
            change(&mut options);
            let error = options.validate().expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::InvalidOption);
            let found = error.to_string();
            assert!(words.iter().all(|word| found.contains(word)), "{words:?}: {found}");
        }
    }

    #[test]
    fn usual_dialects_are_allowed() {
        let cases: [Change; 6] = [
            |_| {},
            |options| options.quote = None,
            |options| options.decimal = b',',
            |options| (options.quoting, options.escape) = (Quoting::Never, Some(b'\\')),
            |options| (options.bom, options.encoding) = (true, "utf-16".to_owned()),
            |options| (options.delimiter, options.null_value) = ("||".to_owned(), "NA".to_owned()),
        ];
        for change in cases {
            let mut options = CsvWriteOptions::default();
            change(&mut options);
            options.validate().expect("allowed");
        }
    }
}
