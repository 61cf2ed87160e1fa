//! Any bytes have a reading: sniffing never fails, is the same each time, and gives options that
//! the reader takes.
//!
//! Run: `cargo +nightly fuzz run sniff fuzz/corpus/sniff fuzz/seeds/csv -- -max_total_time=60`

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use pardox_engine::context::Context;
use pardox_engine::error::ErrorKind;
use pardox_engine::format::csv::sniff::{Given, sniff_bytes};
use pardox_engine::format::csv::{CsvReadOptions, Dialect, read_csv_bytes};

fuzz_target!(|bytes: &[u8]| {
    let found = sniff_bytes(bytes, &Given::default());
    assert!((0.0..=1.0).contains(&found.confidence), "{found:?}");
    assert_eq!(found, sniff_bytes(bytes, &Given::default()));

    let sniff = Dialect::Sniff { given: BTreeSet::new() };
    let options = CsvReadOptions { dialect: sniff, ..CsvReadOptions::default() };
    if let Err(error) = read_csv_bytes(bytes, &options, &Context::new(None)) {
        // The options found contradict nothing.
        assert_ne!(error.kind(), ErrorKind::InvalidOption, "{error}");
        assert_ne!(error.kind(), ErrorKind::Internal, "{error}");
    }
});
