//! Aggregate states: one for each function and input, over numbered groups, column-wise.
//!
//! [`State::of_unit`] makes the state of one unit of rows; [`State::merge`] adds a later unit's to
//! it. Units are cut by row number and merged in order, so that float results do not depend on
//! threads. Within a unit, rows are taken one after the other.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::cast;
use super::compare::float_order;
use super::hash::{Grouper, Seed};
use super::moments::{self, Moments};
use super::nested::keys::comparable;
use super::results::{
    UNSIGNED_BASE, by_group, decimal_array, decimal_sums, float_mean, floats, from_unsigned,
    int_sums, middle, validity, whole_array,
};
use super::sums::{self, FloatSum, exact_mean, present};
use super::take;
use super::whole;
use super::wide::{self, WideSum};
use crate::bytes::decimal;
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, Bitmap, DataType, Values};
use crate::error::Result;
use crate::plan::functions::AggregateFunction;

/// What an aggregate knows of each group.
pub enum State {
    /// Rows, or values.
    Count(Vec<i64>),
    /// Exact sum and number of int64 or uint64 values.
    IntSum(Vec<(i128, u64)>),
    /// Exact sum and number of decimals of a precision and a scale.
    DecimalSum { precision: u8, scale: u8, sums: Vec<WideSum> },
    /// Smallest or largest decimal.
    DecimalExtreme { wants_largest: bool, best: Vec<Option<i128>> },
    /// Compensated sum and number of float64 values.
    FloatSum(Vec<FloatSum>),
    /// Number, mean, and sum of squared distances from it, of numbers.
    Moments(Vec<Moments>),
    /// Smallest or largest value of those that `whole_values` makes numbers of.
    IntExtreme { wants_largest: bool, best: Vec<Option<i64>> },
    /// Smallest or largest float.
    FloatExtreme { wants_largest: bool, best: Vec<Option<f64>> },
    /// A row's value for each group, out of gathered arrays.
    Pick { rule: PickRule, arrays: Vec<Array>, picks: Vec<Option<(u32, u32)>> },
    /// Distinct pairs of group and value.
    Distinct { pairs: Grouper, counts: Vec<i64>, groups: Vec<u32>, values: Vec<Array> },
    /// All `whole_values` with their groups; `base` is what 0 stands for.
    IntValues { base: i128, groups: Vec<u32>, values: Vec<i64>, count: usize },
    /// All floats with their groups.
    FloatValues { groups: Vec<u32>, values: Vec<f64>, count: usize },
}

/// Which row of a group a `Pick` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickRule {
    /// The first, null or not.
    First,
    /// The last, null or not.
    Last,
    /// That of the smallest text.
    Smallest,
    /// That of the largest text.
    Largest,
}

impl State {
    /// The state of no rows.
    pub fn empty(function: AggregateFunction, input: Option<&DataType>, seed: Seed) -> State {
        use AggregateFunction as F;
        let is_float = input == Some(&DataType::Float64);
        match function {
            F::Count => State::Count(Vec::new()),
            F::Sum | F::Mean if let Some(DataType::Decimal { precision, scale }) = input => {
                State::DecimalSum { precision: *precision, scale: *scale, sums: Vec::new() }
            }
            F::Sum | F::Mean if is_float => State::FloatSum(Vec::new()),
            F::Sum | F::Mean => State::IntSum(Vec::new()),
            F::Std | F::Var => State::Moments(Vec::new()),
            F::Min | F::Max => {
                let wants_largest = function == F::Max;
                match input {
                    Some(DataType::Float32 | DataType::Float64) => {
                        State::FloatExtreme { wants_largest, best: Vec::new() }
                    }
                    Some(DataType::Decimal { .. }) => {
                        State::DecimalExtreme { wants_largest, best: Vec::new() }
                    }
                    Some(
                        DataType::Utf8
                        | DataType::Dictionary
                        | DataType::List(_)
                        | DataType::Struct(_),
                    ) => State::pick(match wants_largest {
                        true => PickRule::Largest,
                        false => PickRule::Smallest,
                    }),
                    _ => State::IntExtreme { wants_largest, best: Vec::new() },
                }
            }
            F::First => State::pick(PickRule::First),
            F::Last => State::pick(PickRule::Last),
            F::NUnique => State::Distinct {
                pairs: Grouper::of_unit(
                    &[DataType::Int64, input.cloned().unwrap_or(DataType::Int64)],
                    seed,
                ),
                counts: Vec::new(),
                groups: Vec::new(),
                values: Vec::new(),
            },
            F::Median if is_float || input.is_some_and(DataType::is_decimal) => {
                State::FloatValues { groups: Vec::new(), values: Vec::new(), count: 0 }
            }
            F::Median => State::IntValues {
                base: if input == Some(&DataType::UInt64) { UNSIGNED_BASE } else { 0 },
                groups: Vec::new(),
                values: Vec::new(),
                count: 0,
            },
        }
    }

    fn pick(rule: PickRule) -> State {
        State::Pick { rule, arrays: Vec::new(), picks: Vec::new() }
    }

    /// The state of one unit: `ids` are the groups of its rows, below `group_count`.
    pub fn of_unit(
        function: AggregateFunction,
        input: Option<&Array>,
        ids: &[u32],
        group_count: usize,
        seed: Seed,
        level: Level,
    ) -> Result<State> {
        let mut state = State::empty(function, input.map(Array::dtype), seed);
        state.grow(group_count);
        match (&mut state, input) {
            (State::Count(counts), None) => match &mut counts[..] {
                [count] => *count = ids.len() as i64,
                counts => ids.iter().for_each(|id| counts[*id as usize] += 1),
            },
            (State::Count(counts), Some(input)) => match &mut counts[..] {
                [count] => *count = (input.len() - input.null_count()) as i64,
                counts => present(input.validity(), ids, |_, id| counts[id] += 1),
            },
            (State::IntSum(sums), Some(input)) => match (&mut sums[..], input.data()) {
                ([sum], ArrayData::Int64(values)) => {
                    *sum = whole::sum(values, input.validity(), level);
                }
                (sums, _) => add_whole(sums, input, ids),
            },
            (State::DecimalSum { precision, sums, .. }, Some(input)) => {
                let values = input.values::<i128>();
                *sums = wide::of_unit(values, *precision, input.validity(), ids, group_count);
            }
            (State::DecimalExtreme { wants_largest, best }, Some(input)) => {
                let is_better = better(*wants_largest, i128::cmp);
                keep_best(best, input.values::<i128>(), input.validity(), ids, is_better);
            }
            (State::FloatSum(sums), Some(input)) => {
                let values = input.values::<f64>();
                *sums = sums::of_unit(values, input.validity(), ids, group_count, level);
            }
            (State::Moments(moments), Some(input)) => {
                let values = nearest_floats(input);
                *moments = moments::of_unit(&values, input.validity(), ids, group_count, level);
            }
            (State::IntExtreme { wants_largest, best }, Some(input)) => {
                let (values, validity) = (whole_values(input), input.validity());
                match &mut best[..] {
                    [best] => *best = whole::extreme(&values, validity, *wants_largest, level),
                    best => {
                        let is_better = better(*wants_largest, i64::cmp);
                        keep_best(best, &values, validity, ids, is_better);
                    }
                }
            }
            (State::FloatExtreme { wants_largest, best }, Some(input)) => {
                let input = &cast::widened(input);
                let is_better = better(*wants_largest, |a, b| float_order(*a, *b));
                keep_best(best, input.values::<f64>(), input.validity(), ids, is_better);
            }
            (State::Pick { rule, arrays, picks }, Some(input)) => {
                let rows = unit_picks(*rule, input, ids, group_count)?;
                let kept: Vec<u32> = rows.iter().copied().filter(|row| *row != NONE).collect();
                let mut next = 0;
                for (pick, row) in picks.iter_mut().zip(rows) {
                    if row != NONE {
                        *pick = Some((0, next));
                        next += 1;
                    }
                }
                arrays.push(take::take(input, &kept)?);
            }
            (State::Distinct { pairs, counts, groups, values }, Some(input)) => {
                let (rows, groups_of) = present_rows(input, ids);
                let input = match input.validity() {
                    None => input.clone(),
                    Some(_) => take::take(input, &rows)?,
                };
                let mut ids = Vec::new();
                let firsts = pairs.assign(&[group_array(&groups_of), input.clone()], &mut ids)?;
                for row in &firsts {
                    counts[groups_of[*row as usize] as usize] += 1;
                    groups.push(groups_of[*row as usize]);
                }
                values.push(take::take(&input, &firsts)?);
            }
            (State::IntValues { groups, values, .. }, Some(input)) => {
                let numbers = whole_values(input);
                present(input.validity(), ids, |row, id| {
                    groups.push(id as u32);
                    values.push(numbers[row]);
                });
            }
            (State::FloatValues { groups, values, .. }, Some(input)) => {
                let numbers = nearest_floats(input);
                present(input.validity(), ids, |row, id| {
                    groups.push(id as u32);
                    values.push(numbers[row]);
                });
            }
            (_, None) => panic!("{} needs an operand", function.name()),
        }
        Ok(state)
    }

    /// Makes room for groups without values.
    pub fn grow(&mut self, group_count: usize) {
        match self {
            State::Count(counts) => counts.resize(group_count, 0),
            State::IntSum(sums) => sums.resize(group_count, (0, 0)),
            State::DecimalSum { sums, .. } => sums.resize(group_count, WideSum::default()),
            State::DecimalExtreme { best, .. } => best.resize(group_count, None),
            State::FloatSum(sums) => sums.resize(group_count, FloatSum::default()),
            State::Moments(moments) => moments.resize(group_count, Moments::default()),
            State::IntExtreme { best, .. } => best.resize(group_count, None),
            State::FloatExtreme { best, .. } => best.resize(group_count, None),
            State::Pick { picks, .. } => picks.resize(group_count, None),
            State::Distinct { counts, .. } => counts.resize(group_count, 0),
            State::IntValues { count, .. } | State::FloatValues { count, .. } => {
                *count = group_count;
            }
        }
    }

    /// Adds the state of later rows; its group `i` is `map[i]` here, and there is room for it.
    pub fn merge(&mut self, other: State, map: &[u32]) -> Result<()> {
        let place = |id: usize| map[id] as usize;
        match (self, other) {
            (State::Count(counts), State::Count(others)) => {
                for (id, count) in others.into_iter().enumerate() {
                    counts[place(id)] += count;
                }
            }
            (State::IntSum(sums), State::IntSum(others)) => {
                for (id, (sum, count)) in others.into_iter().enumerate() {
                    sums[place(id)].0 += sum;
                    sums[place(id)].1 += count;
                }
            }
            (State::DecimalSum { sums, .. }, State::DecimalSum { sums: others, .. }) => {
                for (id, other) in others.into_iter().enumerate() {
                    sums[place(id)].merge(other);
                }
            }
            (
                State::DecimalExtreme { wants_largest, best },
                State::DecimalExtreme { best: others, .. },
            ) => {
                merge_best(best, &others, map, better(*wants_largest, i128::cmp));
            }
            (State::FloatSum(sums), State::FloatSum(others)) => {
                for (id, other) in others.into_iter().enumerate() {
                    sums[place(id)].merge(other);
                }
            }
            (State::Moments(moments), State::Moments(others)) => {
                for (id, other) in others.into_iter().enumerate() {
                    moments[place(id)].merge(other);
                }
            }
            (State::IntExtreme { wants_largest, best }, State::IntExtreme { best: others, .. }) => {
                merge_best(best, &others, map, better(*wants_largest, i64::cmp));
            }
            (
                State::FloatExtreme { wants_largest, best },
                State::FloatExtreme { best: others, .. },
            ) => {
                let is_better = better(*wants_largest, |a, b| float_order(*a, *b));
                merge_best(best, &others, map, is_better);
            }
            (
                State::Pick { rule, arrays, picks },
                State::Pick { arrays: more, picks: others, .. },
            ) => {
                let base = arrays.len() as u32;
                arrays.extend(more);
                for (id, other) in others.into_iter().enumerate() {
                    let Some((array, row)) = other else { continue };
                    let other = (array + base, row);
                    let pick = &mut picks[place(id)];
                    let is_better = match pick {
                        None => true,
                        Some(pick) => rule.prefers(arrays, other, *pick)?,
                    };
                    if is_better {
                        *pick = Some(other);
                    }
                }
            }
            (State::Distinct { pairs, counts, .. }, State::Distinct { groups, values, .. }) => {
                let [values] = values.as_slice() else { panic!("a unit has one array of values") };
                let groups: Vec<u32> = groups.iter().map(|group| map[*group as usize]).collect();
                let mut ids = Vec::new();
                let firsts = pairs.assign(&[group_array(&groups), values.clone()], &mut ids)?;
                for row in firsts {
                    counts[groups[row as usize] as usize] += 1;
                }
            }
            (
                State::IntValues { groups, values, .. },
                State::IntValues { groups: more, values: numbers, .. },
            ) => {
                groups.extend(more.iter().map(|group| map[*group as usize]));
                values.extend(numbers);
            }
            (
                State::FloatValues { groups, values, .. },
                State::FloatValues { groups: more, values: numbers, .. },
            ) => {
                groups.extend(more.iter().map(|group| map[*group as usize]));
                values.extend(numbers);
            }
            _ => panic!("states of two functions"),
        }
        Ok(())
    }

    /// The result of each group.
    ///
    /// Errors: `Overflow` when a sum is outside int64.
    pub fn finish(self, function: AggregateFunction, dtype: &DataType) -> Result<Array> {
        use AggregateFunction as F;
        match self {
            State::Count(counts) | State::Distinct { counts, .. } => {
                Ok(Array::new(ArrayData::Int64(Values::from(counts)), None))
            }
            State::IntSum(sums) => match function {
                F::Mean => Ok(floats(sums.iter().map(|(sum, count)| exact_mean(*sum, *count)))),
                _ => int_sums(&sums, dtype),
            },
            State::DecimalSum { scale, sums, .. } => match function {
                F::Mean => Ok(floats(sums.iter().map(|sum| sum.mean(scale)))),
                _ => decimal_sums(&sums, dtype),
            },
            State::DecimalExtreme { best, .. } => Ok(decimal_array(&best, dtype)),
            State::FloatSum(sums) => Ok(floats(sums.iter().map(|sum| match function {
                F::Mean => sum.mean(),
                _ => sum.total(),
            }))),
            State::Moments(moments) => Ok(floats(moments.iter().map(|moments| match function {
                F::Std => moments.deviation(),
                _ => moments.variance(),
            }))),
            State::IntExtreme { best, .. } => Ok(whole_array(&best, dtype)),
            State::FloatExtreme { best, .. } if *dtype == DataType::Float32 => {
                let values: Vec<f32> =
                    best.iter().map(|value| value.unwrap_or(0.0) as f32).collect();
                Ok(Array::new(Values::from(values).into(), validity(&best)))
            }
            State::FloatExtreme { best, .. } => Ok(floats(best.iter().copied())),
            State::Pick { arrays, picks, .. } => pick_array(arrays, &picks, dtype),
            State::IntValues { base, groups, values, count } => {
                Ok(floats(by_group(&groups, &values, count).iter_mut().map(|values| {
                    middle(
                        values,
                        |a, b| a.cmp(b),
                        |a| (i128::from(a) + base) as f64,
                        |a, b| {
                            let sum = i128::from(a) + i128::from(b) + 2 * base;
                            exact_mean(sum, 2).unwrap_or(f64::NAN)
                        },
                    )
                })))
            }
            State::FloatValues { groups, values, count } => Ok(floats(
                by_group(&groups, &values, count)
                    .iter_mut()
                    .map(|values| middle(values, |a, b| float_order(*a, *b), |a| a, float_mean)),
            )),
        }
    }
}

impl PickRule {
    /// Whether the row `other`, which comes later, takes the place of `kept`.
    fn prefers(self, arrays: &[Array], other: (u32, u32), kept: (u32, u32)) -> Result<bool> {
        let wanted = match self {
            PickRule::First => return Ok(false),
            PickRule::Last => return Ok(true),
            PickRule::Smallest => Ordering::Less,
            PickRule::Largest => Ordering::Greater,
        };
        let one = |(array, row): (u32, u32)| arrays[array as usize].slice(row as usize, 1);
        let (other, kept) = (one(other), one(kept));
        let (other, kept) = (comparable(&other)?, comparable(&kept)?);
        Ok(other.text_bytes(0).cmp(kept.text_bytes(0)) == wanted)
    }
}

const NONE: u32 = u32::MAX;

/// Whether a value is nearer to the end that is looked for than the best one so far.
fn better<T>(wants_largest: bool, order: impl Fn(&T, &T) -> Ordering) -> impl Fn(&T, &T) -> bool {
    let wanted = if wants_largest { Ordering::Greater } else { Ordering::Less };
    move |value, best| order(value, best) == wanted
}

/// Keeps the best value of each group of a unit.
fn keep_best<T: Copy>(
    best: &mut [Option<T>],
    values: &[T],
    validity: Option<&Bitmap>,
    ids: &[u32],
    is_better: impl Fn(&T, &T) -> bool,
) {
    present(validity, ids, |row, id| {
        if best[id].is_none_or(|best| is_better(&values[row], &best)) {
            best[id] = Some(values[row]);
        }
    });
}

/// Keeps the best of two states for each group; group `i` of `others` is `map[i]`.
fn merge_best<T: Copy>(
    best: &mut [Option<T>],
    others: &[Option<T>],
    map: &[u32],
    is_better: impl Fn(&T, &T) -> bool,
) {
    for (other, place) in others.iter().zip(map) {
        let best = &mut best[*place as usize];
        if let Some(value) = other
            && best.is_none_or(|best| is_better(value, &best))
        {
            *best = *other;
        }
    }
}

/// Adds the int64 or uint64 values of a unit to the sums of their groups.
fn add_whole(sums: &mut [(i128, u64)], input: &Array, ids: &[u32]) {
    let mut add = |id: usize, value: i128| {
        let (sum, count) = &mut sums[id];
        *sum += value;
        *count += 1;
    };
    match input.data() {
        ArrayData::UInt64(values) => {
            present(input.validity(), ids, |row, id| add(id, values[row].into()));
        }
        _ => {
            let values = input.values::<i64>();
            present(input.validity(), ids, |row, id| add(id, values[row].into()));
        }
    }
}

fn present_rows(input: &Array, ids: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    present(input.validity(), ids, |row, id| {
        rows.push(row as u32);
        groups.push(id as u32);
    });
    (rows, groups)
}

fn group_array(groups: &[u32]) -> Array {
    let numbers: Vec<i64> = groups.iter().map(|group| i64::from(*group)).collect();
    Array::new(ArrayData::Int64(Values::from(numbers)), None)
}

/// For each group the row that the rule keeps; `NONE` where there is none.
fn unit_picks(rule: PickRule, input: &Array, ids: &[u32], group_count: usize) -> Result<Vec<u32>> {
    let mut picks = vec![NONE; group_count];
    match rule {
        PickRule::First => {
            for (row, id) in ids.iter().enumerate().rev() {
                picks[*id as usize] = row as u32;
            }
        }
        PickRule::Last => {
            for (row, id) in ids.iter().enumerate() {
                picks[*id as usize] = row as u32;
            }
        }
        PickRule::Smallest | PickRule::Largest => {
            let keys = comparable(input)?;
            let input = &*keys;
            present(input.validity(), ids, |row, id| {
                let kept = picks[id];
                let value = input.text_bytes(row);
                let is_better = kept == NONE
                    || match rule {
                        PickRule::Smallest => value < input.text_bytes(kept as usize),
                        _ => value > input.text_bytes(kept as usize),
                    };
                if is_better {
                    picks[id] = row as u32;
                }
            });
        }
    }
    Ok(picks)
}

fn pick_array(
    mut arrays: Vec<Array>,
    picks: &[Option<(u32, u32)>],
    dtype: &DataType,
) -> Result<Array> {
    let null = (arrays.len() as u32, 0);
    if picks.iter().any(Option::is_none) {
        arrays.push(Array::nulls(dtype.clone(), 1));
    }
    let picks: Vec<(u32, u32)> = picks.iter().map(|pick| pick.unwrap_or(null)).collect();
    take::interleave(&arrays, dtype, &picks)
}

/// Values whose order is that of whole numbers, as such; uint64 by way of `from_unsigned`.
fn whole_values(input: &Array) -> Cow<'_, [i64]> {
    match input.data() {
        ArrayData::Int64(values) => Cow::Borrowed(&values[..]),
        ArrayData::Bool(bits) => bits.iter().map(i64::from).collect(),
        ArrayData::Int32(values) => values.iter().map(|value| i64::from(*value)).collect(),
        ArrayData::UInt64(values) => values.iter().map(|value| from_unsigned(*value)).collect(),
        _ => cast::widened(input).values::<i64>().iter().copied().collect(),
    }
}

/// int64, uint64 and float64 as floats, the nearest ones.
pub fn nearest_floats(input: &Array) -> Cow<'_, [f64]> {
    match input.data() {
        ArrayData::Float64(values) => Cow::Borrowed(&values[..]),
        ArrayData::UInt64(values) => Cow::Owned(values.iter().map(|value| *value as f64).collect()),
        ArrayData::Int128(values) => {
            let DataType::Decimal { scale, .. } = input.dtype() else {
                panic!("{} is no number", input.dtype())
            };
            Cow::Owned(values.iter().map(|value| decimal::to_float(*value, *scale)).collect())
        }
        _ => Cow::Owned(input.values::<i64>().iter().map(|value| *value as f64).collect()),
    }
}
