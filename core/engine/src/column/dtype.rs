//! DataType: the closed list of types, each with its name and how its values are stored.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::bytes::decimal::PRECISION_MAX;
use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;

/// The type of a column: what its values mean. Each type here is whole: parsed, printed, compared,
/// aggregated, converted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// Whole numbers from -128 to 127.
    Int8,
    /// Whole numbers from -2^15 to 2^15 - 1.
    Int16,
    /// Whole numbers from -2^31 to 2^31 - 1.
    Int32,
    /// Whole numbers from 0 to 255.
    UInt8,
    /// Whole numbers from 0 to 2^16 - 1.
    UInt16,
    /// Whole numbers from 0 to 2^32 - 1.
    UInt32,
    /// Whole numbers from 0 to 2^64 - 1.
    UInt64,
    /// IEEE 754 binary32.
    Float32,
    /// A whole number of at most `precision` digits by 10^-`scale`, exact; 128 bits.
    Decimal {
        /// Digits at most, from 1 to 38.
        precision: u8,
        /// Digits behind the point, from 0 to the precision.
        scale: u8,
    },
    /// UTF-8 text as codes of distinct values: utf8 in all that it answers.
    Dictionary,
    /// Moments of another unit than microseconds, or with a zone: ticks since 1970-01-01T00:00:00,
    /// 64 bits; in UTC where there is a zone. Made by [`DataType::timestamp`], which gives
    /// `Timestamp` for microseconds without one.
    TimestampOf {
        /// What a tick is.
        unit: TimeUnit,
        /// Whose clocks show them.
        zone: Option<Zone>,
    },
    /// Any number of values of one type, in order; made by [`DataType::list`].
    List(Arc<DataType>),
    /// A value for each of some named fields; made by [`DataType::of_fields`].
    Struct(Arc<[StructField]>),
}

/// One field of a struct: its name, unique within the struct, and the type of its values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructField {
    /// The name.
    pub name: String,
    /// The type.
    pub dtype: DataType,
}

/// How values lie in memory: several types may be stored alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// One bit a value.
    Bool,
    /// Two's complement, 8 bits.
    Int8,
    /// Two's complement, 16 bits.
    Int16,
    /// Two's complement, 32 bits.
    Int32,
    /// Two's complement, 64 bits.
    Int64,
    /// Two's complement, 128 bits.
    Int128,
    /// Unsigned, 8 bits.
    UInt8,
    /// Unsigned, 16 bits.
    UInt16,
    /// Unsigned, 32 bits.
    UInt32,
    /// Unsigned, 64 bits.
    UInt64,
    /// IEEE 754 binary32.
    Float32,
    /// IEEE 754 binary64.
    Float64,
    /// 32-bit offsets and UTF-8 bytes.
    Utf8,
    /// 32-bit codes, and the text that they stand for.
    Dictionary,
    /// 32-bit offsets and one array of all elements.
    List,
    /// An array for each field.
    Struct,
}

impl Storage {
    /// Bytes of one value; `None` for bits, text, codes of text and what holds other arrays.
    pub fn width_bytes(self) -> Option<usize> {
        match self {
            Storage::Int8 | Storage::UInt8 => Some(1),
            Storage::Int16 | Storage::UInt16 => Some(2),
            Storage::Int32 | Storage::UInt32 | Storage::Float32 => Some(4),
            Storage::Int64 | Storage::UInt64 | Storage::Float64 => Some(8),
            Storage::Int128 => Some(16),
            Storage::Bool
            | Storage::Utf8
            | Storage::Dictionary
            | Storage::List
            | Storage::Struct => None,
        }
    }

    /// Whether values hold values of other arrays.
    pub fn is_nested(self) -> bool {
        matches!(self, Storage::List | Storage::Struct)
    }

    /// The type whose values are no more than what is stored; `None` where there is none.
    pub fn plain_type(self) -> Option<DataType> {
        match self {
            Storage::Bool => Some(DataType::Bool),
            Storage::Int64 => Some(DataType::Int64),
            Storage::Float64 => Some(DataType::Float64),
            Storage::Utf8 => Some(DataType::Utf8),
            Storage::Int8 => Some(DataType::Int8),
            Storage::Int16 => Some(DataType::Int16),
            Storage::Int32 => Some(DataType::Int32),
            Storage::UInt8 => Some(DataType::UInt8),
            Storage::UInt16 => Some(DataType::UInt16),
            Storage::UInt32 => Some(DataType::UInt32),
            Storage::UInt64 => Some(DataType::UInt64),
            Storage::Float32 => Some(DataType::Float32),
            Storage::Dictionary => Some(DataType::Dictionary),
            Storage::Int128 | Storage::List | Storage::Struct => None,
        }
    }
}

impl DataType {
    /// Every type without a parameter, in the order of its number in the C ABI.
    pub const ALL: &'static [DataType] = &[
        DataType::Bool,
        DataType::Int64,
        DataType::Float64,
        DataType::Date,
        DataType::Timestamp,
        DataType::Utf8,
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Dictionary,
    ];

    /// The name in schemas, documents and messages.
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            DataType::Decimal { precision, scale } => {
                return Cow::Owned(format!("decimal({precision},{scale})"));
            }
            DataType::List(_) | DataType::Struct(_) => {
                return Cow::Owned(super::nested_type::name(self));
            }
            DataType::TimestampOf { unit, zone } => {
                let (unit, zone) = (unit.name(), zone.as_ref().map(Zone::name));
                return Cow::Owned(match zone {
                    None => format!("timestamp({unit})"),
                    Some(zone) => format!("timestamp({unit},{zone})"),
                });
            }
            DataType::Bool => "bool",
            DataType::Int64 => "int64",
            DataType::Float64 => "float64",
            DataType::Date => "date",
            DataType::Timestamp => "timestamp",
            DataType::Utf8 => "utf8",
            DataType::Int8 => "int8",
            DataType::Int16 => "int16",
            DataType::Int32 => "int32",
            DataType::UInt8 => "uint8",
            DataType::UInt16 => "uint16",
            DataType::UInt32 => "uint32",
            DataType::UInt64 => "uint64",
            DataType::Float32 => "float32",
            DataType::Dictionary => "dictionary",
        })
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<DataType> {
        let plain = DataType::ALL.iter().find(|dtype| dtype.name() == name).cloned();
        plain
            .or_else(|| DataType::decimal_named(name))
            .or_else(|| DataType::timestamp_named(name))
            .or_else(|| super::nested_type::named(name))
    }

    /// Moments of a unit, with the clocks of a zone or without.
    pub fn timestamp(unit: TimeUnit, zone: Option<Zone>) -> DataType {
        match (unit, zone) {
            (TimeUnit::Microsecond, None) => DataType::Timestamp,
            (unit, zone) => DataType::TimestampOf { unit, zone },
        }
    }

    /// `timestamp(ms)` or `timestamp(us,Europe/Berlin)`, with or without a blank behind the comma.
    fn timestamp_named(name: &str) -> Option<DataType> {
        let parameters = name.strip_prefix("timestamp(")?.strip_suffix(')')?;
        let (unit, zone) = match parameters.split_once(',') {
            None => (parameters, None),
            Some((unit, zone)) => {
                (unit, Some(Zone::named(zone.strip_prefix(' ').unwrap_or(zone))?))
            }
        };
        Some(DataType::timestamp(TimeUnit::from_name(unit)?, zone))
    }

    /// Decimals of a precision and a scale; `None` outside 1 to 38 and 0 to the precision.
    pub fn decimal(precision: u8, scale: u8) -> Option<DataType> {
        let fits = (1..=PRECISION_MAX).contains(&precision) && scale <= precision;
        fits.then_some(DataType::Decimal { precision, scale })
    }

    /// `decimal(18,2)`, with or without a blank behind the comma.
    fn decimal_named(name: &str) -> Option<DataType> {
        let parameters = name.strip_prefix("decimal(")?.strip_suffix(')')?;
        let (precision, scale) = parameters.split_once(',')?;
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse::<u8>().ok(),
            false => None,
        };
        let scale = scale.strip_prefix(' ').unwrap_or(scale);
        DataType::decimal(number(precision)?, number(scale)?)
    }

    /// How its values are stored.
    pub fn storage(&self) -> Storage {
        match self {
            DataType::Bool => Storage::Bool,
            DataType::Int64 | DataType::Timestamp | DataType::TimestampOf { .. } => Storage::Int64,
            DataType::Float64 => Storage::Float64,
            DataType::Date | DataType::Int32 => Storage::Int32,
            DataType::Utf8 => Storage::Utf8,
            DataType::Int8 => Storage::Int8,
            DataType::Int16 => Storage::Int16,
            DataType::UInt8 => Storage::UInt8,
            DataType::UInt16 => Storage::UInt16,
            DataType::UInt32 => Storage::UInt32,
            DataType::UInt64 => Storage::UInt64,
            DataType::Float32 => Storage::Float32,
            DataType::Decimal { .. } => Storage::Int128,
            DataType::Dictionary => Storage::Dictionary,
            DataType::List(_) => Storage::List,
            DataType::Struct(_) => Storage::Struct,
        }
    }

    /// Bytes of one value; `None` for bits, for text and for nested types.
    pub fn width_bytes(&self) -> Option<usize> {
        self.storage().width_bytes()
    }

    /// The type whose values it has: a dictionary's are those of utf8.
    pub fn plain(&self) -> DataType {
        match self {
            DataType::Dictionary => DataType::Utf8,
            other => other.clone(),
        }
    }

    /// Whether values are text, coded or not.
    pub fn is_text(&self) -> bool {
        matches!(self, DataType::Utf8 | DataType::Dictionary)
    }

    /// Whether it is a list or a struct.
    pub fn is_nested(&self) -> bool {
        self.storage().is_nested()
    }

    /// Whether it is a decimal of some precision and scale.
    pub fn is_decimal(&self) -> bool {
        matches!(self, DataType::Decimal { .. })
    }

    /// Unit and zone of moments; `None` for other types.
    pub fn moment(&self) -> Option<(TimeUnit, Option<&Zone>)> {
        match self {
            DataType::Timestamp => Some((TimeUnit::Microsecond, None)),
            DataType::TimestampOf { unit, zone } => Some((*unit, zone.as_ref())),
            _ => None,
        }
    }

    /// Whether values are moments that the clocks of a zone show.
    pub fn is_zoned(&self) -> bool {
        matches!(self, DataType::TimestampOf { zone: Some(_), .. })
    }

    /// Whether arithmetic is defined.
    pub fn is_number(&self) -> bool {
        self.is_float() || self.is_decimal() || self.range().is_some()
    }

    /// Whether values are IEEE 754 floats.
    pub fn is_float(&self) -> bool {
        matches!(self, DataType::Float32 | DataType::Float64)
    }

    /// Smallest and largest value, for the types of whole numbers.
    pub fn range(&self) -> Option<(i128, i128)> {
        fn of<T: Into<i128>>(least: T, most: T) -> Option<(i128, i128)> {
            Some((least.into(), most.into()))
        }
        match self {
            DataType::Int8 => of(i8::MIN, i8::MAX),
            DataType::Int16 => of(i16::MIN, i16::MAX),
            DataType::Int32 => of(i32::MIN, i32::MAX),
            DataType::Int64 => of(i64::MIN, i64::MAX),
            DataType::UInt8 => of(u8::MIN, u8::MAX),
            DataType::UInt16 => of(u16::MIN, u16::MAX),
            DataType::UInt32 => of(u32::MIN, u32::MAX),
            DataType::UInt64 => of(u64::MIN, u64::MAX),
            DataType::Bool
            | DataType::Float32
            | DataType::Float64
            | DataType::Date
            | DataType::Timestamp
            | DataType::Utf8
            | DataType::Decimal { .. }
            | DataType::Dictionary
            | DataType::List(_)
            | DataType::Struct(_)
            | DataType::TimestampOf { .. } => None,
        }
    }

    /// Whether values are whole numbers.
    pub fn is_integer(&self) -> bool {
        self.range().is_some()
    }

    /// The narrowest type of whole numbers that holds all of both; `None` where there is none, as
    /// for uint64 and a signed type.
    pub fn common_integer(&self, other: &DataType) -> Option<DataType> {
        let ((a, b), (c, d)) = (self.range()?, other.range()?);
        let holds = |(least, most): (i128, i128)| least <= a.min(c) && b.max(d) <= most;
        let by_width = [
            DataType::Int8,
            DataType::UInt8,
            DataType::Int16,
            DataType::UInt16,
            DataType::Int32,
            DataType::UInt32,
            DataType::Int64,
            DataType::UInt64,
        ];
        by_width.into_iter().find(|dtype| dtype.range().is_some_and(holds))
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name())
    }
}
