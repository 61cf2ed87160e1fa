//! Frames over Arrow's C stream interface: three calls behind pointers in a struct of the caller's.

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::{RecordBatch, RecordBatchOptions, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType as ArrowType, Schema as ArrowSchema, SchemaRef};

pub use arrow_array::ffi_stream::FFI_ArrowArrayStream as CStream;

use super::{export, import};
use crate::column::Frame;
use crate::error::{Error, ErrorKind, Result};

/// A stream of the frame's blocks; it keeps the frame alive until it is released.
///
/// Errors: `Unsupported` when a column name holds a NUL, which a C text cannot.
pub fn to_stream(frame: &Frame) -> Result<CStream> {
    for column in frame.schema().columns() {
        if column.name.contains('\0') {
            let summary = format!("column name {:?} holds a NUL, which C cannot say", column.name);
            return Err(Error::new(ErrorKind::Unsupported, summary).hint("rename the column"));
        }
    }
    let schema = export::schema(frame.schema());
    Ok(CStream::new(Box::new(Blocks { frame: frame.clone(), schema, next: 0 })))
}

struct Blocks {
    frame: Frame,
    schema: SchemaRef,
    next: usize,
}

impl Iterator for Blocks {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let block = self.frame.blocks().get(self.next)?;
        self.next += 1;
        // The caller is C: a panic must not pass, nor a NUL within a message.
        let batch = catch_unwind(AssertUnwindSafe(|| export::batch(block, &self.schema)));
        let batch = batch.unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Internal, "a defect while a block was exported"))
        });
        Some(batch.map_err(|error| {
            ArrowError::IoError(
                error.to_string().replace('\0', " "),
                std::io::Error::other(error.kind().name()),
            )
        }))
    }
}

impl RecordBatchReader for Blocks {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// The frame that a stream delivers. The stream is read to its end and released; its arrays are
/// released with the last buffer that shares their memory, on any thread.
///
/// Errors: `InvalidArgument` for a released or incomplete stream, `Unsupported` for a type without
/// a place among ours, `Io` for what the sender reports, `InvalidUtf8`, `Overflow`.
///
/// # Safety
/// - The callbacks and all that they hand over follow Arrow's C data and stream interfaces.
pub unsafe fn from_stream(mut stream: CStream) -> Result<Frame> {
    if stream.release.is_none() {
        return Err(Error::new(ErrorKind::InvalidArgument, "the Arrow stream is released already"));
    }
    if stream.get_schema.is_none() || stream.get_next.is_none() {
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            "the Arrow stream has no get_schema or no get_next",
        ));
    }
    // SAFETY: the caller vouches for the stream, whose two callbacks are there.
    let schema = unsafe { schema_of(&mut stream)? };
    let ours = import::schema(&schema)?;
    let mut batches = Vec::new();
    // SAFETY: as above.
    while let Some(batch) = unsafe { next_of(&mut stream, &schema)? } {
        batches.push(batch);
    }
    import::frame(ours, &batches)
}

/// # Safety
/// - As [`from_stream`]; `get_schema` is there.
unsafe fn schema_of(stream: &mut CStream) -> Result<SchemaRef> {
    let mut schema = FFI_ArrowSchema::empty();
    let Some(get_schema) = stream.get_schema else { return Err(malformed("no get_schema")) };
    // SAFETY: the caller vouches for the callback; both structs are valid for the call.
    let code = unsafe { get_schema(stream, &mut schema) };
    if code != 0 {
        // SAFETY: the call just failed, which is when its message may be asked for.
        return Err(unsafe { failure(stream, code) });
    }
    let schema = ArrowSchema::try_from(&schema).map_err(|error| malformed(&error.to_string()))?;
    Ok(SchemaRef::new(schema))
}

/// # Safety
/// - As [`from_stream`]; `get_next` is there.
unsafe fn next_of(stream: &mut CStream, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
    let mut array = FFI_ArrowArray::empty();
    let Some(get_next) = stream.get_next else { return Err(malformed("no get_next")) };
    // SAFETY: the caller vouches for the callback; both structs are valid for the call.
    let code = unsafe { get_next(stream, &mut array) };
    if code != 0 {
        // SAFETY: the call just failed, which is when its message may be asked for.
        return Err(unsafe { failure(stream, code) });
    }
    if array.is_released() {
        return Ok(None);
    }
    if i64::try_from(array.len()).is_err() || i64::try_from(array.offset()).is_err() {
        return Err(malformed("a negative length or offset"));
    }
    // arrow-rs panics where counts of children or buffers do not fit the schema.
    // SAFETY: the caller vouches that the array follows the schema and the interface.
    let batch = catch_unwind(AssertUnwindSafe(|| unsafe { batch_of(array, schema) }));
    batch.unwrap_or_else(|_| Err(malformed("an array that does not follow its schema"))).map(Some)
}

/// # Safety
/// - The array follows the schema and Arrow's C data interface.
unsafe fn batch_of(array: FFI_ArrowArray, schema: &SchemaRef) -> Result<RecordBatch> {
    let whole = ArrowType::Struct(schema.fields().clone());
    // SAFETY: the caller vouches for the array.
    let data = unsafe { from_ffi_and_data_type(array, whole) };
    let data = data.map_err(|error| malformed(&error.to_string()))?;
    if data.null_count() > 0 {
        return Err(malformed("rows that are null as a whole"));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(data.len()));
    let (_, columns, _) = StructArray::from(data).into_parts();
    RecordBatch::try_new_with_options(schema.clone(), columns, &options)
        .map_err(|error| malformed(&error.to_string()))
}

/// # Safety
/// - The last call on the stream failed.
unsafe fn failure(stream: &mut CStream, code: i32) -> Error {
    let text = stream.get_last_error.map(|get_last_error| {
        // SAFETY: the interface allows this call after a failure; the text, where there is one,
        // is NUL-terminated and valid until the next call on the stream.
        unsafe {
            let text = get_last_error(stream);
            match text.is_null() {
                true => String::new(),
                false => CStr::from_ptr(text).to_string_lossy().into_owned(),
            }
        }
    });
    let text = text.filter(|text| !text.is_empty()).unwrap_or_else(|| format!("code {code}"));
    Error::new(ErrorKind::Io, format!("the sender of the Arrow stream failed: {text}"))
}

fn malformed(what: &str) -> Error {
    let summary = format!("expected an Arrow stream, found {what}");
    Error::new(ErrorKind::InvalidArgument, summary)
}
