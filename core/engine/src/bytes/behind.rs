//! Buffers to a file in order, by a thread of their own, while the next ones are made.
//!
//! ```text
//! caller: fill a buffer --full--> thread: write it; every few MiB ask the disk to begin
//!                       <--empty--
//! ```
//! A few buffers travel, so whoever fills them faster than the file takes them waits.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use crate::limits::{SINK_BUFFERS_MAX, SINK_WRITEBACK_BYTES};

/// A file that is written behind its caller's back. Dropped, it writes what it was given and ends.
#[derive(Debug)]
pub struct WriteBehind {
    /// `None` once nothing more comes.
    full: Option<SyncSender<Vec<u8>>>,
    empty: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl WriteBehind {
    /// Starts at the place where the file stands.
    ///
    /// Errors: the system refuses a thread or another handle.
    pub fn start(file: &File) -> io::Result<WriteBehind> {
        let file = file.try_clone()?;
        let (full, to_write) = sync_channel(SINK_BUFFERS_MAX);
        let (written, empty) = channel();
        let thread = Builder::new()
            .name("pardox-sink".to_owned())
            .spawn(move || write_all(file, &to_write, &written))?;
        Ok(WriteBehind { full: Some(full), empty, thread: Some(thread) })
    }

    /// Gives a buffer away and takes one that is empty.
    ///
    /// Errors: a buffer before this one could not be written.
    pub fn write(&mut self, buffer: Vec<u8>) -> io::Result<Vec<u8>> {
        let is_taken = self.full.as_ref().is_some_and(|full| full.send(buffer).is_ok());
        if !is_taken {
            self.finish()?;
            return Err(io::Error::other("the file takes no more bytes"));
        }
        Ok(self.empty.try_recv().unwrap_or_default())
    }

    /// Waits until all is written.
    ///
    /// Errors: the first of all writes.
    pub fn finish(&mut self) -> io::Result<()> {
        self.full = None;
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for WriteBehind {
    fn drop(&mut self) {
        self.full = None;
        if let Some(thread) = self.thread.take() {
            // Whoever drops this unfinished throws the file away, and what it says with it.
            let _ = thread.join();
        }
    }
}

fn write_all(
    mut file: File,
    to_write: &Receiver<Vec<u8>>,
    written: &Sender<Vec<u8>>,
) -> io::Result<()> {
    let (mut begun_bytes, mut written_bytes) = (0, 0);
    while let Ok(mut buffer) = to_write.recv() {
        file.write_all(&buffer)?;
        written_bytes += buffer.len() as u64;
        if written_bytes - begun_bytes >= SINK_WRITEBACK_BYTES {
            begin_writeback(&file, begun_bytes, written_bytes - begun_bytes);
            begun_bytes = written_bytes;
        }
        buffer.clear();
        // A caller that is gone needs no buffer.
        let _ = written.send(buffer);
    }
    Ok(())
}

/// Asks the disk to begin with bytes that are in the page cache, so that `fsync` at the end finds
/// little left. Linux starts to write dirty pages when told that they are not needed soon, and
/// drops only clean ones (posix_fadvise(2), "Bugs and notes"). A file system that ignores it costs
/// speed alone.
#[cfg(target_os = "linux")]
fn begin_writeback(file: &File, offset_bytes: u64, len_bytes: u64) {
    let len = std::num::NonZeroU64::new(len_bytes);
    let _ = rustix::fs::fadvise(file, offset_bytes, len, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn begin_writeback(_: &File, _: u64, _: u64) {}
