//! Text: the values of a utf8 array, and the two that gather them.

use std::sync::{Mutex, PoisonError};

use super::buffer::{Arena, Buffer, MutableBuffer, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// Text values: value `i` is `bytes[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Debug)]
pub struct Text {
    offsets: Values<i32>,
    bytes: Buffer,
}

impl Text {
    /// Joins offsets and bytes.
    ///
    /// Panics unless offsets are non-decreasing, within the bytes, and cut valid UTF-8 at
    /// character borders: the readers of untrusted bytes check and report before they come here.
    pub fn new(offsets: Values<i32>, bytes: Buffer) -> Text {
        Text::try_new(offsets, bytes).expect("offsets cut valid UTF-8 at character borders")
    }

    /// Joins offsets and bytes of unknown origin; `None` where [`Text::is_valid`] says no.
    ///
    /// Cost: as `is_valid`, once.
    pub fn try_new(offsets: Values<i32>, bytes: Buffer) -> Option<Text> {
        Text::is_valid(&offsets, bytes.as_bytes()).then_some(Text { offsets, bytes })
    }

    /// Whether these buffers make text: what a reader of untrusted bytes asks first.
    ///
    /// Cost: one pass over offsets and bytes.
    pub fn is_valid(offsets: &[i32], bytes: &[u8]) -> bool {
        let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else { return false };
        let in_range = *first >= 0 && *last as usize <= bytes.len();
        let rising = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        if !in_range || !rising {
            return false;
        }
        match simdutf8::basic::from_utf8(&bytes[*first as usize..*last as usize]) {
            Err(_) => false,
            Ok(text) => {
                let start = *first as usize;
                text.is_ascii()
                    || offsets.iter().all(|offset| text.is_char_boundary(*offset as usize - start))
            }
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Offsets into [`Text::bytes`], one more than values.
    pub fn offsets(&self) -> &Values<i32> {
        &self.offsets
    }

    /// The bytes; values of a slice keep their place, so the first offset need not be 0.
    pub fn bytes(&self) -> &Buffer {
        &self.bytes
    }

    /// The value at `index`. Panics out of range.
    #[inline]
    pub fn get(&self, index: usize) -> &str {
        let bytes = self.get_bytes(index);
        debug_assert!(std::str::from_utf8(bytes).is_ok());
        // SAFETY: `new` checked that the bytes are UTF-8 and that offsets are character borders.
        unsafe { std::str::from_utf8_unchecked(bytes) }
    }

    /// The bytes of the value at `index`.
    #[inline]
    pub fn get_bytes(&self, index: usize) -> &[u8] {
        let (start, end) = (self.offsets[index] as usize, self.offsets[index + 1] as usize);
        &self.bytes.as_bytes()[start..end]
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The values of several texts, one behind the other, in memory of an arena.
    ///
    /// Errors: `LimitExceeded` when the text would pass `ARRAY_TEXT_BYTES_MAX`.
    pub fn concat(parts: &[&Text], arena: &Mutex<Arena>) -> Result<Text> {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        let size_bytes = parts.iter().map(|part| part.used_bytes().len()).sum();
        if size_bytes > ARRAY_TEXT_BYTES_MAX {
            return Err(too_long());
        }
        let (mut offsets, mut bytes) = {
            let mut arena = arena.lock().unwrap_or_else(PoisonError::into_inner);
            (arena.room((len + 1) * size_of::<i32>()), arena.room(size_bytes))
        };
        offsets.extend_from_slice(&[0_i32]);
        let (mut base, mut ends) = (0, Vec::new());
        for part in parts {
            let first = part.offsets[0];
            ends.clear();
            ends.extend(part.offsets[1..].iter().map(|offset| offset - first + base));
            offsets.extend_from_slice(&ends);
            bytes.extend_from_slice(part.used_bytes());
            base += part.used_bytes().len() as i32;
        }
        Ok(Text { offsets: Values::new(offsets.freeze()), bytes: bytes.freeze() })
    }

    /// The bytes of all values.
    fn used_bytes(&self) -> &[u8] {
        let (first, last) = (self.offsets[0], self.offsets[self.len()]);
        &self.bytes.as_bytes()[first as usize..last as usize]
    }

    /// `len` values from `offset` on, without copying values.
    pub fn slice(&self, offset: usize, len: usize) -> Text {
        Text { offsets: self.offsets.slice(offset, len + 1), bytes: self.bytes.clone() }
    }
}

/// Gathers text values; reused from one array to the next.
///
/// Only `&str` goes in, so what comes out needs no check.
pub struct TextBuilder {
    /// Starts with 0; then the end of each value.
    offsets: Vec<i32>,
    bytes: Vec<u8>,
    /// Bytes in use; those behind are room for whole-word copies.
    len_bytes: usize,
}

impl Default for TextBuilder {
    fn default() -> TextBuilder {
        TextBuilder { offsets: vec![0], bytes: Vec::new(), len_bytes: 0 }
    }
}

impl TextBuilder {
    /// Drops all values, keeping the memory.
    pub fn clear(&mut self) {
        self.offsets.truncate(1);
        self.len_bytes = 0;
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all values.
    pub fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// The bytes of the value at `index`. Panics out of range.
    #[inline]
    pub fn get_bytes(&self, index: usize) -> &[u8] {
        &self.bytes[self.offsets[index] as usize..self.offsets[index + 1] as usize]
    }

    /// Appends a value.
    ///
    /// Panics above `ARRAY_TEXT_BYTES_MAX` bytes in all; the caller knows how much it reads.
    #[inline]
    pub fn push(&mut self, value: &str) {
        self.extend(value);
        self.end_value();
    }

    /// Appends parts of `text` as values, each from a start to an end, which count from `base`.
    /// What follows a short one is copied along: a whole step costs less than the exact bytes.
    ///
    /// Panics when a part leaves the text or cuts a character, and as `push` does.
    #[inline]
    pub fn push_parts(&mut self, text: &str, base: usize, starts: &[u32], ends: &[u32]) {
        const STEP: usize = 16;
        let places = starts.iter().zip(ends);
        let parts = places.map(|(start, end)| *start as usize - base..*end as usize - base);
        let added: usize = parts.clone().map(|part| part.len()).sum();
        self.make_room(added + STEP);
        let (source, mut at) = (text.as_bytes(), self.len_bytes);
        let room = &mut self.bytes[..];
        self.offsets.extend(parts.map(|part| {
            assert!(text.is_char_boundary(part.start) && text.is_char_boundary(part.end));
            match source.get(part.start..part.start + STEP) {
                Some(step) if part.len() <= STEP => room[at..at + STEP].copy_from_slice(step),
                _ => room[at..at + part.len()].copy_from_slice(&source[part.clone()]),
            }
            at += part.len();
            at as i32
        }));
        self.len_bytes = at;
        assert!(at <= ARRAY_TEXT_BYTES_MAX);
    }

    /// Appends a value in which `twin` stands in twos; of each two, one is kept.
    ///
    /// Panics when `twin` is not ASCII, and as `push` does.
    pub fn push_joining(&mut self, value: &str, twin: u8) {
        assert!(twin.is_ascii());
        self.make_room(value.len());
        let (source, room) = (value.as_bytes(), &mut self.bytes[self.len_bytes..]);
        let (mut from, mut to) = (0, 0);
        while from < source.len() {
            room[to] = source[from];
            // Behind a twin that stands alone, no character is cut.
            let is_doubled = source[from] == twin && source.get(from + 1) == Some(&twin);
            from += 1 + usize::from(is_doubled);
            to += 1;
        }
        self.len_bytes += to;
        self.end_value();
    }

    /// Room for that many bytes more.
    #[inline]
    fn make_room(&mut self, extra_bytes: usize) {
        let end = self.len_bytes + extra_bytes;
        if self.bytes.len() < end {
            self.bytes.resize((end * 2).max(1024), 0);
        }
    }

    /// Appends to the value that `end_value` will end.
    #[inline]
    pub fn extend(&mut self, part: &str) {
        let end = self.len_bytes + part.len();
        self.make_room(part.len());
        self.bytes[self.len_bytes..end].copy_from_slice(part.as_bytes());
        self.len_bytes = end;
    }

    /// Ends a value made of the parts since the last one ended.
    #[inline]
    pub fn end_value(&mut self) {
        assert!(self.len_bytes <= ARRAY_TEXT_BYTES_MAX);
        self.offsets.push(self.len_bytes as i32);
    }

    /// The values as one text in the arena's memory; the builder is empty again.
    pub fn finish(&mut self, arena: &mut Arena) -> Text {
        let offsets = Values::new(arena.copy(&self.offsets));
        let bytes = arena.copy(&self.bytes[..self.len_bytes]);
        self.clear();
        debug_assert!(Text::is_valid(&offsets, bytes.as_bytes()));
        Text { offsets, bytes }
    }
}

/// Text of a result whose size is not known before: refuses what is too long for one array.
///
/// Only `&str` and text go in, so what comes out needs no check.
pub struct TextAppender {
    offsets: MutableBuffer,
    bytes: MutableBuffer,
}

impl TextAppender {
    /// With room for `capacity` values.
    pub fn new(capacity: usize) -> TextAppender {
        let mut offsets = MutableBuffer::with_capacity((capacity + 1) * size_of::<i32>());
        offsets.push(0_i32);
        TextAppender { offsets, bytes: MutableBuffer::with_capacity(0) }
    }

    /// Appends a value.
    ///
    /// Errors: `LimitExceeded` when the text would pass `ARRAY_TEXT_BYTES_MAX`.
    #[inline]
    pub fn push(&mut self, value: &str) -> Result<()> {
        let end = self.reserve(value.len())?;
        self.bytes.extend_from_slice(value.as_bytes());
        self.offsets.push(end);
        Ok(())
    }

    /// Appends all values of a text.
    ///
    /// Errors: as `push`.
    pub fn extend(&mut self, text: &Text) -> Result<()> {
        let (first, last) = (text.offsets[0], text.offsets[text.len()]);
        let base = self.bytes.len_bytes() as i32;
        self.reserve((last - first) as usize)?;
        self.bytes.extend_from_slice(&text.bytes.as_bytes()[first as usize..last as usize]);
        let offsets: Vec<i32> =
            text.offsets[1..].iter().map(|offset| offset - first + base).collect();
        self.offsets.extend_from_slice(&offsets);
        Ok(())
    }

    /// Ends the text.
    pub fn finish(self) -> Text {
        Text { offsets: Values::new(self.offsets.freeze()), bytes: self.bytes.freeze() }
    }

    /// Where the text ends with `extra` more bytes, if it may have them.
    fn reserve(&self, extra: usize) -> Result<i32> {
        let end = self.bytes.len_bytes() + extra;
        if end > ARRAY_TEXT_BYTES_MAX {
            return Err(too_long());
        }
        Ok(end as i32)
    }
}

/// What too much text for one array is.
pub(super) fn too_long() -> Error {
    Error::new(
        ErrorKind::LimitExceeded,
        format!("the text of one array exceeds {ARRAY_TEXT_BYTES_MAX} bytes"),
    )
}
