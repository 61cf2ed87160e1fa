//! What is looked at of a file: its head, and of a large one a piece of the middle and of the end.

use super::LineEnd;
use super::encoding::{find_encoding, to_text};
use super::given::Given;

/// Bytes of the head.
const HEAD_BYTES: usize = 128 << 10;
/// Bytes of the piece from the middle and of that from the end.
const PROBE_BYTES: usize = 32 << 10;

/// Pieces of a file as text.
pub(super) struct Sample {
    /// The start of the file without a byte-order mark.
    pub head: Vec<u8>,
    /// Whether the file goes on behind the head.
    pub is_cut_off: bool,
    /// Pieces of the rest; each starts behind a line end.
    pub probes: Vec<Vec<u8>>,
    /// Label of the encoding.
    pub encoding: String,
    /// Why it may be another encoding.
    pub doubt: Option<String>,
    /// How lines end.
    pub line_end: LineEnd,
}

impl Sample {
    /// Takes the pieces and finds their encoding.
    pub fn of(bytes: &[u8], given: &Given) -> Sample {
        let (head, rest) = bytes.split_at(bytes.len().min(HEAD_BYTES));
        let mut pieces = vec![head];
        if rest.len() > 2 * PROBE_BYTES {
            // Even offsets, for encodings of two bytes.
            let middle = (rest.len() / 2) & !1;
            let tail = (rest.len() - PROBE_BYTES) & !1;
            pieces.push(&rest[middle..(middle + PROBE_BYTES).min(tail)]);
            pieces.push(&rest[tail..]);
        } else if !rest.is_empty() {
            pieces.push(rest);
        }
        let mut found = find_encoding(&pieces);
        let mut label = found.label.to_owned();
        if let Some(given) = &given.encoding
            && !given.eq_ignore_ascii_case("utf-16")
        {
            label = given.to_ascii_lowercase();
            found.doubt = None;
        }
        let head = to_text(&head[found.mark_bytes..], &label).into_owned();
        let line_end = line_end(&head);
        let probes = pieces[1..].iter().map(|piece| from_line(&to_text(piece, &label), line_end));
        Sample {
            is_cut_off: !rest.is_empty(),
            probes: probes.filter(|probe| !probe.is_empty()).collect(),
            head,
            encoding: label,
            doubt: found.doubt,
            line_end,
        }
    }

    /// What the encoding leaves of certainty.
    pub fn certainty(&self) -> f64 {
        if self.doubt.is_some() { 0.8 } else { 1.0 }
    }
}

/// How most lines end.
fn line_end(head: &[u8]) -> LineEnd {
    let (mut lf, mut crlf, mut cr) = (0usize, 0usize, 0usize);
    for (index, byte) in head.iter().enumerate() {
        let after_cr = index > 0 && head[index - 1] == b'\r';
        match byte {
            b'\n' if after_cr => (crlf, cr) = (crlf + 1, cr - 1),
            b'\n' => lf += 1,
            b'\r' => cr += 1,
            _ => {}
        }
    }
    match (lf, crlf, cr) {
        (0, 0, 1..) => LineEnd::Cr,
        _ if crlf > lf => LineEnd::CrLf,
        _ => LineEnd::Lf,
    }
}

/// A piece from its first line on.
fn from_line(piece: &[u8], line_end: LineEnd) -> Vec<u8> {
    let end = if line_end == LineEnd::Cr { b'\r' } else { b'\n' };
    let start = piece.iter().position(|byte| *byte == end).map_or(piece.len(), |found| found + 1);
    piece[start..].to_vec()
}
