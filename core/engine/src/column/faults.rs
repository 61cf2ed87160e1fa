//! What a reader set aside or changed because its caller said so: nothing is dropped unseen.

use std::sync::Arc;

use super::builder::ArrayBuilder;
use super::dtype::DataType;
use super::frame::Frame;
use super::hyperblock::HyperBlock;
use super::scalar::Scalar;
use super::schema::{ColumnDef, Schema, SchemaRef};
use crate::error::Result;

/// What was set aside while a frame was read.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The records kept aside, in order: `file` utf8, `record` int64 (from 1), `line` int64,
    /// `byte_offset` int64, `column` utf8 (null where the whole record is meant), `raw` utf8 (its
    /// text, cut when long), `reason` utf8 (name of the error kind).
    pub quarantine: Frame,
    /// How many rows met what: `reason` utf8, `action` utf8 (`skip`, `pad`, ...), `rows` int64.
    pub counts: Frame,
}

impl Faults {
    /// Puts the columns of the quarantine and the counts together.
    pub fn new(quarantine: Vec<HyperBlock>, counts: &[(String, String, i64)]) -> Result<Faults> {
        let mut columns = [DataType::Utf8, DataType::Utf8, DataType::Int64]
            .map(|dtype| ArrayBuilder::new(dtype, counts.len()));
        for (reason, action, rows) in counts {
            columns[0].push_text(reason)?;
            columns[1].push_text(action)?;
            columns[2].push(&Scalar::Int64(*rows))?;
        }
        let names = ["reason", "action", "rows"];
        let columns = columns.map(ArrayBuilder::finish);
        Ok(Faults {
            quarantine: Frame::new(Faults::quarantine_schema()?, quarantine),
            counts: Frame::from_arrays(names.into_iter().zip(columns).collect())?,
        })
    }

    /// Names and types of the quarantine.
    pub fn quarantine_schema() -> Result<SchemaRef> {
        use DataType::{Int64, Utf8};
        let columns = [
            ("file", Utf8),
            ("record", Int64),
            ("line", Int64),
            ("byte_offset", Int64),
            ("column", Utf8),
            ("raw", Utf8),
            ("reason", Utf8),
        ];
        let columns = columns.map(|(name, dtype)| ColumnDef::new(name, dtype));
        Ok(Arc::new(Schema::new(columns.into())?))
    }

    /// What several readers set aside, as one; `None` where there is nothing.
    pub fn join(parts: &[Arc<Faults>]) -> Result<Option<Arc<Faults>>> {
        if let [] | [_] = parts {
            return Ok(parts.first().cloned());
        }
        let schema = Faults::quarantine_schema()?;
        let blocks = parts.iter().flat_map(|part| part.quarantine.blocks());
        let blocks = blocks.map(|block| block.with_schema(schema.clone())).collect();
        let mut counts: Vec<(String, String, i64)> = Vec::new();
        for part in parts {
            for (reason, action, rows) in part.counted()? {
                match counts.iter_mut().find(|(a, b, _)| (a, b) == (&reason, &action)) {
                    Some((_, _, sum)) => *sum += rows,
                    None => counts.push((reason, action, rows)),
                }
            }
        }
        Ok(Some(Arc::new(Faults::new(blocks, &counts)?)))
    }

    /// The rows of `counts`.
    fn counted(&self) -> Result<Vec<(String, String, i64)>> {
        let mut rows = Vec::new();
        for block in self.counts.blocks() {
            let (reasons, actions) = (block.array(0)?.as_text(), block.array(1)?.as_text());
            let counts = block.array(2)?;
            for row in 0..block.row_count() {
                let Scalar::Int64(count) = counts.scalar(row) else { continue };
                rows.push((reasons.get(row).to_owned(), actions.get(row).to_owned(), count));
            }
        }
        Ok(rows)
    }
}
