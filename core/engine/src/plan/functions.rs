//! Every expression function once: its name on the wire and in text, and what it takes and gives.
//!
//! A new function starts here; the compiler then asks for its kernel in `exec`, and codegen for its
//! method in every language.

use crate::column::DataType;

macro_rules! functions {
    (
        $(#[$kind_doc:meta])*
        $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal;)+ }
    ) => {
        $(#[$kind_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$doc])* $variant,)+ }

        impl $kind {
            /// Every function, in order of declaration.
            pub const ALL: &'static [$kind] = &[$($kind::$variant,)+];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self { $($kind::$variant => $name,)+ }
            }

            /// The function of that name.
            pub fn from_name(name: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|function| function.name() == name)
            }
        }
    };
}

functions! {
/// Functions of values in one row. Unless said otherwise a null operand gives null.
Function {
    /// `a + b`. int64 is exact, overflow is an error; int64 with float64 gives float64.
    Add = "add";
    /// `a - b`; as `add`.
    Sub = "sub";
    /// `a * b`; as `add`.
    Mul = "mul";
    /// `a / b`, always float64; int64 by int64 zero is an error, floats follow IEEE 754.
    Div = "div";
    /// `a // b`, rounded down; int64 by zero is an error.
    FloorDiv = "floordiv";
    /// `a % b = a - (a // b) * b`, so it has the sign of `b`; int64 by zero is an error.
    Mod = "mod";
    /// `-a`.
    Neg = "neg";
    /// `a = b`. NaN equals NaN; int64 against float64 compares exactly.
    Eq = "eq";
    /// `a <> b`.
    Ne = "ne";
    /// `a < b`. NaN is after all numbers; text compares by bytes.
    Lt = "lt";
    /// `a <= b`.
    Le = "le";
    /// `a > b`.
    Gt = "gt";
    /// `a >= b`.
    Ge = "ge";
    /// Three-valued: false wins over null.
    And = "and";
    /// Three-valued: true wins over null.
    Or = "or";
    /// Three-valued.
    Not = "not";
    /// Whether there is no value; never null.
    IsNull = "is_null";
    /// Whether there is a value; never null.
    IsNotNull = "is_not_null";
    /// The first operand that is not null; one or more operands of one type.
    Coalesce = "coalesce";
    /// Whether the first operand equals one of the others; SQL's rule for nulls among them.
    IsIn = "is_in";
    /// `low <= a and a <= high`, for operands `a, low, high`.
    Between = "between";
    /// Absolute value.
    Abs = "abs";
    /// `round(a, digits)`: ties away from zero; digits is a literal from 0 to 15, 0 when absent.
    Round = "round";
    /// Largest whole number not above, in the operand's type.
    Floor = "floor";
    /// Smallest whole number not below, in the operand's type.
    Ceil = "ceil";
    /// Upper case by Unicode's simple and special mappings, without locale.
    Upper = "upper";
    /// Lower case, likewise.
    Lower = "lower";
    /// Number of characters (Unicode scalar values).
    Length = "length";
    /// Whether the second operand occurs in the first, byte for byte.
    Contains = "contains";
    /// Whether the first operand begins with the second.
    StartsWith = "starts_with";
}}

functions! {
/// Functions of the values of a group. Nulls are skipped; where nothing is left the result is null,
/// except for the counts, which are 0.
AggregateFunction {
    /// Exact for int64, an error when the result does not fit; float64 sums do not depend on the
    /// number of threads.
    Sum = "sum";
    /// float64; of int64 from the exact sum.
    Mean = "mean";
    /// Smallest value; NaN is largest.
    Min = "min";
    /// Largest value.
    Max = "max";
    /// Number of values, or of rows where no operand is given.
    Count = "count";
    /// Number of distinct values.
    NUnique = "n_unique";
    /// The first row's value, null included.
    First = "first";
    /// The last row's value, null included.
    Last = "last";
    /// Sample standard deviation (n - 1), float64; null for fewer than two values.
    Std = "std";
    /// Sample variance (n - 1), float64; null for fewer than two values.
    Var = "var";
    /// The middle value, or the mean of the two middle ones, float64.
    Median = "median";
}}

/// What a type rule sees of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A value of a known type.
    Typed(DataType),
    /// A text literal: utf8, or a date or timestamp where one is asked for.
    Text,
    /// A null literal: takes the type around it.
    Null,
}

/// A type rule's answer: the operands' types after conversion, and the result's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Type that each operand must be cast to.
    pub args: Vec<DataType>,
    /// Type of the result.
    pub result: DataType,
}

/// A type rule's refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The number of operands is wrong; this many are taken.
    Count(&'static str),
    /// The types are wrong; these are taken.
    Types(&'static str),
}

impl Function {
    /// The type rule: how operands are converted and what comes out.
    pub fn signature(self, operands: &[Operand]) -> Result<Signature, Refusal> {
        use DataType::{Bool, Float64, Int64, Utf8};
        self.check_count(operands.len())?;
        let same =
            |dtype: DataType, result| Signature { args: vec![dtype; operands.len()], result };
        let first = operands[0];
        match self {
            Function::Add | Function::Sub | Function::Mul | Function::FloorDiv | Function::Mod => {
                let dtype = number(operands).ok_or(Refusal::Types("numbers"))?;
                Ok(same(dtype, dtype))
            }
            Function::Div => {
                let dtype = number(operands).ok_or(Refusal::Types("numbers"))?;
                Ok(same(dtype, Float64))
            }
            Function::Neg | Function::Abs | Function::Floor | Function::Ceil => {
                let dtype = number(operands).ok_or(Refusal::Types("a number"))?;
                Ok(same(dtype, dtype))
            }
            Function::Round => {
                let dtype = number(&operands[..1]).ok_or(Refusal::Types("a number"))?;
                let mut args = vec![dtype];
                args.resize(operands.len(), Int64);
                Ok(Signature { args, result: dtype })
            }
            Function::Eq
            | Function::Ne
            | Function::Lt
            | Function::Le
            | Function::Gt
            | Function::Ge => match operands {
                [Operand::Typed(left), Operand::Typed(right)]
                    if left.is_number() && right.is_number() =>
                {
                    Ok(Signature { args: vec![*left, *right], result: Bool })
                }
                _ => {
                    let dtype = common_type(operands).ok_or(Refusal::Types("one type"))?;
                    Ok(same(dtype, Bool))
                }
            },
            Function::IsIn | Function::Between => {
                let dtype = common_type(operands).ok_or(Refusal::Types("one type"))?;
                Ok(same(dtype, Bool))
            }
            Function::And | Function::Or | Function::Not => match of_type(operands, Bool) {
                true => Ok(same(Bool, Bool)),
                false => Err(Refusal::Types("bool")),
            },
            Function::IsNull | Function::IsNotNull => {
                Ok(Signature { args: vec![own_type(first)], result: Bool })
            }
            Function::Coalesce => {
                let dtype = common_type(operands).ok_or(Refusal::Types("one type"))?;
                Ok(same(dtype, dtype))
            }
            Function::Upper | Function::Lower => match of_type(operands, Utf8) {
                true => Ok(same(Utf8, Utf8)),
                false => Err(Refusal::Types("utf8")),
            },
            Function::Length => match of_type(operands, Utf8) {
                true => Ok(same(Utf8, Int64)),
                false => Err(Refusal::Types("utf8")),
            },
            Function::Contains | Function::StartsWith => match of_type(operands, Utf8) {
                true => Ok(same(Utf8, Bool)),
                false => Err(Refusal::Types("utf8")),
            },
        }
    }

    fn check_count(self, count: usize) -> Result<(), Refusal> {
        let (is_right, taken) = match self {
            Function::Neg
            | Function::Not
            | Function::IsNull
            | Function::IsNotNull
            | Function::Abs
            | Function::Floor
            | Function::Ceil
            | Function::Upper
            | Function::Lower
            | Function::Length => (count == 1, "1 operand"),
            Function::Coalesce => (count >= 1, "1 operand or more"),
            Function::IsIn => (count >= 2, "2 operands or more"),
            Function::Between => (count == 3, "3 operands"),
            Function::Round => (count == 1 || count == 2, "1 or 2 operands"),
            _ => (count == 2, "2 operands"),
        };
        if is_right { Ok(()) } else { Err(Refusal::Count(taken)) }
    }
}

impl AggregateFunction {
    /// The type rule: how the operand is converted and what comes out; no operand counts rows.
    pub fn signature(self, operand: Option<Operand>) -> Result<Signature, Refusal> {
        use DataType::{Bool, Float64, Int64};
        let Some(operand) = operand else {
            return match self {
                AggregateFunction::Count => Ok(Signature { args: vec![], result: Int64 }),
                _ => Err(Refusal::Count("1 operand")),
            };
        };
        let own = own_type(operand);
        // The sum and the mean of a condition are the number and the share of rows that meet it.
        let summed = match own {
            Bool => Some(Int64),
            _ => number(&[operand]),
        };
        match self {
            AggregateFunction::Sum => {
                let dtype = summed.ok_or(Refusal::Types("a number or bool"))?;
                Ok(Signature { args: vec![dtype], result: dtype })
            }
            AggregateFunction::Mean => {
                let dtype = summed.ok_or(Refusal::Types("a number or bool"))?;
                Ok(Signature { args: vec![dtype], result: Float64 })
            }
            AggregateFunction::Std | AggregateFunction::Var | AggregateFunction::Median => {
                let dtype = number(&[operand]).ok_or(Refusal::Types("a number"))?;
                Ok(Signature { args: vec![dtype], result: Float64 })
            }
            AggregateFunction::Count | AggregateFunction::NUnique => {
                Ok(Signature { args: vec![own], result: Int64 })
            }
            AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::First
            | AggregateFunction::Last => Ok(Signature { args: vec![own], result: own }),
        }
    }
}

/// The type that values of all operands can take without losing what they are: equal types stay,
/// int64 and float64 give float64, date and timestamp give timestamp, literals give way.
pub fn common_type(operands: &[Operand]) -> Option<DataType> {
    use DataType::{Date, Float64, Int64, Timestamp, Utf8};
    let mut common: Option<DataType> = None;
    for operand in operands {
        let Operand::Typed(dtype) = *operand else { continue };
        common = Some(match (common.unwrap_or(dtype), dtype) {
            (left, right) if left == right => left,
            (Int64, Float64) | (Float64, Int64) => Float64,
            (Date, Timestamp) | (Timestamp, Date) => Timestamp,
            _ => return None,
        });
    }
    match common {
        None => Some(Utf8),
        Some(Utf8 | Date | Timestamp) => common,
        Some(_) if operands.contains(&Operand::Text) => None,
        Some(_) => common,
    }
}

/// Whether a cast from one type to another exists.
pub fn is_castable(from: DataType, to: DataType) -> bool {
    use DataType::{Bool, Date, Float64, Int64, Timestamp, Utf8};
    from == to
        || matches!(
            (from, to),
            (Utf8, _)
                | (_, Utf8)
                | (Bool | Float64, Int64)
                | (Int64, Bool | Float64)
                | (Date, Timestamp)
                | (Timestamp, Date)
        )
}

fn number(operands: &[Operand]) -> Option<DataType> {
    match operands.iter().all(|operand| *operand == Operand::Null) {
        true => Some(DataType::Int64),
        false => common_type(operands).filter(|dtype| dtype.is_number()),
    }
}

fn of_type(operands: &[Operand], dtype: DataType) -> bool {
    operands.iter().all(|operand| match operand {
        Operand::Typed(found) => *found == dtype,
        Operand::Text => dtype == DataType::Utf8,
        Operand::Null => true,
    })
}

fn own_type(operand: Operand) -> DataType {
    match operand {
        Operand::Typed(dtype) => dtype,
        Operand::Text | Operand::Null => DataType::Utf8,
    }
}
