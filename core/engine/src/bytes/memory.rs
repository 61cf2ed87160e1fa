//! How much memory this process may still take, where the system says so.

use std::path::{Path, PathBuf};

/// Bytes that this process could take before the system ends it or swaps: the machine's, or what
/// is left of a control group's limit, whichever is less. Caches that would give way count as
/// free. `None` where the system does not say.
pub fn available_bytes() -> Option<u64> {
    let machine = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let kibibytes = value_of(&text, "MemAvailable:")?;
        kibibytes.checked_mul(1024)
    });
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| {
        let path_of = |prefix: &str| text.lines().find_map(|line| behind(line, prefix));
        let root = Path::new("/sys/fs/cgroup");
        let second = path_of("0::").and_then(|path| group_bytes(root, path, &SECOND));
        let first =
            path_of(":memory:").and_then(|path| group_bytes(&root.join("memory"), path, &FIRST));
        [first, second].into_iter().flatten().min()
    });
    [machine, groups].into_iter().flatten().min()
}

/// What stands behind a word of a line that begins with it, or with a number and it.
fn behind<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let start = line.find(word)?;
    let is_number = line[..start].bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| &line[start + word.len()..])
}

/// The files of a version of control groups.
struct Version {
    limits: [&'static str; 2],
    used: &'static str,
    caches: [&'static str; 2],
}

const FIRST: Version = Version {
    limits: ["memory.limit_in_bytes", "memory.soft_limit_in_bytes"],
    used: "memory.usage_in_bytes",
    caches: ["total_inactive_file", "total_active_file"],
};

const SECOND: Version = Version {
    limits: ["memory.max", "memory.high"],
    used: "memory.current",
    caches: ["inactive_file", "active_file"],
};

/// What is left of the narrowest limit on the way from a group up to the root of all.
fn group_bytes(root: &Path, path: &str, version: &Version) -> Option<u64> {
    let mut folder: PathBuf = root.join(path.trim_start_matches('/'));
    let mut least = None;
    loop {
        least = [least, left_in(&folder, version)].into_iter().flatten().min();
        if folder == root || !folder.starts_with(root) || !folder.pop() {
            return least;
        }
    }
}

/// What is left in one group: its limit, but for what it holds that is no cache of files.
fn left_in(folder: &Path, version: &Version) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        std::fs::read_to_string(folder.join(name)).ok()?.trim().parse().ok()
    };
    let limit = version.limits.iter().filter_map(|name| number(name)).min()?;
    let used = number(version.used)?;
    let statistics = std::fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
    let cached: u64 = version.caches.iter().filter_map(|name| value_of(&statistics, name)).sum();
    Some(limit.saturating_sub(used.saturating_sub(cached)))
}

/// The number behind a name at the start of a line.
fn value_of(text: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().map(str::split_ascii_whitespace);
    lines.find_map(|mut words| match words.next() {
        Some(first) if first == name => words.next()?.parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_limit_on_the_way_up_counts_without_caches() {
        let root = std::env::temp_dir().join(format!("pardox-memory-{}", std::process::id()));
        let inner = root.join("user/job");
        std::fs::create_dir_all(&inner).expect("made");
        let put = |folder: &Path, name: &str, text: &str| {
            std::fs::write(folder.join(name), text).expect("written");
        };
        assert_eq!(group_bytes(&root, "/user/job", &SECOND), None);
        put(&inner, "memory.max", "max\n");
        put(&inner, "memory.current", "900\n");
        assert_eq!(group_bytes(&root, "/user/job", &SECOND), None);
        put(&root.join("user"), "memory.max", "1000\n");
        put(&root.join("user"), "memory.current", "900\n");
        assert_eq!(group_bytes(&root, "/user/job", &SECOND), Some(100));
        let stat = "anon 300\nfile 600\ninactive_file 400\nactive_file 200\n";
        put(&root.join("user"), "memory.stat", stat);
        assert_eq!(group_bytes(&root, "/user/job", &SECOND), Some(700));
        put(&inner, "memory.high", "950\n");
        assert_eq!(group_bytes(&root, "/user/job", &SECOND), Some(50));

        put(&inner, "memory.limit_in_bytes", "2000\n");
        put(&inner, "memory.usage_in_bytes", "1500\n");
        assert_eq!(group_bytes(&root, "/user/job", &FIRST), Some(500));
        put(&inner, "memory.stat", "inactive_file 1\ntotal_inactive_file 400\n");
        assert_eq!(group_bytes(&root, "/user/job", &FIRST), Some(900));
        std::fs::remove_dir_all(&root).expect("removed");
    }

    #[test]
    fn lines_of_both_versions_are_told_apart() {
        assert_eq!(behind("0::/user/job", "0::"), Some("/user/job"));
        assert_eq!(behind("10:memory:/user", ":memory:"), Some("/user"));
        assert_eq!(behind("1:name=systemd:/x:memory:/y", ":memory:"), None);
        assert_eq!(behind("4:cpu:/", ":memory:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_system_says() {
        assert!(available_bytes().is_some_and(|bytes| bytes > 0));
    }
}
