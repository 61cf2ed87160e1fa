//! A value out of JSON text. The text is read once, strictly, to its end; nothing but the value
//! that is asked for is built.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::map_maybe_text;
use crate::column::Array;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Datum;
use crate::plan::text::pointer::{Pointer, Step};

/// `json_extract(a, pointer)`, and `try_json_extract`, which gives null where the text is no JSON.
/// A text comes without its quotes, other values as they are written; null, and what is not there,
/// is null. Of members with one name the last counts.
///
/// Errors: `BadCast` for text that is no JSON.
/// Source: RFC 6901; RFC 8259.
pub fn json_extract(input: &Array, pointer: &Pointer, is_try: bool) -> Result<Array> {
    let text = input.as_text();
    map_maybe_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let value = text.get(row);
        match extract(value, pointer) {
            Ok(None) => Ok(false),
            Ok(Some(Found::Raw(raw))) => writer.extend(raw).map(|()| true),
            Ok(Some(Found::Text(text))) => writer.extend(&text).map(|()| true),
            Err(_) if is_try => Ok(false),
            Err(error) => Err(misfit(value, &error)),
        }
    })
}

fn misfit(value: &str, error: &serde_json::Error) -> Error {
    let shown: String = value.chars().take(64).collect();
    Error::mismatch(ErrorKind::BadCast, "JSON text", format!("{shown:?}: {error}"))
        .hint("try_json_extract gives null where a text is no JSON")
}

enum Found<'de> {
    Raw(&'de str),
    Text(String),
}

fn extract<'de>(text: &'de str, pointer: &Pointer) -> serde_json::Result<Option<Found<'de>>> {
    let mut found = None;
    let mut json = serde_json::Deserializer::from_str(text);
    Walk { steps: &pointer.steps, found: &mut found }.deserialize(&mut json)?;
    json.end()?;
    match found {
        None | Some("null") => Ok(None),
        Some(raw) if raw.starts_with('"') => Ok(Some(Found::Text(serde_json::from_str(raw)?))),
        Some(raw) => Ok(Some(Found::Raw(raw))),
    }
}

/// Goes down the steps; reads over all else.
struct Walk<'w, 'de> {
    steps: &'w [Step],
    found: &'w mut Option<&'de str>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        *self.found = None;
        match self.steps {
            [] => {
                let raw: &'de RawValue = serde::Deserialize::deserialize(json)?;
                *self.found = Some(raw.get());
                Ok(())
            }
            _ => json.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let [step, rest @ ..] = self.steps else { return Err(A::Error::custom("no step")) };
        while let Some(is_step) = map.next_key_seed(IsName(&step.name))? {
            match is_step {
                true => map.next_value_seed(Walk { steps: rest, found: self.found })?,
                false => map.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        let [step, rest @ ..] = self.steps else { return Err(A::Error::custom("no step")) };
        let mut index = 0;
        loop {
            let next = match step.index == Some(index) {
                true => seq.next_element_seed(Walk { steps: rest, found: self.found })?,
                false => seq.next_element::<IgnoredAny>()?.map(|_| ()),
            };
            if next.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
}

/// Whether a member has this name.
struct IsName<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for IsName<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<bool, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for IsName<'_> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> std::result::Result<bool, E> {
        Ok(name == self.0)
    }
}
