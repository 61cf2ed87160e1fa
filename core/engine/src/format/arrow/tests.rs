//! Round trips, what is shared, what is widened, what is refused, and bytes from anywhere.

use std::sync::Arc;

use arrow_array::types::{Int8Type, UInt64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date64Array, DictionaryArray, Float32Array, Int8Array, Int32Array,
    Int64Array, LargeStringArray, NullArray, PrimitiveArray, RecordBatch, RecordBatchOptions,
    StringArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
    UInt8Array, UInt32Array, UInt64Array,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::Schema;

use super::{from_stream, read_ipc, to_stream, write_ipc};
use crate::column::{
    Array, ArrayBuilder, ArrayData, Bitmap, DataType, Frame, HyperBlock, ListValues, Scalar,
    StructField, StructValues, Values,
};
use crate::error::{ErrorKind, Result};
use crate::limits::{BLOCK_ROWS_MAX, TABLE_ROWS_MAX};

fn array(dtype: DataType, values: &[Scalar]) -> Array {
    let mut builder = ArrayBuilder::new(dtype, values.len());
    values.iter().for_each(|value| builder.push(value).expect("small values fit"));
    builder.finish()
}

/// Every type with nulls and its edge values, in blocks that start within bytes and words.
fn sample() -> Frame {
    let text = |text: &str| Scalar::Utf8(text.to_owned());
    let columns: Vec<(&str, DataType, Vec<Scalar>)> = vec![
        ("b", DataType::Bool, vec![Scalar::Bool(true), Scalar::Null, Scalar::Bool(false)]),
        (
            "i",
            DataType::Int64,
            vec![Scalar::Int64(i64::MIN), Scalar::Int64(i64::MAX), Scalar::Null],
        ),
        ("f", DataType::Float64, vec![Scalar::Float64(-0.0), Scalar::Null, Scalar::Float64(1e300)]),
        ("d", DataType::Date, vec![Scalar::Null, Scalar::Date(i32::MIN), Scalar::Date(19_000)]),
        ("t", DataType::Timestamp, vec![Scalar::Timestamp(-1), Scalar::Null, Scalar::Timestamp(7)]),
        ("u", DataType::Utf8, vec![text("\u{e9}"), text(""), Scalar::Null]),
        ("c", DataType::Int8, vec![Scalar::Int8(-128), Scalar::Null, Scalar::Int8(127)]),
        ("s", DataType::Int16, vec![Scalar::Int16(-1), Scalar::Null, Scalar::Int16(i16::MIN)]),
        ("l", DataType::Int32, vec![Scalar::Null, Scalar::Int32(i32::MIN), Scalar::Int32(1)]),
        ("uc", DataType::UInt8, vec![Scalar::UInt8(255), Scalar::Null, Scalar::UInt8(0)]),
        ("us", DataType::UInt16, vec![Scalar::UInt16(65_535), Scalar::Null, Scalar::UInt16(0)]),
        ("ul", DataType::UInt32, vec![Scalar::UInt32(u32::MAX), Scalar::Null, Scalar::UInt32(0)]),
        ("uq", DataType::UInt64, vec![Scalar::UInt64(u64::MAX), Scalar::Null, Scalar::UInt64(0)]),
        ("g", DataType::Float32, vec![Scalar::Float32(-0.0), Scalar::Null, Scalar::Float32(0.1)]),
        ("k", DataType::Dictionary, vec![text("b"), Scalar::Null, text("a")]),
        ("full", DataType::Int64, vec![Scalar::Int64(1), Scalar::Int64(2), Scalar::Int64(3)]),
    ];
    let columns = columns
        .into_iter()
        .map(|(name, dtype, values)| {
            let values: Vec<Scalar> = values.into_iter().cycle().take(50).collect();
            (name, array(dtype, &values))
        })
        .collect();
    let whole = Frame::from_arrays(columns).expect("names are unique");
    let block = &whole.blocks()[0];
    let cut = |start, len| block.slice(start, len).expect("all columns are there");
    let blocks: Vec<HyperBlock> = vec![cut(0, 11), cut(11, 30), cut(41, 9)];
    Frame::new(whole.schema().clone(), blocks)
}

fn rows(frame: &Frame) -> Vec<Vec<Scalar>> {
    let mut rows = Vec::new();
    for block in frame.blocks() {
        for row in 0..block.row_count() {
            let columns = 0..frame.schema().len();
            rows.push(columns.map(|c| block.array(c).expect("loads").scalar(row)).collect());
        }
    }
    rows
}

fn assert_same(left: &Frame, right: &Frame) {
    assert_eq!(left.schema(), right.schema());
    // By their text, so that -0.0 and 0.0 differ.
    assert_eq!(format!("{:?}", rows(left)), format!("{:?}", rows(right)));
}

/// Through the very struct that C programs see.
fn through_c(frame: &Frame) -> Result<Frame> {
    let stream = to_stream(frame)?;
    // SAFETY: the stream is one of ours.
    unsafe { from_stream(stream) }
}

/// A frame of one arrow-rs array, through IPC.
fn from_arrow(values: ArrayRef) -> Result<Frame> {
    let batch = RecordBatch::try_from_iter_with_nullable([("x", values, true)])
        .expect("one column makes a batch");
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).expect("memory");
    writer.write(&batch).expect("memory");
    read_ipc(&writer.into_inner().expect("memory"))
}

fn values(frame: &Frame) -> Vec<Scalar> {
    rows(frame).into_iter().map(|mut row| row.remove(0)).collect()
}

#[test]
fn every_type_comes_back_through_the_c_stream_and_through_ipc() {
    let frame = sample();
    assert_same(&through_c(&frame).expect("a stream of ours"), &frame);
    let bytes = write_ipc(&frame).expect("a frame in memory");
    assert_same(&read_ipc(&bytes).expect("bytes of ours"), &frame);
}

#[test]
fn lists_and_structs_come_back_through_the_c_stream() {
    let whole = |values: &[i64]| ArrayData::Int64(Values::from(values.to_vec()));
    let third_is_null = || Some(Bitmap::from_fn(3, |row| row != 2));
    let item = Array::new(whole(&[1, 2, 3]), None);
    let offsets = Values::from(vec![0_i32, 2, 2, 3]);
    let lists = ArrayData::List(ListValues::new(offsets, item.clone()));
    let lists =
        Array::typed(DataType::list(DataType::Int64).expect("one level"), lists, third_is_null());
    let field = StructField { name: "a".to_owned(), dtype: DataType::Int64 };
    let structs = Array::typed(
        DataType::of_fields(vec![field]).expect("one field"),
        ArrayData::Struct(StructValues::new(vec![item])),
        third_is_null(),
    );
    let frame = Frame::from_arrays(vec![("l", lists), ("s", structs)]).expect("two names");
    assert_same(&through_c(&frame).expect("a stream of ours"), &frame);
}

#[test]
fn a_frame_without_rows_keeps_its_schema() {
    let empty = Frame::new(sample().schema().clone(), Vec::new());
    assert_same(&through_c(&empty).expect("a stream of ours"), &empty);
    let bytes = write_ipc(&empty).expect("a frame in memory");
    assert_same(&read_ipc(&bytes).expect("bytes of ours"), &empty);
}

#[test]
fn the_c_stream_shares_memory_both_ways() {
    let frame = sample();
    let back = through_c(&frame).expect("a stream of ours");
    for index in 0..frame.schema().len() {
        let start = |frame: &Frame| match frame.blocks()[0].array(index).expect("loads").data() {
            ArrayData::Bool(bits) => bits.buffer().as_ptr() as usize,
            ArrayData::Utf8(text) => text.bytes().as_ptr() as usize,
            ArrayData::Dictionary(codes) => codes.codes().buffer().as_ptr() as usize,
            numbers => numbers.fixed_buffer().expect("numbers").as_ptr() as usize,
        };
        assert_eq!(start(&frame), start(&back), "column {index}");
    }
}

#[test]
fn what_was_imported_outlives_where_it_came_from() {
    let frame = sample();
    let expected = rows(&frame);
    let back = through_c(&frame).expect("a stream of ours");
    drop(frame);
    let again = through_c(&back).expect("a stream of ours");
    drop(back);
    assert_eq!(format!("{:?}", rows(&again)), format!("{expected:?}"));
}

#[test]
fn large_batches_become_blocks_of_the_engines_size() {
    let count = 2 * BLOCK_ROWS_MAX as i64 + 1;
    let frame = from_arrow(Arc::new(Int64Array::from_iter_values(0..count))).expect("int64");
    let sizes: Vec<usize> = frame.blocks().iter().map(HyperBlock::row_count).collect();
    assert_eq!(sizes, [BLOCK_ROWS_MAX, BLOCK_ROWS_MAX, 1]);
    assert_eq!(values(&frame).last(), Some(&Scalar::Int64(count - 1)));
}

#[test]
fn rows_without_columns_have_a_limit() {
    let read = |row_count: usize| {
        let schema = Arc::new(Schema::empty());
        let options = RecordBatchOptions::new().with_row_count(Some(row_count));
        let batch = RecordBatch::try_new_with_options(schema.clone(), Vec::new(), &options);
        let mut writer = StreamWriter::try_new(Vec::new(), &schema).expect("started");
        writer.write(&batch.expect("a batch")).expect("written");
        read_ipc(&writer.into_inner().expect("finished"))
    };
    assert_eq!(read(3).expect("small").row_count(), 3);
    let error = read(TABLE_ROWS_MAX + 1).expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn types_stay_and_texts_of_long_offsets_become_short() {
    let cases: Vec<(ArrayRef, Vec<Scalar>)> = vec![
        (
            Arc::new(Int8Array::from(vec![Some(-128), None, Some(127)])),
            vec![Scalar::Int8(-128), Scalar::Null, Scalar::Int8(127)],
        ),
        (Arc::new(UInt8Array::from(vec![255])), vec![Scalar::UInt8(255)]),
        (Arc::new(UInt32Array::from(vec![u32::MAX])), vec![Scalar::UInt32(u32::MAX)]),
        (Arc::new(UInt64Array::from(vec![u64::MAX])), vec![Scalar::UInt64(u64::MAX)]),
        (Arc::new(Float32Array::from(vec![0.1_f32])), vec![Scalar::Float32(0.1)]),
        (Arc::new(TimestampSecondArray::from(vec![-1])), vec![ticks(-1, "timestamp(s)")]),
        (Arc::new(TimestampMillisecondArray::from(vec![5])), vec![ticks(5, "timestamp(ms)")]),
        (
            Arc::new(TimestampNanosecondArray::from(vec![1]).with_timezone("Europe/Berlin")),
            vec![ticks(1, "timestamp(ns,Europe/Berlin)")],
        ),
        (
            Arc::new(TimestampSecondArray::from(vec![1]).with_timezone("+05:45")),
            vec![ticks(1, "timestamp(s,+05:45)")],
        ),
        (
            Arc::new(LargeStringArray::from(vec![Some("a"), None, Some("\u{e9}z")]).slice(1, 2)),
            vec![Scalar::Null, Scalar::Utf8("\u{e9}z".to_owned())],
        ),
        (
            Arc::new(BooleanArray::from(vec![true, false, true, true]).slice(1, 3)),
            vec![Scalar::Bool(false), Scalar::Bool(true), Scalar::Bool(true)],
        ),
        (
            Arc::new(StringArray::from(vec!["x", "yy", "zzz"]).slice(2, 1)),
            vec![Scalar::Utf8("zzz".to_owned())],
        ),
    ];
    for (arrow, expected) in cases {
        let about = format!("{:?}", arrow.data_type());
        assert_eq!(values(&from_arrow(arrow).expect("a type that widens")), expected, "{about}");
    }
}

fn ticks(value: i64, dtype: &str) -> Scalar {
    Scalar::Ticks(value, DataType::from_name(dtype).expect(dtype))
}

#[test]
fn moments_leave_with_their_unit_and_zone() {
    for dtype in ["timestamp(s)", "timestamp(ms,UTC)", "timestamp(us,-03:30)", "timestamp(ns)"] {
        let value = ticks(7, dtype);
        let column = array(DataType::from_name(dtype).expect(dtype), &[value, Scalar::Null]);
        let frame = Frame::from_arrays(vec![("t", column)]).expect("one column");
        let bytes = write_ipc(&frame).expect("IPC");
        assert_same(&read_ipc(&bytes).expect("bytes of ours"), &frame);
    }
}

#[test]
fn what_has_no_exact_place_is_refused_by_name() {
    let numbers =
        DictionaryArray::new(Int32Array::from(vec![0]), Arc::new(Int64Array::from(vec![7])));
    let cases: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(numbers), "Dictionary"),
        (Arc::new(Date64Array::from(vec![1])), "Date64"),
        (Arc::new(TimestampSecondArray::from(vec![1]).with_timezone("Europe/Berlim")), "Berlim"),
        (Arc::new(NullArray::new(3)), "Null"),
    ];
    for (arrow, name) in cases {
        let error = from_arrow(arrow).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}");
        assert_eq!(error.location().column.as_deref(), Some("x"));
        assert!(error.summary().contains(name), "{error}");
        assert!(error.hint_text().is_some());
    }
}

#[test]
fn dictionaries_of_any_codes_come_in() {
    let text = |text: &str| Scalar::Utf8(text.to_owned());
    // A value twice, and one that is null.
    let values = Arc::new(StringArray::from(vec![Some("a"), None, Some("b"), Some("a")]));
    let keys = PrimitiveArray::<Int8Type>::from(vec![Some(3), Some(1), None, Some(2), Some(0)]);
    let array = DictionaryArray::new(keys, values);
    let frame = from_arrow(Arc::new(array)).expect("a dictionary of text");
    let expected = [text("a"), Scalar::Null, Scalar::Null, text("b"), text("a")];
    assert_eq!(values_of(&frame), (DataType::Dictionary, expected.to_vec()));
    let column = frame.blocks()[0].array(0).expect("loads").clone();
    assert_eq!(column.as_dictionary().values().len(), 2);

    let large = Arc::new(LargeStringArray::from(vec!["x", "\u{e9}"]));
    let keys = PrimitiveArray::<UInt64Type>::from(vec![1, 0]);
    let frame = from_arrow(Arc::new(DictionaryArray::new(keys, large))).expect("large text");
    assert_eq!(values_of(&frame).1, [text("\u{e9}"), text("x")]);

    let none = Arc::new(StringArray::from(Vec::<&str>::new()));
    let keys = PrimitiveArray::<Int8Type>::from(vec![None, None]);
    let frame = from_arrow(Arc::new(DictionaryArray::new(keys, none))).expect("only nulls");
    assert_eq!(values_of(&frame).1, [Scalar::Null, Scalar::Null]);
}

fn values_of(frame: &Frame) -> (DataType, Vec<Scalar>) {
    (frame.schema().column(0).dtype.clone(), values(frame))
}

#[test]
fn seconds_beyond_the_years_are_an_overflow_but_not_below_a_null() {
    let error = from_arrow(Arc::new(TimestampSecondArray::from(vec![i64::MAX])));
    assert_eq!(error.expect_err("does not fit").kind(), ErrorKind::Overflow);
    let nulls = arrow_buffer::NullBuffer::from(vec![false]);
    let hidden = TimestampSecondArray::new(vec![i64::MAX].into(), Some(nulls));
    assert_eq!(values(&from_arrow(Arc::new(hidden)).expect("only a null")), [Scalar::Null]);
}

#[test]
fn a_column_name_that_c_cannot_say_is_refused() {
    let column = array(DataType::Int64, &[Scalar::Int64(1)]);
    let frame = Frame::from_arrays(vec![("a\0b", column)]).expect("one column");
    assert_eq!(to_stream(&frame).expect_err("a NUL").kind(), ErrorKind::Unsupported);
    let bytes = write_ipc(&frame).expect("IPC says lengths");
    assert_same(&read_ipc(&bytes).expect("bytes of ours"), &frame);
}

#[test]
fn ipc_cut_anywhere_is_an_error() {
    let bytes = write_ipc(&sample()).expect("a frame in memory");
    for len in 0..bytes.len() {
        let error = read_ipc(&bytes[..len]).expect_err("cut");
        let expected = if len == 0 { ErrorKind::EmptyInput } else { ErrorKind::CorruptFile };
        assert_eq!(error.kind(), expected, "cut at {len}: {error}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(read_ipc(&longer).expect_err("goes on").kind(), ErrorKind::CorruptFile);
}

#[test]
fn ipc_with_any_byte_changed_is_an_error_or_a_sound_frame() {
    let bytes = write_ipc(&sample()).expect("a frame in memory");
    for position in 0..bytes.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[position] ^= change;
            if let Ok(frame) = read_ipc(&changed) {
                // Every value can be read: no offset leads out of its buffer.
                assert_eq!(rows(&frame).len(), frame.row_count());
            }
        }
    }
}

#[test]
fn an_ipc_file_is_refused_by_name() {
    let error = read_ipc(b"ARROW1\0\0rest").expect_err("a file, not a stream");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(read_ipc(b"a,b\n1,2\n").expect_err("CSV").kind(), ErrorKind::CorruptFile);
}
