//! Pattern: a regular expression, compiled under limits and looked through for literals.
//!
//! The syntax is that of the crate `regex`: no back-references, no look-around but anchors and word
//! borders. So time grows with the length of the text times that of the compiled pattern, whatever
//! either says.

use std::sync::{Mutex, PoisonError};

use regex_automata::meta::{Cache, Regex};
use regex_automata::util::captures::GroupInfo;
use regex_syntax::hir::{Hir, HirKind, Look};

use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    REGEX_CACHE_BYTES_MAX, REGEX_NEST_MAX, REGEX_PATTERN_BYTES_MAX, REGEX_PROGRAM_BYTES_MAX,
    REGEX_SET_MAX,
};

/// A compiled pattern.
pub struct Pattern {
    regex: Regex,
    shape: Shape,
    /// What searches need while they run, kept for the next batch: one for each thread.
    caches: Mutex<Vec<Cache>>,
}

/// What is known of all matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The pattern is this text, which is not empty.
    Literal(String),
    /// It is this text, at the start.
    Prefix(String),
    /// It is this text, at the end.
    Suffix(String),
    /// It is this text, from the start to the end.
    Whole(String),
    /// It is one of these texts, none of which is empty.
    Set(Vec<String>),
    /// Each match holds this text, which is not empty.
    Required(String),
    /// Nothing that helps.
    Any,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// Errors: `Syntax` with the character at which it is wrong, and why; `LimitExceeded` for what
    /// is too large.
    pub fn new(source: &str) -> Result<Pattern> {
        if source.len() > REGEX_PATTERN_BYTES_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("a pattern has more than {REGEX_PATTERN_BYTES_MAX} bytes"),
            ));
        }
        let hir = regex_syntax::ParserBuilder::new()
            .nest_limit(REGEX_NEST_MAX)
            .build()
            .parse(source)
            .map_err(|error| syntax(source, &error))?;
        Pattern::of_hir(&hir)
    }

    /// Compiles what was parsed before.
    ///
    /// Errors: `LimitExceeded` for what is too large.
    pub fn of_hir(hir: &Hir) -> Result<Pattern> {
        let config = Regex::config()
            .nfa_size_limit(Some(REGEX_PROGRAM_BYTES_MAX))
            .hybrid_cache_capacity(REGEX_CACHE_BYTES_MAX);
        let regex = Regex::builder().configure(config).build_from_hir(hir).map_err(|error| {
            let reason = match error.size_limit() {
                Some(_) => {
                    format!("a pattern compiles to more than {REGEX_PROGRAM_BYTES_MAX} bytes")
                }
                None => format!("a pattern cannot be compiled: {error}"),
            };
            Error::new(ErrorKind::LimitExceeded, reason)
                .hint("repeat less: x{1000} is x written a thousand times")
        })?;
        Ok(Pattern { regex, shape: shape_of(hir), caches: Mutex::default() })
    }

    /// The compiled pattern.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }

    /// What is known of all matches.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Runs searches with a cache that no other thread uses.
    pub fn with_cache<T>(&self, run: impl FnOnce(&mut Cache) -> T) -> T {
        let lock = || self.caches.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().pop();
        let mut cache = kept.unwrap_or_else(|| self.regex.create_cache());
        let result = run(&mut cache);
        lock().push(cache);
        result
    }

    /// The number of the group of that name.
    ///
    /// Errors: `InvalidArgument` where there is none.
    pub fn group_named(&self, name: &str) -> Result<usize> {
        let groups = self.groups();
        groups.to_index(regex_automata::PatternID::ZERO, name).ok_or_else(|| {
            let names: Vec<&str> =
                groups.pattern_names(regex_automata::PatternID::ZERO).flatten().collect();
            let error = Error::new(
                ErrorKind::InvalidArgument,
                format!("the pattern has no group named {name:?}"),
            );
            match names.is_empty() {
                true => error.hint("name a group as in (?<name>...)"),
                false => error.hint(format!("its groups are {}", names.join(", "))),
            }
        })
    }

    /// A group's number, checked; 0 is the whole match.
    ///
    /// Errors: `InvalidArgument` where there is none.
    pub fn group_numbered(&self, number: i64) -> Result<usize> {
        let last = self.groups().group_len(regex_automata::PatternID::ZERO) - 1;
        usize::try_from(number).ok().filter(|number| *number <= last).ok_or_else(|| {
            Error::mismatch(
                ErrorKind::InvalidArgument,
                format!("the number of a group, from 0 to {last}"),
                number.to_string(),
            )
        })
    }

    fn groups(&self) -> &GroupInfo {
        self.regex.group_info()
    }
}

fn syntax(source: &str, error: &regex_syntax::Error) -> Error {
    let (place, reason) = match error {
        regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
        regex_syntax::Error::Translate(error) => {
            (error.span().start.offset, error.kind().to_string())
        }
        _ => (0, error.to_string()),
    };
    let character = source.get(..place).map_or(0, |before| before.chars().count()) + 1;
    let shown: String = source.chars().take(64).collect();
    Error::new(
        ErrorKind::Syntax,
        format!("the pattern {shown:?} is wrong at character {character}: {reason}"),
    )
    .hint("docs/semantics.md says which patterns are read")
}

/// Looks for literals in a pattern.
fn shape_of(hir: &Hir) -> Shape {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let starts = matches!(parts.first(), Some(Part::Look(Look::Start)));
    let ends = matches!(parts.last(), Some(Part::Look(Look::End)));
    let inner = &parts[usize::from(starts)..parts.len() - usize::from(ends && parts.len() > 1)];
    match (inner, starts, ends) {
        ([Part::Literal(text)], false, false) => Shape::Literal(text.clone()),
        ([Part::Literal(text)], true, false) => Shape::Prefix(text.clone()),
        ([Part::Literal(text)], false, true) => Shape::Suffix(text.clone()),
        ([Part::Literal(text)], true, true) => Shape::Whole(text.clone()),
        ([Part::Set(texts)], false, false) => Shape::Set(texts.clone()),
        _ => parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(text) | Part::Holds(text) => Some(text),
                _ => None,
            })
            .max_by_key(|text| text.len())
            .map_or(Shape::Any, |text| Shape::Required(text.clone())),
    }
}

/// Parts of a pattern in sequence.
enum Part {
    Literal(String),
    /// What holds this text, among others.
    Holds(String),
    Set(Vec<String>),
    Look(Look),
    Other,
}

fn flatten(hir: &Hir, parts: &mut Vec<Part>) {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => match (std::str::from_utf8(&literal.0), parts.last_mut()) {
            (Ok(text), Some(Part::Literal(before))) => before.push_str(text),
            (Ok(text), _) => parts.push(Part::Literal(text.to_owned())),
            (Err(_), _) => parts.push(Part::Other),
        },
        HirKind::Look(look) => parts.push(Part::Look(*look)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Concat(subs) => subs.iter().for_each(|sub| flatten(sub, parts)),
        HirKind::Repetition(repetition) if repetition.min > 0 => match shape_of(&repetition.sub) {
            Shape::Literal(text)
            | Shape::Prefix(text)
            | Shape::Suffix(text)
            | Shape::Whole(text)
            | Shape::Required(text) => parts.push(Part::Holds(text)),
            Shape::Set(_) | Shape::Any => parts.push(Part::Other),
        },
        HirKind::Alternation(subs) => parts.push(alternatives(subs)),
        HirKind::Class(_) | HirKind::Repetition(_) => parts.push(Part::Other),
    }
}

fn alternatives(subs: &[Hir]) -> Part {
    let texts: Option<Vec<String>> = subs
        .iter()
        .map(|sub| match shape_of(sub) {
            Shape::Literal(text) => Some(text),
            _ => None,
        })
        .collect();
    match texts {
        Some(texts) if texts.len() <= REGEX_SET_MAX => Part::Set(texts),
        _ => Part::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found() {
        let text = |text: &str| text.to_owned();
        for (source, shape) in [
            ("abc", Shape::Literal(text("abc"))),
            ("a(b)c", Shape::Literal(text("abc"))),
            (r"a\.b", Shape::Literal(text("a.b"))),
            ("^abc", Shape::Prefix(text("abc"))),
            ("abc$", Shape::Suffix(text("abc"))),
            (r"\Aabc\z", Shape::Whole(text("abc"))),
            ("^$", Shape::Any),
            ("^", Shape::Any),
            ("$", Shape::Any),
            ("", Shape::Any),
            ("(?m)^abc", Shape::Required(text("abc"))),
            ("(?i)abc", Shape::Any),
            ("foo|barn|baz", Shape::Set(vec![text("foo"), text("barn"), text("baz")])),
            (r"[0-9]+ items of (\w+)", Shape::Required(text(" items of "))),
            ("(?:abc)+x", Shape::Required(text("abc"))),
            ("(?:abc)*x?", Shape::Any),
            ("(?:abc|)", Shape::Any),
            ("é+", Shape::Required(text("é"))),
            (r"\babc\b", Shape::Required(text("abc"))),
            ("(?:^abc)+", Shape::Required(text("abc"))),
            ("(?:x|^abc)", Shape::Any),
        ] {
            assert_eq!(Pattern::new(source).expect(source).shape, shape, "{source}");
        }
    }

    #[test]
    fn a_wrong_pattern_says_where_and_why() {
        for (source, part) in [
            ("é(a", "at character 2: unclosed group"),
            ("a{2,1}", "at character 2: invalid repetition count range"),
            (r"(a)\1", "at character 4: backreferences are not supported"),
            ("(?=a)", "look-around"),
            ("[z-a]", "at character 2: invalid character class range"),
            (r"\p{Nope}", "at character 1: Unicode property not found"),
        ] {
            let error = Pattern::new(source).err().expect(source);
            assert_eq!(error.kind(), ErrorKind::Syntax);
            assert!(error.summary().contains(part), "{source}: {}", error.summary());
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let nested = "(".repeat(200) + &")".repeat(200);
        let long = "a".repeat(REGEX_PATTERN_BYTES_MAX + 1);
        let wide = "a".repeat(REGEX_PATTERN_BYTES_MAX);
        for source in ["((a{100}){100}){100}", r"\w{100000}", &long] {
            let error = Pattern::new(source).err().expect("too large");
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{}", error.summary());
        }
        assert_eq!(Pattern::new(&nested).err().map(|error| error.kind()), Some(ErrorKind::Syntax));
        assert!(Pattern::new(&wide).is_ok());
    }
}
