//! Nested types: made within their bounds, written and read by name.
//!
//! ```text
//! list(T)    struct(name T, name T, ...)    a name that is no word stands in double quotes
//! ```

use std::sync::Arc;

use super::dtype::{DataType, StructField};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{NESTED_DEPTH_MAX, NESTED_TYPES_MAX};

impl DataType {
    /// Lists of a type.
    ///
    /// Errors: `LimitExceeded` beyond `NESTED_DEPTH_MAX` levels or `NESTED_TYPES_MAX` types.
    pub fn list(item: DataType) -> Result<DataType> {
        bounded(DataType::List(Arc::new(item)))
    }

    /// Structs of fields, in this order.
    ///
    /// Errors: `InvalidArgument` without a field; `DuplicateColumn` for a name that occurs twice;
    /// `LimitExceeded` as [`DataType::list`].
    pub fn of_fields(fields: Vec<StructField>) -> Result<DataType> {
        if fields.is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument, "a struct has at least one field"));
        }
        let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let summary = format!("field name {:?} occurs twice in a struct", pair[0]);
            return Err(Error::new(ErrorKind::DuplicateColumn, summary)
                .hint("give each field its own name"));
        }
        bounded(DataType::Struct(fields.into()))
    }
}

/// A type whose parts were bounded before.
fn bounded(dtype: DataType) -> Result<DataType> {
    let is_coded = match &dtype {
        DataType::List(item) => **item == DataType::Dictionary,
        DataType::Struct(fields) => fields.iter().any(|field| field.dtype == DataType::Dictionary),
        _ => false,
    };
    if is_coded {
        let summary = format!("{} is not in this version", name(&dtype));
        return Err(Error::new(ErrorKind::Unsupported, summary).hint("use utf8 within it"));
    }
    let (depth, count) = size(&dtype);
    let (expected, found) = if depth > NESTED_DEPTH_MAX {
        (format!("a type of at most {NESTED_DEPTH_MAX} levels"), depth)
    } else if count > NESTED_TYPES_MAX {
        (format!("a type of at most {NESTED_TYPES_MAX} parts"), count)
    } else {
        return Ok(dtype);
    };
    Err(Error::mismatch(ErrorKind::LimitExceeded, expected, found.to_string()))
}

/// Levels of a type and number of types in it.
fn size(dtype: &DataType) -> (usize, usize) {
    let below = |inner: (usize, usize), (depth, count): (usize, usize)| {
        (inner.0.max(depth), inner.1 + count)
    };
    let (depth, count) = match dtype {
        DataType::List(item) => size(item),
        DataType::Struct(fields) => {
            fields.iter().map(|field| size(&field.dtype)).fold((0, 0), below)
        }
        _ => (0, 0),
    };
    (depth + 1, count + 1)
}

/// The name of a nested type.
pub(super) fn name(dtype: &DataType) -> String {
    match dtype {
        DataType::List(item) => format!("list({item})"),
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{} {}", field_name(&field.name), field.dtype))
                .collect();
            format!("struct({})", fields.join(", "))
        }
        other => other.name().into_owned(),
    }
}

/// A field's name as types write it.
pub fn field_name(name: &str) -> String {
    let is_word = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_word {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// The nested type of that name.
pub(super) fn named(name: &str) -> Option<DataType> {
    named_at(name, 1)
}

fn named_at(name: &str, level: usize) -> Option<DataType> {
    if level > NESTED_DEPTH_MAX {
        return None;
    }
    let inner = |prefix: &str| name.strip_prefix(prefix)?.strip_suffix(')');
    if let Some(item) = inner("list(") {
        return DataType::list(any_named(item.trim(), level)?).ok();
    }
    let fields = inner("struct(")?;
    let read = |text: &str| {
        let (name, rest) = split_name(text.trim())?;
        Some(StructField { name, dtype: any_named(rest.trim(), level)? })
    };
    let fields = split_list(fields)?.into_iter().map(read).collect::<Option<Vec<_>>>()?;
    DataType::of_fields(fields).ok()
}

fn any_named(name: &str, level: usize) -> Option<DataType> {
    match name.starts_with("list(") || name.starts_with("struct(") {
        true => named_at(name, level + 1),
        false => DataType::from_name(name),
    }
}

/// The parts between the commas that stand in no bracket and no quotes.
fn split_list(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut depth, mut is_quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (depth == 0 && !is_quoted).then_some(parts)
}

/// Names of fields between commas: `a, "b c"`; `None` where it is no such list.
pub fn field_list(text: &str) -> Option<Vec<String>> {
    let name = |part: &str| match part.trim() {
        quoted if quoted.starts_with('"') => {
            split_name(quoted).filter(|(_, rest)| rest.is_empty()).map(|(name, _)| name)
        }
        word => (field_name(word) == word).then(|| word.to_owned()),
    };
    split_list(text)?.into_iter().map(name).collect()
}

/// A field's name and what follows it.
fn split_name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (name, rest) = text.split_once(' ')?;
        return (field_name(name) == name).then(|| (name.to_owned(), rest));
    };
    let (mut name, mut rest) = (String::new(), quoted);
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&str, DataType)]) -> DataType {
        let fields = fields
            .iter()
            .map(|(name, dtype)| StructField { name: (*name).to_owned(), dtype: dtype.clone() });
        DataType::of_fields(fields.collect()).expect("small types fit")
    }

    #[test]
    fn names_of_types_read_back() {
        let list = |item| DataType::list(item).expect("small types fit");
        let money = DataType::decimal(18, 2).expect("a type");
        for (dtype, name) in [
            (list(DataType::Int64), "list(int64)"),
            (list(list(money.clone())), "list(list(decimal(18,2)))"),
            (
                of(&[("a", DataType::Int64), ("b", list(DataType::Utf8))]),
                "struct(a int64, b list(utf8))",
            ),
            (
                of(&[("a b", money), ("q\"q", DataType::Bool), ("", DataType::Date)]),
                "struct(\"a b\" decimal(18,2), \"q\"\"q\" bool, \"\" date)",
            ),
            (
                of(&[("\"", DataType::Bool), (",)", DataType::Bool)]),
                "struct(\"\"\"\" bool, \",)\" bool)",
            ),
        ] {
            assert_eq!(dtype.name(), name);
            assert_eq!(DataType::from_name(name), Some(dtype), "{name}");
        }
        for name in [
            "list()",
            "list",
            "list(int64",
            "list(int)",
            "struct()",
            "struct(a)",
            "struct(a int64,)",
            "struct(a int64, a utf8)",
            "struct(1a int64)",
            "struct(\"a int64)",
            "list(int64))",
        ] {
            assert_eq!(DataType::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = |levels: usize| format!("{}int64{}", "list(".repeat(levels), ")".repeat(levels));
        assert!(DataType::from_name(&deep(NESTED_DEPTH_MAX - 1)).is_some());
        assert!(DataType::from_name(&deep(NESTED_DEPTH_MAX)).is_none());
        assert!(DataType::from_name(&deep(1_000_000)).is_none());
        let wide = |count: usize| {
            let fields: Vec<String> = (0..count).map(|index| format!("f{index} bool")).collect();
            DataType::from_name(&format!("struct({})", fields.join(", ")))
        };
        assert!(wide(NESTED_TYPES_MAX - 1).is_some());
        assert!(wide(NESTED_TYPES_MAX).is_none());
    }
}
