//! Write: all rows to a file; gives one row that says where, how many rows and how many bytes.
//!
//! Rows are written as they come and not held, but for `.prdx` of rows that are in memory anyway:
//! there, each column becomes one run of bytes.

use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};

use super::batch::size_bytes;
use super::operator::{BoxOperator, Operator};
use super::units::Units;
use crate::column::{ArrayBuilder, Frame, HyperBlock, Scalar, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::format::csv::{CsvSink, CsvWriteOptions};
use crate::format::prdx::{PrdxSink, write_prdx};
use crate::limits::WAVE_BYTES_MAX;

/// Row groups that are made and wait to be written.
const UNITS_WAITING_MAX: usize = 2;

/// The format of the file.
pub enum Target {
    /// CSV.
    Csv(CsvWriteOptions),
    /// `.prdx`, column after column.
    Prdx,
    /// `.prdx`, row group after row group.
    StreamedPrdx,
}

/// Writes an input.
pub struct Write {
    input: Option<BoxOperator>,
    input_schema: SchemaRef,
    schema: SchemaRef,
    path: String,
    target: Target,
    context: Context,
}

impl Write {
    /// `schema` is that of the one row.
    pub fn new(
        input: BoxOperator,
        input_schema: SchemaRef,
        schema: SchemaRef,
        path: String,
        target: Target,
        context: &Context,
    ) -> Write {
        Write { input: Some(input), input_schema, schema, path, target, context: context.clone() }
    }

    fn run(&self, mut input: BoxOperator) -> Result<HyperBlock> {
        let (row_count, size_bytes) = match &self.target {
            Target::Csv(options) => self.write_csv(input, options)?,
            Target::StreamedPrdx => self.stream_prdx(input)?,
            Target::Prdx => {
                let mut blocks = Vec::new();
                while let Some(block) = input.next()? {
                    blocks.push(block.with_schema(self.input_schema.clone()));
                }
                let frame = Frame::new(self.input_schema.clone(), blocks);
                (frame.row_count(), write_prdx(&self.path, &frame, &self.context)?)
            }
        };
        let row = [
            Scalar::Utf8(self.path.clone()),
            Scalar::Int64(row_count as i64),
            Scalar::Int64(size_bytes as i64),
        ];
        let arrays = row
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let mut builder = ArrayBuilder::new(self.schema.column(index).dtype.clone(), 1);
                builder.push(value)?;
                Ok(builder.finish())
            })
            .collect::<Result<_>>()?;
        Ok(HyperBlock::new(self.schema.clone(), 1, arrays))
    }
}

impl Write {
    /// Writes waves of batches as they come; gives rows and bytes.
    fn write_csv(&self, mut input: BoxOperator, options: &CsvWriteOptions) -> Result<(usize, u64)> {
        self.context.check()?;
        let mut sink = CsvSink::create(&self.path, self.input_schema.clone(), options)?;
        let mut row_count = 0;
        loop {
            let mut wave = Vec::new();
            let mut wave_bytes = 0;
            while wave.len() < self.context.threads() * 4 && wave_bytes < WAVE_BYTES_MAX {
                let Some(block) = input.next()? else { break };
                row_count += block.row_count();
                wave_bytes += size_bytes(&block);
                wave.push(block);
            }
            if wave.is_empty() {
                return Ok((row_count, sink.finish(&self.context)?));
            }
            sink.write(&wave, &self.context)?;
        }
    }

    /// Writes row groups as they come, while the next ones are made; gives rows and bytes.
    fn stream_prdx(&self, input: BoxOperator) -> Result<(usize, u64)> {
        let mut units = Units::bounded(input, self.input_schema.clone());
        let mut sink = PrdxSink::create(&self.path, self.input_schema.clone(), &self.context)?;
        let mut outcome = None;
        if self.context.threads() > 1 {
            outcome = std::thread::scope(|scope| {
                let (give, take) = sync_channel::<HyperBlock>(UNITS_WAITING_MAX);
                let write = || take.into_iter().try_for_each(|unit| sink.write(&unit));
                let writer = std::thread::Builder::new().spawn_scoped(scope, write).ok()?;
                let made = hand_over(&mut units, give);
                let written = writer.join().unwrap_or_else(|panic| resume_unwind(panic));
                // Rows that could not be written stand before one that could not be made.
                Some(written.and(made))
            });
        }
        // One thread was asked for, or the system refuses another.
        match outcome {
            Some(outcome) => outcome?,
            None => {
                while let Some(unit) = units.unit()? {
                    sink.write(&unit)?;
                }
            }
        }
        sink.finish()
    }
}

/// Gives units away until there are no more, or nobody takes them.
fn hand_over(units: &mut Units, give: SyncSender<HyperBlock>) -> Result<()> {
    while let Some(unit) = units.unit()? {
        if give.send(unit).is_err() {
            break;
        }
    }
    Ok(())
}

impl Operator for Write {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        match self.input.take() {
            Some(input) => self.run(input).map(Some),
            None => Ok(None),
        }
    }
}
