//! Arrow arrays -> Frame. A type of ours shares the sender's memory; any other is refused by name,
//! with what to try.

use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array as _, ArrayRef, LargeStringArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType as ArrowType, Schema as ArrowSchema, TimeUnit};

use super::dictionary;
use crate::bytes::decimal::fits;
use crate::bytes::tick;
use crate::bytes::zone::Zone;
use crate::column::{
    Array, ArrayData, Bitmap, Buffer, ColumnDef, DataType, Frame, HyperBlock, ListValues, Schema,
    SchemaRef, StructField, StructValues, Text, Values, buffer::Native,
};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::{BLOCK_ROWS_MAX, LIST_ELEMENTS_MAX, NESTED_DEPTH_MAX, TABLE_ROWS_MAX};

/// Our schema for an Arrow one.
///
/// Errors: `Unsupported` for a type without a place among ours, naming column and type;
/// `DuplicateColumn`, `LimitExceeded` as `Schema::new`.
pub(super) fn schema(schema: &ArrowSchema) -> Result<SchemaRef> {
    let columns = schema
        .fields()
        .iter()
        .map(|field| Ok(ColumnDef::new(field.name(), dtype(field.name(), field.data_type(), 1)?)))
        .collect::<Result<Vec<ColumnDef>>>()?;
    Ok(Arc::new(Schema::new(columns)?))
}

/// Our type for an Arrow one, which stands at a level of the column's type.
fn dtype(column: &str, arrow: &ArrowType, level: usize) -> Result<DataType> {
    let placed = |error: Error| error.at(|place| place.column = Some(column.to_owned()));
    match arrow {
        // Deeper ones are refused before they are gone into.
        ArrowType::List(_)
        | ArrowType::LargeList(_)
        | ArrowType::FixedSizeList(..)
        | ArrowType::Struct(_)
            if level > NESTED_DEPTH_MAX =>
        {
            let expected = format!("a type of at most {NESTED_DEPTH_MAX} levels");
            Err(placed(Error::mismatch(ErrorKind::LimitExceeded, expected, "more")))
        }
        ArrowType::List(item) | ArrowType::LargeList(item) => {
            DataType::list(dtype(column, item.data_type(), level + 1)?).map_err(placed)
        }
        ArrowType::Struct(fields) if !fields.is_empty() => {
            let fields = fields.iter().map(|field| {
                let dtype = dtype(column, field.data_type(), level + 1)?;
                Ok(StructField { name: field.name().clone(), dtype })
            });
            DataType::of_fields(fields.collect::<Result<_>>()?).map_err(placed)
        }
        ArrowType::Boolean => Ok(DataType::Bool),
        ArrowType::Int64 => Ok(DataType::Int64),
        ArrowType::Float64 => Ok(DataType::Float64),
        ArrowType::Int8 => Ok(DataType::Int8),
        ArrowType::Int16 => Ok(DataType::Int16),
        ArrowType::Int32 => Ok(DataType::Int32),
        ArrowType::UInt8 => Ok(DataType::UInt8),
        ArrowType::UInt16 => Ok(DataType::UInt16),
        ArrowType::UInt32 => Ok(DataType::UInt32),
        ArrowType::UInt64 => Ok(DataType::UInt64),
        ArrowType::Float32 => Ok(DataType::Float32),
        ArrowType::Date32 => Ok(DataType::Date),
        ArrowType::Timestamp(unit, zone) => {
            let zone = match zone {
                None => None,
                Some(name) => Some(Zone::named(name).ok_or_else(|| {
                    let error = unknown_zone(arrow, name);
                    error.at(|place| place.column = Some(column.to_owned()))
                })?),
            };
            Ok(DataType::timestamp(unit_of(*unit), zone))
        }
        ArrowType::Utf8 | ArrowType::LargeUtf8 => Ok(DataType::Utf8),
        ArrowType::Dictionary(codes, values)
            if codes.is_dictionary_key_type()
                && matches!(**values, ArrowType::Utf8 | ArrowType::LargeUtf8) =>
        {
            Ok(DataType::Dictionary)
        }
        ArrowType::Decimal128(precision, scale) => {
            let dtype =
                u8::try_from(*scale).ok().and_then(|scale| DataType::decimal(*precision, scale));
            dtype.ok_or_else(|| {
                Error::new(
                    ErrorKind::Unsupported,
                    format!("Arrow type {arrow} is not in this version"),
                )
                .at(|place| place.column = Some(column.to_owned()))
                .hint("a scale is from 0 to the precision, which is at most 38")
            })
        }
        other => {
            let summary = format!("Arrow type {other} is not in this version");
            Err(Error::new(ErrorKind::Unsupported, summary)
                .at(|place| place.column = Some(column.to_owned()))
                .hint(advice(other)))
        }
    }
}

fn unit_of(unit: TimeUnit) -> tick::TimeUnit {
    match unit {
        TimeUnit::Second => tick::TimeUnit::Second,
        TimeUnit::Millisecond => tick::TimeUnit::Millisecond,
        TimeUnit::Microsecond => tick::TimeUnit::Microsecond,
        TimeUnit::Nanosecond => tick::TimeUnit::Nanosecond,
    }
}

fn unknown_zone(arrow: &ArrowType, name: &str) -> Error {
    let summary = format!("no time zone is named {name:?}, for Arrow type {arrow}");
    let error = Error::new(ErrorKind::Unsupported, summary);
    let names = Zone::names();
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint("zones are named as in the IANA database, or as +02:00"),
    }
}

fn advice(arrow: &ArrowType) -> &'static str {
    match arrow {
        ArrowType::Utf8View | ArrowType::Null => "cast the column to Utf8 before",
        ArrowType::Dictionary(..) => "cast the column to the type of its values before",
        ArrowType::Float16 => "cast the column to Float64 before",
        ArrowType::Decimal32(..) | ArrowType::Decimal64(..) | ArrowType::Decimal256(..) => {
            "cast the column to Decimal128 before"
        }
        ArrowType::Date64 => "cast the column to Date32 before",
        ArrowType::FixedSizeList(..) | ArrowType::ListView(_) | ArrowType::LargeListView(_) => {
            "cast the column to List before"
        }
        ArrowType::Struct(_) => "a struct has at least one field",
        _ => "leave the column out, or send it as Utf8",
    }
}

/// The frame of these batches, in blocks of at most `BLOCK_ROWS_MAX` rows.
///
/// Errors: `InvalidUtf8`, `Overflow`, `LimitExceeded`, each naming the column.
pub(super) fn frame(schema: SchemaRef, batches: &[RecordBatch]) -> Result<Frame> {
    // Where there are columns, their bytes bound the rows; else any number may be written there.
    let row_count = batches.iter().fold(0_usize, |sum, one| sum.saturating_add(one.num_rows()));
    if schema.is_empty() && row_count > TABLE_ROWS_MAX {
        return Err(Error::mismatch(
            ErrorKind::LimitExceeded,
            format!("at most {TABLE_ROWS_MAX} rows without a column"),
            row_count.to_string(),
        ));
    }
    let mut blocks = Vec::new();
    let mut known = vec![None; schema.len()];
    for batch in batches {
        let arrays = schema
            .columns()
            .iter()
            .zip(batch.columns())
            .zip(&mut known)
            .map(|((column, values), known)| {
                array(values, &column.dtype, known)
                    .map_err(|error| error.at(|place| place.column = Some(column.name.clone())))
            })
            .collect::<Result<Vec<Array>>>()?;
        for start in (0..batch.num_rows()).step_by(BLOCK_ROWS_MAX) {
            let len = BLOCK_ROWS_MAX.min(batch.num_rows() - start);
            let parts = arrays.iter().map(|array| array.slice(start, len)).collect();
            blocks.push(HyperBlock::new(schema.clone(), len, parts));
        }
    }
    Ok(Frame::new(schema, blocks))
}

fn array(
    array: &ArrayRef,
    dtype: &DataType,
    known: &mut Option<dictionary::Values>,
) -> Result<Array> {
    let data = match array.data_type() {
        ArrowType::Boolean => ArrayData::Bool(bitmap(array.as_boolean().values())),
        ArrowType::Int8 => ArrayData::Int8(shared(values::<Int8Type>(array))),
        ArrowType::Int16 => ArrayData::Int16(shared(values::<Int16Type>(array))),
        ArrowType::Int32 => ArrayData::Int32(shared(values::<Int32Type>(array))),
        ArrowType::UInt8 => ArrayData::UInt8(shared(values::<UInt8Type>(array))),
        ArrowType::UInt16 => ArrayData::UInt16(shared(values::<UInt16Type>(array))),
        ArrowType::UInt32 => ArrayData::UInt32(shared(values::<UInt32Type>(array))),
        ArrowType::UInt64 => ArrayData::UInt64(shared(values::<UInt64Type>(array))),
        ArrowType::Float32 => ArrayData::Float32(shared(values::<Float32Type>(array))),
        ArrowType::Int64 => ArrayData::Int64(shared(values::<Int64Type>(array))),
        ArrowType::Float64 => ArrayData::Float64(shared(values::<Float64Type>(array))),
        ArrowType::Date32 => ArrayData::Int32(shared(values::<Date32Type>(array))),
        ArrowType::Timestamp(unit, _) => {
            let values = match unit {
                TimeUnit::Second => values::<TimestampSecondType>(array),
                TimeUnit::Millisecond => values::<TimestampMillisecondType>(array),
                TimeUnit::Microsecond => values::<TimestampMicrosecondType>(array),
                TimeUnit::Nanosecond => values::<TimestampNanosecondType>(array),
            };
            moments(values, array.nulls(), dtype)?
        }
        ArrowType::Decimal128(precision, _) => {
            decimals(values::<Decimal128Type>(array), array.nulls(), *precision)?
        }
        ArrowType::Dictionary(..) => return dictionary::array(array, known),
        ArrowType::Utf8 | ArrowType::LargeUtf8 => ArrayData::Utf8(any_text(array)?),
        ArrowType::List(_) => {
            let lists = array.as_list::<i32>();
            list(lists.values(), offsets(lists.offsets().inner()), dtype)?
        }
        ArrowType::LargeList(_) => {
            let lists = array.as_list::<i64>();
            list(lists.values(), narrow_offsets(lists.offsets().inner())?, dtype)?
        }
        ArrowType::Struct(_) => structs(array.as_struct(), dtype)?,
        other => unreachable!("the schema refuses {other}"),
    };
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    Ok(Array::typed(dtype.clone(), data, nulls.map(|nulls| bitmap(nulls.inner()))))
}

/// Lists of elements; what no list uses is not looked at.
fn list(values: &ArrayRef, offsets: Values<i32>, dtype: &DataType) -> Result<ArrayData> {
    let DataType::List(item) = dtype else { unreachable!("the schema says {dtype}") };
    let lists = ListValues::try_new(offsets, array(values, item, &mut None)?);
    lists.map(ArrayData::List).ok_or_else(bad_offsets)
}

fn offsets(offsets: &ScalarBuffer<i32>) -> Values<i32> {
    match offsets.is_empty() {
        true => Values::from(vec![0_i32]),
        false => shared(offsets),
    }
}

/// 64-bit offsets as 32-bit ones.
fn narrow_offsets(offsets: &ScalarBuffer<i64>) -> Result<Values<i32>> {
    if offsets.is_empty() {
        return Ok(Values::from(vec![0_i32]));
    }
    let narrow = |offset: &i64| {
        i32::try_from(*offset).map_err(|_| {
            let expected = format!("at most {LIST_ELEMENTS_MAX} elements in the lists of a batch");
            Error::mismatch(ErrorKind::LimitExceeded, expected, format!("offset {offset}"))
                .hint("send batches of fewer rows")
        })
    };
    Ok(Values::from(offsets.iter().map(narrow).collect::<Result<Vec<i32>>>()?))
}

fn structs(values: &StructArray, dtype: &DataType) -> Result<ArrayData> {
    let DataType::Struct(fields) = dtype else { unreachable!("the schema says {dtype}") };
    let columns = values.columns().iter().zip(fields.iter());
    let arrays = columns.map(|(values, field)| array(values, &field.dtype, &mut None));
    let arrays = arrays.collect::<Result<Vec<Array>>>()?;
    Ok(ArrayData::Struct(StructValues::new(arrays)))
}

fn bad_offsets() -> Error {
    let summary = "expected list offsets that rise within the elements, found others";
    Error::new(ErrorKind::CorruptFile, summary)
}

/// Decimals, each of which must keep to the precision: nobody held the sender to it.
fn decimals(
    values: &ScalarBuffer<i128>,
    nulls: Option<&NullBuffer>,
    precision: u8,
) -> Result<ArrayData> {
    let is_misfit = |row: &usize| {
        !fits(values[*row], precision) && nulls.is_none_or(|nulls| nulls.is_valid(*row))
    };
    match (0..values.len()).find(is_misfit) {
        None => Ok(ArrayData::Int128(shared(values))),
        Some(row) => Err(Error::mismatch(
            ErrorKind::Overflow,
            format!("a decimal of at most {precision} digits"),
            format!("{} in row {} of its batch", values[row], row + 1),
        )),
    }
}

fn values<T: ArrowPrimitiveType>(array: &ArrayRef) -> &ScalarBuffer<T::Native> {
    array.as_primitive::<T>().values()
}

/// Moments, each of which must be within the years of its type.
fn moments(
    values: &ScalarBuffer<i64>,
    nulls: Option<&NullBuffer>,
    dtype: &DataType,
) -> Result<ArrayData> {
    let Some((unit, zone)) = dtype.moment() else { unreachable!("{dtype} has no moments") };
    let range = unit.range(zone.is_some());
    let is_misfit = |row: &usize| {
        !range.contains(&values[*row]) && nulls.is_none_or(|nulls| nulls.is_valid(*row))
    };
    match (0..values.len()).find(is_misfit) {
        None => Ok(ArrayData::Int64(shared(values))),
        Some(row) => Err(Error::mismatch(
            ErrorKind::Overflow,
            format!("a {dtype} from {} to {}", range.start(), range.end()),
            format!("{} in row {} of its batch", values[row], row + 1),
        )),
    }
}

/// Text with offsets of either width.
pub(super) fn any_text(array: &ArrayRef) -> Result<Text> {
    match array.data_type() {
        ArrowType::LargeUtf8 => large_text(array.as_string::<i64>()),
        _ => text(array.as_string::<i32>()),
    }
}

fn text(array: &StringArray) -> Result<Text> {
    if array.is_empty() {
        return Ok(no_text());
    }
    checked_text(shared(array.offsets().inner()), foreign(array.values()))
}

/// Text with 64-bit offsets: its bytes are shared, its offsets made anew from the first byte on.
fn large_text(array: &LargeStringArray) -> Result<Text> {
    let offsets = array.offsets().inner();
    let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else {
        return Ok(no_text());
    };
    let bytes = array.values();
    let start = usize::try_from(*first).map_err(|_| bad_text())?;
    let len = usize::try_from(last - first).map_err(|_| bad_text())?;
    if len > bytes.len().saturating_sub(start) {
        return Err(bad_text());
    }
    if i32::try_from(len).is_err() {
        let found = format!("{len} bytes");
        return Err(Error::mismatch(
            ErrorKind::LimitExceeded,
            "text of at most 2 GiB a batch",
            found,
        )
        .hint("send batches of fewer rows"));
    }
    let narrow = offsets
        .iter()
        .map(|offset| i32::try_from(offset - first).map_err(|_| bad_text()))
        .collect::<Result<Vec<i32>>>()?;
    checked_text(Values::from(narrow), foreign(&bytes.slice_with_length(start, len)))
}

fn checked_text(offsets: Values<i32>, bytes: Buffer) -> Result<Text> {
    match Text::is_valid(&offsets, bytes.as_bytes()) {
        true => Ok(Text::new(offsets, bytes)),
        false => Err(bad_text()),
    }
}

fn no_text() -> Text {
    Text::new(Values::from(vec![0_i32]), Buffer::empty())
}

fn bad_text() -> Error {
    let summary = "expected UTF-8 text between rising offsets, found other bytes";
    Error::new(ErrorKind::InvalidUtf8, summary)
}

pub(super) fn bitmap(bits: &BooleanBuffer) -> Bitmap {
    // `sliced` shares where the bits start on a byte and shifts them into a copy where not.
    Bitmap::new(foreign(&bits.sliced()), bits.len())
}

pub(super) fn shared<T: Native + arrow_buffer::ArrowNativeType>(
    values: &ScalarBuffer<T>,
) -> Values<T> {
    Values::new(foreign(values.inner()))
}

/// The same bytes as a buffer of ours, which holds a clone of Arrow's.
fn foreign(buffer: &arrow_buffer::Buffer) -> Buffer {
    if buffer.is_empty() {
        return Buffer::empty();
    }
    let start = NonNull::from(buffer.as_slice()).cast::<u8>();
    // SAFETY: an Arrow buffer is immutable and valid for its length while a clone of it lives.
    unsafe { Buffer::from_owner(start, buffer.len(), Arc::new(buffer.clone())) }
}
