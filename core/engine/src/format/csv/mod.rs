//! CSV after RFC 4180: bytes to frames (`reader`) and back (`writer`). docs/csv says what is read
//! as what.

mod codes;
mod columns;
mod count;
mod decode;
mod fields;
mod file;
mod header;
mod index;
mod infer;
mod input;
mod lines;
mod multi;
mod options;
mod patient;
mod reader;
mod record;
pub mod sniff;
mod split;
mod stream;
mod table;
mod units;
mod writer;

#[cfg(test)]
mod tests;

pub use input::{CsvInput, CsvInputs, CsvPart, CsvSource};
pub use multi::{count_csv, count_csv_in_units, read_csv, read_csv_names, read_csv_source};
pub use options::{CsvReadOptions, DateOrder, Dialect, Policy};
pub use patient::FaultLog;
pub use reader::{read_csv_bytes, read_csv_in_units};
pub use stream::{CsvStream, CsvWindows};
pub use table::read_csv_patiently;
pub use writer::{CsvSink, CsvWriteOptions, Quoting, write_csv};
