//! Looks at bytes without knowing what they mean: where they come from, where they go.

pub mod civil;
pub mod simd;
pub mod sink;
pub mod source;
