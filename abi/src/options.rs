//! Options: strict JSON documents of a few members each. An unknown one is an error that suggests.

use pardox_engine::error::{Error, ErrorKind, Result, nearest};
use serde_json::{Map, Value};

/// The members of one options document.
pub(crate) struct Options<'a> {
    members: Map<String, Value>,
    about: &'a str,
}

impl<'a> Options<'a> {
    /// Reads a JSON object; empty text has no members.
    ///
    /// Errors: `InvalidOption` for other text, or for a member that is not among `known`.
    pub(crate) fn parse(text: &str, about: &'a str, known: &[&str]) -> Result<Options<'a>> {
        if text.is_empty() {
            return Ok(Options { members: Map::new(), about });
        }
        let value: Value = serde_json::from_str(text).map_err(|error| {
            invalid(format!("expected {about} options as JSON, found text with {error}"))
        })?;
        Options::from_value(value, about, known)
    }

    /// As [`Options::parse`], of JSON that is part of a larger document.
    pub(crate) fn from_value(value: Value, about: &'a str, known: &[&str]) -> Result<Options<'a>> {
        let Value::Object(members) = value else {
            return Err(invalid(format!("expected a JSON object for {about}, found {value}")));
        };
        for name in members.keys() {
            if !known.contains(&name.as_str()) {
                let error = invalid(format!("no {about} option is named {name:?}"));
                return Err(match nearest(name, known.iter().copied()) {
                    Some(near) => error.hint(format!("did you mean {near:?}?")),
                    None => error.hint(format!("the options are {}", known.join(", "))),
                });
            }
        }
        Ok(Options { members, about })
    }

    /// A whole number within bounds, where the member is there.
    pub(crate) fn integer(&self, name: &str, min: i64, max: i64) -> Result<Option<i64>> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        let number = value.as_i64().filter(|number| (min..=max).contains(number));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(Error::mismatch(
                ErrorKind::InvalidOption,
                format!("{} option {name:?} from {min} to {max}", self.about),
                value.to_string(),
            )),
        }
    }

    /// Text, where the member is there.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(Error::mismatch(
                ErrorKind::InvalidOption,
                format!("text for {} option {name:?}", self.about),
                other.to_string(),
            )),
        }
    }

    /// A member that must be there.
    pub(crate) fn required<T>(&self, name: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| invalid(format!("{} needs the option {name:?}", self.about)))
    }

    /// Takes a list out.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<Value>> {
        match self.members.remove(name) {
            Some(Value::Array(list)) => Ok(list),
            Some(other) => Err(Error::mismatch(
                ErrorKind::InvalidOption,
                format!("a list for {} option {name:?}", self.about),
                other.to_string(),
            )),
            None => Err(invalid(format!("{} needs the option {name:?}", self.about))),
        }
    }
}

pub(crate) fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidOption, summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_option_suggests_the_nearest() {
        let error = Options::parse(r#"{"thread":2}"#, "collect", &["threads"]).err();
        let error = error.expect("no option of that name");
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert_eq!(error.hint_text(), Some("did you mean \"threads\"?"));
    }

    #[test]
    fn numbers_keep_their_bounds() {
        for (text, expected) in [
            (r#"{"threads":1}"#, Some(1)),
            (r#"{"threads":256}"#, Some(256)),
            (r#"{"threads":0}"#, None),
            (r#"{"threads":257}"#, None),
            (r#"{"threads":1.5}"#, None),
            (r#"{"threads":"2"}"#, None),
        ] {
            let options = Options::parse(text, "collect", &["threads"]).expect("a known option");
            let found = options.integer("threads", 1, 256);
            assert_eq!(found.ok().flatten(), expected, "{text}");
        }
    }
}
