//! Text to syntax trees: bounded before and while it is parsed, its errors placed.

use sqlparser::ast::{Expr, OrderByExpr, Query, SelectItem};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use super::dialect::PardoxDialect;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{TEXT_BYTES_MAX, TEXT_NESTING_MAX, TEXT_TOKENS_MAX};

/// The parser's words for what may follow `is`.
const PARSER_AFTER_IS: &str =
    "[NOT] NULL | TRUE | FALSE | DISTINCT | [form] NORMALIZED FROM after IS";

/// A text and the errors that point into it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Source<'a> {
        Source { text }
    }

    /// Reads one expression.
    pub(super) fn expression(self) -> Result<Expr> {
        self.parse(|parser| parser.parse_expr())
    }

    /// Reads a list of items: `a, price * quantity as total`.
    pub(super) fn items(self) -> Result<Vec<SelectItem>> {
        self.parse(|parser| parser.parse_comma_separated(|parser| parser.parse_select_item()))
    }

    /// Reads a list of sort keys: `total desc nulls first, name`.
    pub(super) fn sort_keys(self) -> Result<Vec<OrderByExpr>> {
        self.parse(|parser| parser.parse_comma_separated(|parser| parser.parse_order_by_expr()))
    }

    /// Reads one `select` statement; a semicolon may end it.
    pub(super) fn query(self) -> Result<Box<Query>> {
        self.parse(|parser| {
            let query = parser.parse_query()?;
            while parser.consume_token(&Token::SemiColon) {}
            Ok(query)
        })
    }

    fn parse<T>(
        self,
        read: impl FnOnce(&mut Parser) -> std::result::Result<T, ParserError>,
    ) -> Result<T> {
        if self.text.len() > TEXT_BYTES_MAX {
            return Err(Error::mismatch(
                ErrorKind::LimitExceeded,
                format!("a text of at most {TEXT_BYTES_MAX} bytes"),
                self.text.len().to_string(),
            ));
        }
        let tokens = Tokenizer::new(&PardoxDialect, self.text)
            .tokenize_with_location()
            .map_err(|error| self.syntax(&error.message, error.location))?;
        let is_word = |token: &&TokenWithSpan| !matches!(token.token, Token::Whitespace(_));
        let word_count = tokens.iter().filter(is_word).count();
        if word_count > TEXT_TOKENS_MAX {
            return Err(Error::mismatch(
                ErrorKind::LimitExceeded,
                format!("a text of at most {TEXT_TOKENS_MAX} words and signs"),
                word_count.to_string(),
            ));
        }
        check_nesting(&tokens)?;
        let mut parser = Parser::new(&PardoxDialect)
            .with_recursion_limit(TEXT_NESTING_MAX)
            .with_tokens_with_locations(tokens);
        let value = read(&mut parser).map_err(|error| self.explain(error))?;
        let next = parser.peek_token();
        match next.token {
            Token::EOF => Ok(value),
            token => Err(self.syntax(
                &format!("Expected: the end of the text, found: {token}"),
                next.span.start,
            )),
        }
    }

    /// The parser's message without its place, which it glues to the end.
    fn explain(self, error: ParserError) -> Error {
        let message = match error {
            ParserError::RecursionLimitExceeded => return too_nested(),
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        };
        let Some((message, place)) = message.rsplit_once(" at Line: ") else {
            return self.syntax(&message, Location { line: 0, column: 0 });
        };
        let (line, column) = place.split_once(", Column: ").unwrap_or((place, "0"));
        let number = |text: &str| text.trim().parse().unwrap_or(0);
        self.syntax(message, Location { line: number(line), column: number(column) })
    }

    fn syntax(self, message: &str, at: Location) -> Error {
        let message = message.trim().strip_prefix("Expected: ").unwrap_or(message.trim());
        match message.split_once(", found: ") {
            Some((expected, found)) => {
                let expected = match expected {
                    // What we refuse is not offered.
                    PARSER_AFTER_IS => "[not] null, true, false or distinct from after is",
                    _ => expected,
                };
                let found = match found {
                    "EOF" => "the end of the text".to_owned(),
                    _ => format!("{found:?}"),
                };
                let found = format!("{found}{}", column_text(at));
                self.place(Error::mismatch(ErrorKind::Syntax, expected, found), at)
            }
            None => self.error(ErrorKind::Syntax, &lower_first(message), at),
        }
    }

    /// An error that points into the text.
    pub(super) fn error(self, kind: ErrorKind, summary: &str, at: Location) -> Error {
        self.place(Error::new(kind, format!("{summary}{}", column_text(at))), at)
    }

    /// A refusal of what the door does not know.
    pub(super) fn unsupported(self, what: &str, at: Location) -> Error {
        self.error(ErrorKind::Unsupported, &format!("{what} is not supported"), at)
    }

    /// Adds a place in the text to an error.
    pub(super) fn place(self, error: Error, at: Location) -> Error {
        if at.line == 0 {
            return error;
        }
        let lines = self.text.split_inclusive('\n');
        let mut before = 0;
        let mut rest = "";
        for (index, line) in lines.enumerate() {
            if index as u64 + 1 == at.line {
                rest = line;
                break;
            }
            before += line.len();
        }
        let columns = at.column.saturating_sub(1) as usize;
        let within = rest.char_indices().nth(columns).map_or(rest.len(), |(offset, _)| offset);
        error.at(|place| {
            place.line = Some(at.line);
            place.byte_offset = Some((before + within) as u64);
        })
    }
}

fn too_nested() -> Error {
    Error::new(
        ErrorKind::LimitExceeded,
        format!("the text nests more than {TEXT_NESTING_MAX} levels"),
    )
    .hint("build the question in steps")
}

/// Bounds nesting before the parser runs: it tries several readings of what follows a bracket, a
/// sign or a `case`, and forgets that it met its limit in one of them.
fn check_nesting(tokens: &[TokenWithSpan]) -> Result<()> {
    let (mut depth, mut prefix_count) = (0_usize, 0);
    for token in tokens {
        let keyword = match &token.token {
            Token::Word(word) => word.keyword,
            _ => Keyword::NoKeyword,
        };
        prefix_count = match &token.token {
            Token::Whitespace(_) => prefix_count,
            Token::Minus | Token::Plus => prefix_count + 1,
            _ if keyword == Keyword::NOT => prefix_count + 1,
            _ => 0,
        };
        match (&token.token, keyword) {
            (Token::LParen, _) | (_, Keyword::CASE) => depth += 1,
            (Token::RParen, _) | (_, Keyword::END) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth + prefix_count > TEXT_NESTING_MAX {
            return Err(too_nested());
        }
    }
    Ok(())
}

fn column_text(at: Location) -> String {
    if at.line == 0 { String::new() } else { format!(" at column {}", at.column) }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
