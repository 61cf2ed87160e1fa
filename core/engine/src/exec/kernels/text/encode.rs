//! Encodings of text as text, and digests: hexadecimal, base64, percent; SHA-256, XXH3.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{map_maybe_text, map_text};
use crate::column::Array;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Datum;
use crate::plan::text::Encoding;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// `encode(a, encoding)`: the bytes of the text in UTF-8, written in an encoding.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
/// Source: RFC 4648, sections 4 and 8; RFC 3986, sections 2.1 and 2.3.
pub fn encode(input: &Array, encoding: Encoding) -> Result<Array> {
    let text = input.as_text();
    let mut encoded = String::new();
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let value = text.get_bytes(row);
        encoded.clear();
        match encoding {
            Encoding::Hex => push_hex(value, &mut encoded),
            Encoding::Base64 => STANDARD.encode_string(value, &mut encoded),
            Encoding::Url => push_percent(value, &mut encoded),
        }
        writer.extend(&encoded)
    })
}

/// `decode(a, encoding)`, and `try_decode`, which gives null where `decode` fails.
///
/// Errors: `BadCast` for what is not in the encoding, or whose bytes are not UTF-8.
/// Source: as `encode`.
pub fn decode(input: &Array, encoding: Encoding, is_try: bool) -> Result<Array> {
    let text = input.as_text();
    map_maybe_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let value = text.get(row);
        let bytes = match encoding {
            Encoding::Hex => parse_hex(value.as_bytes()),
            Encoding::Base64 => STANDARD.decode(value).ok(),
            Encoding::Url => parse_percent(value.as_bytes()),
        };
        let decoded = match &bytes {
            None => Err(encoding.name()),
            Some(bytes) => std::str::from_utf8(bytes).map_err(|_| "bytes of UTF-8"),
        };
        match decoded {
            Ok(decoded) => writer.extend(decoded).map(|()| true),
            Err(_) if is_try => Ok(false),
            Err(expected) => Err(misfit(expected, value)),
        }
    })
}

fn misfit(expected: &str, value: &str) -> Error {
    let shown: String = value.chars().take(64).collect();
    Error::mismatch(ErrorKind::BadCast, format!("text that is {expected}"), format!("{shown:?}"))
        .hint("try_decode gives null where a text cannot be decoded")
}

fn push_hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn parse_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// All but the unreserved characters of RFC 3986, upper-case digits.
fn push_percent(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(*byte));
            }
            _ => {
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)].to_ascii_uppercase()));
                out.push(char::from(DIGITS[usize::from(byte & 15)].to_ascii_uppercase()));
            }
        }
    }
}

fn parse_percent(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_first_chunk::<2>()?;
        bytes.push(nibble(digits[0])? << 4 | nibble(digits[1])?);
        rest = after;
    }
    Some(bytes)
}

/// `sha256(a)`: the digest of the text's bytes in UTF-8, 64 hexadecimal digits.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
/// Source: FIPS 180-4.
pub fn sha256(input: &Array) -> Result<Array> {
    digest(input, |bytes, out| push_hex(&Sha256::digest(bytes), out))
}

/// `xxh3(a)`: the XXH3 hash of 64 bits of the text's bytes in UTF-8, seed 0, 16 hexadecimal digits.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
/// Source: xxHash fast digest algorithm, XXH3, 64 bits.
pub fn xxh3(input: &Array) -> Result<Array> {
    digest(input, |bytes, out| {
        push_hex(&xxhash_rust::xxh3::xxh3_64(bytes).to_be_bytes(), out);
    })
}

fn digest(input: &Array, push: impl Fn(&[u8], &mut String)) -> Result<Array> {
    let text = input.as_text();
    let mut digits = String::new();
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        digits.clear();
        push(text.get_bytes(row), &mut digits);
        writer.extend(&digits)
    })
}
