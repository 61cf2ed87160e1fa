//! The PardoX engine.

pub mod bytes;
pub mod column;
pub mod context;
pub mod error;
pub mod exec;
pub mod format;
pub mod limits;
pub mod plan;
