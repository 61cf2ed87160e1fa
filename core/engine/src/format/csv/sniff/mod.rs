//! Sniffing: the first bytes of a file in, the options to read it with out.
//!
//! ```text
//! bytes -> encoding -> pieces of text: the head, and of a large file its middle and its end
//!       -> dialects worth trying, judged on the head: delimiter, quote, escape
//!       -> where the table begins: comments, preamble, header
//!       -> what the values say: decimal, thousands, order of dates, blanks
//! ```
//! Nothing here fails: any bytes have a best reading. How good it is says `confidence`, and what
//! else may be meant says `doubt`.
//!
//! Source: van den Burg, Nazabal, Sutton, "Wrangling messy CSV files by detecting row and type
//! patterns", Data Mining and Knowledge Discovery 33, 2019: a dialect is judged by how alike the
//! records are and by how many cells look like values. Döhmen, Mühleisen, Boncz, "Multi-hypothesis
//! CSV parsing", SSDBM 2017, and the documentation of DuckDB's sniffer: dialect first, then types,
//! then the header by contrast of types.

mod answer;
mod candidates;
mod encoding;
mod given;
mod head;
mod kinds;
mod sample;
mod score;
mod tokens;
mod values;

#[cfg(test)]
mod tests;

pub(super) use answer::resolve;
pub use answer::{answer_schema, resolve_source, sniff_csv};
use candidates::{Candidate, candidates};
pub use given::Given;
use head::{COMMENTS, Head, find_comment, find_head};
use sample::Sample;
use score::{Score, is_moments, score};
use tokens::{Cut, Dialect, Row, Table, tokenize};
use values::{Body, find_values};

use super::options::DateOrder;

/// Bytes of the head that every dialect is tried on.
const TRIAL_BYTES: usize = 16 << 10;
/// Lines that the trial wants to see, where the head has as many.
const TRIAL_LINES: usize = 24;
/// Dialects that are tried on the whole head.
const FINALISTS: usize = 4;

/// How the lines of a file end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// `\r` alone.
    Cr,
}

/// How to read a file, as far as its bytes tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Sniffed {
    /// Between fields.
    pub delimiter: String,
    /// Around fields; `"` where the file has none at all.
    pub quote: Option<u8>,
    /// Before a quote that is text; `None` where quotes are doubled.
    pub escape: Option<u8>,
    /// Starts lines that are no records.
    pub comment: Option<String>,
    /// Lines before the header that are no records.
    pub skip_lines: u64,
    /// Whether the first record names the columns.
    pub header: bool,
    /// Label of the encoding, of the WHATWG Encoding Standard.
    pub encoding: String,
    /// Mark before the fraction of a number.
    pub decimal: char,
    /// Mark between groups of three digits.
    pub thousands: Option<char>,
    /// Order of the parts of a date.
    pub date_order: DateOrder,
    /// Whether blanks around fields mean nothing.
    pub trim: bool,
    /// How lines end; readers take all of them.
    pub line_end: LineEnd,
    /// Number of columns; 0 for a file without records.
    pub columns: u64,
    /// How sure all this is, 0 to 1.
    pub confidence: f64,
    /// What may be meant otherwise, for people.
    pub doubt: Option<String>,
}

/// Finds how to read the bytes of a file.
///
/// Shape: `bytes` is the whole file; of a large one only pieces are looked at (at most 192 KiB).
/// Cost: some passes over the pieces, a few milliseconds.
pub fn sniff_bytes(bytes: &[u8], given: &Given) -> Sniffed {
    let sample = Sample::of(bytes, given);
    let lone_cr = sample.line_end == LineEnd::Cr;
    let soft = soft_comments(&sample.head, given);
    let cut = Cut { sample: &sample.head, is_cut_off: sample.is_cut_off, lone_cr, comments: &soft };
    let found = choose(cut, given);
    let mut doubts = sample.doubt.clone().into_iter().collect::<Vec<_>>();
    doubts.extend(found.doubt.clone());

    let dialect = found.dialect;
    let (comment, table) = comments(cut, &dialect, found.score.width, given);
    let head = head(&sample.head, &table, found.score.width, &dialect, given);
    let width = head.width;
    let probes: Vec<(&[u8], Table)> = sample
        .probes
        .iter()
        .map(|piece| {
            let comments: Vec<&[u8]> = comment.iter().map(|text| text.as_bytes()).collect();
            let cut = Cut { sample: piece, is_cut_off: true, lone_cr, comments: &comments };
            (piece.as_slice(), tokenize(cut, &dialect))
        })
        .collect();
    doubts.extend(probe_doubt(&probes, width));
    doubts.extend(head.doubts.iter().cloned());

    let first_value = (head.first + usize::from(head.header)).min(table.rows.len());
    let mut bodies =
        vec![Body { sample: &sample.head, table: &table, rows: &table.rows[first_value..] }];
    bodies.extend(probes.iter().map(|(sample, table)| Body { sample, table, rows: &table.rows }));
    let values = find_values(&bodies, width, &dialect.delimiter, given);
    let trim = given.trim.unwrap_or(values.trim || table.padded_quotes > 0 && dialect.trim);
    let clarity = 1.0 - 0.1 * values.doubts.len().min(2) as f64;
    doubts.extend(values.doubts);

    let confidence = found.certainty * head.certainty.max(0.75) * clarity * sample.certainty();
    let delimiter = match dialect.delimiter.is_empty() {
        true => unused_delimiter(&sample.head),
        false => String::from_utf8_lossy(&dialect.delimiter).into_owned(),
    };
    let quote = reported_quote(&sample.head, &table, &dialect, given);
    Sniffed {
        quote,
        delimiter,
        escape: dialect.escape,
        comment,
        skip_lines: head.skip_lines,
        header: head.header,
        encoding: sample.encoding.clone(),
        decimal: values.decimal,
        thousands: values.thousands.filter(|mark| quote.map(char::from) != Some(*mark)),
        date_order: values.date_order,
        trim,
        line_end: sample.line_end,
        columns: u64::from(width),
        confidence: (confidence * 100.0).round() / 100.0,
        doubt: (!doubts.is_empty()).then(|| doubts.join("; ")),
    }
}

/// The dialect that fits best.
struct Choice {
    dialect: Dialect,
    score: Score,
    certainty: f64,
    doubt: Option<String>,
}

fn choose(cut: Cut<'_>, given: &Given) -> Choice {
    let trial = trial(cut);
    let mut tried: Vec<(Candidate, Score)> = candidates(cut.sample, cut.lone_cr, given)
        .into_iter()
        .map(|candidate| {
            let score = judge(trial, &candidate);
            (candidate, score)
        })
        .collect();
    // Stable: among equals the one tried first.
    tried.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
    if trial.sample.len() < cut.sample.len() {
        tried.truncate(FINALISTS);
        for (candidate, found) in &mut tried {
            *found = judge(cut, candidate);
        }
        tried.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
    }
    prefer_long_or_short(&mut tried);
    let (best, score) = tried[0].clone();
    let second = tried.iter().find(|(other, _)| !is_kin(&other.dialect, &best.dialect));
    let (mut certainty, mut doubt) = (1.0, None);
    if let Some((other, second)) = second {
        let margin = 1.0 - second.value / score.value.max(f64::MIN_POSITIVE);
        certainty = 0.5 + 0.5 * (margin / 0.3).clamp(0.0, 1.0);
        if margin < 0.1 {
            doubt = Some(format!(
                "{} fits about as well as {}",
                name(&other.dialect),
                name(&best.dialect)
            ));
        }
    }
    certainty *= 0.6 + 0.4 * score.regular;
    if score.width == 0 {
        certainty = 0.0;
    }
    Choice { dialect: best.dialect, score, certainty, doubt }
}

fn judge(cut: Cut<'_>, candidate: &Candidate) -> Score {
    let table = tokenize(cut, &candidate.dialect);
    if candidates::is_weak(&candidate.dialect.delimiter) {
        let single = Dialect { delimiter: Vec::new(), ..candidate.dialect.clone() };
        if is_moments(cut.sample, &tokenize(cut, &single)) {
            return Score { value: 0.0, ..score(candidate, cut.sample, &table) };
        }
    }
    score(candidate, cut.sample, &table)
}

/// The start of the head, long enough to tell most dialects apart.
fn trial(cut: Cut<'_>) -> Cut<'_> {
    let end = if cut.lone_cr { b'\r' } else { b'\n' };
    let start = &cut.sample[..cut.sample.len().min(TRIAL_BYTES)];
    let is_enough = start.iter().filter(|byte| **byte == end).count() >= TRIAL_LINES;
    match start.len() < cut.sample.len() && is_enough {
        true => Cut { sample: start, is_cut_off: true, ..cut },
        false => cut,
    }
}

/// `", "` and `","` cut alike where a blank follows each comma: the long one is meant when it lets
/// quotes open fields or separates many, else the blank is just one.
fn prefer_long_or_short(tried: &mut [(Candidate, Score)]) {
    let Some((best, score)) = tried.first() else { return };
    let delimiter = &best.dialect.delimiter;
    let other = match delimiter.as_slice() {
        [b',' | b';'] => [delimiter.as_slice(), b" "].concat(),
        [mark @ (b',' | b';'), b' '] => vec![*mark],
        _ => return,
    };
    let twin = tried.iter().position(|(candidate, found)| {
        candidate.dialect.delimiter == other
            && candidate.dialect.quote == best.dialect.quote
            && candidate.dialect.escape == best.dialect.escape
            && found.width == score.width
            && found.value >= 0.98 * score.value
    });
    let wants_long = score.width >= 3 || best.dialect.trim;
    let is_long = delimiter.len() == 2;
    if let (Some(twin), true) = (twin, wants_long != is_long) {
        tried.swap(0, twin);
    }
}

/// Dialects between which it makes no difference to ask.
fn is_kin(a: &Dialect, b: &Dialect) -> bool {
    let mark = |dialect: &Dialect| dialect.delimiter.trim_ascii().to_vec();
    a.delimiter == b.delimiter || !mark(a).is_empty() && mark(a) == mark(b)
}

fn name(dialect: &Dialect) -> String {
    match dialect.delimiter.is_empty() {
        true => "one column".to_owned(),
        false => format!("delimiter {:?}", String::from_utf8_lossy(&dialect.delimiter)),
    }
}

/// Prefixes that may start comments: their lines are left out while dialects are judged.
fn soft_comments<'a>(head: &[u8], given: &'a Given) -> Vec<&'a [u8]> {
    if let Some(comment) = &given.comment {
        return comment.iter().map(|text| text.as_bytes()).collect();
    }
    let lines = || head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
    let count = lines().take(1000).count();
    let first = lines().next().unwrap_or(&[]);
    let mut prefixes: Vec<&[u8]> = COMMENTS.to_vec();
    prefixes.retain(|prefix| {
        let commented = lines().take(1000).filter(|line| line.starts_with(prefix)).count();
        // A semicolon is a delimiter first, and a comment only above all.
        let is_allowed = *prefix != b";" || first.starts_with(b";") && !first.starts_with(b";;");
        is_allowed && commented > 0 && commented * 5 <= count * 4
    });
    prefixes
}

/// The prefix of comments, and the head cut without them.
fn comments(cut: Cut<'_>, dialect: &Dialect, width: u32, given: &Given) -> (Option<String>, Table) {
    let table = tokenize(cut, dialect);
    let prefix = match &given.comment {
        Some(comment) => return (comment.clone(), table),
        None => find_comment(cut, dialect, &table, width),
    };
    let kept: Vec<&[u8]> = prefix.iter().map(|index| cut.comments[*index]).collect();
    let table = tokenize(Cut { comments: &kept, ..cut }, dialect);
    (kept.first().map(|text| String::from_utf8_lossy(text).into_owned()), table)
}

/// Where the table begins, as far as it is not given.
fn head(sample: &[u8], table: &Table, width: u32, dialect: &Dialect, given: &Given) -> Head {
    let mut head = match given.skip_lines {
        None => find_head(sample, table, width, dialect),
        Some(lines) => {
            let skipped = table.rows.iter().take_while(|row| u64::from(row.line) < lines).count();
            let rest = table.after(skipped);
            let head = find_head(sample, &rest, width, dialect);
            Head { first: skipped, skip_lines: lines, ..head }
        }
    };
    if let Some(header) = given.header {
        head.header = header;
        head.certainty = 1.0;
        head.doubts.retain(|doubt| !doubt.starts_with("the first record is read"));
    }
    head
}

/// Whether the middle and the end of the file are cut as its head is.
fn probe_doubt(probes: &[(&[u8], Table)], width: u32) -> Option<String> {
    let rows = || probes.iter().flat_map(|(_, table)| &table.rows);
    let usual = rows().filter(|row| row.width == width).count();
    let all = rows().count();
    (all > 0 && usual * 2 < all).then(|| {
        format!("{} of {all} records from the middle and the end have another width", all - usual)
    })
}

/// A quote that never opens a field is no less right than none: the usual one then. So it is when
/// one opens a field here and there and does not close it: that is a fault of the record, which the
/// reader names.
fn reported_quote(sample: &[u8], table: &Table, dialect: &Dialect, given: &Given) -> Option<u8> {
    if let Some(quote) = given.quote {
        return quote;
    }
    let is_left_open =
        |text: &[u8]| text.starts_with(b"\"") && (text.len() < 2 || !text.ends_with(b"\""));
    let has_fault =
        |row: &&Row| table.cells(row).iter().any(|cell| is_left_open(cell.text(sample)));
    match dialect.quote {
        Some(quote) => Some(quote),
        None => {
            let count = table.rows.iter().filter(has_fault).count();
            (count <= 1.max(table.rows.len() / 50)).then_some(b'"')
        }
    }
}

/// A delimiter for a single column: the first that does not stand in it.
fn unused_delimiter(sample: &[u8]) -> String {
    let unused = [b',', b';', b'\t', b'|', 1].into_iter().find(|byte| !sample.contains(byte));
    char::from(unused.unwrap_or(0x1F)).to_string()
}
