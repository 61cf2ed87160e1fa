//! Runs deep recursion on a stack made for it.
//!
//! Documents may nest `DOCUMENT_DEPTH_MAX` brackets, and a host may call from a thread of 128 KiB
//! (musl, some runtimes). The thread lives for one call; its pages are committed as they are used.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::DEEP_STACK_BYTES;

/// Runs `work` on a fresh thread with `DEEP_STACK_BYTES` of stack and waits for it.
///
/// Errors: those of `work`; `LimitExceeded` when the system refuses the thread. A panic goes on
/// in the caller.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(DEEP_STACK_BYTES);
        let worker = builder.spawn_scoped(scope, work).map_err(|error| {
            Error::new(ErrorKind::LimitExceeded, format!("no thread can be started: {error}"))
                .hint("raise the limit on threads or on address space")
        })?;
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
