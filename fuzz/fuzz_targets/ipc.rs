//! Any bytes as an Arrow IPC stream: a frame that holds to its own word and writes the same values
//! again, or an error.
//!
//! Run: `cargo +nightly fuzz run ipc fuzz/corpus/ipc fuzz/seeds/ipc -- -max_total_time=60`
//!
//! arrow-rs panics on some bytes and `read_ipc` makes that an error, so only panics that get out
//! count.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pardox_engine::error::ErrorKind;
use pardox_engine::format::arrow::{read_ipc, write_ipc};
use pardox_fuzz::frames;

/// Leaves it to `read_ipc` to catch the panics of other crates; ours end the run.
fn pass_over_foreign_panics() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = ["core/engine/src", "fuzz_targets", "fuzz/src"];
        let file = panic.location().map_or("", |location| location.file());
        if ours.iter().any(|part| file.contains(part)) {
            abort(panic);
        }
    }));
}

fuzz_target!(
    init: pass_over_foreign_panics(),
    |bytes: &[u8]| match read_ipc(bytes) {
        Ok(frame) => {
            frames::check(&frame);
            let written = write_ipc(&frame).expect("written");
            let again = read_ipc(&written).expect("read back");
            assert_eq!(frame.schema(), again.schema());
            assert_eq!(frames::columns(&frame), frames::columns(&again));
        }
        Err(error) => {
            use ErrorKind::{
                CorruptFile, DuplicateColumn, EmptyInput, InvalidUtf8, LimitExceeded, Overflow,
                Unsupported,
            };
            let kinds = [
                CorruptFile,
                DuplicateColumn,
                EmptyInput,
                InvalidUtf8,
                LimitExceeded,
                Overflow,
                Unsupported,
            ];
            assert!(kinds.contains(&error.kind()), "{error}");
        }
    }
);
