//! Readers: a frame as records of fixed size, fetched like those of a file. This is COBOL's door.
//!
//! A layout places columns in the record. Each field is checked when the reader is opened, so that
//! a fetch can only fail by a value. What no field covers is filled with blanks, as a FILLER.

use std::ffi::c_char;
use std::sync::{Arc, Mutex};

use pardox_engine::column::{Array, DataType};
use pardox_engine::error::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::chunks;
use crate::field::{Field, Form, NullFlag};
use crate::frame::{HostFrame, size_bytes};
use crate::guard::{self, Out, Target};
use crate::handle::{self, Object};
use crate::options::{Options, invalid};
use crate::picture::Picture;
use crate::status::pardox_error;

const RECORD_BYTES_MAX: i64 = 1 << 20;
const DISPLAY_DIGITS_MAX: i64 = 38;
const DISPLAY_SCALE_MAX: i64 = 38;
/// Two digits a byte, and half a byte for the sign.
const PACKED_BYTES_MAX: i64 = DISPLAY_DIGITS_MAX / 2 + 1;

/// A frame being read record by record.
pub(crate) struct Reader {
    record_bytes: usize,
    fields: Vec<PlacedField>,
    row_count: usize,
    position: Mutex<usize>,
}

struct PlacedField {
    field: Field,
    chunks: Vec<Array>,
}

impl Reader {
    pub(crate) fn size_bytes(&self) -> usize {
        size_bytes(self.fields.iter().flat_map(|placed| &placed.chunks))
    }

    /// Checks a layout against a frame and stands before its first row.
    fn open(host: &HostFrame, layout: &str) -> Result<Reader> {
        if layout.is_empty() {
            return Err(invalid("expected a layout, found no text".to_owned()));
        }
        let mut options = Options::parse(layout, "layout", &["record_bytes", "fields"])?;
        let record_bytes = options.integer("record_bytes", 1, RECORD_BYTES_MAX)?;
        let record_bytes = options.required("record_bytes", record_bytes)? as usize;
        let frame = host.frame();
        let mut fields = Vec::new();
        for value in options.list("fields")? {
            let (index, field) = parse_field(value, host)?;
            fields.push(PlacedField { field, chunks: frame.column(index)? });
        }
        check_places(record_bytes, &fields)?;
        let row_count = frame.row_count();
        Ok(Reader { record_bytes, fields, row_count, position: Mutex::new(0) })
    }

    /// Writes records from the position on and moves it.
    fn fetch(&self, target: &Target, record_count: usize) -> Result<usize> {
        let Ok(mut position) = self.position.try_lock() else {
            return Err(Error::new(ErrorKind::Busy, "another thread fetches from this reader"));
        };
        let count = record_count.min(self.row_count - *position);
        let Some(size_bytes) = count.checked_mul(self.record_bytes) else {
            return Err(invalid("the records exceed the address space".to_owned()));
        };
        target.require(size_bytes)?;
        target.fill(0, b' ', size_bytes);
        let mut first_failure: Option<(usize, Error)> = None;
        for placed in &self.fields {
            let failure = self.write_field(placed, *position, count, target);
            // The lowest row counts, and in a row the field that the layout names first.
            if let Some(failure) = failure
                && first_failure.as_ref().is_none_or(|(row, _)| failure.0 < *row)
            {
                first_failure = Some(failure);
            }
        }
        if let Some((row, error)) = first_failure {
            return Err(error.at(|place| place.record = Some(row as u64 + 1)));
        }
        *position += count;
        Ok(count)
    }

    /// Writes one field of all records; gives the first row that fails.
    fn write_field(
        &self,
        placed: &PlacedField,
        position: usize,
        count: usize,
        target: &Target,
    ) -> Option<(usize, Error)> {
        let mut row = position;
        let mut bytes = Vec::new();
        for part in chunks::range(&placed.chunks, position, count) {
            for index in 0..part.len() {
                let record = (row - position) * self.record_bytes;
                bytes.clear();
                if let Err(error) = placed.field.write(&part, index, &mut bytes) {
                    let name = placed.field.column.clone();
                    return Some((row, error.at(|place| place.column = Some(name))));
                }
                target.write(record + placed.field.offset_bytes, &bytes);
                if let Some(flag) = &placed.field.null_flag {
                    let byte = flag.byte(!part.is_valid(index));
                    target.write(record + flag.offset_bytes, &[byte]);
                }
                row += 1;
            }
        }
        None
    }
}

fn parse_field(value: Value, host: &HostFrame) -> Result<(usize, Field)> {
    let known =
        ["column", "offset", "length", "form", "scale", "picture", "null_offset", "null_form"];
    let options = Options::from_value(value, "layout field", &known)?;
    let column = options.required("column", options.text("column")?)?.to_owned();
    let index = host.frame().schema().require(&column)?;
    let dtype = &host.frame().schema().column(index).dtype;
    let named = |error: Error| error.at(|place| place.column = Some(column.clone()));
    let parse = || {
        let offset = options.integer("offset", 0, RECORD_BYTES_MAX)?;
        let offset_bytes = options.required("offset", offset)? as usize;
        let length = options.integer("length", 1, RECORD_BYTES_MAX)?;
        let length_bytes = options.required("length", length)? as usize;
        let scale = options.integer("scale", 0, DISPLAY_SCALE_MAX)?;
        let form = options.required("form", options.text("form")?)?;
        let picture = options.text("picture")?;
        let form = parse_form(form, dtype, length_bytes, scale, picture)?;
        let null_offset = options.integer("null_offset", 0, RECORD_BYTES_MAX)?;
        let null_flag = parse_null_flag(null_offset, options.text("null_form")?)?;
        Ok(Field { column: column.clone(), offset_bytes, length_bytes, form, null_flag })
    };
    parse().map(|field| (index, field)).map_err(named)
}

fn parse_form(
    form: &str,
    dtype: &DataType,
    length_bytes: usize,
    scale: Option<i64>,
    picture: Option<&str>,
) -> Result<Form> {
    if scale.is_some() && !matches!(form, "display" | "packed") {
        return Err(invalid(format!("the form {form:?} takes no \"scale\"")));
    }
    if picture.is_some() && form != "edited" {
        return Err(invalid(format!("the form {form:?} takes no \"picture\"")));
    }
    let is_number = matches!(form, "display" | "packed" | "edited");
    if is_number && !dtype.is_number() {
        return Err(invalid(format!("a {dtype} column has no {form:?} form"))
            .hint("use \"text\" or \"binary\""));
    }
    match form {
        "text" => Ok(Form::Text),
        "binary" | "integer" | "unsigned" | "float" => {
            let is_unsigned = dtype.range().is_some_and(|(least, _)| least == 0);
            let is_fitting = match form {
                "integer" => !is_unsigned && !dtype.is_float(),
                "unsigned" => is_unsigned,
                "float" => dtype.is_float(),
                _ => true,
            };
            if !is_fitting {
                let other = match dtype {
                    _ if is_unsigned => "unsigned",
                    dtype if dtype.is_float() => "float",
                    _ => "integer",
                };
                return Err(invalid(format!("a {dtype} column has no {form:?} form"))
                    .hint(format!("use {other:?}")));
            }
            let needed = match dtype {
                text if text.is_text() || text.is_nested() => {
                    return Err(invalid(format!("a {text} column has no {form:?} form"))
                        .hint("use \"text\""));
                }
                other => other.width_bytes().unwrap_or(1),
            };
            match needed == length_bytes {
                true => Ok(Form::Binary),
                false => Err(Error::mismatch(
                    ErrorKind::InvalidOption,
                    format!("a length of {needed} for {dtype} in {form:?} form"),
                    length_bytes.to_string(),
                )),
            }
        }
        "display" if length_bytes as i64 <= DISPLAY_DIGITS_MAX => {
            Ok(Form::Display { scale: scale.unwrap_or(0) as u32 })
        }
        "packed" if length_bytes as i64 <= PACKED_BYTES_MAX => {
            Ok(Form::Packed { scale: scale.unwrap_or(0) as u32 })
        }
        "display" | "packed" => Err(Error::mismatch(
            ErrorKind::InvalidOption,
            format!("at most {DISPLAY_DIGITS_MAX} digits"),
            format!("a length of {length_bytes}"),
        )),
        "edited" => {
            let picture = picture
                .ok_or_else(|| invalid("the form \"edited\" needs a \"picture\"".to_owned()))?;
            let picture = Picture::parse(picture)?;
            match picture.len_bytes() == length_bytes {
                true => Ok(Form::Edited(picture)),
                false => Err(Error::mismatch(
                    ErrorKind::InvalidOption,
                    format!("a length of {}, as the picture has", picture.len_bytes()),
                    length_bytes.to_string(),
                )),
            }
        }
        other => Err(Error::mismatch(
            ErrorKind::InvalidOption,
            "the form \"text\", \"display\", \"packed\", \"edited\", \"binary\", \"integer\", \
             \"unsigned\" or \"float\"",
            format!("{other:?}"),
        )),
    }
}

fn parse_null_flag(offset: Option<i64>, form: Option<&str>) -> Result<Option<NullFlag>> {
    let is_binary = match (form, offset) {
        (Some(_), None) => {
            return Err(invalid("\"null_form\" without \"null_offset\"".to_owned()));
        }
        (None | Some("text"), _) => false,
        (Some("binary"), _) => true,
        (Some(other), _) => {
            return Err(Error::mismatch(
                ErrorKind::InvalidOption,
                "the null_form \"text\" or \"binary\"",
                format!("{other:?}"),
            ));
        }
    };
    Ok(offset.map(|offset| NullFlag { offset_bytes: offset as usize, is_binary }))
}

/// Every field lies within the record and on no other.
fn check_places(record_bytes: usize, fields: &[PlacedField]) -> Result<()> {
    let mut places: Vec<(usize, usize, &str)> = Vec::new();
    for PlacedField { field, .. } in fields {
        places.push((field.offset_bytes, field.length_bytes, &field.column));
        if let Some(flag) = &field.null_flag {
            places.push((flag.offset_bytes, 1, &field.column));
        }
    }
    places.sort_unstable();
    let mut end = 0;
    for (offset, length, column) in places {
        let named = |error: Error| error.at(|place| place.column = Some(column.to_owned()));
        if offset < end {
            let summary = format!("the field at offset {offset} lies on the one before it");
            return Err(named(invalid(summary)));
        }
        end = offset + length;
        if end > record_bytes {
            let expected = format!("fields within {record_bytes} bytes");
            let found = format!("one that ends at {end}");
            return Err(named(Error::mismatch(ErrorKind::InvalidOption, expected, found)));
        }
    }
    Ok(())
}

/// Opens a frame for reading records of fixed size. `layout` is a JSON document that places columns
/// in the record (docs/abi.md):
/// `{"record_bytes":80,"fields":[{"column":"k","offset":0,"length":10,"form":"text"}]}`.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_reader_open(
    frame: u64,
    layout: *const c_char,
    layout_length: i64,
    reader: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(reader, "reader") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let host = handle::frame(frame)?;
            let layout = guard::text(layout, layout_length, "layout")?;
            let reader = Reader::open(&host, layout)?;
            out.set(handle::insert(Object::Reader(Arc::new(reader)))?);
            Ok(())
        })
    }
}

/// Writes the next records, at most `record_count`, one behind the other. `fetched` is how many, 0
/// at the end. On failure no row is used up. A second thread on the same reader gets
/// `PARDOX_STATUS_BUSY`.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_reader_fetch(
    reader: u64,
    records: *mut u8,
    records_bytes: i64,
    record_count: i64,
    fetched: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let fetched = unsafe { Out::new(fetched, "fetched") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            fetched.check()?;
            let target = Target::new(records, records_bytes, "records")?;
            let reader = handle::reader(reader)?;
            let record_count = guard::length(record_count, "record_count")?;
            fetched.set(reader.fetch(&target, record_count)? as i64);
            Ok(())
        })
    }
}
