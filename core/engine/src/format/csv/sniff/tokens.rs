//! A small tokenizer for samples: text and a dialect in, cells of records out.
//!
//! It never fails. A quote that does not belong where it stands is text and is counted, because how
//! often that happens is what tells a wrong dialect from a right one. It shares nothing with the
//! readers: they refuse what is wrong, this one measures it.

/// What separates and protects fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between fields; empty when each record is one field.
    pub delimiter: Vec<u8>,
    /// Around fields that hold delimiters or line ends.
    pub quote: Option<u8>,
    /// Makes the next byte plain text; `None` where quotes are doubled.
    pub escape: Option<u8>,
    /// Whether blanks may stand between a delimiter and a quote.
    pub trim: bool,
}

/// A field of a record: where its text lies in the sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    start: u32,
    end: u32,
    /// Whether it stood in quotes, which are not part of it.
    pub is_quoted: bool,
}

impl Cell {
    /// The text of the cell, as it stands in the sample.
    pub fn text<'a>(&self, sample: &'a [u8]) -> &'a [u8] {
        &sample[self.start as usize..self.end as usize]
    }
}

/// A record: its cells and the line it starts on, from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    first: u32,
    /// Number of its cells.
    pub width: u32,
    /// Physical line, from 0, that it starts on.
    pub line: u32,
}

/// How well a quote did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quotes {
    /// Fields that opened and closed as they should.
    pub whole: u32,
    /// Those of them that hold a delimiter, a quote or a line end, so that they needed it.
    pub needed: u32,
    /// Quotes within a quoted field that are neither its end nor escaped, and fields left open.
    pub stray: u32,
}

/// A sample cut into records. Lines without any text are no records.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    cells: Vec<Cell>,
    /// The records that hold text.
    pub rows: Vec<Row>,
    /// How well the quote did.
    pub quotes: Quotes,
    /// Lines skipped for their prefix: which of the prefixes, and where the line lies.
    pub comments: Vec<Comment>,
    /// Unquoted fields where blanks stood before a quote.
    pub padded_quotes: u32,
}

/// A line that starts with one of the prefixes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment {
    /// Which prefix.
    pub prefix: usize,
    /// Physical line, from 0.
    pub line: u32,
    start: u32,
    end: u32,
}

impl Comment {
    /// The line without its end.
    pub fn text<'a>(&self, sample: &'a [u8]) -> &'a [u8] {
        &sample[self.start as usize..self.end as usize]
    }
}

impl Table {
    /// The table without its first records.
    pub fn after(&self, first: usize) -> Table {
        Table { rows: self.rows[first..].to_vec(), ..self.clone() }
    }

    /// The cells of a record.
    pub fn cells(&self, row: &Row) -> &[Cell] {
        &self.cells[row.first as usize..(row.first + row.width) as usize]
    }
}

/// What is cut, apart from the dialect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<'a> {
    /// The text.
    pub sample: &'a [u8],
    /// Whether the sample ends before the file does: then its last record is left out.
    pub is_cut_off: bool,
    /// Whether a lone `\r` ends a line.
    pub lone_cr: bool,
    /// Records that start with one of these are comments.
    pub comments: &'a [&'a [u8]],
}

/// Cuts a sample into records.
///
/// Cost: one pass over the sample, and at most one more where a quote is never closed.
pub(super) fn tokenize(cut: Cut<'_>, dialect: &Dialect) -> Table {
    let mut tokens = Tokens {
        cut,
        dialect,
        table: Table::default(),
        at: 0,
        line: 0,
        first_delimiter: dialect.delimiter.first().copied(),
        unclosed_from: usize::MAX,
    };
    while tokens.at < cut.sample.len() {
        tokens.record();
    }
    tokens.table
}

struct Tokens<'a> {
    cut: Cut<'a>,
    dialect: &'a Dialect,
    table: Table,
    at: usize,
    line: u32,
    first_delimiter: Option<u8>,
    /// No quoted field that opens from here on is closed within the sample.
    unclosed_from: usize,
}

enum After {
    Delimiter,
    RecordEnd,
    SampleEnd,
}

impl Tokens<'_> {
    fn record(&mut self) {
        let (line, first) = (self.line, self.table.cells.len());
        if self.line_end_length(self.at) > 0 {
            self.end_line();
            return;
        }
        if self.comment() {
            return;
        }
        let end = loop {
            match self.field() {
                After::Delimiter => {}
                end => break end,
            }
        };
        let cells = &self.table.cells[first..];
        let is_partial = matches!(end, After::SampleEnd) && self.cut.is_cut_off;
        let is_blank = cells.len() == 1
            && !cells[0].is_quoted
            && cells[0].text(self.cut.sample).trim_ascii().is_empty();
        if is_partial && !self.table.rows.is_empty() || is_blank {
            self.table.cells.truncate(first);
            return;
        }
        let width = cells.len() as u32;
        self.table.rows.push(Row { first: first as u32, width, line });
    }

    /// Skips the line when it starts with a prefix of comments.
    fn comment(&mut self) -> bool {
        let rest = &self.cut.sample[self.at..];
        let Some(prefix) = self.cut.comments.iter().position(|prefix| rest.starts_with(prefix))
        else {
            return false;
        };
        let (start, line) = (self.at, self.line);
        while self.at < self.cut.sample.len() && self.line_end_length(self.at) == 0 {
            self.at += 1;
        }
        let (start, end) = (start as u32, self.at as u32);
        self.table.comments.push(Comment { prefix, line, start, end });
        if self.at < self.cut.sample.len() {
            self.end_line();
        }
        true
    }

    /// Reads one field and what follows it.
    fn field(&mut self) -> After {
        if let Some(quote) = self.dialect.quote {
            let mut open = self.at;
            if self.dialect.trim {
                while self.cut.sample.get(open) == Some(&b' ') {
                    open += 1;
                }
            }
            let opens = self.cut.sample.get(open) == Some(&quote) && open < self.unclosed_from;
            if opens && let Some(after) = self.quoted_field(quote, open + 1) {
                self.table.padded_quotes += u32::from(open > self.at);
                return after;
            }
        }
        self.plain_field()
    }

    fn plain_field(&mut self) -> After {
        let (sample, start) = (self.cut.sample, self.at);
        let mut at = start;
        while at < sample.len() {
            let byte = sample[at];
            if Some(byte) == self.dialect.escape && at + 1 < sample.len() {
                at += 2;
                continue;
            }
            if Some(byte) == self.first_delimiter
                && sample[at..].starts_with(&self.dialect.delimiter)
            {
                self.push(start, at, false);
                self.at = at + self.dialect.delimiter.len();
                return After::Delimiter;
            }
            if byte <= b'\r' && self.line_end_length(at) > 0 {
                self.push(start, at, false);
                self.at = at;
                self.end_line();
                return After::RecordEnd;
            }
            at += 1;
        }
        // An escape may have stepped past the last byte.
        let at = at.min(sample.len());
        self.push(start, at, false);
        self.at = at;
        After::SampleEnd
    }

    /// Reads a field whose text starts at `start`, behind its quote; `None`, and nothing changed,
    /// when no quote closes it.
    fn quoted_field(&mut self, quote: u8, start: usize) -> Option<After> {
        let sample = self.cut.sample;
        let (mut at, mut line, mut stray, mut needed) = (start, self.line, 0, false);
        loop {
            let Some(byte) = sample.get(at).copied() else {
                self.unclosed_from = self.unclosed_from.min(start - 1);
                self.table.quotes.stray += u32::from(!self.cut.is_cut_off);
                return None;
            };
            if Some(byte) == self.dialect.escape && Some(byte) != self.dialect.quote {
                needed = true;
                at += 2;
                continue;
            }
            if byte == quote {
                let mut after = at + 1;
                if self.dialect.escape.is_none() && sample.get(after) == Some(&quote) {
                    // Of `"""` before a delimiter the first two are a quote, the third closes.
                    needed = true;
                    at += 2;
                    continue;
                }
                if self.dialect.trim {
                    while sample.get(after) == Some(&b' ') {
                        after += 1;
                    }
                }
                if let Some(end) = self.behind(after) {
                    self.line = line;
                    self.table.quotes.whole += 1;
                    self.table.quotes.needed += u32::from(needed);
                    self.table.quotes.stray += stray;
                    self.push(start, at, true);
                    self.at = after;
                    match end {
                        After::Delimiter => self.at += self.dialect.delimiter.len(),
                        After::RecordEnd => self.end_line(),
                        After::SampleEnd => {}
                    }
                    return Some(end);
                }
                stray += 1;
            } else if byte <= b'\r' && self.line_end_length(at) > 0 {
                needed = true;
                line += 1;
                at += self.line_end_length(at) - 1;
            } else if !needed && Some(byte) == self.first_delimiter {
                needed = sample[at..].starts_with(&self.dialect.delimiter);
            }
            at += 1;
        }
    }

    /// What stands at a place that may end a quoted field.
    fn behind(&self, at: usize) -> Option<After> {
        let rest = &self.cut.sample[at..];
        match rest.first() {
            None => Some(After::SampleEnd),
            Some(_) if self.line_end_length(at) > 0 => Some(After::RecordEnd),
            Some(byte) if Some(*byte) == self.first_delimiter => {
                rest.starts_with(&self.dialect.delimiter).then_some(After::Delimiter)
            }
            Some(_) => None,
        }
    }

    fn line_end_length(&self, at: usize) -> usize {
        let rest = &self.cut.sample[at..];
        match rest {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [b'\r', ..] if self.cut.lone_cr => 1,
            [b'\r'] => 1,
            _ => 0,
        }
    }

    fn end_line(&mut self) {
        self.at += self.line_end_length(self.at).max(1);
        self.line += 1;
    }

    fn push(&mut self, start: usize, end: usize, is_quoted: bool) {
        self.table.cells.push(Cell { start: start as u32, end: end as u32, is_quoted });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(
        text: &str,
        delimiter: &str,
        quote: Option<u8>,
        escape: Option<u8>,
    ) -> Vec<Vec<String>> {
        let delimiter = delimiter.as_bytes().to_vec();
        let dialect = Dialect { delimiter, quote, escape, trim: false };
        let sample = text.as_bytes();
        let cut = Cut { sample, is_cut_off: false, lone_cr: false, comments: &[b"#"] };
        let table = tokenize(cut, &dialect);
        let text = |cell: &Cell| String::from_utf8_lossy(cell.text(sample)).into_owned();
        table.rows.iter().map(|row| table.cells(row).iter().map(text).collect()).collect()
    }

    #[test]
    fn records_are_cut_as_the_dialect_says() {
        assert_eq!(
            cells("a,b\r\n\n\"c,\n\",\n", ",", Some(b'"'), None),
            [["a", "b"], ["c,\n", ""]]
        );
        assert_eq!(cells("a~|~b~|~\n", "~|~", None, None), [["a", "b", ""]]);
        assert_eq!(cells("# no\n'a\\'b';c", ";", Some(b'\''), Some(b'\\')), [["a\\'b", "c"]]);
        assert_eq!(cells("\"a \"x\" b\",c\n", ",", Some(b'"'), None), [["a \"x\" b", "c"]]);
        assert_eq!(cells("\"a,b\nc,d\n", ",", Some(b'"'), None), [["\"a", "b"], ["c", "d"]]);
        assert_eq!(cells("a b", "", None, None), [["a b"]]);
        assert_eq!(cells("a\\", ",", Some(b'"'), Some(b'\\')), [["a\\"]]);
        assert_eq!(cells("\"a\\", ",", Some(b'"'), Some(b'\\')), [["\"a\\"]]);
    }
}
