//! `.prdx`: a file that is the memory. Buffers lie in it exactly as columns hold them, so opening
//! one is a map and a look at its footer, and writing one is a copy. `docs/prdx.md` describes each
//! byte.

mod dictionary;
mod layout;
mod nested;
mod reader;
mod schema;
mod sink;
mod statistics;
mod writer;

pub use reader::open_prdx;
pub use sink::PrdxSink;
pub use writer::write_prdx;
