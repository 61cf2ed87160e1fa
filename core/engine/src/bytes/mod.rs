//! Looks at bytes without knowing what they mean: where they come from and go, where delimiters
//! stand, what digits say.

mod behind;
pub mod calendar;
pub mod civil;
pub mod compress;
pub mod decimal;
pub mod decompress;
pub mod encode;
pub mod encoding;
pub mod feed;
pub mod glob;
pub mod hash;
pub mod json;
pub mod memory;
pub mod number;
pub mod pattern;
pub mod quotient;
pub mod runs;
pub mod scan;
pub mod sink;
pub mod source;
pub mod spool;
pub mod tick;
pub mod utf8;
pub mod zone;
