// The C surface only grows: what `abi/history` records stands in today's header, word for word.
//
// A recorded surface is a text file, one item a line, sorted, as `surfaceOf` writes it:
//
//   constant PARDOX_STATUS_OK = 0
//   function int32_t pardox_release(uint64_t *handle, pardox_error *error)
//   struct pardox_error { uint32_t struct_size; int32_t status; }

import type { Check, Problem } from "./tree.js";

const HEADER = "abi/include/pardox.h";
const HISTORY = /^abi\/history\/[^/]+\.txt$/;

/** Functions in one header; a new operation is a plan node, not a function. */
const FUNCTION_COUNT_MAX = 64;

export const ABI: Check = {
  name: "abi",
  about: "every recorded C surface is still there, and the header is small",
  find: (tree) => {
    if (!tree.paths.includes(HEADER)) return [];
    const today = surfaceOf(tree.read(HEADER));
    const problems: Problem[] = [];
    for (const path of tree.paths.filter((other) => HISTORY.test(other))) {
      problems.push(...heldAgainst(today, tree.read(path), path));
    }
    if (!tree.paths.some((other) => HISTORY.test(other))) {
      const message = "expected a recorded surface in abi/history, found none";
      problems.push({ path: HEADER, line: 0, message });
    }
    const names = functionsOf(today);
    if (names.length > FUNCTION_COUNT_MAX) {
      const message = `expected at most ${FUNCTION_COUNT_MAX} functions, found ${names.length}`;
      problems.push({ path: HEADER, line: 0, message });
    }
    for (const name of names.filter((other) => !other.startsWith("pardox_"))) {
      problems.push({ path: HEADER, line: 0, message: `${name} is not called pardox_*` });
    }
    return problems;
  },
};

function heldAgainst(today: readonly string[], record: string, path: string): readonly Problem[] {
  const there = new Set(today);
  return record.split("\n").flatMap((item, index) => {
    if (item === "" || item.startsWith("#") || there.has(item)) return [];
    const name = nameOf(item);
    const now = today.find((other) => nameOf(other) === name);
    const found = now === undefined ? "it is gone" : `found: ${now}`;
    return [{ path, line: index + 1, message: `${name} has changed since this surface; ${found}` }];
  });
}

function nameOf(item: string): string {
  if (item.startsWith("function ")) return /(\w+)\(/.exec(item)?.[1] ?? item;
  return item.split(" ")[1] ?? item;
}

export function functionsOf(surface: readonly string[]): readonly string[] {
  return surface.filter((item) => item.startsWith("function ")).map(nameOf);
}

/** Reads a C header, as cbindgen writes it, into its surface: one line an item, sorted. */
export function surfaceOf(header: string): readonly string[] {
  const code = header.replaceAll(/\/\*[\s\S]*?\*\//g, " ").replaceAll(/\/\/[^\n]*/g, " ");
  const items: string[] = [];
  for (const match of code.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(\S[^\n]*)$/gm)) {
    items.push(`constant ${match[1]} = ${tidy(match[2] ?? "")}`);
  }
  const plain = code.replaceAll(/^[ \t]*#[^\n]*$/gm, " ").replaceAll(/extern "C" \{/g, " ");
  for (const match of plain.matchAll(/(?:typedef\s+)?struct\s+(\w+)\s*\{([^}]*)\}/g)) {
    items.push(`struct ${match[1]} { ${tidy(match[2] ?? "")} }`);
  }
  for (const match of plain.matchAll(/enum\s*\w*\s*(?::\s*\w+\s*)?\{([^}]*)\}/g)) {
    items.push(...constantsOf(match[1] ?? ""));
  }
  const outside = plain.replaceAll(/\{[^{}]*\}/g, " ");
  for (const match of outside.matchAll(/([\w][\w\s*]*?[\s*])(\w+)\s*\(([^()]*)\)\s*;/g)) {
    const name = match[2] ?? "";
    items.push(`function ${tidy(`${match[1] ?? ""}${name}`)}(${tidy(match[3] ?? "")})`);
  }
  return [...new Set(items)].sort();
}

/** Enumerators with the values that C gives them: one more than the one before. */
function constantsOf(body: string): readonly string[] {
  let value = -1;
  return body
    .split(",")
    .map(tidy)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [name = "", given] = entry.split("=").map((part) => part.trim());
      value = given === undefined ? value + 1 : Number(given);
      return `constant ${name} = ${value}`;
    });
}

function tidy(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s*\*\s*/g, " *")
    .replaceAll("* *", "**")
    .trim();
}
