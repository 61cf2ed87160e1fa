//! The files of the system this process runs on, for the time of one question.
//!
//! A large CSV file that a question need not hold is left to be read while the question runs. What
//! its columns look like is learned on the way, and kept here: when a type that the question was
//! resolved with proves too narrow, it is resolved and run again with the wider one.

use std::sync::{Arc, Mutex, PoisonError};

use crate::bytes::memory;
use crate::column::{Faults, Frame, SchemaRef};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::sniff::{answer_schema, resolve_source, sniff_csv};
use crate::format::csv::{
    CsvInputs, CsvReadOptions, CsvSource, CsvStream, CsvWindows, read_csv_names, read_csv_source,
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
}

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
    pub(super) fn take_faults(&self) -> Vec<Arc<Faults>> {
        std::mem::take(&mut *self.faults.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn streams(&self) -> Vec<Arc<CsvStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_streamed(&self, size_bytes: u64) -> bool {
        self.window_bytes.is_some()
            || size_bytes >= CSV_STREAM_BYTES_MIN
            || memory::available_bytes()
                .is_some_and(|bytes| size_bytes > bytes / CSV_STREAM_MEMORY_FACTOR)
    }
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
            self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(faults.clone());
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
        if !CsvStream::can_read(options) {
            return Ok(None);
        }
        let known = self.streams().into_iter().find(|stream| stream.is_of(source, options));
        let stream = match known {
            Some(stream) => stream,
            None => {
                let parts = source.parts(context)?;
                // Types of several files are those of all: only reading them tells.
                let [part] = &parts[..] else { return Ok(None) };
                let input = self.inputs.open(source, part, options, context)?;
                if !self.is_streamed(input.as_bytes().len() as u64) {
                    return Ok(None);
                }
                let opened = CsvStream::open(source, input, options, self.window_bytes, context);
                let stream = match opened {
                    // Lines may end in carriage returns: reading the file whole tells.
                    Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(None),
                    opened => Arc::new(opened?),
                };
                let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
                streams.push(stream.clone());
                stream
            }
        };
        let schema = stream.schema()?;
        Ok(Some(Arc::new(StreamedCsv { stream, schema })))
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
        Ok(resolve_source(source, &options, context)?.into_owned())
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
}

impl Streamed for StreamedCsv {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn start(&self, context: &Context) -> Box<dyn Windows> {
        Box::new(CsvWindows::new(self.stream.clone(), self.schema.clone(), context))
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
