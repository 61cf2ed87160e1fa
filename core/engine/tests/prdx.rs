//! `.prdx` through the public API: round trips, damage of every kind, golden files.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pardox_engine::column::{
    Array, ArrayBuilder, ArrayData, ColumnDef, DataType, Frame, HyperBlock, ListValues, Scalar,
    Schema, Values,
};
use pardox_engine::context::Context;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::format::prdx::{open_prdx, write_prdx};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A directory of a test's own, gone with it.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Directory {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("pardox-prdx-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("made");
        Directory(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("listed");
        entries
            .map(|entry| entry.expect("read").file_name().into_string().expect("UTF-8"))
            .collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("removed");
    }
}

/// SplitMix64: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn scalar(&mut self, dtype: DataType) -> Scalar {
        const TEXTS: [&str; 6] = ["", "a", "größer als sechzehn Bytes", "日本", "\0", "x\ny"];
        match dtype {
            DataType::Bool => Scalar::Bool(self.next() & 1 == 1),
            DataType::Int64 => Scalar::Int64(self.next() as i64),
            DataType::Float64 => Scalar::Float64(f64::from_bits(self.next())),
            DataType::Date => Scalar::Date(self.next() as i32),
            DataType::Timestamp => Scalar::Timestamp(self.next() as i64),
            DataType::Decimal { precision, scale } => {
                let wide = i128::from(self.next() as i64) * i128::from(self.next());
                let value = wide % 10_i128.pow(precision.into());
                Scalar::Decimal { value, precision, scale }
            }
            DataType::Utf8 | DataType::Dictionary => {
                Scalar::Utf8(TEXTS[self.below(TEXTS.len())].to_owned())
            }
            DataType::Int8 => Scalar::Int8(self.next() as i8),
            DataType::Int16 => Scalar::Int16(self.next() as i16),
            DataType::Int32 => Scalar::Int32(self.next() as i32),
            DataType::UInt8 => Scalar::UInt8(self.next() as u8),
            DataType::UInt16 => Scalar::UInt16(self.next() as u16),
            DataType::UInt32 => Scalar::UInt32(self.next() as u32),
            DataType::UInt64 => Scalar::UInt64(self.next()),
            DataType::Float32 => Scalar::Float32(f32::from_bits(self.next() as u32)),
            DataType::List(_) | DataType::Struct(_) => Scalar::Null,
            // Within the years that zones are known for, whatever the unit.
            DataType::TimestampOf { .. } => Scalar::Ticks(self.next() as i64 >> 26, dtype),
        }
    }

    fn array(&mut self, dtype: DataType, len: usize, null_share: usize) -> Array {
        let mut builder = ArrayBuilder::new(dtype.clone(), len);
        for _ in 0..len {
            match null_share > 0 && self.below(100) < null_share {
                true => builder.push_null(),
                false => builder.push(&self.scalar(dtype.clone())).expect("fits"),
            }
        }
        builder.finish()
    }
}

/// Every type without a parameter, and decimals of few digits and of many.
fn every_type() -> Vec<DataType> {
    let decimal = |precision, scale| DataType::decimal(precision, scale).expect("a type");
    let moments = ["timestamp(s)", "timestamp(ms,+05:45)", "timestamp(ns,Europe/Berlin)"];
    let moments = moments.map(|name| DataType::from_name(name).expect(name));
    [DataType::ALL, &[decimal(9, 2), decimal(38, 20)], &moments].concat()
}

fn array(dtype: DataType, values: &[Scalar]) -> Array {
    let mut builder = ArrayBuilder::new(dtype, values.len());
    values.iter().for_each(|value| builder.push(value).expect("fits"));
    builder.finish()
}

/// The table of `v1.0-all-types.prdx`; the same values stand in `make_golden.py`.
fn all_types() -> Frame {
    use Scalar::{Bool, Date, Float64, Int64, Null, Timestamp};
    let text = |value: &str| Scalar::Utf8(value.to_owned());
    let floats = [-0.0, 0.1, f64::INFINITY, f64::NAN].map(Float64);
    let moment = Timestamp(1_700_000_000_000_000);
    Frame::from_arrays(vec![
        ("flag", array(DataType::Bool, &[Bool(true), Null, Bool(false), Bool(true)])),
        ("whole", array(DataType::Int64, &[Int64(i64::MIN), Int64(i64::MAX), Null, Int64(0)])),
        ("real", array(DataType::Float64, &floats)),
        ("day", array(DataType::Date, &[Date(0), Date(-1), Date(20_000), Null])),
        ("moment", array(DataType::Timestamp, &[moment, Timestamp(-1), Timestamp(0), Null])),
        (
            "text",
            array(DataType::Utf8, &[text(""), Null, text("größer als sechzehn"), text("日本")]),
        ),
    ])
    .expect("unique names")
}

/// The table of `v1.1-numbers.prdx`; the same values stand in `make_golden.py`.
fn numbers() -> Frame {
    use Scalar::{Float32, Int8, Int16, Int32, Null, UInt8, UInt16, UInt32, UInt64};
    Frame::from_arrays(vec![
        ("i8", array(DataType::Int8, &[Int8(i8::MIN), Int8(i8::MAX), Null])),
        ("i16", array(DataType::Int16, &[Int16(i16::MIN), Int16(i16::MAX), Null])),
        ("i32", array(DataType::Int32, &[Int32(i32::MIN), Int32(i32::MAX), Null])),
        ("u8", array(DataType::UInt8, &[UInt8(0), UInt8(u8::MAX), Null])),
        ("u16", array(DataType::UInt16, &[UInt16(0), UInt16(u16::MAX), Null])),
        ("u32", array(DataType::UInt32, &[UInt32(0), UInt32(u32::MAX), Null])),
        ("u64", array(DataType::UInt64, &[UInt64(1), UInt64(u64::MAX), Null])),
        ("f32", array(DataType::Float32, &[Float32(0.5), Float32(-1.5), Float32(f32::NAN)])),
    ])
    .expect("unique names")
}

/// The table of `v1.2-dictionaries.prdx`; the same values stand in `make_golden.py`.
fn dictionaries() -> Frame {
    use Scalar::{Int64, Null};
    let text = |value: &str| Scalar::Utf8(value.to_owned());
    let cities = [text("Oslo"), Null, text("Ålesund"), text("Oslo"), text("")];
    let nothing = [Null, Null, Null, Null, Null];
    Frame::from_arrays(vec![
        ("city", array(DataType::Dictionary, &cities)),
        ("n", array(DataType::Int64, &[Int64(1), Int64(2), Int64(3), Int64(4), Int64(5)])),
        ("none", array(DataType::Dictionary, &nothing)),
    ])
    .expect("unique names")
}

/// The table of `v1.2-moments.prdx`, likewise.
fn moments() -> Frame {
    let column = |name: &'static str, dtype: &str, ticks: [i64; 2]| {
        let dtype = DataType::from_name(dtype).expect(dtype);
        let [a, b] = ticks.map(|ticks| Scalar::Ticks(ticks, dtype.clone()));
        (name, array(dtype, &[a, b, Scalar::Null]))
    };
    Frame::from_arrays(vec![
        column("s", "timestamp(s)", [-1, 1_709_210_096]),
        column("ms", "timestamp(ms,UTC)", [-1, 1_709_210_096_789]),
        column("us", "timestamp(us,Europe/Berlin)", [0, 1_729_989_000_000_000]),
        column("ns", "timestamp(ns,+05:45)", [i64::MIN, i64::MAX]),
    ])
    .expect("unique names")
}

fn write(path: &str, frame: &Frame) -> Vec<u8> {
    let size = write_prdx(path, frame, &Context::default()).expect("written");
    let bytes = std::fs::read(path).expect("read");
    assert_eq!(bytes.len() as u64, size);
    bytes
}

/// Everything that the frame holds, by value; touches every column chunk.
fn values(frame: &Frame) -> Result<Vec<Vec<Scalar>>> {
    (0..frame.schema().len())
        .map(|column| {
            let arrays = frame.column(column)?;
            let scalars = |array: &Array| -> Vec<Scalar> {
                (0..array.len()).map(|index| array.scalar(index)).collect()
            };
            Ok(arrays.iter().flat_map(scalars).collect())
        })
        .collect()
}

fn assert_same(found: &Frame, expected: &Frame) {
    assert_eq!(found.schema(), expected.schema());
    assert_eq!(found.row_count(), expected.row_count());
    assert!(values(found).expect("sound") == values(expected).expect("in memory"));
}

fn check_round_trip(frame: &Frame) {
    let directory = Directory::new();
    let path = directory.path("t.prdx");
    let bytes = write(&path, frame);
    let opened = open_prdx(&path).expect("opens");
    assert_same(&opened, frame);
    assert_eq!(directory.names(), ["t.prdx"]);
    // Written again from the map, over the very file that is mapped, it is the same file.
    assert!(write(&path, &opened) == bytes);
    assert_same(&opened, frame);
}

#[test]
fn every_type_returns_with_its_nulls() {
    check_round_trip(&all_types());
    let mut random = Random(1);
    for dtype in &every_type() {
        for null_share in [0, 30, 100] {
            let column = random.array(dtype.clone(), 100, null_share);
            check_round_trip(&Frame::from_arrays(vec![("c", column)]).expect("one column"));
        }
    }
}

#[test]
fn tables_without_rows_or_columns_return() {
    check_round_trip(&Frame::from_arrays(Vec::new()).expect("no column"));
    let names: Vec<_> = every_type().iter().map(|dtype| dtype.name().into_owned()).collect();
    let types = every_type();
    let empty = names.iter().zip(&types);
    let empty = empty.map(|(name, dtype)| (&name[..], Array::nulls(dtype.clone(), 0)));
    check_round_trip(&Frame::from_arrays(empty.collect()).expect("no row"));
    let schema = Arc::new(Schema::new(Vec::new()).expect("no column"));
    let block = HyperBlock::new(schema.clone(), 100_000, Vec::new());
    check_round_trip(&Frame::new(schema, vec![block]));
}

#[test]
fn rows_around_every_border_return() {
    let mut random = Random(2);
    for row_count in [1, 7, 8, 9, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_536, 65_537, 131_073] {
        let names: Vec<_> = every_type().iter().map(|dtype| dtype.name().into_owned()).collect();
        let types = every_type();
        let columns = names.iter().zip(&types).map(|(name, dtype)| {
            let null_share = if row_count > 65_536 { 1 } else { 10 };
            (&name[..], random.array(dtype.clone(), row_count, null_share))
        });
        check_round_trip(&Frame::from_arrays(columns.collect()).expect("unique names"));
    }
}

/// A table of random shape; its blocks cut anywhere, some sliced out of larger arrays.
fn random_frame(random: &mut Random) -> Frame {
    let definitions = (0..random.below(5)).map(|index| {
        ColumnDef::new(format!("c{index}"), every_type()[random.below(every_type().len())].clone())
    });
    let schema = Arc::new(Schema::new(definitions.collect()).expect("unique names"));
    let null_share = [0, 1, 50][random.below(3)];
    let blocks = (0..random.below(5)).map(|_| {
        let rows_max = [3, 100, 40_000][random.below(3)];
        let row_count = random.below(rows_max) + 1;
        let skipped = random.below(20);
        let arrays = schema.columns().iter().map(|definition| {
            let whole = random.array(definition.dtype.clone(), row_count + skipped, null_share);
            whole.slice(skipped, row_count)
        });
        let arrays = arrays.collect();
        HyperBlock::new(schema.clone(), row_count, arrays)
    });
    let blocks = blocks.collect();
    Frame::new(schema, blocks)
}

#[test]
fn random_tables_return_and_their_cut_into_blocks_does_not_matter() {
    let mut random = Random(3);
    for _ in 0..40 {
        let frame = random_frame(&mut random);
        check_round_trip(&frame);
        let directory = Directory::new();
        let bytes = write(&directory.path("blocks.prdx"), &frame);
        // The same rows one by one, and with other bits below the nulls.
        let columns = values(&frame).expect("in memory");
        let arrays = columns.iter().zip(frame.schema().columns()).map(|(values, definition)| {
            (definition.name.as_str(), with_noise(array(definition.dtype.clone(), values)))
        });
        let whole = Frame::from_arrays(arrays.collect()).expect("unique names");
        if whole.row_count() == frame.row_count() {
            assert!(write(&directory.path("whole.prdx"), &whole) == bytes);
        }
    }
}

/// The same array, with ones where nulls hide the value.
fn with_noise(array: Array) -> Array {
    let data = match array.data() {
        ArrayData::Int64(values) => {
            let noisy: Vec<i64> = (0..values.len())
                .map(|index| if array.is_valid(index) { values[index] } else { -1 })
                .collect();
            ArrayData::Int64(noisy.into())
        }
        ArrayData::Utf8(text) => {
            let (mut offsets, mut bytes) = (vec![0_i32], Vec::new());
            for index in 0..text.len() {
                let hidden = if array.is_valid(index) { text.get(index) } else { "hidden" };
                bytes.extend_from_slice(hidden.as_bytes());
                offsets.push(bytes.len() as i32);
            }
            let bytes = pardox_engine::column::Buffer::from_slice(&bytes);
            ArrayData::Utf8(pardox_engine::column::Text::new(offsets.into(), bytes))
        }
        _ => return array,
    };
    Array::typed(array.dtype().clone(), data, array.validity().cloned())
}

#[test]
fn fixed_width_columns_are_contiguous_and_on_pages() {
    let directory = Directory::new();
    let mut random = Random(4);
    let columns = [("a", DataType::Int64), ("b", DataType::Date)]
        .map(|(name, dtype)| (name, random.array(dtype, 200_000, 5)));
    let path = directory.path("t.prdx");
    write(&path, &Frame::from_arrays(columns.into()).expect("unique names"));
    let opened = open_prdx(&path).expect("opens");
    assert_eq!(opened.blocks().len(), 4);
    for column in 0..2 {
        let buffers: Vec<_> = opened
            .column(column)
            .expect("sound")
            .iter()
            .map(|array| match array.data() {
                ArrayData::Int64(values) => values.buffer().clone(),
                ArrayData::Int32(values) => values.buffer().clone(),
                other => panic!("expected int64 or date, found {other:?}"),
            })
            .collect();
        assert!(buffers.windows(2).all(|pair| pair[0].is_followed_by(&pair[1])));
        assert!(buffers.iter().all(|buffer| (buffer.as_ptr() as usize).is_multiple_of(4096)));
    }
}

fn golden(name: &str) -> String {
    format!("{}/tests/golden/prdx/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn golden_files_are_read_and_written_to_the_byte() {
    let flags: Vec<Scalar> = (0..65_539)
        .map(|row| if row == 77 { Scalar::Null } else { Scalar::Bool(row % 3 == 0) })
        .collect();
    let two_groups = Frame::from_arrays(vec![("b", array(DataType::Bool, &flags))]);
    let names = all_types();
    let no_rows = names.schema().columns().iter();
    let no_rows = no_rows
        .map(|column| (column.name.as_str(), Array::nulls(column.dtype.clone(), 0)))
        .collect();
    let cases = [
        ("v1.0-all-types.prdx", all_types()),
        ("v1.0-two-groups.prdx", two_groups.expect("one column")),
        ("v1.0-no-rows.prdx", Frame::from_arrays(no_rows).expect("unique names")),
        ("v1.0-no-columns.prdx", Frame::from_arrays(Vec::new()).expect("no column")),
    ];
    let directory = Directory::new();
    let later = [
        ("v1.1-numbers.prdx", numbers()),
        ("v1.2-dictionaries.prdx", dictionaries()),
        ("v1.2-moments.prdx", moments()),
    ];
    for (name, expected) in cases.into_iter().chain(later) {
        assert_same(&open_prdx(&golden(name)).expect(name), &expected);
        let written = write(&directory.path("written.prdx"), &expected);
        assert!(written == std::fs::read(golden(name)).expect(name), "{name} differs");
    }
}

#[test]
fn a_later_minor_with_other_groups_and_unknown_segments_is_read() {
    let opened = open_prdx(&golden("v1.9-by-group.prdx")).expect("a later minor opens");
    assert_eq!(opened.blocks().iter().map(HyperBlock::row_count).collect::<Vec<_>>(), [3, 1]);
    assert_same(&opened, &all_types());
}

/// Opens and touches everything.
fn read_all(path: &str) -> Result<Vec<Vec<Scalar>>> {
    values(&open_prdx(path)?)
}

fn check_refused(bytes: &[u8], path: &str, kind: ErrorKind) -> Error {
    std::fs::write(path, bytes).expect("written");
    check_read_refused(path, kind)
}

fn check_read_refused(path: &str, kind: ErrorKind) -> Error {
    let error = read_all(path).expect_err("damaged");
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.location().file.as_deref(), Some(path));
    assert!(error.location().byte_offset.is_some(), "{error}");
    assert!(error.expected().is_some() && error.found().is_some(), "{error}");
    error
}

#[test]
fn a_file_cut_at_any_byte_is_refused() {
    let bytes = std::fs::read(golden("v1.0-all-types.prdx")).expect("read");
    let directory = Directory::new();
    let path = directory.path("cut.prdx");
    std::fs::write(&path, &bytes).expect("written");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
    for len in (0..bytes.len()).rev() {
        file.set_len(len as u64).expect("cut");
        check_read_refused(&path, ErrorKind::CorruptFile);
    }
}

#[test]
fn any_changed_byte_is_refused_or_changes_nothing() {
    let directory = Directory::new();
    let path = directory.path("changed.prdx");
    let mut ignored = 0;
    let mut bytes = std::fs::read(golden("v1.0-all-types.prdx")).expect("read");
    let (schema, expected) = (all_types().schema().clone(), values(&all_types()).expect("there"));
    std::fs::write(&path, &bytes).expect("written");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
    for index in 0..bytes.len() {
        for change in [0x01, 0x80] {
            bytes[index] ^= change;
            put_byte(&file, index, bytes[index]);
            match open_prdx(&path).and_then(|frame| Ok((values(&frame)?, frame))) {
                Err(error) => assert_eq!(error.kind(), ErrorKind::CorruptFile, "{index}: {error}"),
                Ok((found, frame)) => {
                    assert!(found == expected && frame.schema() == &schema, "byte {index}");
                    assert!(bytes[index] == change || is_statistics(&bytes, index), "byte {index}");
                    ignored += 1;
                }
            }
            bytes[index] ^= change;
        }
        put_byte(&file, index, bytes[index]);
    }
    assert!(ignored > 0 && ignored < 2 * bytes.len());
}

fn put_byte(mut file: &std::fs::File, index: usize, byte: u8) {
    file.seek(SeekFrom::Start(index as u64)).expect("there");
    file.write_all(&[byte]).expect("written");
}

/// Whether a byte is in the segment that no reader uses yet.
fn is_statistics(bytes: &[u8], index: usize) -> bool {
    let parts = Parts::of(bytes);
    let entry = parts.footer + 32 + 32 * parts.group_count(bytes) + 32;
    let start = u64_at(bytes, entry + 8) as usize;
    (start..start + u64_at(bytes, entry + 16) as usize).contains(&index)
}

fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(bytes[offset..offset + 8].try_into().expect("8 bytes"))
}

fn put_u64(bytes: &mut [u8], offset: usize, value: u64) {
    bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
}

/// Where things are in a file, by `docs/prdx.md`; for damage that keeps all checksums right.
struct Parts {
    trailer: usize,
    footer: usize,
    /// Of the first row group.
    directory: usize,
}

impl Parts {
    fn of(bytes: &[u8]) -> Parts {
        let trailer = bytes.len() - 64;
        let footer = u64_at(bytes, trailer) as usize;
        let has_groups = u64_at(bytes, footer) > 0;
        let directory = if has_groups { u64_at(bytes, footer + 40) as usize } else { 0 };
        Parts { trailer, footer, directory }
    }

    fn group_count(&self, bytes: &[u8]) -> usize {
        u64_at(bytes, self.footer + 12) as u32 as usize
    }

    /// Offset of a buffer's extent in the first group's directory.
    fn buffer(&self, column: usize, buffer: usize) -> usize {
        self.directory + column * 80 + 8 + buffer * 24
    }
}

fn seal_extent(bytes: &mut [u8], extent: usize) {
    let (offset, len) = (u64_at(bytes, extent) as usize, u64_at(bytes, extent + 8) as usize);
    if let Some(content) = offset.checked_add(len).and_then(|end| bytes.get(offset..end)) {
        let checksum = xxh3_64(content);
        put_u64(bytes, extent + 16, checksum);
    }
}

/// Makes every checksum of a file of one group right again, from the data up.
fn seal(bytes: &mut [u8], parts: &Parts, column_count: usize) {
    for column in 0..column_count {
        for buffer in 0..3 {
            let extent = parts.buffer(column, buffer);
            if u64_at(bytes, extent) != 0 {
                seal_extent(bytes, extent);
            }
        }
    }
    seal_extent(bytes, parts.footer + 40);
    for segment in 0..2 {
        seal_extent(bytes, parts.footer + 64 + segment * 32 + 8);
    }
    let len = u64_at(bytes, parts.trailer + 8) as usize;
    if let Some(footer) = bytes[parts.footer..].get(..len) {
        let hash = xxh3_128(footer).to_le_bytes();
        bytes[parts.trailer + 16..parts.trailer + 32].copy_from_slice(&hash);
    }
    for start in [0, parts.trailer] {
        let len = if start == 0 { 56 } else { 48 };
        let checksum = xxh3_64(&bytes[start..start + len]);
        put_u64(bytes, start + len, checksum);
    }
}

/// Offsets of lists that fall, or leave the elements, are refused though every checksum is right.
#[test]
fn offsets_of_lists_are_held_against_the_elements() {
    let item = Array::new(ArrayData::Int64(Values::from(vec![1_i64, 2, 3])), None);
    let offsets = Values::from(vec![0_i32, 2, 2, 3]);
    let dtype = DataType::list(DataType::Int64).expect("one level");
    let lists = Array::typed(dtype, ArrayData::List(ListValues::new(offsets, item)), None);
    let frame = Frame::from_arrays(vec![("l", lists)]).expect("one name");
    let path = std::env::temp_dir().join(format!("pardox-offsets-{}.prdx", std::process::id()));
    let path = path.to_str().expect("UTF-8");
    write_prdx(path, &frame, &Context::default()).expect("written");
    let whole = std::fs::read(path).expect("it is there");
    let parts = Parts::of(&whole);
    // The list's chunk is the first, its offsets the second buffer; the elements' chunk follows.
    for (row, offset, is_sound) in [(1, 1, true), (1, 3, false), (2, -1, false), (3, 4, false)] {
        let mut bytes = whole.clone();
        let at = u64_at(&bytes, parts.buffer(0, 1)) as usize + row * 4;
        bytes[at..at + 4].copy_from_slice(&i32::to_le_bytes(offset));
        seal(&mut bytes, &parts, 2);
        std::fs::write(path, &bytes).expect("written");
        let found = open_prdx(path).expect("the footer is sound").blocks()[0].array(0).cloned();
        match is_sound {
            true => assert_eq!(found.expect("offsets that rise").len(), 3),
            false => {
                let error = found.expect_err("offsets that lie");
                assert_eq!(error.kind(), ErrorKind::CorruptFile, "{row} {offset}: {error}");
            }
        }
    }
    std::fs::remove_file(path).expect("it is there");
}

#[test]
fn lies_under_right_checksums_are_refused() {
    use ErrorKind::{CorruptFile, UnsupportedVersion};
    type Damage = Box<dyn Fn(&mut Vec<u8>, &Parts)>;
    let at_trailer = |offset: usize, value: u64| -> Damage {
        Box::new(move |bytes, parts| put_u64(bytes, parts.trailer + offset, value))
    };
    let at_footer = |offset: usize, value: u64| -> Damage {
        Box::new(move |bytes, parts| put_u64(bytes, parts.footer + offset, value))
    };
    let at_buffer = |column: usize, buffer: usize, offset: usize, value: u64| -> Damage {
        Box::new(move |bytes, parts| {
            let extent = parts.buffer(column, buffer);
            put_u64(bytes, extent + offset, value);
        })
    };
    let in_buffer = |column: usize, buffer: usize, offset: usize, value: u8| -> Damage {
        Box::new(move |bytes, parts| {
            let start = u64_at(bytes, parts.buffer(column, buffer)) as usize;
            bytes[start + offset] = value;
        })
    };
    let in_schema = |offset: usize, value: u8| -> Damage {
        Box::new(move |bytes, parts| {
            let start = u64_at(bytes, parts.footer + 64 + 8) as usize;
            bytes[start + offset] = value;
        })
    };
    let head =
        |offset: usize, value: u8| -> Damage { Box::new(move |bytes, _| bytes[offset] = value) };
    let cases: Vec<(&str, ErrorKind, Damage)> = vec![
        ("major", UnsupportedVersion, head(8, 2)),
        ("minimum minor", UnsupportedVersion, head(12, 3)),
        ("big-endian flag", UnsupportedVersion, head(16, 0)),
        ("unknown flag", UnsupportedVersion, head(17, 1)),
        ("minor differs from the trailer's", CorruptFile, head(10, 3)),
        ("footer length 0", CorruptFile, at_trailer(8, 0)),
        ("footer length 31", CorruptFile, at_trailer(8, 31)),
        ("footer length huge", CorruptFile, at_trailer(8, u64::MAX)),
        ("file length", CorruptFile, at_trailer(40, 5)),
        ("rows fewer than the groups'", CorruptFile, at_footer(0, 3)),
        ("rows more than the groups'", CorruptFile, at_footer(0, u64::MAX)),
        ("columns huge", CorruptFile, at_footer(8, 1 << 32 | u64::from(u32::MAX))),
        ("one column fewer", CorruptFile, at_footer(8, 1 << 32 | 5)),
        ("groups huge", CorruptFile, at_footer(8, (u64::from(u32::MAX) << 32) | 6)),
        ("segments huge", CorruptFile, at_footer(16, u64::from(u32::MAX))),
        ("group of no rows", CorruptFile, at_footer(32, 0)),
        ("group of too many rows", CorruptFile, at_footer(32, u64::MAX)),
        ("directory behind the end", CorruptFile, at_footer(40, u64::MAX - 100)),
        ("directory in the head", CorruptFile, at_footer(40, 0)),
        ("directory too short", CorruptFile, at_footer(48, 400)),
        ("no schema", CorruptFile, at_footer(64, 77)),
        ("two schemas", CorruptFile, at_footer(96, 1)),
        ("schema of another encoding", UnsupportedVersion, at_footer(64, 1 << 32 | 1)),
        ("schema behind the end", CorruptFile, at_footer(72, u64::MAX)),
        ("schema of no length", CorruptFile, at_footer(80, 0)),
        ("statistics behind the end", CorruptFile, at_footer(104, 1 << 60)),
        ("name behind the heap", CorruptFile, in_schema(2, 9)),
        ("name too long", CorruptFile, in_schema(4, 255)),
        (
            "name twice",
            CorruptFile,
            Box::new(|bytes, parts| {
                let start = u64_at(bytes, parts.footer + 64 + 8) as usize;
                bytes.copy_within(start..start + 8, start + 16);
            }),
        ),
        ("name not UTF-8", CorruptFile, in_schema(6 * 16, 0xFF)),
        ("unknown type", UnsupportedVersion, in_schema(8, 15)),
        ("another type", CorruptFile, in_schema(16 + 8, 6)),
        ("type of another width", CorruptFile, in_schema(16 + 8, 4)),
        (
            "chunk of another encoding",
            UnsupportedVersion,
            Box::new(|bytes, parts| {
                let extent = parts.buffer(2, 0);
                bytes[extent - 8] = 1;
            }),
        ),
        (
            "buffer count",
            CorruptFile,
            Box::new(|bytes, parts| {
                let extent = parts.buffer(2, 0);
                bytes[extent - 4] = 3;
            }),
        ),
        ("buffer off its border", CorruptFile, at_buffer(1, 1, 0, 8192 + 8)),
        ("buffer behind the end", CorruptFile, at_buffer(1, 1, 0, 1 << 40)),
        ("buffer that wraps", CorruptFile, at_buffer(1, 1, 0, u64::MAX - 63)),
        ("buffer too short", CorruptFile, at_buffer(1, 1, 8, 24)),
        ("buffer too long", CorruptFile, at_buffer(1, 1, 8, 40)),
        ("validity too short", CorruptFile, at_buffer(1, 0, 8, 0)),
        ("values absent", CorruptFile, at_buffer(2, 1, 8, 0)),
        ("text length", CorruptFile, at_buffer(5, 2, 8, 1 << 40)),
        ("text length negative as i64", CorruptFile, at_buffer(5, 2, 8, u64::MAX)),
        ("offsets do not start at 0", CorruptFile, in_buffer(5, 1, 0, 1)),
        ("offset negative", CorruptFile, in_buffer(5, 1, 7, 0x80)),
        ("offset falls", CorruptFile, in_buffer(5, 1, 4, 30)),
        ("offset behind the text", CorruptFile, in_buffer(5, 1, 13, 1)),
        ("offset within a character", CorruptFile, in_buffer(5, 1, 12, 3)),
        ("last offset", CorruptFile, in_buffer(5, 1, 16, 26)),
        ("text not UTF-8", CorruptFile, in_buffer(5, 2, 0, 0xFF)),
    ];
    let sound = std::fs::read(golden("v1.0-all-types.prdx")).expect("read");
    let directory = Directory::new();
    for (name, kind, damage) in cases {
        let mut bytes = sound.clone();
        damage(&mut bytes, &Parts::of(&sound));
        assert!(bytes != sound, "{name} changes nothing");
        seal(&mut bytes, &Parts::of(&sound), 6);
        println!("{name}: {}", check_refused(&bytes, &directory.path("lie.prdx"), kind));
    }
    let mut bytes = sound.clone();
    seal(&mut bytes, &Parts::of(&sound), 6);
    assert!(bytes == sound, "sealing a sound file changes it");
}

#[test]
fn a_damaged_chunk_spoils_only_its_own_column_and_says_where() {
    let directory = Directory::new();
    let path = directory.path("t.prdx");
    let mut bytes = write(&path, &all_types());
    let offset = u64_at(&bytes, Parts::of(&bytes).buffer(1, 1)) as usize;
    bytes[offset + 3] ^= 4;
    std::fs::write(&path, &bytes).expect("written");
    let opened = open_prdx(&path).expect("data is not read on opening");
    assert!(opened.column(0).is_ok() && opened.column(5).is_ok());
    for _ in 0..2 {
        let error = opened.column(1).expect_err("damaged");
        assert_eq!(error.kind(), ErrorKind::CorruptFile);
        assert_eq!(error.location().column.as_deref(), Some("whole"));
        assert_eq!(error.location().byte_offset, Some(offset as u64));
    }
}

#[test]
fn a_file_that_changes_before_the_first_touch_is_reported() {
    let directory = Directory::new();
    let path = directory.path("t.prdx");
    let bytes = write(&path, &all_types());
    for cut in [1, bytes.len() - 10] {
        std::fs::write(&path, &bytes).expect("written");
        let opened = open_prdx(&path).expect("opens");
        let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
        file.set_len((bytes.len() - cut) as u64).expect("cut");
        let error = opened.column(0).expect_err("changed");
        assert_eq!(error.kind(), ErrorKind::FileChanged);
        assert_eq!(error.location().file.as_deref(), Some(path.as_str()));
    }
}

#[test]
fn a_file_that_shrinks_after_the_first_touch_is_reported_on_the_next() {
    let directory = Directory::new();
    let path = directory.path("t.prdx");
    write(&path, &all_types());
    let opened = open_prdx(&path).expect("opens");
    opened.column(0).expect("touched");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
    file.set_len(100).expect("cut");
    for column in 0..2 {
        let error = opened.column(column).expect_err("changed");
        assert_eq!(error.kind(), ErrorKind::FileChanged);
    }
}

#[test]
fn paths_that_are_no_file_are_named() {
    let directory = Directory::new();
    let kind = |path: &str| open_prdx(path).expect_err("refused").kind();
    assert_eq!(kind(&directory.path("missing")), ErrorKind::NotFound);
    assert_eq!(kind(&directory.path("")), ErrorKind::IsDirectory);
    check_refused(b"", &directory.path("empty"), ErrorKind::CorruptFile);
    check_refused(b"a,b\n1,2\n", &directory.path("csv"), ErrorKind::CorruptFile);
}

#[test]
fn a_cancelled_write_leaves_what_was_there() {
    let directory = Directory::new();
    let path = directory.path("t.prdx");
    std::fs::write(&path, "old").expect("written");
    let context = Context::default();
    context.cancel();
    let error = write_prdx(&path, &all_types(), &context).expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(directory.names(), ["t.prdx"]);
    assert_eq!(std::fs::read(&path).expect("read"), b"old");
}

#[test]
fn progress_ends_at_its_total() {
    let directory = Directory::new();
    let context = Context::default();
    let frame = random_frame(&mut Random(5));
    write_prdx(&directory.path("t.prdx"), &frame, &context).expect("written");
    let progress = context.progress();
    assert_eq!(progress.bytes_done, progress.bytes_total);
    assert_eq!(progress.rows_done, frame.row_count() as u64);
}

/// Set in the child process that the next test starts, which may write only small files.
const SMALL_FILES: &str = "PARDOX_TEST_SMALL_FILES";

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    let directory = Directory::new();
    let test = "a_full_disk_is_an_error_and_leaves_nothing";
    if let Ok(path) = std::env::var(SMALL_FILES) {
        let column = Random(6).array(DataType::Int64, 200_000, 0);
        let frame = Frame::from_arrays(vec![("c", column)]).expect("one column");
        let error = write_prdx(&path, &frame, &Context::default()).expect_err("no space");
        assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
        return;
    }
    // The shell sets the limit and ignores its signal, as a host may; exec keeps both.
    let path = directory.path("t.prdx");
    std::fs::write(&path, "old").expect("written");
    let program = std::env::current_exe().expect("this program");
    let script = format!("ulimit -f 512; trap '' XFSZ; exec \"$0\" --exact {test}");
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg(program)
        .env(SMALL_FILES, &path)
        .output()
        .expect("a shell runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(directory.names(), ["t.prdx"]);
    assert_eq!(std::fs::read(&path).expect("read"), b"old");
}
