// The built library gives its users exactly the header's functions: no more, no less.

import type { Problem } from "./tree.js";
import { functionsOf, surfaceOf } from "./abi.js";

/** Symbols that `nm -D --defined-only` lists, without those that the linker itself adds. */
export function symbolsIn(listing: string): readonly string[] {
  return listing
    .split("\n")
    .map((line) => line.trim().split(/\s+/).at(-1) ?? "")
    .map((name) => name.replace(/@.*$/, ""))
    .filter((name) => name !== "" && name !== "_init" && name !== "_fini")
    .sort();
}

/** Holds the library's symbols against the header's functions. */
export function compareExports(header: string, listing: string, library: string): Problem[] {
  const declared = new Set(functionsOf(surfaceOf(header)));
  const exported = new Set(symbolsIn(listing));
  const problems: Problem[] = [];
  for (const name of exported) {
    if (declared.has(name)) continue;
    problems.push({ path: library, line: 0, message: `exports ${name}, which is not in pardox.h` });
  }
  for (const name of declared) {
    if (exported.has(name)) continue;
    problems.push({ path: library, line: 0, message: `does not export ${name} of pardox.h` });
  }
  return problems;
}
