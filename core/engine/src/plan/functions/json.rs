//! The registry as JSON: `abi/include/functions.json`, which codegen and the checks read.

use serde::Serialize;

use super::declaration::{Accepts, Declaration, Gives, Rule, Spelling};
use super::{AggregateFunction, Function};
use crate::column::{DataType, StructField};
use crate::error::ErrorKind;

#[derive(Serialize)]
struct Registry {
    functions: Vec<FunctionEntry>,
}

#[derive(Serialize)]
struct FunctionEntry {
    name: &'static str,
    area: &'static str,
    /// Further names in text.
    aliases: &'static [&'static str],
    /// How text writes a call.
    text: String,
    operands: Vec<OperandEntry>,
    /// Position of the operand whose method it is; null for a function by itself.
    receiver: Option<usize>,
    /// Whether the operands must be of one type, or what says how their types go together.
    rule: &'static str,
    /// A type's name, or words.
    result: String,
    nulls: &'static str,
    errors: Vec<&'static str>,
    doc: String,
    example: ExampleEntry,
}

#[derive(Serialize)]
struct OperandEntry {
    name: &'static str,
    takes: &'static str,
    types: Vec<String>,
    doc: &'static str,
    /// What stands for it where it is left out, as text writes it; null where it must be given.
    default: Option<&'static str>,
    literal: bool,
    repeated: bool,
}

#[derive(Serialize)]
struct ExampleEntry {
    text: &'static str,
    answer: &'static str,
}

/// Every function as `abi/include/functions.json` holds it, in order of declaration.
///
/// Shape: pretty-printed, with a final newline; the same text on every run.
pub fn functions_json() -> String {
    let rows = Function::all().map(|function| entry(function.area(), function.declaration()));
    let groups = AggregateFunction::ALL.iter().map(|function| function.declaration());
    let groups = groups.map(|declaration| entry("aggregate", declaration));
    let registry = Registry { functions: rows.chain(groups).collect() };
    let mut text = serde_json::to_string_pretty(&registry).expect("a registry is plain JSON");
    text.push('\n');
    text
}

fn entry(area: &'static str, declaration: &'static Declaration) -> FunctionEntry {
    let operands = declaration.operands.iter().map(|operand| OperandEntry {
        name: operand.name,
        takes: operand.accepts.text(),
        types: types(operand.accepts),
        doc: operand.doc,
        default: operand.default,
        literal: operand.is_literal,
        repeated: operand.is_repeated,
    });
    FunctionEntry {
        name: declaration.name,
        area,
        aliases: declaration.aliases,
        text: call_text(declaration),
        operands: operands.collect(),
        receiver: receiver(declaration),
        rule: match declaration.rule {
            Rule::Each => "each",
            Rule::Common => "common",
            Rule::Compare => "compare",
            Rule::Own(_) => "own",
        },
        result: match declaration.result {
            Gives::Type(name) => name.to_owned(),
            Gives::Operand(index) => format!("the type of {}", declaration.operand(index).name),
            Gives::Rule(words, _) | Gives::Literal(words, _) => words.to_owned(),
        },
        nulls: declaration.nulls.text(),
        errors: errors(declaration),
        doc: declaration.doc.trim().to_owned(),
        example: ExampleEntry { text: declaration.example.0, answer: declaration.example.1 },
    }
}

fn receiver(declaration: &Declaration) -> Option<usize> {
    let first = declaration.operands.iter().position(|operand| !operand.is_literal);
    first.filter(|_| !declaration.is_free)
}

/// Names of the types that are taken; `decimal`, `list` and `struct` for all of their kind.
fn types(accepts: Accepts) -> Vec<String> {
    let taken = DataType::ALL.iter().filter(|dtype| accepts.converted(&dtype.plain()).is_some());
    let names = taken.map(|dtype| dtype.to_string());
    let one_of_many = DataType::Decimal { precision: 18, scale: 2 };
    let decimal = accepts.converted(&one_of_many).map(|_| "decimal".to_owned());
    let lists = [DataType::Int64, DataType::Utf8].into_iter().map(DataType::list);
    let is_list = lists.flatten().any(|list| accepts.converted(&list).is_some());
    let list = is_list.then(|| "list".to_owned());
    let field = StructField { name: "a".to_owned(), dtype: DataType::Int64 };
    let fields = DataType::of_fields(vec![field]);
    let of_fields = fields.ok().and_then(|dtype| accepts.converted(&dtype));
    let of_fields = of_fields.map(|_| "struct".to_owned());
    names.chain(decimal).chain(list).chain(of_fields).collect()
}

/// The declared kinds, and `type_mismatch` where some type or literal is refused.
fn errors(declaration: &Declaration) -> Vec<&'static str> {
    let is_open = declaration.operands.iter().all(|operand| operand.accepts == Accepts::Any)
        && matches!(declaration.rule, Rule::Each);
    let mut kinds = [declaration.errors, declaration.literal_errors].concat();
    if !is_open {
        kinds.push(ErrorKind::TypeMismatch);
    }
    kinds.sort_by_key(|kind| *kind as i32);
    kinds.dedup();
    kinds.into_iter().map(ErrorKind::name).collect()
}

/// A call in general: `round(a, digits)`.
fn call_text(declaration: &Declaration) -> String {
    let names: Vec<String> = declaration
        .operands
        .iter()
        .map(|operand| match operand.is_repeated {
            true => format!("{}...", operand.name),
            false => operand.name.to_owned(),
        })
        .collect();
    let list = names.join(", ");
    let name = declaration.name;
    match declaration.spelling {
        Spelling::Call => format!("{name}({list})"),
        Spelling::Infix(sign) => format!("{} {sign} {}", names[0], names[1]),
        Spelling::Prefix(sign) => format!("{sign}{}", names[0]),
        Spelling::Postfix(words) => format!("{}{words}", names[0]),
        Spelling::In => format!("{} in ({})", names[0], names[1]),
        Spelling::Between => format!("{} between {} and {}", names[0], names[1], names[2]),
    }
}
