//! The ways into the CSV reader other than bytes in memory: a feed in windows, a file that the
//! engine wrote.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use pardox_engine::bytes::decompress::Codec;
use pardox_engine::bytes::feed::Feed;
use pardox_engine::column::{Frame, Scalar, SchemaRef};
use pardox_engine::context::Context;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::format::csv::{
    CsvInputs, CsvReadOptions, CsvSource, CsvStream, CsvWindows, CsvWriteOptions, count_csv,
    write_csv,
};

use crate::frames;

/// A context of so many threads.
pub fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

/// Whether bytes are unpacked before they are read, when they come by other ways than memory.
pub fn is_packed(bytes: &[u8]) -> bool {
    !matches!(Codec::of(bytes), Ok(None))
}

fn feed(bytes: &[u8]) -> Result<Arc<Feed>> {
    let feed = Feed::new("feed");
    feed.write(bytes)?;
    feed.finish()?;
    Ok(Arc::new(feed))
}

/// Bytes counted as those of a feed.
pub fn count(bytes: &[u8], options: &CsvReadOptions) -> Result<u64> {
    count_csv(&CsvSource::Feed(feed(bytes)?), options, &context(1))
}

/// A table that was read in windows.
#[derive(Debug)]
pub struct Streamed {
    /// The types that were told at the end.
    pub schema: SchemaRef,
    /// The values, column by column.
    pub columns: Vec<Vec<Scalar>>,
}

/// Reads bytes in windows, as a question would: from the start again when a type widens.
pub fn stream(bytes: &[u8], options: &CsvReadOptions, window_bytes: usize) -> Result<Streamed> {
    let context = context(1);
    let source = CsvSource::Feed(feed(bytes)?);
    let inputs = CsvInputs::default();
    let stream = CsvStream::open(&source, options, &inputs, Some(window_bytes), &context)?;
    let stream = Arc::new(stream);
    for _ in 0..2 {
        let schema = stream.schema()?;
        let mut windows = CsvWindows::new(stream.clone(), schema.clone(), Arc::default(), &context);
        let mut columns = vec![Vec::new(); schema.len()];
        let outcome = loop {
            match windows.next_window() {
                Ok(Some(frame)) => {
                    frames::check(&frame);
                    for (all, part) in columns.iter_mut().zip(frames::columns(&frame)) {
                        all.extend(part);
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        match outcome {
            Ok(()) => return Ok(Streamed { schema, columns }),
            Err(error) if error.kind() == ErrorKind::Internal => {
                assert!(stream.settle(&context)?, "{error}");
            }
            Err(error) => return Err(error),
        }
    }
    panic!("a file was started again twice");
}

/// The bytes of a file that the engine writes.
pub fn write(frame: &Frame, options: &CsvWriteOptions) -> Result<Vec<u8>> {
    static PATH: OnceLock<String> = OnceLock::new();
    let path = PATH.get_or_init(|| {
        let directory = Some(PathBuf::from("/dev/shm")).filter(|path| path.is_dir());
        let directory = directory.unwrap_or_else(std::env::temp_dir);
        let file = directory.join(format!("pardox-fuzz-{}.csv", std::process::id()));
        file.to_str().expect("a UTF-8 path").to_owned()
    });
    let size_bytes = write_csv(path, frame, options, &context(1))?;
    let bytes = std::fs::read(path).expect("written");
    assert_eq!(bytes.len() as u64, size_bytes);
    Ok(bytes)
}

/// An error without the name of its file.
pub fn place(error: &Error) -> (ErrorKind, Option<u64>, Option<u64>, Option<u64>) {
    let place = error.location();
    (error.kind(), place.record, place.line, place.byte_offset)
}
