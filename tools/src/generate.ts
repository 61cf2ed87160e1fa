// `node tools/dist/src/generate.js [--check] [header|schema|functions ...]`: what Rust itself says
// about the door, written to abi/include, or held against what is committed there.
//
//   abi/src  --cbindgen-->  pardox.h        core/engine  --schemars-->  plan.schema.json
//                                           core/engine  --serde----->  functions.json

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.js";

interface Product {
  readonly name: string;
  readonly path: string;
  /** Prints the whole file. */
  readonly words: readonly string[];
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const PRODUCTS: readonly Product[] = [
  {
    name: "header",
    path: "abi/include/pardox.h",
    words: ["cbindgen", "--quiet", "--config", "abi/cbindgen.toml", "--crate", "pardox", "abi"],
  },
  {
    name: "schema",
    path: "abi/include/plan.schema.json",
    words: "cargo run --quiet --package pardox-engine --example plan_schema".split(" "),
  },
  {
    name: "functions",
    path: "abi/include/functions.json",
    words: "cargo run --quiet --package pardox-engine --example functions".split(" "),
  },
];

/** Why `committed` is not what was made just now; `undefined` when it is. */
export function drift(
  path: string,
  committed: string | undefined,
  made: string,
): string | undefined {
  if (committed === made) return undefined;
  if (committed === undefined) return `${path} is missing: npm run gen`;
  const old = committed.split("\n");
  const line = made.split("\n").findIndex((text, index) => text !== old[index]);
  // All lines of the new text are there: the old one is longer.
  const at = line === -1 ? made.split("\n").length : line + 1;
  return `${path}:${at}: stale or edited by hand: npm run gen`;
}

function main(args: readonly string[]): number {
  const names = args.filter((word) => word !== "--check");
  for (const name of names) {
    if (PRODUCTS.some((product) => product.name === name)) continue;
    console.error(`expected header, schema or functions, found ${name}`);
    return 2;
  }
  let failed = 0;
  for (const product of PRODUCTS) {
    if (names.length > 0 && !names.includes(product.name)) continue;
    const made = make(product);
    const message =
      made === undefined ? "not made" : settle(product, made, args.includes("--check"));
    if (message === undefined) continue;
    console.error(message);
    failed += 1;
  }
  return failed > 0 ? 1 : 0;
}

function make({ words, path }: Product): string | undefined {
  const [program = "", ...rest] = words;
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: OUTPUT_BYTES_MAX } as const;
  const made = spawnSync(program, rest, options);
  if (made.status === 0 && made.stdout !== "") return made.stdout;
  console.error(`${path}: ${words.join(" ")} failed\n${made.stderr ?? made.error?.message}`);
  return undefined;
}

/** Checks or writes one product; gives what is wrong. */
function settle({ path }: Product, made: string, check: boolean): string | undefined {
  const full = join(ROOT, path);
  const committed = existsSync(full) ? readFileSync(full, "utf8") : undefined;
  const message = drift(path, committed, made);
  if (check || message === undefined) return message;
  writeFileSync(full, made);
  console.log(`${path} written`);
  return undefined;
}

if (process.argv[1]?.endsWith("generate.js")) process.exitCode = main(process.argv.slice(2));
