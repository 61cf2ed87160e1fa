//! What was done about each fault: counted always, the record kept where the caller wants it.

use std::sync::Arc;

use super::super::options::Policy;
use crate::column::{ArrayBuilder, DataType, Faults, HyperBlock, Scalar};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    BLOCK_ROWS_MAX, CSV_QUARANTINE_BYTES_MAX, CSV_QUARANTINE_RECORD_BYTES_MAX,
    CSV_QUARANTINE_ROWS_MAX,
};

/// The faults of one file, in order.
pub(super) struct FaultLog {
    counts: Vec<(ErrorKind, Policy, i64)>,
    kept: Vec<Kept>,
    kept_bytes: usize,
}

struct Kept {
    error: Error,
    raw: String,
}

impl FaultLog {
    /// Without faults.
    pub fn new() -> FaultLog {
        FaultLog { counts: Vec::new(), kept: Vec::new(), kept_bytes: 0 }
    }

    /// Counts one row.
    pub fn count(&mut self, kind: ErrorKind, policy: Policy) {
        let same = |(found, action, _): &&mut (ErrorKind, Policy, i64)| {
            (*found, *action) == (kind, policy)
        };
        match self.counts.iter_mut().find(same) {
            Some((_, _, rows)) => *rows += 1,
            None => self.counts.push((kind, policy, 1)),
        }
    }

    /// Keeps a record: `error` knows its place, `raw` are its bytes.
    ///
    /// Errors: `LimitExceeded` when the quarantine is full.
    pub fn keep(&mut self, error: Error, raw: &[u8]) -> Result<()> {
        let raw = text_of(raw);
        self.kept_bytes += raw.len();
        let limit = match () {
            () if self.kept.len() >= CSV_QUARANTINE_ROWS_MAX => {
                format!("{CSV_QUARANTINE_ROWS_MAX} records")
            }
            () if self.kept_bytes > CSV_QUARANTINE_BYTES_MAX => {
                format!("{CSV_QUARANTINE_BYTES_MAX} bytes")
            }
            () => {
                self.kept.push(Kept { error, raw });
                return Ok(());
            }
        };
        let place = error.location().clone();
        Err(Error::new(ErrorKind::LimitExceeded, format!("the quarantine holds more than {limit}"))
            .at(|full| *full = place)
            .hint(format!(
                "the last one was {}: check the delimiter and the quote, or set its policy to skip",
                error.kind().name()
            )))
    }

    /// All of it for the frame of `file`, whose own offsets `original_offset` gives; `None` when
    /// there was no fault.
    pub fn finish(
        self,
        file: &str,
        original_offset: &dyn Fn(u64) -> u64,
    ) -> Result<Option<Arc<Faults>>> {
        if self.counts.is_empty() {
            return Ok(None);
        }
        let mut blocks = Vec::new();
        for part in self.kept.chunks(BLOCK_ROWS_MAX) {
            blocks.push(block(part, file, original_offset)?);
        }
        let counts: Vec<(String, String, i64)> = self
            .counts
            .iter()
            .map(|(kind, policy, rows)| (kind.name().to_owned(), policy.name().to_owned(), *rows))
            .collect();
        Ok(Some(Arc::new(Faults::new(blocks, &counts)?)))
    }
}

fn block(kept: &[Kept], file: &str, original_offset: &dyn Fn(u64) -> u64) -> Result<HyperBlock> {
    let schema = Faults::quarantine_schema()?;
    let mut columns: Vec<ArrayBuilder> =
        schema.columns().iter().map(|column| ArrayBuilder::new(column.dtype, kept.len())).collect();
    for Kept { error, raw } in kept {
        let place = error.location();
        let number = |value: Option<u64>| match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Scalar::Int64(value),
            None => Scalar::Null,
        };
        columns[0].push_text(file)?;
        columns[1].push(&number(place.record))?;
        columns[2].push(&number(place.line))?;
        columns[3].push(&number(place.byte_offset.map(original_offset)))?;
        match &place.column {
            Some(name) => columns[4].push_text(name)?,
            None => columns[4].push_null(),
        }
        columns[5].push_text(raw)?;
        columns[6].push_text(error.kind().name())?;
    }
    debug_assert!(columns.len() == 7 && schema.column(5).dtype == DataType::Utf8);
    let arrays = columns.into_iter().map(ArrayBuilder::finish).collect();
    Ok(HyperBlock::new(schema, kept.len(), arrays))
}

/// A record's text, cut where it is long, invalid bytes replaced.
fn text_of(raw: &[u8]) -> String {
    let is_inner = |end: usize| raw.get(end).is_some_and(|byte| byte & 0xC0 == 0x80);
    let mut end = raw.len().min(CSV_QUARANTINE_RECORD_BYTES_MAX);
    // A cut leaves characters whole; where bytes are no text, it need not look far.
    let least = end.saturating_sub(3);
    while end < raw.len() && end > least && is_inner(end) {
        end -= 1;
    }
    let mut text = String::from_utf8_lossy(&raw[..end]).into_owned();
    // Replacements are longer than what they replace.
    let mut end = text.len().min(CSV_QUARANTINE_RECORD_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}
