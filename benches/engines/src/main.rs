//! The engine's side of the benches: makes data, runs one operation, prints one line of JSON.
//!
//! ```text
//! pardox-bench make-csv <shape, see data.rs> <megabytes> <path>
//! pardox-bench read-csv <path> <threads> <times>
//! pardox-bench count-csv <path> <threads> <times>
//! pardox-bench convert-csv <path> <threads> <times>    reads all of it, then writes
//! pardox-bench stream-csv <path> <threads> <times>     reads and writes side by side
//! pardox-bench ask <path of a CSV file> <plan document> <threads> <times>
//! pardox-bench run-plan <path of a plan document> <threads>
//! pardox-bench bandwidth <path>
//! pardox-bench warm <megabytes>
//! ```

mod data;
mod memory;
mod question;

use std::num::NonZeroUsize;
use std::time::Instant;

use pardox_engine::bytes::source::MappedFile;
use pardox_engine::column::{ArrayData, Buffer, Frame};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::format::csv::{CsvReadOptions, count_csv, read_csv};
use pardox_engine::format::prdx::write_prdx;
use pardox_engine::plan::document::{self, Params};
use pardox_engine::plan::files::Given;

/// The column of what a write tells that says how many rows it wrote.
const ROWS_WRITTEN: usize = 1;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make-csv", shape, megabytes, path] => data::make_csv(shape, megabytes.parse()?, path),
        ["read-csv", path, threads, times] => {
            let frame = time_work(threads.parse()?, times.parse()?, |context| {
                read_csv(path, &CsvReadOptions::default(), context)
            })?;
            let (bytes, answer) = (column_bytes(&frame)?, answer(&frame)?.join(", "));
            println!(
                "\"rows\": {}, \"column_bytes\": {bytes}, \"answer\": [{answer}]}}",
                frame.row_count()
            );
            Ok(())
        }
        ["count-csv", path, threads, times] => {
            let rows = time_work(threads.parse()?, times.parse()?, |context| {
                count_csv(&path.into(), &CsvReadOptions::default(), context)
            })?;
            println!("\"rows\": {rows}, \"column_bytes\": 0, \"answer\": []}}");
            Ok(())
        }
        ["convert-csv", path, threads, times] => to_prdx(threads, times, |context, target| {
            let frame = read_csv(path, &CsvReadOptions::default(), context)?;
            write_prdx(target, &frame, context)?;
            Ok(frame.row_count() as u64)
        }),
        ["stream-csv", path, threads, times] => to_prdx(threads, times, |context, target| {
            let input = format!(r#"{{"scan_csv": {{"path": {path:?}}}}}"#);
            let plan = format!(r#"{{"write_prdx": {{"input": {input}, "path": {target:?}}}}}"#);
            let plan = format!(r#"{{"schema": 1, "engine": "0.1", "plan": {plan}}}"#);
            let told = engine::run(&document::parse(&plan)?, &[], &Params::new(), context)?;
            Ok(told.blocks()[0].array(ROWS_WRITTEN)?.values::<i64>()[0] as u64)
        }),
        ["ask", path, document, threads, times] => {
            let (threads, times) = (threads.parse()?, times.parse()?);
            let asked = read_csv(path, &CsvReadOptions::default(), &Context::default())?;
            let (document, given) = (document::parse(document)?, [Given::Frame(asked)]);
            let frame = time_work(threads, times, |context| {
                engine::run(&document, &given, &Params::new(), context)
            })?;
            let (bytes, answer) = (column_bytes(&frame)?, answer(&frame)?.join(", "));
            println!(
                "\"rows\": {}, \"column_bytes\": {bytes}, \"answer\": [{answer}]}}",
                frame.row_count()
            );
            Ok(())
        }
        ["run-plan", path, threads] => question::time_plan(path, threads.parse()?),
        ["bandwidth", path] => tell_bandwidth(path),
        ["warm", megabytes] => {
            memory::touch(megabytes.parse()?);
            Ok(())
        }
        _ => Err("expected one of the commands that src/main.rs lists, and what it takes".into()),
    }
}

/// Converts several times, to a file that is removed at the end; `convert` gives the rows.
fn to_prdx(
    threads: &str,
    times: &str,
    convert: impl Fn(&Context, &str) -> pardox_engine::error::Result<u64>,
) -> Outcome {
    let target = std::env::temp_dir().join(format!("bench-{}.prdx", std::process::id()));
    let target = target.to_str().ok_or("expected a temporary path of UTF-8")?;
    let rows = time_work(threads.parse()?, times.parse()?, |context| convert(context, target));
    std::fs::remove_file(target)?;
    println!("\"rows\": {}, \"column_bytes\": 0, \"answer\": null}}", rows?);
    Ok(())
}

/// Does a piece of work several times; what it gave goes before the next begins. Prints all but the
/// end of the line.
fn time_work<T>(
    threads: usize,
    times: usize,
    work: impl Fn(&Context) -> pardox_engine::error::Result<T>,
) -> Result<T, Box<dyn std::error::Error>> {
    let context = Context::new(NonZeroUsize::new(threads));
    let peak = memory::Peak::watch();
    let (mut given, mut seconds, mut cpu_seconds) = (None, Vec::new(), Vec::new());
    for _ in 0..times {
        drop(given.take());
        let (cpu_before, start) = (memory::cpu_seconds(), Instant::now());
        given = Some(work(&context)?);
        seconds.push(start.elapsed().as_secs_f64());
        cpu_seconds.push(memory::cpu_seconds() - cpu_before);
    }
    print!(
        "{{\"engine\": \"pardox\", \"seconds\": {seconds:?}, \
         \"cpu_seconds\": {cpu_seconds:?}, \"peak_bytes\": {}, ",
        peak.stop()
    );
    given.ok_or_else(|| "expected one time or more".into())
}

/// How fast this machine reads: a sum over the mapped file by one thread, the best of five.
fn tell_bandwidth(path: &str) -> Outcome {
    let file = MappedFile::open(path)?;
    let (words, _) = file.as_bytes().as_chunks::<8>();
    let mut best = f64::INFINITY;
    let mut sum = 0_u64;
    for _ in 0..5 {
        let start = Instant::now();
        let add = |sum: u64, word: &[u8; 8]| sum.wrapping_add(u64::from_ne_bytes(*word));
        sum = std::hint::black_box(words.iter().fold(sum, add));
        best = best.min(start.elapsed().as_secs_f64());
    }
    let speed = (words.len() * 8) as f64 / best / 1e9;
    println!("{{\"gigabytes_per_second\": {speed}, \"sum\": {sum}}}");
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
                ArrayData::Utf8(text) => {
                    let offsets = text.offsets();
                    let bytes = offsets[offsets.len() - 1] - offsets[0];
                    offsets.len() * 4 + bytes as usize
                }
                numbers => numbers.fixed_buffer().map_or(0, Buffer::len_bytes),
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
                    ArrayData::Int64(values) => whole += i128::from(values[row]),
                    ArrayData::Float64(values) => float += values[row],
                    ArrayData::Int32(values) => whole += i128::from(values[row]),
                    ArrayData::Utf8(text) => whole += text.get_bytes(row).len() as i128,
                    _ => panic!("no answer for {}", array.dtype()),
                }
            }
        }
        numbers.push((whole as f64 + float).to_string());
    }
    Ok(numbers)
}
