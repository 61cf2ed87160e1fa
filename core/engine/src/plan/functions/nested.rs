//! Functions of lists and structs, and what makes lists of text.

use super::declaration::{NULL_FIELD, functions};
use super::{
    Accepts, AggregateFunction, Example, Gives, Misfit, Nulls, Operand, OperandDeclaration,
    Refusal, Rule, common_type, operand,
};
use crate::column::nested_type::field_list;
use crate::column::{DataType, Scalar, StructField};
use crate::error::ErrorKind::{self, InvalidArgument, LimitExceeded, Overflow};
use crate::error::{Error, nearest};

const LIST: OperandDeclaration = operand("list", Accepts::List, "The list.");
const NUMBERS: &[OperandDeclaration] =
    &[operand("list", Accepts::NumberList, "A list of numbers or conditions.")];
const ONLY_LIST: &[OperandDeclaration] = &[LIST];
const INT64: Gives = Gives::Type("int64");
const ITEM: Gives = Gives::Rule("the type of the elements", |args| item_of(&args[0]));
const TEXTS: Gives = Gives::Type("list(utf8)");
const SKIPPED: Nulls =
    Nulls::Own("Nulls in the list are skipped; null for a null list, and where no value is left.");

functions! {
/// Functions of lists and structs. Positions in lists are counted from 1, as SQL has it, or from
/// the end where they are negative.
NestedFunction {
    /// A list of the values, which take one type.
    MakeList {
        name: "make_list",
        aliases: &["list_value"],
        is_free: true,
        operands: &[operand("values", Accepts::Any, "The values, at least one.").repeated()],
        rule: Rule::Common,
        result: Gives::Literal("lists of the type of the values", |args, _| list_of(&args[0])),
        nulls: Nulls::Own("A null operand is a null in the list."),
        errors: &[LimitExceeded],
        example: Example("make_list(1, null, 3)", "[1,null,3]"),
    }
    /// The number of elements, nulls among them.
    Length {
        name: "list_length",
        aliases: &["array_length", "list_len", "cardinality"],
        operands: ONLY_LIST,
        result: INT64,
        example: Example("list_length(make_list(1, null))", "2"),
    }
    /// The element at a position.
    Get {
        name: "list_get",
        aliases: &["list_extract", "list_element", "array_extract"],
        operands: &[LIST, operand("position", Accepts::Int64, "Which element; not 0.")],
        result: ITEM,
        nulls: Nulls::Own(
            "A null operand gives null, and so does a position that the list does not have.",
        ),
        errors: &[InvalidArgument],
        example: Example("list_get(make_list('a', 'b', 'c'), -1)", "c"),
    }
    /// The first element; null for an empty list.
    First {
        name: "list_first",
        operands: ONLY_LIST,
        result: ITEM,
        nulls: Nulls::Own("Null for a null list and for an empty one."),
        example: Example("list_first(make_list('a', 'b'))", "a"),
    }
    /// The last element; null for an empty list.
    Last {
        name: "list_last",
        operands: ONLY_LIST,
        result: ITEM,
        nulls: Nulls::Own("Null for a null list and for an empty one."),
        example: Example("list_last(make_list('a', 'b'))", "b"),
    }
    /// The elements from a position on; what of the window the list does not have is left out.
    Slice {
        name: "list_slice",
        operands: &[
            LIST,
            operand("start", Accepts::Int64, "Position of the first element; not 0."),
            operand("length", Accepts::Int64, "Elements to take; not negative.").or(""),
        ],
        result: Gives::Operand(0),
        errors: &[InvalidArgument],
        example: Example("list_slice(make_list(1, 2, 3, 4), 2, 2)", "[2,3]"),
    }
    /// Whether an element equals a value, as `=` has it.
    Contains {
        name: "list_contains",
        aliases: &["array_contains", "list_has", "array_has"],
        operands: &[LIST, operand("value", Accepts::Any, "The value.")],
        rule: Rule::Own(list_and_item),
        result: Gives::Type("bool"),
        nulls: Nulls::Own("A null operand gives null; a null in the list equals no value."),
        errors: &[LimitExceeded],
        example: Example("list_contains(make_list(1, null), 2)", "false"),
    }
    /// The sum of the elements, as `sum` has it.
    Sum {
        name: "list_sum",
        operands: NUMBERS,
        result: Gives::Rule("as `sum` gives", |args| aggregate(AggregateFunction::Sum, args)),
        nulls: SKIPPED,
        errors: &[Overflow],
        example: Example("list_sum(make_list(1, null, 3))", "4"),
    }
    /// The mean of the elements, as `mean` has it.
    Mean {
        name: "list_mean",
        aliases: &["list_avg"],
        operands: NUMBERS,
        result: Gives::Type("float64"),
        nulls: SKIPPED,
        example: Example("list_mean(make_list(1, null, 4))", "2.5"),
    }
    /// The smallest element; NaN is after all numbers.
    Min {
        name: "list_min",
        operands: ONLY_LIST,
        result: ITEM,
        nulls: SKIPPED,
        errors: &[LimitExceeded],
        example: Example("list_min(make_list(2, null, 1))", "1"),
    }
    /// The largest element; NaN is after all numbers.
    Max {
        name: "list_max",
        operands: ONLY_LIST,
        result: ITEM,
        nulls: SKIPPED,
        errors: &[LimitExceeded],
        example: Example("list_max(make_list(2, null, 1))", "2"),
    }
    /// The elements in order, nulls last; equal ones stay as they stand.
    Sort {
        name: "list_sort",
        aliases: &["array_sort"],
        operands: &[
            LIST,
            operand("descending", Accepts::Bool, "Whether the largest is first.")
                .literal()
                .or("false"),
        ],
        result: Gives::Operand(0),
        errors: &[LimitExceeded],
        example: Example("list_sort(make_list(2, null, 1))", "[1,2,null]"),
    }
    /// Each distinct element once, in order of first appearance; null counts as one.
    Unique {
        name: "list_unique",
        aliases: &["list_distinct", "array_distinct"],
        operands: ONLY_LIST,
        result: Gives::Operand(0),
        errors: &[LimitExceeded],
        example: Example("list_unique(make_list(2, 1, 2, null, null))", "[2,1,null]"),
    }
    /// The elements in the opposite order.
    Reverse {
        name: "list_reverse",
        aliases: &["array_reverse"],
        operands: ONLY_LIST,
        result: Gives::Operand(0),
        example: Example("list_reverse(make_list(1, 2))", "[2,1]"),
    }
    /// The texts of a list one behind the other, with a separator between them.
    Join {
        name: "list_join",
        aliases: &["array_to_string"],
        operands: &[
            operand("list", Accepts::TextList, "A list of texts."),
            operand("separator", Accepts::Utf8, "What stands between two texts."),
        ],
        result: Gives::Type("utf8"),
        nulls: Nulls::Own("A null operand gives null; nulls in the list are left out."),
        errors: &[LimitExceeded],
        example: Example("list_join(make_list('a', null, 'b'), '-')", "a-b"),
    }
    /// The parts of a text between separators; the whole text is its one part where the separator
    /// is empty.
    Split {
        name: "split",
        aliases: &["string_split", "str_split", "string_to_array"],
        operands: &[
            operand("text", Accepts::Utf8, "The text."),
            operand("separator", Accepts::Utf8, "What stands between parts."),
        ],
        result: TEXTS,
        errors: &[LimitExceeded],
        example: Example("split('a/b//', '/')", "[\"a\",\"b\",\"\",\"\"]"),
    }
    /// A struct of the values under names, which are given as one text: `'a, b'`; a name that is no
    /// word stands in double quotes.
    MakeStruct {
        name: "make_struct",
        is_free: true,
        operands: &[
            operand("names", Accepts::Utf8, "The fields' names, between commas.").literal(),
            operand("values", Accepts::Any, "A value for each name.").repeated(),
        ],
        result: Gives::Literal("a struct of the values", struct_of),
        nulls: Nulls::Own("A null operand is a null in the struct."),
        literal_errors: &[InvalidArgument],
        check: check_names,
        example: Example("make_struct('a, b', 1, 'x')", "{\"a\":1,\"b\":\"x\"}"),
    }
    /// The value of a field.
    GetField {
        name: "struct_get",
        aliases: &["struct_extract"],
        operands: &[
            operand("struct", Accepts::Struct, "The struct."),
            operand("name", Accepts::Utf8, "The field's name.").literal(),
        ],
        result: Gives::Literal("the type of the field", field_of),
        literal_errors: &[InvalidArgument],
        check: check_field,
        example: Example("struct_get(make_struct('a, b', 1, 'x'), 'b')", "x"),
    }
    /// A value as JSON text: a number or a bool as such, a list as an array, a struct as an object,
    /// anything else as a string, NaN and the infinities among it.
    ToJson {
        name: "to_json",
        operands: &[operand("a", Accepts::Any, "The value.")],
        result: Gives::Type("utf8"),
        errors: &[LimitExceeded],
        example: Example("to_json(make_struct('a, b', 1, 'x'))", "{\"a\":1,\"b\":\"x\"}"),
    }
}}

/// The type of a list's elements. Panics for another type: operands are lists by their declaration.
pub(super) fn item_of(list: &DataType) -> DataType {
    match list {
        DataType::List(item) => (**item).clone(),
        other => panic!("{other} is no list"),
    }
}

/// Lists of a type, of text where it is coded; none of a type that is too deep.
fn list_of(item: &DataType) -> Option<DataType> {
    DataType::list(item.plain()).ok()
}

fn aggregate(function: AggregateFunction, args: &[DataType]) -> DataType {
    let item = item_of(&args[0]);
    function
        .signature(Some(Operand::Typed(item)))
        .map_or(DataType::Float64, |signature| signature.result)
}

/// A list and a value of one type.
fn list_and_item(operands: &[Operand]) -> Result<Vec<DataType>, Refusal> {
    let item = match &operands[0] {
        Operand::Typed(DataType::List(item)) => Operand::Typed((**item).clone()),
        Operand::Null => Operand::Null,
        _ => return Err(Refusal::Operand(0, Accepts::List.text().to_owned())),
    };
    let common = common_type(&[item.clone(), operands[1].clone()]);
    let list = common.and_then(|item| Some((DataType::list(item.clone()).ok()?, item)));
    match (list, item) {
        (Some((list, item)), _) => Ok(vec![list, item]),
        (None, Operand::Typed(item)) => Err(Refusal::Operand(1, item.to_string())),
        (None, _) => Err(Refusal::Operand(1, "a value".to_owned())),
    }
}

fn text(literals: &[Option<Scalar>], index: usize) -> Option<&str> {
    match literals.get(index) {
        Some(Some(Scalar::Utf8(text))) => Some(text),
        _ => None,
    }
}

fn struct_of(types: &[DataType], literals: &[Option<Scalar>]) -> Option<DataType> {
    let names = field_list(text(literals, 0)?)?;
    let fields = names.into_iter().zip(&types[1..]);
    let fields = fields.map(|(name, dtype)| StructField { name, dtype: dtype.plain() });
    DataType::of_fields(fields.collect()).ok()
}

fn check_names(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    let Some(text) = text(literals, 0) else { return Ok(()) };
    let Some(names) = field_list(text) else {
        return Err(Misfit::value(0, "names between commas, as in 'a, b'", format!("{text:?}")));
    };
    if types.is_empty() {
        return Ok(());
    }
    if names.len() + 1 != types.len() {
        let expected = format!("a name for each of {} values", types.len() - 1);
        return Err(Misfit::value(0, expected, names.len().to_string()));
    }
    let fields = names.into_iter().zip(&types[1..]);
    let fields = fields.map(|(name, dtype)| StructField { name, dtype: dtype.plain() });
    match DataType::of_fields(fields.collect()) {
        Ok(_) => Ok(()),
        Err(error) => Err(Misfit {
            operand: 0,
            error: Error::new(ErrorKind::InvalidArgument, error.summary()),
        }),
    }
}

fn field_of(types: &[DataType], literals: &[Option<Scalar>]) -> Option<DataType> {
    let DataType::Struct(fields) = &types[0] else { return None };
    let name = text(literals, 1)?;
    let is_found = |field: &&StructField| field.name == name || field.name == NULL_FIELD;
    fields.iter().find(is_found).map(|field| field.dtype.clone())
}

fn check_field(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    let (Some(name), [DataType::Struct(fields), ..]) = (text(literals, 1), types) else {
        return Ok(());
    };
    let names = fields.iter().map(|field| field.name.as_str());
    // Of a null literal nothing is known but that the result is null.
    if names.clone().any(|known| known == name || known == NULL_FIELD) {
        return Ok(());
    }
    let near = nearest(name, names.clone());
    let known: Vec<&str> = names.collect();
    let Misfit { operand, error } =
        Misfit::value(1, format!("one of the fields {}", known.join(", ")), format!("{name:?}"));
    let error = match near {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error,
    };
    Err(Misfit { operand, error })
}
