//! What is asked, independent of how it is answered.

pub mod bind;
pub mod document;
pub mod expr;
pub mod functions;
pub mod literal;
pub mod node;
mod parse;
pub mod stack;
