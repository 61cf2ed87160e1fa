//! Every function once, as data: what it is called, takes, gives and means.
//!
//! ```text
//!   a declaration in this folder, one file an area
//!     |- bind        operands and result typed, literal operands checked
//!     |- sql         names in text           explain   operators in text
//!     |- exec/functions/<area>.rs            one arm a function, over kernels
//!     `- abi/include/functions.json          methods and pages of every language, the list of
//!                                            functions that conformance cases must cover
//! ```
//!
//! A new function is one declaration here, one arm in `exec/functions`, one kernel, and two
//! conformance cases. A new area is a file here and there, a line in `areas!` below, and an arm in
//! `exec/functions/mod.rs`.

mod aggregate;
mod arithmetic;
mod compare;
mod date_checks;
mod dates;
mod decimals;
mod declaration;
mod encoding;
mod json;
mod logic;
mod nested;
mod number;
mod regex;
mod rule;
mod text;

pub use aggregate::AggregateFunction;
pub use arithmetic::ArithmeticFunction;
pub use compare::CompareFunction;
pub use date_checks::holidays;
pub use dates::DateFunction;
pub use declaration::{
    Accepts, Check, Declaration, Example, Gives, Misfit, Nulls, OperandDeclaration, Rule, Spelling,
    operand,
};
pub use encoding::EncodingFunction;
pub use json::functions_json;
pub use logic::LogicFunction;
pub use nested::NestedFunction;
pub use number::NumberFunction;
pub use regex::RegexFunction;
pub use rule::{Operand, Refusal, Signature, common_moment, common_type, is_castable};
pub use text::TextFunction;

macro_rules! areas {
    ($($(#[$doc:meta])* $area:ident($kind:ident) = $name:literal;)+) => {
        /// A function of values in one row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Function { $($(#[$doc])* $area($kind),)+ }

        $(impl From<$kind> for Function {
            fn from(function: $kind) -> Function {
                Function::$area(function)
            }
        })+

        impl Function {
            /// Every function, area by area.
            pub fn all() -> impl Iterator<Item = Function> + Clone {
                let none = std::iter::empty();
                $(let none = none.chain($kind::ALL.iter().copied().map(Function::$area));)+
                none
            }

            /// What it is called, takes, gives and means.
            pub fn declaration(self) -> &'static Declaration {
                match self { $(Function::$area(function) => function.declaration(),)+ }
            }

            /// The name of its area.
            pub fn area(self) -> &'static str {
                match self { $(Function::$area(_) => $name,)+ }
            }

            /// The function of that name.
            pub fn from_name(name: &str) -> Option<Function> {
                None$(.or_else(|| $kind::from_name(name).map(Function::$area)))+
            }

            /// The function that text calls so: its name or an alias.
            pub fn from_word(word: &str) -> Option<Function> {
                None$(.or_else(|| $kind::from_word(word).map(Function::$area)))+
            }
        }
    };
}

areas! {
    /// Operators on numbers.
    Arithmetic(ArithmeticFunction) = "arithmetic";
    /// Comparisons.
    Compare(CompareFunction) = "compare";
    /// Conditions and nulls.
    Logic(LogicFunction) = "logic";
    /// Numbers: absolute value, rounding.
    Number(NumberFunction) = "number";
    /// Text.
    Text(TextFunction) = "text";
    /// Dates and times.
    Date(DateFunction) = "dates";
    /// Regular expressions and `like`.
    Regex(RegexFunction) = "regex";
    /// Text as data: normal forms, encodings, digests, likeness, JSON.
    Encoding(EncodingFunction) = "encoding";
    /// Lists and structs.
    Nested(NestedFunction) = "nested";
}

impl Function {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        self.declaration().name
    }

    /// The type rule: how operands are converted and what comes out.
    pub fn signature(self, operands: &[Operand]) -> Result<Signature, Refusal> {
        self.declaration().signature(operands)
    }
}

impl AggregateFunction {
    /// The type rule: how the operand is converted and what comes out; no operand counts rows.
    pub fn signature(self, operand: Option<Operand>) -> Result<Signature, Refusal> {
        self.declaration().signature(operand.as_slice())
    }
}
