//! What a running question carries along: how many threads, how far it is, whether to stop.
//!
//! No globals and no standing pool: workers are scoped threads that end with the section that
//! started them, so a process may fork between operations and unload the library when it likes.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::limits;

/// Shared by the caller, who watches and cancels, and by the workers, who report and obey.
#[derive(Clone, Debug)]
pub struct Context {
    shared: Arc<Shared>,
    counts: Arc<Counts>,
}

#[derive(Debug)]
struct Shared {
    threads: usize,
    cancelled: AtomicBool,
}

#[derive(Debug, Default)]
struct Counts {
    bytes_done: AtomicU64,
    bytes_total: AtomicU64,
    rows_done: AtomicU64,
}

/// How far an operation is. Totals are 0 while unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub bytes_done: u64,
    /// Bytes to read, where known.
    pub bytes_total: u64,
    /// Rows read so far.
    pub rows_done: u64,
}

impl Default for Context {
    fn default() -> Context {
        Context::new(None)
    }
}

impl Context {
    /// Makes a context for one operation; `None` takes as many threads as there are cores.
    pub fn new(threads: Option<NonZeroUsize>) -> Context {
        let threads = threads
            .or_else(|| std::thread::available_parallelism().ok())
            .map_or(1, NonZeroUsize::get)
            .min(limits::THREADS_MAX);
        Context {
            shared: Arc::new(Shared { threads, cancelled: AtomicBool::new(false) }),
            counts: Arc::default(),
        }
    }

    /// The same threads and the same wish to stop for work that counts its progress apart: a look
    /// ahead, or a part whose progress its caller reports.
    pub fn aside(&self) -> Context {
        Context { shared: self.shared.clone(), counts: Arc::default() }
    }

    /// Threads that a parallel section may use.
    pub fn threads(&self) -> usize {
        self.shared.threads
    }

    /// Asks the work to stop; sticky.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Relaxed);
    }

    /// Fails with `Cancelled` once the caller asked to stop. Call it at least every few
    /// milliseconds of work: a cancel must take effect within 100 ms.
    pub fn check(&self) -> Result<()> {
        match self.shared.cancelled.load(Ordering::Relaxed) {
            true => Err(Error::new(ErrorKind::Cancelled, "the operation was cancelled")),
            false => Ok(()),
        }
    }

    /// Adds to the bytes that the work will read.
    pub fn expect_bytes(&self, bytes: u64) {
        self.counts.bytes_total.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Reports bytes and rows that were read.
    pub fn advance(&self, bytes: u64, rows: u64) {
        self.counts.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.counts.rows_done.fetch_add(rows, Ordering::Relaxed);
    }

    /// How far the work is.
    pub fn progress(&self) -> Progress {
        Progress {
            bytes_done: self.counts.bytes_done.load(Ordering::Relaxed),
            bytes_total: self.counts.bytes_total.load(Ordering::Relaxed),
            rows_done: self.counts.rows_done.load(Ordering::Relaxed),
        }
    }

    /// Runs `task(0..task_count)` on the workers and returns the results in order of the index.
    ///
    /// Tasks are claimed in rising order. On failure the error of the lowest failing index that
    /// ran is returned, and no further task starts. One task, or one thread, runs on the caller.
    pub fn parallel<T: Send>(
        &self,
        task_count: usize,
        task: impl Fn(usize) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let worker_count = self.threads().min(task_count);
        if worker_count <= 1 {
            return (0..task_count)
                .map(|index| {
                    self.check()?;
                    task(index)
                })
                .collect();
        }
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let run = || self.drain(task_count, &next, &failed, &task);
        let mut done: Vec<(usize, Result<T>)> = std::thread::scope(|scope| {
            // Deep expressions recurse on workers too. Where the system refuses a thread, the
            // others do its share.
            let spawn = || {
                let builder = std::thread::Builder::new().stack_size(limits::DEEP_STACK_BYTES);
                builder.spawn_scoped(scope, run).ok()
            };
            let helpers: Vec<_> = (1..worker_count).filter_map(|_| spawn()).collect();
            let mut done = run();
            for helper in helpers {
                match helper.join() {
                    Ok(part) => done.extend(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    fn drain<T>(
        &self,
        task_count: usize,
        next: &AtomicUsize,
        failed: &AtomicBool,
        task: &(impl Fn(usize) -> Result<T> + Sync),
    ) -> Vec<(usize, Result<T>)> {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= task_count {
                break;
            }
            let result = self.check().and_then(|()| task(index));
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.push((index, result));
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_keeps_order_and_reports_the_first_error() {
        for threads in [1, 2, 5] {
            let context = Context::new(NonZeroUsize::new(threads));
            let squares = context.parallel(100, |index| Ok(index * index)).expect("no task fails");
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index));
            let failure = context.parallel(100, |index| match index {
                7 => Err(Error::new(ErrorKind::Io, "seven")),
                _ => Ok(index),
            });
            assert_eq!(failure.expect_err("task 7 fails").summary(), "seven");
        }
    }

    #[test]
    fn cancel_is_sticky() {
        let context = Context::default();
        context.cancel();
        let error = context.parallel(3, |_| Ok(())).expect_err("cancelled before the start");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
