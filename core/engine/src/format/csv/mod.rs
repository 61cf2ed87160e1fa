//! CSV after RFC 4180.

mod options;

pub use options::CsvWriteOptions;
