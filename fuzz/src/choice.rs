//! Read options from the first bytes of an input, one byte an option, so that a mutation of one
//! byte changes one option and a seed can be typed: `0` is always the default.

use pardox_engine::column::DataType;
use pardox_engine::format::csv::{CsvReadOptions, CsvWriteOptions, DateOrder, Policy, Quoting};

/// Bytes that choose; the file follows them.
pub const CHOICE_BYTES: usize = 16;

const DELIMITERS: [&str; 12] =
    [",", ";", "\t", "|", "||", ", ", "¦", "::", " ", "~|~", ",,", "\" \""];
const QUOTES: [Option<u8>; 6] = [Some(b'"'), None, Some(b'\''), Some(b'`'), Some(b'|'), Some(b'#')];
const ESCAPES: [Option<u8>; 5] = [None, Some(b'\\'), Some(b'^'), Some(b'/'), Some(b'"')];
const COMMENTS: [Option<&str>; 6] = [None, Some("#"), Some("//"), Some("--"), Some("%"), Some("é")];
const NUMBERS: [(u8, Option<char>); 9] = [
    (b'.', None),
    (b'.', Some(',')),
    (b',', None),
    (b',', Some('.')),
    (b'.', Some(' ')),
    (b',', Some('\u{A0}')),
    (b'.', Some('\'')),
    (b',', Some(' ')),
    (b',', Some('\u{202F}')),
];
const NULLS: [&[&str]; 8] = [
    &[""],
    &[],
    &["", "NA"],
    &["NA", "0"],
    &["", "-", "null"],
    &["a", "b"],
    &["é", "-999"],
    &["2024-01-01", "1.5"],
];
const RECORD_BYTES: [Option<u64>; 6] = [None, Some(1), Some(3), Some(8), Some(20), Some(64)];

/// What the first bytes of an input say.
pub struct Choice {
    /// How to read.
    pub options: CsvReadOptions,
    /// Bytes of a unit, and of a window.
    pub unit_bytes: usize,
    /// Threads to read with, the second time.
    pub threads: usize,
    /// How the table is written: in the dialect that it was read in.
    pub write: CsvWriteOptions,
}

/// The options that the first bytes choose, and the file behind them; `None` for an input that is
/// too short.
pub fn choose(input: &[u8]) -> Option<(Choice, &[u8])> {
    let (head, file) = input.split_first_chunk::<CHOICE_BYTES>()?;
    let digit = head.map(|byte| usize::from(byte.wrapping_sub(b'0')));
    let bit = |byte: usize, bit: usize| digit[byte] >> bit & 1 == 1;
    let (decimal, thousands) = NUMBERS[digit[6] % NUMBERS.len()];
    let max_record_bytes = RECORD_BYTES[digit[12] % RECORD_BYTES.len()];
    let default = CsvReadOptions::default();
    let (schema, text_columns) = types(digit[13]);
    let options = CsvReadOptions {
        delimiter: DELIMITERS[digit[0] % DELIMITERS.len()].to_owned(),
        quote: QUOTES[digit[1] % QUOTES.len()],
        escape: ESCAPES[digit[2] % ESCAPES.len()],
        comment: COMMENTS[digit[3] % COMMENTS.len()].map(str::to_owned),
        skip_lines: digit[4] as u64 % 4,
        header: !bit(5, 0),
        column_names: bit(5, 1).then(|| names(&["a", "b", "c"])),
        trim: bit(5, 2),
        decimal,
        thousands,
        date_order: [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy][digit[7] % 3],
        null_values: names(NULLS[digit[8] % NULLS.len()]),
        on_short: policy(Policy::Pad, digit[9]),
        on_long: policy(Policy::Cut, digit[9] >> 2),
        on_bad_value: policy(Policy::Null, digit[10]),
        on_bad_quote: policy(Policy::Repair, digit[10] >> 2),
        on_bad_encoding: policy(Policy::Replace, digit[11]),
        infer_rows: [None, Some(1), Some(2), Some(5)][digit[11] >> 2 & 3],
        max_record_bytes: max_record_bytes.unwrap_or(default.max_record_bytes),
        schema,
        text_columns,
        select: match digit[14] % 6 {
            1 => Some(names(&["b"])),
            2 => Some(names(&["c", "a"])),
            3 => Some(names(&["b", "a"])),
            4 => Some(names(&["column_2"])),
            _ => None,
        },
        ..default
    };
    let write = CsvWriteOptions {
        delimiter: options.delimiter.clone(),
        quote: options.quote,
        escape: options.escape,
        quoting: [Quoting::Minimal, Quoting::Always, Quoting::NonNumeric, Quoting::Never]
            [digit[14] / 6 % 4],
        line_end: ["\n", "\r\n"][digit[7] / 3 % 2].to_owned(),
        null_value: ["", "NA", "0", "null"][digit[15] >> 4 & 3].to_owned(),
        decimal: options.decimal,
        date_order: options.date_order,
        ..CsvWriteOptions::default()
    };
    let choice = Choice {
        options,
        write,
        unit_bytes: [1 << 20, 1, 2, 3, 7, 16, 64, 200][digit[15] & 7],
        threads: if bit(15, 3) { 2 } else { 1 },
    };
    Some((choice, file))
}

fn policy(own: Policy, digit: usize) -> Policy {
    [Policy::Error, own, Policy::Skip, Policy::Quarantine][digit & 3]
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Types by name and by pattern, and columns that stay text.
fn types(digit: usize) -> (Vec<(String, DataType)>, Vec<String>) {
    use DataType::{
        Bool, Date, Dictionary, Float32, Float64, Int8, Int32, Int64, Timestamp, UInt16, UInt64,
        Utf8,
    };
    const MONEY: DataType = DataType::Decimal { precision: 9, scale: 2 };
    let schema: &[(&str, DataType)] = match digit % 14 {
        1 => &[("b", Int64)],
        2 => &[("a", Float64)],
        3 => &[("*", Utf8)],
        4 => &[("c", Date)],
        5 => &[("b", Timestamp)],
        6 => &[("a", Bool)],
        7 => &[("*", Int64), ("a", Utf8)],
        8 => &[("*", Float64)],
        9 => &[("a", Dictionary)],
        10 => &[("b", Int8), ("a", UInt64)],
        11 => &[("a", Float32), ("b", UInt16)],
        12 => &[("*", Int32)],
        13 => &[("a", MONEY)],
        _ => &[],
    };
    let text_columns = if digit % 14 == 9 { names(&["b"]) } else { Vec::new() };
    (schema.iter().map(|(name, dtype)| ((*name).to_owned(), dtype.clone())).collect(), text_columns)
}
