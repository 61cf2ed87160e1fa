//! Grouper: gives each distinct combination of keys a number, in order of first appearance.
//!
//! ```text
//! key a -> ids of a --+
//!                     +--> ids of (a, b) --+
//! key b -> ids of b --+                    +--> ids of (a, b, c)
//! key c -> ids of c -----------------------+
//! ```
//! Each key column has its own table from values to dense ids; pairs of ids are keys of 64 bits, so
//! that any number of columns of any types needs no more than two kinds of tables: of words and of
//! text. A column of whole numbers in a small range has no table at all, but an array over it; so
//! have the codes of a dictionary, whose text is looked up once for each.
//!
//! Equality is that of `=`, but null equals null here; NaN equals NaN, -0.0 equals 0.0. Hashes are
//! seeded for each question, so that no file can be made to collide; ids do not depend on the seed.

use std::borrow::Cow;
use std::sync::Arc;

use super::nested::keys::comparables;
pub use crate::bytes::hash::Seed;
use crate::bytes::hash::hash_word;
use crate::column::{Array, ArrayData, DataType, Dictionary, Interner, Storage, Text, Values};
use crate::error::Result;

/// Stands for no group: a key that was not found, or is null where nulls do not match.
pub const NO_GROUP: u32 = u32::MAX;

/// Numbers distinct keys.
pub struct Grouper {
    columns: Vec<ColumnTable>,
    pairs: Vec<WordTable>,
}

impl Grouper {
    /// For the keys of one unit of rows, of these types, at least one.
    pub fn of_unit(dtypes: &[DataType], seed: Seed) -> Grouper {
        Grouper::new(dtypes, seed, UNIT_RANGE_MAX)
    }

    /// For the keys of a whole table.
    pub fn of_table(dtypes: &[DataType], seed: Seed) -> Grouper {
        Grouper::new(dtypes, seed, TABLE_RANGE_MAX)
    }

    fn new(dtypes: &[DataType], seed: Seed, range_max: u64) -> Grouper {
        let dtypes = dtypes.iter().flat_map(|dtype| match dtype {
            wide if is_wide(wide) => vec![DataType::Int64; 2],
            nested if nested.is_nested() => vec![DataType::Utf8],
            _ => vec![dtype.clone()],
        });
        let columns: Vec<ColumnTable> =
            dtypes.map(|dtype| ColumnTable::new(&dtype, seed, range_max)).collect();
        let pairs = (1..columns.len()).map(|_| WordTable::new(seed)).collect();
        Grouper { columns, pairs }
    }

    /// Number of groups so far.
    pub fn len(&self) -> usize {
        match (self.pairs.last(), self.columns.first()) {
            (Some(pairs), _) => pairs.count as usize,
            (None, Some(column)) => column.count as usize,
            (None, None) => 0,
        }
    }

    /// The group of each row; rows of new keys open groups.
    ///
    /// Gives the rows that opened a group, in order: the first has the id `len()` had before.
    ///
    /// Errors: `LimitExceeded` where the keys of lists or structs are too large.
    pub fn assign(&mut self, keys: &[Array], ids: &mut Vec<u32>) -> Result<Vec<u32>> {
        let keys = comparables(keys)?;
        let keys = &*in_words(&keys);
        let mut firsts = Vec::new();
        self.columns[0].assign(&keys[0], ids, &mut firsts);
        let mut other = Vec::new();
        for (index, key) in keys.iter().enumerate().skip(1) {
            self.columns[index].assign(key, &mut other, &mut firsts);
            firsts.clear();
            self.pairs[index - 1].assign_pairs(ids, &other, &mut firsts);
        }
        Ok(firsts)
    }

    /// The group of each row, or `NO_GROUP` where there is none or a key is null.
    ///
    /// Errors: as [`Grouper::assign`].
    pub fn find(&self, keys: &[Array], ids: &mut Vec<u32>) -> Result<()> {
        let keys = comparables(keys)?;
        let keys = &*in_words(&keys);
        self.columns[0].find(&keys[0], ids);
        let mut other = Vec::new();
        for (index, key) in keys.iter().enumerate().skip(1) {
            self.columns[index].find(key, &mut other);
            self.pairs[index - 1].find_pairs(ids, &other);
        }
        Ok(())
    }
}

/// Digits that 64 bits hold, whichever they are.
const WORD_PRECISION_MAX: u8 = 18;

/// Whether values of a type take two words.
fn is_wide(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Decimal { precision, .. } if *precision > WORD_PRECISION_MAX)
}

/// The keys, those of two words as two keys: the upper half, which knows the nulls, and the lower.
fn in_words(keys: &[Array]) -> Cow<'_, [Array]> {
    if !keys.iter().any(|key| is_wide(key.dtype())) {
        return Cow::Borrowed(keys);
    }
    let halves = |key: &Array| {
        let values = key.values::<i128>();
        let high: Vec<i64> = values.iter().map(|value| (value >> 64) as i64).collect();
        let low = |(row, value): (usize, &i128)| if key.is_valid(row) { *value as i64 } else { 0 };
        let low: Vec<i64> = values.iter().enumerate().map(low).collect();
        let high = Array::new(Values::from(high).into(), key.validity().cloned());
        vec![high, Array::new(Values::from(low).into(), None)]
    };
    let parts = keys.iter().flat_map(|key| match is_wide(key.dtype()) {
        true => halves(key),
        false => vec![key.clone()],
    });
    Cow::Owned(parts.collect())
}

/// One key column: values to ids.
struct ColumnTable {
    kind: ColumnKind,
    null: Option<u32>,
    count: u32,
    seed: Seed,
    range_max: u64,
}

enum ColumnKind {
    /// Nothing was assigned yet.
    Fresh,
    /// Whole numbers in a small range: `slots[value - base]`.
    Direct {
        base: i64,
        slots: Vec<u32>,
    },
    Words(WordTable),
    Text(TextTable),
    Codes(CodeTable),
}

/// Range of whole numbers that have a direct table for one unit: it must be filled each time.
const UNIT_RANGE_MAX: u64 = 1 << 18;

/// Range for a table: 16 MiB of slots, which random steps through a hash table would take sooner.
const TABLE_RANGE_MAX: u64 = 1 << 22;

impl ColumnTable {
    fn new(dtype: &DataType, seed: Seed, range_max: u64) -> ColumnTable {
        let kind = match dtype.storage() {
            Storage::Utf8 => ColumnKind::Text(TextTable::new(seed)),
            Storage::Dictionary => ColumnKind::Codes(CodeTable::new(seed)),
            Storage::Float32 | Storage::Float64 => ColumnKind::Words(WordTable::new(seed)),
            _ => ColumnKind::Fresh,
        };
        ColumnTable { kind, null: None, count: 0, seed, range_max }
    }

    fn assign(&mut self, key: &Array, ids: &mut Vec<u32>, firsts: &mut Vec<u32>) {
        ids.clear();
        ids.resize(key.len(), 0);
        let words = words(key);
        self.make_room(key, &words);
        let (null, count) = (&mut self.null, &mut self.count);
        match &mut self.kind {
            // Rows with a value would have chosen a table.
            ColumnKind::Fresh => fill(key, ids, firsts, null, count, |row, _| {
                panic!("row {row} has a value and no table")
            }),
            ColumnKind::Direct { base, slots } => {
                fill(key, ids, firsts, null, count, |row, count| {
                    let slot = &mut slots[(words[row] as i64).wrapping_sub(*base) as usize];
                    if *slot == NO_GROUP {
                        *slot = *count;
                        *count += 1;
                    }
                    *slot
                })
            }
            ColumnKind::Words(table) => {
                fill(key, ids, firsts, null, count, |row, count| table.insert(words[row], count));
            }
            ColumnKind::Text(table) => {
                let text = key.as_text();
                fill(key, ids, firsts, null, count, |row, count| {
                    table.insert(text.get_bytes(row), count)
                });
            }
            ColumnKind::Codes(table) => {
                let codes = key.as_dictionary();
                table.meet(codes);
                fill(key, ids, firsts, null, count, |row, count| table.insert(codes, row, count));
            }
        }
    }

    fn find(&self, key: &Array, ids: &mut Vec<u32>) {
        ids.clear();
        let words = words(key);
        match &self.kind {
            ColumnKind::Fresh => ids.resize(key.len(), NO_GROUP),
            ColumnKind::Direct { base, slots } => ids.extend(words.iter().map(|word| {
                // A value below the base wraps to a position behind the end.
                let slot = (*word as i64).wrapping_sub(*base) as u64;
                usize::try_from(slot)
                    .ok()
                    .and_then(|slot| slots.get(slot))
                    .map_or(NO_GROUP, |id| *id)
            })),
            ColumnKind::Words(table) => ids.extend(words.iter().map(|word| table.find(*word))),
            ColumnKind::Text(table) => {
                let text = key.as_text();
                ids.extend((0..text.len()).map(|row| table.find(text.get_bytes(row))));
            }
            ColumnKind::Codes(table) => ids.extend(table.find(key.as_dictionary())),
        }
        if key.validity().is_some() {
            for (row, id) in ids.iter_mut().enumerate() {
                if !key.is_valid(row) {
                    *id = NO_GROUP;
                }
            }
        }
    }

    /// Chooses between an array over the range of values and a hash table, before values go in.
    fn make_room(&mut self, key: &Array, words: &[u64]) {
        let (ColumnKind::Fresh | ColumnKind::Direct { .. }) = self.kind else { return };
        let Some((mut low, mut high)) = range(key, words) else { return };
        let (base, old) = match &mut self.kind {
            ColumnKind::Direct { base, slots } => (*base, std::mem::take(slots)),
            _ => (low, Vec::new()),
        };
        if let Some(last) = old.len().checked_sub(1) {
            (low, high) = (low.min(base), high.max(base + last as i64));
            if (low, high) == (base, base + last as i64) {
                self.kind = ColumnKind::Direct { base, slots: old };
                return;
            }
            // Values that rise from unit to unit widen the range often: by half of it each time.
            let widened = base.saturating_add(old.len() as i64 * 3 / 2);
            if widened.abs_diff(low) < self.range_max {
                high = high.max(widened);
            }
        }
        let known = old.into_iter().enumerate().filter(|(_, id)| *id != NO_GROUP);
        if high.abs_diff(low) < self.range_max {
            let mut slots = vec![NO_GROUP; high.abs_diff(low) as usize + 1];
            let shift = base.abs_diff(low) as usize;
            for (offset, id) in known {
                slots[offset + shift] = id;
            }
            self.kind = ColumnKind::Direct { base: low, slots };
        } else {
            let mut table = WordTable::new(self.seed);
            for (offset, id) in known {
                table.put((base + offset as i64) as u64, id);
            }
            self.kind = ColumnKind::Words(table);
        }
    }
}

/// Numbers the rows of a key column; `insert` gives the id of a row that is present, and raises the
/// count where it is new.
#[inline(always)]
fn fill(
    key: &Array,
    ids: &mut [u32],
    firsts: &mut Vec<u32>,
    null: &mut Option<u32>,
    count: &mut u32,
    mut insert: impl FnMut(usize, &mut u32) -> u32,
) {
    for (row, id) in ids.iter_mut().enumerate() {
        let before = *count;
        *id = match key.validity() {
            Some(valid) if !valid.get(row) => *null.get_or_insert_with(|| {
                *count += 1;
                before
            }),
            _ => insert(row, count),
        };
        if *count != before {
            firsts.push(row as u32);
        }
    }
}

/// Smallest and largest value; `None` where none is present.
fn range(key: &Array, words: &[u64]) -> Option<(i64, i64)> {
    if key.validity().is_none() {
        let low = words.iter().fold(i64::MAX, |low, word| low.min(*word as i64));
        let high = words.iter().fold(i64::MIN, |high, word| high.max(*word as i64));
        return (!words.is_empty()).then_some((low, high));
    }
    let present = words.iter().enumerate().filter(|(row, _)| key.is_valid(*row));
    present.fold(None, |range, (_, word)| {
        let value = *word as i64;
        let (low, high) = range.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// Values as words that are equal where the values are; none for text and codes of text.
fn words(key: &Array) -> Vec<u64> {
    fn of<T: Copy>(values: &[T], word: impl Fn(T) -> u64) -> Vec<u64> {
        values.iter().map(|value| word(*value)).collect()
    }
    match key.data() {
        ArrayData::Bool(bits) => bits.iter().map(u64::from).collect(),
        ArrayData::Int8(values) => of(values, |value| i64::from(value) as u64),
        ArrayData::Int16(values) => of(values, |value| i64::from(value) as u64),
        ArrayData::Int32(values) => of(values, |value| i64::from(value) as u64),
        ArrayData::Int64(values) => of(values, |value| value as u64),
        // Wide ones were taken apart.
        ArrayData::Int128(values) => of(values, |value| value as u64),
        ArrayData::UInt8(values) => of(values, u64::from),
        ArrayData::UInt16(values) => of(values, u64::from),
        ArrayData::UInt32(values) => of(values, u64::from),
        ArrayData::UInt64(values) => values.to_vec(),
        ArrayData::Float32(values) => of(values, |value| float_word(f64::from(value))),
        ArrayData::Float64(values) => of(values, float_word),
        // Text has a table of its own; lists and structs became text.
        ArrayData::Utf8(_)
        | ArrayData::Dictionary(_)
        | ArrayData::List(_)
        | ArrayData::Struct(_) => Vec::new(),
    }
}

/// One word for all NaNs, and one for both zeros.
fn float_word(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        // -0.0 + 0.0 is 0.0; every other number stays.
        (value + 0.0).to_bits()
    }
}

/// Words to ids: open addressing, linear probing, at most half full.
struct WordTable {
    slots: Vec<(u64, u32)>,
    used: usize,
    count: u32,
    seed: Seed,
}

const TABLE_SLOTS_MIN: usize = 1 << 10;

/// From here on memory counts for more than growing seldom.
const TABLE_SLOTS_LARGE: usize = 1 << 14;

impl WordTable {
    fn new(seed: Seed) -> WordTable {
        WordTable { slots: vec![(0, NO_GROUP); TABLE_SLOTS_MIN], used: 0, count: 0, seed }
    }

    #[inline(always)]
    fn insert(&mut self, word: u64, count: &mut u32) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = hash_word(word, self.seed) as usize & mask;
        loop {
            let (key, id) = self.slots[at & mask];
            if id == NO_GROUP {
                break;
            }
            if key == word {
                return id;
            }
            at += 1;
        }
        let id = *count;
        *count += 1;
        self.slots[at & mask] = (word, id);
        self.used += 1;
        if self.used * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    /// Adds a word that is not there, with its id.
    fn put(&mut self, word: u64, id: u32) {
        let mut next = id;
        self.insert(word, &mut next);
    }

    #[inline(always)]
    fn find(&self, word: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = hash_word(word, self.seed) as usize & mask;
        loop {
            let (key, id) = self.slots[at & mask];
            if id == NO_GROUP || key == word {
                return id;
            }
            at += 1;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let factor = if self.slots.len() < TABLE_SLOTS_LARGE { 4 } else { 2 };
        let slots = vec![(0, NO_GROUP); self.slots.len() * factor];
        let old = std::mem::replace(&mut self.slots, slots);
        let mask = self.slots.len() - 1;
        for (word, id) in old.into_iter().filter(|(_, id)| *id != NO_GROUP) {
            let mut at = hash_word(word, self.seed) as usize & mask;
            while self.slots[at & mask].1 != NO_GROUP {
                at += 1;
            }
            self.slots[at & mask] = (word, id);
        }
    }

    /// Turns `ids` into ids of the pairs with `other`.
    fn assign_pairs(&mut self, ids: &mut [u32], other: &[u32], firsts: &mut Vec<u32>) {
        let mut count = self.count;
        for (row, (id, other)) in ids.iter_mut().zip(other).enumerate() {
            let before = count;
            *id = self.insert(pair(*id, *other), &mut count);
            if count != before {
                firsts.push(row as u32);
            }
        }
        self.count = count;
    }

    fn find_pairs(&self, ids: &mut [u32], other: &[u32]) {
        for (id, other) in ids.iter_mut().zip(other) {
            *id = match *id == NO_GROUP || *other == NO_GROUP {
                true => NO_GROUP,
                false => self.find(pair(*id, *other)),
            };
        }
    }
}

fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// Text to ids.
struct TextTable {
    texts: Interner,
    /// Of each text; nulls have ids too.
    ids: Vec<u32>,
}

impl TextTable {
    fn new(seed: Seed) -> TextTable {
        TextTable { texts: Interner::new(seed), ids: Vec::new() }
    }

    #[inline(always)]
    fn insert(&mut self, text: &[u8], count: &mut u32) -> u32 {
        let entry = self.texts.insert(text) as usize;
        if entry == self.ids.len() {
            self.ids.push(*count);
            *count += 1;
        }
        self.ids[entry]
    }

    fn find(&self, text: &[u8]) -> u32 {
        self.texts.find(text).map_or(NO_GROUP, |entry| self.ids[entry as usize])
    }
}

/// A code whose text was not looked up yet.
const UNSEEN: u32 = NO_GROUP - 1;

/// Codes to ids: each value of a dictionary is looked up as text once.
struct CodeTable {
    texts: TextTable,
    /// The dictionary of the last keys, and the ids of its codes.
    values: Option<Arc<Text>>,
    ids: Vec<u32>,
}

impl CodeTable {
    fn new(seed: Seed) -> CodeTable {
        CodeTable { texts: TextTable::new(seed), values: None, ids: Vec::new() }
    }

    /// Makes room for the codes of a dictionary.
    fn meet(&mut self, key: &Dictionary) {
        let is_known = |values: &Arc<Text>| Arc::ptr_eq(values, key.values());
        if !self.values.as_ref().is_some_and(is_known) {
            self.ids.clear();
            self.ids.resize(key.values().len(), UNSEEN);
            self.values = Some(key.values().clone());
        }
    }

    #[inline(always)]
    fn insert(&mut self, key: &Dictionary, row: usize, count: &mut u32) -> u32 {
        let code = key.codes()[row] as usize;
        if self.ids[code] == UNSEEN {
            self.ids[code] = self.texts.insert(key.values().get_bytes(code), count);
        }
        self.ids[code]
    }

    fn find(&self, key: &Dictionary) -> impl Iterator<Item = u32> {
        let mut ids = vec![UNSEEN; key.values().len()];
        key.codes().iter().map(move |code| {
            let id = &mut ids[*code as usize];
            if *id == UNSEEN {
                *id = self.texts.find(key.values().get_bytes(*code as usize));
            }
            *id
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ArrayBuilder, Scalar};

    fn array(dtype: DataType, values: &[Scalar]) -> Array {
        let mut builder = ArrayBuilder::new(dtype, values.len());
        for value in values {
            builder.push(value).expect("small text fits");
        }
        builder.finish()
    }

    #[test]
    fn ids_follow_first_appearance_over_several_calls() {
        let mut state = 7_u64;
        for range in [3_u64, 1_000, 3_000_000, u64::MAX] {
            let mut grouper = Grouper::of_table(&[DataType::Int64, DataType::Utf8], Seed::random());
            let mut known: Vec<(Scalar, Scalar)> = Vec::new();
            for _ in 0..5 {
                let mut next = || {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    match state % 11 {
                        0 => Scalar::Null,
                        _ => Scalar::Int64((state >> 11).wrapping_rem(range) as i64 - 1),
                    }
                };
                let numbers: Vec<Scalar> = (0..500).map(|_| next()).collect();
                let texts: Vec<Scalar> = (0..500)
                    .map(|_| match next() {
                        Scalar::Int64(number) => Scalar::Utf8("x".repeat(number as usize % 20)),
                        _ => Scalar::Null,
                    })
                    .collect();
                let keys = [array(DataType::Int64, &numbers), array(DataType::Utf8, &texts)];
                let mut ids = Vec::new();
                let opened = known.len();
                let firsts = grouper.assign(&keys, &mut ids).expect("small keys");
                let mut expected_firsts = Vec::new();
                for (row, pair) in numbers.into_iter().zip(texts).enumerate() {
                    let id = known.iter().position(|other| *other == pair).unwrap_or_else(|| {
                        expected_firsts.push(row as u32);
                        known.push(pair.clone());
                        known.len() - 1
                    });
                    assert_eq!(ids[row] as usize, id);
                }
                assert_eq!(firsts, expected_firsts);
                assert_eq!(grouper.len(), opened + firsts.len());
                let mut found = Vec::new();
                grouper.find(&keys, &mut found).expect("small keys");
                for row in 0..500 {
                    let has_null = keys.iter().any(|key| !key.is_valid(row));
                    assert_eq!(found[row], if has_null { NO_GROUP } else { ids[row] });
                }
            }
        }
    }

    #[test]
    fn equal_floats_share_a_group() {
        let values = [0.0, -0.0, f64::NAN, -f64::NAN, 1.0].map(Scalar::Float64);
        let mut ids = Vec::new();
        Grouper::of_unit(&[DataType::Float64], Seed::random())
            .assign(&[array(DataType::Float64, &values)], &mut ids)
            .expect("small keys");
        assert_eq!(ids, [0, 0, 1, 1, 2]);
    }
}
