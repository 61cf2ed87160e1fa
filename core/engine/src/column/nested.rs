//! Lists and structs: values that hold values of other arrays.
//!
//! ```text
//! list(utf8)   [a, b]  null  []  [c]         struct(k utf8, n int64)
//!   validity    1       0    1   1             validity    1 1 0
//!   offsets     0       2    2   2   3         field k     array of 3
//!   elements    a b c                          field n     array of 3
//! ```
//! The elements of all lists stand in one array, one list behind the other. An element or a field
//! may be null by itself; below a null list or struct any value may stand, and none counts.

use std::ops::Range;
use std::sync::Arc;

use super::array::{Array, ArrayData};
use super::bitmap::{Bitmap, intersect};
use super::buffer::Values;
use super::builder::ArrayBuilder;
use super::dtype::DataType;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::LIST_ELEMENTS_MAX;

/// Lists: value `i` is the elements `offsets[i]..offsets[i + 1]`.
#[derive(Clone, Debug)]
pub struct ListValues {
    offsets: Values<i32>,
    child: Arc<Array>,
}

impl ListValues {
    /// Joins offsets and elements. Panics where [`ListValues::try_new`] gives none.
    pub fn new(offsets: Values<i32>, child: Array) -> ListValues {
        ListValues::try_new(offsets, child).expect("offsets rise within the elements")
    }

    /// Joins offsets and elements of unknown origin; `None` unless the offsets, one more than
    /// lists, rise within the elements.
    ///
    /// Cost: one pass over the offsets.
    pub fn try_new(offsets: Values<i32>, child: Array) -> Option<ListValues> {
        are_offsets(&offsets, child.len()).then(|| ListValues { offsets, child: Arc::new(child) })
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Offsets into the elements, one more than lists; the first need not be 0.
    pub fn offsets(&self) -> &Values<i32> {
        &self.offsets
    }

    /// The elements of all lists; more may stand before, behind and below nulls.
    pub fn child(&self) -> &Array {
        &self.child
    }

    /// Where the elements of a list stand.
    #[inline]
    pub fn range(&self, index: usize) -> Range<usize> {
        self.offsets[index] as usize..self.offsets[index + 1] as usize
    }

    /// The elements of a list.
    pub fn get(&self, index: usize) -> Array {
        let range = self.range(index);
        self.child.slice(range.start, range.len())
    }

    /// The elements from the first list's first to the last one's last, without a copy.
    pub fn used_child(&self) -> Array {
        let (first, last) = (self.offsets[0], self.offsets[self.len()]);
        self.child.slice(first as usize, (last - first) as usize)
    }

    /// `len` lists from `offset` on, without copying elements.
    pub fn slice(&self, offset: usize, len: usize) -> ListValues {
        ListValues { offsets: self.offsets.slice(offset, len + 1), child: self.child.clone() }
    }
}

/// Whether offsets, of which there is one, rise within so many elements.
pub fn are_offsets(offsets: &[i32], element_count: usize) -> bool {
    let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else { return false };
    *first >= 0
        && *last as usize <= element_count
        && offsets.windows(2).all(|pair| pair[0] <= pair[1])
}

/// Structs: an array for each field, of one length.
#[derive(Clone, Debug)]
pub struct StructValues {
    fields: Arc<[Array]>,
    len: usize,
}

impl StructValues {
    /// Joins at least one array. Panics where there is none, and where lengths differ.
    pub fn new(fields: Vec<Array>) -> StructValues {
        let len = fields.first().expect("a struct has a field").len();
        assert!(fields.iter().all(|field| field.len() == len));
        StructValues { fields: fields.into(), len }
    }

    /// Number of structs.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no struct.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The fields' arrays, in order of the type's fields.
    pub fn fields(&self) -> &[Array] {
        &self.fields
    }

    /// `len` structs from `offset` on, without copying values.
    pub fn slice(&self, offset: usize, len: usize) -> StructValues {
        let fields = self.fields.iter().map(|field| field.slice(offset, len)).collect();
        StructValues { fields, len }
    }
}

/// A field of structs as a column: null also where the struct is.
pub fn field(structs: &Array, index: usize) -> Array {
    let field = &structs.structs().fields()[index];
    let validity = intersect(structs.validity(), field.validity());
    field.clone().with_validity(validity)
}

/// `len` nulls of a list or a struct.
pub(super) fn nulls(dtype: DataType, len: usize) -> Array {
    let data = match &dtype {
        DataType::List(item) => ArrayData::List(ListValues::new(
            Values::from(vec![0; len + 1]),
            Array::nulls((**item).clone(), 0),
        )),
        DataType::Struct(fields) => ArrayData::Struct(StructValues::new(
            fields.iter().map(|field| Array::nulls(field.dtype.clone(), len)).collect(),
        )),
        other => panic!("{other} is not nested"),
    };
    Array::typed(dtype, data, Some(Bitmap::repeat(false, len)))
}

/// The values of several arrays of lists or of structs, one behind the other; `concat` joins the
/// arrays below them.
///
/// Errors: `LimitExceeded` for more than `LIST_ELEMENTS_MAX` elements; those of `concat`.
pub fn concat(
    parts: &[Array],
    dtype: &DataType,
    concat: &dyn Fn(&[Array], &DataType) -> Result<Array>,
) -> Result<ArrayData> {
    match dtype {
        DataType::List(item) => {
            let mut offsets = Vec::with_capacity(parts.iter().map(Array::len).sum::<usize>() + 1);
            offsets.push(0);
            let (mut base, mut children) = (0_usize, Vec::with_capacity(parts.len()));
            for lists in parts.iter().map(Array::lists) {
                let first = lists.offsets()[0];
                let child = lists.used_child();
                require_room(base + child.len())?;
                let shift = base as i32 - first;
                offsets.extend(lists.offsets()[1..].iter().map(|offset| offset + shift));
                base += child.len();
                children.push(child);
            }
            let child = concat(&children, item)?;
            Ok(ArrayData::List(ListValues::new(Values::from(offsets), child)))
        }
        DataType::Struct(fields) => {
            let join = |(index, field): (usize, &super::dtype::StructField)| {
                let columns: Vec<Array> =
                    parts.iter().map(|part| part.structs().fields()[index].clone()).collect();
                concat(&columns, &field.dtype)
            };
            let columns = fields.iter().enumerate().map(join).collect::<Result<_>>()?;
            Ok(ArrayData::Struct(StructValues::new(columns)))
        }
        other => panic!("{other} is not nested"),
    }
}

/// Whether so many elements fit the lists of one array.
///
/// Errors: `LimitExceeded`.
pub fn require_room(element_count: usize) -> Result<()> {
    match element_count <= LIST_ELEMENTS_MAX {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::LimitExceeded,
            format!("the lists of one array hold more than {LIST_ELEMENTS_MAX} elements"),
        )),
    }
}

/// The values of arrays, one behind the other: for a builder's few.
pub(super) fn of_values(dtype: &DataType, parts: &[Array]) -> Array {
    if let [only] = parts {
        return only.clone();
    }
    if !dtype.is_nested() {
        let mut builder = ArrayBuilder::new(dtype.clone(), parts.len());
        for part in parts {
            for row in 0..part.len() {
                builder.push(&part.scalar(row)).expect("a builder's values fit one array");
            }
        }
        return builder.finish();
    }
    let data = concat(parts, dtype, &|parts, dtype| Ok(of_values(dtype, parts)))
        .expect("a builder's lists fit one array");
    let valid: Vec<bool> =
        parts.iter().flat_map(|part| (0..part.len()).map(|row| part.is_valid(row))).collect();
    let validity = valid.contains(&false).then(|| Bitmap::from_fn(valid.len(), |row| valid[row]));
    Array::typed(dtype.clone(), data, validity)
}

/// Whether arrays hold the same values, floats by their bits.
pub(super) fn is_identical(a: &Array, b: &Array) -> bool {
    let same = |row: usize| match (a.is_valid(row), b.is_valid(row)) {
        (true, true) => match (a.data(), b.data()) {
            (ArrayData::List(a), ArrayData::List(b)) => is_identical(&a.get(row), &b.get(row)),
            (ArrayData::Struct(a), ArrayData::Struct(b)) => a
                .fields()
                .iter()
                .zip(b.fields())
                .all(|(a, b)| is_identical(&a.slice(row, 1), &b.slice(row, 1))),
            _ => a.scalar(row) == b.scalar(row),
        },
        (a, b) => a == b,
    };
    a.dtype() == b.dtype() && a.len() == b.len() && (0..a.len()).all(same)
}
