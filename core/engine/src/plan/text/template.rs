//! Template: what a match is replaced by. `$1` and `${1}` stand for a group by number, `${name}`
//! for one by name, `$0` for the whole match, `$$` for a dollar; nothing else may follow a dollar.

use super::pattern::Pattern;
use crate::error::{Error, ErrorKind, Result};

/// A replacement in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Texts and groups in order.
    pub parts: Vec<Part>,
}

/// A part of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Text(String),
    /// What a group matched; nothing where it took no part.
    Group(usize),
}

impl Template {
    /// Reads a replacement for matches of a pattern.
    ///
    /// Errors: `Syntax` with the character where a dollar stands for nothing; `InvalidArgument` for
    /// a group that the pattern does not have.
    pub fn new(source: &str, pattern: &Pattern) -> Result<Template> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            text.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let wrong = || wrong(source, source.len() - after.len() - 1);
            let (group, len) = match after.as_bytes().first() {
                Some(b'$') => {
                    text.push('$');
                    rest = &after[1..];
                    continue;
                }
                Some(b'0'..=b'9') => {
                    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                    (&after[..digits], digits)
                }
                Some(b'{') => {
                    let end = after.find('}').ok_or_else(wrong)?;
                    (&after[1..end], end + 1)
                }
                _ => return Err(wrong()),
            };
            let index = match group.parse() {
                Ok(number) => pattern.group_numbered(number)?,
                Err(_) if group.is_empty() => return Err(wrong()),
                Err(_) => pattern.group_named(group)?,
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Group(index));
            rest = &after[len..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }

    /// The replacement, where it is one text for all matches.
    pub fn as_text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

fn wrong(source: &str, place: usize) -> Error {
    let character = source[..place].chars().count() + 1;
    Error::new(
        ErrorKind::Syntax,
        format!(
            "the replacement {source:?} has a dollar at character {character} that names no group"
        ),
    )
    .hint("write $1 or ${name} for a group, $$ for a dollar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_dollars_are_told_apart() {
        let pattern = Pattern::new("(a)(?<word>b)").expect("a pattern");
        let text = |text: &str| Part::Text(text.to_owned());
        for (source, parts) in [
            ("", vec![]),
            ("é", vec![text("é")]),
            ("$1x", vec![Part::Group(1), text("x")]),
            ("${1}0", vec![Part::Group(1), text("0")]),
            ("<${word}$$1>", vec![text("<"), Part::Group(2), text("$1>")]),
            ("$0$0", vec![Part::Group(0), Part::Group(0)]),
        ] {
            assert_eq!(Template::new(source, &pattern), Ok(Template { parts }), "{source}");
        }
        for (source, part) in [
            ("é$", "at character 2"),
            ("$x", "at character 1"),
            ("${", "at character 1"),
            ("${}", "at character 1"),
            ("$3", "from 0 to 2"),
            ("$99999999999999999999", "no group named"),
            ("${nope}", "no group named \"nope\""),
        ] {
            let error = Template::new(source, &pattern).expect_err(source);
            let said = format!("{} {:?}", error.summary(), error.expected());
            assert!(said.contains(part), "{source}: {said}");
        }
    }
}
