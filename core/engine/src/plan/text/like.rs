//! Like: SQL's pattern. `%` stands for any text, `_` for any character; behind the escape
//! character, where one is given, they and itself stand for themselves.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, Look, Repetition};

use super::pattern::Pattern;
use crate::error::{Error, ErrorKind, Result};

/// A pattern of `like`, ready to run.
pub enum Like {
    /// Only `%` and literals: how a text begins, what it holds in this order, how it ends.
    Parts(LikeParts),
    /// Anything else.
    Pattern(Box<Pattern>),
}

/// Literals between `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeParts {
    /// Before the first `%`; the whole where `has_any` is false.
    pub prefix: String,
    /// Between two; none is empty.
    pub middle: Vec<String>,
    /// Behind the last.
    pub suffix: String,
    /// Whether there is a `%`.
    pub has_any: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Any,
}

impl Like {
    /// Reads a pattern; without case by Unicode's simple case folding.
    ///
    /// Errors: `Syntax` where the escape is not one character, or stands before another character
    /// or at the end; `LimitExceeded` for a pattern that is too large.
    /// Source: SQL:2016, 8.5.
    pub fn new(source: &str, escape: Option<&str>, ignores_case: bool) -> Result<Like> {
        let tokens = tokens(source, escape)?;
        if !ignores_case && !tokens.contains(&Token::One) {
            return Ok(Like::Parts(parts(&tokens)));
        }
        let mut hirs = vec![Hir::look(Look::Start)];
        for token in tokens {
            hirs.push(match token {
                Token::One => Hir::dot(Dot::AnyChar),
                Token::Any => Hir::repetition(Repetition {
                    min: 0,
                    max: None,
                    greedy: true,
                    sub: Box::new(Hir::dot(Dot::AnyChar)),
                }),
                Token::Char(character) => {
                    let mut class =
                        ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
                    if ignores_case {
                        class.case_fold_simple();
                    }
                    Hir::class(Class::Unicode(class))
                }
            });
        }
        hirs.push(Hir::look(Look::End));
        Ok(Like::Pattern(Box::new(Pattern::of_hir(&Hir::concat(hirs))?)))
    }
}

fn tokens(source: &str, escape: Option<&str>) -> Result<Vec<Token>> {
    let escape = match escape.map(|text| (text, text.chars().count())) {
        None => None,
        Some((text, 1)) => text.chars().next(),
        Some((text, _)) => {
            return Err(Error::mismatch(
                ErrorKind::Syntax,
                "one character as the escape of like",
                format!("{text:?}"),
            ));
        }
    };
    let mut tokens = Vec::new();
    let mut characters = source.chars().enumerate();
    while let Some((index, character)) = characters.next() {
        tokens.push(match character {
            _ if Some(character) == escape => match characters.next() {
                Some((_, next)) if next == '%' || next == '_' || Some(next) == escape => {
                    Token::Char(next)
                }
                _ => {
                    return Err(Error::new(
                        ErrorKind::Syntax,
                        format!(
                            "the pattern {source:?} has an escape at character {} that stands \
                             before neither %, _ nor itself",
                            index + 1
                        ),
                    ));
                }
            },
            '%' if tokens.last() == Some(&Token::Any) => continue,
            '%' => Token::Any,
            '_' => Token::One,
            _ => Token::Char(character),
        });
    }
    Ok(tokens)
}

fn parts(tokens: &[Token]) -> LikeParts {
    let mut texts = vec![String::new()];
    for token in tokens {
        match token {
            Token::Char(character) => {
                texts.last_mut().expect("there is one from the start").push(*character);
            }
            Token::Any | Token::One => texts.push(String::new()),
        }
    }
    let has_any = texts.len() > 1;
    let suffix = if has_any { texts.pop().unwrap_or_default() } else { String::new() };
    let prefix = texts.remove(0);
    LikeParts { prefix, middle: texts, suffix, has_any }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_without_single_characters_are_literals() {
        for (source, prefix, middle, suffix, has_any) in [
            ("abc", "abc", vec![], "", false),
            ("", "", vec![], "", false),
            ("%", "", vec![], "", true),
            ("%%a%%", "", vec!["a"], "", true),
            ("a%b%c", "a", vec!["b"], "c", true),
            ("a!%b", "a%b", vec![], "", false),
        ] {
            let Ok(Like::Parts(parts)) = Like::new(source, Some("!"), false) else {
                panic!("{source} is parts");
            };
            let middle: Vec<String> = middle.into_iter().map(str::to_owned).collect();
            let expected =
                LikeParts { prefix: prefix.into(), middle, suffix: suffix.into(), has_any };
            assert_eq!(parts, expected, "{source}");
        }
    }

    #[test]
    fn a_stray_escape_is_an_error() {
        for (source, escape) in [("a!", "!"), ("a!b", "!"), ("a", "!!"), ("a", "")] {
            let error = Like::new(source, Some(escape), false).err().expect(source);
            assert_eq!(error.kind(), ErrorKind::Syntax);
        }
        assert!(Like::new("a\\", None, false).is_ok());
    }
}
