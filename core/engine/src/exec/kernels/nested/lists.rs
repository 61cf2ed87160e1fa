//! Functions of lists: whole columns of elements at a time, by the kernels that columns have.

use std::num::NonZeroUsize;
use std::ops::Range;

use crate::bytes::scan::Level;
use crate::column::bitmap::intersect;
use crate::column::nested::require_room;
use crate::column::{Array, ArrayData, Bitmap, DataType, ListValues, Values};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::compare::compare;
use crate::exec::kernels::hash::{Grouper, Seed};
use crate::exec::kernels::nested::keys::comparable;
use crate::exec::kernels::order::{Key, order};
use crate::exec::kernels::reduce::State;
use crate::exec::kernels::take::{self, NO_ROW};
use crate::exec::kernels::{Datum, Operand};
use crate::plan::functions::{AggregateFunction, CompareFunction};

/// The elements of lists, side by side, without those that stand below nulls.
struct Elements {
    /// Of each list from 0 on, one more than lists.
    offsets: Vec<i32>,
    child: Array,
}

impl Elements {
    fn of(array: &Array) -> Result<Elements> {
        let lists = array.lists();
        let hides = |row: usize| !array.is_valid(row) && !lists.range(row).is_empty();
        if (0..array.len()).any(hides) {
            let row = |row: usize| if array.is_valid(row) { row as u32 } else { NO_ROW };
            let rows: Vec<u32> = (0..array.len()).map(row).collect();
            return Elements::of(&take::take_or_null(array, &rows)?);
        }
        let first = lists.offsets()[0];
        let offsets = lists.offsets().iter().map(|offset| offset - first).collect();
        Ok(Elements { offsets, child: lists.used_child() })
    }

    /// The list that each element stands in.
    fn owners(&self) -> Vec<u32> {
        let mut owners = Vec::with_capacity(self.child.len());
        for (list, pair) in self.offsets.windows(2).enumerate() {
            owners.resize(pair[1] as usize, list as u32);
        }
        owners
    }

    /// The list that each element stands in, as a column.
    fn owner_column(&self) -> Array {
        let owners: Vec<i64> = self.owners().into_iter().map(i64::from).collect();
        Array::new(Values::from(owners).into(), None)
    }
}

fn list_array(like: &Array, offsets: Vec<i32>, child: Array) -> Array {
    let data = ArrayData::List(ListValues::new(Values::from(offsets), child));
    Array::typed(like.dtype().clone(), data, like.validity().cloned())
}

/// Lists of the values of one row in several columns.
///
/// Errors: `LimitExceeded` where they do not fit one array.
pub fn make(parts: &[Array], dtype: &DataType, len: usize) -> Result<Array> {
    let DataType::List(item) = dtype else { panic!("{dtype} is no list") };
    require_room(parts.len() * len)?;
    let picks =
        (0..len as u32).flat_map(|row| (0..parts.len() as u32).map(move |part| (part, row)));
    let child = take::interleave(parts, item, &picks.collect::<Vec<_>>())?;
    let offsets: Vec<i32> = (0..=len).map(|row| (row * parts.len()) as i32).collect();
    let data = ArrayData::List(ListValues::new(Values::from(offsets), child));
    Ok(Array::typed(dtype.clone(), data, None))
}

/// Numbers of elements.
pub fn length(array: &Array) -> Array {
    let lists = array.lists();
    let counts: Vec<i64> = (0..lists.len()).map(|row| lists.range(row).len() as i64).collect();
    Array::new(Values::from(counts).into(), array.validity().cloned())
}

/// The element of each list that `place` chooses; null where it chooses none.
pub fn at(array: &Array, place: impl Fn(usize, Range<usize>) -> Option<usize>) -> Result<Array> {
    let lists = array.lists();
    let row = |row: usize| match array.is_valid(row) {
        true => place(row, lists.range(row)).map_or(NO_ROW, |at| at as u32),
        false => NO_ROW,
    };
    let rows: Vec<u32> = (0..array.len()).map(row).collect();
    take::take_or_null(lists.child(), &rows)
}

/// The elements at positions from 1 on, or from the end where negative; null where there is none.
///
/// Errors: `InvalidArgument` for position 0.
pub fn get(array: &Array, positions: &Datum) -> Result<Array> {
    let wanted: Operand<'_, i64> = positions.values();
    let is_given = |row: usize| positions.validity().is_none_or(|bits| bits.get(row));
    let is_zero = |row: &usize| wanted.get(*row) == 0 && is_given(*row) && array.is_valid(*row);
    if (0..array.len()).any(|row| is_zero(&row)) {
        return Err(position_zero());
    }
    at(array, |row, range| {
        let position = wanted.get(row);
        let offset = match is_given(row) {
            false => return None,
            true if position > 0 => usize::try_from(position - 1).ok()?,
            true => range.len().checked_sub(usize::try_from(position.unsigned_abs()).ok()?)?,
        };
        (offset < range.len()).then_some(range.start + offset)
    })
}

fn position_zero() -> Error {
    Error::mismatch(ErrorKind::InvalidArgument, "a position from 1 on, or from -1 down", "0")
}

/// A window of each list.
///
/// Errors: `InvalidArgument` for position 0 and for a negative length.
pub fn slice(array: &Array, starts: &Datum, lengths: Option<&Datum>) -> Result<Array> {
    let lists = array.lists();
    let (start_of, length_of): (Operand<'_, i64>, Option<Operand<'_, i64>>) =
        (starts.values(), lengths.map(Datum::values));
    let validity = intersect(array.validity(), starts.validity());
    let validity = intersect(validity.as_ref(), lengths.and_then(Datum::validity));
    let mut offsets = Vec::with_capacity(array.len() + 1);
    offsets.push(0);
    let mut rows: Vec<u32> = Vec::new();
    for row in 0..array.len() {
        if validity.as_ref().is_none_or(|bits| bits.get(row)) {
            let length = length_of.as_ref().map_or(i64::MAX, |length| length.get(row));
            let range = window(lists.range(row), start_of.get(row), length)?;
            rows.extend(range.start as u32..range.end as u32);
        }
        require_room(rows.len())?;
        offsets.push(rows.len() as i32);
    }
    let child = take::take(lists.child(), &rows)?;
    let data = ArrayData::List(ListValues::new(Values::from(offsets), child));
    Ok(Array::typed(array.dtype().clone(), data, validity))
}

fn window(range: Range<usize>, start: i64, length: i64) -> Result<Range<usize>> {
    if length < 0 {
        let expected = "a length that is not negative";
        return Err(Error::mismatch(ErrorKind::InvalidArgument, expected, length.to_string()));
    }
    let len = range.len() as i64;
    let first = match start {
        0 => return Err(position_zero()),
        start if start > 0 => start - 1,
        start => start.saturating_add(len),
    };
    let end = first.saturating_add(length).clamp(0, len);
    let first = first.clamp(0, len);
    Ok(range.start + first as usize..range.start + end.max(first) as usize)
}

/// Whether an element of each list equals the row's value.
pub fn contains(array: &Array, values: &Array, level: Level) -> Result<Array> {
    let elements = Elements::of(array)?;
    let wanted = take::take(&*comparable(values)?, &elements.owners())?;
    let child = comparable(&elements.child)?.into_owned();
    let count = child.len();
    let equal =
        compare(CompareFunction::Eq, &Datum::Array(child), &Datum::Array(wanted), count, level);
    let Datum::Array(equal) = equal else { panic!("arrays compare to an array") };
    let holds = |row: usize| {
        let (start, end) = (elements.offsets[row] as usize, elements.offsets[row + 1] as usize);
        (start..end).any(|at| equal.is_valid(at) && equal.bits().get(at))
    };
    let bits = Bitmap::from_fn(array.len(), holds);
    Ok(Array::new(ArrayData::Bool(bits), intersect(array.validity(), values.validity())))
}

/// An aggregate of the elements of each list.
pub fn aggregate(
    function: AggregateFunction,
    array: &Array,
    dtype: &DataType,
    level: Level,
) -> Result<Array> {
    let elements = Elements::of(array)?;
    let (owners, seed) = (elements.owners(), Seed::random());
    let child = Some(&elements.child);
    State::of_unit(function, child, &owners, array.len(), seed, level)?.finish(function, dtype)
}

/// The elements of each list in order, nulls last.
pub fn sort(array: &Array, descending: bool) -> Result<Array> {
    let elements = Elements::of(array)?;
    let owner = Key { arrays: &[elements.owner_column()], descending: false, nulls_first: false };
    let child = std::slice::from_ref(&elements.child);
    let keys = [owner, Key { arrays: child, descending, nulls_first: false }];
    // A batch is the work of one worker: its lists are sorted there.
    let rows = order(&keys, elements.child.len(), &Context::new(Some(NonZeroUsize::MIN)))?;
    let child = take::take(&elements.child, &rows)?;
    Ok(list_array(array, elements.offsets, child))
}

/// Each distinct element of each list once.
pub fn unique(array: &Array) -> Result<Array> {
    let elements = Elements::of(array)?;
    let dtypes = [DataType::Int64, elements.child.dtype().clone()];
    let keys = [elements.owner_column(), elements.child.clone()];
    let firsts = Grouper::of_unit(&dtypes, Seed::random()).assign(&keys, &mut Vec::new())?;
    // Firsts rise, and so do the lists that they stand in.
    let end = |offset: &i32| firsts.partition_point(|first| (*first as i32) < *offset) as i32;
    let offsets: Vec<i32> = elements.offsets.iter().map(end).collect();
    Ok(list_array(array, offsets, take::take(&elements.child, &firsts)?))
}

/// The elements of each list in the opposite order.
pub fn reverse(array: &Array) -> Result<Array> {
    let elements = Elements::of(array)?;
    let pairs = elements.offsets.windows(2);
    let rows: Vec<u32> = pairs.flat_map(|pair| (pair[0] as u32..pair[1] as u32).rev()).collect();
    let child = take::take(&elements.child, &rows)?;
    Ok(list_array(array, elements.offsets, child))
}
