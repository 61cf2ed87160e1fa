//! The files of the system this process runs on, for the time of one question.
//!
//! A large CSV file that a question need not hold is left to be read while the question runs. What
//! its columns look like is learned on the way, and kept here: when a type that the question was
//! resolved with proves too narrow, it is resolved and run again with the wider one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bytes::memory;
use crate::column::{Faults, Frame, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::sniff::{answer_schema, resolve_source, sniff_csv};
use crate::format::csv::{
    CsvInputs, CsvPart, CsvReadOptions, CsvSource, CsvStream, CsvWindows, FaultLog, read_csv_names,
    read_csv_source,
};
use crate::format::prdx::open_prdx;
use crate::limits::{CSV_STREAM_BYTES_MIN, CSV_STREAM_MEMORY_FACTOR};
use crate::plan::files::{Files, Streamed, Windows};

/// The files of the system this process runs on.
#[derive(Debug, Default)]
pub struct SystemFiles {
    /// Bytes of the windows in which every file is read that may be; `None` leaves the choice to
    /// its size.
    window_bytes: Option<usize>,
    inputs: CsvInputs,
    streams: Mutex<Vec<Arc<CsvStream>>>,
    /// What readers have set aside so far.
    faults: Mutex<Vec<Arc<Faults>>>,
    /// What the readers of streams set aside, as they go.
    logs: Arc<Mutex<Vec<SharedLog>>>,
}

/// What the reader of a stream sets aside.
type SharedLog = Arc<Mutex<FaultLog>>;

impl SystemFiles {
    /// Reads files of any size in windows of so many bytes, where a question allows it: for tests.
    #[doc(hidden)]
    pub fn in_windows(window_bytes: usize) -> SystemFiles {
        SystemFiles { window_bytes: Some(window_bytes), ..SystemFiles::default() }
    }

    /// Makes the types of the files that are read while the question runs certain; says whether
    /// some are others than the question was resolved with.
    ///
    /// Errors: those of the files' records.
    pub(super) fn settle(&self, context: &Context) -> Result<bool> {
        let mut has_widened = false;
        for stream in self.streams() {
            has_widened |= stream.settle(context)?;
        }
        Ok(has_widened)
    }

    /// Whether a reader met a value that does not fit the types it was told.
    pub(super) fn is_interrupted(&self) -> bool {
        self.streams().iter().any(|stream| stream.is_interrupted())
    }

    /// Gives what readers have set aside since the last time, and forgets it.
    pub(super) fn take_faults(&self) -> Result<Vec<Arc<Faults>>> {
        let mut faults = std::mem::take(&mut *lock(&self.faults));
        for log in std::mem::take(&mut *lock(&self.logs)) {
            faults.extend(std::mem::take(&mut *lock(&log)).finish()?);
        }
        Ok(faults)
    }

    fn streams(&self) -> Vec<Arc<CsvStream>> {
        lock(&self.streams).clone()
    }

    fn is_streamed(&self, size_bytes: u64) -> bool {
        self.window_bytes.is_some()
            || size_bytes >= CSV_STREAM_BYTES_MIN
            || memory::available_bytes()
                .is_some_and(|bytes| size_bytes > bytes / CSV_STREAM_MEMORY_FACTOR)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Files for SystemFiles {
    fn csv(
        &self,
        source: &CsvSource,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Frame> {
        let frame = read_csv_source(source, options, &self.inputs, context)?;
        if let Some(faults) = frame.faults() {
            lock(&self.faults).push(faults.clone());
        }
        Ok(frame)
    }

    fn csv_stream(
        &self,
        source: &CsvSource,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Option<Arc<dyn Streamed>>> {
        options.validate()?;
        let known = self.streams().into_iter().find(|stream| stream.is_of(source, options));
        let stream = match known {
            Some(stream) => stream,
            None => {
                let size_bytes = match &source.parts(context)?[..] {
                    [part] => {
                        let input = self.inputs.open(source, part, options, context)?;
                        input.as_bytes().len() as u64
                    }
                    parts => parts.iter().map(CsvPart::likely_bytes).sum(),
                };
                if !self.is_streamed(size_bytes) {
                    return Ok(None);
                }
                let (inputs, window_bytes) = (&self.inputs, self.window_bytes);
                let stream = CsvStream::open(source, options, inputs, window_bytes, context)?;
                let stream = Arc::new(stream);
                lock(&self.streams).push(stream.clone());
                stream
            }
        };
        let schema = stream.schema()?;
        Ok(Some(Arc::new(StreamedCsv { stream, schema, logs: self.logs.clone() })))
    }

    fn csv_names(
        &self,
        source: &CsvSource,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Vec<String>> {
        read_csv_names(source, options, &self.inputs, context)
    }

    fn csv_options(
        &self,
        source: &CsvSource,
        options: CsvReadOptions,
        context: &Context,
    ) -> Result<CsvReadOptions> {
        Ok(resolve_source(source, &options, &self.inputs, context)?.into_owned())
    }

    fn csv_sniffed_schema(&self) -> SchemaRef {
        answer_schema()
    }

    fn csv_sniffed(
        &self,
        path: &str,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Frame> {
        sniff_csv(path, options, context)
    }

    fn prdx(&self, path: &str) -> Result<Frame> {
        open_prdx(path)
    }
}

/// A CSV file under the types that a question is resolved with.
#[derive(Debug)]
struct StreamedCsv {
    stream: Arc<CsvStream>,
    schema: SchemaRef,
    logs: Arc<Mutex<Vec<SharedLog>>>,
}

impl Streamed for StreamedCsv {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn start(&self, context: &Context) -> Box<dyn Windows> {
        let log = SharedLog::default();
        lock(&self.logs).push(log.clone());
        Box::new(CsvWindows::new(self.stream.clone(), self.schema.clone(), log, context))
    }
}

impl Windows for CsvWindows {
    fn next_window(&mut self) -> Result<Option<Frame>> {
        CsvWindows::next_window(self)
    }
}

/// Whether wider types of the files below could turn an error into an answer, or into another.
pub(super) fn may_depend_on_types(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::TypeMismatch
            | ErrorKind::InvalidPlan
            | ErrorKind::BadValue
            | ErrorKind::BadCast
            | ErrorKind::Overflow
            | ErrorKind::DivisionByZero
    )
}
