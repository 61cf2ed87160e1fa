//! The committed header, read: functions, records and enums as plain data, and the fingerprint
//! that docs/abi.md defines over them. `codegen/src/model/fingerprint.ts` computes the same.

// Each test reads its part.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

pub struct Header {
    pub functions: Vec<Function>,
    pub structs: Vec<Struct>,
    pub enums: Vec<Enum>,
}

pub struct Function {
    pub name: String,
    /// Type and name of each parameter.
    pub parameters: Vec<(String, String)>,
}

pub struct Struct {
    pub name: String,
    pub size_bytes: usize,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    pub kind: String,
    /// Length of an array.
    pub count: Option<usize>,
    pub offset_bytes: usize,
    pub size_bytes: usize,
}

pub struct Enum {
    pub name: String,
    /// Name and number of each.
    pub values: Vec<(String, i64)>,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Reads `include/pardox.h`, whose form is cbindgen's.
pub fn read() -> Header {
    let path = root().join("include/pardox.h");
    let text = fs::read_to_string(&path).expect("the header is committed");
    let code = without_comments(&text);
    let mut header = Header { functions: Vec::new(), structs: Vec::new(), enums: Vec::new() };
    for declaration in declarations(&code) {
        if let Some(rest) = declaration.strip_prefix("typedef enum ") {
            header.enums.push(parse_enum(rest));
        } else if let Some(rest) = declaration.strip_prefix("typedef struct ") {
            header.structs.push(parse_struct(rest));
        } else if let Some(rest) = declaration.strip_prefix("int32_t ") {
            header.functions.push(parse_function(rest));
        } else {
            assert_eq!(declaration, "struct ArrowArrayStream", "an unknown declaration");
        }
    }
    header
}

fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").expect("a comment ends").1;
    }
    code.push_str(rest);
    code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

/// Cuts at each semicolon outside of braces; blanks become single ones.
fn declarations(code: &str) -> Vec<String> {
    let code = code.replace("extern \"C\" {", "").replace("}  // extern \"C\"", "");
    let (mut list, mut current, mut depth) = (Vec::new(), String::new(), 0);
    for letter in code.chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        match letter {
            ';' if depth == 0 => list.push(std::mem::take(&mut current)),
            _ => current.push(letter),
        }
    }
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    list.into_iter().map(tidy).collect()
}

fn body(rest: &str) -> (&str, &str) {
    let (name, rest) = rest.split_once(" {").expect("a name and a body");
    (name, rest.rsplit_once('}').expect("a body ends").0)
}

fn parse_enum(rest: &str) -> Enum {
    let (name, body) = body(rest);
    let values = body
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(|value| {
            let (name, number) = value.split_once(" = ").expect("every number is written out");
            (name.to_owned(), number.parse().expect("a decimal number"))
        })
        .collect();
    Enum { name: name.to_owned(), values }
}

fn parse_struct(rest: &str) -> Struct {
    let (name, body) = body(rest);
    let (mut fields, mut end, mut align_max) = (Vec::new(), 0_usize, 1);
    for part in body.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (part, count) = match part.split_once('[') {
            None => (part, None),
            Some((part, count)) => {
                let count = count.trim_end_matches(']').parse().expect("a decimal length");
                (part, Some(count))
            }
        };
        let (kind, field) = kind_and_name(part);
        let unit = size_of_kind(&kind);
        let size_bytes = unit * count.unwrap_or(1);
        let offset_bytes = end.next_multiple_of(unit);
        (end, align_max) = (offset_bytes + size_bytes, align_max.max(unit));
        fields.push(Field { name: field, kind, count, offset_bytes, size_bytes });
    }
    Struct { name: name.to_owned(), size_bytes: end.next_multiple_of(align_max), fields }
}

fn parse_function(rest: &str) -> Function {
    let (name, rest) = rest.split_once('(').expect("parameters");
    let list = rest.trim_end_matches(')');
    let parameters = list.split(", ").map(kind_and_name).collect();
    Function { name: name.to_owned(), parameters }
}

/// `const uint8_t **data` is `const uint8**` and `data`.
fn kind_and_name(text: &str) -> (String, String) {
    let at = text.rfind([' ', '*']).expect("a type and a name") + 1;
    let (kind, name) = text.split_at(at);
    let kind = kind.replace("_t", "").replace(" *", "*").trim().to_owned();
    (kind, name.to_owned())
}

fn size_of_kind(kind: &str) -> usize {
    match kind {
        _ if kind.ends_with('*') => 8,
        "char" | "uint8" => 1,
        "int32" | "uint32" => 4,
        "int64" | "uint64" | "double" => 8,
        other => panic!("a field of type {other} has no known size"),
    }
}

/// The lines that the fingerprint is taken of.
pub fn surface_text(header: &Header) -> String {
    let functions = header.functions.iter().map(|function| {
        let list: Vec<String> =
            function.parameters.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
        format!("function {}({})\n", function.name, list.join(", "))
    });
    let structs = header.structs.iter().map(|one| {
        let list: Vec<String> = one
            .fields
            .iter()
            .map(|field| {
                let count = field.count.map(|count| format!("[{count}]")).unwrap_or_default();
                format!("{} {} {}{count}", field.offset_bytes, field.kind, field.name)
            })
            .collect();
        format!("struct {} {}: {}\n", one.name, one.size_bytes, list.join(", "))
    });
    let enums = header.enums.iter().map(|one| {
        let prefix = format!("{}_", one.name.to_uppercase());
        let list: Vec<String> = one
            .values
            .iter()
            .map(|(name, number)| {
                let short = name.strip_prefix(&prefix).expect("the enum's name stands first");
                format!("{} {number}", short.to_lowercase())
            })
            .collect();
        format!("enum {}: {}\n", one.name, list.join(", "))
    });
    let mut lines: Vec<String> = functions.chain(structs).chain(enums).collect();
    lines.sort();
    lines.concat()
}

/// FNV-1a of 64 bits over the lines, of which the low 53 are kept.
pub fn fingerprint(header: &Header) -> u64 {
    let hash = surface_text(header).bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash & ((1 << 53) - 1)
}
