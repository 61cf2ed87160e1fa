//! Bytes to 64 bits that are equal where the bytes are: seeded, so that no input can be made to
//! collide.

use std::hash::{BuildHasher, RandomState};

/// What hashes of one question start from.
#[derive(Clone, Copy, Debug)]
pub struct Seed(u64);

impl Seed {
    /// A seed that nobody can foresee.
    pub fn random() -> Seed {
        Seed(RandomState::new().hash_one(0_u64))
    }
}

/// Both halves of a 128-bit product: every bit of the input reaches every bit of the result.
/// Source: W. Yi, "wyhash", its `mum`.
#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hash of a word.
#[inline(always)]
pub fn hash_word(word: u64, seed: Seed) -> u64 {
    fold(word ^ seed.0, ODD)
}

/// The hash of bytes.
#[inline(always)]
pub fn hash_bytes(text: &[u8], seed: Seed) -> u64 {
    let mut hash = seed.0 ^ (text.len() as u64).wrapping_mul(ODD);
    let (chunks, rest) = text.as_chunks::<8>();
    for chunk in chunks {
        hash = fold(hash ^ u64::from_le_bytes(*chunk), ODD);
    }
    if !rest.is_empty() {
        let word = match text.last_chunk::<8>() {
            // The last 8 bytes, some of which were taken before, in one load.
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        hash = fold(hash ^ word, ODD);
    }
    fold(hash, ODD)
}
