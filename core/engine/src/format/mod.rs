//! File formats: bytes to batches and back, one folder each.

pub mod arrow;
pub mod csv;
pub mod prdx;
