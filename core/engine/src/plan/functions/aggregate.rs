//! Functions of the values of a group. Nulls are skipped; where nothing is left the result is null,
//! except for the counts, which are 0.

use super::decimals;
use super::declaration::functions;
use super::{Accepts, Example, Gives, Nulls, OperandDeclaration, operand};
use crate::error::ErrorKind;

const ANY: &[OperandDeclaration] = &[operand("a", Accepts::Any, "The values.")];
const NUMBERS: &[OperandDeclaration] = &[operand("a", Accepts::Measured, "The numbers.")];
const SUMMED: &[OperandDeclaration] =
    &[operand("a", Accepts::NumberOrBool, "The numbers, or conditions: true is 1.")];
const INT64: Gives = Gives::Type("int64");
const FLOAT64: Gives = Gives::Type("float64");
const TOTAL: Gives =
    Gives::Rule("the type of the values; of decimals decimal(38, their scale)", decimals::total);
const SKIPPED: Nulls = Nulls::Own("Skipped; null where no value is left.");
const NOT_COUNTED: Nulls = Nulls::Own("Not counted.");

functions! {
/// Functions of the values of a group.
AggregateFunction {
    /// The sum of the values. Exact for whole numbers: int64, of uint64 uint64; exact for decimals;
    /// of floats float64, whatever the number of threads.
    /// Of a condition, the number of rows that meet it.
    Sum {
        name: "sum",
        operands: SUMMED,
        result: TOTAL,
        nulls: SKIPPED,
        errors: &[ErrorKind::Overflow],
        example: Example("sum(n)", "7"),
    }
    /// The mean of the values, float64; of whole numbers and decimals from the exact sum.
    Mean {
        name: "mean",
        aliases: &["avg"],
        operands: SUMMED,
        result: FLOAT64,
        nulls: SKIPPED,
        example: Example("mean(n * 3)", "7.0"),
    }
    /// The smallest value; NaN is after all numbers.
    Min {
        name: "min",
        operands: ANY,
        nulls: SKIPPED,
        example: Example("min(n)", "1"),
    }
    /// The largest value; NaN is after all numbers.
    Max {
        name: "max",
        operands: ANY,
        nulls: SKIPPED,
        example: Example("max(n)", "4"),
    }
    /// The number of values; without an operand, the number of rows.
    Count {
        name: "count",
        operands: &[operand("a", Accepts::Any, "The values; left out, rows are counted.").or("*")],
        result: INT64,
        nulls: NOT_COUNTED,
        example: Example("count(n)", "3"),
    }
    /// The number of distinct values.
    NUnique {
        name: "n_unique",
        operands: ANY,
        result: INT64,
        nulls: NOT_COUNTED,
        example: Example("n_unique(n % 3)", "2"),
    }
    /// The value of the first row.
    First {
        name: "first",
        operands: ANY,
        nulls: Nulls::Own("A null in the first row is the result."),
        example: Example("first(n)", "1"),
    }
    /// The value of the last row.
    Last {
        name: "last",
        operands: ANY,
        nulls: Nulls::Own("A null in the last row is the result."),
        example: Example("last(n)", "4"),
    }
    /// The sample standard deviation (n - 1), float64.
    Std {
        name: "std",
        aliases: &["stddev", "stddev_samp"],
        operands: NUMBERS,
        result: FLOAT64,
        nulls: Nulls::Own("Skipped; null for fewer than two values."),
        example: Example("std(n % 2)", "0.5773502691896258"),
    }
    /// The sample variance (n - 1), float64.
    Var {
        name: "var",
        aliases: &["variance", "var_samp"],
        operands: NUMBERS,
        result: FLOAT64,
        nulls: Nulls::Own("Skipped; null for fewer than two values."),
        example: Example("var(n * 3)", "21.0"),
    }
    /// The middle value, or the mean of the two middle ones, float64.
    Median {
        name: "median",
        operands: NUMBERS,
        result: FLOAT64,
        nulls: SKIPPED,
        example: Example("median(n)", "2.0"),
    }
}}
