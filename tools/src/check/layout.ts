// LAYOUT.md is true: every path it names exists, or stands in its section "Rooms that come later".
//
// Read are: the first column of its tables of paths (`README.md`, `core/`, `bindings/<lang>/`), and
// its trees, the ```text blocks whose first line is a folder:
//
//   core/engine/src/            <- everything below is inside it
//     bytes/                    <- deeper lines are inside this one
//       source.rs   prose       <- one or more names, then two blanks, then words
//       x86_64.rs aarch64.rs
//
// A path that exists and still stands in the section for later is a problem too.

import type { Check, Problem, Tree } from "./tree.js";

const PAGE = "LAYOUT.md";
const LATER = "Rooms that come later";

export const LAYOUT: Check = {
  name: "layout",
  about: "every path LAYOUT names exists or is marked as one that comes later",
  find: (tree) => (tree.paths.includes(PAGE) ? problemsIn(tree) : []),
};

/** A path that the page names, with its line. */
interface Mention {
  readonly path: string;
  readonly line: number;
}

function problemsIn(tree: Tree): readonly Problem[] {
  const lines = tree.read(PAGE).split("\n");
  const later = laterPaths(lines);
  const problems: Problem[] = [];
  for (const { path, line } of [...tablePaths(lines), ...treePaths(lines)]) {
    if (exists(path, tree) || later.some((entry) => covers(entry.path, path))) continue;
    const message = `${path} does not exist; create it, or list it under "${LATER}"`;
    problems.push({ path: PAGE, line, message });
  }
  for (const { path, line } of later) {
    if (!exists(path, tree)) continue;
    const message = `${path} exists: take it out of "${LATER}"`;
    problems.push({ path: PAGE, line, message });
  }
  return problems;
}

/** `<name>` stands for any one folder name, `*` for any part of a file name. */
function exists(path: string, tree: Tree): boolean {
  const pattern = path
    .replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/<\w+>/g, "[^/]+")
    .replaceAll("*", "[^/]*");
  const whole = new RegExp(`^${pattern}${path.endsWith("/") ? "" : "(/|$)"}`);
  return tree.paths.some((other) => whole.test(other));
}

/** Whether an entry for later is the path itself, or a folder that it lies in. */
function covers(entry: string, path: string): boolean {
  return entry === path || (entry.endsWith("/") && path.startsWith(entry));
}

/** The paths in backticks of the section for later, wherever they stand on their lines. */
function laterPaths(lines: readonly string[]): readonly Mention[] {
  const start = lines.findIndex((line) => line.trim() === `## ${LATER}`);
  if (start === -1) return [];
  const mentions: Mention[] = [];
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line.startsWith("## ")) break;
    if (!line.startsWith("- ") && !line.startsWith("  ")) continue;
    for (const match of line.matchAll(/`([^`\s]+)`/g)) {
      mentions.push({ path: match[1] ?? "", line: index + 1 });
    }
  }
  return mentions;
}

/** First cells of the table that starts with `| path |`. */
function tablePaths(lines: readonly string[]): readonly Mention[] {
  const start = lines.findIndex((line) => /^\|\s*path\s*\|/.test(line));
  const mentions: Mention[] = [];
  for (let index = start + 2; start !== -1 && index < lines.length; index += 1) {
    const cell = /^\|([^|]+)\|/.exec(lines[index] ?? "")?.[1];
    if (cell === undefined) break;
    for (const match of cell.matchAll(/`([^`]+)`/g)) {
      mentions.push({ path: match[1] ?? "", line: index + 1 });
    }
  }
  return mentions;
}

function treePaths(lines: readonly string[]): readonly Mention[] {
  const mentions: Mention[] = [];
  // Folders above the current line: how far each is indented, and its path.
  let above: { indent: number; path: string }[] = [];
  let inTree = false;
  lines.forEach((line, index) => {
    if (line.startsWith("```")) {
      const next = lines[index + 1] ?? "";
      inTree = !inTree && line === "```text" && /^[\w./-]+\/$|^[\w./-]+\/\s{2,}/.test(next);
      above = [];
      return;
    }
    if (!inTree || line.trim() === "") return;
    const indent = line.length - line.trimStart().length;
    // Names are parted by one blank; two blanks start the words about them.
    const names = (line.trim().split(/ {2,}/)[0] ?? "").split(" ").filter(isName);
    above = above.filter((folder) => folder.indent < indent);
    const base = above.at(-1)?.path ?? "";
    for (const name of names) {
      mentions.push({ path: `${base}${name}`, line: index + 1 });
      if (name.endsWith("/")) above = [...above, { indent, path: `${base}${name}` }];
    }
  });
  return mentions;
}

function isName(word: string): boolean {
  return /^[\w.*<>/-]+(\/|\.\w+)$/.test(word);
}
