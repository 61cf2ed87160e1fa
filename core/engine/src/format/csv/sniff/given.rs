//! What the asker knows already: sniffing looks for the rest.

use super::DateOrder;

/// Options that are given; `None` is to be found. An inner `None` is given too: "no quote".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Between fields.
    pub delimiter: Option<String>,
    /// Around fields.
    pub quote: Option<Option<u8>>,
    /// Before a quote that is text.
    pub escape: Option<Option<u8>>,
    /// Starts of lines that are no records.
    pub comment: Option<Option<String>>,
    /// Lines before the header.
    pub skip_lines: Option<u64>,
    /// Whether the first record names the columns.
    pub header: Option<bool>,
    /// Label of the encoding.
    pub encoding: Option<String>,
    /// Whether blanks around fields are dropped.
    pub trim: Option<bool>,
    /// Mark before the fraction.
    pub decimal: Option<char>,
    /// Mark between groups of digits.
    pub thousands: Option<Option<char>>,
    /// Order of the parts of a date.
    pub date_order: Option<DateOrder>,
}
