//! What was done about each fault: counted always, the record kept where the caller wants it.

use std::fmt;
use std::sync::Arc;

use super::super::options::Policy;
use crate::column::{Array, ArrayBuilder, Faults, HyperBlock, Scalar};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    BLOCK_ROWS_MAX, CSV_QUARANTINE_BYTES_MAX, CSV_QUARANTINE_RECORD_BYTES_MAX,
    CSV_QUARANTINE_ROWS_MAX,
};

/// The faults of a table, in order.
pub struct FaultLog {
    counts: Vec<(ErrorKind, Policy, i64)>,
    blocks: Vec<HyperBlock>,
    /// The columns of the block that is not full.
    open: Vec<ArrayBuilder>,
    kept: Kept,
}

/// How full a quarantine is.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::format::csv) struct Kept {
    rows: usize,
    bytes: usize,
}

/// The file that a record is from, as the quarantine tells of it.
pub(super) struct Origin<'a> {
    pub file: &'a str,
    /// The offset in the file of what stands at an offset of the bytes.
    pub original_offset: &'a dyn Fn(u64) -> u64,
}

impl fmt::Debug for FaultLog {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FaultLog({:?}, {:?})", self.counts, self.kept)
    }
}

impl Default for FaultLog {
    fn default() -> FaultLog {
        FaultLog::behind(Kept::default())
    }
}

impl FaultLog {
    /// Without faults; what others of the same table keep counts against the bounds.
    pub(in crate::format::csv) fn behind(kept: Kept) -> FaultLog {
        FaultLog { counts: Vec::new(), blocks: Vec::new(), open: Vec::new(), kept }
    }

    /// How full the quarantine is, with what this log is behind.
    pub(in crate::format::csv) fn kept(&self) -> Kept {
        self.kept
    }

    /// Whether nothing was done about anything.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Counts rows.
    pub(super) fn count(&mut self, kind: ErrorKind, policy: Policy, rows: i64) {
        let same = |(found, action, _): &&mut (ErrorKind, Policy, i64)| {
            (*found, *action) == (kind, policy)
        };
        match self.counts.iter_mut().find(same) {
            Some((_, _, sum)) => *sum += rows,
            None => self.counts.push((kind, policy, rows)),
        }
    }

    /// Keeps a record: `error` knows its place, `raw` are its bytes.
    ///
    /// Errors: `LimitExceeded` when the quarantine is full.
    pub(super) fn keep(&mut self, error: Error, raw: &[u8], origin: &Origin) -> Result<()> {
        let raw = text_of(raw);
        self.kept.bytes += raw.len();
        let limit = match () {
            () if self.kept.rows >= CSV_QUARANTINE_ROWS_MAX => {
                format!("{CSV_QUARANTINE_ROWS_MAX} records")
            }
            () if self.kept.bytes > CSV_QUARANTINE_BYTES_MAX => {
                format!("{CSV_QUARANTINE_BYTES_MAX} bytes")
            }
            () => {
                self.kept.rows += 1;
                return self.push(&error, &raw, origin);
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

    fn push(&mut self, error: &Error, raw: &str, origin: &Origin) -> Result<()> {
        if self.open.is_empty() {
            let schema = Faults::quarantine_schema()?;
            let columns = schema.columns().iter();
            self.open = columns.map(|column| ArrayBuilder::new(column.dtype.clone(), 0)).collect();
        }
        let place = error.location();
        let number = |value: Option<u64>| match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Scalar::Int64(value),
            None => Scalar::Null,
        };
        let columns = &mut self.open;
        columns[0].push_text(origin.file)?;
        columns[1].push(&number(place.record))?;
        columns[2].push(&number(place.line))?;
        columns[3].push(&number(place.byte_offset.map(origin.original_offset)))?;
        match &place.column {
            Some(name) => columns[4].push_text(name)?,
            None => columns[4].push_null(),
        }
        columns[5].push_text(raw)?;
        columns[6].push_text(error.kind().name())?;
        match columns[0].len() >= BLOCK_ROWS_MAX {
            true => self.close(),
            false => Ok(()),
        }
    }

    fn close(&mut self) -> Result<()> {
        let row_count = self.open.first().map_or(0, ArrayBuilder::len);
        if row_count > 0 {
            let columns = std::mem::take(&mut self.open);
            let arrays: Vec<Array> = columns.into_iter().map(ArrayBuilder::finish).collect();
            let schema = Faults::quarantine_schema()?;
            self.blocks.push(HyperBlock::new(schema, row_count, arrays));
        }
        Ok(())
    }

    /// Adds what a log that is behind this one holds.
    pub(in crate::format::csv) fn add(&mut self, mut other: FaultLog) -> Result<()> {
        for (kind, policy, rows) in &other.counts {
            self.count(*kind, *policy, *rows);
        }
        if !other.blocks.is_empty() || !other.open.is_empty() {
            self.close()?;
            other.close()?;
            self.blocks.append(&mut other.blocks);
        }
        self.kept = other.kept;
        Ok(())
    }

    /// All of it; `None` when there was no fault.
    pub fn finish(mut self) -> Result<Option<Arc<Faults>>> {
        if self.counts.is_empty() {
            return Ok(None);
        }
        self.close()?;
        let name = |(kind, policy, rows): &(ErrorKind, Policy, i64)| {
            (kind.name().to_owned(), policy.name().to_owned(), *rows)
        };
        let counts: Vec<(String, String, i64)> = self.counts.iter().map(name).collect();
        Ok(Some(Arc::new(Faults::new(self.blocks, &counts)?)))
    }
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
