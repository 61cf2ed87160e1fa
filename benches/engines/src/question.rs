//! Runs a plan document, and says how long it took and how much memory it held.

use std::num::NonZeroUsize;
use std::time::Instant;

use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::plan::document::{self, Params};

use crate::memory;

/// Answers the document at `path`, whose rows go to a file.
pub fn time_plan(path: &str, threads: usize) -> crate::Outcome {
    let document = document::parse(&std::fs::read_to_string(path)?)?;
    let context = Context::new(NonZeroUsize::new(threads));
    let peak = memory::Peak::watch();
    let cpu_before = memory::cpu_seconds();
    let start = Instant::now();
    engine::run(&document, &[], &Params::new(), &context)?;
    let seconds = start.elapsed().as_secs_f64();
    let cpu_seconds = memory::cpu_seconds() - cpu_before;
    let (peak_bytes, resident_bytes) = (peak.stop(), memory::peak_resident_bytes());
    println!(
        "{{\"seconds\": {seconds}, \"cpu_seconds\": {cpu_seconds}, \"rows\": {}, \
         \"peak_bytes\": {peak_bytes}, \"resident_bytes\": {resident_bytes}}}",
        context.progress().rows_done
    );
    Ok(())
}
