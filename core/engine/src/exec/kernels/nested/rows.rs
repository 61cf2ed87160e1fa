//! Rows of lists and structs taken, as arrays of other types are: elements and fields go along.

use crate::column::nested::require_room;
use crate::column::{Array, ArrayData, ListValues, StructValues, Values};
use crate::error::Result;
use crate::exec::kernels::take::{self, NO_ROW};

/// The rows at `rows` of lists or structs; for `NO_ROW` an empty list, or nulls in all fields.
///
/// Errors: `LimitExceeded` where elements or texts do not fit one array.
pub fn take(data: &ArrayData, rows: &[u32]) -> Result<ArrayData> {
    match data {
        ArrayData::List(lists) => {
            let mut offsets = Vec::with_capacity(rows.len() + 1);
            offsets.push(0);
            let mut elements: Vec<u32> = Vec::new();
            for row in rows {
                let range = if *row == NO_ROW { 0..0 } else { lists.range(*row as usize) };
                require_room(elements.len() + range.len())?;
                elements.extend(range.start as u32..range.end as u32);
                offsets.push(elements.len() as i32);
            }
            let child = take::take(lists.child(), &elements)?;
            Ok(ArrayData::List(ListValues::new(Values::from(offsets), child)))
        }
        ArrayData::Struct(structs) => {
            let fields = structs.fields().iter().map(|field| take::take_or_null(field, rows));
            Ok(ArrayData::Struct(StructValues::new(fields.collect::<Result<_>>()?)))
        }
        other => panic!("{:?} is not nested", other.storage()),
    }
}

/// About how many bytes the elements and fields of an array have.
pub fn inner_bytes(array: &Array) -> usize {
    let whole = |array: &Array| {
        let width = array.dtype().width_bytes().unwrap_or(4);
        array.len() * width + take::text_len_bytes(array)
    };
    match array.data() {
        ArrayData::List(lists) => whole(&lists.used_child()),
        ArrayData::Struct(structs) => structs.fields().iter().map(whole).sum(),
        _ => 0,
    }
}
