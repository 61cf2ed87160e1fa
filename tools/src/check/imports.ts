// Imports in the engine point one way (LAYOUT, core):
//
//   lib -> engine -> { exec, sql } -> plan -> { format, display } -> column -> bytes -> context
//       -> { error, limits }
//
// A module may use anything to its right; neighbours in braces are strangers to each other.

import { type PathUse, pathsIn } from "./rust.js";
import type { Check, Problem, Tree } from "./tree.js";

const SOURCE = "core/engine/src/";

/** Rooms from left to right; those of one row are strangers. */
const ROWS: readonly (readonly string[])[] = [
  ["lib"],
  ["engine"],
  ["exec", "sql"],
  ["plan"],
  ["format", "display"],
  ["column"],
  ["bytes"],
  ["context"],
  ["error", "limits"],
];

/** What `plan` may take from `format`: option types, which are plain data. */
const FORMAT_DATA = /^(?:options|\w*Options|\w*Dialect|Policy|Quoting|DateOrder|CsvSource)$/;

export const IMPORTS: Check = {
  name: "imports",
  about: "imports in the engine point one way",
  find: (tree) => tree.paths.filter(isEngine).flatMap((path) => problemsIn(path, tree)),
};

function isEngine(path: string): boolean {
  return path.startsWith(SOURCE) && path.endsWith(".rs");
}

/** `["column", "array"]` for `core/engine/src/column/array.rs`; `mod.rs` is its folder. */
function moduleOf(path: string): readonly string[] {
  const parts = path.slice(SOURCE.length, -".rs".length).split("/");
  return parts.at(-1) === "mod" ? parts.slice(0, -1) : parts;
}

function problemsIn(path: string, tree: Tree): readonly Problem[] {
  const module = moduleOf(path);
  const room = module[0] ?? "lib";
  if (room === "lib") return [];
  const from = rowOf(room);
  if (from === -1) {
    const message = `room ${room} has no place in the order of imports (LAYOUT, core)`;
    return [{ path, line: 1, message }];
  }
  return pathsIn(tree.read(path), module).flatMap((use) => {
    const message = judge(room, from, use);
    return message === undefined ? [] : [{ path, line: use.line, message }];
  });
}

function rowOf(room: string): number {
  return ROWS.findIndex((row) => row.includes(room));
}

/** Why one use is against the order; `undefined` when it is not. */
function judge(room: string, from: number, use: PathUse): string | undefined {
  const [target = ""] = use.segments;
  const to = rowOf(target);
  // A name without a row is an item or a macro of the crate's root, not a room.
  if (target === room || to === -1) return undefined;
  const name = use.segments.join("::");
  if (to < from) return `${room} may not use ${name}: imports point the other way`;
  if (to === from) return `${room} may not use ${name}: the two are strangers`;
  if (
    room === "plan" &&
    target === "format" &&
    !use.segments.some((word) => FORMAT_DATA.test(word))
  )
    return `plan may not use ${name}: of format it takes option types only`;
  return undefined;
}
