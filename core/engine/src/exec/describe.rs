//! Describe: one row for each column of the input: count, nulls, mean, deviation, quartiles,
//! extremes.

use super::kernels::cast;
use super::kernels::compare::float_order;
use super::kernels::hash::Seed;
use super::kernels::reduce::{State, nearest_floats};
use super::operator::{BoxOperator, Operator, Ready};
use super::units::Units;
use crate::bytes::scan::Level;
use crate::column::print::value_text;
use crate::column::{Array, ArrayBuilder, DataType, HyperBlock, Scalar, SchemaRef};
use crate::context::Context;
use crate::error::Result;
use crate::plan::functions::AggregateFunction as F;

/// Summarizes the columns of an input.
pub struct Describe {
    input: Option<BoxOperator>,
    input_schema: SchemaRef,
    schema: SchemaRef,
    context: Context,
    ready: Ready,
}

impl Describe {
    /// `schema` is that of the summary.
    pub fn new(
        input: BoxOperator,
        input_schema: SchemaRef,
        schema: SchemaRef,
        context: &Context,
    ) -> Describe {
        let (context, ready) = (context.clone(), Ready::new(Vec::new()));
        Describe { input: Some(input), input_schema, schema, context, ready }
    }

    fn run(&self, input: BoxOperator) -> Result<HyperBlock> {
        let mut source = Units::new(input, self.input_schema.clone());
        let mut units = Vec::new();
        loop {
            let wave = source.wave()?;
            if wave.is_empty() {
                break;
            }
            units.extend(wave);
        }
        let rows = self
            .context
            .parallel(self.input_schema.len(), |index| self.summarize(&units, index))?;
        let arrays = (0..self.schema.len())
            .map(|index| {
                let mut builder =
                    ArrayBuilder::new(self.schema.column(index).dtype.clone(), rows.len());
                for row in &rows {
                    builder.push(&row[index])?;
                }
                Ok(builder.finish())
            })
            .collect::<Result<_>>()?;
        Ok(HyperBlock::new(self.schema.clone(), rows.len(), arrays))
    }

    /// The summary's row for a column.
    fn summarize(&self, units: &[HyperBlock], index: usize) -> Result<Vec<Scalar>> {
        let definition = self.input_schema.column(index);
        let dtype = &definition.dtype;
        let arrays: Vec<&Array> =
            units.iter().map(|unit| unit.array(index)).collect::<Result<_>>()?;
        let aggregate = |function, result| self.aggregate(&arrays, function, dtype, result);
        // As the type rules of mean and deviation have it.
        let wide: Vec<Array> = arrays.iter().map(|array| cast::widened(array)).collect();
        let wide: Vec<&Array> = wide.iter().collect();
        let wide_type = wide.first().map_or(dtype, |array| array.dtype());
        let count = aggregate(F::Count, &DataType::Int64)?.scalar(0);
        let nulls: usize = arrays.iter().map(|array| array.null_count()).sum();
        let (mut mean, mut deviation) = (Scalar::Null, Scalar::Null);
        let mut quartiles = [Scalar::Null, Scalar::Null, Scalar::Null];
        if dtype.is_number() {
            let float = &DataType::Float64;
            mean = self.aggregate(&wide, F::Mean, wide_type, float)?.scalar(0);
            deviation = self.aggregate(&wide, F::Std, wide_type, float)?.scalar(0);
            quartiles = quartiles_of(&wide);
        }
        let [low, middle, high] = quartiles;
        Ok(vec![
            Scalar::Utf8(definition.name.clone()),
            Scalar::Utf8(dtype.name().into_owned()),
            count,
            Scalar::Int64(nulls as i64),
            mean,
            deviation,
            text_of(&aggregate(F::Min, dtype)?),
            low,
            middle,
            high,
            text_of(&aggregate(F::Max, dtype)?),
        ])
    }

    fn aggregate(
        &self,
        arrays: &[&Array],
        function: F,
        dtype: &DataType,
        result: &DataType,
    ) -> Result<Array> {
        let seed = Seed::random();
        let mut total = State::empty(function, Some(dtype), seed);
        total.grow(1);
        for array in arrays {
            self.context.check()?;
            let ids = vec![0; array.len()];
            total.merge(
                State::of_unit(function, Some(array), &ids, 1, seed, Level::current())?,
                &[0],
            )?;
        }
        total.finish(function, result)
    }
}

impl Operator for Describe {
    fn next(&mut self) -> Result<Option<HyperBlock>> {
        if let Some(input) = self.input.take() {
            self.ready = Ready::new(vec![self.run(input)?]);
        }
        self.ready.next()
    }
}

fn text_of(one: &Array) -> Scalar {
    match one.is_valid(0) {
        true => Scalar::Utf8(value_text(one, 0)),
        false => Scalar::Null,
    }
}

/// The quartiles of the values in order: the one at a quarter of the way from the first to the
/// last, between two of them in proportion (as `quantile_cont` of SQL, and pandas).
fn quartiles_of(arrays: &[&Array]) -> [Scalar; 3] {
    let mut values = Vec::new();
    for array in arrays {
        let numbers = nearest_floats(array);
        let present = numbers.iter().copied().enumerate().filter(|(row, _)| array.is_valid(*row));
        values.extend(present.map(|(_, value)| value));
    }
    [1, 2, 3].map(|quarter| {
        let Some(last) = values.len().checked_sub(1) else { return Scalar::Null };
        let (index, part) = (last * quarter / 4, (last * quarter % 4) as f64 / 4.0);
        let order = |a: &f64, b: &f64| float_order(*a, *b);
        let (_, low, above) = values.select_nth_unstable_by(index, order);
        let low = *low;
        Scalar::Float64(match above.iter().copied().min_by(order) {
            Some(high) if part > 0.0 && high != low => between(low, high, part),
            _ => low,
        })
    })
}

/// `part` of the way from one float to another, also where they are further apart than a float
/// can say.
fn between(low: f64, high: f64, part: f64) -> f64 {
    let distance = high - low;
    match distance.is_infinite() && low.is_finite() && high.is_finite() {
        true => 2.0 * (low / 2.0 + (high / 2.0 - low / 2.0) * part),
        false => low + distance * part,
    }
}
