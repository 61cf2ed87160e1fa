//! Frames looked at value by value, and what must hold for every one of them.

use pardox_engine::column::{ArrayData, Frame, Scalar};

/// The values, column by column.
pub fn columns(frame: &Frame) -> Vec<Vec<Scalar>> {
    let column = |index| {
        let arrays = frame.column(index).expect("in memory");
        arrays.iter().flat_map(|array| (0..array.len()).map(|row| array.scalar(row))).collect()
    };
    (0..frame.schema().len()).map(column).collect()
}

/// Holds a frame to its own word: lengths, types, validity, text.
pub fn check(frame: &Frame) {
    let mut row_count = 0;
    for block in frame.blocks() {
        row_count += block.row_count();
        for (index, definition) in frame.schema().columns().iter().enumerate() {
            let array = block.array(index).expect("in memory");
            assert_eq!(array.len(), block.row_count());
            assert_eq!(*array.dtype(), definition.dtype);
            assert!(array.validity().is_none_or(|validity| validity.len() == array.len()));
            let nulls = (0..array.len()).filter(|row| !array.is_valid(*row)).count();
            assert_eq!(array.null_count(), nulls);
            if let ArrayData::Utf8(text) = array.data() {
                let offsets: Vec<i32> = (0..=text.len()).map(|at| text.offsets()[at]).collect();
                assert!(offsets.is_sorted() && offsets[0] >= 0);
                for row in 0..text.len() {
                    std::str::from_utf8(text.get_bytes(row)).expect("UTF-8");
                }
            }
            if let ArrayData::Dictionary(codes) = array.data() {
                let value_count = codes.values().len() as i32;
                assert!(codes.codes().iter().all(|code| (0..value_count).contains(code)));
            }
        }
    }
    assert_eq!(row_count, frame.row_count());
}

/// What was set aside: `reason action rows` of the counts, in order.
pub fn counts(frame: &Frame) -> Vec<(String, String, i64)> {
    let Some(faults) = frame.faults() else { return Vec::new() };
    check(&faults.counts);
    let counts = columns(&faults.counts);
    let text = |scalar: &Scalar| match scalar {
        Scalar::Utf8(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let rows = |scalar: &Scalar| match scalar {
        Scalar::Int64(rows) if *rows > 0 => *rows,
        other => panic!("{other:?}"),
    };
    (0..counts[0].len())
        .map(|row| (text(&counts[0][row]), text(&counts[1][row]), rows(&counts[2][row])))
        .collect()
}

/// The quarantine: record, byte offset, text and reason of each row.
pub fn quarantine(frame: &Frame) -> Vec<(i64, i64, String, String)> {
    let Some(faults) = frame.faults() else { return Vec::new() };
    check(&faults.quarantine);
    let kept = columns(&faults.quarantine);
    (0..faults.quarantine.row_count())
        .map(|row| match (&kept[1][row], &kept[3][row], &kept[5][row], &kept[6][row]) {
            (
                Scalar::Int64(record),
                Scalar::Int64(offset),
                Scalar::Utf8(raw),
                Scalar::Utf8(reason),
            ) => (*record, *offset, raw.clone(), reason.clone()),
            other => panic!("{other:?}"),
        })
        .collect()
}
