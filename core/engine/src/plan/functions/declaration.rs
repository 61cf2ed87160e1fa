//! What a function says of itself, as plain data; what others show of it comes from here.

use std::sync::Arc;

use crate::bytes::decimal::PRECISION_MAX;
use crate::column::{DataType, Scalar, StructField};
use crate::error::{Error, ErrorKind};

/// A function, declared.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// Name on the wire and in text.
    pub name: &'static str,
    /// Further names in text.
    pub aliases: &'static [&'static str],
    /// How text writes a call.
    pub spelling: Spelling,
    /// What it takes, in order: those that must be given, then optional ones or a repeated one.
    pub operands: &'static [OperandDeclaration],
    /// Whether languages have it as a function by itself: it makes something of operands of which
    /// none is what it works on. Others are methods of their first operand that need no literal be.
    pub is_free: bool,
    /// How the operands' types are settled.
    pub rule: Rule,
    /// Type of the result.
    pub result: Gives,
    /// What nulls do.
    pub nulls: Nulls,
    /// Kinds of errors that values raise. A filter is not moved past a function that has some.
    pub errors: &'static [ErrorKind],
    /// Kinds of errors that `check` raises, before anything runs.
    pub literal_errors: &'static [ErrorKind],
    /// Looks at literal operands before anything runs.
    pub check: Check,
    /// What it computes: one paragraph.
    pub doc: &'static str,
    /// A call and its answer.
    pub example: Example,
}

impl Declaration {
    /// What most functions have in common; name, operands, result and example are always given.
    pub const PLAIN: Declaration = Declaration {
        name: "",
        aliases: &[],
        spelling: Spelling::Call,
        operands: &[],
        is_free: false,
        rule: Rule::Each,
        result: Gives::Operand(0),
        nulls: Nulls::Null,
        errors: &[],
        literal_errors: &[],
        check: |_, _| Ok(()),
        doc: "",
        example: Example("", ""),
    };
}

/// How text writes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `name(a, b)`.
    Call,
    /// `a + b`.
    Infix(&'static str),
    /// `-a`, with the blank after a word.
    Prefix(&'static str),
    /// `a is null`.
    Postfix(&'static str),
    /// `a in (b, c)`.
    In,
    /// `a between b and c`.
    Between,
}

/// An operand, declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperandDeclaration {
    /// Its name in documentation, in messages and in the languages that name arguments.
    pub name: &'static str,
    /// Types that are taken.
    pub accepts: Accepts,
    /// What it is: one sentence.
    pub doc: &'static str,
    /// What stands for it where it is not given, as text writes it; `None` where it must be given.
    pub default: Option<&'static str>,
    /// Whether it must be a literal (or a parameter): the same for all rows, known before they are.
    pub is_literal: bool,
    /// Whether any number of further operands of its kind may follow it.
    pub is_repeated: bool,
}

/// An operand that must be given.
pub const fn operand(
    name: &'static str,
    accepts: Accepts,
    doc: &'static str,
) -> OperandDeclaration {
    OperandDeclaration { name, accepts, doc, default: None, is_literal: false, is_repeated: false }
}

impl OperandDeclaration {
    /// The same, which may be left out: `default`, as text writes it, then stands for it.
    pub const fn or(self, default: &'static str) -> OperandDeclaration {
        OperandDeclaration { default: Some(default), ..self }
    }

    /// The same, as a literal only.
    pub const fn literal(self) -> OperandDeclaration {
        OperandDeclaration { is_literal: true, ..self }
    }

    /// The same, once or more.
    pub const fn repeated(self) -> OperandDeclaration {
        OperandDeclaration { is_repeated: true, ..self }
    }
}

/// The types that an operand may have. Null literals are always taken, text literals also where a
/// date or a timestamp is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Every type.
    Any,
    /// bool.
    Bool,
    /// Every number, as it is.
    Number,
    /// Decimals.
    Decimal,
    /// Every number; whole numbers narrower than 64 bits as int64.
    Computed,
    /// Every number; whole numbers as int64.
    Signed,
    /// Every number; whole numbers as `Computed` has them, floats as float64.
    Measured,
    /// As `Measured`, and bool as 0 and 1.
    NumberOrBool,
    /// int64, and the narrower types of whole numbers.
    Int64,
    /// float64, and all other numbers converted to it.
    Float64,
    /// utf8.
    Utf8,
    /// date.
    Date,
    /// timestamp of any unit and zone, and date as its midnight.
    Timestamp,
    /// date or timestamp of any unit and zone.
    DateOrTimestamp,
    /// Lists of any type.
    List,
    /// Lists of numbers or bool; elements as `NumberOrBool` has them.
    NumberList,
    /// Lists of utf8.
    TextList,
    /// Structs.
    Struct,
    /// timestamp of any unit without a zone, and date as its midnight.
    LocalTimestamp,
}

impl Accepts {
    /// What messages and documentation call it.
    pub fn text(self) -> &'static str {
        match self {
            Accepts::Any => "a value",
            Accepts::Bool => "bool",
            Accepts::Number | Accepts::Computed | Accepts::Signed | Accepts::Measured => "a number",
            Accepts::Decimal => "a decimal",
            Accepts::NumberOrBool => "a number or bool",
            Accepts::Int64 => "int64",
            Accepts::Float64 => "float64",
            Accepts::Utf8 => "utf8",
            Accepts::Date => "date",
            Accepts::Timestamp => "timestamp",
            Accepts::LocalTimestamp => "timestamp without a zone",
            Accepts::DateOrTimestamp => "date or timestamp",
            Accepts::List => "a list",
            Accepts::NumberList => "a list of numbers or bool",
            Accepts::TextList => "a list of utf8",
            Accepts::Struct => "a struct",
        }
    }

    /// The type that an operand of a type is converted to; `None` where it is not taken.
    pub fn converted(self, dtype: &DataType) -> Option<DataType> {
        let kept = || Some(dtype.clone());
        match (self, dtype) {
            (Accepts::Any, _) => kept(),
            (Accepts::NumberOrBool, DataType::Bool) => Some(DataType::Int64),
            (Accepts::Number, number) if number.is_number() => kept(),
            (Accepts::Decimal, number) if number.is_decimal() => kept(),
            (Accepts::Measured | Accepts::NumberOrBool, DataType::Float32) => {
                Some(DataType::Float64)
            }
            (
                Accepts::Computed | Accepts::Signed | Accepts::Measured | Accepts::NumberOrBool,
                number,
            ) if number.is_number() => match number {
                DataType::UInt64 if self != Accepts::Signed => kept(),
                whole if whole.is_integer() => Some(DataType::Int64),
                _ => kept(),
            },
            (Accepts::Int64, whole) if whole.common_integer(&DataType::Int64).is_some() => {
                Some(DataType::Int64)
            }
            (Accepts::Float64, number) if number.is_number() => Some(DataType::Float64),
            (Accepts::Bool, DataType::Bool)
            | (Accepts::Utf8, DataType::Utf8)
            | (Accepts::Date, DataType::Date)
            | (Accepts::DateOrTimestamp, DataType::Date) => kept(),
            (Accepts::Timestamp | Accepts::DateOrTimestamp, moment)
                if moment.moment().is_some() =>
            {
                kept()
            }
            (Accepts::LocalTimestamp, moment)
                if moment.moment().is_some() && !moment.is_zoned() =>
            {
                kept()
            }
            (Accepts::Timestamp | Accepts::LocalTimestamp, DataType::Date) => {
                Some(DataType::Timestamp)
            }
            (Accepts::List, DataType::List(_)) | (Accepts::Struct, DataType::Struct(_)) => kept(),
            (Accepts::TextList, DataType::List(item)) if **item == DataType::Utf8 => kept(),
            (Accepts::NumberList, DataType::List(item)) => {
                DataType::list(Accepts::NumberOrBool.converted(item)?).ok()
            }
            _ => None,
        }
    }

    /// The type of a null literal.
    pub fn of_null(self) -> DataType {
        match self {
            Accepts::Bool => DataType::Bool,
            Accepts::Number
            | Accepts::Computed
            | Accepts::Signed
            | Accepts::Measured
            | Accepts::NumberOrBool
            | Accepts::Int64 => DataType::Int64,
            Accepts::Decimal => DataType::Decimal { precision: PRECISION_MAX, scale: 0 },
            Accepts::Float64 => DataType::Float64,
            Accepts::Any | Accepts::Utf8 => DataType::Utf8,
            Accepts::Date => DataType::Date,
            Accepts::Timestamp | Accepts::DateOrTimestamp | Accepts::LocalTimestamp => {
                DataType::Timestamp
            }
            Accepts::List | Accepts::TextList => list_of(DataType::Utf8),
            Accepts::NumberList => list_of(DataType::Int64),
            Accepts::Struct => DataType::Struct(Arc::new([StructField {
                name: NULL_FIELD.to_owned(),
                dtype: DataType::Utf8,
            }])),
        }
    }

    /// The type of a text literal; `None` where none is taken.
    pub fn of_text(self) -> Option<DataType> {
        match self {
            Accepts::Any | Accepts::Utf8 => Some(DataType::Utf8),
            Accepts::Date => Some(DataType::Date),
            Accepts::Timestamp | Accepts::DateOrTimestamp | Accepts::LocalTimestamp => {
                Some(DataType::Timestamp)
            }
            _ => None,
        }
    }
}

/// The one field of a null literal's struct: a name that nobody gives.
pub(super) const NULL_FIELD: &str = "\0";

fn list_of(item: DataType) -> DataType {
    DataType::List(Arc::new(item))
}

/// How the operands' types are settled.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Each by itself, as its declaration says.
    Each,
    /// All that are not literal-only take the one type that holds the values of all.
    Common,
    /// As `Common`, but numbers of two types stay what they are and are compared exactly.
    Compare,
    /// As this says; the number of operands is checked before.
    Own(fn(&[super::Operand]) -> Result<Vec<DataType>, super::Refusal>),
}

/// The type of a result.
#[derive(Clone, Copy, Debug)]
pub enum Gives {
    /// The type of that name.
    Type(&'static str),
    /// The type of the operand at that position, after conversion.
    Operand(usize),
    /// What the second makes of the operands' types after conversion; the first says it in words.
    Rule(&'static str, fn(&[DataType]) -> DataType),
    /// What the second makes of the operands' types after conversion and of the literal operands,
    /// where they serve; the first says it in words.
    Literal(&'static str, LiteralType),
}

/// A type that literal operands say; `None` where they do not serve.
pub type LiteralType = fn(&[DataType], &[Option<Scalar>]) -> Option<DataType>;

impl Gives {
    /// The type for operands of these types. Panics where a declaration names a type that is none.
    pub fn dtype(self, args: &[DataType]) -> DataType {
        match self {
            Gives::Type(name) => DataType::from_name(name).expect("declarations name types"),
            Gives::Operand(index) => args[index].clone(),
            Gives::Rule(_, rule) => rule(args),
            // Binding knows the literals and asks for itself.
            Gives::Literal(..) => DataType::Utf8,
        }
    }
}

/// What nulls do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// A null operand gives null.
    Null,
    /// What this sentence says.
    Own(&'static str),
}

impl Nulls {
    /// The rule as a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Nulls::Null => "A null operand gives null.",
            Nulls::Own(text) => text,
        }
    }
}

/// Looks at literal operands, after conversion: for each declared operand its value, `None` where
/// it was left out or need not be a literal; and the types of those given, or no types
/// where text is looked at before its names are resolved. A null has been refused before.
pub type Check = fn(&[Option<Scalar>], &[DataType]) -> Result<(), Misfit>;

/// A literal operand that does not serve.
#[derive(Debug)]
pub struct Misfit {
    /// Its position.
    pub operand: usize,
    /// What is wrong.
    pub error: Error,
}

impl Misfit {
    /// A value that is not what was expected: the kind is `invalid_argument`.
    pub fn value(operand: usize, expected: impl Into<String>, found: impl Into<String>) -> Misfit {
        let error = Error::mismatch(ErrorKind::InvalidArgument, expected, found);
        Misfit { operand, error }
    }
}

/// A call as text writes it, and its answer: the value's text, or `null`. Aggregates are asked over
/// a column `n` of 1, 2, null and 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example(pub &'static str, pub &'static str);

/// Declares the functions of an area: an enum, and a [`Declaration`] for each variant, whose doc
/// comment is the declaration's paragraph.
macro_rules! functions {
    (
        $(#[$kind_doc:meta])*
        $kind:ident { $($(#[doc = $doc:literal])+ $variant:ident { $($field:tt)+ })+ }
    ) => {
        $(#[$kind_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[doc = $doc])+ $variant,)+ }

        impl $kind {
            /// Every function of the area, in order of declaration.
            pub const ALL: &'static [$kind] = &[$($kind::$variant,)+];

            /// What it is called, takes, gives and means.
            pub fn declaration(self) -> &'static $crate::plan::functions::Declaration {
                use $crate::plan::functions::Declaration;
                match self { $($kind::$variant => {
                    const DECLARATION: &Declaration = &Declaration {
                        doc: concat!($($doc),+),
                        $($field)+
                        ..Declaration::PLAIN
                    };
                    DECLARATION
                })+ }
            }

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                self.declaration().name
            }

            /// The function of that name.
            pub fn from_name(name: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|function| function.name() == name)
            }

            /// The function that text calls so: its name or an alias.
            pub fn from_word(word: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|function| {
                    let declaration = function.declaration();
                    declaration.name == word || declaration.aliases.contains(&word)
                })
            }
        }
    };
}

pub(super) use functions;
