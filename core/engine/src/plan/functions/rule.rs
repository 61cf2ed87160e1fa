//! Type rules: the types of a call's operands in, what each is converted to and what comes out.

use super::decimals;
use super::declaration::{Accepts, Declaration, Rule};
use crate::column::{DataType, StructField};

/// What a type rule sees of an operand.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    Count(String),
    /// The types are wrong; these are taken.
    Types(String),
    /// The type of the operand at this position is wrong; this is taken.
    Operand(usize, String),
}

impl Declaration {
    /// The type rule: how operands are converted and what comes out.
    pub fn signature(&self, operands: &[Operand]) -> Result<Signature, Refusal> {
        self.check_count(operands.len())?;
        let args = match self.rule {
            Rule::Each => self.each(operands)?,
            Rule::Common => self.common(operands)?,
            Rule::Compare => match operands {
                [Operand::Typed(left), Operand::Typed(right)]
                    if left.is_number() && right.is_number() || are_moments(left, right) =>
                {
                    vec![left.clone(), right.clone()]
                }
                _ => self.common(operands)?,
            },
            Rule::Own(rule) => rule(operands)?,
        };
        let result = self.result.dtype(&args);
        Ok(Signature { args, result })
    }

    /// The declaration of the operand at a position: the last one repeats.
    pub fn operand(&self, index: usize) -> &super::OperandDeclaration {
        &self.operands[index.min(self.operands.len() - 1)]
    }

    /// The least number of operands, and the largest where there is one.
    pub fn counts(&self) -> (usize, Option<usize>) {
        let least = self.operands.iter().filter(|operand| operand.default.is_none()).count();
        let is_open = self.operands.iter().any(|operand| operand.is_repeated);
        (least, (!is_open).then_some(self.operands.len()))
    }

    fn check_count(&self, count: usize) -> Result<(), Refusal> {
        let (least, most) = self.counts();
        if count >= least && most.is_none_or(|most| count <= most) {
            return Ok(());
        }
        let noun = |count: usize| if count == 1 { "operand" } else { "operands" };
        Err(Refusal::Count(match most {
            None => format!("{least} {} or more", noun(least)),
            Some(most) if most == least => format!("{least} {}", noun(least)),
            Some(most) if most == least + 1 => format!("{least} or {most} operands"),
            Some(most) => format!("{least} to {most} operands"),
        }))
    }

    fn each(&self, operands: &[Operand]) -> Result<Vec<DataType>, Refusal> {
        let settle = |(index, operand): (usize, &Operand)| {
            self.settle(index, operand).ok_or_else(|| self.refusal(index))
        };
        operands.iter().enumerate().map(settle).collect()
    }

    /// The type of an operand by its own declaration; `None` where it is not taken.
    fn settle(&self, index: usize, operand: &Operand) -> Option<DataType> {
        let accepts = self.operand(index).accepts;
        match operand {
            Operand::Typed(dtype) => accepts.converted(dtype),
            Operand::Text => accepts.of_text(),
            Operand::Null => Some(accepts.of_null()),
        }
    }

    /// Names the operand where the operands differ in what they take.
    fn refusal(&self, index: usize) -> Refusal {
        let accepts = self.operand(index).accepts;
        let taken = accepts.text().to_owned();
        match self.operands.iter().all(|operand| operand.accepts == accepts) {
            true => Refusal::Types(taken),
            false => Refusal::Operand(index, taken),
        }
    }

    /// One type for all operands but the literal-only ones, which have no part in it.
    fn common(&self, operands: &[Operand]) -> Result<Vec<DataType>, Refusal> {
        let first = self.operands.iter().find(|operand| !operand.is_literal);
        let accepts = first.expect("operands of one type").accepts;
        let shared: Vec<Operand> = operands
            .iter()
            .enumerate()
            .filter(|(index, _)| !self.operand(*index).is_literal)
            .map(|(_, operand)| operand.clone())
            .collect();
        let is_all = |kinds: &[Operand]| shared.iter().all(|operand| kinds.contains(operand));
        let dtype = if is_all(&[Operand::Null]) {
            Some(accepts.of_null())
        } else if is_all(&[Operand::Null, Operand::Text]) {
            accepts.of_text()
        } else {
            let common = common_type(&shared).or_else(|| match accepts {
                Accepts::Computed => signed_type(&shared),
                _ => None,
            });
            common.and_then(|dtype| accepts.converted(&dtype))
        };
        let taken = match accepts {
            Accepts::Number | Accepts::Computed => "numbers",
            _ => "one type",
        };
        let dtype = dtype.ok_or_else(|| Refusal::Types(taken.to_owned()))?;
        let settle = |(index, operand): (usize, &Operand)| match self.operand(index).is_literal {
            // Decimals are computed with the digits that they have.
            false if accepts == Accepts::Computed && dtype.is_decimal() => {
                Ok(decimals::own(operand).unwrap_or(dtype.clone()))
            }
            false => Ok(dtype.clone()),
            true => self.settle(index, operand).ok_or_else(|| self.refusal(index)),
        };
        operands.iter().enumerate().map(settle).collect()
    }
}

/// int64 for uint64 beside signed types, where all operands are whole numbers: a value that does
/// not fit is an error.
fn signed_type(operands: &[Operand]) -> Option<DataType> {
    let is_whole = |operand: &Operand| match operand {
        Operand::Typed(dtype) => dtype.is_integer(),
        Operand::Null => true,
        Operand::Text => false,
    };
    operands.iter().all(is_whole).then_some(DataType::Int64)
}

/// The type that values of all operands can take without losing what they are: equal types stay,
/// whole numbers take the narrowest type that holds both, decimals the one that holds their digits,
/// other numbers give float64, date and timestamp give timestamp, literals give way.
pub fn common_type(operands: &[Operand]) -> Option<DataType> {
    use DataType::{Date, Float64, Timestamp, TimestampOf, Utf8};
    let mut common: Option<DataType> = None;
    for operand in operands {
        let Operand::Typed(dtype) = operand else { continue };
        common = Some(match (common.as_ref().unwrap_or(dtype), dtype) {
            (left, right) if left == right => right.clone(),
            (left, right) if left.is_integer() && right.is_integer() => {
                left.common_integer(right)?
            }
            (left, right) if left.is_decimal() || right.is_decimal() => {
                decimals::common(left, right)?
            }
            (left, right) if left.is_number() && right.is_number() => Float64,
            (left, right) => common_moment(left, right).or_else(|| common_nested(left, right))?,
        });
    }
    match common {
        None => Some(Utf8),
        Some(Utf8 | Date | Timestamp | TimestampOf { .. }) => common,
        Some(_) if operands.contains(&Operand::Text) => None,
        Some(_) => common,
    }
}

/// Lists of the type that the elements of both can take; structs of the same names, field by field.
fn common_nested(left: &DataType, right: &DataType) -> Option<DataType> {
    let common = |left: &DataType, right: &DataType| {
        common_type(&[Operand::Typed(left.clone()), Operand::Typed(right.clone())])
    };
    match (left, right) {
        (DataType::List(left), DataType::List(right)) => DataType::list(common(left, right)?).ok(),
        (DataType::Struct(left), DataType::Struct(right)) if have_same_names(left, right) => {
            let pairs = left.iter().zip(right.iter());
            let fields = pairs.map(|(left, right)| {
                let dtype = common(&left.dtype, &right.dtype)?;
                Some(StructField { name: left.name.clone(), dtype })
            });
            DataType::of_fields(fields.collect::<Option<_>>()?).ok()
        }
        _ => None,
    }
}

/// The type of moments that holds those of two types: the finer unit, the zone of the left one. A
/// date is its midnight, where there is no zone. Moments with a zone and without are never of one
/// type: what the clocks of a wall show is no moment.
pub fn common_moment(left: &DataType, right: &DataType) -> Option<DataType> {
    match (left.moment(), right.moment()) {
        (Some((a, None)), Some((b, None))) => Some(DataType::timestamp(a.max(b), None)),
        (Some((a, Some(zone))), Some((b, Some(_)))) => {
            Some(DataType::timestamp(a.max(b), Some(zone.clone())))
        }
        (None, Some((_, None))) if *left == DataType::Date => Some(right.clone()),
        (Some((_, None)), None) if *right == DataType::Date => Some(left.clone()),
        _ => None,
    }
}

fn have_same_names(left: &[StructField], right: &[StructField]) -> bool {
    left.iter().map(|field| &field.name).eq(right.iter().map(|field| &field.name))
}

/// Whether two types are moments that compare as they are: with a zone, or without.
pub fn are_moments(left: &DataType, right: &DataType) -> bool {
    left.moment().is_some() && right.moment().is_some() && left.is_zoned() == right.is_zoned()
}

/// Whether a cast from one type to another exists.
pub fn is_castable(from: &DataType, to: &DataType) -> bool {
    use DataType::{Bool, Date, Int64, Utf8};
    let is_moment = |dtype: &DataType| dtype.moment().is_some() || *dtype == Date;
    let is_counted = |dtype: &DataType| dtype.moment().is_some() || *dtype == Int64;
    let is_or_says = |dtype: &DataType| dtype.is_integer() || *dtype == Bool;
    from == to
        || (from.is_number() && to.is_number())
        || (is_or_says(from) && is_or_says(to))
        || (is_moment(from) && is_moment(to))
        || (is_counted(from) && is_counted(to))
        || matches!((from, to), (Utf8, _) | (_, Utf8))
        || match (from, to) {
            (DataType::List(from), DataType::List(to)) => is_castable(from, to),
            (DataType::Struct(from), DataType::Struct(to)) => {
                have_same_names(from, to)
                    && from.iter().zip(to.iter()).all(|(a, b)| is_castable(&a.dtype, &b.dtype))
            }
            _ => false,
        }
}
