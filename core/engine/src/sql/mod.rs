//! The second door: text to the very nodes that a builder sends.
//!
//! Three kinds of text: an expression (`price > 10 and region = :r`), a list of items or of sort
//! keys (`a, price * quantity as total`; `total desc nulls first`), and a `select` statement.
//! Values enter as literals or as parameters (`:name`), never by gluing text. What the door does
//! not know is refused by name, with its line and column; `docs/sql.md` lists what it knows.

mod ast;
mod dates;
mod dialect;
mod expand;
mod expression;
mod forms;
mod from;
mod function;
mod group;
mod items;
mod nested;
mod order;
mod scope;
mod select;
mod sets;
mod text;

pub use expand::expand;
