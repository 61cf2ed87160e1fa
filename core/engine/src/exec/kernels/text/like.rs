//! `like` and `ilike`.

use memchr::memmem::{self, Finder};

use super::pattern::Matcher;
use super::search::rows_with;
use crate::column::bitmap::Bitmap;
use crate::column::{Array, ArrayData};
use crate::plan::text::like::{Like, LikeParts};

/// A pattern of `like` with what searches for it.
pub enum LikeMatcher {
    /// Literals alone.
    Parts(LikeParts),
    /// One literal anywhere.
    Contains(Box<Finder<'static>>),
    /// A regular expression.
    Pattern(Box<Matcher>),
}

impl LikeMatcher {
    /// Prepares a pattern for many batches.
    pub fn new(like: Like) -> LikeMatcher {
        match like {
            Like::Pattern(pattern) => LikeMatcher::Pattern(Box::new(Matcher::new(*pattern))),
            Like::Parts(parts) => match (parts.middle.as_slice(), &parts.prefix, &parts.suffix) {
                ([only], prefix, suffix) if prefix.is_empty() && suffix.is_empty() => {
                    LikeMatcher::Contains(Box::new(Finder::new(only.as_bytes()).into_owned()))
                }
                _ => LikeMatcher::Parts(parts),
            },
        }
    }

    /// `like(a, pattern)`: whether the whole text is as the pattern says.
    pub fn matches(&self, input: &Array) -> Array {
        let text = input.as_text();
        let bits = match self {
            LikeMatcher::Pattern(matcher) => return matcher.matches(input),
            LikeMatcher::Contains(finder) => rows_with(text, finder),
            LikeMatcher::Parts(parts) => {
                Bitmap::from_fn(text.len(), |row| has_parts(parts, text.get_bytes(row)))
            }
        };
        Array::new(ArrayData::Bool(bits), input.validity().cloned())
    }
}

fn has_parts(parts: &LikeParts, value: &[u8]) -> bool {
    let (prefix, suffix) = (parts.prefix.as_bytes(), parts.suffix.as_bytes());
    if !parts.has_any {
        return value == prefix;
    }
    let has_ends = value.len() >= prefix.len() + suffix.len()
        && value.starts_with(prefix)
        && value.ends_with(suffix);
    if !has_ends {
        return false;
    }
    // The first place for each part leaves the most for the next.
    let mut rest = &value[prefix.len()..value.len() - suffix.len()];
    parts.middle.iter().all(|part| match memmem::find(rest, part.as_bytes()) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}
