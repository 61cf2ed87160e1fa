//! Arrow at the edge: frames out and in as C streams and as IPC streams, over the arrow-rs crates.
//!
//! Our buffers have Arrow's layout, so what leaves is shared and what comes in is shared where the
//! type is one of ours. Whatever has no exact place among our types is refused by name.
//!
//! ```text
//!   Frame --export--> RecordBatch --+--> C stream (struct ArrowArrayStream)
//!                                   +--> IPC stream (bytes)
//!   Frame <--import-- RecordBatch <-+--- the same two
//! ```

mod dictionary;
mod export;
mod import;
mod ipc;
mod stream;

pub use ipc::{read_ipc, write_ipc};
pub use stream::{CStream, from_stream, to_stream};

#[cfg(test)]
mod tests;
