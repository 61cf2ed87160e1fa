//! The PardoX engine: files and tables into typed columns, questions into answers.
//!
//! Start in [`engine`]: the whole path of a question in a few functions. Below it, from the
//! question's side down: [`sql`] turns text into nodes, [`plan`] reads documents and resolves names
//! and types. From the data's side up: [`mod@format`] turns bytes into [`column`]s, and back.
//! [`error`] is the one list of what can go wrong, [`limits`] the one list of bounds, and a
//! [`Context`](context::Context) is what work carries along: threads, progress, cancellation.
//!
//! ```
//! use pardox_engine::column::{ArrayBuilder, DataType, Frame, Scalar};
//! use pardox_engine::context::Context;
//! use pardox_engine::engine;
//! use pardox_engine::plan::document;
//!
//! let mut price = ArrayBuilder::new(DataType::Int64, 2);
//! price.push(&Scalar::Int64(7))?;
//! price.push(&Scalar::Int64(12))?;
//! let frame = Frame::from_arrays(vec![("price", price.finish())])?;
//!
//! let document = document::parse(
//!     r#"{"schema":1,"engine":"0.1","plan":{"select":{
//!         "input":{"frame":{"index":0}},
//!         "columns":[{"text":"price * 2 as twice, price > :least as dear"}]}}}"#,
//! )?;
//! let params = document::parse_params(r#"{"least":{"int64":"10"}}"#)?;
//! let schema = engine::schema(&document, &[frame.into()], &params, &Context::default())?;
//! assert_eq!(schema.column(0).dtype, DataType::Int64);
//! assert_eq!(schema.column(1).name, "dear");
//! # Ok::<(), pardox_engine::error::Error>(())
//! ```

pub mod bytes;
pub mod column;
pub mod context;
pub mod display;
pub mod engine;
pub mod error;
pub mod exec;
pub mod format;
pub mod limits;
pub mod plan;
pub mod sql;
