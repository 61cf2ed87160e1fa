//! Unicode normalization.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick};
use unicode_normalization::{is_nfkc_quick, is_nfkd_quick};

use super::writer::Writer;
use super::{bytes_of, map_text};
use crate::column::Array;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::plan::text::Form;

/// `normalize(a, form)`.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
/// Source: Unicode Standard Annex #15.
pub fn normalize(input: &Array, form: Form) -> Result<Array> {
    let text = input.as_text();
    if bytes_of(text).is_ascii() {
        return Ok(input.clone());
    }
    map_text(&[&Datum::Array(input.clone())], text.len(), |row, writer| {
        let value = text.get(row);
        let quick = match form {
            Form::Nfc => is_nfc_quick(value.chars()),
            Form::Nfd => is_nfd_quick(value.chars()),
            Form::Nfkc => is_nfkc_quick(value.chars()),
            Form::Nfkd => is_nfkd_quick(value.chars()),
        };
        if quick == IsNormalized::Yes {
            return writer.extend(value);
        }
        match form {
            Form::Nfc => extend(writer, value.nfc()),
            Form::Nfd => extend(writer, value.nfd()),
            Form::Nfkc => extend(writer, value.nfkc()),
            Form::Nfkd => extend(writer, value.nfkd()),
        }
    })
}

fn extend(writer: &mut Writer, mut characters: impl Iterator<Item = char>) -> Result<()> {
    characters.try_for_each(|character| writer.extend_char(character))
}
