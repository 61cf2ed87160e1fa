//! CSV after RFC 4180: bytes to frames (`reader`) and back (`writer`). docs/csv says what is read
//! as what.

mod columns;
mod decode;
mod fields;
mod header;
mod index;
mod infer;
mod options;
mod reader;
mod record;
mod split;
mod stream;
mod writer;

#[cfg(test)]
mod tests;

pub use options::{CsvReadOptions, CsvWriteOptions, DateOrder, Dialect, Policy};
pub use reader::{read_csv, read_csv_bytes, read_csv_in_units, read_csv_names};
pub use stream::{CsvStream, CsvWindows};
pub use writer::{CsvSink, write_csv};
