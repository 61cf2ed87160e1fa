//! How CSV is read and written, on the wire: the options of `scan_csv` and `write_csv`.
//!
//! What a sniffer may find is kept apart from what was sent (`Option`): an option that is not in
//! the document is a default, which sniffing fills; one that is sent wins.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::unique_map;
use crate::limits::CSV_RECORD_BYTES_DEFAULT;

/// How to read a CSV file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsvReadSpec {
    /// What separates fields: 1 to 8 bytes of UTF-8, not a line end.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("default" = ","))]
    pub delimiter: Option<String>,
    /// One ASCII character around fields that hold delimiters; null reads quotes as text.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("default" = "\""))]
    pub quote: Option<Option<String>>,
    /// One ASCII character that makes the next one plain text; null: quotes within quotes are
    /// doubled.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("default" = null))]
    pub escape: Option<Option<String>>,
    /// Lines that start with this text, where a record may start, are no records; null: none are.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("default" = null))]
    pub comment: Option<Option<String>>,
    /// Physical lines at the start of the file that are no records.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", extend("default" = 0))]
    pub skip_lines: Option<u64>,
    /// Whether the first record names the columns.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool", extend("default" = true))]
    pub header: Option<bool>,
    /// Encoding of the file: a label of the WHATWG Encoding Standard.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("default" = "utf-8"))]
    pub encoding: Option<String>,
    /// Whether blanks and tabs around fields are left out.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool", extend("default" = false))]
    pub trim: Option<bool>,
    /// What stands between the whole and the fraction of a number: a point or a comma.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("default" = "."))]
    pub decimal: Option<String>,
    /// What may stand between groups of three digits: a comma, a point, an apostrophe, a blank,
    /// U+00A0 or U+202F; null: nothing.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("default" = null))]
    pub thousands: Option<Option<String>>,
    /// Order of day, month and year in dates with `-`, `/` or `.` between; ISO is always read.
    #[serde(deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "DateOrder", extend("default" = "ymd"))]
    pub date_order: Option<DateOrder>,
    /// Names to use instead of those in the file.
    pub column_names: Option<Vec<String>>,
    /// Types of columns by name or by pattern (`*`, `?`); those not named are inferred from all
    /// their values.
    #[serde(deserialize_with = "unique_map")]
    pub schema: BTreeMap<String, String>,
    /// Names or patterns of columns that stay text.
    pub text_columns: Vec<String>,
    /// Records of each file that types are inferred from; null: all of them.
    pub infer_rows: Option<u64>,
    /// Whether a text column of few distinct values becomes a dictionary where no type is given;
    /// not for a table that is read while the question runs.
    pub auto_dictionary: bool,
    /// Unquoted fields that mean null.
    pub null_values: Vec<String>,
    /// Columns to read, in this order; null reads all.
    pub select: Option<Vec<String>>,
    /// What to do with a record that has too few fields.
    pub on_short: OnShort,
    /// What to do with a record that has too many fields.
    pub on_long: OnLong,
    /// What to do with a value that does not fit the type given or inferred.
    pub on_bad_value: OnBadValue,
    /// What to do where a quote stands out of place, or is never closed.
    pub on_bad_quote: OnBadQuote,
    /// What to do with bytes that the encoding does not allow.
    pub on_bad_encoding: OnBadEncoding,
    /// Bytes that one record may have.
    pub max_record_bytes: u64,
    /// Name of a last column with the path of the file that each row is from; null: no such column.
    pub file_column: Option<String>,
    /// Whether to sniff the options that are not given.
    pub dialect: CsvDialect,
}

impl Default for CsvReadSpec {
    fn default() -> CsvReadSpec {
        CsvReadSpec {
            delimiter: None,
            quote: None,
            escape: None,
            comment: None,
            skip_lines: None,
            header: None,
            encoding: None,
            trim: None,
            decimal: None,
            thousands: None,
            date_order: None,
            column_names: None,
            schema: BTreeMap::new(),
            text_columns: Vec::new(),
            infer_rows: None,
            auto_dictionary: false,
            null_values: vec![String::new()],
            select: None,
            on_short: OnShort::Error,
            on_long: OnLong::Error,
            on_bad_value: OnBadValue::Error,
            on_bad_quote: OnBadQuote::Error,
            on_bad_encoding: OnBadEncoding::Error,
            max_record_bytes: CSV_RECORD_BYTES_DEFAULT,
            file_column: None,
            dialect: CsvDialect::Given,
        }
    }
}

/// Reads a field that is there; one that is not there stays `None`.
fn sent<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    source: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(source).map(Some)
}

macro_rules! wire_enum {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }
    )+};
}

wire_enum! {
    /// Order of day, month and year in a date.
    DateOrder {
        /// Year, month, day.
        Ymd,
        /// Day, month, year.
        Dmy,
        /// Month, day, year.
        Mdy,
    }
    /// What to do with a record that has too few fields.
    OnShort {
        /// Fail.
        Error,
        /// Nulls for the fields that are missing.
        Pad,
        /// Leave the record out, and count it.
        Skip,
        /// Leave the record out, and keep its text in the quarantine.
        Quarantine,
    }
    /// What to do with a record that has too many fields.
    OnLong {
        /// Fail.
        Error,
        /// Leave the fields out that are too many.
        Cut,
        /// Leave the record out, and count it.
        Skip,
        /// Leave the record out, and keep its text in the quarantine.
        Quarantine,
    }
    /// What to do with a value that does not fit its type.
    OnBadValue {
        /// Fail.
        Error,
        /// Null instead of the value.
        Null,
        /// Leave the record out, and count it.
        Skip,
        /// Leave the record out, and keep its text in the quarantine.
        Quarantine,
    }
    /// What to do with a quote out of place.
    OnBadQuote {
        /// Fail.
        Error,
        /// Take the quote as text.
        Repair,
        /// Leave the record out, and count it.
        Skip,
        /// Leave the record out, and keep its text in the quarantine.
        Quarantine,
    }
    /// What to do with bytes that the encoding does not allow.
    OnBadEncoding {
        /// Fail.
        Error,
        /// U+FFFD instead of the bytes.
        Replace,
        /// Leave the record out, and count it.
        Skip,
        /// Leave the record out, and keep its text in the quarantine.
        Quarantine,
    }
    /// Which fields of a CSV file stand in quotes. Nulls never do.
    Quoting {
        /// Those that would not read back without.
        Minimal,
        /// All.
        Always,
        /// All but numbers that need none.
        NonNumeric,
        /// None; a value that needs quotes is an error, unless an escape serves for it.
        Never,
    }
    /// How a file is compressed.
    Compression {
        /// Not at all.
        None,
        /// With gzip.
        Gzip,
        /// With zstd.
        Zstd,
        /// With bzip2.
        Bzip2,
    }
    /// Where the dialect of a CSV file comes from.
    CsvDialect {
        /// From the options as they stand.
        Given,
        /// From the file, for each option that is not given.
        Sniff,
    }
}

/// How to write a CSV file. What `CsvReadSpec` has as well means the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsvWriteSpec {
    /// What separates fields: 1 to 8 bytes of UTF-8, not a line end.
    pub delimiter: String,
    /// One ASCII character around fields that need it; null writes quotes as text.
    pub quote: Option<String>,
    /// One ASCII character that makes the next one plain text; null: quotes within quotes are
    /// doubled.
    pub escape: Option<String>,
    /// Which fields stand in quotes.
    pub quoting: Quoting,
    /// What ends a record: a newline, or a carriage return and a newline.
    pub line_end: String,
    /// Whether the first record names the columns.
    pub header: bool,
    /// What stands for null.
    pub null_value: String,
    /// What stands between the whole and the fraction of a number: a point or a comma.
    pub decimal: String,
    /// Order of day, month and year in dates; other than `ymd`, with `/` between.
    pub date_order: DateOrder,
    /// Encoding of the file: a label of the WHATWG Encoding Standard.
    pub encoding: String,
    /// Whether the file starts with a byte-order mark.
    pub bom: bool,
    /// How the file is compressed.
    pub compression: Compression,
}

impl Default for CsvWriteSpec {
    fn default() -> CsvWriteSpec {
        CsvWriteSpec {
            delimiter: ",".to_owned(),
            quote: Some("\"".to_owned()),
            escape: None,
            quoting: Quoting::Minimal,
            line_end: "\n".to_owned(),
            header: true,
            null_value: String::new(),
            decimal: ".".to_owned(),
            date_order: DateOrder::Ymd,
            encoding: "utf-8".to_owned(),
            bom: false,
            compression: Compression::None,
        }
    }
}
