//! Plan documents from anywhere: refused or resolved, never a crash.
//!
//! Run: `cargo +nightly fuzz run document fuzz/corpus/document fuzz/seeds/document --
//! -max_total_time=60`

#![no_main]

use libfuzzer_sys::fuzz_target;
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::plan::document::{self, Params};

fuzz_target!(|text: &str| {
    let Ok(document) = document::parse(text) else { return };
    let written = document::to_json(&document).expect("what was read can be written");
    let again = document::parse(&written).expect("what was written can be read");
    assert!(again == document, "a document changed on its way through");
    // Files would be those of this machine; everything else may be resolved.
    if written.contains("\"path\"") {
        return;
    }
    let (context, none) = (Context::default(), Params::new());
    let _ = engine::explain(&document, &[], &none, &context);
});
