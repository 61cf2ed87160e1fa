//! The guard at the door: every export's body runs in it. It refuses calls after a fork and after
//! the shutdown, stops panics, and turns the outcome into a status and an error record.
//!
//! Beside it: the pointers of a C call as safe values, so that a body is plain Rust.

use std::any::Any;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use pardox_engine::error::{Error, ErrorKind, Result};

use crate::process;
use crate::status::{self, pardox_error, pardox_status};

/// Runs the body of an export.
///
/// # Safety
/// - `error` is null or points to a record whose `struct_size` says how many bytes it has.
pub(crate) unsafe fn call(error: *mut pardox_error, body: impl FnOnce() -> Result<()>) -> i32 {
    // SAFETY: the caller's duty is the same.
    unsafe { call_always(error, || process::check_open().and_then(|()| body())) }
}

/// Runs the body of an export that answers after the shutdown and in a forked child too.
///
/// # Safety
/// - As [`call`].
pub(crate) unsafe fn call_always(
    error: *mut pardox_error,
    body: impl FnOnce() -> Result<()>,
) -> i32 {
    // SAFETY: the caller's duty is the same.
    if !unsafe { status::is_usable(error) } {
        return pardox_status::InvalidArgument as i32;
    }
    let outcome = stop_panics(body);
    // SAFETY: as above, and the record is usable.
    unsafe { status::report(error, outcome) }
}

/// Runs a body of ours; a panic in it becomes an `Internal` error.
pub(crate) fn stop_panics<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    keep_panics_quiet();
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(defect(payload)))
}

/// Places of the last panics, so that an `Internal` error can tell where: a payload does not.
static PANIC_PLACES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());
const PANIC_PLACES_MAX: usize = 8;

/// Replaces the hook that prints panics: a library does not write to its host's stderr. The shared
/// library has a copy of Rust's runtime to itself, so no hook of the host's is touched; a Rust host
/// that links the crate itself shares the hook, and sees its own panics through the old one.
fn keep_panics_quiet() {
    static DONE: AtomicBool = AtomicBool::new(false);
    // Not `Once`: a fork while another thread is within it would block the child for ever.
    if cfg!(test) || DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or_default().to_owned();
        if let Ok(mut places) = PANIC_PLACES.try_lock() {
            if places.len() == PANIC_PLACES_MAX {
                places.remove(0);
            }
            places.push((message, place));
        }
    }));
}

fn defect(payload: Box<dyn Any + Send>) -> Error {
    let message = match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().copied().unwrap_or("no message").to_owned(),
    };
    let place = PANIC_PLACES.try_lock().ok().and_then(|places| {
        places.iter().rev().find(|(text, _)| *text == message).map(|(_, place)| place.clone())
    });
    let summary = match place {
        Some(place) => format!("a defect in PardoX: {message} ({place})"),
        None => format!("a defect in PardoX: {message}"),
    };
    Error::new(ErrorKind::Internal, summary).hint("please report it with what led to it")
}

/// A value that a caller's memory may be filled with: plain, and with a natural nothing.
pub(crate) trait Plain: Copy {
    /// What an out-param holds when the call fails.
    const NOTHING: Self;
}

impl Plain for u32 {
    const NOTHING: u32 = 0;
}
impl Plain for i32 {
    const NOTHING: i32 = 0;
}
impl Plain for u64 {
    const NOTHING: u64 = 0;
}
impl Plain for i64 {
    const NOTHING: i64 = 0;
}
impl Plain for *const u8 {
    const NOTHING: *const u8 = std::ptr::null();
}

/// An out-param: nothing until the body sets it. It need not be aligned.
pub(crate) struct Out<T: Plain> {
    target: *mut T,
    name: &'static str,
}

impl<T: Plain> Out<T> {
    /// Takes an out-param and writes nothing to it. Do it for each before [`call`].
    ///
    /// # Safety
    /// - `target` is null, or valid for writes of a `T` until the export returns.
    pub(crate) unsafe fn new(target: *mut T, name: &'static str) -> Out<T> {
        if !target.is_null() {
            // SAFETY: the caller's duty.
            unsafe { target.write_unaligned(T::NOTHING) }
        }
        Out { target, name }
    }

    /// Refuses a null pointer.
    pub(crate) fn check(&self) -> Result<()> {
        match self.target.is_null() {
            true => Err(null(self.name)),
            false => Ok(()),
        }
    }

    /// Writes the value; to a null pointer, nothing.
    pub(crate) fn set(&self, value: T) {
        if !self.target.is_null() {
            // SAFETY: `new`'s caller vouches for the target.
            unsafe { self.target.write_unaligned(value) }
        }
    }
}

/// Memory of the caller's to be filled: never read, never held beyond the call.
pub(crate) struct Target {
    start: *mut u8,
    capacity_bytes: usize,
    name: &'static str,
}

impl Target {
    /// Takes a pointer and its capacity; null is fine where the capacity is 0.
    ///
    /// Errors: `InvalidArgument` for a negative capacity, or a null pointer with a capacity.
    ///
    /// # Safety
    /// - `start` is valid for writes of `capacity_bytes` bytes until the export returns.
    pub(crate) unsafe fn new(
        start: *mut u8,
        capacity_bytes: i64,
        name: &'static str,
    ) -> Result<Target> {
        let capacity_bytes = length(capacity_bytes, name)?;
        match start.is_null() && capacity_bytes > 0 {
            true => Err(null(name)),
            false => Ok(Target { start, capacity_bytes, name }),
        }
    }

    /// Number of bytes that fit.
    pub(crate) fn capacity_bytes(&self) -> usize {
        self.capacity_bytes
    }

    /// Refuses to begin what would not fit.
    pub(crate) fn require(&self, needed_bytes: usize) -> Result<()> {
        match needed_bytes <= self.capacity_bytes {
            true => Ok(()),
            false => Err(Error::mismatch(
                ErrorKind::InvalidArgument,
                format!("{} of at least {needed_bytes} bytes", self.name),
                self.capacity_bytes.to_string(),
            )),
        }
    }

    /// Writes bytes. Panics where they leave the memory.
    pub(crate) fn write(&self, offset_bytes: usize, bytes: &[u8]) {
        assert!(offset_bytes <= self.capacity_bytes);
        assert!(bytes.len() <= self.capacity_bytes - offset_bytes);
        if !bytes.is_empty() {
            // SAFETY: within the capacity, checked above, for which `new`'s caller vouches; the
            // memory is the host's, so it does not overlap ours.
            unsafe {
                let target = self.start.add(offset_bytes);
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
            }
        }
    }

    /// Writes one byte many times. Panics where they leave the memory.
    pub(crate) fn fill(&self, offset_bytes: usize, byte: u8, count: usize) {
        assert!(offset_bytes <= self.capacity_bytes);
        assert!(count <= self.capacity_bytes - offset_bytes);
        if count > 0 {
            // SAFETY: as in `write`.
            unsafe { self.start.add(offset_bytes).write_bytes(byte, count) }
        }
    }
}

/// Bytes that the caller lends for the call.
///
/// Errors: `InvalidArgument` for a negative length, or a null pointer with a length.
///
/// # Safety
/// - `start` is valid for reads of `len` bytes until the export returns.
pub(crate) unsafe fn bytes<'a>(start: *const u8, len: i64, name: &'static str) -> Result<&'a [u8]> {
    let len = length(len, name)?;
    match NonNull::new(start.cast_mut()) {
        None if len == 0 => Ok(&[]),
        None => Err(null(name)),
        // SAFETY: the caller's duty.
        Some(start) => Ok(unsafe { std::slice::from_raw_parts(start.as_ptr(), len) }),
    }
}

/// Text that the caller lends for the call.
///
/// Errors: as [`bytes`]; `InvalidUtf8` with the offset of the first byte that is not UTF-8.
///
/// # Safety
/// - As [`bytes`].
pub(crate) unsafe fn text<'a>(
    start: *const c_char,
    len: i64,
    name: &'static str,
) -> Result<&'a str> {
    // SAFETY: the caller's duty.
    let bytes = unsafe { bytes(start.cast(), len, name)? };
    std::str::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::InvalidUtf8, format!("expected UTF-8 in {name}, found other bytes"))
            .at(|place| place.byte_offset = Some(error.valid_up_to() as u64))
    })
}

/// A length or count of the caller's.
///
/// Errors: `InvalidArgument` when it is negative.
pub(crate) fn length(value: i64, name: &'static str) -> Result<usize> {
    usize::try_from(value).map_err(|_| {
        let summary = format!("expected {name} of 0 or more, found {value}");
        Error::new(ErrorKind::InvalidArgument, summary)
    })
}

/// What a null pointer is answered with.
pub(crate) fn null(name: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("expected {name}, found a null pointer"))
}
