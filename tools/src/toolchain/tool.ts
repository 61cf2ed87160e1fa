// What the front door knows about one tool: how to find it, what brings it, what it adds to the
// environment of the steps that use it.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Every tool a room may name in `uses`. */
export type ToolName =
  "c" | "rust" | "rust-lint" | "cbindgen" | "go" | "php" | "cobol" | "python" | "valgrind";

export interface Found {
  readonly kind: "found";
  /** What was found, for the line that `npm run setup` prints. */
  readonly version: string;
  /** Folders to put before `PATH`. */
  readonly path: readonly string[];
  /** Variables that the steps need. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Missing {
  readonly kind: "missing";
  /** Expected and found, in words. */
  readonly why: string;
  /** Debian packages that bring it; empty when only `fetch` does. */
  readonly packages: readonly string[];
  /** What a person without Debian should do. */
  readonly advice: string;
}

export interface Tool {
  readonly name: ToolName;
  readonly find: () => Found | Missing;
  /**
   * What is done without anyone's permission, inside this clone or the user's cache, after the
   * packages are there. Gives the line to print.
   */
  readonly fetch?: () => Promise<string>;
}

export function found(
  version: string,
  path: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Found {
  return { kind: "found", version, path, env };
}

export function missing(why: string, packages: readonly string[], advice: string): Missing {
  return { kind: "missing", why, packages, advice };
}

/** The full path of a program on `PATH`, or in the folders given, which are looked at last. */
export function which(program: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? "").split(delimiter);
  for (const folder of [...path, ...folders]) {
    if (folder === "") continue;
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}

/** `1.96.0` in whatever a program says about itself; `undefined` when there is none. */
export function versionIn(text: string | undefined): string | undefined {
  return /\d+\.\d+(?:\.\d+)?/.exec(text ?? "")?.[0];
}

/** Whether `version` is `least` or newer, number by number. */
export function atLeast(version: string, least: string): boolean {
  const left = version.split(".").map(Number);
  const right = least.split(".").map(Number);
  for (let index = 0; index < right.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
