//! Numeric-edited pictures: `ZZZ,ZZ9.99-`, `--,--9.99`, `**9.99`: digits in, the characters of a
//! COBOL item out.
//!
//! ```text
//! 9      a digit                           Z  *   a digit; a leading zero becomes a blank, a star
//! , / 0 B   themselves, B a blank          -- ++  a floating sign before the first digit
//! .      the decimal point                 - +    a sign at one end
//! CR DB  behind, where negative            (n)    the symbol before it n times
//! ```
//! Source: COBOL 2014, 13.18.40.5, editing rules.

use pardox_engine::error::{Error, ErrorKind, Result};

/// Digits of a picture at most: as many as GnuCOBOL takes.
const DIGITS_MAX: usize = 38;

/// A picture, taken apart.
#[derive(Debug)]
pub(crate) struct Picture {
    /// All symbols but `CR` and `DB`.
    body: Vec<u8>,
    /// `CR`, `DB` or nothing.
    suffix: Vec<u8>,
    /// The sign that floats before the digits; its first symbol holds no digit.
    floating: Option<u8>,
    /// Digits before and behind the point.
    pub(crate) whole_count: usize,
    pub(crate) scale: usize,
    has_sign: bool,
    /// Whether every digit may be suppressed: zero is then blank as a whole.
    is_all_suppressed: bool,
}

impl Picture {
    /// Errors: `InvalidOption` for text that is no numeric-edited picture of these symbols.
    pub(crate) fn parse(text: &str) -> Result<Picture> {
        let refused = || {
            Error::mismatch(
                ErrorKind::InvalidOption,
                "a numeric-edited picture such as \"-ZZZ,ZZ9.99\"",
                format!("{text:?}"),
            )
        };
        let symbols = expanded(text).ok_or_else(refused)?;
        let has_suffix = symbols.ends_with(b"CR") || symbols.ends_with(b"DB");
        let (body, suffix) = symbols.split_at(symbols.len() - if has_suffix { 2 } else { 0 });
        let is_sign = |symbol: &u8| matches!(symbol, b'+' | b'-');
        let signs = body.iter().filter(|symbol| is_sign(symbol)).count();
        let floating = body.first().copied().filter(|sign| is_sign(sign) && signs > 1);
        let is_trailing = signs == 1 && body.last().is_some_and(is_sign);
        let is_leading = signs == 1 && body.first().is_some_and(is_sign);
        let is_uniform = body.iter().filter(|one| is_sign(one)).all(|one| Some(*one) == floating);
        let signs_are_right = match signs {
            0 => true,
            1 => (is_leading || is_trailing) && !has_suffix,
            _ => is_uniform && !has_suffix,
        };
        let point = body.iter().position(|symbol| *symbol == b'.').unwrap_or(body.len());
        let is_digit =
            |symbol: &u8| matches!(symbol, b'9' | b'Z' | b'*') || floating == Some(*symbol);
        let count = |part: &[u8]| part.iter().filter(|symbol| is_digit(symbol)).count();
        let whole_count = count(&body[..point]) - usize::from(floating.is_some());
        let scale = count(&body[point..]);
        let suppressed: Vec<bool> =
            body.iter().filter(|one| is_digit(one)).map(|one| *one != b'9').collect();
        let kinds = [b'Z', b'*', b'+', b'-'].map(|one| body.contains(&one) && is_digit(&one));
        // A digit that is always shown is followed by none that is not.
        let is_ordered = suppressed.is_sorted_by(|before, after| before >= after);
        let is_known = body.iter().all(|one| b"9Z*,/0B.+-".contains(one));
        let digit_count = whole_count + scale;
        let has_one_point = body.iter().filter(|symbol| **symbol == b'.').count() <= 1;
        let is_edited = body.iter().any(|one| *one != b'9') || has_suffix;
        let is_right = signs_are_right
            && is_known
            && is_ordered
            && is_edited
            && has_one_point
            && kinds.iter().filter(|is_used| **is_used).count() <= 1
            && (1..=DIGITS_MAX).contains(&digit_count);
        if !is_right {
            return Err(refused());
        }
        let is_all_suppressed = suppressed.iter().all(|is_suppressed| *is_suppressed);
        let has_sign = signs > 0 || has_suffix;
        let (body, suffix) = (body.to_vec(), suffix.to_vec());
        Ok(Picture { body, suffix, floating, whole_count, scale, has_sign, is_all_suppressed })
    }

    /// Characters of the item.
    pub(crate) fn len_bytes(&self) -> usize {
        self.body.len() + self.suffix.len()
    }

    /// Whether a negative number shows as one.
    pub(crate) fn has_sign(&self) -> bool {
        self.has_sign
    }

    /// Appends the item's characters; `digits` are as many as the picture has, without a point.
    pub(crate) fn write(&self, is_negative: bool, digits: &[u8], out: &mut Vec<u8>) {
        debug_assert_eq!(digits.len(), self.whole_count + self.scale);
        let start = out.len();
        let is_star = self.body.contains(&b'*');
        let fill = if is_star { b'*' } else { b' ' };
        if self.is_all_suppressed && digits.iter().all(|digit| *digit == b'0') {
            let point = |symbol: &u8| if is_star && *symbol == b'.' { b'.' } else { fill };
            out.extend(self.body.iter().map(point));
            out.extend(self.suffix.iter().map(|_| fill));
            return;
        }
        let sign = |symbol: u8| match (symbol, is_negative) {
            (_, true) => b'-',
            (b'+', false) => b'+',
            _ => b' ',
        };
        let mut digits = digits.iter();
        // Whether a digit was shown, and whether the sign that floats still has to stand somewhere.
        let (mut is_shown, mut is_first_float) = (false, true);
        let mut is_suppressing = false;
        for symbol in &self.body {
            let byte = match *symbol {
                b'9' => {
                    is_shown = true;
                    *digits.next().unwrap_or(&b'0')
                }
                b'+' | b'-' if self.floating == Some(*symbol) && is_first_float => {
                    (is_first_float, is_suppressing) = (false, true);
                    fill
                }
                b'Z' | b'*' | b'+' | b'-'
                    if matches!(symbol, b'Z' | b'*') || self.floating == Some(*symbol) =>
                {
                    is_suppressing = true;
                    let digit = *digits.next().unwrap_or(&b'0');
                    is_shown |= digit != b'0';
                    if is_shown { digit } else { fill }
                }
                b'+' | b'-' => sign(*symbol),
                b'.' => {
                    is_shown = true;
                    b'.'
                }
                b',' | b'/' | b'0' | b'B' if is_suppressing && !is_shown => fill,
                b'B' => b' ',
                other => other,
            };
            out.push(byte);
        }
        if let Some(symbol) = self.floating {
            // Just before the first character that is shown.
            let text = &mut out[start..];
            let at = text.iter().position(|byte| *byte != fill).unwrap_or(text.len());
            text[at.saturating_sub(1)] = sign(symbol);
        }
        out.extend(self.suffix.iter().map(|symbol| if is_negative { *symbol } else { b' ' }));
    }
}

/// Symbols in upper case, `(n)` written out; `None` where a count is wrong or text too long.
fn expanded(text: &str) -> Option<Vec<u8>> {
    let mut symbols: Vec<u8> = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'(' {
            symbols.push(first.to_ascii_uppercase());
        } else {
            let end = rest.iter().position(|byte| *byte == b')')?;
            let count: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
            let last = *symbols.last()?;
            if count == 0 || count > 2 * DIGITS_MAX {
                return None;
            }
            symbols.extend(std::iter::repeat_n(last, count - 1));
            rest = &rest[end + 1..];
        }
        if symbols.len() > 4 * DIGITS_MAX {
            return None;
        }
    }
    (!symbols.is_empty()).then_some(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: GnuCOBOL 3.1.2, `MOVE` of a `PIC S9(5)V99` item to the edited one.
    #[test]
    fn digits_are_edited_as_gnucobol_edits_them() {
        let cases: &[(&str, [&str; 5])] = &[
            ("ZZ,ZZ9.99-", ["12,345.67 ", "12,345.67-", "     0.05 ", "     0.50-", "     0.00 "]),
            ("-ZZ,ZZ9.99", [" 12,345.67", "-12,345.67", "      0.05", "-     0.50", "      0.00"]),
            ("+99999.99", ["+12345.67", "-12345.67", "+00000.05", "-00000.50", "+00000.00"]),
            ("--,---9.99", [" 1,2345.67", "-1,2345.67", "      0.05", "     -0.50", "      0.00"]),
            ("++,+++.++", ["+2,345.67", "-2,345.67", "     +.05", "     -.50", "         "]),
            ("**,**9.99", ["12,345.67", "12,345.67", "*****0.05", "*****0.50", "*****0.00"]),
            (
                "ZZ,ZZZ.ZZCR",
                ["12,345.67  ", "12,345.67CR", "      .05  ", "      .50CR", "           "],
            ),
            (
                "**,***.**DB",
                ["12,345.67  ", "12,345.67DB", "******.05  ", "******.50DB", "******.****"],
            ),
            ("ZZZZ9", ["12345", "12345", "    0", "    0", "    0"]),
            ("-9(5).99", [" 12345.67", "-12345.67", " 00000.05", "-00000.50", " 00000.00"]),
            ("99B999.99+", ["12 345.67+", "12 345.67-", "00 000.05+", "00 000.50-", "00 000.00+"]),
            ("9(3)/99.99", ["123/45.67", "123/45.67", "000/00.05", "000/00.50", "000/00.00"]),
            ("+ZZZZZ.99", ["+12345.67", "-12345.67", "+     .05", "-     .50", "+     .00"]),
        ];
        let values = [1234567_i64, -1234567, 5, -50, 0];
        for (picture, expected) in cases {
            let picture = Picture::parse(picture).expect("a picture");
            for (value, expected) in values.iter().zip(expected) {
                let digits = format!("{:07}", value.abs());
                let whole = &digits[..5];
                let mut held = whole.as_bytes()[5 - picture.whole_count..].to_vec();
                held.extend(&digits.as_bytes()[5..5 + picture.scale]);
                let mut out = Vec::new();
                picture.write(*value < 0, &held, &mut out);
                assert_eq!(String::from_utf8_lossy(&out), *expected, "{picture:?} {value}");
                assert_eq!(out.len(), picture.len_bytes());
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for text in [
            "", "X(5)", "999", "9Z", "Z9Z", "Z*9", "-9-", "+-9", "-9CR", "9.9.9", "Z(0)", "Z(",
            "(3)9", "9(39).9", "-", "9-9", "S9V9", "CR",
        ] {
            assert!(Picture::parse(text).is_err(), "{text:?}");
        }
    }
}
