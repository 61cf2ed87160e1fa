//! The C ABI: every exported function, in the order a caller meets them.
//!
//! In: pointers, lengths and handles, checked here. Out: a status, an error record, and out-params
//! that are written on every path. The engine below knows nothing of C; this crate knows nothing
//! of tables. `docs/abi.md` is the contract in words, `include/pardox.h` the one in C.

#![allow(non_camel_case_types)]
// The duties of a caller are the same for each function, so docs/abi.md has them once; a section
// in each doc comment would stand 38 times in the header and in every binding's docs.
#![allow(clippy::missing_safety_doc)]

// The order of these lines is the order of the header: a blank line keeps each in its place.
pub mod status;

pub mod version;

pub mod process;

pub mod bytes;

pub mod plan;

pub mod operation;

pub mod feed;

pub mod frame;

pub mod column;

pub mod reader;

pub mod arrow;

mod chunks;
mod field;
mod guard;
mod handle;
mod options;
mod picture;
