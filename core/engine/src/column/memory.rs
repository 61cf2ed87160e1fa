//! Memory below the buffers: an allocation, or, from 4 MiB on, an anonymous mapping that asks for
//! huge pages: first touch of small pages costs three times as much (docs/decisions/csv.md).
//!
//! Pages of a mapping that goes are kept for the next one (`recycle`), so content is told apart by
//! name: `zeroed` memory reads as zeros, `arbitrary` memory as zeros or as what was there before.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::NonNull;

use super::recycle;
use crate::limits::{BUFFER_ALIGN_BYTES, HUGE_PAGE_ALIGN_BYTES, HUGE_PAGE_BYTES_MIN};

/// Memory of fixed size on 64 bytes; freed on drop.
pub(super) struct Memory {
    pub start: NonNull<u8>,
    pub size_bytes: usize,
    origin: Origin,
}

enum Origin {
    Heap,
    Mapped(Mapping),
}

/// A whole mapping; the memory starts at its first address on a huge page.
struct Mapping {
    start: NonNull<u8>,
    size_bytes: usize,
    /// Sizes of the ranges in huge pages, one behind the other from the memory's start: one for
    /// each piece that was recycled, and the fresh one behind them.
    pieces: Vec<usize>,
}

// SAFETY: plain memory without thread affinity.
unsafe impl Send for Memory {}
// SAFETY: shared access is read only; writes need the unique `MutableBuffer`, a `Window` that no
// other overlaps, or a part of an `Arena` that was not handed out yet.
unsafe impl Sync for Memory {}

impl Memory {
    /// Memory that reads as zeros. Large fresh memory is zero without being written, and costs
    /// nothing until it is touched.
    pub fn zeroed(size_bytes: usize) -> Memory {
        let size_bytes = rounded(size_bytes);
        if is_mapped(size_bytes) {
            let memory = Memory::arbitrary(size_bytes);
            // SAFETY: recycled bytes come first, and are within the memory, which is ours alone.
            unsafe { memory.start.write_bytes(0, memory.recycled_bytes()) };
            return memory;
        }
        let layout = layout(size_bytes);
        // SAFETY: the layout has a non-zero size.
        Memory::on_heap(unsafe { alloc_zeroed(layout) }, layout)
    }

    /// Memory whose bytes nobody reads before they are written.
    pub fn uninitialised(size_bytes: usize) -> Memory {
        let size_bytes = rounded(size_bytes);
        if is_mapped(size_bytes) {
            return Memory::arbitrary(size_bytes);
        }
        let layout = layout(size_bytes);
        // SAFETY: the layout has a non-zero size.
        Memory::on_heap(unsafe { alloc(layout) }, layout)
    }

    fn on_heap(start: *mut u8, layout: Layout) -> Memory {
        let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
        Memory { start, size_bytes: layout.size(), origin: Origin::Heap }
    }

    fn arbitrary(size_bytes: usize) -> Memory {
        match Memory::try_arbitrary(size_bytes, size_bytes) {
            Some(memory) => memory,
            None => handle_alloc_error(layout(size_bytes)),
        }
    }

    /// Initialised memory of any content; `None` when the system has no such memory. The first
    /// `likely_bytes` come in huge pages, of which one touch costs 2 MiB; the rest, which may never
    /// be touched, does not.
    pub fn try_arbitrary(size_bytes: usize, likely_bytes: usize) -> Option<Memory> {
        let size_bytes = rounded(size_bytes);
        if is_mapped(size_bytes) {
            return map_anonymous(size_bytes, likely_bytes.min(size_bytes));
        }
        // SAFETY: the layout has a non-zero size.
        let start = NonNull::new(unsafe { alloc_zeroed(layout(size_bytes)) })?;
        Some(Memory { start, size_bytes, origin: Origin::Heap })
    }

    /// How many bytes at the start may be other than zero in memory that nobody has written to.
    fn recycled_bytes(&self) -> usize {
        let Origin::Mapped(mapping) = &self.origin else { return 0 };
        // All pieces but the last, which is fresh.
        mapping.pieces.iter().rev().skip(1).sum()
    }

    /// Gives the pages behind `used_bytes` back to the system.
    pub fn release_tail(&mut self, used_bytes: usize) {
        // A multiple of every page size in use.
        const PAGE_BYTES_MAX: usize = 64 << 10;
        let Origin::Mapped(mapping) = &mut self.origin else { return };
        let head_bytes = self.start.as_ptr() as usize - mapping.start.as_ptr() as usize;
        let kept_bytes = used_bytes.max(1).next_multiple_of(PAGE_BYTES_MAX);
        if head_bytes + kept_bytes < mapping.size_bytes {
            // SAFETY: within the mapping, and behind every byte that is in use.
            let tail = unsafe { mapping.start.add(head_bytes + kept_bytes) };
            unmap(tail, mapping.size_bytes - head_bytes - kept_bytes);
            mapping.size_bytes = head_bytes + kept_bytes;
            self.size_bytes = self.size_bytes.min(kept_bytes);
            mapping.cut_pieces(kept_bytes);
        }
    }
}

impl Mapping {
    /// Leaves only what is below `kept_bytes` from the memory's start, in whole huge pages.
    fn cut_pieces(&mut self, kept_bytes: usize) {
        let mut left = kept_bytes - kept_bytes % HUGE_PAGE_ALIGN_BYTES;
        for piece in &mut self.pieces {
            *piece = left.min(*piece);
            left -= *piece;
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        match &self.origin {
            // SAFETY: allocated in this file with this very layout.
            Origin::Heap => unsafe { dealloc(self.start.as_ptr(), layout(self.size_bytes)) },
            Origin::Mapped(mapping) => {
                let mut kept_end = self.start;
                for piece_bytes in mapping.pieces.iter().copied() {
                    if piece_bytes > 0 && !recycle::keep(kept_end, piece_bytes) {
                        unmap(kept_end, piece_bytes);
                    }
                    // SAFETY: the pieces are within the mapping.
                    kept_end = unsafe { kept_end.add(piece_bytes) };
                }
                let head_bytes = self.start.as_ptr() as usize - mapping.start.as_ptr() as usize;
                let pieces_bytes = kept_end.as_ptr() as usize - self.start.as_ptr() as usize;
                unmap(mapping.start, head_bytes);
                unmap(kept_end, mapping.size_bytes - head_bytes - pieces_bytes);
            }
        }
    }
}

fn rounded(size_bytes: usize) -> usize {
    size_bytes.max(1).next_multiple_of(BUFFER_ALIGN_BYTES)
}

fn is_mapped(size_bytes: usize) -> bool {
    cfg!(unix) && size_bytes >= HUGE_PAGE_BYTES_MIN
}

fn layout(size_bytes: usize) -> Layout {
    match Layout::from_size_align(size_bytes, BUFFER_ALIGN_BYTES) {
        Ok(layout) => layout,
        Err(_) => panic!("a buffer of {size_bytes} bytes cannot be addressed"),
    }
}

#[cfg(unix)]
fn map_anonymous(size_bytes: usize, likely_bytes: usize) -> Option<Memory> {
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
    let map_bytes = size_bytes.checked_add(HUGE_PAGE_ALIGN_BYTES)?;
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
    // SAFETY: a fresh mapping at an address that the system chooses.
    let map_start = unsafe {
        mmap_anonymous(std::ptr::null_mut(), map_bytes, ProtFlags::READ | ProtFlags::WRITE, flags)
    };
    let map_start = NonNull::new(map_start.ok()?.cast::<u8>())?;
    let head_bytes = map_start.align_offset(HUGE_PAGE_ALIGN_BYTES);
    debug_assert!(head_bytes < HUGE_PAGE_ALIGN_BYTES);
    // SAFETY: the mapping is longer than `size_bytes` by one alignment.
    let start = unsafe { map_start.add(head_bytes) };
    let huge_bytes = likely_bytes - likely_bytes % HUGE_PAGE_ALIGN_BYTES;
    // SAFETY: the range is within the fresh mapping, which nobody else knows of.
    let mut pieces = unsafe { recycle::put_at(start, huge_bytes) }?;
    let fresh_bytes = huge_bytes - pieces.iter().sum::<usize>();
    pieces.push(fresh_bytes);
    // SAFETY: what is fresh ends where the range does.
    advise_huge_pages(unsafe { start.add(huge_bytes - fresh_bytes) }, fresh_bytes);
    let mapping = Mapping { start: map_start, size_bytes: map_bytes, pieces };
    Some(Memory { start, size_bytes, origin: Origin::Mapped(mapping) })
}

#[cfg(not(unix))]
fn map_anonymous(_: usize, _: usize) -> Option<Memory> {
    None
}

/// Unmaps a range that came from `map_anonymous` and that nobody refers to any more.
#[cfg(unix)]
pub(super) fn unmap(start: NonNull<u8>, size_bytes: usize) {
    if size_bytes == 0 {
        return;
    }
    // SAFETY: the range is ours (all callers), whole pages, and no reference into it is left.
    let outcome = unsafe { rustix::mm::munmap(start.as_ptr().cast(), size_bytes) };
    debug_assert!(outcome.is_ok());
}

#[cfg(not(unix))]
pub(super) fn unmap(_: NonNull<u8>, _: usize) {}

#[cfg(target_os = "linux")]
fn advise_huge_pages(start: NonNull<u8>, size_bytes: usize) {
    // SAFETY: the range is a mapping of ours; the advice changes no content. A refusal only costs
    // speed.
    let _ = unsafe {
        rustix::mm::madvise(start.as_ptr().cast(), size_bytes, rustix::mm::Advice::LinuxHugepage)
    };
}

#[cfg(all(unix, not(target_os = "linux")))]
fn advise_huge_pages(_: NonNull<u8>, _: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: usize = 3 * HUGE_PAGE_BYTES_MIN;

    fn bytes(memory: &Memory) -> &[u8] {
        // SAFETY: initialised (zeroed or written before), and nobody writes meanwhile.
        unsafe { std::slice::from_raw_parts(memory.start.as_ptr(), memory.size_bytes) }
    }

    fn dirty(size_bytes: usize) -> Memory {
        let memory = Memory::zeroed(size_bytes);
        // SAFETY: within the memory, which is ours alone.
        unsafe { memory.start.write_bytes(0xAB, memory.size_bytes) };
        memory
    }

    #[test]
    fn zeroed_memory_is_zero_also_when_pages_come_back() {
        for size_bytes in [1, LARGE, LARGE + 777, 5 * LARGE] {
            drop(dirty(size_bytes));
            assert!(bytes(&Memory::zeroed(size_bytes)).iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn memory_of_many_sizes_is_nobody_elses() {
        let mut held: Vec<(Memory, u8)> = Vec::new();
        for round in 0..60_u8 {
            let size_bytes = LARGE / 2 + usize::from(round % 7) * 1_000_003;
            let likely_bytes = size_bytes / (1 + usize::from(round % 3));
            let mut memory = Memory::try_arbitrary(size_bytes * 2, likely_bytes).expect("room");
            // SAFETY: within the memory, which is ours alone.
            unsafe { memory.start.write_bytes(round, size_bytes) };
            memory.release_tail(size_bytes);
            held.push((memory, round));
            if round % 4 == 3 {
                held.swap_remove(usize::from(round) % held.len());
            }
            let is_whole = |(memory, mark): &(Memory, u8)| {
                bytes(memory)[..LARGE / 2].iter().all(|byte| byte == mark)
            };
            assert!(held.iter().all(is_whole), "round {round}");
        }
    }

    #[test]
    fn an_address_space_that_is_too_small_is_no_memory() {
        assert!(Memory::try_arbitrary(usize::MAX / 4, 0).is_none());
    }
}
