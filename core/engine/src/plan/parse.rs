//! JSON text to wire types and back.
//!
//! The text is bounded before it is parsed (bytes, brackets), parsed on a stack made for its
//! depth, and what it does not follow is refused by name with the place within the document.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::document::{DOCUMENT_SCHEMA, Document, Params};
use super::stack::on_deep_stack;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_DEPTH_MAX};

/// Reads a plan document.
///
/// Errors: `InvalidPlan` for what does not follow the schema, `InvalidOption` for the same within
/// options, `UnsupportedVersion` for another schema or a newer engine, `LimitExceeded` for a
/// document that is too long or too deep.
pub fn parse(text: &str) -> Result<Document> {
    check_bounds(text)?;
    on_deep_stack(|| {
        check_version(text)?;
        read(text)
    })
}

/// Writes a document without blanks, fields in the order of the wire types: equal documents give
/// equal text.
pub fn to_json(document: &Document) -> Result<String> {
    on_deep_stack(|| {
        Ok(serde_json::to_string(document).expect("wire types have text keys and no floats"))
    })
}

/// Reads parameters: an object of names and literals; empty text is no parameters.
///
/// Errors: as [`parse`].
pub fn parse_params(text: &str) -> Result<Params> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Wire(#[serde(deserialize_with = "super::document::unique_map")] Params);

    if text.trim().is_empty() {
        return Ok(Params::new());
    }
    check_bounds(text)?;
    on_deep_stack(|| read::<Wire>(text).map(|wire| wire.0))
}

/// Bounds length and nesting without a parser: brackets outside of strings.
fn check_bounds(text: &str) -> Result<()> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(Error::mismatch(
            ErrorKind::LimitExceeded,
            format!("a document of at most {DOCUMENT_BYTES_MAX} bytes"),
            format!("{}", text.len()),
        ));
    }
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ if is_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > DOCUMENT_DEPTH_MAX {
                    return Err(Error::new(
                        ErrorKind::LimitExceeded,
                        format!("the document nests more than {DOCUMENT_DEPTH_MAX} brackets"),
                    )
                    .at(|place| place.byte_offset = Some(offset as u64))
                    .hint("collect a part first, or use `in` instead of a chain of `or`"));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Looks at the versions alone, so that a newer document is not refused for a field it may have.
fn check_version(text: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Versions {
        schema: Option<serde::de::IgnoredAny>,
        engine: Option<serde::de::IgnoredAny>,
    }
    #[derive(Deserialize)]
    struct Head {
        schema: u32,
        engine: String,
    }
    let is_document = |head: &Versions| head.schema.is_some() && head.engine.is_some();
    match plain::<Versions>(text) {
        Ok(head) if is_document(&head) => {}
        // The full reading says better what is wrong.
        _ => return Ok(()),
    }
    let Ok(head) = plain::<Head>(text) else { return Ok(()) };
    if head.schema != DOCUMENT_SCHEMA {
        return Err(Error::mismatch(
            ErrorKind::UnsupportedVersion,
            format!("document schema {DOCUMENT_SCHEMA}"),
            head.schema.to_string(),
        )
        .hint("update the older of the binding and the library"));
    }
    let ours = version(env!("CARGO_PKG_VERSION")).expect("cargo writes major.minor.patch");
    match version(&head.engine) {
        Some(asked) if asked <= ours => Ok(()),
        Some(_) => Err(Error::mismatch(
            ErrorKind::UnsupportedVersion,
            format!("a document for engine {}.{} or older", ours.0, ours.1),
            format!("one for {}", head.engine),
        )
        .hint("update the library")),
        None => Err(Error::mismatch(
            ErrorKind::InvalidPlan,
            "an engine version as major.minor",
            format!("{:?} at engine", head.engine),
        )),
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
    let version = (parts.next()??, parts.next()??);
    parts.all(|part| part.is_some()).then_some(version)
}

fn plain<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    T::deserialize(&mut reader)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| explain(&error.path().to_string(), error.inner(), text))?;
    reader.end().map_err(|error| explain(".", &error, text))?;
    Ok(value)
}

/// Turns an error of the JSON reader into ours: which kind, where, and the nearest known name.
fn explain(path: &str, error: &serde_json::Error, text: &str) -> Error {
    let is_option = path.contains(".options") || path.starts_with("options");
    let kind = if is_option { ErrorKind::InvalidOption } else { ErrorKind::InvalidPlan };
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let mut words = message.split('`').skip(1).step_by(2);
    let found = words.next().unwrap_or_default();
    let known: Vec<&str> = words.collect();
    let place = if path == "." { String::new() } else { format!(" at {path}") };
    let summary = match message {
        _ if message.starts_with("unknown variant") => format!("unknown name {found:?}{place}"),
        _ if message.starts_with("unknown field") => format!("unknown field {found:?}{place}"),
        _ if message.starts_with("missing field") => format!("missing field {found:?}{place}"),
        _ => format!("{}{place}", message.replace('`', "\"")),
    };
    let offset = byte_offset(text, error.line(), error.column());
    let error = Error::new(kind, summary).at(|place| {
        place.line = Some(error.line() as u64);
        place.byte_offset = Some(offset as u64);
    });
    match nearest(found, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None if known.is_empty() => error,
        None => error.hint(format!("known are {}", known.join(", "))),
    }
}

/// The offset of a line and column, both from 1, columns in bytes as the JSON reader counts them.
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}
