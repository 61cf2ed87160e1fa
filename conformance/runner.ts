// `node conformance/dist/runner.js [language ...] [word ...]`: every case in every language.
//
// In: cases/, adapters.json, gaps/; words that name languages choose them, other words choose the
// cases whose id holds one of them. Out: the matrix; status 0 only when nothing failed.
//
//   read and check every file -> build an adapter -> ask it every case -> compare -> matrix

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Adapter } from "./src/adapter.js";
import { loadCases } from "./src/case.js";
import { report } from "./src/matrix.js";
import { Schemas } from "./src/schemas.js";
import { runSuite } from "./src/suite.js";

/** This file is compiled to `conformance/dist/runner.js`. */
const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
const ROOT = dirname(HERE);
const BUILD = join(ROOT, "build", "conformance");

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}

async function main(words: readonly string[]): Promise<number> {
  const schemas = new Schemas(join(HERE, "schema"));
  const all = loadCases(join(HERE, "cases"), schemas);
  const adapters = readAdapters(schemas);
  const gaps = readGaps(schemas, [...adapters.keys()], new Set(all.map((one) => one.id)));
  const wanted = words.filter((word) => !adapters.has(word));
  const chosen = words.filter((word) => adapters.has(word));
  const cases =
    wanted.length === 0 ? all : all.filter(({ id }) => wanted.some((word) => id.includes(word)));
  if (cases.length === 0) throw new Error(`no case is called like ${wanted.join(" or ")}`);
  const verdicts = await runSuite({
    cases,
    adapters: new Map(
      [...adapters].filter(([name]) => chosen.length === 0 || chosen.includes(name)),
    ),
    gaps,
    schemas,
    root: ROOT,
    scratch: join(BUILD, "tmp"),
  });
  const text = report(
    cases.map((one) => one.id),
    verdicts,
  );
  console.log(text);
  return /, 0 failed/.test(text.slice(text.lastIndexOf("\n"))) ? 0 : 1;
}

function readAdapters(schemas: Schemas): ReadonlyMap<string, Adapter> {
  const rows = schemas.read<Record<string, Adapter>>("adapters", join(HERE, "adapters.json"));
  const fill = (words: readonly string[]): readonly string[] =>
    words.map((word) => word.replaceAll("{library}", libraryPath()).replaceAll("{build}", BUILD));
  return new Map(
    Object.entries(rows).map(([name, row]) => [
      name,
      { ...row, command: fill(row.command), build: (row.build ?? []).map(fill) },
    ]),
  );
}

/** The library of the front door, else the release build. */
function libraryPath(): string {
  return process.env.PARDOX_LIBRARY ?? join(ROOT, "target", "release", "libpardox.so");
}

function readGaps(
  schemas: Schemas,
  languages: readonly string[],
  ids: ReadonlySet<string>,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const folder = join(HERE, "gaps");
  const gaps = new Map<string, Readonly<Record<string, string>>>();
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const language = name.replace(/\.json$/, "");
    if (!languages.includes(language))
      throw new Error(`gaps/${name}: no adapter is called ${language}`);
    const file = schemas.read<Record<string, string>>("gaps", join(folder, name));
    for (const id of Object.keys(file)) {
      if (!ids.has(id)) throw new Error(`gaps/${name}: no case is called ${id}`);
    }
    gaps.set(language, file);
  }
  return gaps;
}
