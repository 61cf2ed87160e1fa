//! Functions of lists and structs.

use super::{Call, Constants, null};
use crate::column::{Array, DataType, Scalar, StructValues};
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::nested::{json, lists, texts};
use crate::plan::functions::{AggregateFunction, NestedFunction as F};

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    match (function, literals.get(1)) {
        (F::GetField, Some(Some(Scalar::Utf8(name)))) => Constants::Fill(name.clone()),
        (F::Sort, Some(Some(Scalar::Bool(is_descending)))) => Constants::Flag(*is_descending),
        _ => Constants::None,
    }
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    let array = |index| call.array(index);
    let made = match function {
        F::MakeList => {
            let parts = (0..call.operands.len()).map(|index| array(index).plain());
            let parts = parts.collect::<Result<Vec<Array>>>()?;
            Some(lists::make(&parts, call.dtype, call.len)?)
        }
        F::MakeStruct => {
            let fields = (1..call.operands.len()).map(|index| array(index).plain());
            let fields = fields.collect::<Result<Vec<Array>>>()?;
            let data = crate::column::ArrayData::Struct(StructValues::new(fields));
            Some(Array::typed(call.dtype.clone(), data, None))
        }
        _ => None,
    };
    if let Some(made) = made {
        return Ok(Datum::Array(made));
    }
    if call.has_null_value() {
        return Ok(null());
    }
    Ok(Datum::Array(match function {
        F::Length => lists::length(&array(0)),
        F::Get => lists::get(&array(0), &call.operands[1])?,
        F::First => lists::at(&array(0), |_, range| (!range.is_empty()).then_some(range.start))?,
        F::Last => lists::at(&array(0), |_, range| {
            range.end.checked_sub(1).filter(|at| range.contains(at))
        })?,
        F::Slice => lists::slice(&array(0), &call.operands[1], call.operands.get(2))?,
        F::Contains => lists::contains(&array(0), &array(1), call.level)?,
        F::Sum => lists::aggregate(AggregateFunction::Sum, &array(0), call.dtype, call.level)?,
        F::Mean => lists::aggregate(AggregateFunction::Mean, &array(0), call.dtype, call.level)?,
        F::Min => lists::aggregate(AggregateFunction::Min, &array(0), call.dtype, call.level)?,
        F::Max => lists::aggregate(AggregateFunction::Max, &array(0), call.dtype, call.level)?,
        F::Sort => {
            let is_descending = matches!(call.constants, Constants::Flag(true));
            lists::sort(&array(0), is_descending)?
        }
        F::Unique => lists::unique(&array(0))?,
        F::Reverse => lists::reverse(&array(0))?,
        F::Join => texts::join(&array(0), &call.operands[1])?,
        F::Split => texts::split(&array(0), &call.operands[1])?,
        F::GetField => field(&array(0), call.constants),
        F::ToJson => json::to_json(&array(0))?,
        F::MakeList | F::MakeStruct => panic!("{} was made before", function.name()),
    }))
}

fn field(structs: &Array, constants: &Constants) -> Array {
    let (DataType::Struct(fields), Constants::Fill(name)) = (structs.dtype(), constants) else {
        panic!("binding let pass what is no struct")
    };
    let index = fields.iter().position(|field| field.name == *name);
    crate::column::nested::field(structs, index.expect("binding looked for the field"))
}
