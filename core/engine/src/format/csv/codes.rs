//! Text columns as codes of distinct values: declared as dictionaries, or found to be worth it.
//!
//! ```text
//! unit    its texts -> numbers in one table of the whole column; which of them came up, in order
//! column  numbers in order of first appearance in the file -> codes, and the values once
//!         too many distinct values for what nobody declared -> text again
//! ```
//! What a unit's text takes is so in memory for as long as the unit is read. Numbers depend on who
//! came first, codes do not: they follow the rows. Whether a column becomes a dictionary is decided
//! by all of its values together.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::columns::ColumnStore;
use super::units::Unit;
use crate::column::dictionary::distinct_text;
use crate::column::{
    Arena, Array, ArrayData, DataType, Dictionary, Interner, Text, TextBuilder, Values,
};
use crate::context::Context;
use crate::error::Result;
use crate::limits::{CSV_DICTIONARY_ROWS_MIN, CSV_DICTIONARY_VALUES_MAX};

/// Stands for null until all units were read.
pub(super) const NO_CODE: i32 = -1;

/// A text column that is read as codes.
pub(super) struct Coding {
    /// Whether the caller asked for a dictionary; else the values decide.
    is_declared: bool,
    /// The distinct values of all units so far, in the order in which the workers met them.
    texts: Mutex<Interner>,
    /// Whether there are too many of them.
    is_over: AtomicBool,
}

impl Coding {
    /// For a column of a declared type; `None` where it is not read as codes.
    pub fn of(declared: Option<&DataType>, is_auto: bool) -> Option<Coding> {
        let is_declared = match declared {
            Some(DataType::Dictionary) => true,
            None if is_auto => false,
            _ => return None,
        };
        Some(Coding { is_declared, texts: Mutex::default(), is_over: AtomicBool::new(false) })
    }

    /// Whether texts are still worth numbering.
    pub fn is_open(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// Numbers the texts of a unit; `validity` has a bit a row where there are nulls. Gives the
    /// numbers that came up, in order of their first row.
    pub fn number(
        &self,
        texts: &TextBuilder,
        validity: Option<&[u64]>,
        codes: &mut [i32],
        local: &mut Interner,
    ) -> Vec<u32> {
        local.clear();
        for (row, code) in codes.iter_mut().enumerate() {
            let is_present = validity.is_none_or(|bits| bits[row / 64] >> (row % 64) & 1 == 1);
            *code = match is_present {
                true => local.insert(texts.get_bytes(row)) as i32,
                false => NO_CODE,
            };
        }
        let numbers: Vec<u32> = {
            let mut all = self.lock();
            let numbers = (0..local.len() as u32).map(|entry| all.insert(local.get(entry)));
            let numbers = numbers.collect();
            if !self.is_declared && all.len() > CSV_DICTIONARY_VALUES_MAX {
                self.is_over.store(true, Ordering::Relaxed);
            }
            numbers
        };
        for code in codes.iter_mut().filter(|code| **code != NO_CODE) {
            *code = numbers[*code as usize] as i32;
        }
        numbers
    }

    fn lock(&self) -> MutexGuard<'_, Interner> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether so many distinct values among so many rows are worth a dictionary that nobody asked for.
fn is_worth(value_count: usize, row_count: usize) -> bool {
    value_count > 0
        && value_count <= CSV_DICTIONARY_VALUES_MAX
        && value_count <= row_count / CSV_DICTIONARY_ROWS_MIN
}

/// Brings the numbers of a column to codes and gives their values; `None` where the column is text,
/// which the units then hold. All units were read.
pub(super) fn settle(
    store: &ColumnStore,
    position: usize,
    units: &mut [Unit],
    context: &Context,
) -> Result<Option<Arc<Text>>> {
    let Some(coding) = store.coding.as_ref().filter(|_| store.dtype().is_text()) else {
        return Ok(None);
    };
    let texts = coding.lock();
    let row_count = units.iter().map(|unit| unit.row_count).sum();
    if !coding.is_declared && (!coding.is_open() || !is_worth(texts.len(), row_count)) {
        to_text(store, position, units, &texts, context)?;
        return Ok(None);
    }
    let mut values = Interner::default();
    let mut code_of = vec![NO_CODE; texts.len()];
    for unit in units.iter() {
        for number in unit.columns[position].numbers.iter().flatten() {
            let code = &mut code_of[*number as usize];
            if *code == NO_CODE {
                *code = values.insert(texts.get(*number)) as i32;
            }
        }
    }
    context.parallel(units.len(), |index| {
        let unit = &units[index];
        for code in store.codes_window(unit.row, unit.row_count)?.iter_mut() {
            *code = if *code == NO_CODE { 0 } else { code_of[*code as usize] };
        }
        Ok(())
    })?;
    distinct_text(&values).map(Some)
}

/// Gives the units whose texts were numbered their texts again.
fn to_text(
    store: &ColumnStore,
    position: usize,
    units: &mut [Unit],
    texts: &Interner,
    context: &Context,
) -> Result<()> {
    let made = context.parallel(units.len(), |index| {
        let unit = &units[index];
        if unit.columns[position].numbers.is_none() {
            return Ok(None);
        }
        let mut builder = TextBuilder::default();
        for number in store.codes_window(unit.row, unit.row_count)?.iter() {
            let bytes = match *number {
                NO_CODE => &[][..],
                number => texts.get(number as u32),
            };
            // What was numbered was text.
            builder.push(std::str::from_utf8(bytes).unwrap_or_default());
        }
        Ok(Some(builder.finish(&mut Arena::default())))
    })?;
    for (unit, text) in units.iter_mut().zip(made) {
        if text.is_some() {
            unit.columns[position].text = text;
        }
    }
    Ok(())
}

/// The blocks of a text column as codes of one dictionary, where that was declared or is worth it.
pub(super) fn encoded(arrays: Vec<Array>, is_declared: bool) -> Result<Vec<Array>> {
    let mut values = Interner::default();
    let mut codes = Vec::with_capacity(arrays.len());
    for array in &arrays {
        let text = array.as_text();
        let code = |row: usize| match array.is_valid(row) {
            true => values.insert(text.get_bytes(row)) as i32,
            false => 0,
        };
        let block: Vec<i32> = (0..array.len()).map(code).collect();
        codes.push(block);
        if !is_declared && values.len() > CSV_DICTIONARY_VALUES_MAX {
            return Ok(arrays);
        }
    }
    let row_count = arrays.iter().map(Array::len).sum();
    if !is_declared && !is_worth(values.len(), row_count) {
        return Ok(arrays);
    }
    let values = distinct_text(&values)?;
    let coded = arrays.iter().zip(codes).map(|(array, codes)| {
        let dictionary = Dictionary::new(Values::from(codes), values.clone());
        let data = ArrayData::Dictionary(dictionary);
        Array::typed(DataType::Dictionary, data, array.validity().cloned())
    });
    Ok(coded.collect())
}
