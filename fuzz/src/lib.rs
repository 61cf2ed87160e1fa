//! What the targets share: options from bytes, a slow reader to compare with, and how frames are
//! looked at.

pub mod choice;
pub mod doors;
pub mod frames;
pub mod grammar;
pub mod plain;
pub mod spelling;
