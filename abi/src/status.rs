//! Status numbers and the error record: how an outcome reaches the caller.
//!
//! In: an outcome of ours. Out: the number that the function returns, and the caller's record.

use std::ffi::c_char;

use pardox_engine::error::Error;

/// What every function returns: ok, or the kind of its error. A number never changes its meaning.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pardox_status {
    /// All went well.
    Ok = 0,
    /// An argument is outside what the function takes (null pointer, negative count).
    InvalidArgument = 1,
    /// The handle is zero, foreign or of another kind.
    InvalidHandle = 2,
    /// The handle was released before.
    ReleasedHandle = 3,
    /// The object is in use by another thread, or its work still runs.
    Busy = 4,
    /// The work was cancelled by its caller.
    Cancelled = 5,
    /// The process is a fork of the one that began to use the library.
    Forked = 6,
    /// The library was shut down.
    ShutDown = 7,
    /// A broken invariant of the engine; a defect to report.
    Internal = 8,
    /// What was asked for is not in this version.
    Unsupported = 9,
    /// The file or directory does not exist.
    NotFound = 20,
    /// The operating system refuses access.
    PermissionDenied = 21,
    /// A file was expected and the path is a directory.
    IsDirectory = 22,
    /// No space is left where the bytes should go.
    DiskFull = 23,
    /// The file changed or shrank while it was open.
    FileChanged = 24,
    /// Any other failure of the operating system.
    Io = 25,
    /// A bound of the engine is exceeded (rows, bytes, depth, memory).
    LimitExceeded = 26,
    /// The input holds no bytes where a table was expected.
    EmptyInput = 40,
    /// Bytes are not valid UTF-8.
    InvalidUtf8 = 41,
    /// A record has too few or too many fields.
    FieldCount = 42,
    /// A quoted field has no closing quote.
    UnterminatedQuote = 43,
    /// A quote stands where none may.
    StrayQuote = 44,
    /// A value does not fit the type or field that it should go to.
    BadValue = 45,
    /// A column name occurs twice.
    DuplicateColumn = 46,
    /// The bytes of a file do not follow its format, or a checksum differs.
    CorruptFile = 47,
    /// The file or document was made for a newer version.
    UnsupportedVersion = 48,
    /// An option is unknown or its value is not allowed.
    InvalidOption = 60,
    /// The plan document does not follow its schema.
    InvalidPlan = 61,
    /// Text could not be parsed.
    Syntax = 62,
    /// No column has this name.
    UnknownColumn = 63,
    /// No table has this name.
    UnknownTable = 64,
    /// No function has this name.
    UnknownFunction = 65,
    /// A parameter is used but not given, or given but not used.
    Parameter = 66,
    /// The types of the operands do not go together.
    TypeMismatch = 67,
    /// A result is outside the range of its type.
    Overflow = 80,
    /// A whole number is divided by zero.
    DivisionByZero = 81,
    /// A value cannot be converted to the type asked for.
    BadCast = 82,
}

/// What went wrong. The caller owns it and sets `struct_size` to `sizeof(pardox_error)` once; the
/// library writes at most that many bytes. On success only `status` is written, as 0.
///
/// A text has its length in bytes beside it and a NUL behind it; a longer one is cut at a
/// character. A length of 0 means that the part is not known.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pardox_error {
    /// Set by the caller: size of this record in bytes.
    pub struct_size: u32,
    /// A pardox_status: the number that the function returned.
    pub status: i32,
    /// Record of the file or row of the table, counting from 1; -1 unknown.
    pub record: i64,
    /// Physical line of the file, counting from 1; -1 unknown.
    pub line: i64,
    /// Offset from the start of the file, in bytes; -1 unknown.
    pub byte_offset: i64,
    /// Length of `file` in bytes.
    pub file_length: u32,
    /// Length of `column` in bytes.
    pub column_length: u32,
    /// Length of `expected` in bytes.
    pub expected_length: u32,
    /// Length of `found` in bytes.
    pub found_length: u32,
    /// Length of `hint` in bytes.
    pub hint_length: u32,
    /// Length of `message` in bytes.
    pub message_length: u32,
    /// Path of the file, as the caller gave it.
    pub file: [c_char; 512],
    /// Name of the column.
    pub column: [c_char; 128],
    /// What was expected, where the error is a mismatch.
    pub expected: [c_char; 256],
    /// What was found, where the error is a mismatch.
    pub found: [c_char; 256],
    /// What to try.
    pub hint: [c_char; 256],
    /// The whole sentence with its place and hint, ready to be shown.
    pub message: [c_char; 1024],
}

impl pardox_error {
    /// A record of this size that knows nothing.
    fn empty() -> pardox_error {
        pardox_error {
            struct_size: size_of::<pardox_error>() as u32,
            status: pardox_status::Ok as i32,
            record: -1,
            line: -1,
            byte_offset: -1,
            file_length: 0,
            column_length: 0,
            expected_length: 0,
            found_length: 0,
            hint_length: 0,
            message_length: 0,
            file: [0; 512],
            column: [0; 128],
            expected: [0; 256],
            found: [0; 256],
            hint: [0; 256],
            message: [0; 1024],
        }
    }

    fn from_error(error: &Error) -> pardox_error {
        let place = error.location();
        let mut record = pardox_error::empty();
        record.status = error.kind() as i32;
        record.record = number(place.record);
        record.line = number(place.line);
        record.byte_offset = number(place.byte_offset);
        record.file_length = put(&mut record.file, place.file.as_deref());
        record.column_length = put(&mut record.column, place.column.as_deref());
        record.expected_length = put(&mut record.expected, error.expected());
        record.found_length = put(&mut record.found, error.found());
        record.hint_length = put(&mut record.hint, error.hint_text());
        record.message_length = put(&mut record.message, Some(&error.to_string()));
        record
    }
}

fn number(value: Option<u64>) -> i64 {
    value.and_then(|value| i64::try_from(value).ok()).unwrap_or(-1)
}

/// Writes text and a NUL, cutting it before the character that no longer fits.
fn put(target: &mut [c_char], text: Option<&str>) -> u32 {
    let text = text.unwrap_or_default();
    let length = text.floor_char_boundary(target.len() - 1);
    for (slot, byte) in target.iter_mut().zip(&text.as_bytes()[..length]) {
        *slot = *byte as c_char;
    }
    target[length] = 0;
    length as u32
}

/// Whether an error record may be written: there is none, or it has at least the first size.
///
/// # Safety
/// - `error` is null or points to a record whose `struct_size` says how many bytes it has.
pub(crate) unsafe fn is_usable(error: *const pardox_error) -> bool {
    // SAFETY: not null, so the caller vouches for the first field at least.
    error.is_null() || unsafe { given_size(error.cast()) } >= size_of::<pardox_error>()
}

/// Writes an outcome to the caller's record and gives its number.
///
/// # Safety
/// - As [`is_usable`], which answered yes.
pub(crate) unsafe fn report(error: *mut pardox_error, outcome: Result<(), Error>) -> i32 {
    let failure = match outcome {
        Ok(()) => {
            if !error.is_null() {
                // SAFETY: the record is there and large enough for its second field.
                unsafe { (&raw mut (*error).status).write_unaligned(pardox_status::Ok as i32) }
            }
            return pardox_status::Ok as i32;
        }
        Err(failure) => failure,
    };
    if !error.is_null() {
        // SAFETY: the caller vouches for `struct_size` bytes.
        unsafe { write_record(error, pardox_error::from_error(&failure)) }
    }
    failure.kind() as i32
}

/// A record that callers own: it opens with its size in bytes, as the caller was compiled.
///
/// # Safety
/// - The type is plain C data and its first field is `struct_size: u32`.
pub(crate) unsafe trait Record: Copy {}

// SAFETY: `repr(C)`, opens with `struct_size`.
unsafe impl Record for pardox_error {}

/// Writes as many bytes of a record as the caller's has room for, and leaves its size as it is: an
/// older caller's record ends earlier, a newer one's later.
///
/// # Safety
/// - `target` is valid for writes of the size that stands in its first field.
pub(crate) unsafe fn write_record<T: Record>(target: *mut T, mut value: T) {
    // SAFETY: the caller vouches for the first field; `Record` says that it is the size.
    let given = unsafe { given_size(target.cast_const().cast()) };
    let len = given.min(size_of::<T>());
    // SAFETY: `value` is ours; `target` has `given` bytes.
    unsafe {
        (&raw mut value).cast::<u32>().write_unaligned(given as u32);
        let source = (&raw const value).cast::<u8>();
        std::ptr::copy_nonoverlapping(source, target.cast::<u8>(), len);
    }
}

/// # Safety
/// - `record` points to at least four bytes.
pub(crate) unsafe fn given_size(record: *const u32) -> usize {
    // SAFETY: the caller's duty.
    unsafe { record.read_unaligned() as usize }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pardox_engine::error::ErrorKind;

    #[test]
    fn text_is_cut_before_the_character_that_does_not_fit() {
        let mut target = [1 as c_char; 5];
        assert_eq!(put(&mut target, Some("abc\u{e9}")), 3);
        assert_eq!(target, [b'a' as c_char, b'b' as c_char, b'c' as c_char, 0, 1]);
        assert_eq!(put(&mut target, Some("ab\u{e9}")), 4);
        assert_eq!(put(&mut target, None), 0);
    }

    #[test]
    fn a_record_holds_every_part_of_an_error() {
        let error = Error::mismatch(ErrorKind::FieldCount, "12 fields", "11")
            .at(|place| {
                place.record = Some(4);
                place.line = Some(5);
                place.byte_offset = Some(6);
                place.column = Some("k".to_owned());
            })
            .in_file("a.csv")
            .hint("check the delimiter");
        let mut record = pardox_error::empty();
        // SAFETY: the record is whole and says so.
        let status = unsafe { report(&mut record, Err(error.clone())) };
        assert_eq!((status, record.status), (42, 42));
        assert_eq!((record.record, record.line, record.byte_offset), (4, 5, 6));
        let text = |field: &[c_char], length: u32| -> String {
            field[..length as usize].iter().map(|byte| *byte as u8 as char).collect()
        };
        assert_eq!(text(&record.message, record.message_length), error.to_string());
        assert_eq!(text(&record.hint, record.hint_length), "check the delimiter");
        assert_eq!(text(&record.column, record.column_length), "k");
        assert_eq!(text(&record.file, record.file_length), "a.csv");
    }
}
