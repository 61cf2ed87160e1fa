//! Frame -> Arrow arrays that share its buffers; each array keeps what it shares alive.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int8Array, Int16Array, Int32Array, Int64Array, ListArray, RecordBatch,
    RecordBatchOptions, StringArray, StructArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{
    ArrowError, DataType as ArrowType, Field, FieldRef, Fields, SchemaRef as ArrowSchemaRef,
    TimeUnit,
};

use crate::bytes::tick;
use crate::column::{
    Array, Bitmap, Buffer, DataType, HyperBlock, ListValues, Schema, StructField, Text, Values,
    buffer::Native,
};
use crate::error::{Error, ErrorKind, Result};

/// The Arrow schema of a frame: every column may hold nulls.
pub(super) fn schema(schema: &Schema) -> ArrowSchemaRef {
    let fields: Vec<Field> =
        schema.columns().iter().map(|column| field(&column.name, &column.dtype)).collect();
    Arc::new(arrow_schema::Schema::new(fields))
}

fn field(name: &str, dtype: &DataType) -> Field {
    Field::new(name, arrow_type(dtype), true)
}

/// The field of a list's elements, under Arrow's name for it.
fn item_field(item: &DataType) -> FieldRef {
    Arc::new(field(Field::LIST_FIELD_DEFAULT_NAME, item))
}

fn struct_fields(fields: &[StructField]) -> Fields {
    fields.iter().map(|own| field(&own.name, &own.dtype)).collect()
}

fn arrow_type(dtype: &DataType) -> ArrowType {
    match dtype {
        DataType::Bool => ArrowType::Boolean,
        DataType::Int64 => ArrowType::Int64,
        DataType::Float64 => ArrowType::Float64,
        DataType::Date => ArrowType::Date32,
        DataType::Timestamp => ArrowType::Timestamp(TimeUnit::Microsecond, None),
        DataType::Utf8 => ArrowType::Utf8,
        DataType::Int8 => ArrowType::Int8,
        DataType::Int16 => ArrowType::Int16,
        DataType::Int32 => ArrowType::Int32,
        DataType::UInt8 => ArrowType::UInt8,
        DataType::UInt16 => ArrowType::UInt16,
        DataType::UInt32 => ArrowType::UInt32,
        DataType::UInt64 => ArrowType::UInt64,
        DataType::Float32 => ArrowType::Float32,
        DataType::Dictionary => {
            ArrowType::Dictionary(Box::new(ArrowType::Int32), Box::new(ArrowType::Utf8))
        }
        // A precision is at most 38, and so is a scale.
        DataType::Decimal { precision, scale } => ArrowType::Decimal128(*precision, *scale as i8),
        DataType::List(item) => ArrowType::List(item_field(item)),
        DataType::Struct(fields) => ArrowType::Struct(struct_fields(fields)),
        DataType::TimestampOf { unit, zone } => {
            ArrowType::Timestamp(arrow_unit(*unit), zone.as_ref().map(|zone| zone.name().into()))
        }
    }
}

fn arrow_unit(unit: tick::TimeUnit) -> TimeUnit {
    match unit {
        tick::TimeUnit::Second => TimeUnit::Second,
        tick::TimeUnit::Millisecond => TimeUnit::Millisecond,
        tick::TimeUnit::Microsecond => TimeUnit::Microsecond,
        tick::TimeUnit::Nanosecond => TimeUnit::Nanosecond,
    }
}

/// One block as a batch.
///
/// Errors: those of loading a mapped column on first touch.
pub(super) fn batch(block: &HyperBlock, schema: &ArrowSchemaRef) -> Result<RecordBatch> {
    let arrays = (0..block.columns().len())
        .map(|index| Ok(array(block.array(index)?)))
        .collect::<Result<Vec<ArrayRef>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(block.row_count()));
    RecordBatch::try_new_with_options(schema.clone(), arrays, &options)
        .map_err(|error| refused(&error))
}

/// What arrow-rs says against arrays of ours is a defect, ours or its own.
pub(super) fn refused(error: &ArrowError) -> Error {
    Error::new(ErrorKind::Internal, format!("arrow refuses our arrays: {error}"))
}

fn array(array: &Array) -> ArrayRef {
    let nulls = array.validity().map(|validity| NullBuffer::new(bits(validity)));
    match array.dtype() {
        DataType::Bool => Arc::new(BooleanArray::new(bits(array.bits()), nulls)),
        DataType::Int64 => Arc::new(Int64Array::new(numbers(array.values()), nulls)),
        DataType::Float64 => Arc::new(Float64Array::new(numbers(array.values()), nulls)),
        DataType::Date => Arc::new(Date32Array::new(numbers(array.values()), nulls)),
        DataType::Timestamp => {
            Arc::new(TimestampMicrosecondArray::new(numbers(array.values()), nulls))
        }
        DataType::Decimal { .. } => {
            let values = Decimal128Array::new(numbers(array.values()), nulls);
            Arc::new(values.with_data_type(arrow_type(array.dtype())))
        }
        DataType::Utf8 => Arc::new(text_array(array.as_text(), nulls)),
        DataType::Int8 => Arc::new(Int8Array::new(numbers(array.values()), nulls)),
        DataType::Int16 => Arc::new(Int16Array::new(numbers(array.values()), nulls)),
        DataType::Int32 => Arc::new(Int32Array::new(numbers(array.values()), nulls)),
        DataType::UInt8 => Arc::new(UInt8Array::new(numbers(array.values()), nulls)),
        DataType::UInt16 => Arc::new(UInt16Array::new(numbers(array.values()), nulls)),
        DataType::UInt32 => Arc::new(UInt32Array::new(numbers(array.values()), nulls)),
        DataType::UInt64 => Arc::new(UInt64Array::new(numbers(array.values()), nulls)),
        DataType::Float32 => Arc::new(Float32Array::new(numbers(array.values()), nulls)),
        DataType::Dictionary => {
            let dictionary = array.as_dictionary();
            let codes = Int32Array::new(numbers(dictionary.codes()), nulls);
            let values = Arc::new(text_array(dictionary.values(), None));
            Arc::new(DictionaryArray::new(codes, values))
        }
        DataType::List(item) => Arc::new(list_array(array.lists(), item, nulls)),
        DataType::Struct(fields) => {
            let values = array.structs().fields().iter().map(self::array).collect();
            Arc::new(StructArray::new(struct_fields(fields), values, nulls))
        }
        DataType::TimestampOf { unit, zone } => {
            let zone: Option<Arc<str>> = zone.as_ref().map(|zone| zone.name().into());
            let values = numbers(array.values());
            match unit {
                tick::TimeUnit::Second => {
                    Arc::new(TimestampSecondArray::new(values, nulls).with_timezone_opt(zone))
                }
                tick::TimeUnit::Millisecond => {
                    Arc::new(TimestampMillisecondArray::new(values, nulls).with_timezone_opt(zone))
                }
                tick::TimeUnit::Microsecond => {
                    Arc::new(TimestampMicrosecondArray::new(values, nulls).with_timezone_opt(zone))
                }
                tick::TimeUnit::Nanosecond => {
                    Arc::new(TimestampNanosecondArray::new(values, nulls).with_timezone_opt(zone))
                }
            }
        }
    }
}

/// Lists that share all elements there are: offsets stay as they stand.
fn list_array(lists: &ListValues, item: &DataType, nulls: Option<NullBuffer>) -> ListArray {
    // `ListValues` checked when it was made that its offsets rise within its elements; arrow-rs
    // checks it again.
    let offsets = OffsetBuffer::new(numbers(lists.offsets()));
    ListArray::new(item_field(item), offsets, array(lists.child()), nulls)
}

fn bits(bitmap: &Bitmap) -> BooleanBuffer {
    BooleanBuffer::new(shared(bitmap.buffer()), 0, bitmap.len())
}

fn numbers<T: Native + arrow_buffer::ArrowNativeType>(values: &Values<T>) -> ScalarBuffer<T> {
    ScalarBuffer::new(shared(values.buffer()), 0, values.len())
}

fn text_array(text: &Text, nulls: Option<NullBuffer>) -> StringArray {
    debug_assert!(Text::is_valid(text.offsets(), text.bytes().as_bytes()));
    // SAFETY: `Text` checked when it was made that its offsets rise within its bytes and cut valid
    // UTF-8 at character borders.
    unsafe {
        let offsets = OffsetBuffer::new_unchecked(numbers(text.offsets()));
        StringArray::new_unchecked(offsets, shared(text.bytes()), nulls)
    }
}

/// The same bytes as an Arrow buffer, which holds a clone of ours.
fn shared(buffer: &Buffer) -> arrow_buffer::Buffer {
    let keeper = Arc::new(AssertUnwindSafe(buffer.clone()));
    let start = NonNull::from(buffer.as_bytes()).cast::<u8>();
    // SAFETY: the start is valid for the length while the clone lives, and nobody writes there
    // (`Buffer::from_owner`). Nothing is left half done by an unwind: the bytes are immutable.
    unsafe { arrow_buffer::Buffer::from_custom_allocation(start, buffer.len_bytes(), keeper) }
}
