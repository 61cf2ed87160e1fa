//! Bytes to a table: by the quick reader where it can, else by the patient one.
//!
//! ```text
//! a plain dialect: quick, strict -> frame
//!     a fault that has a policy, lines that end in carriage returns -> once more, patiently
//! any other dialect: patient
//! ```

use super::header::{Header, read_header};
use super::infer::Looks;
use super::options::{CsvReadOptions, DateOrder, Policy};
use super::patient::FaultLog;
use super::{patient, reader};
use crate::column::Frame;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::CSV_UNIT_BYTES;

/// The bytes of one file, UTF-8 unless they are wrong, and what is told about them.
pub(super) struct TableBytes<'a> {
    /// What the quarantine calls the file.
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// The offset in the file of what stands at an offset of the bytes.
    pub original_offset: &'a (dyn Fn(u64) -> u64 + Sync),
    /// Fails once the bytes are no longer what they were.
    pub unchanged: &'a (dyn Fn() -> Result<()> + Sync),
}

/// Reads a table; what was set aside is attached to the frame.
///
/// Errors: as [`read_aside`].
pub(super) fn read(
    table: &TableBytes,
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Frame> {
    let mut log = FaultLog::default();
    let frame = read_aside(table, options, None, &mut log, context)?;
    Ok(frame.with_faults(log.finish()?))
}

/// Reads a table; what is set aside goes to `log`. `looks` is what the first rows of all files of
/// its source look like, where types come from those and there are several files.
///
/// Errors: the first fault of the file that has no policy, with record, line and offset in the
/// bytes; those of the header and of `unchanged`; `LimitExceeded`, `Cancelled`.
/// Cost: that of the quick reader; of the patient one for other dialects; of both for a file with
/// a fault that has a policy.
pub(super) fn read_aside(
    table: &TableBytes,
    options: &CsvReadOptions,
    looks: Option<&[Looks]>,
    log: &mut FaultLog,
    context: &Context,
) -> Result<Frame> {
    if options.is_plain() {
        let outcome = reader::read(table.bytes, options, context, None, table.unchanged);
        match outcome {
            Err(error) if needs_patience(&error, table.bytes, options) => {}
            outcome => return outcome,
        }
    }
    patient::read(table, options, looks, log, context)
}

/// Reads CSV bytes with the patient reader, whatever the dialect: for fuzzing, which holds the two
/// readers together.
#[doc(hidden)]
pub fn read_csv_patiently(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Frame> {
    options.validate()?;
    let unchanged = || Ok(());
    let table =
        TableBytes { name: "", bytes, original_offset: &|offset| offset, unchanged: &unchanged };
    let mut log = FaultLog::default();
    let frame = patient::read(&table, options, None, &mut log, context)?;
    Ok(frame.with_faults(log.finish()?))
}

/// What the start of the bytes says, in any dialect.
///
/// Errors: those of the header.
pub(super) fn read_names(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
) -> Result<Header> {
    if options.is_plain() {
        match read_header(bytes, options.needles(), options, context) {
            Err(error) if needs_patience(&error, bytes, options) => {}
            outcome => return outcome,
        }
    }
    patient::read_names(bytes, options, context)
}

/// Whether the patient reader may read what the quick one could not.
pub(super) fn needs_patience(error: &Error, bytes: &[u8], options: &CsvReadOptions) -> bool {
    let has = |policy: Policy| policy != Policy::Error;
    let has_newline = || bytes.contains(&b'\n');
    match error.kind() {
        ErrorKind::FieldCount => has(options.on_short) || has(options.on_long),
        ErrorKind::StrayQuote | ErrorKind::UnterminatedQuote => {
            has(options.on_bad_quote) || !has_newline()
        }
        ErrorKind::InvalidUtf8 => has(options.on_bad_encoding),
        ErrorKind::BadValue => has(options.on_bad_value),
        // A quote that is never closed makes a record too long.
        ErrorKind::LimitExceeded => has(options.on_bad_quote),
        // Lines that end in carriage returns alone.
        ErrorKind::Unsupported => !has_newline(),
        _ => false,
    }
}

impl CsvReadOptions {
    /// Whether the dialect is one that the quick reader reads.
    pub(super) fn is_plain(&self) -> bool {
        self.delimiter.len() == 1
            // Doubled, a colon may be one of a moment.
            && self.quote != Some(b':')
            && self.escape.is_none()
            && self.comment.is_none()
            && !self.trim
            && self.decimal == b'.'
            && self.thousands.is_none()
            && self.date_order == DateOrder::Ymd
            && self.infer_rows.is_none()
            && self.max_record_bytes >= CSV_UNIT_BYTES as u64
    }
}
