//! Which contract this library keeps, and which older ones.

use crate::bytes;
use crate::guard::{self, Out};
use crate::status::pardox_error;

/// Version of the ABI, apart from the product's: a major breaks, a minor adds.
pub const ABI_VERSION: (u32, u32) = (1, 0);

/// Fingerprints of every surface that this library satisfies, today's last. docs/abi.md says how
/// one is computed; `tests/surface.rs` computes today's and prints it when it is missing here.
/// Until 1.0 is released only today's is kept.
pub const SURFACES: &[u64] = &[2_636_665_138_212_699];

/// Gives the version of this ABI: another major is another contract; a higher minor adds.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_abi_version(
    major: *mut u32,
    minor: *mut u32,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let (major, minor) = unsafe { (Out::new(major, "major"), Out::new(minor, "minor")) };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call(error, || {
            major.check()?;
            minor.check()?;
            major.set(ABI_VERSION.0);
            minor.set(ABI_VERSION.1);
            Ok(())
        })
    }
}

/// Gives the version of the library as text such as `0.1.0`, in a bytes handle.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_library_version(bytes: *mut u64, error: *mut pardox_error) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(bytes, "bytes") };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call(error, || {
            out.check()?;
            out.set(bytes::give(env!("CARGO_PKG_VERSION").as_bytes().to_vec())?);
            Ok(())
        })
    }
}

/// Asks whether the library satisfies a surface: `satisfied` becomes 1 or 0. A binding asks once,
/// when it loads, with the fingerprint of the header that it was generated from (docs/abi.md).
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_has_surface(
    fingerprint: u64,
    satisfied: *mut i32,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let satisfied = unsafe { Out::new(satisfied, "satisfied") };
    // SAFETY: the caller's duty (docs/abi.md: the error record).
    unsafe {
        guard::call(error, || {
            satisfied.check()?;
            satisfied.set(i32::from(SURFACES.contains(&fingerprint)));
            Ok(())
        })
    }
}
