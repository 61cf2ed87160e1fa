// A file that nothing refers to is a file that nobody reads.
//
// Rust: some file of the crate declares `mod name;`. TypeScript: another file imports it, or a
// manifest, the table of rooms or a page names it. PHP, Python, Markdown in docs: another file
// names it.

import {
  extension,
  folderOf,
  isGenerated,
  isTest,
  stemOf,
  type Check,
  type Problem,
  type Tree,
} from "./tree.js";

/** Rust files that cargo finds by their place. */
const RUST_ROOTS =
  /(^|\/)(lib|main|build)\.rs$|\/(tests|examples|benches|bin|fuzz_targets)\/[^/]+(\/main)?\.rs$/;

/** Files that a runner or a person finds by their place. */
const FOUND_BY_PLACE =
  /(^|\/)(examples|fuzz|decisions|codegen\/api)\/|(^|\/)(conftest|__init__|__main__)\.py$/;

export const DEAD: Check = {
  name: "dead",
  about: "every source file is reached from somewhere",
  find: (tree) => tree.paths.filter((path) => isDead(path, tree)).map(problem),
};

function problem(path: string): Problem {
  return { path, line: 0, message: "expected a reference to this file, found none" };
}

function isDead(path: string, tree: Tree): boolean {
  switch (extension(path)) {
    case "rs":
      return !RUST_ROOTS.test(path) && !isDeclared(path, tree);
    case "ts":
    case "mjs":
      return (
        !path.endsWith(".d.ts") && !isTest(path) && !isNamed(path, tree, /\.(m?[jt]s|json|md)$/)
      );
    case "php":
      return isClassFile(path, tree) && !isNamed(path, tree, /\.(php|json|xml|dist)$/);
    case "py":
      return !isTest(path) && !isNamed(path, tree, /\.(py|toml|ts|json)$/);
    case "md":
      return path.startsWith("docs/") && !isNamed(path, tree, /\.(md|ts)$/);
    default:
      return false;
  }
}

/** Whether the file a module's parent lives in declares it. */
function isDeclared(path: string, tree: Tree): boolean {
  const folder = folderOf(path);
  const isFolderModule = stemOf(path) === "mod";
  const name = isFolderModule ? stemOf(`${folder}.rs`) : stemOf(path);
  const around = isFolderModule ? folderOf(folder) : folder;
  const parents = [`${around}/mod.rs`, `${around}.rs`, `${around}/lib.rs`, `${around}/main.rs`];
  const declaration = new RegExp(`^\\s*(?:pub(?:\\([a-z: ]+\\))? )?mod ${name};`, "m");
  const byPath = new RegExp(`#\\[path = "[^"]*${name}\\.rs"\\]`);
  // What several tests of a crate share is declared by each of them.
  const tests = isFolderModule && /(^|\/)tests$/.test(around) ? rustFilesIn(around, tree) : [];
  return [...parents, ...tests].some((parent) => {
    if (!tree.paths.includes(parent)) return false;
    const text = tree.read(parent);
    return declaration.test(text) || byPath.test(text);
  });
}

function rustFilesIn(folder: string, tree: Tree): readonly string[] {
  return tree.paths.filter((path) => folderOf(path) === folder && extension(path) === "rs");
}

function isClassFile(path: string, tree: Tree): boolean {
  return !isTest(path) && !isGenerated(path, tree.read(path)) && /\/src\//.test(path);
}

/** Whether another file of the kinds given names this one, by its stem as a whole word. */
function isNamed(path: string, tree: Tree, kinds: RegExp): boolean {
  if (FOUND_BY_PLACE.test(path)) return true;
  const stem = stemOf(path);
  // `docs/abi/README.md` is named by its folder, an entry `index.ts` likewise.
  const name = /^(index|README|main)$/i.test(stem) ? stemOf(`${folderOf(path)}.x`) : stem;
  const word = new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`);
  return tree.paths.some(
    (other) => other !== path && kinds.test(other) && word.test(tree.read(other)),
  );
}
