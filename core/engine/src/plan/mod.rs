//! What is asked, independent of how it is answered.

pub mod document;
pub mod expr;
pub mod functions;
pub mod node;
