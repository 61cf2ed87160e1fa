//! Which dialects are worth trying on a sample: delimiters that stand there often enough, quotes
//! that open a field somewhere, escapes that precede a quote.
//!
//! Trying costs a pass over the sample, so a dialect that cannot win is not tried.

use std::collections::HashMap;

use super::given::Given;
use super::tokens::Dialect;

/// Delimiters of one character, and how likely they are before anything was looked at. Those that
/// also stand in text, times and addresses must fit better to win.
const DELIMITERS: [(&str, f64); 24] = [
    (",", 1.0),
    ("\t", 1.0),
    (";", 1.0),
    ("|", 1.0),
    ("\u{1}", 1.0),
    ("\u{1f}", 1.0),
    ("\u{1e}", 0.95),
    ("\u{2}", 0.95),
    ("~", 0.95),
    ("^", 0.95),
    ("¦", 0.95),
    ("§", 0.9),
    ("¬", 0.95),
    ("¶", 0.9),
    ("│", 0.9),
    ("，", 0.85),
    ("；", 0.9),
    (" ", 0.7),
    (":", 0.65),
    ("#", 0.6),
    ("!", 0.6),
    ("*", 0.6),
    ("&", 0.6),
    ("=", 0.55),
];

/// Delimiters of several characters that are known to be in use.
const LONG_DELIMITERS: [&str; 8] = ["||", "::", "~|~", ", ", "; ", "|~|", "^|^", "@@"];

/// Lines looked at to find delimiters.
const LINES_MAX: usize = 200;
/// Delimiters of several characters that are tried beside the known ones.
const FOUND_MAX: usize = 4;
/// Delimiters that are tried at most, beside none.
const DELIMITERS_MAX: usize = 12;
/// Bytes of the longest delimiter.
const DELIMITER_BYTES_MAX: usize = 8;

/// A dialect to try and its likelihood beforehand.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The dialect.
    pub dialect: Dialect,
    /// Factor of its score.
    pub prior: f64,
}

/// Whether a delimiter is one that text is full of.
pub(super) fn is_weak(delimiter: &[u8]) -> bool {
    matches!(delimiter, b" " | b":" | b"#" | b"!" | b"*" | b"&" | b"=")
}

/// The dialects to try, the likeliest first; at least the one of a single column.
pub(super) fn candidates(sample: &[u8], lone_cr: bool, given: &Given) -> Vec<Candidate> {
    let lines = lines(sample, lone_cr);
    let marks: Vec<u8> =
        [b'"', b'\'', b'`', b'\\'].into_iter().filter(|mark| sample.contains(mark)).collect();
    let mut all = Vec::new();
    for (delimiter, prior) in delimiters(&lines, given) {
        let quotes = quotes(sample, &marks, &delimiter, given);
        for (quote, quote_prior) in quotes {
            for (escape, escape_prior) in escapes(sample, &marks, &delimiter, quote, given) {
                let trim = given.trim.unwrap_or_else(|| has_blank_quote(sample, &delimiter, quote));
                let dialect = Dialect { delimiter: delimiter.clone(), quote, escape, trim };
                all.push(Candidate { dialect, prior: prior * quote_prior * escape_prior });
            }
        }
    }
    all
}

/// Lines with text, without regard to quotes.
fn lines(sample: &[u8], lone_cr: bool) -> Vec<&[u8]> {
    let end = if lone_cr { b'\r' } else { b'\n' };
    let lines = sample.split(|byte| *byte == end).map(<[u8]>::trim_ascii_end);
    lines.filter(|line| !line.is_empty()).take(LINES_MAX).collect()
}

fn delimiters(lines: &[&[u8]], given: &Given) -> Vec<(Vec<u8>, f64)> {
    if let Some(delimiter) = &given.delimiter {
        return vec![(delimiter.as_bytes().to_vec(), 1.0)];
    }
    let share = |delimiter: &[u8]| {
        let holding = lines.iter().filter(|line| contains(line, delimiter)).count();
        holding as f64 / lines.len().max(1) as f64
    };
    let mut all = Vec::new();
    for (delimiter, prior) in DELIMITERS {
        // A table below a long preamble may fill few lines; of weak ones that is chance.
        let share_min = if is_weak(delimiter.as_bytes()) { 0.4 } else { 0.1 };
        let share = share(delimiter.as_bytes());
        if share >= share_min {
            all.push((delimiter.as_bytes().to_vec(), prior, share));
        }
    }
    for delimiter in long_delimiters(lines) {
        let share = share(&delimiter);
        if share >= 0.3 {
            all.push((delimiter, 1.0, share));
        }
    }
    // Stable, so that the order of the list decides among equals.
    all.sort_by(|a, b| (b.1 * b.2).total_cmp(&(a.1 * a.2)));
    all.truncate(DELIMITERS_MAX);
    all.push((Vec::new(), 1.0, 1.0));
    all.into_iter().map(|(delimiter, prior, _)| (delimiter, prior)).collect()
}

/// Known delimiters of several characters, and runs of marks that stand in most lines.
fn long_delimiters(lines: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut counts: HashMap<&[u8], u32> = HashMap::new();
    for line in lines.iter().take(LINES_MAX) {
        for run in runs(line).filter(|run| (2..=DELIMITER_BYTES_MAX).contains(&run.len())) {
            if counts.len() < 512 || counts.contains_key(run) {
                *counts.entry(run).or_default() += 1;
            }
        }
    }
    let known = LONG_DELIMITERS.iter().map(|known| known.as_bytes().to_vec());
    let mut all: Vec<Vec<u8>> = known.collect();
    let mut found: Vec<(&[u8], u32)> = counts
        .into_iter()
        .filter(|(run, count)| {
            *count as usize * 2 >= lines.len() && !all.iter().any(|known| known == run)
        })
        .filter(|(run, _)| is_delimiter_like(run))
        .collect();
    // Ties in a fixed order: a hash table has none.
    found.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.len().cmp(&a.0.len())).then(a.0.cmp(b.0)));
    all.extend(found.into_iter().take(FOUND_MAX).map(|(run, _)| run.to_vec()));
    all
}

/// Maximal runs of marks and blanks.
fn runs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_mark = |byte: &u8| {
        byte.is_ascii_punctuation() && !matches!(byte, b'"' | b'\'' | b'`')
            || *byte == b' '
            || byte.is_ascii_control()
    };
    line.split(move |byte| !is_mark(byte))
}

/// Runs that are no delimiter with empty fields (`,,`), no sign of a number and no path.
fn is_delimiter_like(run: &[u8]) -> bool {
    let usual = |byte: &u8| matches!(byte, b',' | b';' | b'\t');
    let is_empty_fields = run.iter().filter(|byte| usual(byte)).count() > 1;
    let is_text = run.iter().all(|byte| {
        matches!(byte, b' ' | b'.' | b'/' | b'-' | b'+' | b'$' | b'(' | b')' | b',' | b':')
    });
    let has_sign =
        run.iter().any(|byte| matches!(byte, b'-' | b'+' | b'$' | b'.' | b'/' | b'(' | b'\\'));
    let has_line_end = run.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'));
    !is_empty_fields && !is_text && !has_sign && !has_line_end
}

/// Quotes that open a field somewhere, and none.
fn quotes(sample: &[u8], marks: &[u8], delimiter: &[u8], given: &Given) -> Vec<(Option<u8>, f64)> {
    if let Some(quote) = given.quote {
        return vec![(quote, 1.0)];
    }
    let mut all = Vec::new();
    for (quote, prior) in [(b'"', 1.0), (b'\'', 0.97), (b'`', 0.96)] {
        if marks.contains(&quote) && opens_field(sample, delimiter, quote) {
            all.push((Some(quote), prior));
        }
    }
    all.push((None, 0.99));
    all
}

/// Whether a quote stands somewhere at the start of a field.
fn opens_field(sample: &[u8], delimiter: &[u8], quote: u8) -> bool {
    let mut from = 0;
    while let Some(found) = sample[from..].iter().position(|byte| *byte == quote) {
        let before = sample[..from + found].trim_ascii_end_blanks();
        let is_start = before.is_empty()
            || matches!(before.last(), Some(b'\n' | b'\r'))
            || !delimiter.is_empty()
                && (before.ends_with(delimiter) || sample[..from + found].ends_with(delimiter));
        if is_start {
            return true;
        }
        from += found + 1;
    }
    false
}

/// Slices without the blanks at their end, line ends kept.
trait TrimBlanks {
    fn trim_ascii_end_blanks(&self) -> &[u8];
}

impl TrimBlanks for [u8] {
    fn trim_ascii_end_blanks(&self) -> &[u8] {
        let mut text = self;
        while let [rest @ .., b' '] = text {
            text = rest;
        }
        text
    }
}

/// Whether blanks stand between a delimiter and a quote somewhere.
fn has_blank_quote(sample: &[u8], delimiter: &[u8], quote: Option<u8>) -> bool {
    let Some(quote) = quote else { return false };
    if delimiter.is_empty() || delimiter.contains(&b' ') {
        return false;
    }
    let mut padded = delimiter.to_vec();
    padded.extend([b' ']);
    let mut rest = sample;
    while let Some(found) = find(rest, &padded) {
        rest = &rest[found + padded.len()..];
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        if rest.get(blanks) == Some(&quote) {
            return true;
        }
    }
    false
}

fn escapes(
    sample: &[u8],
    marks: &[u8],
    delimiter: &[u8],
    quote: Option<u8>,
    given: &Given,
) -> Vec<(Option<u8>, f64)> {
    if let Some(escape) = given.escape {
        return vec![(escape, 1.0)];
    }
    let mut all = vec![(None, 1.0)];
    let escape = b'\\';
    if marks.contains(&escape) {
        let before_quote = quote.is_some_and(|quote| find(sample, &[escape, quote]).is_some());
        let mut escaped = vec![escape];
        escaped.extend(delimiter);
        let before_delimiter = !delimiter.is_empty() && find(sample, &escaped).is_some();
        if before_quote || before_delimiter {
            all.push((Some(escape), 0.99));
        }
    }
    all
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

/// Where `part`, not empty, stands first.
pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let (first, rest) = part.split_first()?;
    let mut from = 0;
    while let Some(found) = text[from..].iter().position(|byte| byte == first) {
        let at = from + found;
        if text[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiters_of(text: &str) -> Vec<String> {
        let all = candidates(text.as_bytes(), false, &Given::default());
        let mut names: Vec<String> = all
            .iter()
            .map(|candidate| String::from_utf8_lossy(&candidate.dialect.delimiter).into_owned())
            .collect();
        names.dedup();
        names
    }

    #[test]
    fn only_what_stands_there_is_tried() {
        assert_eq!(delimiters_of("a;b\nc;d\n"), [";", ""]);
        assert_eq!(delimiters_of("a<>b\nc<>d\n"), ["<>", ""]);
        assert_eq!(delimiters_of("a,,b\nc,,d\n"), [",", ""]);
        assert_eq!(delimiters_of(""), [""]);
    }

    #[test]
    fn quotes_must_open_a_field() {
        let quotes = |text: &str| {
            let all = quotes(text.as_bytes(), b"\"'", b",", &Given::default());
            all.into_iter().filter_map(|(quote, _)| quote).map(char::from).collect::<String>()
        };
        assert_eq!(quotes("it's,5\" wide"), "");
        assert_eq!(quotes("a, \"b\"\n'c',d"), "\"'");
    }
}
