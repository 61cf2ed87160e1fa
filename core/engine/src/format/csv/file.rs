//! One file of a source, open, and read a window at a time by the reader that its records need.
//!
//! ```text
//! a plain dialect: quick -> a fault that has a policy: this window once more, patiently
//! any other dialect: patient
//! ```
//! Both readers agree on where the records start up to the first fault, and that one the patient
//! reader reads; so it does not matter who reads which window.

use std::sync::Arc;

use super::fields::NullValues;
use super::header::{Header, read_header};
use super::infer::Looks;
use super::input::CsvInput;
use super::options::CsvReadOptions;
use super::patient::{self, FaultLog, Grammar, PatientText, Place};
use super::reader::{FileText, Part, read_part};
use super::table::{TableBytes, needs_patience};
use crate::column::Frame;
use crate::context::Context;
use crate::error::Result;

/// An open file and what its start says.
#[derive(Debug)]
pub(super) struct OpenFile {
    input: Arc<CsvInput>,
    pub header: Header,
    grammar: Grammar,
    null_values: NullValues,
    /// Whether the quick reader knows the dialect and where lines end.
    is_quick: bool,
}

impl OpenFile {
    /// Reads the start of an input.
    ///
    /// Errors: those of the header; `Cancelled`.
    pub fn open(
        input: Arc<CsvInput>,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<OpenFile> {
        let bytes = input.as_bytes();
        let open = || {
            let grammar = Grammar::new(options, bytes, context)?;
            if options.is_plain() {
                match read_header(bytes, options.needles(), options, context) {
                    Err(error) if needs_patience(&error, bytes, options) => {}
                    outcome => return Ok((outcome?, grammar, true)),
                }
            }
            Ok((patient::read_header(bytes, &grammar, options, context)?, grammar, false))
        };
        let (header, grammar, is_quick) = open().map_err(|error| input.locate(error))?;
        let null_values = NullValues::new(&options.null_values);
        Ok(OpenFile { input, header, grammar, null_values, is_quick })
    }

    /// What messages and the file column call it.
    pub fn name(&self) -> &str {
        self.input.name()
    }

    /// Size of its bytes, unpacked and decoded.
    pub fn size_bytes(&self) -> usize {
        self.input.as_bytes().len()
    }

    /// Before the first record.
    pub fn start(&self) -> Place {
        Place::at_start(&self.header, &self.grammar)
    }

    /// What the columns of the first rows look like.
    ///
    /// Errors: as [`OpenFile::window`], of these.
    pub fn first_looks(
        &self,
        rows: u64,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Vec<Looks>> {
        self.patiently(options, context, |text| text.first_looks(rows, usize::MAX))
    }

    /// Reads the next records, at least one where one is left, and goes to the place behind them.
    /// Gives the rows, and what the columns look like with what was known of them.
    ///
    /// Errors: those of the records, with their place in the file; `Cancelled`.
    pub fn window(
        &self,
        place: &mut Place,
        window_bytes: usize,
        looks: &[Looks],
        log: &mut FaultLog,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<(Frame, Vec<Looks>)> {
        let start = place.offset;
        let quick = match self.is_quick {
            true => match self.quickly(*place, window_bytes, looks, options, context) {
                Err(error) if needs_patience(&error, self.input.as_bytes(), options) => None,
                outcome => Some(outcome.map_err(|error| self.input.locate(error))?),
            },
            false => None,
        };
        let read = match quick {
            Some((behind, frame, looks)) => {
                *place = behind;
                (frame, looks)
            }
            None => {
                let end = start.saturating_add(window_bytes).min(self.size_bytes());
                self.patiently(options, context, |text| {
                    match text.read_in_pieces(place, end, looks)? {
                        Some(read) => Ok(read),
                        None => text.read_part(place, end, looks, log),
                    }
                })?
            }
        };
        self.input.forget(start..place.offset);
        Ok(read)
    }

    fn quickly(
        &self,
        place: Place,
        window_bytes: usize,
        looks: &[Looks],
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<(Place, Frame, Vec<Looks>)> {
        let bytes = self.input.as_bytes();
        let unchanged = || self.input.check_unchanged();
        let text = FileText {
            bytes,
            needles: options.needles(),
            header: &self.header,
            null_values: &self.null_values,
            record_bytes_max: options.record_bytes_max(),
            unchanged: &unchanged,
        };
        let mut len = window_bytes;
        loop {
            context.check()?;
            let end = place.offset.saturating_add(len).min(bytes.len());
            let part = Part { range: place.offset..end, first_row: place.number, looks };
            let read = read_part(text, part, context, None)?;
            if read.next > place.offset || end == bytes.len() {
                let number = place.number + read.frame.row_count() as u64;
                let behind = Place { offset: read.next, number, lines: place.lines };
                return Ok((behind, read.frame, read.looks));
            }
            // Not one record ends in the window.
            len = len.saturating_mul(2);
        }
    }

    fn patiently<T>(
        &self,
        options: &CsvReadOptions,
        context: &Context,
        work: impl FnOnce(&PatientText) -> Result<T>,
    ) -> Result<T> {
        let table = TableBytes {
            name: self.input.name(),
            bytes: self.input.as_bytes(),
            original_offset: &|offset| self.input.original_offset(offset),
            unchanged: &|| self.input.check_unchanged(),
        };
        let (grammar, header) = (&self.grammar, &self.header);
        let text = PatientText { table: &table, grammar, header, options, context };
        work(&text).map_err(|error| self.input.locate(error))
    }
}
