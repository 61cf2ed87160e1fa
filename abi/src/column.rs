//! Columns: values in place, chunk by chunk, or copied into the caller's memory.
//!
//! A column shares its buffers with the frame that it came from and keeps them alive. Chunks that
//! follow each other in one allocation are joined when the column is made, so that a column which
//! `read_csv` laid out as a whole has one chunk, though its frame has many blocks.

use std::ffi::c_void;
use std::sync::{Arc, OnceLock};

use pardox_engine::column::{Array, ArrayData, DataType};
use pardox_engine::error::{Error, ErrorKind, Result};

use crate::chunks;
use crate::frame::size_bytes;
use crate::guard::{self, Out, Target};
use crate::handle::{self, Object};
use crate::status::{self, Record, pardox_error};

/// The type of a column.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pardox_dtype {
    /// True or false; one bit a value in a view, one byte in a copy.
    Bool = 0,
    /// `int64_t`.
    Int64 = 1,
    /// `double`.
    Float64 = 2,
    /// `int32_t`: days since 1970-01-01.
    Date = 3,
    /// `int64_t`: microseconds since 1970-01-01T00:00:00, no zone.
    Timestamp = 4,
    /// UTF-8 text: offsets and bytes.
    Utf8 = 5,
    /// `int8_t`.
    Int8 = 6,
    /// `int16_t`.
    Int16 = 7,
    /// `int32_t`.
    Int32 = 8,
    /// `uint8_t`.
    Uint8 = 9,
    /// `uint16_t`.
    Uint16 = 10,
    /// `uint32_t`.
    Uint32 = 11,
    /// `uint64_t`.
    Uint64 = 12,
    /// `float`.
    Float32 = 13,
    /// UTF-8 text as codes: in a view one `int32_t` a row in `values`, which counts the distinct
    /// values in `offsets` and `text` from 0; a copy is that of utf8.
    Dictionary = 14,
    /// 16 bytes, a signed whole number of 128 bits in native order, by 10^-scale; the frame's
    /// schema gives the type with its precision and scale, `decimal(18,2)`.
    Decimal = 32,
    /// Any number of values of one type. Shown and copied as JSON text, as utf8 is
    /// (`pardox_column_copy_text` says which); in place by `pardox_frame_to_arrow`. The frame's
    /// schema gives the type of the elements, `list(int64)`.
    List = 40,
    /// A value for each of some named fields; shown and copied as lists are. The frame's schema
    /// gives the fields, `struct(a int64, b utf8)`.
    Struct = 41,
    /// `int64_t`: seconds to nanoseconds since 1970-01-01T00:00:00, in UTC where there is a zone;
    /// the frame's schema gives the type with its unit and zone, `timestamp(us,Europe/Berlin)`.
    TimestampOf = 50,
}

/// One chunk of a column, in place. The caller sets `struct_size` to `sizeof(pardox_view)`; every
/// pointer is valid until the column handle is released. The memory must not be written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pardox_view {
    /// Set by the caller: size of this record in bytes.
    pub struct_size: u32,
    /// A pardox_dtype.
    pub dtype: i32,
    /// Rows in this chunk.
    pub row_count: i64,
    /// Rows without a value.
    pub null_count: i64,
    /// One bit a row, lowest first, 1 where a value is present; NULL when all are.
    pub validity: *const u8,
    /// The values, bits for bool, codes for dictionary; NULL for utf8.
    pub values: *const c_void,
    /// For utf8: `row_count + 1` offsets into `text`; the first need not be 0. For dictionary: one
    /// offset more than there are distinct values, at least two. Else NULL.
    pub offsets: *const i32,
    /// For utf8 and dictionary: the bytes. Else NULL.
    pub text: *const u8,
    /// Length of `text` in bytes.
    pub text_length: i64,
}

// SAFETY: `repr(C)`, opens with `struct_size`.
unsafe impl Record for pardox_view {}

impl pardox_dtype {
    /// The number of a type of the engine's.
    pub(crate) fn of(dtype: &DataType) -> pardox_dtype {
        match dtype {
            DataType::Bool => pardox_dtype::Bool,
            DataType::Int64 => pardox_dtype::Int64,
            DataType::Float64 => pardox_dtype::Float64,
            DataType::Date => pardox_dtype::Date,
            DataType::Timestamp => pardox_dtype::Timestamp,
            DataType::Utf8 => pardox_dtype::Utf8,
            DataType::Int8 => pardox_dtype::Int8,
            DataType::Int16 => pardox_dtype::Int16,
            DataType::Int32 => pardox_dtype::Int32,
            DataType::UInt8 => pardox_dtype::Uint8,
            DataType::UInt16 => pardox_dtype::Uint16,
            DataType::UInt32 => pardox_dtype::Uint32,
            DataType::UInt64 => pardox_dtype::Uint64,
            DataType::Float32 => pardox_dtype::Float32,
            DataType::Decimal { .. } => pardox_dtype::Decimal,
            DataType::Dictionary => pardox_dtype::Dictionary,
            DataType::List(_) => pardox_dtype::List,
            DataType::Struct(_) => pardox_dtype::Struct,
            DataType::TimestampOf { .. } => pardox_dtype::TimestampOf,
        }
    }
}

impl pardox_view {
    fn nothing() -> pardox_view {
        pardox_view {
            struct_size: size_of::<pardox_view>() as u32,
            dtype: 0,
            row_count: 0,
            null_count: 0,
            validity: std::ptr::null(),
            values: std::ptr::null(),
            offsets: std::ptr::null(),
            text: std::ptr::null(),
            text_length: 0,
        }
    }

    fn of(array: &Array) -> pardox_view {
        let mut view = pardox_view::nothing();
        view.dtype = pardox_dtype::of(array.dtype()) as i32;
        view.row_count = array.len() as i64;
        view.null_count = array.null_count() as i64;
        view.validity = array.validity().map_or(std::ptr::null(), |bits| bits.buffer().as_ptr());
        match array.data() {
            ArrayData::Bool(bits) => view.values = bits.buffer().as_ptr().cast(),
            ArrayData::Utf8(text) => {
                view.offsets = text.offsets().as_ptr();
                view.text = text.bytes().as_ptr();
                view.text_length = text.bytes().len_bytes() as i64;
            }
            ArrayData::Dictionary(codes) => {
                view.values = codes.codes().buffer().as_ptr().cast();
                view.offsets = codes.values().offsets().as_ptr();
                view.text = codes.values().bytes().as_ptr();
                view.text_length = codes.values().bytes().len_bytes() as i64;
            }
            // They are shown as text.
            ArrayData::List(_) | ArrayData::Struct(_) => {}
            numbers => {
                let buffer = numbers.fixed_buffer();
                view.values = buffer.map_or(std::ptr::null(), |buffer| buffer.as_ptr().cast());
            }
        }
        view
    }
}

/// A column behind a handle.
pub(crate) struct Column {
    dtype: DataType,
    chunks: Vec<Array>,
    /// The chunks of lists and structs as text, once somebody asked for it.
    texts: OnceLock<Result<Vec<Array>>>,
    row_count: usize,
    null_count: usize,
}

impl Column {
    pub(crate) fn new(dtype: DataType, chunks: Vec<Array>) -> Column {
        let chunks = chunks::joined(chunks);
        let row_count = chunks.iter().map(Array::len).sum();
        let null_count = chunks.iter().map(Array::null_count).sum();
        Column { dtype, chunks, texts: OnceLock::new(), row_count, null_count }
    }

    pub(crate) fn size_bytes(&self) -> usize {
        size_bytes(self.chunks.iter())
    }

    /// The same values as exactly one chunk.
    ///
    /// Errors: `LimitExceeded` for text beyond what 32-bit offsets reach.
    fn whole(&self) -> Result<Column> {
        let whole = match self.chunks.as_slice() {
            [one] => one.clone(),
            many => chunks::concatenated(&self.dtype, many)?,
        };
        let (row_count, null_count) = (self.row_count, self.null_count);
        let (dtype, texts) = (self.dtype.clone(), OnceLock::new());
        Ok(Column { dtype, chunks: vec![whole], texts, row_count, null_count })
    }

    /// The chunks as hosts see them: lists and structs as text.
    ///
    /// Errors: `LimitExceeded` for text beyond what 32-bit offsets reach.
    fn shown(&self) -> Result<&[Array]> {
        if !self.dtype.is_nested() {
            return Ok(&self.chunks);
        }
        let texts = self.texts.get_or_init(|| chunks::texts(&self.chunks));
        texts.as_deref().map_err(Clone::clone)
    }

    /// Parts of chunks that make up `row_count` rows from `row` on.
    fn parts(&self, row: usize, row_count: usize) -> Result<Vec<Array>> {
        Ok(chunks::range(self.shown()?, row, row_count))
    }

    /// Rows that a caller may copy: at most `row_count`, fewer at the end.
    ///
    /// Errors: `InvalidArgument` for a negative number or a row behind the end.
    fn clip(&self, row: i64, row_count: i64) -> Result<(usize, usize)> {
        let start = guard::length(row, "row")?;
        let count = guard::length(row_count, "row_count")?;
        if start > self.row_count {
            let expected = format!("a row of at most {}", self.row_count);
            return Err(Error::mismatch(ErrorKind::InvalidArgument, expected, row.to_string()));
        }
        Ok((start, count.min(self.row_count - start)))
    }

    fn require(&self, is_text: bool) -> Result<()> {
        match (self.dtype.is_text() || self.dtype.is_nested()) == is_text {
            true => Ok(()),
            false => {
                let expected = match is_text {
                    true => "a column of text, lists or structs",
                    false => "a column other than text, lists and structs",
                };
                let other = if is_text { "pardox_column_copy" } else { "pardox_column_copy_text" };
                Err(Error::mismatch(ErrorKind::TypeMismatch, expected, self.dtype.name())
                    .hint(format!("use {other}")))
            }
        }
    }
}

fn view_refused(is_null: bool) -> Error {
    if is_null {
        return guard::null("view");
    }
    let expected = format!("struct_size of at least {}", size_of::<pardox_view>());
    Error::mismatch(ErrorKind::InvalidArgument, expected, "less")
        .hint("set it to sizeof(pardox_view) before the call")
}

/// A buffer for validity, one byte a row, or none.
///
/// # Safety
/// - As [`Target::new`].
unsafe fn validity_target(start: *mut u8, size_bytes: i64) -> Result<Option<Target>> {
    match start.is_null() {
        true if size_bytes == 0 => Ok(None),
        // SAFETY: the caller's duty is the same.
        _ => unsafe { Target::new(start, size_bytes, "validity").map(Some) },
    }
}

/// Tells type, rows, nulls and chunks.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_column_info(
    column: u64,
    dtype: *mut i32,
    row_count: *mut i64,
    null_count: *mut i64,
    chunk_count: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (dtype, row_count, null_count, chunk_count) = unsafe {
        (
            Out::new(dtype, "dtype"),
            Out::new(row_count, "row_count"),
            Out::new(null_count, "null_count"),
            Out::new(chunk_count, "chunk_count"),
        )
    };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            dtype.check()?;
            row_count.check()?;
            null_count.check()?;
            chunk_count.check()?;
            let column = handle::column(column)?;
            dtype.set(pardox_dtype::of(&column.dtype) as i32);
            row_count.set(column.row_count as i64);
            null_count.set(column.null_count as i64);
            chunk_count.set(column.chunks.len() as i64);
            Ok(())
        })
    }
}

/// Shows the chunk at `chunk`, counting from 0, without a copy. A column without rows has no chunk.
/// Lists and structs are shown as JSON text, which is made for the whole column at the first call.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_column_view(
    column: u64,
    chunk: i64,
    view: *mut pardox_view,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: records).
    let usable = !view.is_null()
        && unsafe { status::given_size(view.cast_const().cast()) } >= size_of::<pardox_view>();
    if usable {
        // SAFETY: there, and as large as it says.
        unsafe { status::write_record(view, pardox_view::nothing()) }
    }
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            if !usable {
                return Err(view_refused(view.is_null()));
            }
            let column = handle::column(column)?;
            let chunks = column.shown()?;
            let found = usize::try_from(chunk).ok().and_then(|chunk| chunks.get(chunk));
            let found = found.ok_or_else(|| {
                let expected = format!("a chunk index from 0 to below {}", column.chunks.len());
                Error::mismatch(ErrorKind::InvalidArgument, expected, chunk.to_string())
            })?;
            let dtype = pardox_dtype::of(&column.dtype) as i32;
            status::write_record(view, pardox_view { dtype, ..pardox_view::of(found) });
            Ok(())
        })
    }
}

/// Gives the same column as exactly one chunk: free where it is one already, else a copy.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_column_rechunk(
    column: u64,
    whole: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(whole, "whole") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let whole = handle::column(column)?.whole()?;
            out.set(handle::insert(Object::Column(Arc::new(whole)))?);
            Ok(())
        })
    }
}

/// Copies at most `row_count` rows from `row` on: values as in a view, but a byte for a bool, and
/// one byte a row for validity, 1 where a value is present. The value of a null is 0. `validity`
/// may be NULL. `copied_rows` is less than `row_count` only at the end of the column.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_column_copy(
    column: u64,
    row: i64,
    row_count: i64,
    values: *mut c_void,
    values_bytes: i64,
    validity: *mut u8,
    validity_bytes: i64,
    copied_rows: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let copied_rows = unsafe { Out::new(copied_rows, "copied_rows") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            copied_rows.check()?;
            let values = Target::new(values.cast(), values_bytes, "values")?;
            let validity = validity_target(validity, validity_bytes)?;
            let column = handle::column(column)?;
            column.require(false)?;
            let (start, count) = column.clip(row, row_count)?;
            values.require(count * column.dtype.width_bytes().unwrap_or(1))?;
            validity.iter().try_for_each(|target| target.require(count))?;
            chunks::copy_values(&column.parts(start, count)?, &values, validity.as_ref());
            copied_rows.set(count as i64);
            Ok(())
        })
    }
}

/// Copies at most `row_count` rows of utf8 or dictionary from `row` on: `copied_rows + 1` offsets
/// from 0, the bytes, and one byte a row for validity, 1 where a value is present; `validity` may
/// be NULL. As many rows are copied as fit into `text`; `needed_bytes` is what all of them take, so
/// none copied means that `text` must grow. Lists and structs come as JSON text: a list as an
/// array, a struct as an array of its fields in order; null as null, true and false, numbers of at
/// most 32 bits and floats as numbers (NaN, inf and -inf as strings), wider whole numbers and
/// moments as strings of their digits, dates as days, decimals and text as strings.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_column_copy_text(
    column: u64,
    row: i64,
    row_count: i64,
    offsets: *mut i64,
    offsets_bytes: i64,
    text: *mut u8,
    text_bytes: i64,
    validity: *mut u8,
    validity_bytes: i64,
    copied_rows: *mut i64,
    needed_bytes: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (copied_rows, needed_bytes) =
        unsafe { (Out::new(copied_rows, "copied_rows"), Out::new(needed_bytes, "needed_bytes")) };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            copied_rows.check()?;
            needed_bytes.check()?;
            let offsets = Target::new(offsets.cast(), offsets_bytes, "offsets")?;
            let text = Target::new(text, text_bytes, "text")?;
            let validity = validity_target(validity, validity_bytes)?;
            let column = handle::column(column)?;
            column.require(true)?;
            let (start, count) = column.clip(row, row_count)?;
            offsets.require((count + 1) * size_of::<i64>())?;
            validity.iter().try_for_each(|target| target.require(count))?;
            let parts = column.parts(start, count)?;
            let copied = chunks::copy_text(&parts, &offsets, &text, validity.as_ref());
            copied_rows.set(copied.row_count as i64);
            needed_bytes.set(copied.needed_bytes as i64);
            Ok(())
        })
    }
}
