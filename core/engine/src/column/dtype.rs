//! DataType: the closed list of types, each with its width and its name.

use std::fmt;

/// The type of a column. Each type here is whole: parsed, printed, compared, aggregated, converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataType {
    /// True or false, one bit a value.
    Bool,
    /// Whole numbers from -2^63 to 2^63 - 1.
    Int64,
    /// IEEE 754 binary64.
    Float64,
    /// Days since 1970-01-01 in the proleptic Gregorian calendar, 32 bits.
    Date,
    /// Microseconds since 1970-01-01T00:00:00, 64 bits, without a zone.
    Timestamp,
    /// UTF-8 text: 32-bit offsets per array, and bytes.
    Utf8,
}

impl DataType {
    /// Every type, in the order of its number in the C ABI.
    pub const ALL: &'static [DataType] = &[
        DataType::Bool,
        DataType::Int64,
        DataType::Float64,
        DataType::Date,
        DataType::Timestamp,
        DataType::Utf8,
    ];

    /// The name in schemas, documents and messages.
    pub fn name(self) -> &'static str {
        match self {
            DataType::Bool => "bool",
            DataType::Int64 => "int64",
            DataType::Float64 => "float64",
            DataType::Date => "date",
            DataType::Timestamp => "timestamp",
            DataType::Utf8 => "utf8",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<DataType> {
        DataType::ALL.iter().copied().find(|dtype| dtype.name() == name)
    }

    /// Bytes of one value; `None` for bits and for text.
    pub fn width_bytes(self) -> Option<usize> {
        match self {
            DataType::Int64 | DataType::Float64 | DataType::Timestamp => Some(8),
            DataType::Date => Some(4),
            DataType::Bool | DataType::Utf8 => None,
        }
    }

    /// Whether arithmetic is defined.
    pub fn is_number(self) -> bool {
        matches!(self, DataType::Int64 | DataType::Float64)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
