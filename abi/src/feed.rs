//! Feeds: bytes that a host pushes and a plan reads as CSV. Open, write as often as one likes,
//! finish; the handle stands among the frames of a call, and `scan_csv` names it by its position.
//!
//! What is written is copied, to memory and, where it is much, to a nameless temporary file; so no
//! write waits for a reader, and a feed may be written before or after the operation that reads it
//! has begun. Exclusive: a second thread that writes gets `busy`.

use std::ffi::c_char;
use std::sync::Arc;

use pardox_engine::bytes::feed::Feed;
use pardox_engine::error::Result;

use crate::guard::{self, Out};
use crate::handle::{self, Object};
use crate::options::Options;
use crate::status::pardox_error;

/// What messages call a feed that was given no name.
const NAME: &str = "feed";

fn open(options: &str) -> Result<u64> {
    let options = Options::parse(options, "feed", &["name"])?;
    let name = options.text("name")?.unwrap_or(NAME);
    handle::insert(Object::Feed(Arc::new(Feed::new(name))))
}

/// Opens a feed, to which bytes of a CSV file are written. `options` is a JSON object such as
/// `{"name":"upload.csv"}`, which messages then show, or empty.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_feed_open(
    options: *const c_char,
    options_length: i64,
    feed: *mut u64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: out-params).
    let out = unsafe { Out::new(feed, "feed") };
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            out.check()?;
            out.set(open(guard::text(options, options_length, "options")?)?);
            Ok(())
        })
    }
}

/// Appends bytes to a feed; they are copied. `PARDOX_STATUS_BUSY` while another thread writes,
/// `PARDOX_STATUS_INVALID_ARGUMENT` once the feed is finished.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_feed_write(
    feed: u64,
    data: *const u8,
    data_length: i64,
    error: *mut pardox_error,
) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe {
        guard::call(error, || {
            let data = guard::bytes(data, data_length, "data")?;
            handle::feed(feed)?.write(data)
        })
    }
}

/// Says that all bytes are written: from here on operations read them. A feed that is released
/// before ends the operations that wait for it with `PARDOX_STATUS_RELEASED_HANDLE`.
// SAFETY: pointers follow docs/abi.md: out-params, lent memory, the error record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pardox_feed_finish(feed: u64, error: *mut pardox_error) -> i32 {
    // SAFETY: the caller's duty (docs/abi.md: the error record, lent memory).
    unsafe { guard::call(error, || handle::feed(feed)?.finish()) }
}
