//! Bytes that the library made, text or binary, until the caller has read them.

use std::sync::Arc;

use pardox_engine::error::{Error, ErrorKind, Result};

use crate::guard::{self, Out, Target};
use crate::handle::{self, Object};
use crate::status::pardox_error;

/// Immutable bytes behind a handle.
pub(crate) struct Bytes {
    bytes: Box<[u8]>,
}

impl Bytes {
    pub(crate) fn new(bytes: Vec<u8>) -> Bytes {
        Bytes { bytes: bytes.into_boxed_slice() }
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// Makes a bytes handle.
pub(crate) fn give(bytes: Vec<u8>) -> Result<u64> {
    handle::insert(Object::Bytes(Arc::new(Bytes::new(bytes))))
}

/// Shows bytes that the library made, text or binary. `data` is valid until the handle is
/// released, and NULL where `length` is 0.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_bytes_view(
    bytes: u64,
    data: *mut *const u8,
    length: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (data, length) = unsafe { (Out::new(data, "data"), Out::new(length, "length")) };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call(error, || {
            data.check()?;
            length.check()?;
            let bytes = handle::bytes(bytes)?;
            if !bytes.bytes.is_empty() {
                data.set(bytes.bytes.as_ptr());
                length.set(bytes.bytes.len() as i64);
            }
            Ok(())
        })
    }
}

/// Copies bytes from `offset_bytes` on into `target`, at most `capacity_bytes` of them.
/// `copied_bytes` is how many: less than the capacity only at the end.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_bytes_copy(
    bytes: u64,
    offset_bytes: i64,
    target: *mut u8,
    capacity_bytes: i64,
    copied_bytes: *mut i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let copied_bytes = unsafe { Out::new(copied_bytes, "copied_bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            copied_bytes.check()?;
            let target = Target::new(target, capacity_bytes, "target")?;
            let bytes = handle::bytes(bytes)?;
            let start = guard::length(offset_bytes, "offset_bytes")?;
            let rest = bytes.bytes.get(start..).ok_or_else(|| {
                let expected = format!("offset_bytes of at most {}", bytes.bytes.len());
                Error::mismatch(ErrorKind::InvalidArgument, expected, start.to_string())
            })?;
            let part = &rest[..rest.len().min(target.capacity_bytes())];
            target.write(0, part);
            copied_bytes.set(part.len() as i64);
            Ok(())
        })
    }
}
