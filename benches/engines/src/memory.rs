//! What the process holds, as Linux tells it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use pardox_engine::column::MutableBuffer;

/// Watches the anonymous memory of the process: mapped files do not count, they are the system's.
pub struct Peak {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<u64>,
}

impl Peak {
    pub fn watch() -> Peak {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = stop.clone();
        let watcher = std::thread::spawn(move || {
            let mut peak = anonymous_bytes();
            while !seen.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(2));
                peak = peak.max(anonymous_bytes());
            }
            peak.max(anonymous_bytes())
        });
        Peak { stop, watcher }
    }

    pub fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().unwrap_or(0)
    }
}

fn anonymous_bytes() -> u64 {
    status_bytes("RssAnon:")
}

/// The most that was ever resident, mapped files included.
pub fn peak_resident_bytes() -> u64 {
    status_bytes("VmHWM:")
}

fn status_bytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Time of all threads, user and system; a tick is 10 ms.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted behind the name, which may hold blanks.
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Touches memory in huge pages, and frees it: the next process then finds free memory that the
/// system really has. (A virtual machine gives what it does not use back to its host.)
pub fn touch(megabytes: usize) {
    let mut memory = MutableBuffer::zeroed::<u64>(megabytes * 1_000_000 / 8);
    memory.as_mut_slice::<u64>().iter_mut().step_by(512).for_each(|word| *word = 1);
    std::hint::black_box(memory.as_mut_slice::<u64>().len());
}
