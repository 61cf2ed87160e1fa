//! Lists and structs: their order, and what is made of them and of them again.

pub mod json;
pub mod keys;
pub mod lists;
pub mod rows;
pub mod texts;
