// Nothing in a tracked file names one machine: no home folder, no registry's host.

import { extension, type Check, type Problem, type Tree } from "./tree.js";

/** Patterns are put together from pieces, so that this file does not name what it looks for. */
const FOLDERS = ["root", "work", "home/\\w+", "Users/\\w+"].join("|");
const HOSTS = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["static", "crates", "io"],
  ["index", "crates", "io"],
  ["files", "pythonhosted", "org"],
  ["proxy", "golang", "org"],
  ["deb", "debian", "org"],
]
  .map((parts) => parts.join("\\."))
  .join("|");
const MACHINE_FOLDER = new RegExp(`(?<![\\w./~}-])/(?:${FOLDERS})/`);
const REGISTRY_HOST = new RegExp(`\\b(?:${HOSTS})\\b`);

/** Kinds of files that are data to read, not text by hand. */
const BINARY = /^(prdx|png|parquet|arrow|gz|zst|dat|bin|ico|wasm|ebc)$/;

export const MACHINE: Check = {
  name: "machine",
  about: "no machine's path and no registry's host in tracked files",
  find: (tree) =>
    tree.paths
      .filter((path) => !BINARY.test(extension(path)))
      .flatMap((path) => problemsIn(path, tree)),
};

function problemsIn(path: string, tree: Tree): readonly Problem[] {
  const text = tree.read(path);
  if (!MACHINE_FOLDER.test(text) && !REGISTRY_HOST.test(text)) return [];
  return text.split("\n").flatMap((line, index) => {
    const found = MACHINE_FOLDER.exec(line)?.[0] ?? REGISTRY_HOST.exec(line)?.[0];
    if (found === undefined) return [];
    return [
      { path, line: index + 1, message: `${found} belongs to one machine, not to the project` },
    ];
  });
}
