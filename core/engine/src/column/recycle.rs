//! Pages that were in use, kept for whoever needs large memory next.
//!
//! A fresh page must be zeroed by the system, and in a virtual machine perhaps fetched from its
//! host: more work than most answers take to compute. What is kept is told to the system to be free
//! (`MADV_FREE`): it takes such pages back, without asking, as soon as it is short of memory, so
//! they count as available (docs/decisions/memory.md).
//!
//! ```text
//! a mapping goes:    [ 53 MiB ]            stays mapped, marked as free
//! a larger one comes [ 53 MiB | fresh ...  the pages move to its head: an update of page tables
//! ```

use std::ptr::NonNull;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::memory::unmap;
use crate::bytes::memory::available_bytes;
use crate::limits::{RECYCLED_BYTES_MAX, RECYCLED_MEMORY_SHARE, RECYCLED_PIECES_MAX};

/// Whole huge pages, mapped, that nobody refers to.
struct Piece {
    start: NonNull<u8>,
    size_bytes: usize,
}

// SAFETY: plain memory without thread affinity; whoever holds the piece is its only owner.
unsafe impl Send for Piece {}

/// `None` once nothing is kept any more.
static KEPT: Mutex<Option<Vec<Piece>>> = Mutex::new(Some(Vec::new()));

fn with_kept<T>(change: impl FnOnce(&mut Vec<Piece>) -> T) -> Option<T> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(change)
}

/// Bytes that are kept at most.
fn kept_bytes_max() -> usize {
    static MAX: OnceLock<usize> = OnceLock::new();
    *MAX.get_or_init(|| {
        let share = available_bytes().unwrap_or(0) / RECYCLED_MEMORY_SHARE;
        usize::try_from(share).map_or(RECYCLED_BYTES_MAX, |share| share.min(RECYCLED_BYTES_MAX))
    })
}

/// Takes over whole huge pages of a mapping that nobody refers to any more; `false`: the caller
/// keeps them, there are enough.
pub(super) fn keep(start: NonNull<u8>, size_bytes: usize) -> bool {
    let max = kept_bytes_max();
    let is_kept = with_kept(|kept| {
        let held_bytes: usize = kept.iter().map(|piece| piece.size_bytes).sum();
        let has_room = held_bytes + size_bytes <= max && kept.len() < RECYCLED_PIECES_MAX;
        // Those who write next never read what is lost, so nobody sees when it is.
        if has_room && mark_free(start, size_bytes) {
            kept.push(Piece { start, size_bytes });
            return true;
        }
        false
    });
    is_kept == Some(true)
}

/// Gives all pages that are kept back to the system, and keeps none from now on.
pub fn stop_recycling() {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
    for piece in kept.into_iter().flatten() {
        unmap(piece.start, piece.size_bytes);
    }
}

/// Moves pages that are kept to the head of a range, as far as they reach; the sizes of the pieces,
/// one behind the other. Their content is what it was, or zeros, and stays so.
///
/// `None` when the system took the range away: then nobody may use or unmap it.
///
/// # Safety
/// - The range is mapped, starts on a huge page, and nobody refers to it.
pub(super) unsafe fn put_at(start: NonNull<u8>, size_bytes: usize) -> Option<Vec<usize>> {
    let (mut sizes, mut used_bytes) = (Vec::new(), 0);
    while let Some(piece) = take(size_bytes - used_bytes) {
        // SAFETY: the piece is no larger than what is left of the range.
        let target = unsafe { start.add(used_bytes) };
        // SAFETY: nobody refers to either range (the caller's, and what `keep` took over).
        match unsafe { move_pages(&piece, target) } {
            Moved::Yes => {
                settle(target, piece.size_bytes);
                sizes.push(piece.size_bytes);
                used_bytes += piece.size_bytes;
            }
            Moved::No => {
                unmap(piece.start, piece.size_bytes);
                break;
            }
            Moved::RangeLost => return None,
        }
    }
    Some(sizes)
}

/// The largest piece of at most that size, or a part of a larger one.
fn take(size_bytes_max: usize) -> Option<Piece> {
    if size_bytes_max == 0 {
        return None;
    }
    with_kept(|kept| {
        let sizes = || kept.iter().enumerate().map(|(at, piece)| (piece.size_bytes, at));
        let fitting = sizes().filter(|(size, _)| *size <= size_bytes_max).max();
        if let Some((_, at)) = fitting {
            return Some(kept.swap_remove(at));
        }
        let (_, at) = sizes().min()?;
        let larger = &mut kept[at];
        let part = Piece { start: larger.start, size_bytes: size_bytes_max };
        // SAFETY: the piece is larger than the part.
        larger.start = unsafe { larger.start.add(size_bytes_max) };
        larger.size_bytes -= size_bytes_max;
        Some(part)
    })
    .flatten()
}

enum Moved {
    Yes,
    /// All is as it was.
    No,
    RangeLost,
}

/// Makes the content certain: a page that is written to is no longer free to be taken. What was
/// taken until then is zero.
fn settle(start: NonNull<u8>, size_bytes: usize) {
    const PAGE_BYTES_MIN: usize = 4 << 10;
    for offset in (0..size_bytes).step_by(PAGE_BYTES_MIN) {
        // SAFETY: within the range, which is mapped and ours alone.
        unsafe { start.add(offset).write_volatile(0) };
    }
}

#[cfg(all(target_os = "linux", not(miri)))]
fn mark_free(start: NonNull<u8>, size_bytes: usize) -> bool {
    // SAFETY: the range is a mapping that nobody refers to any more.
    let outcome = unsafe {
        rustix::mm::madvise(start.as_ptr().cast(), size_bytes, rustix::mm::Advice::LinuxFree)
    };
    outcome.is_ok()
}

#[cfg(not(all(target_os = "linux", not(miri))))]
fn mark_free(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// # Safety
/// - The target is mapped, as long as the piece at least; nobody refers to it or to the piece.
#[cfg(all(target_os = "linux", not(miri)))]
unsafe fn move_pages(piece: &Piece, target: NonNull<u8>) -> Moved {
    use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap_anonymous, mremap_fixed};
    let (from, to, len) = (piece.start.as_ptr().cast(), target.as_ptr().cast(), piece.size_bytes);
    // SAFETY: the caller's.
    if unsafe { mremap_fixed(from, len, len, MremapFlags::MAYMOVE, to) }.is_ok() {
        return Moved::Yes;
    }
    // The target may be gone. It is mapped anew, unless another thread was given its addresses.
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED_NOREPLACE;
    // SAFETY: maps nothing over anything.
    match unsafe { mmap_anonymous(to, len, ProtFlags::READ | ProtFlags::WRITE, flags) } {
        Ok(found) if found == to => Moved::No,
        _ => Moved::RangeLost,
    }
}

/// # Safety
/// - None: nothing is moved.
#[cfg(not(all(target_os = "linux", not(miri))))]
unsafe fn move_pages(_: &Piece, _: NonNull<u8>) -> Moved {
    Moved::No
}
