// Every example of the reference compiles and runs; those of the README compile.
//
//   Markdown -> one function for each block -> tsc -> run in a folder that has sales.csv

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { PACKAGE, sales } from "./support.js";

const ROOT = resolve(PACKAGE, "../..");
const BUILD = join(ROOT, "build/docs-ts");

interface Example {
  readonly name: string;
  readonly code: string;
}

/** The second block of each member of the reference; the first one is its signature. */
function referenceExamples(): readonly Example[] {
  const text = readFileSync(join(ROOT, "docs/reference/typescript.md"), "utf8");
  return text.split(/^### /m).flatMap((section) => {
    const [, example] = blocksOf(section);
    const name = section.slice(0, section.indexOf("\n"));
    return example === undefined ? [] : [{ name, code: example }];
  });
}

const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? "");

/** A module with a function for each example; what an example ends in is what it gives. */
function moduleOf(examples: readonly Example[]): string {
  const functions = examples.map(({ name, code }) => {
    const own = code.replace(/^import .*$/m, "");
    const body = /^(df|px|lazy|other)\b[^;]*;\s*$/.test(own) ? `return ${own}` : own;
    const head = `[${JSON.stringify(name)}, async ({ df, other, lazy, send }: At) =>`;
    return `  ${head} {\n{ ${body} }\n}],`;
  });
  return `import * as px from "pardox";
interface At { df: px.DataFrame; other: px.DataFrame; lazy: px.LazyFrame; send(x: unknown): void }
export const EXAMPLES: readonly (readonly [string, (at: At) => Promise<unknown>])[] = [
${functions.join("\n")}
];
`;
}

/** Compiles a module and gives the path of what it became. */
function compile(name: string, examples: readonly Example[]): string {
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(join(BUILD, `${name}.mts`), moduleOf(examples));
  const options = ["--target", "es2022", "--lib", "es2023,esnext.disposable", "--module"];
  const made = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/typescript/bin/tsc"),
      ...[...options, "nodenext", "--strict", "--types", "node", join(BUILD, `${name}.mts`)],
    ],
    { cwd: ROOT, encoding: "utf8" },
  );
  assert.equal(made.status, 0, made.stdout);
  return join(BUILD, `${name}.mjs`);
}

test("the README's examples compile", () => {
  const blocks = blocksOf(readFileSync(join(PACKAGE, "README.md"), "utf8"));
  assert.ok(blocks.length > 5);
  compile(
    "readme",
    blocks.map((code, index) => ({ name: String(index), code })),
  );
});

test("the reference's examples compile and run", () => {
  const examples = referenceExamples();
  assert.ok(examples.length > 80);
  const last = examples.filter(({ name }) => name === "shutdown");
  const path = compile("reference", [...examples.filter((one) => !last.includes(one)), ...last]);
  const folder = join(BUILD, "at");
  mkdirSync(folder, { recursive: true });
  using table = sales();
  table.select("region", "quantity", "price").toCsvSync(join(folder, "sales.csv"));
  table.toPrdxSync(join(folder, "sales.prdx"));
  const program = `
    import * as px from "pardox";
    import { EXAMPLES } from ${JSON.stringify(pathToFileURL(path).href)};
    process.chdir(${JSON.stringify(folder)});
    const values = { region: ["north", "south"], price: [12.5, 3], quantity: [1, 2] };
    let failed = 0;
    for (const [name, example] of EXAMPLES) {
      const df = px.fromColumns(values);
      const other = px.fromColumns(values);
      try {
        await example({ df, other, lazy: df.lazy(), send: () => {} });
      } catch (error) {
        failed += 1;
        console.log(name, String(error));
      }
    }
    console.log(EXAMPLES.length, "examples,", failed, "failed");`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  assert.equal(output, `${examples.length} examples, 0 failed\n`);
});
