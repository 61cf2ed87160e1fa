//! The library within its process: who began to use it, whether it is shut down, what is live.
//!
//! All global state of the library is here and in `handle.rs`: the process id, the shutdown flag,
//! the list of threads (`operation.rs`) and the handle table; beside it the engine keeps pages for
//! reuse. A forked child inherits locks that threads it does not have may hold; so each call
//! compares process ids before it takes any lock.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use pardox_engine::column::stop_recycling;
use pardox_engine::error::{Error, ErrorKind, Result};

use crate::guard::{self, Out};
use crate::handle;
use crate::operation;
use crate::status::pardox_error;

/// The process that made the first handle; 0 before. What was forked earlier may begin afresh.
static OWNER: AtomicU32 = AtomicU32::new(0);

static SHUT_DOWN: AtomicBool = AtomicBool::new(false);

/// Refuses a forked child, then a library that was shut down.
pub(crate) fn check_open() -> Result<()> {
    check_not_forked()?;
    match SHUT_DOWN.load(Ordering::Acquire) {
        true => Err(Error::new(ErrorKind::ShutDown, "PardoX was shut down in this process")),
        false => Ok(()),
    }
}

fn check_not_forked() -> Result<()> {
    match OWNER.load(Ordering::Acquire) {
        0 => Ok(()),
        owner if owner == std::process::id() => Ok(()),
        owner => Err(Error::new(
            ErrorKind::Forked,
            format!("this process is a fork of process {owner}, which began to use PardoX"),
        )
        .hint("use PardoX for the first time after the fork, or start a new program")),
    }
}

/// Makes this process the one that uses the library; comes before the first lock is ever taken.
pub(crate) fn claim() -> Result<()> {
    let _ = OWNER.compare_exchange(0, std::process::id(), Ordering::AcqRel, Ordering::Acquire);
    check_not_forked()
}

/// Whether a handle was ever made; until then no lock needs to be touched.
pub(crate) fn is_claimed() -> bool {
    OWNER.load(Ordering::Acquire) != 0
}

/// Counts the live handles and the bytes of memory that they hold; memory that several handles
/// share counts for each. Works after `pardox_shutdown` too.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_live(
    handle_count: *mut i64,
    size_bytes: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (handle_count, size_bytes) =
        unsafe { (Out::new(handle_count, "handle_count"), Out::new(size_bytes, "size_bytes")) };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call_always(error, || {
            check_not_forked()?;
            handle_count.check()?;
            size_bytes.check()?;
            let live = handle::live();
            handle_count.set(live.handle_count);
            size_bytes.set(live.size_bytes);
            Ok(())
        })
    }
}

/// Gives a handle of any kind back and sets it to 0. Zero is fine, so a second call is harmless; a
/// stale copy is answered with `PARDOX_STATUS_RELEASED_HANDLE`. What others still need lives on: a
/// column outlives its frame, an operation its plan. A running operation is cancelled and not
/// waited for; a feed that is not finished is given up. Works after `pardox_shutdown`; in a forked
/// child it only sets the handle to 0.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_release(handle: *mut u64, error: *mut pardox_error) -> i32 {
    if handle.is_null() {
        // SAFETY: the caller's duty (docs/abi.md: the error record).
        return unsafe { guard::call_always(error, || Err(guard::null("handle"))) };
    }
    // SAFETY: not null; the caller's duty is that it is a handle of theirs.
    let number = unsafe {
        let number = handle.read_unaligned();
        handle.write_unaligned(0);
        number
    };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call_always(error, || {
            if number == 0 || check_not_forked().is_err() {
                return Ok(());
            }
            let object = handle::remove(number)?;
            match &object {
                handle::Object::Operation(operation) => operation.cancel(),
                handle::Object::Feed(feed) => feed.abandon(),
                _ => {}
            }
            drop(object);
            Ok(())
        })
    }
}

/// Cancels all work and waits until every thread of the library has ended. Final: afterwards all
/// calls except this one, `pardox_release` and `pardox_live` give `PARDOX_STATUS_SHUT_DOWN`. Views
/// stay valid until their handles are released. Call it before the library is unloaded.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_shutdown(error: *mut pardox_error) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call_always(error, || {
            check_not_forked()?;
            SHUT_DOWN.store(true, Ordering::Release);
            if is_claimed() {
                operation::end_all();
                stop_recycling();
            }
            Ok(())
        })
    }
}

/// Panics on purpose, here (0) or on a thread of the library (1), and so gives
/// `PARDOX_STATUS_INTERNAL`: the proof that a defect stops at this door.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_inject_panic(in_worker: i32, error: *mut pardox_error) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call(error, || match in_worker {
            0 => panic!("injected at the door"),
            1 => operation::panic_in_worker(),
            other => Err(Error::mismatch(
                ErrorKind::InvalidArgument,
                "in_worker of 0 or 1",
                other.to_string(),
            )),
        })
    }
}
