// Reads Rust text far enough for the checks: no comments and strings, `use` trees, module paths.

/**
 * The text with every comment and every string's content replaced by blanks: offsets and lines
 * stay, and what is left is code.
 */
export function codeOnly(text: string): string {
  const out = text.split("");
  let at = 0;
  while (at < text.length) {
    const end = endOfText(text, at);
    if (end === at) {
      at += 1;
      continue;
    }
    for (let index = at; index < end; index += 1) if (out[index] !== "\n") out[index] = " ";
    at = end;
  }
  return out.join("");
}

/** Where the comment, string or character that starts at `at` ends; `at` when none starts there. */
function endOfText(source: string, at: number): number {
  if (source.startsWith("//", at)) return indexOrEnd(source, "\n", at);
  if (source.startsWith("/*", at)) return endOfBlockComment(source, at);
  const before = source[at - 1] ?? " ";
  const raw = /^b?r(#*)"/.exec(source.slice(at, at + 12));
  if (raw !== null && !/\w/.test(before)) {
    const close = `"${raw[1] ?? ""}`;
    return indexOrEnd(source, close, at + raw[0].length) + close.length;
  }
  if (source[at] === '"') return endOfString(source, at);
  const character = /^'(\\(?:u\{[^}]*\}|x..|.)|[^'\\])'/.exec(source.slice(at, at + 14));
  return character === null ? at : at + character[0].length;
}

function endOfString(source: string, at: number): number {
  let index = at + 1;
  while (index < source.length && source[index] !== '"') index += source[index] === "\\" ? 2 : 1;
  return Math.min(index + 1, source.length);
}

function endOfBlockComment(source: string, at: number): number {
  let depth = 0;
  for (let index = at; index < source.length; index += 1) {
    if (source.startsWith("/*", index)) {
      depth += 1;
      index += 1;
    } else if (source.startsWith("*/", index)) {
      depth -= 1;
      index += 1;
      if (depth === 0) return index + 1;
    }
  }
  return source.length;
}

function indexOrEnd(source: string, text: string, from: number): number {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index;
}

/** One path that the code names, from the crate's root, with the line it stands on. */
export interface PathUse {
  /** `["format", "csv", "CsvOptions"]` for `crate::format::csv::CsvOptions`. */
  readonly segments: readonly string[];
  readonly line: number;
}

/**
 * Every path that starts with `crate::` or `super::`, in `use` trees and in the code itself.
 *
 * `module` is the file's own place: `["column", "array"]` for `column/array.rs`. Inside a
 * `mod tests { .. }` one `super` leads to the file, so leading out of the crate is cut to its root.
 */
export function pathsIn(text: string, module: readonly string[]): readonly PathUse[] {
  const code = codeOnly(text);
  const uses: PathUse[] = [];
  const start = /(?<![\w:])(?:crate|super)(?:::super)*::/g;
  for (let match = start.exec(code); match !== null; match = start.exec(code)) {
    const line = code.slice(0, match.index).split("\n").length;
    const words = match[0].split("::").slice(0, -1);
    const base = words[0] === "crate" ? [] : upward(code, match.index, module, words.length);
    for (const tail of expand(code.slice(match.index + match[0].length))) {
      uses.push({ segments: [...base, ...tail], line });
    }
  }
  return uses;
}

function upward(
  code: string,
  at: number,
  module: readonly string[],
  count: number,
): readonly string[] {
  const inTests = /#\[cfg\(test\)\]\s*mod \w+ \{/.exec(code);
  const own = inTests !== null && inTests.index < at ? [...module, "tests"] : module;
  return own.slice(0, Math.max(0, own.length - count));
}

/** `a::{b, c::d}` -> `[a, b]`, `[a, c, d]`: reads one use tree from the start of `text`. */
function expand(text: string): readonly (readonly string[])[] {
  const head = /^(?:\w+::)*/.exec(text)?.[0] ?? "";
  const segments = head.split("::").slice(0, -1);
  const rest = text.slice(head.length);
  if (!rest.startsWith("{")) {
    const last = /^(?:\w+|\*)/.exec(rest)?.[0];
    return [last === undefined ? segments : [...segments, last]];
  }
  return branches(rest).flatMap((branch) =>
    expand(branch.trim()).map((tail) => [...segments, ...tail]),
  );
}

/** The texts between the commas of a `{..}` that opens `text`. */
function branches(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 1;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if ((character === "," && depth === 1) || depth === 0) {
      found.push(text.slice(from, index));
      from = index + 1;
    }
    if (depth === 0) break;
  }
  return found.filter((branch) => branch.trim() !== "");
}
