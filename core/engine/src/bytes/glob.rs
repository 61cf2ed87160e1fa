//! Paths by pattern: `*`, `?`, `[...]` within a name, `**` for any number of directories.
//!
//! Names that begin with a dot are matched by patterns that begin with one, as by shells. Only
//! files count; the answer is in order of the paths' bytes.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::GLOB_FILES_MAX;

/// Whether a path holds a sign that patterns are made with.
pub fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// The files whose paths match.
///
/// Errors: `NotFound` when there is none, `LimitExceeded` for more than `GLOB_FILES_MAX`,
/// `Unsupported` for a matching name that is not UTF-8, those of reading directories, `Cancelled`.
pub fn expand(pattern: &str, context: &Context) -> Result<Vec<String>> {
    let (root, rest) = match pattern.strip_prefix('/') {
        Some(rest) => ("/".to_owned(), rest),
        None => (String::new(), pattern),
    };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let mut walk = Walk { pattern, context, found: Vec::new() };
    let mut pile = vec![(root, 0)];
    // Several `**` lead to one directory in many ways.
    let mut seen = HashSet::new();
    while let Some((base, depth)) = pile.pop() {
        context.check()?;
        if !seen.insert((base.clone(), depth)) {
            continue;
        }
        walk.visit(&base, depth, &parts, &mut pile)?;
    }
    let mut found = walk.found;
    found.sort_unstable();
    found.dedup();
    match found.is_empty() {
        true => Err(no_match(pattern, &parts)),
        false => Ok(found),
    }
}

struct Walk<'a> {
    pattern: &'a str,
    context: &'a Context,
    found: Vec<String>,
}

impl Walk<'_> {
    /// Puts what matches part `depth` below `base` on the pile, or among the files found.
    fn visit(
        &mut self,
        base: &str,
        depth: usize,
        parts: &[&str],
        pile: &mut Vec<(String, usize)>,
    ) -> Result<()> {
        let (part, is_last) = (parts[depth], depth + 1 == parts.len());
        if part == "**" {
            // No directory at all, then each one below; `**` at the end stands for all files.
            match is_last {
                true => self.entries(
                    base,
                    "*",
                    |walk, path, is_dir| {
                        if !is_dir { walk.add(path) } else { Ok(()) }
                    },
                )?,
                false => pile.push((base.to_owned(), depth + 1)),
            }
            return self.entries(base, "*", |_, path, is_dir| {
                // A linked directory may lead back to where it stands.
                if is_dir && !Path::new(&path).is_symlink() {
                    pile.push((path, depth));
                }
                Ok(())
            });
        }
        if !is_pattern(part) {
            let path = join(base, part);
            match fs::metadata(&path) {
                Ok(metadata) if is_last && !metadata.is_dir() => self.add(path)?,
                Ok(metadata) if !is_last && metadata.is_dir() => pile.push((path, depth + 1)),
                _ => {}
            }
            return Ok(());
        }
        self.entries(base, part, |walk, path, is_dir| {
            match (is_last, is_dir) {
                (true, false) => walk.add(path)?,
                (false, true) => pile.push((path, depth + 1)),
                _ => {}
            }
            Ok(())
        })
    }

    fn add(&mut self, path: String) -> Result<()> {
        if self.found.len() == GLOB_FILES_MAX {
            let summary = format!("more than {GLOB_FILES_MAX} files match {:?}", self.pattern);
            return Err(Error::new(ErrorKind::LimitExceeded, summary)
                .hint("read them in parts, by narrower patterns"));
        }
        self.found.push(path);
        Ok(())
    }

    /// Calls `each` with the paths below `base` whose last name matches.
    fn entries(
        &mut self,
        base: &str,
        part: &str,
        mut each: impl FnMut(&mut Self, String, bool) -> Result<()>,
    ) -> Result<()> {
        let directory = if base.is_empty() { "." } else { base };
        let listed = match fs::read_dir(directory) {
            Ok(listed) => listed,
            // It was removed since it was listed, or is not there: nothing matches below.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io(&error, directory)),
        };
        for entry in listed {
            self.context.check()?;
            let name = entry.map_err(|error| Error::io(&error, directory))?.file_name();
            let lossy = name.to_string_lossy();
            if !matches(part, &lossy) {
                continue;
            }
            let Some(name) = name.to_str() else {
                let summary = format!("the name of a file that matches is not UTF-8: {lossy:?}");
                return Err(Error::new(ErrorKind::Unsupported, summary)
                    .in_file(directory)
                    .hint("rename it, or narrow the pattern"));
            };
            let path = join(base, name);
            // Follows links; one that leads nowhere is no file.
            if let Ok(metadata) = fs::metadata(&path) {
                each(self, path, metadata.is_dir())?;
            }
        }
        Ok(())
    }
}

fn join(base: &str, name: &str) -> String {
    match base {
        "" => name.to_owned(),
        base if base.ends_with('/') => format!("{base}{name}"),
        base => format!("{base}/{name}"),
    }
}

fn no_match(pattern: &str, parts: &[&str]) -> Error {
    let plain: Vec<&str> = parts.iter().copied().take_while(|part| !is_pattern(part)).collect();
    let root = if pattern.starts_with('/') { "/" } else { "" };
    let directory = format!("{root}{}", plain.join("/"));
    let shown = if directory.is_empty() { "." } else { &directory };
    let hint = match fs::metadata(shown) {
        Ok(metadata) if metadata.is_dir() => {
            format!("no file below the directory {shown:?} has such a name")
        }
        _ => format!("there is no directory {shown:?}"),
    };
    Error::new(ErrorKind::NotFound, "no file matches the pattern").in_file(pattern).hint(hint)
}

/// Whether a name matches one part of a pattern.
///
/// Cost: O(pattern x name) at worst: after a mismatch only the last `*` is tried further.
pub fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while next < name.len() {
        let step = match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, next));
                at += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => match bracket(&pattern[at..], name[next]) {
                Some((true, len)) => Some(len),
                Some((false, _)) => None,
                // Without its end it is a plain character.
                None => (name[next] == '[').then_some(1),
            },
            Some(letter) => (*letter == name[next]).then_some(1),
            None => None,
        };
        match (step, &mut star) {
            (Some(len), _) => {
                at += len;
                next += 1;
            }
            (None, Some((behind, start))) => {
                *start += 1;
                (at, next) = (*behind, *start);
            }
            (None, None) => return false,
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// Whether a bracket holds a letter, and its length; `None` when it has no end.
fn bracket(pattern: &[char], letter: char) -> Option<(bool, usize)> {
    let is_negated = matches!(pattern.get(1), Some('!' | '^'));
    let first = if is_negated { 2 } else { 1 };
    // A `]` right behind the opening is one of the letters.
    let end = first + 1 + pattern.get(first + 1..)?.iter().position(|sign| *sign == ']')?;
    let (mut at, mut has) = (first, false);
    while at < end {
        let is_range = at + 2 < end && pattern[at + 1] == '-';
        let last = if is_range { at + 2 } else { at };
        has |= (pattern[at]..=pattern[last]).contains(&letter);
        at = last + 1;
    }
    Some((has != is_negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: Python 3's `fnmatch.fnmatchcase`, but for `^`, which shells take as `!`.
    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, name, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("*.csv", ".csv", false),
            (".*", ".csv", true),
            ("a?c", "abc", true),
            ("a?c", "aéc", true),
            ("a?c", "ac", false),
            ("[a-c]1", "b1", true),
            ("[!a-c]1", "b1", false),
            ("[^a-c]1", "d1", true),
            ("[]x]", "]", true),
            ("[ab", "[ab", true),
            ("[a-]", "-", true),
            ("*a*b*c*", "xxaxxbxxcxx", true),
            ("*a*b*c*", "xxaxxcxxb", false),
            ("", "", true),
            ("*", "", true),
            ("a*b", "ab", true),
            ("data_202[34]-??.csv", "data_2024-07.csv", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_end() {
        let pattern = "*a".repeat(40) + "b";
        assert!(!matches(&pattern, &"a".repeat(20_000)));
    }

    #[test]
    fn files_are_found_in_order_of_their_paths() {
        let root = std::env::temp_dir().join(format!("pardox-glob-{}", std::process::id()));
        let root = root.to_str().expect("UTF-8").to_owned();
        for directory in ["y2023/jan", "y2024/jan", "y2024/.hidden", "empty"] {
            fs::create_dir_all(format!("{root}/{directory}")).expect("made");
        }
        for file in [
            "b.csv",
            "a.csv",
            "c.txt",
            "y2023/jan/1.csv",
            "y2024/jan/2.csv",
            "y2024/0.csv",
            "y2024/.hidden/3.csv",
            "[x].csv",
        ] {
            fs::write(format!("{root}/{file}"), "a\n").expect("written");
        }
        let context = Context::default();
        let found = |pattern: &str| -> Vec<String> {
            let paths = expand(&format!("{root}/{pattern}"), &context).expect("some match");
            paths.iter().map(|path| path[root.len() + 1..].to_owned()).collect()
        };
        assert_eq!(found("*.csv"), ["[x].csv", "a.csv", "b.csv"]);
        assert_eq!(found("[ab].csv"), ["a.csv", "b.csv"]);
        assert_eq!(found("y*/jan/*.csv"), ["y2023/jan/1.csv", "y2024/jan/2.csv"]);
        let all =
            ["[x].csv", "a.csv", "b.csv", "y2023/jan/1.csv", "y2024/0.csv", "y2024/jan/2.csv"];
        assert_eq!(found("**/*.csv"), all);
        assert_eq!(found("**/jan/**/*.csv"), ["y2023/jan/1.csv", "y2024/jan/2.csv"]);
        assert_eq!(found(&("**/".repeat(60) + "*.csv")), all);
        assert_eq!(found("y2024/**"), ["y2024/0.csv", "y2024/jan/2.csv"]);
        assert_eq!(found("y2024/.h*/*"), ["y2024/.hidden/3.csv"]);
        let error = expand(&format!("{root}/empty/*.csv"), &context).expect_err("none");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.hint_text().expect("a hint").contains("empty"), "{error}");
        let error = expand(&format!("{root}/gone/*/x"), &context).expect_err("none");
        assert!(error.hint_text().expect("a hint").contains("there is no directory"), "{error}");
        fs::remove_dir_all(&root).expect("removed");
    }
}
