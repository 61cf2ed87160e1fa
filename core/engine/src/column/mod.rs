//! Typed values in memory, in the Arrow columnar layout.

pub mod array;
pub mod bitmap;
pub mod buffer;
pub mod builder;
pub mod dictionary;
pub mod dtype;
pub mod faults;
pub mod frame;
pub mod hyperblock;
pub mod intern;
pub mod json;
pub mod json_read;
mod memory;
pub mod nested;
pub mod nested_type;
pub mod print;
mod recycle;
pub mod scalar;
pub mod schema;
pub mod text;

pub use array::{Array, ArrayData, Stored};
pub use bitmap::Bitmap;
pub use buffer::{Arena, Buffer, MutableBuffer, PlacedBuffer, Room, Values, Window};
pub use builder::ArrayBuilder;
pub use dictionary::{Dictionary, Unified};
pub use dtype::{DataType, Storage, StructField};
pub use faults::Faults;
pub use frame::Frame;
pub use hyperblock::{Column, HyperBlock, PendingArray};
pub use intern::Interner;
pub use nested::{ListValues, StructValues};
pub use recycle::stop_recycling;
pub use scalar::Scalar;
pub use schema::{ColumnDef, Schema, SchemaRef};
pub use text::{Text, TextAppender, TextBuilder};
