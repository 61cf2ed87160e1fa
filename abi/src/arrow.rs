//! Frames out and in as Arrow C streams and as Arrow IPC streams.

use pardox_engine::format::arrow::{self, CStream as ArrowArrayStream};

use crate::bytes;
use crate::frame;
use crate::guard::{self, Out};
use crate::handle;
use crate::status::pardox_error;

/// Fills an Arrow C stream with the frame's rows, sharing memory. The caller gives an empty struct
/// and releases the stream by its own `release`, on any thread, even after `pardox_shutdown`.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_to_arrow(
    frame: u64,
    stream: *mut ArrowArrayStream,
    error: *mut pardox_error,
) -> i32 {
    if !stream.is_null() {
        // SAFETY: the caller gives room for an Arrow stream that holds nothing yet.
        unsafe { stream.write_unaligned(ArrowArrayStream::empty()) }
    }
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            if stream.is_null() {
                return Err(guard::null("stream"));
            }
            let host = handle::frame(frame)?;
            stream.write_unaligned(arrow::to_stream(host.frame())?);
            Ok(())
        })
    }
}

/// Makes a frame of an Arrow C stream, sharing memory where types fit. The stream is taken over:
/// afterwards its `release` is NULL, on every path. Its arrays are released with the last handle
/// that needs them, on any thread.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_from_arrow(
    stream: *mut ArrowArrayStream,
    frame: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(frame, "frame") };
    let taken = match stream.is_null() {
        true => None,
        // SAFETY: the caller hands over an Arrow stream; from here on it is ours to release.
        false => Some(unsafe {
            let taken = stream.read_unaligned();
            stream.write_unaligned(ArrowArrayStream::empty());
            taken
        }),
    };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, move || {
            out.check()?;
            let taken = taken.ok_or_else(|| guard::null("stream"))?;
            out.set(frame::give(arrow::from_stream(taken)?)?);
            Ok(())
        })
    }
}

/// Gives the frame as an Arrow IPC stream, in a bytes handle.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_to_ipc(
    frame: u64,
    bytes: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let host = handle::frame(frame)?;
            out.set(bytes::give(arrow::write_ipc(host.frame())?)?);
            Ok(())
        })
    }
}

/// Makes a frame of an Arrow IPC stream, which is copied and checked.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_frame_from_ipc(
    data: *const u8,
    data_length: i64,
    frame: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(frame, "frame") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            let data = guard::bytes(data, data_length, "data")?;
            out.set(frame::give(arrow::read_ipc(data)?)?);
            Ok(())
        })
    }
}
