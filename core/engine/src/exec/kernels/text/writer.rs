//! Text under construction: values in order, or parts of another text.

use crate::column::{MutableBuffer, Text, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARRAY_TEXT_BYTES_MAX, GROWN_TEXT_BYTES_MAX};

/// Bytes that short values are copied in: a whole step costs less than the exact bytes.
const STEP: usize = 16;

/// Text whose size is not known before.
///
/// Only `&str` goes in, so what comes out is text; [`Text::new`] checks that once more.
pub struct Writer {
    offsets: MutableBuffer,
    bytes: MutableBuffer,
}

impl Writer {
    /// With room for `rows` values.
    pub fn new(rows: usize) -> Writer {
        let mut offsets = MutableBuffer::with_capacity((rows + 1) * size_of::<i32>());
        offsets.push(0_i32);
        Writer { offsets, bytes: MutableBuffer::with_capacity(rows * STEP) }
    }

    /// Appends to the value that `end_value` will end.
    ///
    /// Errors: `LimitExceeded` when the text would pass `ARRAY_TEXT_BYTES_MAX`.
    #[inline]
    pub fn extend(&mut self, part: &str) -> Result<()> {
        self.check_room(part.len())?;
        self.bytes.extend_from_slice(part.as_bytes());
        Ok(())
    }

    /// Appends one character, as `extend` does.
    #[inline]
    pub fn extend_char(&mut self, character: char) -> Result<()> {
        self.extend(character.encode_utf8(&mut [0; 4]))
    }

    /// Refuses `count` parts of `part_bytes` before they are written.
    ///
    /// Errors: `LimitExceeded` when the text would pass `GROWN_TEXT_BYTES_MAX`.
    pub fn check_repeated(&self, part_bytes: usize, count: u64) -> Result<()> {
        let end = u128::from(count) * part_bytes as u128 + self.bytes.len_bytes() as u128;
        match end > GROWN_TEXT_BYTES_MAX as u128 {
            true => Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("repeated texts exceed {GROWN_TEXT_BYTES_MAX} bytes for one run of rows"),
            )),
            false => Ok(()),
        }
    }

    /// Appends `part` so many times, as `extend` does; what is short is gathered into longer steps.
    ///
    /// Errors: as `check_repeated`, before anything is written.
    pub fn extend_repeated(&mut self, part: &str, count: u64) -> Result<()> {
        const PIECE: usize = 4_096;
        if part.is_empty() {
            return Ok(());
        }
        self.check_repeated(part.len(), count)?;
        let per_piece = (PIECE / part.len()).max(1);
        let (pieces, rest) = (count as usize / per_piece, count as usize % per_piece);
        if pieces > 1 {
            let piece = part.repeat(per_piece);
            for _ in 0..pieces {
                self.extend(&piece)?;
            }
        }
        let rest = if pieces > 1 { rest } else { count as usize };
        for _ in 0..rest {
            self.extend(part)?;
        }
        Ok(())
    }

    /// Ends a value made of the parts since the last one ended.
    #[inline]
    pub fn end_value(&mut self) {
        self.offsets.push(self.bytes.len_bytes() as i32);
    }

    /// Ends the text.
    pub fn finish(self) -> Text {
        Text::new(Values::new(self.offsets.freeze()), self.bytes.freeze())
    }

    fn check_room(&self, extra: usize) -> Result<()> {
        match self.bytes.len_bytes().saturating_add(extra) > ARRAY_TEXT_BYTES_MAX {
            true => Err(too_long()),
            false => Ok(()),
        }
    }
}

fn too_long() -> Error {
    Error::new(
        ErrorKind::LimitExceeded,
        format!("the text of one array exceeds {ARRAY_TEXT_BYTES_MAX} bytes"),
    )
}

/// A part of each value of a text, from a start to an end in its bytes.
///
/// Cost: one copy of the parts; none at all where each part is its whole value.
pub fn cut(text: &Text, starts: &[u32], ends: &[u32]) -> Text {
    let whole = text.offsets().windows(2).zip(starts.iter().zip(ends));
    if whole.clone().all(|(pair, (start, end))| pair[0] as u32 == *start && pair[1] as u32 == *end)
    {
        return text.clone();
    }
    let source = text.bytes().as_bytes();
    let total: usize = starts.iter().zip(ends).map(|(start, end)| (end - start) as usize).sum();
    let mut bytes = MutableBuffer::zeroed::<u8>(total + STEP);
    let mut offsets = MutableBuffer::zeroed::<i32>(starts.len() + 1);
    let mut at = 0;
    let room = bytes.as_mut_slice::<u8>();
    let rows = offsets.as_mut_slice::<i32>()[1..].iter_mut();
    for ((start, end), offset) in starts.iter().zip(ends).zip(rows) {
        let (start, end) = (*start as usize, *end as usize);
        let len = end - start;
        match source.get(start..start + STEP) {
            Some(step) if len <= STEP => room[at..at + STEP].copy_from_slice(step),
            _ => room[at..at + len].copy_from_slice(&source[start..end]),
        }
        at += len;
        *offset = at as i32;
    }
    bytes.truncate(total);
    Text::new(Values::new(offsets.freeze()), bytes.freeze())
}

/// A text that is another one with some parts put in place of others: what lies between two edits
/// is copied in one go, over as many rows as it spans.
pub struct Patch<'a> {
    text: &'a Text,
    offsets: MutableBuffer,
    bytes: MutableBuffer,
    /// Bytes of the old text that are in the new one, or were left out.
    copied: usize,
    /// Values whose end in the new text is known.
    ended: usize,
}

impl<'a> Patch<'a> {
    /// A text without an edit so far.
    pub fn new(text: &'a Text) -> Patch<'a> {
        let offsets = MutableBuffer::zeroed::<i32>(text.len() + 1);
        let copied = text.offsets()[0] as usize;
        let likely = text.offsets()[text.len()] as usize - copied;
        let bytes = MutableBuffer::with_capacity(likely + likely / 8);
        Patch { text, offsets, bytes, copied, ended: 0 }
    }

    /// Leaves out the bytes from `start` to `end` of the value at `row`; edits come in order.
    ///
    /// Errors: `LimitExceeded` when the text would pass `ARRAY_TEXT_BYTES_MAX`.
    pub fn remove(&mut self, row: usize, start: usize, end: usize) -> Result<()> {
        self.end_rows(row);
        self.copy_to(start)?;
        self.copied = end;
        Ok(())
    }

    /// Puts a text where the last edit left out.
    ///
    /// Errors: as `remove`.
    pub fn insert(&mut self, part: &str) -> Result<()> {
        self.extend(part.as_bytes())
    }

    /// Ends the text.
    ///
    /// Errors: as `remove`.
    pub fn finish(mut self) -> Result<Text> {
        self.end_rows(self.text.len());
        self.copy_to(self.text.offsets()[self.text.len()] as usize)?;
        Ok(Text::new(Values::new(self.offsets.freeze()), self.bytes.freeze()))
    }

    /// The values before `row` end where they did, by as much later as the text has grown.
    fn end_rows(&mut self, row: usize) {
        let shift = self.bytes.len_bytes() as i64 - self.copied as i64;
        let old = &self.text.offsets()[self.ended + 1..=row];
        let new = &mut self.offsets.as_mut_slice::<i32>()[self.ended + 1..=row];
        for (new, old) in new.iter_mut().zip(old) {
            // Where this does not fit, `copy_to` refuses the bytes before it.
            *new = (i64::from(*old) + shift) as i32;
        }
        self.ended = row;
    }

    fn copy_to(&mut self, end: usize) -> Result<()> {
        let text = self.text;
        let part = &text.bytes().as_bytes()[self.copied..end];
        self.copied = end;
        self.extend(part)
    }

    fn extend(&mut self, part: &[u8]) -> Result<()> {
        if self.bytes.len_bytes() + part.len() > ARRAY_TEXT_BYTES_MAX {
            return Err(too_long());
        }
        self.bytes.extend_from_slice(part);
        Ok(())
    }
}
