//! Operations: questions that are being answered on threads of the library.
//!
//! ```text
//!   collect --> Operation <-- wait, progress, cancel, result     (the caller's threads)
//!                   ^
//!                   +------- worker thread, which owns plan, frames and result until it ends
//! ```
//!
//! A worker holds the operation, not the other way round: releasing the handle of running work
//! cancels it and lets the thread end by itself; `pardox_shutdown` waits for all of them.

use std::ffi::c_char;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pardox_engine::column::Frame;
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::limits::{DEEP_STACK_BYTES, THREADS_MAX};
use pardox_engine::plan::document;

use crate::frame;
use crate::guard::{self, Out};
use crate::handle::{self, Object};
use crate::options::Options;
use crate::plan;
use crate::status::pardox_error;

/// One answer in the making.
pub(crate) struct Operation {
    context: Context,
    outcome: Mutex<Option<Result<Frame>>>,
    ended: Condvar,
    waiting: AtomicBool,
}

impl Operation {
    /// Asks the work to stop; does nothing once it ended.
    pub(crate) fn cancel(&self) {
        self.context.cancel();
    }

    fn outcome(&self) -> MutexGuard<'_, Option<Result<Frame>>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the work ended or the time is over; `None` waits for ever.
    fn wait(&self, timeout: Option<Duration>) -> Result<pardox_state> {
        if self.waiting.swap(true, Ordering::Acquire) {
            return Err(busy("another thread waits for this operation"));
        }
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut outcome = self.outcome();
        while outcome.is_none() {
            outcome = match deadline {
                None => self.ended.wait(outcome).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    let woken = self.ended.wait_timeout(outcome, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        let state = match &*outcome {
            None => pardox_state::Running,
            Some(Ok(_)) => pardox_state::Done,
            Some(Err(_)) => pardox_state::Failed,
        };
        self.waiting.store(false, Ordering::Release);
        Ok(state)
    }

    fn result(&self) -> Result<Frame> {
        self.outcome().clone().unwrap_or_else(|| Err(busy("the operation still runs")))
    }
}

fn busy(what: &str) -> Error {
    Error::new(ErrorKind::Busy, what)
}

/// The threads of the library that may still run.
struct Workers {
    list: Vec<(Weak<Operation>, JoinHandle<()>)>,
    closed: bool,
}

static WORKERS: Mutex<Workers> = Mutex::new(Workers { list: Vec::new(), closed: false });

fn workers() -> MutexGuard<'static, Workers> {
    WORKERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts work on a thread of its own.
///
/// Errors: `ShutDown`; `LimitExceeded` when the system gives no thread.
fn start(
    context: Context,
    work: impl FnOnce(&Context) -> Result<Frame> + Send + 'static,
) -> Result<Arc<Operation>> {
    crate::process::claim()?;
    let operation = Arc::new(Operation {
        context,
        outcome: Mutex::new(None),
        ended: Condvar::new(),
        waiting: AtomicBool::new(false),
    });
    let mut workers = workers();
    if workers.closed {
        return Err(Error::new(ErrorKind::ShutDown, "PardoX was shut down in this process"));
    }
    let (ended, running) =
        std::mem::take(&mut workers.list).into_iter().partition(|(_, thread)| thread.is_finished());
    workers.list = running;
    let inner = operation.clone();
    let thread = spawn(move || {
        let outcome = guard::stop_panics(|| work(&inner.context));
        *inner.outcome() = Some(outcome);
        inner.ended.notify_all();
    })?;
    workers.list.push((Arc::downgrade(&operation), thread));
    drop(workers);
    join(ended);
    Ok(operation)
}

fn join(ended: Vec<(Weak<Operation>, JoinHandle<()>)>) {
    for (_, thread) in ended {
        // A worker stops its own panics, so there is nothing to learn from the join.
        let _ = thread.join();
    }
}

/// Cancels all work, waits for it, and refuses work from now on.
pub(crate) fn end_all() {
    // Held to the end, so that a second caller returns only when all threads have ended too.
    static ENDING: Mutex<()> = Mutex::new(());
    let _ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut workers = workers();
    workers.closed = true;
    let list = std::mem::take(&mut workers.list);
    drop(workers);
    list.iter().filter_map(|(operation, _)| operation.upgrade()).for_each(|one| one.cancel());
    join(list);
}

/// Starts a named thread with a large stack, on which no signal of the host's is handled.
fn spawn(body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let mask = signals::block();
    // The stack is that of a plan's depth; a host's own threads may have 128 KiB.
    let builder =
        std::thread::Builder::new().name("pardox-work".to_owned()).stack_size(DEEP_STACK_BYTES);
    let thread = builder.spawn(body);
    signals::restore(mask);
    thread.map_err(|error| {
        let summary = format!("the system gives no thread: {error}");
        Error::new(ErrorKind::LimitExceeded, summary).hint("wait until other work has ended")
    })
}

/// A thread of the library inherits the mask of the caller's: with all signals blocked around the
/// start, the host's handlers run on the host's threads only.
mod signals {
    use std::mem::MaybeUninit;

    pub(super) fn block() -> libc::sigset_t {
        let mut all = MaybeUninit::<libc::sigset_t>::uninit();
        let mut before = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: both sets are valid for writes; `sigfillset` initialises the first, and a
        // zeroed set is a valid one should the call fail.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            // A fault of the thread's own must stay deadly rather than hang it.
            for fault in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL] {
                libc::sigdelset(all.as_mut_ptr(), fault);
            }
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
            before.assume_init()
        }
    }

    pub(super) fn restore(before: libc::sigset_t) {
        // SAFETY: a set that the system gave.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &before, std::ptr::null_mut()) };
    }
}

/// Panics on a worker and gives what became of it.
pub(crate) fn panic_in_worker() -> Result<()> {
    let operation = start(Context::default(), |_| panic!("injected in a worker"))?;
    operation.wait(None)?;
    operation.result().map(drop)
}

fn threads(text: &str) -> Result<Option<std::num::NonZeroUsize>> {
    let options = Options::parse(text, "collect", &["threads"])?;
    let threads = options.integer("threads", 1, THREADS_MAX as i64)?;
    Ok(threads.and_then(|threads| std::num::NonZeroUsize::new(threads as usize)))
}

/// How an operation stands.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pardox_state {
    /// The work goes on.
    Running = 0,
    /// The result is there.
    Done = 1,
    /// The work failed or was cancelled: `pardox_operation_result` gives the error.
    Failed = 2,
}

/// Begins to answer a plan on a thread of the library and returns at once. `params` is a JSON
/// object of literals by name, `options` one such as `{"threads":2}`; each may be empty. The
/// operation keeps the plan and the frames alive, and waits for feeds that are not finished.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_collect(
    plan: u64,
    frames: *const u64,
    frame_count: i64,
    params: *const c_char,
    params_length: i64,
    options: *const c_char,
    options_length: i64,
    operation: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(operation, "operation") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let plan = handle::plan(plan)?;
            let frames = plan::frames(frames, frame_count)?;
            let params = guard::text(params, params_length, "params")?;
            let params = document::parse_params(params)?;
            let threads = threads(guard::text(options, options_length, "options")?)?;
            let operation = start(Context::new(threads), move |context| {
                engine::run(plan.document(), &frames, &params, context)
            })?;
            out.set(handle::insert(Object::Operation(operation))?);
            Ok(())
        })
    }
}

/// Waits until the work ends or the time is over: -1 waits for ever, 0 only asks. `state` is a
/// pardox_state. A second thread that waits on the same operation gets `PARDOX_STATUS_BUSY`.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_operation_wait(
    operation: u64,
    timeout_ms: i64,
    state: *mut i32,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let state = unsafe { Out::new(state, "state") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            state.check()?;
            let timeout = match timeout_ms {
                -1 => None,
                other => Some(Duration::from_millis(guard::length(other, "timeout_ms")? as u64)),
            };
            state.set(handle::operation(operation)?.wait(timeout)? as i32);
            Ok(())
        })
    }
}

/// Tells how far the work is, at any time and from any thread. `bytes_total` is 0 while unknown.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_operation_progress(
    operation: u64,
    bytes_done: *mut i64,
    bytes_total: *mut i64,
    rows_done: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (bytes_done, bytes_total, rows_done) = unsafe {
        (
            Out::new(bytes_done, "bytes_done"),
            Out::new(bytes_total, "bytes_total"),
            Out::new(rows_done, "rows_done"),
        )
    };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            bytes_done.check()?;
            bytes_total.check()?;
            rows_done.check()?;
            let progress = handle::operation(operation)?.context.progress();
            bytes_done.set(progress.bytes_done as i64);
            bytes_total.set(progress.bytes_total as i64);
            rows_done.set(progress.rows_done as i64);
            Ok(())
        })
    }
}

/// Asks the work to stop, at any time and from any thread; does not wait. Work that ended before
/// keeps its outcome.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_operation_cancel(operation: u64, error: *mut pardox_error) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            handle::operation(operation)?.cancel();
            Ok(())
        })
    }
}

/// Gives the result as a frame, a new handle each time, or the error that the work ended with.
/// `PARDOX_STATUS_BUSY` while it runs.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_operation_result(
    operation: u64,
    frame: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(frame, "frame") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            out.set(frame::give(handle::operation(operation)?.result()?)?);
            Ok(())
        })
    }
}
