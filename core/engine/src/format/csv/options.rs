//! How CSV is read and written: plain data.

/// How CSV is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvWriteOptions {
    /// ASCII byte between fields.
    pub delimiter: u8,
    /// ASCII byte around fields that need it.
    pub quote: u8,
    /// Whether the first record names the columns.
    pub header: bool,
    /// What stands for null.
    pub null_value: String,
}
