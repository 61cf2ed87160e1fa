//! Runs a plain loop as code for the CPU at hand: the one place of `exec` with `unsafe`.
//!
//! A kernel is a [`Work`]: a struct with its slices and an `#[inline(always)]` loop. [`run`] calls
//! that one loop from a shell for each level, and the compiler vectorises the copy in each shell
//! with the instructions the shell is built for. So the scalar path and its twins are one text, and
//! differ in speed only: no operation is reordered or contracted.

use crate::bytes::scan::Level;

/// A loop over slices. `run` must be `#[inline(always)]`, and so must what it calls.
pub trait Work {
    /// What the loop gives.
    type Output;

    /// Runs the loop.
    fn run(self) -> Self::Output;
}

/// Runs `work` at a level, or at the highest of this CPU where that is lower.
#[inline]
pub fn run<W: Work>(level: Level, work: W) -> W::Output {
    match level {
        Level::Scalar | Level::V2 => work.run(),
        Level::V3 | Level::V4 => run_v3(work),
    }
}

#[cfg(target_arch = "x86_64")]
fn run_v3<W: Work>(work: W) -> W::Output {
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn shell<W: Work>(work: W) -> W::Output {
        work.run()
    }
    if Level::supported() < Level::V3 {
        return work.run();
    }
    debug_assert!(std::is_x86_feature_detected!("avx2"));
    // SAFETY: `supported` found every feature that the shell is built for on this very CPU.
    unsafe { shell(work) }
}

#[cfg(not(target_arch = "x86_64"))]
fn run_v3<W: Work>(work: W) -> W::Output {
    work.run()
}
