//! Lines of a file of any size: where one ends, and which one an offset lies in, for as long as
//! nobody wishes the work to stop.

use crate::context::Context;
use crate::error::{Error, Result};

/// Bytes between two looks at whether the work was cancelled.
const STEP_BYTES: usize = 1 << 20;

/// The offset of the first byte of a kind, from `from` on.
///
/// Errors: `Cancelled`.
pub(super) fn find(
    bytes: &[u8],
    from: usize,
    is: impl Fn(u8) -> bool,
    context: &Context,
) -> Result<Option<usize>> {
    let mut at = from;
    while at < bytes.len() {
        context.check()?;
        let part = &bytes[at..bytes.len().min(at + STEP_BYTES)];
        if let Some(length) = part.iter().position(|byte| is(*byte)) {
            return Ok(Some(at + length));
        }
        at += part.len();
    }
    Ok(None)
}

/// Whether a byte stands anywhere, at the speed of memory.
///
/// Errors: `Cancelled`.
pub(super) fn has_byte(bytes: &[u8], wanted: u8, context: &Context) -> Result<bool> {
    for part in bytes.chunks(STEP_BYTES) {
        context.check()?;
        if part.contains(&wanted) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts lines; each byte once as long as the offsets rise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    is_return_end: bool,
    at: usize,
    line: u64,
}

impl Lines {
    /// At the start of the file; `is_return_end` says that a carriage return ends a line.
    pub fn new(is_return_end: bool) -> Lines {
        Lines { is_return_end, at: 0, line: 1 }
    }

    /// The line of an offset, from 1.
    ///
    /// Errors: `Cancelled`.
    pub fn line_at(&mut self, bytes: &[u8], offset: usize, context: &Context) -> Result<u64> {
        let offset = offset.min(bytes.len());
        if offset < self.at {
            (self.at, self.line) = (0, 1);
        }
        let returns = u8::from(self.is_return_end) * b'\r';
        while self.at < offset {
            context.check()?;
            let part = &bytes[self.at..offset.min(self.at + STEP_BYTES)];
            let is_end = |byte: &&u8| **byte == b'\n' || (returns != 0 && **byte == returns);
            self.line += part.iter().filter(is_end).count() as u64;
            self.at += part.len();
        }
        Ok(self.line)
    }

    /// Adds the line to an error that knows its offset; gives `Cancelled` where that came first.
    pub fn place(&mut self, bytes: &[u8], error: Error, context: &Context) -> Error {
        let Some(offset) = error.location().byte_offset else { return error };
        let offset = usize::try_from(offset).unwrap_or(bytes.len());
        match self.line_at(bytes, offset, context) {
            Ok(line) => error.at(|place| place.line = Some(line)),
            Err(cancelled) => cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn lines_are_counted_wherever_the_steps_end() {
        let context = Context::default();
        let bytes =
            [vec![b'x'; STEP_BYTES - 1], b"\n\r\n".to_vec(), vec![b'y'; STEP_BYTES]].concat();
        let mut lines = Lines::new(false);
        for (offset, line) in [(0, 1), (STEP_BYTES - 1, 1), (STEP_BYTES, 2), (STEP_BYTES + 2, 3)] {
            assert_eq!(lines.line_at(&bytes, offset, &context), Ok(line), "{offset}");
        }
        assert_eq!(lines.line_at(&bytes, usize::MAX, &context), Ok(3));
        assert_eq!(lines.line_at(&bytes, 5, &context), Ok(1));
        let mut lines = Lines::new(true);
        assert_eq!(lines.line_at(b"a\rb\rc", 4, &context), Ok(3));
        let is = |wanted| move |byte| byte == wanted;
        assert_eq!(find(&bytes, 0, is(b'\r'), &context), Ok(Some(STEP_BYTES)));
        assert_eq!(find(&bytes, STEP_BYTES + 1, is(b'\r'), &context), Ok(None));
        assert_eq!(find(&bytes, bytes.len(), is(b'y'), &context), Ok(None));
        assert_eq!(has_byte(&bytes, b'y', &context), Ok(true));
        assert_eq!(has_byte(&bytes, b'z', &context), Ok(false));
    }

    #[test]
    fn a_wish_to_stop_ends_the_search_and_the_count() {
        let context = Context::default();
        context.cancel();
        let bytes = vec![b'x'; 8];
        let error = find(&bytes, 0, |_| false, &context).expect_err("cancelled");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let wrong = Error::new(ErrorKind::FieldCount, "").at(|place| place.byte_offset = Some(4));
        let error = Lines::new(false).place(&bytes, wrong, &context);
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
