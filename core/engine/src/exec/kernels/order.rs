//! Orders rows by keys: stable, each key with its direction and the place of its nulls.
//!
//! A key becomes a word per row whose order as a number is the order asked for: signs flipped,
//! floats as IEEE 754 totalOrder with one NaN and one zero, text by its first 8 bytes, codes of a
//! dictionary by the rank of their text, descending by inverting. (word, row) pairs are sorted;
//! they are all distinct, so that the sort need not be stable. Runs of equal words are ordered by
//! the rest of the text, then by the next key.

use super::nested::keys::comparables;
use crate::column::{Array, ArrayData, DataType, Dictionary, Storage, Unified, Values};
use crate::context::Context;
use crate::error::Result;
use crate::limits::BLOCK_ROWS_MAX;

/// One key over all rows, in one array or in several.
pub struct Key<'a> {
    /// The values in order of the rows.
    pub arrays: &'a [Array],
    /// Largest first.
    pub descending: bool,
    /// Nulls before all values, in either direction.
    pub nulls_first: bool,
}

/// Rows 0 to `row_count` in order of the keys, the most significant first.
pub fn order(keys: &[Key<'_>], row_count: usize, context: &Context) -> Result<Vec<u32>> {
    let keys = keys
        .iter()
        .map(|key| Ok((comparables(key.arrays)?, key.descending, key.nulls_first)))
        .collect::<Result<Vec<_>>>()?;
    let keys = keys.iter().map(|(arrays, descending, nulls_first)| Key {
        arrays,
        descending: *descending,
        nulls_first: *nulls_first,
    });
    let keys: Vec<Key<'_>> = keys.collect();
    let ranked = keys.iter().map(|key| ranks(key.arrays)).collect::<Result<Vec<_>>>()?;
    let mut columns = Vec::new();
    for (key, ranks) in keys.iter().zip(&ranked) {
        let key = &Key { arrays: ranks.as_deref().unwrap_or(key.arrays), ..*key };
        columns.push(Column::new(key, context)?);
        if key.arrays.first().is_some_and(|array| array.data().storage() == Storage::Int128) {
            columns.push(Column::lower_half(key));
        }
    }
    let mut rows: Vec<u32> = (0..row_count as u32).collect();
    sort_rows(&mut rows, &columns, context)?;
    Ok(rows)
}

/// The rows of a dictionary key as numbers in the order of their text; `None` for other keys.
fn ranks(arrays: &[Array]) -> Result<Option<Vec<Array>>> {
    if arrays.first().is_none_or(|array| array.data().storage() != Storage::Dictionary) {
        return Ok(None);
    }
    let parts: Vec<&Dictionary> = arrays.iter().map(Array::as_dictionary).collect();
    let one = Unified::of(&parts)?;
    let mut sorted: Vec<usize> = (0..one.values.len()).collect();
    sorted.sort_unstable_by_key(|code| one.values.get_bytes(*code));
    let mut rank_of = vec![0_i32; sorted.len()];
    for (rank, code) in sorted.into_iter().enumerate() {
        rank_of[code] = rank as i32;
    }
    let ranked = arrays.iter().zip(&parts).enumerate().map(|(index, (array, part))| {
        let codes = part.codes().iter();
        let ranks: Vec<i32> = codes.map(|code| rank_of[one.code(index, *code) as usize]).collect();
        Array::new(ArrayData::Int32(Values::from(ranks)), array.validity().cloned())
    });
    Ok(Some(ranked.collect()))
}

/// A key as words.
struct Column<'a> {
    words: Vec<u64>,
    nulls: Option<Vec<bool>>,
    nulls_first: bool,
    /// The text itself, where 8 bytes do not say all.
    text: Option<TextKey<'a>>,
}

struct TextKey<'a> {
    arrays: &'a [Array],
    starts: Vec<usize>,
    descending: bool,
}

impl TextKey<'_> {
    fn get(&self, row: u32) -> &[u8] {
        let array = match self.arrays.len() {
            1 => 0,
            _ => self.starts.partition_point(|start| *start <= row as usize) - 1,
        };
        self.arrays[array].as_text().get_bytes(row as usize - self.starts[array])
    }

    fn order(&self, a: u32, b: u32) -> std::cmp::Ordering {
        let order = self.get(a).cmp(self.get(b));
        if self.descending { order.reverse() } else { order }
    }
}

impl<'a> Column<'a> {
    fn new(key: &Key<'a>, context: &Context) -> Result<Column<'a>> {
        let flip = if key.descending { u64::MAX } else { 0 };
        let parts: Vec<Array> = key.arrays.iter().flat_map(parts).collect();
        let parts = context.parallel(parts.len(), |index| Ok(words(&parts[index])))?;
        let words = parts.iter().flatten().map(|word| word ^ flip).collect();
        let has_nulls = key.arrays.iter().any(|array| array.null_count() > 0);
        let nulls = has_nulls.then(|| {
            let is_null = |array: &'a Array| (0..array.len()).map(|row| !array.is_valid(row));
            key.arrays.iter().flat_map(is_null).collect()
        });
        let is_text = key.arrays.first().is_some_and(|array| *array.dtype() == DataType::Utf8);
        let text = is_text.then(|| {
            let starts = key.arrays.iter().scan(0, |start, array| {
                let own = *start;
                *start += array.len();
                Some(own)
            });
            TextKey { arrays: key.arrays, starts: starts.collect(), descending: key.descending }
        });
        Ok(Column { words, nulls, nulls_first: key.nulls_first, text })
    }
}

impl<'a> Column<'a> {
    /// The lower words of a key of 128 bits, whose upper ones come before and know the nulls.
    fn lower_half(key: &Key<'a>) -> Column<'a> {
        let flip = if key.descending { u64::MAX } else { 0 };
        let word = |array: &'a Array| {
            let values = array.values::<i128>().iter().enumerate();
            values.map(move |(row, value)| match array.is_valid(row) {
                true => *value as u64 ^ flip,
                false => 0,
            })
        };
        let words = key.arrays.iter().flat_map(word).collect();
        Column { words, nulls: None, nulls_first: key.nulls_first, text: None }
    }
}

/// An array in runs of rows that take no time to speak of: a cancel is seen between two of them.
fn parts(array: &Array) -> impl Iterator<Item = Array> + '_ {
    let starts = (0..array.len()).step_by(BLOCK_ROWS_MAX);
    starts.map(|start| array.slice(start, BLOCK_ROWS_MAX.min(array.len() - start)))
}

const SIGN: u64 = 1 << 63;

fn words(array: &Array) -> Vec<u64> {
    fn of<T: Copy>(values: &[T], word: impl Fn(T) -> u64) -> Vec<u64> {
        values.iter().map(|value| word(*value)).collect()
    }
    let signed = |value: i64| value as u64 ^ SIGN;
    match array.data() {
        ArrayData::Bool(bits) => bits.iter().map(u64::from).collect(),
        ArrayData::Int8(values) => of(values, |value| signed(value.into())),
        ArrayData::Int16(values) => of(values, |value| signed(value.into())),
        ArrayData::Int32(values) => of(values, |value| signed(value.into())),
        ArrayData::Int64(values) => of(values, signed),
        ArrayData::Int128(values) => of(values, |value| signed((value >> 64) as i64)),
        ArrayData::UInt8(values) => of(values, u64::from),
        ArrayData::UInt16(values) => of(values, u64::from),
        ArrayData::UInt32(values) => of(values, u64::from),
        ArrayData::UInt64(values) => values.to_vec(),
        ArrayData::Float32(values) => of(values, |value| float_word(value.into())),
        ArrayData::Float64(values) => of(values, float_word),
        ArrayData::Dictionary(_) => panic!("codes of text have ranks"),
        ArrayData::Utf8(text) => {
            (0..text.len()).map(|row| prefix_word(text.get_bytes(row))).collect()
        }
        ArrayData::List(_) | ArrayData::Struct(_) => panic!("lists and structs became text"),
    }
}

fn float_word(value: f64) -> u64 {
    if value.is_nan() {
        return u64::MAX;
    }
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits ^ SIGN } else { !bits }
}

/// The first 8 bytes, the first the most significant; zeros behind the end.
fn prefix_word(text: &[u8]) -> u64 {
    match text.first_chunk::<8>() {
        Some(chunk) => u64::from_be_bytes(*chunk),
        None => {
            let mut chunk = [0; 8];
            chunk[..text.len()].copy_from_slice(text);
            u64::from_be_bytes(chunk)
        }
    }
}

/// Orders `rows`, which are rising, by the columns.
fn sort_rows(rows: &mut [u32], columns: &[Column<'_>], context: &Context) -> Result<()> {
    let Some((column, rest)) = columns.split_first() else { return Ok(()) };
    if rows.len() < 2 {
        return Ok(());
    }
    let (nulls, present) = split_nulls(rows, column);
    sort_rows(nulls, rest, context)?;
    if present.is_sorted_by_key(|row| column.words[*row as usize])
        && column.text.is_none()
        && rest.is_empty()
    {
        return Ok(());
    }
    let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(present.len());
    for rows in present.chunks(BUCKET_PAIRS) {
        context.check()?;
        pairs.extend(rows.iter().map(|row| (column.words[*row as usize], *row)));
    }
    sort_pairs(&mut pairs, context)?;
    for (row, pair) in present.iter_mut().zip(&pairs) {
        *row = pair.1;
    }
    if column.text.is_none() && rest.is_empty() {
        return Ok(());
    }
    let mut start = 0;
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let run = &mut present[start..start + run.len()];
        start += run.len();
        match &column.text {
            _ if run.len() == 1 => {}
            None => sort_rows(run, rest, context)?,
            Some(text) => sort_texts(run, text, rest, context)?,
        }
    }
    Ok(())
}

/// Orders a run of rows whose texts begin alike.
fn sort_texts(
    run: &mut [u32],
    text: &TextKey<'_>,
    rest: &[Column<'_>],
    context: &Context,
) -> Result<()> {
    context.check()?;
    let first = text.get(run[0]);
    if run.iter().any(|row| text.get(*row) != first) {
        run.sort_by(|a, b| text.order(*a, *b));
    }
    if rest.is_empty() {
        return Ok(());
    }
    for equal in run.chunk_by_mut(|a, b| text.get(*a) == text.get(*b)) {
        sort_rows(equal, rest, context)?;
    }
    Ok(())
}

/// Moves nulls to their end, keeping the order on both sides: (nulls, others).
fn split_nulls<'r>(rows: &'r mut [u32], column: &Column<'_>) -> (&'r mut [u32], &'r mut [u32]) {
    let Some(nulls) = &column.nulls else { return (&mut [], rows) };
    let (mut absent, mut present) = (Vec::new(), Vec::new());
    for row in rows.iter() {
        if nulls[*row as usize] { absent.push(*row) } else { present.push(*row) }
    }
    if column.nulls_first {
        rows[..absent.len()].copy_from_slice(&absent);
        rows[absent.len()..].copy_from_slice(&present);
        rows.split_at_mut(absent.len())
    } else {
        rows[..present.len()].copy_from_slice(&present);
        rows[present.len()..].copy_from_slice(&absent);
        let (present, absent) = rows.split_at_mut(present.len());
        (absent, present)
    }
}

/// Pairs that are sorted in one go: few enough that a cancel is seen soon.
const BUCKET_PAIRS: usize = 1 << 18;

/// Samples for each bucket: the more, the more even the buckets.
const SAMPLES_PER_BUCKET: usize = 32;

/// Sorts distinct pairs: they go into buckets of rising ranges, then each bucket is sorted.
///
/// Ranges come from a sample of the pairs, row numbers included, so that equal keys spread over
/// several buckets too. There is nothing to merge, and the order of distinct pairs is one.
fn sort_pairs(pairs: &mut Vec<(u64, u32)>, context: &Context) -> Result<()> {
    if pairs.len() <= BUCKET_PAIRS {
        context.check()?;
        pairs.sort_unstable();
        return Ok(());
    }
    let limits = bucket_limits(pairs);
    let parts: Vec<&[(u64, u32)]> = pairs.chunks(BUCKET_PAIRS).collect();
    let split = context.parallel(parts.len(), |index| Ok(split(parts[index], &limits)))?;
    let buckets = context.parallel(limits.len() + 1, |index| {
        let mut bucket: Vec<(u64, u32)> =
            split.iter().flat_map(|part| &part[index]).copied().collect();
        bucket.sort_unstable();
        Ok(bucket)
    })?;
    pairs.clear();
    for bucket in buckets {
        context.check()?;
        pairs.extend_from_slice(&bucket);
    }
    Ok(())
}

/// The first pair of each bucket but the first one.
fn bucket_limits(pairs: &[(u64, u32)]) -> Vec<(u64, u32)> {
    let bucket_count = pairs.len().div_ceil(BUCKET_PAIRS);
    let step = pairs.len() / (bucket_count * SAMPLES_PER_BUCKET);
    let mut sample: Vec<(u64, u32)> = pairs.iter().step_by(step).copied().collect();
    sample.sort_unstable();
    (1..bucket_count).map(|bucket| sample[bucket * sample.len() / bucket_count]).collect()
}

/// The pairs by bucket.
fn split(pairs: &[(u64, u32)], limits: &[(u64, u32)]) -> Vec<Vec<(u64, u32)>> {
    let room = 2 * pairs.len() / (limits.len() + 1);
    let mut buckets: Vec<Vec<(u64, u32)>> =
        (0..=limits.len()).map(|_| Vec::with_capacity(room)).collect();
    for pair in pairs {
        buckets[limits.partition_point(|limit| limit <= pair)].push(*pair);
    }
    buckets
}
