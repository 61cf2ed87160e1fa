//! Chunks of a column: joined where they already lie in one piece, made one where not, cut to a
//! range of rows, and copied out. Pure functions over arrays.

use pardox_engine::column::{
    Array, ArrayData, Bitmap, Buffer, DataType, Dictionary, MutableBuffer, Storage, Text,
    TextAppender, Unified, Values,
};
use pardox_engine::column::{json, nested};
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::limits::ARRAY_TEXT_BYTES_MAX;

use crate::guard::Target;

/// The chunks as one without a copy, where each ends in the very place where the next starts; else
/// the chunks as they are.
///
/// Cost: one comparison a chunk. Text stays in chunks, since its bytes would be checked anew.
pub(crate) fn joined(chunks: Vec<Array>) -> Vec<Array> {
    match whole(&chunks) {
        Some(whole) => vec![whole],
        None => chunks,
    }
}

fn whole(chunks: &[Array]) -> Option<Array> {
    if chunks.len() < 2 {
        return None;
    }
    let dtype = chunks[0].dtype();
    let data = match dtype.storage() {
        Storage::Bool => ArrayData::Bool(whole_bits(chunks, |array| Some(array.bits()))?),
        Storage::Utf8 | Storage::List | Storage::Struct => return None,
        Storage::Dictionary => ArrayData::Dictionary(whole_codes(chunks)?),
        storage => ArrayData::of_buffer(storage, whole_buffer(&fixed_buffers(chunks))?),
    };
    let validity = match chunks.iter().any(|array| array.validity().is_some()) {
        true => Some(whole_bits(chunks, Array::validity)?),
        false => None,
    };
    Some(Array::typed(dtype.clone(), data, validity))
}

/// Codes join where all chunks share their values.
fn whole_codes(chunks: &[Array]) -> Option<Dictionary> {
    let first = chunks.first()?.as_dictionary();
    let parts: Vec<&Dictionary> = chunks.iter().map(Array::as_dictionary).collect();
    let codes: Vec<&Buffer> = parts.iter().map(|part| part.codes().buffer()).collect();
    let are_shared = parts.iter().all(|part| part.shares_values(first));
    let codes = whole_buffer(&codes).filter(|_| are_shared)?;
    Some(first.with_codes(Values::new(codes)))
}

/// The values of fixed-width arrays as bytes.
fn fixed_buffers(chunks: &[Array]) -> Vec<&Buffer> {
    chunks.iter().filter_map(|array| array.data().fixed_buffer()).collect()
}

/// Bits join where all chunks but the last fill whole bytes.
fn whole_bits<'a>(
    chunks: &'a [Array],
    bits: impl Fn(&'a Array) -> Option<&'a Bitmap>,
) -> Option<Bitmap> {
    let (last, rest) = chunks.split_last()?;
    if rest.iter().any(|array| array.len() % 8 != 0) {
        return None;
    }
    // A bitmap's buffer may be longer than its bits.
    let buffers: Option<Vec<Buffer>> = rest
        .iter()
        .chain([last])
        .map(|array| bits(array).map(|bits| bits.buffer().slice(0, bits.len().div_ceil(8))))
        .collect();
    let len = chunks.iter().map(Array::len).sum();
    let buffers = buffers?;
    whole_buffer(&buffers.iter().collect::<Vec<&Buffer>>()).map(|buffer| Bitmap::new(buffer, len))
}

fn whole_buffer(buffers: &[&Buffer]) -> Option<Buffer> {
    let follow = buffers.windows(2).all(|pair| pair[0].is_followed_by(pair[1]));
    match buffers {
        [first, .., last] if follow => first.joined_to(last),
        _ => None,
    }
}

/// All chunks in new buffers, one behind the other; none make an empty array.
///
/// Errors: `LimitExceeded` when the text exceeds `ARRAY_TEXT_BYTES_MAX`.
pub(crate) fn concatenated(dtype: &DataType, chunks: &[Array]) -> Result<Array> {
    let data = match dtype.storage() {
        Storage::Bool => ArrayData::Bool(gather_bits(chunks, |array| Some(array.bits()))),
        Storage::Utf8 => ArrayData::Utf8(gather_text(chunks)?),
        Storage::Dictionary => ArrayData::Dictionary(gather_codes(chunks)?),
        Storage::List | Storage::Struct => {
            nested::concat(chunks, dtype, &|chunks, dtype| concatenated(dtype, chunks))?
        }
        storage => ArrayData::of_buffer(storage, gather(chunks)),
    };
    let has_nulls = chunks.iter().any(|array| array.validity().is_some());
    let validity = has_nulls.then(|| gather_bits(chunks, Array::validity));
    Ok(Array::typed(dtype.clone(), data, validity))
}

fn gather(chunks: &[Array]) -> Buffer {
    let buffers = fixed_buffers(chunks);
    let size_bytes = buffers.iter().map(|buffer| buffer.len_bytes()).sum();
    let mut bytes = MutableBuffer::with_capacity(size_bytes);
    buffers.iter().for_each(|buffer| bytes.extend_from_slice(buffer.as_bytes()));
    bytes.freeze()
}

fn gather_codes(chunks: &[Array]) -> Result<Dictionary> {
    let parts: Vec<&Dictionary> = chunks.iter().map(Array::as_dictionary).collect();
    let one = Unified::of(&parts)?;
    let mut codes = MutableBuffer::with_capacity(0);
    for (index, part) in parts.iter().enumerate() {
        codes.extend_from_slice(one.codes(index, part.codes()).as_bytes());
    }
    Ok(Dictionary::new(Values::new(codes.freeze()), one.values))
}

fn gather_text(chunks: &[Array]) -> Result<Text> {
    let range = |text: &Text| (text.offsets()[0] as usize, text.offsets()[text.len()] as usize);
    let sizes = chunks.iter().map(|array| {
        let (start, end) = range(array.as_text());
        end - start
    });
    let size_bytes: usize = sizes.sum();
    if size_bytes > ARRAY_TEXT_BYTES_MAX {
        let expected = format!("text of at most {ARRAY_TEXT_BYTES_MAX} bytes in one chunk");
        let found = format!("{size_bytes} bytes");
        return Err(Error::mismatch(ErrorKind::LimitExceeded, expected, found)
            .hint("read the column chunk by chunk"));
    }
    let row_count: usize = chunks.iter().map(Array::len).sum();
    let mut offsets = MutableBuffer::with_capacity((row_count + 1) * size_of::<i32>());
    let mut bytes = MutableBuffer::with_capacity(size_bytes);
    offsets.push(0_i32);
    for text in chunks.iter().map(Array::as_text) {
        let (start, end) = range(text);
        // What was written so far, minus where this chunk starts: fits, as the sum does.
        let shift = bytes.len_bytes() as i64 - start as i64;
        for offset in &text.offsets()[1..] {
            offsets.push((i64::from(*offset) + shift) as i32);
        }
        bytes.extend_from_slice(&text.bytes().as_bytes()[start..end]);
    }
    Ok(Text::new(Values::new(offsets.freeze()), bytes.freeze()))
}

/// Bits of all chunks; where a chunk has none, as many ones.
fn gather_bits<'a>(chunks: &'a [Array], bits: impl Fn(&'a Array) -> Option<&'a Bitmap>) -> Bitmap {
    let len: usize = chunks.iter().map(Array::len).sum();
    let mut words = vec![0_u64; len.div_ceil(64)];
    let mut position = 0;
    for chunk in chunks {
        let part = bits(chunk);
        for word in 0..chunk.len().div_ceil(64) {
            let count = (chunk.len() - word * 64).min(64);
            let ones = u64::MAX >> (64 - count);
            let value = part.map_or(ones, |bits| bits.word(word));
            let (slot, shift) = (position / 64, position % 64);
            words[slot] |= value << shift;
            if shift + count > 64 {
                words[slot + 1] |= value >> (64 - shift);
            }
            position += count;
        }
    }
    Bitmap::from_words(len, |word| words[word])
}

/// Parts of chunks that make up `row_count` rows from `row` on, which are there.
pub(crate) fn range(chunks: &[Array], row: usize, row_count: usize) -> Vec<Array> {
    let (mut skip, mut left) = (row, row_count);
    let mut parts = Vec::new();
    for chunk in chunks {
        if left == 0 {
            break;
        }
        let start = skip.min(chunk.len());
        skip -= start;
        let len = left.min(chunk.len() - start);
        if len > 0 {
            parts.push(chunk.slice(start, len));
            left -= len;
        }
    }
    debug_assert_eq!(left, 0);
    parts
}

/// Copies values, a byte for a bool, and validity, a byte a row; room was made sure of.
pub(crate) fn copy_values(parts: &[Array], values: &Target, validity: Option<&Target>) {
    let (mut offset, mut row) = (0, 0);
    for part in parts {
        let width = part.dtype().width_bytes().unwrap_or(1);
        match (part.data(), part.data().fixed_buffer()) {
            (ArrayData::Bool(bits), _) => {
                let bytes: Vec<u8> = bits.iter().map(u8::from).collect();
                values.write(offset, &bytes);
            }
            (_, Some(buffer)) => values.write(offset, buffer.as_bytes()),
            (_, None) => unreachable!("text is refused before"),
        }
        // What lies below a null means nothing: the caller gets 0, the same in each run.
        if let Some(present) = part.validity() {
            for index in (0..part.len()).filter(|index| !present.get(*index)) {
                values.fill(offset + index * width, 0, width);
            }
        }
        copy_validity(part, row, validity);
        offset += part.len() * width;
        row += part.len();
    }
}

fn copy_validity(part: &Array, row: usize, target: Option<&Target>) {
    let Some(target) = target else { return };
    match part.validity() {
        None => target.fill(row, 1, part.len()),
        Some(present) => {
            let bytes: Vec<u8> = present.iter().map(u8::from).collect();
            target.write(row, &bytes);
        }
    }
}

/// Lists and structs as JSON text for hosts.
///
/// Errors: `LimitExceeded` for text beyond what 32-bit offsets reach.
pub(crate) fn texts(chunks: &[Array]) -> Result<Vec<Array>> {
    let text = |part: &Array| {
        let mut builder = TextAppender::new(part.len());
        let mut value = Vec::new();
        for row in 0..part.len() {
            value.clear();
            if part.is_valid(row) {
                json::write_host(part, row, &mut value);
            }
            builder.push(&String::from_utf8_lossy(&value))?;
        }
        Ok(Array::new(ArrayData::Utf8(builder.finish()), part.validity().cloned()))
    };
    chunks.iter().map(text).collect()
}

/// What [`copy_text`] did.
pub(crate) struct CopiedText {
    /// Rows copied.
    pub(crate) row_count: usize,
    /// Bytes that all rows take, copied or not.
    pub(crate) needed_bytes: usize,
}

/// Copies as many rows of text as fit, with offsets from 0; room for the offsets of all rows and
/// for their validity was made sure of.
pub(crate) fn copy_text(
    parts: &[Array],
    offsets: &Target,
    text: &Target,
    validity: Option<&Target>,
) -> CopiedText {
    let mut copied = CopiedText { row_count: 0, needed_bytes: 0 };
    let mut is_full = false;
    offsets.write(0, &0_i64.to_ne_bytes());
    for part in parts {
        let rows_before = copied.row_count;
        for index in 0..part.len() {
            // What lies below a null means nothing: the caller gets no bytes.
            let value = if part.is_valid(index) { part.text_bytes(index) } else { &[] };
            let end = copied.needed_bytes + value.len();
            is_full |= end > text.capacity_bytes();
            if !is_full {
                text.write(copied.needed_bytes, value);
                copied.row_count += 1;
                offsets.write(copied.row_count * size_of::<i64>(), &(end as i64).to_ne_bytes());
            }
            copied.needed_bytes = end;
        }
        let fitting = copied.row_count - rows_before;
        copy_validity(&part.slice(0, fitting), rows_before, validity);
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;
    use pardox_engine::column::{ArrayBuilder, Scalar};

    fn numbers(values: std::ops::Range<i64>) -> Array {
        let mut builder = ArrayBuilder::new(DataType::Int64, 0);
        for value in values {
            let value = if value % 5 == 0 { Scalar::Null } else { Scalar::Int64(value) };
            builder.push(&value).expect("numbers always fit");
        }
        builder.finish()
    }

    fn scalars(chunks: &[Array]) -> Vec<Scalar> {
        chunks.iter().flat_map(|chunk| (0..chunk.len()).map(|row| chunk.scalar(row))).collect()
    }

    #[test]
    fn slices_of_one_array_join_without_a_copy_where_bytes_are_whole() {
        let all = numbers(0..40);
        let chunks = vec![all.slice(0, 16), all.slice(16, 8), all.slice(24, 16)];
        let one = joined(chunks);
        assert_eq!((one.len(), scalars(&one)), (1, scalars(std::slice::from_ref(&all))));
        let (ArrayData::Int64(before), ArrayData::Int64(after)) = (all.data(), one[0].data())
        else {
            panic!("both are int64");
        };
        assert_eq!(before.as_ptr(), after.as_ptr());
        let uneven = vec![all.slice(0, 3), all.slice(3, 37)];
        assert_eq!(joined(uneven).len(), 2);
        assert_eq!(joined(vec![numbers(0..8), numbers(8..16)]).len(), 2);
    }

    #[test]
    fn concatenation_keeps_values_and_nulls_at_every_border() {
        for cut in [0, 1, 7, 8, 63, 64, 65, 100, 129, 130] {
            let chunks = [numbers(0..cut), numbers(cut..130), numbers(130..131)];
            let one = concatenated(&DataType::Int64, &chunks).expect("numbers always fit");
            assert_eq!(scalars(&[one]), scalars(&chunks), "cut {cut}");
        }
        let none = concatenated(&DataType::Utf8, &[]).expect("nothing always fits");
        assert_eq!((none.len(), none.dtype()), (0, &DataType::Utf8));
    }

    #[test]
    fn text_of_slices_concatenates() {
        let mut builder = ArrayBuilder::new(DataType::Utf8, 0);
        for value in ["a", "", "\u{e9}t\u{e9}", "z"] {
            builder.push_text(value).expect("small text fits");
        }
        builder.push_null();
        let all = builder.finish();
        let chunks = [all.slice(2, 3), all.slice(0, 2), all.slice(4, 1)];
        let one = concatenated(&DataType::Utf8, &chunks).expect("small text fits");
        assert_eq!(scalars(&[one]), scalars(&chunks));
    }

    #[test]
    fn ranges_cross_chunks() {
        let chunks = [numbers(0..3), numbers(3..4), numbers(4..9)];
        let all = scalars(&chunks);
        for start in 0..=9 {
            for len in 0..=9 - start {
                assert_eq!(scalars(&range(&chunks, start, len)), all[start..start + len]);
            }
        }
    }
}
