//! Regular expressions over text.
//!
//! What the pattern is known to hold decides how rows are found in which it may match:
//!
//! ```text
//! a literal, at an end      compare bytes
//! a literal, one of some    search all bytes of the array, no expression runs
//! a required literal        search all bytes for it, run the expression on those rows only
//! nothing                   run the expression row by row
//! ```
//! The expression never sees two rows at once, so anchors and borders of words are those of a row.

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem::Finder;
use regex_automata::Input;
use regex_automata::meta::{Cache, Regex};
use regex_automata::util::primitives::NonMaxUsize;

use super::search::{Marks, rows_with, sweep, sweep_by};
use super::writer::{Patch, cut};
use super::{present_bits, replace};
use crate::column::bitmap::Bitmap;
use crate::column::{Array, ArrayData, MutableBuffer, Text, Values};
use crate::error::Result;
use crate::plan::text::pattern::{Pattern, Shape};
use crate::plan::text::template::{Part, Template};

/// A pattern with what searches for its literals.
pub struct Matcher {
    pattern: Pattern,
    finder: Option<Finder<'static>>,
    set: Option<AhoCorasick>,
}

impl Matcher {
    /// Prepares a pattern for many batches.
    pub fn new(pattern: Pattern) -> Matcher {
        let finder = match pattern.shape() {
            Shape::Literal(text) | Shape::Required(text) => {
                Some(Finder::new(text.as_bytes()).into_owned())
            }
            _ => None,
        };
        let set = match pattern.shape() {
            Shape::Set(texts) => {
                // As the expression: of two that start at one place, the one written first.
                AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(texts).ok()
            }
            _ => None,
        };
        Matcher { pattern, finder, set }
    }

    /// `regex_matches(a, pattern)`: whether it matches anywhere.
    pub fn matches(&self, input: &Array) -> Array {
        let text = input.as_text();
        let all = |test: &dyn Fn(&[u8]) -> bool| {
            Bitmap::from_fn(text.len(), |row| test(text.get_bytes(row)))
        };
        let bits = match (self.pattern.shape(), &self.finder, &self.set) {
            (Shape::Prefix(start), ..) => all(&|value| value.starts_with(start.as_bytes())),
            (Shape::Suffix(end), ..) => all(&|value| value.ends_with(end.as_bytes())),
            (Shape::Whole(whole), ..) => all(&|value| value == whole.as_bytes()),
            (Shape::Literal(_), Some(finder), _) => rows_with(text, finder),
            (_, _, Some(set)) => rows_with_any(text, set),
            _ => {
                let mut marks = Marks::new(text.len());
                self.candidates(text, |row, regex, cache| {
                    let input = Input::new(text.get_bytes(row)).earliest(true);
                    if regex.search_half_with(cache, &input).is_some() {
                        marks.set(row);
                    }
                    Ok(())
                })
                .expect("no match is too long");
                marks.finish()
            }
        };
        Array::new(ArrayData::Bool(bits), input.validity().cloned())
    }

    /// `regex_count(a, pattern)`: how many matches, not counting what overlaps.
    pub fn count(&self, input: &Array) -> Array {
        let text = input.as_text();
        let mut buffer = MutableBuffer::zeroed::<i64>(text.len());
        let counts = buffer.as_mut_slice::<i64>();
        self.candidates(text, |row, regex, cache| {
            let mut count = 0;
            each_match(regex, cache, text.get(row), |_, _| {
                count += 1;
                Ok(())
            })?;
            counts[row] = count;
            Ok(())
        })
        .expect("no count is too long");
        let data = ArrayData::Int64(Values::new(buffer.freeze()));
        Array::new(data, input.validity().cloned())
    }

    /// `regex_extract(a, pattern, group)`: what the group matched in the first match; null where
    /// there is no match, or where the group took no part.
    pub fn extract(&self, input: &Array, group: usize) -> Array {
        let text = input.as_text();
        let mut starts: Vec<u32> = vec![text.offsets()[0] as u32; text.len()];
        let mut ends = starts.clone();
        let mut present = vec![false; text.len()];
        let mut slots = vec![None; 2 * (group + 1)];
        self.candidates(text, |row, regex, cache| {
            if !input.is_valid(row) {
                return Ok(());
            }
            let value = Input::new(text.get_bytes(row));
            let found = match group {
                0 => regex.search_with(cache, &value).map(|found| (found.start(), found.end())),
                _ => {
                    slots.fill(None);
                    regex.search_slots_with(cache, &value, &mut slots);
                    place(&slots, group)
                }
            };
            if let Some((start, end)) = found {
                let base = text.offsets()[row] as usize;
                starts[row] = (base + start) as u32;
                ends[row] = (base + end) as u32;
                present[row] = true;
            }
            Ok(())
        })
        .expect("a part is no longer than the whole");
        Array::new(ArrayData::Utf8(cut(text, &starts, &ends)), present_bits(&present))
    }

    /// `regex_replace(a, pattern, replacement)`: every match, from the start on.
    ///
    /// Errors: `LimitExceeded` when the result does not fit one array.
    pub fn replace(&self, input: &Array, template: &Template) -> Result<Array> {
        let text = input.as_text();
        let replaced = match (self.pattern.shape(), template.as_text()) {
            (Shape::Literal(old), Some(new)) => replace::replace_in(text, old, new)?,
            _ => self.replace_rows(text, template)?,
        };
        Ok(Array::new(ArrayData::Utf8(replaced), input.validity().cloned()))
    }

    fn replace_rows(&self, text: &Text, template: &Template) -> Result<Text> {
        let mut patch: Option<Patch<'_>> = None;
        let group_max = template.parts.iter().map(|part| match part {
            Part::Text(_) => 0,
            Part::Group(index) => *index,
        });
        let mut slots = vec![None; 2 * (group_max.max().unwrap_or(0) + 1)];
        self.candidates(text, |row, regex, cache| {
            let (value, base) = (text.get(row), text.offsets()[row] as usize);
            let mut replace = |start: usize, end: usize, slots: &[Option<NonMaxUsize>]| {
                let patch = patch.get_or_insert_with(|| Patch::new(text));
                patch.remove(row, base + start, base + end)?;
                template.parts.iter().try_for_each(|part| match part {
                    Part::Text(part) => patch.insert(part),
                    Part::Group(0) => patch.insert(&value[start..end]),
                    Part::Group(group) => match place(slots, *group) {
                        Some((start, end)) => patch.insert(&value[start..end]),
                        None => Ok(()),
                    },
                })
            };
            match slots.len() {
                2 => each_match(regex, cache, value, |start, end| replace(start, end, &[])),
                _ => each_captures(regex, cache, value, &mut slots, replace),
            }
        })?;
        patch.map_or_else(|| Ok(text.clone()), Patch::finish)
    }

    /// Calls `visit` with each row that may have a match, in order, and with what runs the pattern.
    fn candidates(
        &self,
        text: &Text,
        mut visit: impl FnMut(usize, &Regex, &mut Cache) -> Result<()>,
    ) -> Result<()> {
        let regex = self.pattern.regex();
        self.pattern.with_cache(|cache| match &self.finder {
            Some(finder) if !is_common(text, finder) => {
                let mut outcome = Ok(());
                sweep(text, finder, |row, _| {
                    if outcome.is_ok() {
                        outcome = visit(row, regex, cache);
                    }
                });
                outcome
            }
            _ => (0..text.len()).try_for_each(|row| visit(row, regex, cache)),
        })
    }
}

/// Whether most values hold a literal, by the first of them: then looking for it first costs more
/// than it saves.
fn is_common(text: &Text, finder: &Finder<'_>) -> bool {
    const SAMPLE_ROWS: usize = 64;
    let rows = text.len().min(SAMPLE_ROWS);
    let holds = |row: &usize| finder.find(text.get_bytes(*row)).is_some();
    (0..rows).filter(holds).count() * 4 > rows * 3
}

/// Which values hold one of several texts.
fn rows_with_any(text: &Text, set: &AhoCorasick) -> Bitmap {
    let mut marks = Marks::new(text.len());
    let find = |bytes: &[u8]| set.find(bytes).map(|found| (found.start(), found.end()));
    sweep_by(text, find, |row, start, end| {
        let row_end = text.offsets()[row + 1] as usize;
        // Where a long one crosses the border, a shorter one may not.
        if end <= row_end || set.is_match(&text.bytes().as_bytes()[start..row_end]) {
            marks.set(row);
        }
    });
    marks.finish()
}

/// Calls `visit` with start and end of each match, from the start on.
fn each_match(
    regex: &Regex,
    cache: &mut Cache,
    value: &str,
    mut visit: impl FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    let mut from = 0;
    let mut last_end = None;
    while from <= value.len() {
        let input = Input::new(value).range(from..);
        let Some(found) = regex.search_with(cache, &input) else { break };
        let (start, end) = (found.start(), found.end());
        if !(start == end && last_end == Some(end)) {
            visit(start, end)?;
        }
        from = next_start(value, start, end);
        last_end = Some(end);
    }
    Ok(())
}

/// As [`each_match`], with the places of groups.
fn each_captures(
    regex: &Regex,
    cache: &mut Cache,
    value: &str,
    slots: &mut [Option<NonMaxUsize>],
    mut visit: impl FnMut(usize, usize, &[Option<NonMaxUsize>]) -> Result<()>,
) -> Result<()> {
    let mut from = 0;
    let mut last_end = None;
    while from <= value.len() {
        slots.fill(None);
        regex.search_slots_with(cache, &Input::new(value).range(from..), slots);
        let Some((start, end)) = place(slots, 0) else { break };
        if !(start == end && last_end == Some(end)) {
            visit(start, end, slots)?;
        }
        from = next_start(value, start, end);
        last_end = Some(end);
    }
    Ok(())
}

/// Where the next search begins: behind the match; behind one character more where it was empty.
fn next_start(value: &str, start: usize, end: usize) -> usize {
    match start == end {
        false => end,
        true => end + value[end..].chars().next().map_or(1, char::len_utf8),
    }
}

fn place(slots: &[Option<NonMaxUsize>], group: usize) -> Option<(usize, usize)> {
    Some((slots[2 * group]?.get(), slots[2 * group + 1]?.get()))
}
