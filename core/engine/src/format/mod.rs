//! File formats: bytes to batches and back, one folder each.

pub mod csv;
pub mod prdx;
