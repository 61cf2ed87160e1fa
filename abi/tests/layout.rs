//! Sizes and offsets: what the C compiler makes of the header is what Rust lays out, and what the
//! header's reader computes.

mod header;

use std::fs;
use std::path::Path;
use std::process::Command;

use pardox::column::pardox_view;
use pardox::status::pardox_error;

/// Name, offset and size of each field, as the C compiler sees them.
fn by_the_c_compiler(surface: &header::Header) -> Vec<String> {
    let mut program =
        String::from("#include <stddef.h>\n#include <stdio.h>\n#include \"pardox.h\"\n");
    program.push_str("int main(void) {\n");
    for one in &surface.structs {
        let name = &one.name;
        program.push_str(&format!("printf(\"{name} %zu\\n\", sizeof({name}));\n"));
        for field in &one.fields {
            let field = &field.name;
            program.push_str(&format!(
                "printf(\"{name}.{field} %zu %zu\\n\", offsetof({name}, {field}), \
                 sizeof((({name} *)0)->{field}));\n"
            ));
        }
    }
    for (name, _) in surface.enums.iter().flat_map(|one| &one.values) {
        program.push_str(&format!("printf(\"{name} %d\\n\", (int){name});\n"));
    }
    program.push_str("return 0;\n}\n");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, binary) = (folder.join("layout.c"), folder.join("layout"));
    fs::write(&source, program).expect("the target folder is ours");
    let compiled = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
        .arg(header::root().join("include"))
        .args([&source, Path::new("-o"), &binary])
        .status();
    assert!(compiled.expect("a C compiler").success());
    let output = Command::new(&binary).output().expect("just compiled");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn c_lays_records_out_as_the_header_is_read() {
    let surface = header::read();
    let mut expected = Vec::new();
    for one in &surface.structs {
        expected.push(format!("{} {}", one.name, one.size_bytes));
        for field in &one.fields {
            let (name, offset, size) = (&field.name, field.offset_bytes, field.size_bytes);
            expected.push(format!("{}.{name} {offset} {size}", one.name));
        }
    }
    for (name, number) in surface.enums.iter().flat_map(|one| &one.values) {
        expected.push(format!("{name} {number}"));
    }
    assert_eq!(by_the_c_compiler(&surface), expected);
}

#[test]
fn rust_lays_records_out_as_c_does() {
    macro_rules! offsets {
        ($record:ident: $($field:ident),+) => {
            (stringify!($record), size_of::<$record>(), vec![
                $((stringify!($field), std::mem::offset_of!($record, $field)),)+
            ])
        };
    }
    let records = [
        offsets!(pardox_error: struct_size, status, record, line, byte_offset, file_length,
            column_length, expected_length, found_length, hint_length, message_length, file,
            column, expected, found, hint, message),
        offsets!(pardox_view: struct_size, dtype, row_count, null_count, validity, values, offsets,
            text, text_length),
    ];
    let surface = header::read();
    assert_eq!(surface.structs.len(), records.len());
    for (one, (name, size_bytes, fields)) in surface.structs.iter().zip(records) {
        assert_eq!((one.name.as_str(), one.size_bytes), (name, size_bytes));
        let read: Vec<(&str, usize)> =
            one.fields.iter().map(|field| (field.name.as_str(), field.offset_bytes)).collect();
        assert_eq!(read, fields, "{name}");
    }
}
