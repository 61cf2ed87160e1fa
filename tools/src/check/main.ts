// `node tools/dist/src/check/main.js [check ...]`: all checks of the repository, or those named.
//
// Prints one line for each problem, `path:line: what is wrong (check)`, and then the sums.
// `exports` looks at the built library and runs only when it is named, because it needs one.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { LIBRARY, ROOT } from "../paths.js";
import { ABI } from "./abi.js";
import { DEAD } from "./dead.js";
import { compareExports } from "./exports.js";
import { FUNCTIONS } from "./functions.js";
import { IMPORTS } from "./imports.js";
import { LAYOUT } from "./layout.js";
import { cargoDependencies, licences } from "./licences.js";
import { LINKS } from "./links.js";
import { MACHINE } from "./machine.js";
import { SIZES } from "./sizes.js";
import { type Check, type Problem, repository } from "./tree.js";
import { UNSAFE } from "./unsafe.js";

const METADATA_BYTES_MAX = 256 * 1024 * 1024;

const LICENCES = licences(() => {
  const words = ["metadata", "--format-version", "1", "--locked"];
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: METADATA_BYTES_MAX } as const;
  return cargoDependencies(execFileSync("cargo", words, options));
});

const EXPORTS: Check = {
  name: "exports",
  about: "the built library exports the header's functions and nothing else",
  find: () => {
    const path = relative(ROOT, LIBRARY);
    if (!existsSync(LIBRARY)) {
      return [{ path, line: 0, message: "expected the built library, found none: npm run build" }];
    }
    const words = ["-D", "--defined-only", LIBRARY];
    const listing = execFileSync("nm", words, { encoding: "utf8" });
    return compareExports(readFileSync(join(ROOT, "abi/include/pardox.h"), "utf8"), listing, path);
  },
};

const CHECKS: readonly Check[] = [
  IMPORTS,
  UNSAFE,
  SIZES,
  DEAD,
  LINKS,
  LAYOUT,
  MACHINE,
  LICENCES,
  ABI,
  FUNCTIONS,
];

process.exitCode = main(process.argv.slice(2));

function main(names: readonly string[]): number {
  const known = [...CHECKS, EXPORTS];
  for (const name of names) {
    if (known.some((check) => check.name === name)) continue;
    console.error(
      `expected a check (${known.map((check) => check.name).join(", ")}), found ${name}`,
    );
    return 2;
  }
  const tree = repository();
  let failed = 0;
  const chosen = names.length === 0 ? CHECKS : known.filter(({ name }) => names.includes(name));
  for (const check of chosen) {
    const problems = check.find(tree);
    for (const problem of problems) console.log(lineFor(problem, check.name));
    if (problems.length > 0) failed += 1;
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function lineFor({ path, line, message }: Problem, check: string): string {
  return `${path}${line > 0 ? `:${line}` : ""}: ${message} (${check})`;
}
