//! Every expression function once: its name on the wire and in text, and what it takes and gives.
//!
//! A new function starts here; the compiler then asks for its kernel in `exec`, and codegen for its
//! method in every language.

use crate::column::DataType;

macro_rules! functions {
    ($(#[$kind_doc:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal;)+ }) => {
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

/// A type rule's answer: the operands' types after conversion, and the result's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Type that each operand must be cast to.
    pub args: Vec<DataType>,
    /// Type of the result.
    pub result: DataType,
}
