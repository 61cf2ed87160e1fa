// Every dependency's licence lets PardoX be given away under MIT or Apache-2.0.
//
// In: package-lock.json, and `cargo metadata` handed over by the caller (main.ts), so that this
// file starts no program.

import type { Check, Problem } from "./tree.js";

/** Licences that ask for no more than a notice. */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
  "Unicode-3.0",
  "Unlicense",
  "Zlib",
  "bzip2-1.0.6",
]);

export interface Dependency {
  readonly name: string;
  /** An SPDX expression; empty when the package states none. */
  readonly licence: string;
}

/** The check, given what gives the Rust dependencies. */
export function licences(rust: () => readonly Dependency[]): Check {
  return {
    name: "licences",
    about: "every dependency's licence asks for no more than a notice",
    find: (tree) => [
      ...(tree.paths.includes("Cargo.lock") ? judge("Cargo.lock", rust()) : []),
      ...tree.paths
        .filter((path) => path.endsWith("package-lock.json"))
        .flatMap((path) => judge(path, npmDependencies(tree.read(path)))),
    ],
  };
}

function judge(path: string, dependencies: readonly Dependency[]): readonly Problem[] {
  return dependencies
    .filter(({ licence }) => !isAllowed(licence))
    .map(({ name, licence }) => {
      const message = `${name}: licence ${licence || "(none stated)"} is not on the list`;
      return { path, line: 0, message };
    });
}

/** Reads `MIT OR (Apache-2.0 AND ISC)`: one allowed side of OR is enough, AND needs both. */
export function isAllowed(expression: string): boolean {
  // Old Rust manifests write `MIT/Apache-2.0`. An exception only widens what a licence allows.
  const plain = expression.replaceAll("/", " OR ").replaceAll(/ WITH [\w.-]+/g, "");
  const inner = /\(([^()]*)\)/.exec(plain);
  if (inner !== null) {
    const value = isAllowed(inner[1] ?? "") ? "MIT" : "refused";
    return isAllowed(plain.replace(inner[0], value));
  }
  return plain
    .split(" OR ")
    .some((side) => side.split(" AND ").every((name) => ALLOWED.has(name.trim())));
}

/** Packages of a lock file, without the workspaces of this repository. */
function npmDependencies(text: string): readonly Dependency[] {
  const lock = JSON.parse(text) as {
    packages: Record<string, { license?: string; link?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([place, pack]) => place.includes("node_modules/") && pack.link !== true)
    .map(([place, pack]) => ({
      name: place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length),
      licence: pack.license ?? "",
    }));
}

/** Packages of `cargo metadata --format-version 1`, without those of this workspace. */
export function cargoDependencies(text: string): readonly Dependency[] {
  const metadata = JSON.parse(text) as {
    packages: { name: string; license: string | null; source: string | null }[];
  };
  return metadata.packages
    .filter((pack) => pack.source !== null)
    .map((pack) => ({ name: pack.name, licence: pack.license ?? "" }));
}
