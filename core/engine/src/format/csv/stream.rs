//! CSV files larger than memory: windows of whole records, one after the other, none kept.
//!
//! ```text
//! open   the first records are read for the types
//! window 32 MiB of whole records -> frame -> given away -> next window, of the next file at last
//!        a value that fits no type so far: the rest is read for its types alone, and the reader
//!        above starts again: no value that was given away ever changes its meaning
//! ```
//! What the columns look like is remembered over all windows, files and starts, so that a source is
//! started again once at most. Where the windows are cut depends on sizes alone, and results do not
//! depend on where they are. Of several files one is open at a time, beside the first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file::OpenFile;
use super::infer::{Looks, add_looks};
use super::input::{CsvInputs, CsvPart, CsvSource};
use super::multi::{check_names, no_records, with_file_column};
use super::options::CsvReadOptions;
use super::patient::{FaultLog, Kept, Place};
use crate::column::{ColumnDef, DataType, Frame, Schema, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{CSV_SAMPLE_BYTES, CSV_WINDOW_BYTES};

/// A CSV source that is read window by window, as often as it is asked for.
#[derive(Debug)]
pub struct CsvStream {
    source: CsvSource,
    options: CsvReadOptions,
    parts: Vec<CsvPart>,
    /// The first part that has a table, and which one it is.
    first: Arc<OpenFile>,
    first_part: usize,
    window_bytes: usize,
    known: Mutex<Known>,
    /// Whether a reader was told to start again.
    has_widened: AtomicBool,
}

/// What was learned of the columns.
#[derive(Clone, Debug)]
struct Known {
    looks: Vec<Looks>,
    /// Where the records start that nobody has looked at.
    reached: Cursor,
    /// How full the quarantine is there.
    kept: Kept,
}

/// A place in a source.
#[derive(Clone, Debug)]
struct Cursor {
    part: usize,
    /// The part, once it is open, and the place in it.
    open: Option<(Arc<OpenFile>, Place)>,
}

impl Cursor {
    fn order(&self) -> (usize, usize) {
        (self.part, self.open.as_ref().map_or(0, |(_, place)| place.offset))
    }

    /// Whether the part is open and read to its end.
    fn is_behind(&self) -> bool {
        self.open.as_ref().is_some_and(|(file, place)| place.offset == file.size_bytes())
    }

    fn go_on(&mut self) {
        (self.part, self.open) = (self.part + 1, None);
    }
}

impl CsvStream {
    /// Reads the first records of a source for their types; of each file, where those come from
    /// the first rows.
    ///
    /// Shape: windows of `window_bytes`, grown where one record is longer; the usual size unless
    /// given.
    /// Errors: as `read_csv`, of the first records; `Unsupported` where carriage returns end the
    /// lines.
    pub fn open(
        source: &CsvSource,
        options: &CsvReadOptions,
        inputs: &CsvInputs,
        window_bytes: Option<usize>,
        context: &Context,
    ) -> Result<CsvStream> {
        options.validate()?;
        let parts = source.parts(context)?;
        let (first_part, first) = open_first(source, &parts, options, inputs, context)?;
        let reached = Cursor { part: first_part, open: Some((first.clone(), first.start())) };
        let looks = vec![Looks::NONE; first.header.selected.len()];
        let stream = CsvStream {
            source: source.clone(),
            options: options.clone(),
            parts,
            first,
            first_part,
            window_bytes: window_bytes.unwrap_or(CSV_WINDOW_BYTES).max(1),
            known: Mutex::new(Known { looks, reached, kept: Kept::default() }),
            has_widened: AtomicBool::new(false),
        };
        // Two columns of one name are found before any record is.
        stream.schema()?;
        match options.infer_rows {
            Some(rows) => stream.look_at_first_rows(rows, &context.aside())?,
            None if stream.is_certain() => {}
            None => {
                let (mut start, mut log) = (stream.start(), FaultLog::default());
                let sample_bytes = window_bytes.unwrap_or(CSV_SAMPLE_BYTES);
                stream.read(&mut start, sample_bytes, &mut log, &context.aside())?;
            }
        }
        Ok(stream)
    }

    /// Whether this stream reads that source that way.
    pub fn is_of(&self, source: &CsvSource, options: &CsvReadOptions) -> bool {
        &self.source == source && &self.options == options
    }

    /// Names, and the types as far as they are known.
    pub fn schema(&self) -> Result<SchemaRef> {
        let header = &self.first.header;
        let known = self.lock();
        let columns = header.selected.iter().zip(&known.looks).map(|(selected, looks)| {
            let dtype = selected.declared.clone().or_else(|| looks.dtype());
            let dtype = dtype.unwrap_or(DataType::Utf8);
            ColumnDef::new(header.names[selected.column].clone(), dtype)
        });
        let file = self.options.file_column.iter().map(|name| ColumnDef::new(name, DataType::Utf8));
        Ok(Arc::new(Schema::new(columns.chain(file).collect())?))
    }

    /// Whether no value can change the types any more.
    pub fn is_certain(&self) -> bool {
        let selected = &self.first.header.selected;
        self.options.infer_rows.is_some()
            || selected.iter().all(|selected| selected.declared.is_some())
            || self.lock().reached.part == self.parts.len()
    }

    /// Reads what nobody has looked at, for the types alone; says whether they, or those of an
    /// interrupted reader, are others now.
    ///
    /// Errors: as `read_csv`.
    pub fn settle(&self, context: &Context) -> Result<bool> {
        let before = self.schema()?;
        if !self.is_certain() {
            let Known { reached: mut cursor, kept, .. } = self.lock().clone();
            let mut log = FaultLog::behind(kept);
            while self.read(&mut cursor, self.window_bytes, &mut log, context)?.is_some() {}
        }
        let is_interrupted = self.has_widened.swap(false, Ordering::Relaxed);
        Ok(is_interrupted || before != self.schema()?)
    }

    /// Reads all of it, for the number of rows alone.
    ///
    /// Errors: as `read_csv`.
    pub(super) fn count_rows(&self, context: &Context) -> Result<u64> {
        context.expect_bytes(self.first.size_bytes() as u64);
        context.advance(self.first.header.data_start as u64, 0);
        let (mut cursor, mut log) = (self.start(), FaultLog::default());
        let mut count = 0;
        while let Some(frame) = self.read(&mut cursor, self.window_bytes, &mut log, context)? {
            count += frame.row_count() as u64;
        }
        Ok(count)
    }

    /// Whether a reader met a value that does not fit the types it was told, and nobody has asked
    /// [`CsvStream::settle`] since.
    pub fn is_interrupted(&self) -> bool {
        self.has_widened.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Cursor {
        Cursor { part: self.first_part, open: Some((self.first.clone(), self.first.start())) }
    }

    /// Takes the types from the first rows of each file.
    fn look_at_first_rows(&self, rows: u64, context: &Context) -> Result<()> {
        let mut cursor = self.start();
        loop {
            if let Some((file, _)) = &cursor.open {
                let found = file.first_looks(rows, &self.options, context)?;
                add_looks(&mut self.lock().looks, &found);
            }
            cursor.go_on();
            if self.open_next(&mut cursor, context)?.is_none() {
                return Ok(());
            }
        }
    }

    /// The file whose records come next, and their place in it; `None` behind the last.
    fn open_next<'c>(
        &self,
        cursor: &'c mut Cursor,
        context: &Context,
    ) -> Result<Option<&'c mut (Arc<OpenFile>, Place)>> {
        if cursor.is_behind() {
            cursor.go_on();
        }
        while cursor.open.is_none() {
            let Some(part) = self.parts.get(cursor.part) else { return Ok(None) };
            let inputs = CsvInputs::default();
            let input = Arc::new(inputs.open_part(part, &self.options, context)?);
            let file = match OpenFile::open(input, &self.options, context) {
                Err(error) if error.kind() == ErrorKind::EmptyInput => {
                    cursor.go_on();
                    continue;
                }
                outcome => Arc::new(outcome?),
            };
            let first = &self.first;
            check_names(first.name(), &first.header.names, file.name(), &file.header.names)?;
            context.expect_bytes(file.size_bytes() as u64);
            context.advance(file.header.data_start as u64, 0);
            let start = file.start();
            cursor.open = Some((file, start));
            if cursor.is_behind() {
                cursor.go_on();
            }
        }
        Ok(cursor.open.as_mut())
    }

    /// The rows of the next window, and adds to what is known; `None` behind the last.
    fn read(
        &self,
        cursor: &mut Cursor,
        window_bytes: usize,
        log: &mut FaultLog,
        context: &Context,
    ) -> Result<Option<Frame>> {
        let looks = self.lock().looks.clone();
        let mut frame = None;
        if let Some((file, place)) = self.open_next(cursor, context)? {
            context.check()?;
            let start = place.offset;
            let (options, aside) = (&self.options, context.aside());
            let (rows, found) = file.window(place, window_bytes, &looks, log, options, &aside)?;
            context.advance((place.offset - start) as u64, rows.row_count() as u64);
            add_looks(&mut self.lock().looks, &found);
            frame = Some(with_file_column(rows, file.name(), options)?);
        }
        // Behind the last window of the last file nothing is left to look at.
        if cursor.part + 1 == self.parts.len() && cursor.is_behind() {
            cursor.go_on();
        }
        let mut known = self.lock();
        if cursor.order() > known.reached.order() {
            (known.reached, known.kept) = (cursor.clone(), log.kept());
        }
        Ok(frame)
    }
}

/// Opens the first part that has a table.
fn open_first(
    source: &CsvSource,
    parts: &[CsvPart],
    options: &CsvReadOptions,
    inputs: &CsvInputs,
    context: &Context,
) -> Result<(usize, Arc<OpenFile>)> {
    for (index, part) in parts.iter().enumerate() {
        let input = match parts.len() {
            1 => inputs.open(source, part, options, context)?,
            _ => Arc::new(inputs.open_part(part, options, context)?),
        };
        match OpenFile::open(input, options, context) {
            Err(error) if error.kind() == ErrorKind::EmptyInput && parts.len() > 1 => {}
            outcome => return Ok((index, Arc::new(outcome?))),
        }
    }
    Err(no_records())
}

/// The rows of a [`CsvStream`], in order.
#[derive(Debug)]
pub struct CsvWindows {
    stream: Arc<CsvStream>,
    /// What the reader above was told.
    schema: SchemaRef,
    cursor: Cursor,
    log: Arc<Mutex<FaultLog>>,
    is_first: bool,
    context: Context,
}

impl CsvWindows {
    /// Starts at the first row. `schema` is what [`CsvStream::schema`] said; what is set aside goes
    /// to `log`.
    pub fn new(
        stream: Arc<CsvStream>,
        schema: SchemaRef,
        log: Arc<Mutex<FaultLog>>,
        context: &Context,
    ) -> CsvWindows {
        context.expect_bytes(stream.first.size_bytes() as u64);
        context.advance(stream.first.header.data_start as u64, 0);
        let (cursor, context) = (stream.start(), context.clone());
        CsvWindows { stream, schema, cursor, log, is_first: true, context }
    }

    /// The next rows; `None` behind the last.
    ///
    /// Errors: as `read_csv`; and, when a value does not fit the types that the reader was told,
    /// one that says to start again: [`CsvStream::settle`] then answers `true`.
    pub fn next_window(&mut self) -> Result<Option<Frame>> {
        // Small at first: a limit above may want no more.
        let window_bytes = match self.is_first {
            true => self.stream.window_bytes.min(CSV_SAMPLE_BYTES),
            false => self.stream.window_bytes,
        };
        self.is_first = false;
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let window = self.stream.read(&mut self.cursor, window_bytes, &mut log, &self.context)?;
        let Some(frame) = window else { return Ok(None) };
        if frame.schema() == &self.schema {
            return Ok(Some(frame));
        }
        self.stream.settle(&self.context)?;
        self.stream.has_widened.store(true, Ordering::Relaxed);
        let pairs = frame.schema().columns().iter().zip(self.schema.columns());
        let widened = pairs.filter(|(now, told)| now != told).map(|(now, _)| now.name.clone());
        let column = widened.into_iter().next();
        Err(Error::new(ErrorKind::Internal, "a column's type widened while its file was streamed")
            .at(|place| place.column = column))
    }
}
