//! What can go wrong, once: the closed list of kinds, and an error that says where and what to try.
//!
//! In: a kind and a sentence. Out: one value that every floor above passes on, adding only what it
//! alone knows. The numbers of the kinds are the status codes of the C ABI and never change.

use std::fmt;

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)+) => {
        /// The closed list of error kinds: the same number in C, the same name in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum ErrorKind { $($(#[$doc])* $variant = $number,)+ }

        impl ErrorKind {
            /// Every kind, in the order of its number.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$variant,)+];

            /// The kind's name in lower snake case, as every language shows it.
            pub fn name(self) -> &'static str {
                match self { $(ErrorKind::$variant => $name,)+ }
            }
        }
    };
}

error_kinds! {
    /// An argument is outside what the function takes (null pointer, negative count).
    InvalidArgument = 1, "invalid_argument";
    /// The handle is zero, foreign or of another kind.
    InvalidHandle = 2, "invalid_handle";
    /// The handle was released before.
    ReleasedHandle = 3, "released_handle";
    /// The object is in use by another thread.
    Busy = 4, "busy";
    /// The work was cancelled by its caller.
    Cancelled = 5, "cancelled";
    /// The process is a fork of the one that loaded the library.
    Forked = 6, "forked";
    /// The library was shut down.
    ShutDown = 7, "shut_down";
    /// A broken invariant of the engine; a defect to report.
    Internal = 8, "internal";
    /// What was asked for is not in this version.
    Unsupported = 9, "unsupported";
    /// The file or directory does not exist.
    NotFound = 20, "not_found";
    /// The operating system refuses access.
    PermissionDenied = 21, "permission_denied";
    /// A file was expected and the path is a directory.
    IsDirectory = 22, "is_directory";
    /// No space is left where the bytes should go.
    DiskFull = 23, "disk_full";
    /// The file changed or shrank while it was open.
    FileChanged = 24, "file_changed";
    /// Any other failure of the operating system.
    Io = 25, "io";
    /// A bound of the engine is exceeded (rows, bytes, depth, memory).
    LimitExceeded = 26, "limit_exceeded";
    /// The input holds no bytes where a table was expected.
    EmptyInput = 40, "empty_input";
    /// Bytes are not valid UTF-8.
    InvalidUtf8 = 41, "invalid_utf8";
    /// A record has too few or too many fields.
    FieldCount = 42, "field_count";
    /// A quoted field has no closing quote.
    UnterminatedQuote = 43, "unterminated_quote";
    /// A quote stands where none may.
    StrayQuote = 44, "stray_quote";
    /// A value does not fit the type that the schema asks for.
    BadValue = 45, "bad_value";
    /// A column name occurs twice.
    DuplicateColumn = 46, "duplicate_column";
    /// The bytes of a file do not follow its format, or a checksum differs.
    CorruptFile = 47, "corrupt_file";
    /// The file or document was made for a newer version.
    UnsupportedVersion = 48, "unsupported_version";
    /// An option is unknown or its value is not allowed.
    InvalidOption = 60, "invalid_option";
    /// The plan document does not follow its schema.
    InvalidPlan = 61, "invalid_plan";
    /// Text could not be parsed.
    Syntax = 62, "syntax";
    /// No column has this name.
    UnknownColumn = 63, "unknown_column";
    /// No table has this name.
    UnknownTable = 64, "unknown_table";
    /// No function has this name.
    UnknownFunction = 65, "unknown_function";
    /// A parameter is used but not given, or given but not used.
    Parameter = 66, "parameter";
    /// The types of the operands do not go together.
    TypeMismatch = 67, "type_mismatch";
    /// A result is outside the range of its type.
    Overflow = 80, "overflow";
    /// A whole number is divided by zero.
    DivisionByZero = 81, "division_by_zero";
    /// A value cannot be converted to the type asked for.
    BadCast = 82, "bad_cast";
}

/// Where an error was met. Every part is optional; `record` and `line` count from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Path of the file, as the caller gave it.
    pub file: Option<String>,
    /// Name of the column.
    pub column: Option<String>,
    /// Record of the file, counting from 1 and not counting the header; without a file, row of the
    /// table that a step reads, counting from 1.
    pub record: Option<u64>,
    /// Physical line of the file, counting from 1.
    pub line: Option<u64>,
    /// Offset from the start of the file, in bytes.
    pub byte_offset: Option<u64>,
}

/// An error: its kind, what was expected and found, where, and what to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    summary: String,
    expected: Option<String>,
    found: Option<String>,
    hint: Option<String>,
    location: Location,
}

/// What every fallible function of the engine returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error with a summary: lower case, no final dot.
    pub fn new(kind: ErrorKind, summary: impl Into<String>) -> Error {
        let inner = Inner {
            kind,
            summary: summary.into(),
            expected: None,
            found: None,
            hint: None,
            location: Location::default(),
        };
        Error { inner: Box::new(inner) }
    }

    /// Makes an error that says `expected ..., found ...`.
    pub fn mismatch(
        kind: ErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Error {
        let (expected, found) = (expected.into(), found.into());
        let mut error = Error::new(kind, format!("expected {expected}, found {found}"));
        error.inner.expected = Some(expected);
        error.inner.found = Some(found);
        error
    }

    /// Adds what to try.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.inner.hint = Some(hint.into());
        self
    }

    /// Changes the place; parts already known stay unless the change sets them.
    pub fn at(mut self, change: impl FnOnce(&mut Location)) -> Error {
        change(&mut self.inner.location);
        self
    }

    /// Names the file unless a deeper floor has.
    pub fn in_file(self, file: &str) -> Error {
        self.at(|place| {
            place.file.get_or_insert_with(|| file.to_owned());
        })
    }

    /// The kind, for callers that branch.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The sentence without place and hint.
    pub fn summary(&self) -> &str {
        &self.inner.summary
    }

    /// What was expected, where the error is a mismatch.
    pub fn expected(&self) -> Option<&str> {
        self.inner.expected.as_deref()
    }

    /// What was found, where the error is a mismatch.
    pub fn found(&self) -> Option<&str> {
        self.inner.found.as_deref()
    }

    /// What to try.
    pub fn hint_text(&self) -> Option<&str> {
        self.inner.hint.as_deref()
    }

    /// Where it was met.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Turns an error of the operating system into one of ours, naming the file.
    pub fn io(error: &std::io::Error, file: &str) -> Error {
        use std::io::ErrorKind as Os;
        let (kind, summary) = match error.kind() {
            Os::NotFound => (ErrorKind::NotFound, "no such file".to_owned()),
            Os::PermissionDenied => (ErrorKind::PermissionDenied, "permission denied".to_owned()),
            Os::IsADirectory => {
                (ErrorKind::IsDirectory, "expected a file, found a directory".to_owned())
            }
            Os::StorageFull | Os::QuotaExceeded | Os::FileTooLarge => {
                (ErrorKind::DiskFull, "no space left for the file".to_owned())
            }
            Os::InvalidInput => (ErrorKind::InvalidArgument, error.to_string().to_lowercase()),
            _ => (ErrorKind::Io, error.to_string().to_lowercase()),
        };
        Error::new(kind, summary).in_file(file)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.inner.summary)?;
        let place = &self.inner.location;
        let mut parts: Vec<String> = Vec::new();
        parts.extend(place.file.clone());
        parts.extend(place.column.as_ref().map(|name| format!("column {name}")));
        let record = if place.file.is_some() { "record" } else { "row" };
        parts.extend(place.record.map(|number| format!("{record} {number}")));
        parts.extend(place.line.map(|number| format!("line {number}")));
        parts.extend(place.byte_offset.map(|number| format!("byte {number}")));
        if !parts.is_empty() {
            write!(out, " ({})", parts.join(", "))?;
        }
        match &self.inner.hint {
            Some(hint) => write!(out, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// The candidate nearest to `word` by edit distance, where one is near enough to suggest.
///
/// Cost: O(len(word) x total length of the candidates); used on the error path only.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            (edit_distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (above + 1).min(row[j] + 1).min(diagonal + usize::from(a != *b));
            diagonal = above;
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_says_what_where_and_what_to_try() {
        let error = Error::mismatch(ErrorKind::FieldCount, "12 fields", "11")
            .at(|place| {
                place.record = Some(4182);
                place.line = Some(4190);
                place.byte_offset = Some(901_233);
            })
            .in_file("orders.csv")
            .hint("check the delimiter");
        assert_eq!(
            error.to_string(),
            "expected 12 fields, found 11 (orders.csv, record 4182, line 4190, byte 901233); \
             check the delimiter"
        );
    }

    #[test]
    fn nearest_suggests_only_what_is_near() {
        assert_eq!(nearest("delimeter", ["delimiter", "header"]), Some("delimiter"));
        assert_eq!(nearest("xyz", ["delimiter", "header"]), None);
    }

    #[test]
    fn numbers_and_names_are_unique() {
        for pair in ErrorKind::ALL.windows(2) {
            assert!((pair[0] as i32) < pair[1] as i32);
        }
        let names: std::collections::HashSet<_> =
            ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }
}
