//! How CSV is read and written: plain data, and what may not be asked.

use std::collections::{BTreeSet, HashSet};

use crate::bytes::encoding;
use crate::bytes::scan::Needles;
use crate::column::DataType;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{CSV_RECORD_BYTES_DEFAULT, CSV_RECORDS_BYTES_MAX};

/// Longest delimiter and longest mark of a comment.
const DELIMITER_BYTES_MAX: usize = 8;

/// What may stand between groups of three digits.
const THOUSANDS: [char; 6] = [',', '.', '\'', ' ', '\u{A0}', '\u{202F}'];

/// How CSV is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvReadOptions {
    /// What separates fields: 1 to 8 bytes, without line ends.
    pub delimiter: String,
    /// ASCII byte around fields that hold delimiters, quotes or line ends; `None` when quotes are
    /// text as any other.
    pub quote: Option<u8>,
    /// ASCII byte that makes the character behind it plain text; `None` when quotes are doubled.
    pub escape: Option<u8>,
    /// What a line starts with that is no record.
    pub comment: Option<String>,
    /// Physical lines at the start of the file that are no records.
    pub skip_lines: u64,
    /// Whether the first record names the columns.
    pub header: bool,
    /// Names to use instead of those in the file, one for each column.
    pub column_names: Option<Vec<String>>,
    /// Encoding of the file: a label of the WHATWG Encoding Standard.
    pub encoding: String,
    /// Whether blanks and tabs around fields are left out.
    pub trim: bool,
    /// Between the whole and the fraction of a number: `.` or `,`.
    pub decimal: u8,
    /// What may stand between groups of three digits.
    pub thousands: Option<char>,
    /// Order of day, month and year in dates other than ISO.
    pub date_order: DateOrder,
    /// Types of some or all columns by name or pattern; the others are inferred.
    pub schema: Vec<(String, DataType)>,
    /// Names or patterns of columns that stay text.
    pub text_columns: Vec<String>,
    /// Records that types are inferred from; `None`: all.
    pub infer_rows: Option<u64>,
    /// Whether a text column of few distinct values becomes a dictionary where no type is given.
    pub auto_dictionary: bool,
    /// An unquoted field equal to one of these is null.
    pub null_values: Vec<String>,
    /// Columns to read, in this order; `None` reads all.
    pub select: Option<Vec<String>>,
    /// A record with too few fields: `Error`, `Pad`, `Skip`, `Quarantine`.
    pub on_short: Policy,
    /// A record with too many fields: `Error`, `Cut`, `Skip`, `Quarantine`.
    pub on_long: Policy,
    /// A value that does not fit its type: `Error`, `Null`, `Skip`, `Quarantine`.
    pub on_bad_value: Policy,
    /// A quote out of place or never closed: `Error`, `Repair`, `Skip`, `Quarantine`.
    pub on_bad_quote: Policy,
    /// Bytes that the encoding does not allow: `Error`, `Replace`, `Skip`, `Quarantine`.
    pub on_bad_encoding: Policy,
    /// Bytes that one record may have.
    pub max_record_bytes: u64,
    /// Name of a last column with the path of the file that each row is from.
    pub file_column: Option<String>,
    /// Where the dialect comes from.
    pub dialect: Dialect,
}

/// Order of day, month and year in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// The word for it, on the wire.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::Ymd => "ymd",
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
        }
    }
}

/// What to do with one kind of fault. No kind takes all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Fail at the first one.
    Error,
    /// Null instead of a bad value.
    Null,
    /// Nulls for the fields that a short record lacks.
    Pad,
    /// A long record without the fields that are too many.
    Cut,
    /// A quote out of place is text.
    Repair,
    /// U+FFFD instead of bytes that are no text.
    Replace,
    /// The record is left out and counted.
    Skip,
    /// The record is left out, counted and kept.
    Quarantine,
}

impl Policy {
    /// The word for it, on the wire and in the counts.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Error => "error",
            Policy::Null => "null",
            Policy::Pad => "pad",
            Policy::Cut => "cut",
            Policy::Repair => "repair",
            Policy::Replace => "replace",
            Policy::Skip => "skip",
            Policy::Quarantine => "quarantine",
        }
    }
}

/// Where the dialect of a file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// From the options as they stand.
    Given,
    /// From the file, but for the options that these names list.
    Sniff {
        /// Names of the options that stand: those that the caller gave.
        given: BTreeSet<&'static str>,
    },
    /// From the file, as the options now stand.
    Found {
        /// What else the file may mean, for people.
        doubt: Option<String>,
    },
}

impl Default for CsvReadOptions {
    fn default() -> CsvReadOptions {
        CsvReadOptions {
            delimiter: ",".to_owned(),
            quote: Some(b'"'),
            escape: None,
            comment: None,
            skip_lines: 0,
            header: true,
            column_names: None,
            encoding: "utf-8".to_owned(),
            trim: false,
            decimal: b'.',
            thousands: None,
            date_order: DateOrder::Ymd,
            schema: Vec::new(),
            text_columns: Vec::new(),
            infer_rows: None,
            auto_dictionary: false,
            null_values: vec![String::new()],
            select: None,
            on_short: Policy::Error,
            on_long: Policy::Error,
            on_bad_value: Policy::Error,
            on_bad_quote: Policy::Error,
            on_bad_encoding: Policy::Error,
            max_record_bytes: CSV_RECORD_BYTES_DEFAULT,
            file_column: None,
            dialect: Dialect::Given,
        }
    }
}

impl CsvReadOptions {
    /// Fails with `InvalidOption` when the options contradict themselves.
    pub fn validate(&self) -> Result<()> {
        check_delimiter(&self.delimiter)?;
        self.check_marks()?;
        for value in &self.null_values {
            self.check_null_value(value)?;
        }
        self.check_numbers()?;
        self.check_columns()?;
        self.check_policies()?;
        self.check_limits()?;
        encoding::check_label(&self.encoding)
    }

    /// What the quick reader looks for; its dialects are those of [`CsvReadOptions::is_plain`].
    pub(super) fn needles(&self) -> Needles {
        Needles { delimiter: self.delimiter.as_bytes()[0], quote: self.quote }
    }

    /// Bytes that one record may have.
    pub(super) fn record_bytes_max(&self) -> usize {
        usize::try_from(self.max_record_bytes).unwrap_or(usize::MAX)
    }

    /// Quote, escape and comment, and what they may share with each other and the delimiter.
    fn check_marks(&self) -> Result<()> {
        let delimiter = self.delimiter.as_bytes();
        for (option, mark) in [("quote", self.quote), ("escape", self.escape)] {
            let Some(mark) = mark else { continue };
            check_mark(option, mark)?;
            if delimiter.contains(&mark) {
                return Err(both("delimiter", option, mark));
            }
        }
        if let (Some(escape), true) = (self.escape, self.escape == self.quote) {
            return Err(both("quote", "escape", escape)
                .hint("leave escape null: then quotes within quotes are doubled"));
        }
        let Some(comment) = &self.comment else { return Ok(()) };
        let Some(first) = comment.bytes().next() else {
            return Err(invalid("option comment: expected text, found none".to_owned())
                .hint("use null where no line is a comment"));
        };
        if comment.len() > DELIMITER_BYTES_MAX || comment.contains(['\n', '\r', '\0']) {
            return Err(invalid(format!(
                "option comment: expected at most {DELIMITER_BYTES_MAX} bytes of text without line \
                 ends, found {comment:?}"
            )));
        }
        if comment.as_bytes().starts_with(delimiter) || delimiter.starts_with(comment.as_bytes()) {
            return Err(both("delimiter", "comment", first));
        }
        for (option, mark) in [("quote", self.quote), ("escape", self.escape)] {
            if mark == Some(first) {
                return Err(both(option, "comment", first));
            }
        }
        match self.trim && first.is_ascii_whitespace() {
            true => Err(invalid(
                "options comment and trim contradict: a comment cannot start with a blank that is \
                 left out"
                    .to_owned(),
            )),
            false => Ok(()),
        }
    }

    fn check_null_value(&self, value: &str) -> Result<()> {
        let marks = [self.quote, self.escape, Some(b'\n'), Some(b'\r')];
        if value.contains(&self.delimiter) || value.bytes().any(|byte| marks.contains(&Some(byte)))
        {
            return Err(invalid(format!(
                "a null value may hold no delimiter, quote, escape or line end, found {value:?}"
            )));
        }
        match self.trim && value.trim_matches([' ', '\t']) != value {
            true => Err(invalid(format!(
                "options null_values and trim contradict: no field has the blanks of {value:?}"
            ))
            .hint("leave the blanks out")),
            false => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<()> {
        if !matches!(self.decimal, b'.' | b',') {
            return Err(invalid(format!(
                "option decimal: expected '.' or ',', found '{}'",
                shown(self.decimal)
            )));
        }
        let Some(thousands) = self.thousands else { return Ok(()) };
        if !THOUSANDS.contains(&thousands) {
            return Err(invalid(format!(
                "option thousands: expected ',', '.', '\\'', ' ', U+00A0 or U+202F, found \
                 {thousands:?}"
            )));
        }
        for (option, mark) in [("decimal", Some(self.decimal)), ("quote", self.quote)] {
            if mark.map(char::from) == Some(thousands) {
                return Err(both(option, "thousands", thousands as u8));
            }
        }
        Ok(())
    }

    fn check_columns(&self) -> Result<()> {
        check_distinct("schema", self.schema.iter().map(|(name, _)| name))?;
        check_distinct("text_columns", self.text_columns.iter())?;
        for (name, dtype) in &self.schema {
            if *dtype != DataType::Utf8 && self.text_columns.contains(name) {
                return Err(invalid(format!(
                    "options schema and text_columns contradict: column {name:?} is {} and text",
                    dtype.name()
                )));
            }
        }
        if let Some(names) = &self.column_names {
            check_not_empty("column_names", names)?;
        }
        if let Some(names) = &self.select {
            check_not_empty("select", names)?;
            check_distinct("select", names.iter())?;
        }
        match &self.file_column {
            Some(name) if name.is_empty() => {
                Err(invalid("option file_column: expected a name, found empty text".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn check_policies(&self) -> Result<()> {
        for (option, policy, own) in [
            ("on_short", self.on_short, Policy::Pad),
            ("on_long", self.on_long, Policy::Cut),
            ("on_bad_value", self.on_bad_value, Policy::Null),
            ("on_bad_quote", self.on_bad_quote, Policy::Repair),
            ("on_bad_encoding", self.on_bad_encoding, Policy::Replace),
        ] {
            if ![Policy::Error, Policy::Skip, Policy::Quarantine, own].contains(&policy) {
                return Err(invalid(format!(
                    "option {option}: expected error, {}, skip or quarantine, found {}",
                    own.name(),
                    policy.name()
                )));
            }
        }
        match (self.quote, self.on_bad_quote) {
            (None, policy) if policy != Policy::Error => Err(invalid(
                "options quote and on_bad_quote contradict: without quotes none is out of place"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn check_limits(&self) -> Result<()> {
        if self.infer_rows == Some(0) {
            return Err(invalid("option infer_rows: expected at least 1, found 0".to_owned())
                .hint("use null to infer from all records"));
        }
        match (1..=CSV_RECORDS_BYTES_MAX as u64).contains(&self.max_record_bytes) {
            true => Ok(()),
            false => Err(invalid(format!(
                "option max_record_bytes: expected 1 to {CSV_RECORDS_BYTES_MAX}, found {}",
                self.max_record_bytes
            ))),
        }
    }
}

pub(super) fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidOption, summary)
}

pub(super) fn shown(byte: u8) -> String {
    char::from(byte).escape_default().to_string()
}

pub(super) fn both(left: &str, right: &str, byte: u8) -> Error {
    invalid(format!("options {left} and {right} are both '{}'", shown(byte)))
        .hint("give each its own character")
}

/// What separates fields, for reading and for writing.
pub(super) fn check_delimiter(delimiter: &str) -> Result<()> {
    let is_wrong = |byte: u8| matches!(byte, b'\n' | b'\r' | 0);
    if !(1..=DELIMITER_BYTES_MAX).contains(&delimiter.len()) || delimiter.bytes().any(is_wrong) {
        return Err(invalid(format!(
            "option delimiter: expected 1 to {DELIMITER_BYTES_MAX} bytes of text without line \
             ends, found {delimiter:?}"
        ))
        .hint("use \",\", \";\", \"|\" or a tab"));
    }
    Ok(())
}

/// A number, a date or a name must not start like a quoted field.
pub(super) fn check_mark(option: &str, mark: u8) -> Result<()> {
    match mark.is_ascii_punctuation() && !matches!(mark, b'+' | b'-' | b'.') {
        true => Ok(()),
        false => Err(invalid(format!(
            "option {option}: expected one ASCII punctuation character other than '+', '-' and \
             '.', found '{}'",
            shown(mark)
        ))
        .hint(match option {
            "escape" => "use '\\\\'",
            _ => "use '\"' or '\\''",
        })),
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

    fn text(name: &str) -> String {
        name.to_owned()
    }

    #[test]
    fn contradictions_are_named() {
        assert!(refused(|options| options.delimiter = text("\"")).contains("both '\\\"'"));
        for delimiter in ["", "\n", "a\r", "\0", "123456789", "\u{1F600}\u{1F600}x"] {
            let found = refused(|options| options.delimiter = text(delimiter));
            assert!(found.contains("option delimiter"), "{found}");
        }
        for byte in [b'\n', b'a', b'0', b' ', b'-', 0xE9] {
            assert!(refused(|options| options.quote = Some(byte)).contains("option quote"));
            assert!(refused(|options| options.escape = Some(byte)).contains("option escape"));
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

    /// Changes options until they contradict.
    type Change = fn(&mut CsvReadOptions);

    #[test]
    fn contradictions_name_both_options() {
        let cases: [(&[&str], Change); 17] = [
            (&["quote", "escape"], |options| options.escape = Some(b'"')),
            (&["delimiter", "escape"], |options| options.escape = Some(b',')),
            (&["delimiter", "quote"], |options| options.delimiter = text(",\"")),
            (&["delimiter", "comment"], |options| options.comment = Some(text(",#"))),
            (&["quote", "comment"], |options| options.comment = Some(text("\"#"))),
            (&["option comment"], |options| options.comment = Some(text(""))),
            (&["option comment"], |options| options.comment = Some(text("#\n"))),
            (&["comment", "trim"], |options| {
                (options.comment, options.trim) = (Some(text(" #")), true);
            }),
            (&["null_values", "trim"], |options| {
                (options.null_values, options.trim) = (vec![text(" ")], true);
            }),
            (&["option decimal"], |options| options.decimal = b';'),
            (&["option thousands"], |options| options.thousands = Some('_')),
            (&["decimal", "thousands"], |options| options.thousands = Some('.')),
            (&["quote", "thousands"], |options| {
                (options.quote, options.thousands) = (Some(b'\''), Some('\''));
            }),
            (&["schema", "text_columns"], |options| {
                options.schema = vec![(text("a"), DataType::Int64)];
                options.text_columns = vec![text("a")];
            }),
            (&["on_short", "pad"], |options| options.on_short = Policy::Cut),
            (&["quote", "on_bad_quote"], |options| {
                (options.quote, options.on_bad_quote) = (None, Policy::Skip);
            }),
            (&["option infer_rows"], |options| options.infer_rows = Some(0)),
        ];
        for (words, change) in cases {
            let found = refused(change);
            assert!(words.iter().all(|word| found.contains(word)), "{words:?}: {found}");
        }
        for bytes in [0, 1 << 31] {
            let found = refused(|options| options.max_record_bytes = bytes);
            assert!(found.contains("max_record_bytes"));
        }
    }

    #[test]
    fn usual_dialects_are_allowed() {
        for delimiter in [",", ";", "|", "\t", " ", ":"] {
            for quote in [None, Some(b'"'), Some(b'\'')] {
                let delimiter = delimiter.to_owned();
                let options = CsvReadOptions { delimiter, quote, ..Default::default() };
                options.validate().expect("allowed");
            }
        }
    }
}
