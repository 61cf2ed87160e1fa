//! A CSV file to a frame, every core at work, no byte copied that need not be.
//!
//! ```text
//! map the file -> header -> cut into units, claimed in order by the workers; each unit:
//!   index     where its fields stand (SIMD), when it is known how the unit starts
//!   place     which rows these are, when it is known how many came before
//!   decode    64 KiB at a time, column by column, straight into the finished columns
//! -> columns whose type widened: their units of a narrower type are decoded once more
//! -> blocks: windows into the columns
//! ```
//! Each column has one reservation as large as the rows could ever need; what is not touched costs
//! nothing, and the end is given back. Text goes to arenas, one for each worker.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::codes;
use super::columns::{ColumnStore, FrozenColumn};
use super::decode::{ColumnJob, Target};
use super::fields::{NullValues, RowsText};
use super::header::{Header, read_header};
use super::index::{Outcome, Rows, Shape};
use super::infer::Looks;
use super::options::CsvReadOptions;
use super::record::{Rules, read_record_within};
use super::sniff::resolve;
use super::split::{Ledger, Place, Start};
use super::table::{self, TableBytes};
use super::units::{Unit, UnitColumn, Worker, finish_job, next_place, take_column};
use crate::bytes::scan::{self, Level, Needles};
use crate::bytes::utf8;
use crate::column::{Arena, Array, ColumnDef, DataType, Frame, HyperBlock, Schema, TextBuilder};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    ARRAY_TEXT_BYTES_MAX, BLOCK_ROWS_MAX, CSV_GROUP_BYTES, CSV_RECORDS_BYTES_MAX, CSV_ROWS_ALIGN,
    CSV_UNIT_BYTES, CSV_UNIT_BYTES_MIN,
};

/// Reads CSV bytes into a frame; as `read_csv`, without a file.
pub fn read_csv_bytes(bytes: &[u8], options: &CsvReadOptions, context: &Context) -> Result<Frame> {
    options.validate()?;
    let options = &*resolve(options, bytes)?;
    let unchanged = || Ok(());
    let table =
        TableBytes { name: "", bytes, original_offset: &|offset| offset, unchanged: &unchanged };
    table::read(&table, options, context)
}

/// Reads CSV bytes, cut into units of `unit_bytes`: for tests and fuzzing, which put the cuts
/// anywhere.
#[doc(hidden)]
pub fn read_csv_in_units(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
    unit_bytes: usize,
) -> Result<Frame> {
    options.validate()?;
    read(bytes, &*resolve(options, bytes)?, context, Some(unit_bytes.max(1)), &|| Ok(()))
}

/// Reads bytes that stay as they are for as long as `unchanged` says so.
pub(super) fn read(
    bytes: &[u8],
    options: &CsvReadOptions,
    context: &Context,
    unit_bytes: Option<usize>,
    unchanged: &(dyn Fn() -> Result<()> + Sync),
) -> Result<Frame> {
    context.check()?;
    context.expect_bytes(bytes.len() as u64);
    let needles = options.needles();
    let header = read_header(bytes, needles, options, context)?;
    if header.names.is_empty() {
        // No header is expected, and no record is there: a table without columns.
        return Ok(Frame::new(Arc::new(Schema::new(Vec::new())?), Vec::new()));
    }
    context.advance(header.data_start as u64, 0);
    let null_values = NullValues::new(&options.null_values);
    let text = FileText {
        bytes,
        needles,
        header: &header,
        null_values: &null_values,
        record_bytes_max: options.record_bytes_max(),
        unchanged,
    };
    let looks = vec![Looks::NONE; header.selected.len()];
    let part = Part { range: header.data_start..bytes.len(), first_row: 0, looks: &looks };
    Ok(read_part(text, part, context, unit_bytes)?.frame)
}

/// A file's bytes and what its start and its options say of them.
#[derive(Clone, Copy)]
pub(super) struct FileText<'a> {
    pub bytes: &'a [u8],
    pub needles: Needles,
    pub header: &'a Header,
    pub null_values: &'a NullValues,
    pub record_bytes_max: usize,
    /// Fails once the bytes are not what they were.
    pub unchanged: &'a (dyn Fn() -> Result<()> + Sync),
}

/// Some records of a file.
pub(super) struct Part<'a> {
    /// Starts where a record does; the record that is not whole within it is left out, unless the
    /// file ends there.
    pub range: Range<usize>,
    /// Rows of the file before it.
    pub first_row: u64,
    /// What the columns are known to look like, one for each that is read.
    pub looks: &'a [Looks],
}

/// What [`read_part`] gives.
pub(super) struct PartRead {
    /// The rows; the types hold what the part shows and what was known before.
    pub frame: Frame,
    /// What the columns look like now.
    pub looks: Vec<Looks>,
    /// Where the first record starts that was left out.
    pub next: usize,
}

/// Reads the whole records of a part of a file.
pub(super) fn read_part(
    text: FileText,
    part: Part,
    context: &Context,
    unit_bytes: Option<usize>,
) -> Result<PartRead> {
    let FileText { bytes, needles, header, null_values, record_bytes_max, unchanged } = text;
    let shape = Shape { bytes, needles, column_count: header.names.len(), level: Level::current() };
    let Range { start: data_start, end: data_end } = part.range;
    let data_bytes = data_end - data_start;
    let unit_bytes = unit_bytes.unwrap_or_else(|| {
        (data_bytes / (context.threads() * 4)).clamp(CSV_UNIT_BYTES_MIN, CSV_UNIT_BYTES)
    });
    let unit_count = data_bytes.div_ceil(unit_bytes);
    let reader = Reader {
        shape,
        context,
        unchanged,
        null_values,
        declared: header.declared(),
        record_bytes_max,
        columns: ColumnStore::for_each_selected(header, &bytes[data_start..data_end]),
        ledger: Ledger::new(unit_count, data_start),
        data_start,
        data_end,
        first_row: part.first_row,
        unit_bytes,
        unit_count,
        workers: Mutex::new(Vec::new()),
        header,
    };
    for (store, looks) in reader.columns.iter().zip(part.looks) {
        store.looks.add(*looks);
    }
    let units = context.parallel(unit_count, |unit| reader.read_unit(unit))?;
    let mut units: Vec<Unit> = units.into_iter().flatten().collect();
    reader.widen(&mut units)?;
    unchanged()?;
    let looks = reader.columns.iter().map(|store| store.looks.get()).collect();
    let next = reader.ledger.end();
    Ok(PartRead { frame: reader.into_frame(units)?, looks, next })
}

struct Reader<'a> {
    shape: Shape<'a>,
    context: &'a Context,
    unchanged: &'a (dyn Fn() -> Result<()> + Sync),
    null_values: &'a NullValues,
    header: &'a Header,
    declared: Vec<Option<DataType>>,
    record_bytes_max: usize,
    columns: Vec<ColumnStore>,
    ledger: Ledger,
    data_start: usize,
    data_end: usize,
    /// Rows of the file before these.
    first_row: u64,
    unit_bytes: usize,
    unit_count: usize,
    /// Memory that a worker leaves for the next unit, its own or another's.
    workers: Mutex<Vec<Worker>>,
}

impl<'a> Reader<'a> {
    /// Reads one unit; `None` when it places no rows, or when a unit before it failed.
    fn read_unit(&self, unit: usize) -> Result<Option<Unit>> {
        let link = self.ledger.link(unit);
        (self.unchanged)()?;
        let mut worker = self.lock_workers().pop().unwrap_or_default();
        let outcome = self.read_unit_with(unit, &mut worker);
        self.lock_workers().push(worker);
        if outcome.is_ok() {
            link.complete();
        }
        outcome
    }

    fn lock_workers(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_unit_with(&self, unit: usize, worker: &mut Worker) -> Result<Option<Unit>> {
        let cut = self.data_start + unit * self.unit_bytes;
        let end = cut.saturating_add(self.unit_bytes).min(self.data_end);
        let Some(start) = self.find_start(unit, cut..end)? else { return Ok(None) };
        let is_last = unit + 1 == self.unit_count;
        if let Some(next) = self.start_behind_record(start, cut..end).filter(|_| !is_last) {
            if self.is_too_long(start.record_start, end) {
                return self.fail(unit, start.record_start..end);
            }
            return self.pass_on(unit, next, end - cut);
        }
        let outcome = worker.index.build(&self.shape, start.record_start..end);
        if outcome.is_wrong {
            return self.fail(unit, start.record_start..end);
        }
        // Only a unit's first record may be longer than a unit.
        let first_end = match worker.index.row_count() {
            0 => end,
            1 => outcome.next_start,
            _ => worker.index.row_offset(1),
        };
        if self.is_too_long(start.record_start, first_end) {
            return self.fail(unit, start.record_start..end);
        }
        if !is_last {
            self.give_start(unit + 1, outcome);
        }
        let Some(place) = self.ledger.wait_place(unit, self.context)? else { return Ok(None) };
        let (row_count, next) = next_place(place, &worker.index, outcome.next_start, is_last);
        self.ledger.give_place(unit + 1, next);
        let read_bytes = end - cut;
        self.context.advance(read_bytes as u64, row_count as u64);
        if row_count == 0 {
            return Ok(None);
        }
        let range = place.offset..next.offset;
        let carried = (place.carried > 0).then(|| {
            let carried = place.offset..start.record_start;
            let outcome = worker.carried.build(&self.shape, carried);
            debug_assert!(!outcome.is_wrong && worker.carried.row_count() == place.carried);
            &worker.carried
        });
        let Some(rows) = worker.index.rows(&self.shape, carried, row_count) else {
            return Err(records_too_long(range.start));
        };
        let jobs = self.columns.iter().map(|store| {
            let looks = store.looks.get();
            let dtype = store.declared.clone().or_else(|| looks.dtype());
            self.start_job(store, looks, dtype.as_ref(), place.row, row_count, &mut worker.builders)
        });
        let mut jobs = jobs.collect::<Result<Vec<_>>>()?;
        self.decode(&rows, range.start, &mut jobs, place.row, &mut worker.builders)
            .map_err(|stop| self.explain(stop, place))?;
        let mut columns = Vec::with_capacity(jobs.len());
        for (job, store) in jobs.into_iter().zip(&self.columns) {
            store.looks.add(job.looks);
            let column = finish_job(job, store, place.row, worker)?;
            columns.push(column);
        }
        Ok(Some(Unit { bytes: range, row: place.row, row_count, columns }))
    }

    /// How the unit starts: from the unit before, or, so that indexing need not wait for it, from
    /// the summaries of all before.
    fn find_start(&self, unit: usize, range: Range<usize>) -> Result<Option<Start>> {
        if let Some(start) = self.ledger.known_start(unit) {
            return Ok(Some(start));
        }
        let shape = &self.shape;
        let summary = scan::summarize(shape.level, shape.bytes, range, shape.needles);
        self.ledger.give_summary(unit, summary);
        self.ledger.wait_start(unit, self.context)
    }

    /// How the unit behind starts, when this one lies within one record that began well before it:
    /// then it is not indexed from there, or a record of n units would be indexed n times.
    fn start_behind_record(&self, start: Start, range: Range<usize>) -> Option<Start> {
        if start.record_start + self.unit_bytes >= range.start {
            return None;
        }
        if !self.shape.bytes[range.clone()].contains(&b'\n') && start.is_literal {
            return Some(start);
        }
        let shape = &self.shape;
        let summary = scan::summarize(shape.level, shape.bytes, range, shape.needles);
        start.behind(summary).filter(|next| next.record_start == start.record_start)
    }

    /// Whether the record at `start`, which may reach up to `end`, is longer than it may be.
    fn is_too_long(&self, start: usize, end: usize) -> bool {
        let (bytes, needles) = (self.shape.bytes, self.shape.needles);
        end - start > self.record_bytes_max
            && read_record_within(bytes, start, needles, self.record_bytes_max)
                .is_err_and(|error| error.kind() == ErrorKind::LimitExceeded)
    }

    /// Leaves a unit in which no record ends.
    fn pass_on(&self, unit: usize, next: Start, unit_bytes: usize) -> Result<Option<Unit>> {
        self.ledger.give_start(unit + 1, next);
        if let Some(place) = self.ledger.wait_place(unit, self.context)? {
            self.ledger.give_place(unit + 1, place);
        }
        self.context.advance(unit_bytes as u64, 0);
        Ok(None)
    }

    fn give_start(&self, unit: usize, outcome: Outcome) {
        let start = Start {
            record_start: outcome.next_start,
            is_quoted: outcome.ends_quoted,
            is_literal: outcome.ends_literal,
        };
        self.ledger.give_start(unit, start);
    }

    /// The error of a unit whose quotes or field counts are wrong: the first one from the rows on
    /// that no unit before has placed.
    fn fail(&self, unit: usize, range: Range<usize>) -> Result<Option<Unit>> {
        let Some(place) = self.ledger.wait_place(unit, self.context)? else { return Ok(None) };
        match self.first_error(place) {
            Some(error) => Err(error),
            None if range.len() > CSV_RECORDS_BYTES_MAX => Err(records_too_long(range.start)),
            None => Err(disagreement(range.start)),
        }
    }

    fn first_error(&self, place: Place) -> Option<Error> {
        let rules = Rules {
            bytes: self.shape.bytes,
            needles: self.shape.needles,
            names: &self.header.names,
            declared: &self.declared,
            null_values: self.null_values,
            record_bytes_max: self.record_bytes_max,
            context: self.context,
        };
        rules.first_error(place.offset, self.first_row + place.row as u64 + 1)
    }

    fn explain(&self, stop: Stop, place: Place) -> Error {
        match stop {
            Stop::Error(error) => error,
            Stop::Misfit => self.first_error(place).unwrap_or_else(|| disagreement(place.offset)),
        }
    }

    fn start_job<'s>(
        &self,
        store: &'s ColumnStore,
        looks: Looks,
        dtype: Option<&DataType>,
        row: usize,
        row_count: usize,
        builders: &mut Vec<TextBuilder>,
    ) -> Result<ColumnJob<'s>> {
        Ok(ColumnJob {
            column: store.column,
            is_declared: store.declared.is_some(),
            looks,
            target: store.target(dtype, row, row_count, builders)?,
            validity: vec![0; row_count.div_ceil(64)],
            has_nulls: false,
            has_negative_zero: false,
        })
    }

    /// Decodes the rows for all jobs, group by group, so that the bytes of a group stay in the
    /// caches while one column after another is made from them.
    fn decode<'s>(
        &'s self,
        rows: &Rows,
        offset: usize,
        jobs: &mut [ColumnJob<'s>],
        first_row: usize,
        builders: &mut Vec<TextBuilder>,
    ) -> std::result::Result<(), Stop> {
        let bytes = rows.byte_range();
        let Ok(text) = utf8::validate(&rows.bytes[bytes.clone()]) else { return Err(Stop::Misfit) };
        if text.len() > ARRAY_TEXT_BYTES_MAX {
            return Err(Stop::Error(records_too_long(offset)));
        }
        let text = RowsText { text, offset: bytes.start };
        let row_bytes = (bytes.len() / rows.len()).max(1);
        let group_rows = (CSV_GROUP_BYTES / row_bytes).max(1).next_multiple_of(64);
        let mut first = 0;
        while first < rows.len() {
            self.context.check().map_err(Stop::Error)?;
            let group = first..(first + group_rows).min(rows.len());
            for (job, store) in jobs.iter_mut().zip(&self.columns) {
                let mut range = group.clone();
                while let Err(row) = job.decode(rows, text, self.null_values, range) {
                    if job.is_declared {
                        return Err(Stop::Misfit);
                    }
                    self.widen_job(job, store, rows, row, first_row, builders)
                        .map_err(Stop::Error)?;
                    range = 0..group.end;
                }
            }
            first = group.end;
        }
        Ok(())
    }

    /// Takes a wider type for a column, because of what stands in `row`.
    fn widen_job<'s>(
        &self,
        job: &mut ColumnJob<'s>,
        store: &'s ColumnStore,
        rows: &Rows,
        row: usize,
        first_row: usize,
        builders: &mut Vec<TextBuilder>,
    ) -> Result<()> {
        let before = job.target.dtype();
        job.look_at(rows, row);
        let dtype = job.looks.dtype();
        assert!(dtype != before, "a field of a {dtype:?} column fits no type");
        // The window is closed first: the wider one may cover the same bytes.
        job.target = Target::Nothing;
        job.target = store.target(dtype.as_ref(), first_row, rows.len(), builders)?;
        Ok(())
    }

    /// Brings every unit to the types that all units together showed.
    fn widen(&self, units: &mut [Unit]) -> Result<()> {
        let units: Vec<Mutex<&mut Unit>> = units.iter_mut().map(Mutex::new).collect();
        self.context.parallel(units.len(), |index| {
            // Nobody else holds it: each unit is one task.
            let mut unit = units[index].lock().unwrap_or_else(PoisonError::into_inner);
            self.widen_unit(&mut unit)
        })?;
        Ok(())
    }

    fn widen_unit(&self, unit: &mut Unit) -> Result<()> {
        let mut late = Vec::new();
        for (position, store) in self.columns.iter().enumerate() {
            let (column, dtype) = (&mut unit.columns[position], store.dtype().plain());
            let mut builder = TextBuilder::default();
            match (&column.dtype, &dtype) {
                (Some(found), _) if *found == dtype => {}
                (None, DataType::Utf8) if store.coding.is_some() => {
                    store.fill_without_codes(unit.row, unit.row_count)?;
                    column.numbers = Some(Vec::new());
                }
                (None, DataType::Utf8) => {
                    (0..unit.row_count).for_each(|_| builder.push(""));
                    column.text = Some(builder.finish(&mut Arena::default()));
                }
                (None, _) => store.fill_with_zeros(unit.row, unit.row_count)?,
                (Some(DataType::Int64), DataType::Float64) if !column.has_negative_zero => {
                    store.widen_integers(unit.row, unit.row_count)?;
                }
                _ => late.push(position),
            }
            if !column.has_nulls {
                store.mark_present(unit.row, unit.row_count)?;
            }
        }
        if late.is_empty() { Ok(()) } else { self.decode_again(unit, &late) }
    }

    /// Decodes some columns of a unit once more, from the bytes, now that their type is known.
    fn decode_again(&self, unit: &mut Unit, late: &[usize]) -> Result<()> {
        (self.unchanged)()?;
        let mut worker = self.lock_workers().pop().unwrap_or_default();
        let outcome = worker.index.build(&self.shape, unit.bytes.clone());
        let is_same = !outcome.is_wrong && worker.index.row_count() == unit.row_count;
        let rows = match worker.index.rows(&self.shape, None, unit.row_count) {
            Some(rows) if is_same => rows,
            _ => return Err(disagreement(unit.bytes.start)),
        };
        for position in late {
            let store = &self.columns[*position];
            let (looks, dtype) = (store.looks.get(), store.dtype());
            let builders = &mut worker.builders;
            let job =
                self.start_job(store, looks, Some(&dtype), unit.row, unit.row_count, builders)?;
            let mut jobs = [job];
            self.decode_column(&rows, &mut jobs[0], unit.bytes.start)?;
            let [job] = jobs;
            let (arena, local) = (&mut worker.arena, &mut worker.local);
            let column = take_column(job, store, unit.row, arena, &mut worker.builders, local)?;
            unit.columns[*position] = UnitColumn { has_negative_zero: false, ..column };
        }
        self.lock_workers().push(worker);
        Ok(())
    }

    fn decode_column(&self, rows: &Rows, job: &mut ColumnJob, offset: usize) -> Result<()> {
        let bytes = rows.byte_range();
        let text = utf8::validate(&rows.bytes[bytes.clone()]);
        let Ok(text) = text else { return Err(disagreement(offset)) };
        let text = RowsText { text, offset: bytes.start };
        let mut first = 0;
        while first < rows.len() {
            self.context.check()?;
            let group = first..(first + CSV_ROWS_ALIGN).min(rows.len());
            first = group.end;
            let outcome = job.decode(rows, text, self.null_values, group);
            outcome.map_err(|_| disagreement(offset))?;
        }
        Ok(())
    }

    /// The units as blocks of one frame.
    fn into_frame(self, mut units: Vec<Unit>) -> Result<Frame> {
        let row_count = units.last().map_or(0, |unit| unit.row + unit.row_count);
        let mut texts = Vec::with_capacity(self.columns.len());
        for (position, store) in self.columns.iter().enumerate() {
            texts.push(codes::settle(store, position, &mut units, self.context)?);
        }
        let names: Vec<String> =
            self.columns.iter().map(|store| self.header.names[store.column].clone()).collect();
        let columns: Vec<FrozenColumn> = self
            .columns
            .into_iter()
            .zip(texts)
            .map(|(store, texts)| FrozenColumn::new(store, row_count, texts))
            .collect::<Result<_>>()?;
        let definitions = names.into_iter().zip(&columns);
        let definitions =
            definitions.map(|(name, column)| ColumnDef::new(name, column.dtype.clone()));
        let schema = Arc::new(Schema::new(definitions.collect())?);
        let mut blocks = Vec::new();
        for unit in units {
            let arrays = columns.iter().zip(unit.columns);
            let arrays: Vec<Array> = arrays
                .map(|(column, part)| column.array(unit.row, unit.row_count, part.text))
                .collect();
            for first in (0..unit.row_count).step_by(BLOCK_ROWS_MAX) {
                let count = (unit.row_count - first).min(BLOCK_ROWS_MAX);
                let window = arrays.iter().map(|array| array.slice(first, count)).collect();
                blocks.push(HyperBlock::new(schema.clone(), count, window));
            }
        }
        Ok(Frame::new(schema, blocks))
    }
}

/// Why decoding stopped.
enum Stop {
    /// Some field or byte is wrong; which, and whether it is the first, the plain path finds out.
    Misfit,
    Error(Error),
}

fn records_too_long(offset: usize) -> Error {
    let summary = format!(
        "{CSV_ROWS_ALIGN} consecutive records hold more than {CSV_RECORDS_BYTES_MAX} bytes"
    );
    Error::new(ErrorKind::LimitExceeded, summary)
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint("check that a quote is not left open")
}

/// The fast path and the plain one must agree, unless the bytes changed between the two.
fn disagreement(offset: usize) -> Error {
    Error::new(ErrorKind::Internal, "two readings of the same records differ")
        .at(|place| place.byte_offset = Some(offset as u64))
        .hint("if no other program was writing to the file, please report this")
}
