//! The header against the crate behind it: status numbers, types, the fingerprint, the exported
//! symbols, and that a C test calls each function.

mod header;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use pardox_engine::column::DataType;
use pardox_engine::error::ErrorKind;

#[test]
fn the_statuses_are_the_kinds_of_errors() {
    let surface = header::read();
    let statuses = &enumeration(&surface, "pardox_status").values;
    let ok = ("PARDOX_STATUS_OK".to_owned(), 0);
    let kinds = ErrorKind::ALL
        .iter()
        .map(|kind| (format!("PARDOX_STATUS_{}", kind.name().to_uppercase()), *kind as i64));
    assert_eq!(*statuses, std::iter::once(ok).chain(kinds).collect::<Vec<_>>());
}

#[test]
fn the_dtypes_are_the_engines_types_in_order() {
    let surface = header::read();
    let expected: Vec<(String, i64)> = DataType::ALL
        .iter()
        .zip(0..)
        .map(|(dtype, number)| (format!("PARDOX_DTYPE_{}", dtype.name().to_uppercase()), number))
        // Types with parameters stand behind them.
        .chain(
            [("DECIMAL", 32), ("LIST", 40), ("STRUCT", 41), ("TIMESTAMP_OF", 50)]
                .map(|(name, number)| (format!("PARDOX_DTYPE_{name}"), number)),
        )
        .collect();
    assert_eq!(enumeration(&surface, "pardox_dtype").values, expected);
}

fn enumeration<'a>(surface: &'a header::Header, name: &str) -> &'a header::Enum {
    surface.enums.iter().find(|one| one.name == name).expect("the header has this enum")
}

#[test]
fn the_library_satisfies_todays_surface() {
    let today = header::fingerprint(&header::read());
    assert!(
        pardox::version::SURFACES.contains(&today),
        "the surface has changed: put {today} into SURFACES of abi/src/version.rs"
    );
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let deps = std::env::current_exe().expect("a test has a path");
    let library = deps.with_file_name("libpardox.so");
    let listing = Command::new("nm").args(["-D", "--defined-only"]).arg(&library).output();
    let listing = listing.expect("nm comes with the C compiler");
    assert!(listing.status.success(), "nm {}", library.display());
    let exported: BTreeSet<String> = String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().last().map(str::to_owned))
        .collect();
    let surface = header::read();
    let declared: BTreeSet<String> =
        surface.functions.iter().map(|function| function.name.clone()).collect();
    assert_eq!(exported, declared);
    assert!(declared.len() <= 64, "an operation is a plan node, not a function");
}

#[test]
fn a_c_test_calls_every_function() {
    let folder = header::root().join("tests/c");
    let sources: String = fs::read_dir(folder)
        .expect("the C tests are there")
        .map(|entry| fs::read_to_string(entry.expect("readable").path()).expect("text"))
        .collect();
    for function in header::read().functions {
        let call = format!("{}(", function.name);
        assert!(sources.contains(&call), "no C test calls {}", function.name);
    }
}
