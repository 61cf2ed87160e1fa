// `unsafe` lives where LAYOUT allows, and each place says why it is sound.

import { codeOnly } from "./rust.js";
import type { Check, Problem, Tree } from "./tree.js";

/** The rooms of LAYOUT's table with `unsafe`, as paths. */
const ALLOWED: readonly RegExp[] = [
  /^core\/engine\/src\/bytes\/(source|sink|spool)(\.rs|\/)/,
  /^core\/engine\/src\/bytes\/(scan|runs)\/(x86_64|aarch64)(_[a-z]+)?\.rs$/,
  /^core\/engine\/src\/column\/(buffer|memory|recycle|array|text)\.rs$/,
  /^core\/engine\/src\/format\/arrow\/(export|import|stream|tests)\.rs$/,
  /^core\/engine\/src\/exec\/kernels\/cpu\.rs$/,
  /^abi\//,
];

export const UNSAFE: Check = {
  name: "unsafe",
  about: "unsafe only where LAYOUT allows, each with its SAFETY comment",
  find: (tree) =>
    tree.paths.filter((path) => path.endsWith(".rs")).flatMap((path) => problemsIn(path, tree)),
};

function problemsIn(path: string, tree: Tree): readonly Problem[] {
  const text = tree.read(path);
  const lines = text.split("\n");
  const allowed = ALLOWED.some((pattern) => pattern.test(path));
  const problems: Problem[] = [];
  codeOnly(text)
    .split("\n")
    .forEach((code, index) => {
      // `#[unsafe(no_mangle)]` and a function pointer's type are no unsafe code.
      if (!/\bunsafe\b(?!\()/.test(code) || /\bunsafe (extern\s+)?fn\s*\(/.test(code)) return;
      const line = index + 1;
      if (!allowed) {
        problems.push({
          path,
          line,
          message: "unsafe is not allowed in this room (LAYOUT, Rooms)",
        });
      } else if (/\bunsafe\s*(\{|impl\b|$)/.test(code) && !explained(lines, index)) {
        problems.push({ path, line, message: "expected // SAFETY: above this unsafe, found none" });
      } else if (/\bunsafe\b.*\bfn \w/.test(code) && !hasDuties(lines, index)) {
        problems.push({ path, line, message: "expected # Safety in the doc comment, found none" });
      }
    });
  return problems;
}

/** The start of a statement may stand a few lines above its `unsafe`. */
const STATEMENT_LINES_MAX = 4;

/** Whether a comment with `SAFETY:` ends right above the statement that holds line `index`. */
function explained(lines: readonly string[], index: number): boolean {
  if (/SAFETY:/.test(lines[index] ?? "")) return true;
  let at = index - 1;
  for (let skipped = 0; skipped < STATEMENT_LINES_MAX && !isComment(lines[at]); skipped += 1)
    at -= 1;
  for (; isComment(lines[at]); at -= 1) if (/SAFETY:/.test(lines[at] ?? "")) return true;
  return false;
}

function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*\/\//.test(line);
}

/** A private `unsafe fn` states its duties as a public one does. */
function hasDuties(lines: readonly string[], index: number): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? "";
    if (/#\s*Safety|SAFETY:/.test(line)) return true;
    if (!/^\s*(\/\/|#\[|#!\[)/.test(line)) return false;
  }
  return false;
}
