//! JSON text, token by token: strict RFC 8259, nothing built but the texts of strings.
//!
//! The caller goes down the values and asks for what comes next, so that depth is the caller's to
//! bound. Text is UTF-8 before it comes here; numbers stay as they are written.

use std::borrow::Cow;

/// A reader of JSON text.
#[derive(Clone, Debug)]
pub struct Json<'a> {
    text: &'a str,
    at: usize,
}

/// The start of a value, or all of it where it holds no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(&'a str),
    /// A string without its quotes and escapes.
    Text(Cow<'a, str>),
    /// `[`: elements follow, each asked for by [`Json::element`].
    List,
    /// `{`: members follow, each asked for by [`Json::member`].
    Object,
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte in the text, from 0.
    pub at: usize,
    /// What was expected.
    pub expected: Cow<'static, str>,
    /// What was found.
    pub found: String,
}

type Outcome<T> = Result<T, Fault>;

impl<'a> Json<'a> {
    /// Reads a text from its start.
    pub fn new(text: &'a str) -> Json<'a> {
        Json { text, at: 0 }
    }

    /// Where the next token is looked for.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text between two places of it.
    pub fn between(&self, start: usize, end: usize) -> &'a str {
        &self.text[start..end]
    }

    /// Says what is wrong at a place.
    pub fn fault(&self, at: usize, expected: impl Into<Cow<'static, str>>) -> Fault {
        let found = match self.text.as_bytes().get(at) {
            None => "the end".to_owned(),
            Some(_) => {
                let start = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
                let shown: String = self.text[start..].chars().take(24).collect();
                format!("{shown:?}")
            }
        };
        Fault { at, expected: expected.into(), found }
    }

    /// Passes blanks; the byte behind them.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// The next value, or its start.
    pub fn value(&mut self) -> Outcome<Token<'a>> {
        match self.peek() {
            Some(b'"') => self.string().map(Token::Text),
            Some(b'{') => {
                self.at += 1;
                Ok(Token::Object)
            }
            Some(b'[') => {
                self.at += 1;
                Ok(Token::List)
            }
            Some(b't') => self.word("true", Token::Bool(true)),
            Some(b'f') => self.word("false", Token::Bool(false)),
            Some(b'n') => self.word("null", Token::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(Token::Number),
            _ => Err(self.fault(self.at, "a JSON value")),
        }
    }

    fn word(&mut self, word: &'static str, token: Token<'a>) -> Outcome<Token<'a>> {
        let end = self.at + word.len();
        let follows = self.text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) || follows {
            return Err(self.fault(self.at, "a JSON value"));
        }
        self.at = end;
        Ok(token)
    }

    fn number(&mut self) -> Outcome<&'a str> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let whole = start + usize::from(bytes[start] == b'-');
        let mut end = digits(whole);
        let mut is_number = end > whole && (bytes[whole] != b'0' || end == whole + 1);
        if bytes.get(end) == Some(&b'.') {
            let fraction = end + 1;
            end = digits(fraction);
            is_number &= end > fraction;
        }
        if let Some(b'e' | b'E') = bytes.get(end) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = end + 1 + sign;
            end = digits(exponent);
            is_number &= end > exponent;
        }
        let follows = bytes.get(end).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_')
        });
        if !is_number || follows {
            return Err(self.fault(start, "a JSON number"));
        }
        self.at = end;
        Ok(&self.text[start..end])
    }

    /// The string that starts at the quote here.
    fn string(&mut self) -> Outcome<Cow<'a, str>> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(Cow::Borrowed(&self.text[start..at]));
                }
                Some(b'\\') => return self.escaped(start, at),
                Some(0..0x20) => return Err(self.fault(at, "a string without control characters")),
                Some(_) => at += 1,
                None => return Err(self.fault(at, "a quote that ends the string")),
            }
        }
    }

    /// The string from `start` on, whose first escape is at `at`.
    fn escaped(&mut self, start: usize, mut at: usize) -> Outcome<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let mut out = self.text[start..at].to_owned();
        let mut plain = at;
        loop {
            match bytes.get(at) {
                Some(b'"') => {
                    out.push_str(&self.text[plain..at]);
                    self.at = at + 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    out.push_str(&self.text[plain..at]);
                    let (letter, end) = self.escape(at)?;
                    out.push(letter);
                    (at, plain) = (end, end);
                }
                Some(0..0x20) => return Err(self.fault(at, "a string without control characters")),
                Some(_) => at += 1,
                None => return Err(self.fault(at, "a quote that ends the string")),
            }
        }
    }

    /// The character that an escape at `at` stands for, and where the escape ends.
    fn escape(&self, at: usize) -> Outcome<(char, usize)> {
        let plain = match self.text.as_bytes().get(at + 1) {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(*letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => return Err(self.fault(at, "an escape of JSON")),
        };
        Ok((plain, at + 2))
    }

    /// `\u00e9`, or two of them for a character beyond the first 65,536.
    fn unicode(&self, at: usize) -> Outcome<(char, usize)> {
        let unit = |at: usize| {
            let digits = self.text.as_bytes().get(at + 2..at + 6)?;
            let is_escape = self.text.as_bytes()[at..].starts_with(b"\\u");
            let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
            let digits = std::str::from_utf8(digits).ok().filter(|_| is_escape && is_hex)?;
            u32::from_str_radix(digits, 16).ok()
        };
        let Some(first) = unit(at) else { return Err(self.fault(at, "four digits behind \\u")) };
        if let Some(letter) = char::from_u32(first) {
            return Ok((letter, at + 6));
        }
        let second = unit(at + 6).filter(|second| (0xDC00..0xE000).contains(second));
        let letter = second.filter(|_| first < 0xDC00).and_then(|second| {
            char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        });
        match letter {
            Some(letter) => Ok((letter, at + 12)),
            None => Err(self.fault(at, "both halves of a surrogate pair")),
        }
    }

    /// Whether one more element follows, which is then next; else the list is passed.
    pub fn element(&mut self, is_first: bool) -> Outcome<bool> {
        self.next_of(is_first, b']', "a comma or the end of the list")
    }

    /// The name of the next member, whose value is then next; `None` once the object is passed.
    pub fn member(&mut self, is_first: bool) -> Outcome<Option<Cow<'a, str>>> {
        if !self.next_of(is_first, b'}', "a comma or the end of the object")? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.fault(self.at, "a member's name in quotes"));
        }
        let name = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.fault(self.at, "a colon behind a member's name"));
        }
        self.at += 1;
        Ok(Some(name))
    }

    fn next_of(&mut self, is_first: bool, close: u8, expected: &'static str) -> Outcome<bool> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if !is_first => {
                self.at += 1;
                // A comma must be followed by one more: what stands here is looked at as such.
                match self.peek() {
                    Some(byte) if byte == close => Err(self.fault(self.at, "one more value")),
                    _ => Ok(true),
                }
            }
            Some(_) if is_first => Ok(true),
            _ => Err(self.fault(self.at, expected)),
        }
    }

    /// Nothing but blanks may follow.
    pub fn end(&mut self) -> Outcome<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.fault(self.at, "the end of the JSON text")),
        }
    }

    /// Whether nothing but blanks follows.
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }
}

/// Appends text as a JSON string, in quotes.
pub fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut plain = 0;
    for (at, byte) in text.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            8 => b"\\b",
            12 => b"\\f",
            0..0x20 => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(&text[plain..at]);
                out.extend_from_slice(b"\\u00");
                out.push(DIGITS[usize::from(byte >> 4)]);
                out.push(DIGITS[usize::from(byte & 15)]);
                plain = at + 1;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&text[plain..at]);
        out.extend_from_slice(escape);
        plain = at + 1;
    }
    out.extend_from_slice(&text[plain..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a whole value as nested text, to see what was understood.
    fn read(json: &mut Json<'_>) -> Outcome<String> {
        Ok(match json.value()? {
            Token::Null => "null".to_owned(),
            Token::Bool(value) => value.to_string(),
            Token::Number(number) => number.to_owned(),
            Token::Text(text) => format!("<{text}>"),
            Token::List => {
                let mut out = String::from("[");
                let mut is_first = true;
                while json.element(is_first)? {
                    out.push_str(&read(json)?);
                    out.push(';');
                    is_first = false;
                }
                out + "]"
            }
            Token::Object => {
                let mut out = String::from("{");
                let mut is_first = true;
                while let Some(name) = json.member(is_first)? {
                    out.push_str(&name);
                    out.push('=');
                    out.push_str(&read(json)?);
                    out.push(';');
                    is_first = false;
                }
                out + "}"
            }
        })
    }

    fn whole(text: &str) -> Outcome<String> {
        let mut json = Json::new(text);
        let value = read(&mut json)?;
        json.end().map(|()| value)
    }

    /// What Python 3.11's `json.loads` makes of the same texts.
    #[test]
    fn values_are_read_as_they_are_written() {
        for (text, expected) in [
            (" [1, -0.5e+3 ,true,null] ", "[1;-0.5e+3;true;null;]"),
            ("{\"a\":{\"b\":[]},\"c\":\"x\"}", "{a={b=[];};c=<x>;}"),
            ("\"\\u00e9\\n\\\"\\/\\ud83d\\ude00z\"", "<é\n\"/😀z>"),
            ("{}", "{}"),
            ("0", "0"),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            assert_eq!(whole(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_goes_wrong() {
        for (text, at) in [
            ("", 0),
            ("[1,]", 3),
            ("[,1]", 1),
            ("[1 2]", 3),
            ("{\"a\" 1}", 5),
            ("{a:1}", 1),
            ("{\"a\":1,}", 7),
            ("01", 0),
            ("1.", 0),
            ("-", 0),
            ("1e", 0),
            ("+1", 0),
            ("NaN", 0),
            ("nulll", 0),
            ("\"a", 2),
            ("\"\u{1}\"", 1),
            ("\"\\x\"", 1),
            ("\"\\ud83d\"", 1),
            ("\"\\ude00\\ud83d\"", 1),
            ("\"\\u12g4\"", 1),
            ("1 2", 2),
            ("'a'", 0),
            ("[1", 2),
        ] {
            assert_eq!(whole(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
    }

    #[test]
    fn every_cut_of_a_text_is_refused() {
        let text = "{\"a\":[1.5e3,true,\"x\\u00e9\",null],\"b\":{}}";
        for end in 0..text.len() {
            assert!(whole(&text[..end]).is_err(), "{end}");
        }
        assert!(whole(text).is_ok());
    }

    #[test]
    fn texts_are_escaped_and_read_back() {
        let text: String = (0..0x80_u8).map(char::from).chain("é😀".chars()).collect();
        let mut out = Vec::new();
        write_text(text.as_bytes(), &mut out);
        let written = String::from_utf8(out).expect("UTF-8");
        assert_eq!(Json::new(&written).value(), Ok(Token::Text(Cow::Owned(text))));
    }
}
