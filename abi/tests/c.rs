//! Compiles and runs the C programs in `tests/c`: under the address and undefined behaviour
//! sanitizers for the C side, and under valgrind, which sees the library's memory too.

mod header;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Valgrind runs one thread at a time and twenty times slower; programs learn it by a macro.
const VALGRIND: [&str; 6] = [
    "--quiet",
    "--error-exitcode=99",
    "--leak-check=full",
    "--show-leak-kinds=definite,indirect",
    "--errors-for-leak-kinds=definite,indirect",
    "--fair-sched=yes",
];

fn library_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    test.parent().expect("within target/<profile>/deps").to_path_buf()
}

fn compile(name: &str, way: &str, flags: &[&str]) -> PathBuf {
    let binary = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{way}"));
    let fingerprint = header::fingerprint(&header::read());
    let compiled = Command::new("cc")
        .args(["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"])
        .args(flags)
        .arg(format!("-DFINGERPRINT=UINT64_C({fingerprint})"))
        .arg(format!("-DLIBRARY_VERSION=\"{}\"", env!("CARGO_PKG_VERSION")))
        .arg("-I")
        .arg(header::root().join("include"))
        .arg(header::root().join(format!("tests/c/{name}.c")))
        .arg("-o")
        .arg(&binary)
        .arg("-L")
        .arg(library_folder())
        .args(["-lpardox", "-lpthread"])
        .output()
        .expect("a C compiler");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    binary
}

fn run(mut command: Command, about: &str) {
    let output = command
        .env("LD_LIBRARY_PATH", library_folder())
        .env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0")
        .env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
        .output()
        .expect("the program starts");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{about}: {}\n{errors}", output.status);
    // Nothing prints but the test itself: the library is silent, in a panic too.
    assert!(errors.is_empty(), "{about} wrote:\n{errors}");
}

fn check(name: &str) {
    let binary =
        compile(name, "asan", &["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]);
    run(Command::new(binary), &format!("{name} under the sanitizers"));
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("{name}: not run under valgrind, which is not installed");
        return;
    }
    let mut command = Command::new("valgrind");
    command.args(VALGRIND).arg(compile(name, "valgrind", &["-DUNDER_VALGRIND"]));
    run(command, &format!("{name} under valgrind"));
}

#[test]
fn process() {
    check("process");
}

#[test]
fn column() {
    check("column");
}

#[test]
fn arrow() {
    check("arrow");
}

#[test]
fn reader() {
    check("reader");
}

#[test]
fn plan() {
    check("plan");
}

#[test]
fn feed() {
    check("feed");
}

#[test]
fn threads() {
    check("threads");
}

#[test]
fn fork() {
    check("fork");
}

#[test]
fn shutdown() {
    check("shutdown");
}
