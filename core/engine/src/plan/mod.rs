//! What is asked, independent of how it is answered.

pub mod bind;
mod dismantle;
pub mod document;
pub mod explain;
pub mod expr;
pub mod files;
pub mod functions;
pub mod literal;
pub mod names;
pub mod node;
mod parse;
pub mod rewrite;
pub mod stack;
pub mod text;
pub mod unit;
mod wire_csv;
