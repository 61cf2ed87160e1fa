//! The engine's side of the benches: makes data, runs one operation, prints one line of JSON.
//!
//! ```text
//! pardox-bench make-csv <mixed|ints|floats|texts|quoted> <megabytes> <path>
//! pardox-bench read-csv <path> <threads>
//! pardox-bench run-plan <path of a plan document> <threads>
//! ```

mod data;
mod memory;
mod question;

use std::num::NonZeroUsize;
use std::time::Instant;

use pardox_engine::column::{ArrayData, Frame};
use pardox_engine::context::Context;
use pardox_engine::format::csv::{CsvReadOptions, read_csv};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make-csv", shape, megabytes, path] => data::make_csv(shape, megabytes.parse()?, path),
        ["read-csv", path, threads] => time_read(path, threads.parse()?),
        ["run-plan", path, threads] => question::time_plan(path, threads.parse()?),
        _ => Err("expected make-csv <shape> <megabytes> <path>, read-csv <path> <threads>, \
                  run-plan <path> <threads>"
            .into()),
    }
}

fn time_read(path: &str, threads: usize) -> Outcome {
    let context = Context::new(NonZeroUsize::new(threads));
    let peak = memory::Peak::watch();
    let cpu_before = memory::cpu_seconds();
    let start = Instant::now();
    let frame = read_csv(path, &CsvReadOptions::default(), &context)?;
    let seconds = start.elapsed().as_secs_f64();
    let cpu_seconds = memory::cpu_seconds() - cpu_before;
    let peak_bytes = peak.stop();
    println!(
        "{{\"engine\": \"pardox\", \"seconds\": {seconds}, \
         \"cpu_seconds\": {cpu_seconds}, \"rows\": {}, \
         \"column_bytes\": {}, \"peak_bytes\": {peak_bytes}, \"answer\": [{}]}}",
        frame.row_count(),
        column_bytes(&frame)?,
        answer(&frame)?.join(", ")
    );
    Ok(())
}

/// Bytes of the values, offsets and validity bits.
fn column_bytes(frame: &Frame) -> Result<usize, Box<dyn std::error::Error>> {
    let mut total = 0;
    for column in 0..frame.schema().len() {
        for array in frame.column(column)? {
            total += array.validity().map_or(0, |bits| bits.len().div_ceil(8));
            total += match array.data() {
                ArrayData::Bool(bits) => bits.len().div_ceil(8),
                ArrayData::Int64(values) | ArrayData::Timestamp(values) => values.len() * 8,
                ArrayData::Float64(values) => values.len() * 8,
                ArrayData::Date(values) => values.len() * 4,
                ArrayData::Utf8(text) => {
                    let offsets = text.offsets();
                    let bytes = offsets[offsets.len() - 1] - offsets[0];
                    offsets.len() * 4 + bytes as usize
                }
            };
        }
    }
    Ok(total)
}

/// One number for each column, to hold against another engine's: a sum, or the bytes of all text.
fn answer(frame: &Frame) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut numbers = Vec::new();
    for column in 0..frame.schema().len() {
        let (mut whole, mut float) = (0_i128, 0_f64);
        for array in frame.column(column)? {
            for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
                match array.data() {
                    ArrayData::Bool(bits) => whole += i128::from(bits.get(row)),
                    ArrayData::Int64(values) | ArrayData::Timestamp(values) => {
                        whole += i128::from(values[row]);
                    }
                    ArrayData::Float64(values) => float += values[row],
                    ArrayData::Date(values) => whole += i128::from(values[row]),
                    ArrayData::Utf8(text) => whole += text.get_bytes(row).len() as i128,
                }
            }
        }
        numbers.push((whole as f64 + float).to_string());
    }
    Ok(numbers)
}
