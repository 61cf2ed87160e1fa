//! The PardoX engine.
#[allow(missing_docs)]
mod placeholder {}
