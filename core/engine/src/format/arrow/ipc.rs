//! Frames as Arrow IPC streams: bytes for hosts without a C interface, and for files and sockets.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;

use super::{export, import};
use crate::column::Frame;
use crate::error::{Error, ErrorKind, Result};

/// Opens an IPC file, which we do not read: it is the stream in a frame of its own.
const FILE_MAGIC: &[u8] = b"ARROW1";

/// The frame as an IPC stream, one batch a block, uncompressed.
///
/// Errors: those of loading a mapped column on first touch.
pub fn write_ipc(frame: &Frame) -> Result<Vec<u8>> {
    let schema = export::schema(frame.schema());
    let mut writer =
        StreamWriter::try_new(Vec::new(), &schema).map_err(|error| export::refused(&error))?;
    for block in frame.blocks() {
        let batch = export::batch(block, &schema)?;
        writer.write(&batch).map_err(|error| export::refused(&error))?;
    }
    writer.into_inner().map_err(|error| export::refused(&error))
}

/// The frame of an IPC stream. The bytes may come from anywhere: all of them are checked.
///
/// Errors: `EmptyInput`; `CorruptFile` when the bytes do not follow the format, end before the
/// stream's end marker or go on behind it; `Unsupported` for a type without a place among ours, a
/// compressed body or an IPC file; `InvalidUtf8`, `Overflow`, `LimitExceeded`.
/// Cost: one copy of the bytes, which the frame then shares.
pub fn read_ipc(bytes: &[u8]) -> Result<Frame> {
    if bytes.is_empty() {
        return Err(Error::new(
            ErrorKind::EmptyInput,
            "expected an Arrow IPC stream, found no bytes",
        ));
    }
    if bytes.starts_with(FILE_MAGIC) {
        let summary = "expected an Arrow IPC stream, found an Arrow IPC file";
        return Err(Error::new(ErrorKind::Unsupported, summary).hint("write it as a stream"));
    }
    let mut decoder = StreamDecoder::new();
    // arrow-rs panics on some malformed bytes; here that is the bytes' fault.
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(&mut decoder, bytes)));
    // A type that we refuse is the better news than what arrow-rs made of its values.
    let schema = decoder.schema().map(|schema| import::schema(&schema)).transpose()?;
    match (decoded, schema) {
        (Ok(Ok(batches)), Some(schema)) => import::frame(schema, &batches),
        (Ok(Err(error)), _) => Err(unreadable(&error)),
        (Ok(Ok(_)), None) => Err(corrupt("no schema")),
        (Err(_), _) => Err(corrupt("bytes that break its rules")),
    }
}

fn decode(
    decoder: &mut StreamDecoder,
    bytes: &[u8],
) -> std::result::Result<Vec<RecordBatch>, ArrowError> {
    let mut batches = Vec::new();
    let mut rest = Buffer::from(bytes);
    while !rest.is_empty() {
        batches.extend(decoder.decode(&mut rest)?);
    }
    // The format lets a stream end without its marker, and then a stream cut between two batches
    // reads as a shorter table. So the marker must be there: behind it, and only behind it, the
    // decoder refuses one more byte.
    match decoder.decode(&mut Buffer::from([0_u8].as_slice())) {
        Err(_) => Ok(batches),
        Ok(_) => Err(ArrowError::IpcError("no end marker: the stream was cut".to_owned())),
    }
}

fn unreadable(error: &ArrowError) -> Error {
    let text = error.to_string();
    match text.contains("compress") {
        true => {
            Error::new(ErrorKind::Unsupported, "a compressed Arrow body is not in this version")
                .hint("write the stream without compression")
        }
        false => corrupt(&text),
    }
}

fn corrupt(found: &str) -> Error {
    Error::mismatch(ErrorKind::CorruptFile, "an Arrow IPC stream", found)
}
