//! Arrow dictionaries of text -> ours: codes are shared where they are of 32 bits, values where
//! each stands once and none is null. Others are numbered anew.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array as _, ArrayRef};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use arrow_schema::DataType as ArrowType;

use super::import::{any_text, bitmap, shared};
use crate::column::dictionary::distinct_text;
use crate::column::{
    Array, ArrayData, Bitmap, DataType, Dictionary, Interner, Text, Values as Numbers,
};
use crate::error::{Error, ErrorKind, Result};

/// The values that came with the last batch: the next one often has the same.
#[derive(Clone)]
pub(super) struct Values {
    from: ArrayRef,
    values: Arc<Text>,
    /// The code of each value; `None` where they are their positions. A null has none.
    codes: Option<Arc<Vec<Option<i32>>>>,
}

impl Values {
    fn of(from: &ArrayRef) -> Result<Values> {
        let text = any_text(from)?;
        let mut interner = Interner::default();
        let code =
            |value: usize| from.is_valid(value).then(|| interner.insert(text.get_bytes(value)));
        let codes: Vec<Option<u32>> = (0..text.len()).map(code).collect();
        let are_positions =
            codes.iter().enumerate().all(|(value, code)| *code == Some(value as u32));
        let from = from.clone();
        if are_positions && !text.is_empty() {
            return Ok(Values { from, values: Arc::new(text), codes: None });
        }
        let codes = codes.into_iter().map(|code| code.map(|code| code as i32)).collect();
        Ok(Values { from, values: distinct_text(&interner)?, codes: Some(Arc::new(codes)) })
    }
}

/// A dictionary array of text.
///
/// Errors: `InvalidArgument` for a code without a value; those of text.
pub(super) fn array(array: &ArrayRef, known: &mut Option<Values>) -> Result<Array> {
    let any = array.as_any_dictionary();
    let values = match known {
        Some(known) if known.from.to_data().ptr_eq(&any.values().to_data()) => known,
        _ => known.insert(Values::of(any.values())?),
    };
    let (nulls, count) = (array.nulls(), any.values().len());
    let codes = match any.keys().data_type() {
        ArrowType::Int8 => codes::<Int8Type>(array, nulls, count),
        ArrowType::Int16 => codes::<Int16Type>(array, nulls, count),
        ArrowType::Int32 => {
            let keys = array.as_dictionary::<Int32Type>().keys().values();
            match Dictionary::first_misfit(keys, count) {
                None => Ok(shared(keys)),
                Some(_) => codes::<Int32Type>(array, nulls, count),
            }
        }
        ArrowType::Int64 => codes::<Int64Type>(array, nulls, count),
        ArrowType::UInt8 => codes::<UInt8Type>(array, nulls, count),
        ArrowType::UInt16 => codes::<UInt16Type>(array, nulls, count),
        ArrowType::UInt32 => codes::<UInt32Type>(array, nulls, count),
        _ => codes::<UInt64Type>(array, nulls, count),
    }?;
    let nulls = nulls.filter(|nulls| nulls.null_count() > 0);
    let validity = nulls.map(|nulls| bitmap(nulls.inner()));
    let (codes, validity) = match &values.codes {
        None => (codes, validity),
        Some(map) => renumbered(&codes, validity.as_ref(), map),
    };
    let dictionary = Dictionary::new(codes, values.values.clone());
    Ok(Array::typed(DataType::Dictionary, ArrayData::Dictionary(dictionary), validity))
}

/// Codes of any width as ours, 0 below nulls, where anything may stand.
fn codes<K: ArrowDictionaryKeyType>(
    array: &ArrayRef,
    nulls: Option<&NullBuffer>,
    count: usize,
) -> Result<Numbers<i32>> {
    let keys = array.as_dictionary::<K>().keys().values();
    let mut codes = Vec::with_capacity(keys.len());
    for (row, key) in keys.iter().enumerate() {
        let is_present = nulls.is_none_or(|nulls| nulls.is_valid(row));
        let code = match is_present {
            false => Some(0),
            true => key.to_usize().filter(|code| *code < count),
        };
        let code = code.and_then(|code| i32::try_from(code).ok()).ok_or_else(|| {
            let expected = format!("codes of a dictionary of {count} values");
            let found = format!("{key:?} in row {} of its batch", row + 1);
            Error::mismatch(ErrorKind::InvalidArgument, expected, found)
        })?;
        codes.push(code);
    }
    Ok(Numbers::from(codes))
}

/// Codes of values that stand twice or are null as codes of distinct ones.
fn renumbered(
    codes: &[i32],
    validity: Option<&Bitmap>,
    map: &[Option<i32>],
) -> (Numbers<i32>, Option<Bitmap>) {
    let code = |row: usize| match validity.is_none_or(|bits| bits.get(row)) {
        true => map[codes[row] as usize],
        false => None,
    };
    let found: Vec<Option<i32>> = (0..codes.len()).map(code).collect();
    let has_nulls = found.contains(&None);
    let validity = has_nulls.then(|| Bitmap::from_fn(found.len(), |row| found[row].is_some()));
    let codes: Vec<i32> = found.into_iter().map(|code| code.unwrap_or(0)).collect();
    (Numbers::from(codes), validity)
}
