//! Takes rows: by bitmap, by position, from one array or from several; joins arrays end to end.

use std::sync::{Mutex, PoisonError};

use super::cpu::{self, Work};
use super::nested::rows;
use crate::bytes::scan::Level;
use crate::column::array::with_values;
use crate::column::buffer::Native;
use crate::column::nested;
use crate::column::{
    Arena, Array, ArrayData, Bitmap, Buffer, DataType, Dictionary, MutableBuffer, Storage, Stored,
    Text, TextAppender, Unified, Values,
};
use crate::error::Result;

/// A position that stands for no row: taken as null by [`take_or_null`].
pub const NO_ROW: u32 = u32::MAX;

/// Positions of the bits that are 1, rising.
pub fn positions(bits: &Bitmap, level: Level) -> Vec<u32> {
    let mut rows = vec![0; bits.len() + 64];
    let words: Vec<u64> = (0..bits.word_count()).map(|word| bits.word(word)).collect();
    let count = cpu::run(level, Positions { words: &words, rows: &mut rows });
    rows.truncate(count);
    rows
}

struct Positions<'a> {
    words: &'a [u64],
    rows: &'a mut [u32],
}

impl Work for Positions<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let mut count = 0;
        for (index, word) in self.words.iter().enumerate() {
            let start = index as u32 * 64;
            let mut word = *word;
            let ones = word.count_ones() as usize;
            // Room for 64 more: eight at a time, those past the end are overwritten.
            let out = &mut self.rows[count..count + 64];
            if word == u64::MAX {
                for (offset, slot) in out.iter_mut().enumerate() {
                    *slot = start + offset as u32;
                }
            } else {
                for slot in &mut out[..ones] {
                    *slot = start + word.trailing_zeros();
                    word &= word.wrapping_sub(1);
                }
            }
            count += ones;
        }
        count
    }
}

/// The rows at `rows`, all of which exist.
///
/// Errors: `LimitExceeded` when the text taken does not fit one array.
pub fn take(array: &Array, rows: &[u32]) -> Result<Array> {
    let validity = array.validity().map(|bits| take_bits(bits, rows));
    let data = match array.data() {
        ArrayData::Bool(bits) => ArrayData::Bool(take_bits(bits, rows)),
        ArrayData::Utf8(text) => {
            let mut builder = TextAppender::new(rows.len());
            for row in rows {
                builder.push(text.get(*row as usize))?;
            }
            ArrayData::Utf8(builder.finish())
        }
        ArrayData::Dictionary(codes) => {
            ArrayData::Dictionary(codes.with_codes(take_values(codes.codes(), rows)))
        }
        inner @ (ArrayData::List(_) | ArrayData::Struct(_)) => rows::take(inner, rows)?,
        numbers => with_values!(numbers, values => take_values(values, rows).into()),
    };
    Ok(Array::typed(array.dtype().clone(), data, validity))
}

/// As [`take`], with null for [`NO_ROW`].
pub fn take_or_null(array: &Array, rows: &[u32]) -> Result<Array> {
    if !rows.contains(&NO_ROW) {
        return take(array, rows);
    }
    if array.is_empty() {
        return Ok(Array::nulls(array.dtype().clone(), rows.len()));
    }
    let present = Bitmap::from_fn(rows.len(), |index| {
        rows[index] != NO_ROW && array.is_valid(rows[index] as usize)
    });
    if array.dtype().is_nested() {
        let data = rows::take(array.data(), rows)?;
        return Ok(Array::typed(array.dtype().clone(), data, Some(present)));
    }
    if let ArrayData::Utf8(text) = array.data() {
        let mut builder = TextAppender::new(rows.len());
        for row in rows {
            builder.push(if *row == NO_ROW { "" } else { text.get(*row as usize) })?;
        }
        return Ok(Array::new(ArrayData::Utf8(builder.finish()), Some(present)));
    }
    let some_row: Vec<u32> = rows.iter().map(|row| if *row == NO_ROW { 0 } else { *row }).collect();
    Ok(take(array, &some_row)?.with_validity(Some(present)))
}

fn take_bits(bits: &Bitmap, rows: &[u32]) -> Bitmap {
    Bitmap::from_fn(rows.len(), |index| bits.get(rows[index] as usize))
}

fn take_values<T: Native>(values: &[T], rows: &[u32]) -> Values<T> {
    let mut buffer = MutableBuffer::zeroed::<T>(rows.len());
    for (out, row) in buffer.as_mut_slice::<T>().iter_mut().zip(rows) {
        *out = values[*row as usize];
    }
    Values::new(buffer.freeze())
}

/// Rows from several arrays of one type: `picks` holds (array, row).
///
/// Errors: as [`take`].
pub fn interleave(arrays: &[Array], dtype: &DataType, picks: &[(u32, u32)]) -> Result<Array> {
    if let [only] = arrays {
        let rows: Vec<u32> = picks.iter().map(|(_, row)| *row).collect();
        return take(only, &rows);
    }
    if dtype.is_nested() {
        return interleave_nested(arrays, dtype, picks);
    }
    let validity = arrays.iter().any(|array| array.validity().is_some()).then(|| {
        Bitmap::from_fn(picks.len(), |index| {
            let (array, row) = picks[index];
            arrays[array as usize].is_valid(row as usize)
        })
    });
    let data = match dtype.storage() {
        Storage::Bool => {
            let sources = each(arrays, Array::bits);
            ArrayData::Bool(Bitmap::from_fn(picks.len(), |index| {
                let (array, row) = picks[index];
                sources[array as usize].get(row as usize)
            }))
        }
        Storage::Utf8 => {
            let sources = each(arrays, Array::as_text);
            let mut builder = TextAppender::new(picks.len());
            for (array, row) in picks {
                builder.push(sources[*array as usize].get(*row as usize))?;
            }
            ArrayData::Utf8(builder.finish())
        }
        Storage::Dictionary => ArrayData::Dictionary(pick_codes(arrays, picks)?),
        _ => match arrays.first() {
            Some(first) => {
                with_values!(first.data(), values => pick_values_like(values, arrays, picks))
            }
            None => Array::nulls(dtype.clone(), 0).data().clone(),
        },
    };
    Ok(Array::typed(dtype.clone(), data, validity))
}

/// Picks of dictionaries, which are brought to one.
fn pick_codes(arrays: &[Array], picks: &[(u32, u32)]) -> Result<Dictionary> {
    let sources = each(arrays, Array::as_dictionary);
    let one = Unified::of(&sources)?;
    let mut codes = MutableBuffer::zeroed::<i32>(picks.len());
    for (out, (array, row)) in codes.as_mut_slice::<i32>().iter_mut().zip(picks) {
        let source = *array as usize;
        *out = one.code(source, sources[source].codes()[*row as usize]);
    }
    Ok(Dictionary::new(Values::new(codes.freeze()), one.values))
}

/// Takes rows of the arrays made one.
fn interleave_nested(arrays: &[Array], dtype: &DataType, picks: &[(u32, u32)]) -> Result<Array> {
    let starts: Vec<u32> = arrays
        .iter()
        .scan(0, |start, array| {
            let own = *start;
            *start += array.len() as u32;
            Some(own)
        })
        .collect();
    let rows: Vec<u32> = picks.iter().map(|(array, row)| starts[*array as usize] + row).collect();
    take(&concat(arrays, dtype)?, &rows)
}

fn each<'a, T>(arrays: &'a [Array], view: impl Fn(&'a Array) -> T) -> Vec<T> {
    arrays.iter().map(view).collect()
}

/// Picks of the storage that `_first` has.
fn pick_values_like<T: Stored>(
    _first: &Values<T>,
    arrays: &[Array],
    picks: &[(u32, u32)],
) -> ArrayData {
    let sources = each(arrays, |array| &array.values::<T>()[..]);
    let mut buffer = MutableBuffer::zeroed::<T>(picks.len());
    for (out, (array, row)) in buffer.as_mut_slice::<T>().iter_mut().zip(picks) {
        *out = sources[*array as usize][*row as usize];
    }
    Values::<T>::new(buffer.freeze()).into()
}

/// Bytes of text in an array; none of a dictionary, whose text is that of many arrays; of lists and
/// structs, about the bytes of all that they hold.
pub fn text_len_bytes(array: &Array) -> usize {
    match array.data() {
        ArrayData::Utf8(text) => text_range(text).len(),
        _ if array.dtype().is_nested() => rows::inner_bytes(array),
        _ => 0,
    }
}

fn text_range(text: &Text) -> std::ops::Range<usize> {
    let offsets = text.offsets();
    offsets[0] as usize..offsets[offsets.len() - 1] as usize
}

/// All rows of all arrays in order; without a copy where numbers follow each other in memory.
///
/// Errors: `LimitExceeded` when the text does not fit one array.
pub fn concat(arrays: &[Array], dtype: &DataType) -> Result<Array> {
    concat_in(arrays, dtype, &Mutex::default())
}

/// As [`concat`], in memory of an arena: pages that others used before cost nothing to touch.
pub fn concat_in(arrays: &[Array], dtype: &DataType, arena: &Mutex<Arena>) -> Result<Array> {
    if let [only] = arrays {
        return Ok(only.clone());
    }
    let len = arrays.iter().map(Array::len).sum();
    let data = match dtype.storage() {
        Storage::Bool => ArrayData::Bool(concat_bits(arrays.iter().map(Array::bits), len)),
        Storage::Utf8 => {
            let parts: Vec<&Text> = arrays.iter().map(Array::as_text).collect();
            ArrayData::Utf8(Text::concat(&parts, arena)?)
        }
        Storage::Dictionary => {
            let parts = each(arrays, Array::as_dictionary);
            let one = Unified::of(&parts)?;
            let codes = parts.iter().enumerate();
            let codes: Vec<Buffer> =
                codes.map(|(index, part)| one.codes(index, part.codes())).collect();
            let codes = concat_buffers(&codes.iter().collect::<Vec<&Buffer>>(), arena);
            ArrayData::Dictionary(Dictionary::new(Values::new(codes), one.values))
        }
        Storage::List | Storage::Struct => {
            nested::concat(arrays, dtype, &|parts, dtype| concat_in(parts, dtype, arena))?
        }
        storage => {
            let parts: Vec<&Buffer> =
                arrays.iter().filter_map(|array| array.data().fixed_buffer()).collect();
            ArrayData::of_buffer(storage, concat_buffers(&parts, arena))
        }
    };
    Ok(Array::typed(dtype.clone(), data, concat_validity(arrays, len)))
}

fn concat_buffers(parts: &[&Buffer], arena: &Mutex<Arena>) -> Buffer {
    if let Some(joined) = join_buffers(parts) {
        return joined;
    }
    let size_bytes = parts.iter().map(|part| part.len_bytes()).sum();
    let mut room = arena.lock().unwrap_or_else(PoisonError::into_inner).room(size_bytes);
    for part in parts {
        room.extend_from_slice(part.as_bytes());
    }
    room.freeze()
}

/// One window over all parts, where each begins where the one before it ends.
fn join_buffers(parts: &[&Buffer]) -> Option<Buffer> {
    let (first, last) = (parts.first()?, parts.last()?);
    parts
        .windows(2)
        .all(|pair| pair[0].is_followed_by(pair[1]))
        .then(|| first.joined_to(last))
        .flatten()
}

fn concat_validity(arrays: &[Array], len: usize) -> Option<Bitmap> {
    arrays.iter().any(|array| array.validity().is_some()).then(|| {
        let parts: Vec<Bitmap> = arrays
            .iter()
            .map(|array| match array.validity() {
                Some(bits) => bits.clone(),
                None => Bitmap::repeat(true, array.len()),
            })
            .collect();
        concat_bits(parts.iter(), len)
    })
}

fn concat_bits<'a>(parts: impl Iterator<Item = &'a Bitmap>, len: usize) -> Bitmap {
    let mut buffer = MutableBuffer::zeroed::<u64>(len.div_ceil(64));
    let words = buffer.as_mut_slice::<u64>();
    let mut at = 0;
    for part in parts {
        for index in 0..part.word_count() {
            let bits = part.word(index);
            let (word, shift) = ((at + index * 64) / 64, (at + index * 64) % 64);
            words[word] |= bits << shift;
            // Bits that reach into the next word; those behind the part's end are 0.
            if shift > 0 && bits >> (64 - shift) != 0 {
                words[word + 1] |= bits >> (64 - shift);
            }
        }
        at += part.len();
    }
    for word in words {
        *word = word.to_le();
    }
    Bitmap::new(buffer.freeze(), len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, Scalar};

    #[test]
    fn joined_arrays_keep_values_and_nulls_also_of_slices() {
        let values = |dtype: DataType, make: fn(i64) -> Scalar| {
            let mut builder = ArrayBuilder::new(dtype, 300);
            for row in 0..300 {
                match row % 7 {
                    3 => builder.push_null(),
                    _ => builder.push(&make(row)).expect("a value"),
                }
            }
            builder.finish()
        };
        let arena = Mutex::default();
        for whole in [
            values(DataType::Int64, Scalar::Int64),
            values(DataType::Date, |row| Scalar::Date(row as i32)),
            values(DataType::Bool, |row| Scalar::Bool(row % 2 == 0)),
            values(DataType::Utf8, |row| Scalar::Utf8("é".repeat(row as usize % 5))),
            values(DataType::Dictionary, |row| Scalar::Utf8("é".repeat(row as usize % 5))),
        ] {
            // Out of order, so that none follows the one before it in memory.
            let parts = [(250, 50), (0, 64), (64, 1), (65, 0), (70, 100)];
            let slices = parts.map(|(offset, len)| whole.slice(offset, len));
            let joined = concat_in(&slices, whole.dtype(), &arena).expect("small arrays");
            let rows: Vec<usize> =
                parts.into_iter().flat_map(|(offset, len)| offset..offset + len).collect();
            assert_eq!(joined.len(), rows.len());
            for (index, row) in rows.into_iter().enumerate() {
                assert_eq!(joined.scalar(index), whole.scalar(row), "{}", whole.dtype());
            }
        }
    }
}
