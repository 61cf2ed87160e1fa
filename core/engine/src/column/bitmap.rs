//! Bits in Arrow order (least significant first): validity, where 1 means a value is present, and
//! the values of bool columns. Bit 0 is always the lowest bit of the first byte: a slice that does
//! not start on a byte is copied, which costs an eighth of a byte a row.

use super::buffer::{Buffer, MutableBuffer};

/// `len` bits over a shared buffer; bits behind `len` in the last byte are undefined.
#[derive(Clone, Debug)]
pub struct Bitmap {
    buffer: Buffer,
    len: usize,
}

impl Bitmap {
    /// Views a buffer as `len` bits. Panics when the buffer is too short.
    pub fn new(buffer: Buffer, len: usize) -> Bitmap {
        assert!(buffer.len_bytes() >= len.div_ceil(8));
        Bitmap { buffer, len }
    }

    /// `len` bits of one value.
    pub fn repeat(value: bool, len: usize) -> Bitmap {
        let bytes = vec![if value { 0xFF_u8 } else { 0 }; len.div_ceil(8)];
        Bitmap::new(Buffer::from_slice(&bytes), len)
    }

    /// `len` bits, the one at `index` being `bit(index)`.
    pub fn from_fn(len: usize, mut bit: impl FnMut(usize) -> bool) -> Bitmap {
        let mut bytes = MutableBuffer::zeroed::<u8>(len.div_ceil(8));
        for (position, byte) in bytes.as_mut_slice::<u8>().iter_mut().enumerate() {
            let start = position * 8;
            for index in start..len.min(start + 8) {
                *byte |= u8::from(bit(index)) << (index - start);
            }
        }
        Bitmap::new(bytes.freeze(), len)
    }

    /// Number of bits.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no bit.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes below.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The bit at `index`. Panics out of range.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        assert!(index < self.len);
        self.buffer.as_bytes()[index / 8] >> (index % 8) & 1 == 1
    }

    /// 64 bits from bit `word * 64` on; those at and behind `len` are 0.
    #[inline]
    pub fn word(&self, word: usize) -> u64 {
        let bytes = &self.buffer.as_bytes()[word * 8..];
        let bits = match bytes.first_chunk::<8>() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => {
                let mut chunk = [0; 8];
                chunk[..bytes.len()].copy_from_slice(bytes);
                u64::from_le_bytes(chunk)
            }
        };
        let left = self.len - word * 64;
        if left >= 64 { bits } else { bits & ((1 << left) - 1) }
    }

    /// Number of words that hold the bits.
    pub fn word_count(&self) -> usize {
        self.len.div_ceil(64)
    }

    /// Makes a bitmap word by word.
    pub fn from_words(len: usize, mut word: impl FnMut(usize) -> u64) -> Bitmap {
        let mut words = MutableBuffer::zeroed::<u64>(len.div_ceil(64));
        for (index, slot) in words.as_mut_slice::<u64>().iter_mut().enumerate() {
            *slot = word(index).to_le();
        }
        Bitmap::new(words.freeze(), len)
    }

    /// Number of bits that are 1.
    pub fn count_ones(&self) -> usize {
        (0..self.word_count()).map(|word| self.word(word).count_ones() as usize).sum()
    }

    /// `len` bits from `offset` on; without a copy where `offset` is a multiple of 8.
    pub fn slice(&self, offset: usize, len: usize) -> Bitmap {
        assert!(offset <= self.len && len <= self.len - offset);
        match offset % 8 {
            0 => Bitmap::new(self.buffer.slice(offset / 8, len.div_ceil(8)), len),
            _ => Bitmap::from_fn(len, |index| self.get(offset + index)),
        }
    }

    /// The bits in order.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).map(|index| self.get(index))
    }
}

impl PartialEq for Bitmap {
    fn eq(&self, other: &Bitmap) -> bool {
        self.len == other.len
            && (0..self.word_count()).all(|word| self.word(word) == other.word(word))
    }
}

/// The validity of a row that needs two values: present where both are.
pub fn intersect(left: Option<&Bitmap>, right: Option<&Bitmap>) -> Option<Bitmap> {
    match (left, right) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (Some(a), Some(b)) => Some(Bitmap::from_words(a.len(), |word| a.word(word) & b.word(word))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_bits_and_slices_agree() {
        for len in [0, 1, 7, 8, 63, 64, 65, 130] {
            let bits = Bitmap::from_fn(len, |index| index % 3 == 0);
            assert_eq!(bits.count_ones(), (0..len).filter(|index| index % 3 == 0).count());
            assert_eq!(Bitmap::from_words(len, |word| bits.word(word)), bits);
            for offset in 0..len {
                let slice = bits.slice(offset, len - offset);
                assert!(slice.iter().enumerate().all(|(i, bit)| bit == ((i + offset) % 3 == 0)));
            }
        }
    }

    #[test]
    fn stray_bits_behind_the_end_do_not_count() {
        let bits = Bitmap::new(Buffer::from_slice(&[0xFF_u8]), 3);
        assert_eq!((bits.count_ones(), bits.word(0)), (3, 0b111));
    }
}
