//! Interner: numbers distinct runs of bytes in order of first appearance.
//!
//! Open addressing, linear probing, at most half full: slots hold the upper half of the hash and
//! the number of an entry; the bytes of the entries lie end to end.

use super::buffer::{Buffer, Values};
use super::text::{Text, too_long};
use crate::bytes::hash::{Seed, hash_bytes};
use crate::error::Result;
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// A slot without an entry.
const EMPTY: u32 = u32::MAX;

const SLOTS_MIN: usize = 1 << 10;

/// Distinct runs of bytes by number.
pub struct Interner {
    slots: Vec<(u32, u32)>,
    hashes: Vec<u64>,
    ends: Vec<usize>,
    bytes: Vec<u8>,
    seed: Seed,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner::new(Seed::random())
    }
}

impl Interner {
    /// One without entries.
    pub fn new(seed: Seed) -> Interner {
        let slots = vec![(0, EMPTY); SLOTS_MIN];
        Interner { slots, hashes: Vec::new(), ends: vec![0], bytes: Vec::new(), seed }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Drops all entries, keeping the memory.
    pub fn clear(&mut self) {
        self.slots.fill((0, EMPTY));
        self.hashes.clear();
        self.ends.truncate(1);
        self.bytes.clear();
    }

    /// The bytes of an entry.
    pub fn get(&self, entry: u32) -> &[u8] {
        &self.bytes[self.ends[entry as usize]..self.ends[entry as usize + 1]]
    }

    /// The number of the entry with these bytes; a new one has the number `len()` before.
    #[inline(always)]
    pub fn insert(&mut self, bytes: &[u8]) -> u32 {
        let hash = hash_bytes(bytes, self.seed);
        match self.seek(bytes, hash) {
            Ok(entry) => entry,
            Err(slot) => {
                let entry = self.hashes.len() as u32;
                self.slots[slot] = ((hash >> 32) as u32, entry);
                self.hashes.push(hash);
                self.bytes.extend_from_slice(bytes);
                self.ends.push(self.bytes.len());
                if self.hashes.len() * 2 > self.slots.len() {
                    self.grow();
                }
                entry
            }
        }
    }

    /// The number of the entry with these bytes, where there is one.
    pub fn find(&self, bytes: &[u8]) -> Option<u32> {
        self.seek(bytes, hash_bytes(bytes, self.seed)).ok()
    }

    /// The entries as text; what went in was UTF-8.
    ///
    /// Errors: `LimitExceeded` above `ARRAY_TEXT_BYTES_MAX` bytes.
    pub fn text(&self) -> Result<Text> {
        if self.bytes.len() > ARRAY_TEXT_BYTES_MAX {
            return Err(too_long());
        }
        let offsets: Vec<i32> = self.ends.iter().map(|end| *end as i32).collect();
        Ok(Text::new(Values::from(offsets), Buffer::from_slice(&self.bytes)))
    }

    /// The entry that holds `bytes`, or the slot where it belongs.
    #[inline(always)]
    fn seek(&self, bytes: &[u8], hash: u64) -> std::result::Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let (tag, entry) = self.slots[at];
            if entry == EMPTY {
                return Err(at);
            }
            if tag == (hash >> 32) as u32 && self.get(entry) == bytes {
                return Ok(entry);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.slots = vec![(0, EMPTY); self.slots.len() * 4];
        let mask = self.slots.len() - 1;
        for (entry, hash) in self.hashes.iter().enumerate() {
            let mut at = *hash as usize & mask;
            while self.slots[at].1 != EMPTY {
                at = (at + 1) & mask;
            }
            self.slots[at] = ((hash >> 32) as u32, entry as u32);
        }
    }
}
