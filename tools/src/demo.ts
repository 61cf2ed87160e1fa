// `node tools/dist/src/demo.js go`: runs one language's example program on the demo's tables.
// `node tools/dist/src/demo.js --compare`: holds what all of them printed against each other.
//
// A program is given three words: the folder of the tables, a folder to write to, and flights_min
// (examples/README.md). Its stderr, steps and times, is shown as it comes; its stdout, the tables
// alone, is kept in build/demo/<language>.txt until it is compared.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { demoData } from "./demo-data.js";
import { PROGRAMS } from "./demo-programs.js";
import { BUILD, ROOT } from "./paths.js";

const FOLDER = join(BUILD, "demo");
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

function keptFile(language: string): string {
  return join(FOLDER, `${language}.txt`);
}

/** Runs one program; gives its status. What an earlier run printed is gone before it starts. */
async function runProgram(language: string): Promise<number> {
  const words = PROGRAMS[language];
  if (words === undefined) {
    const known = Object.keys(PROGRAMS).join(", ") || "none yet";
    console.error(`expected a language with an example program (${known}), found ${language}`);
    return 2;
  }
  rmSync(keptFile(language), { force: true });
  const output = join(FOLDER, language);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const data = await demoData();
  console.log(`${language}: ${words.join(" ")}, on ${data.about}`);
  const [program = "", ...rest] = words;
  const made = spawnSync(program, [...rest, data.folder, output, String(data.flightsMin)], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.stdout.write(made.stdout ?? "");
  if (made.status !== 0 || made.stdout === "") {
    const why = made.error?.message ?? `status ${made.status ?? made.signal}`;
    console.error(`${language}: ${made.status === 0 ? "it printed no table" : why}`);
    return 1;
  }
  writeFileSync(keptFile(language), made.stdout);
  return 0;
}

/**
 * What is wrong with the tables: one that is missing, or one that differs from the first, with the
 * first line that does.
 */
export function differences(tables: ReadonlyMap<string, string | undefined>): readonly string[] {
  const [first] = [...tables].filter(([, text]) => text !== undefined);
  const problems: string[] = [];
  for (const [language, text] of tables) {
    if (text === undefined) problems.push(`${language}: printed no tables`);
    else if (first !== undefined && text !== first[1]) {
      const other = (first[1] ?? "").split("\n");
      const lines = text.split("\n");
      const found = lines.findIndex((line, index) => line !== other[index]);
      const at = found === -1 ? lines.length : found;
      problems.push(
        `${language}: line ${at + 1} differs from ${first[0]}:\n` +
          `  ${first[0]}: ${other[at] ?? "(no line)"}\n  ${language}: ${lines[at] ?? "(no line)"}`,
      );
    }
  }
  return problems;
}

function compare(): number {
  const tables = new Map<string, string | undefined>();
  for (const language of Object.keys(PROGRAMS)) {
    const path = keptFile(language);
    tables.set(language, existsSync(path) ? readFileSync(path, "utf8") : undefined);
    // Compared once: a later run never meets the tables of this one.
    rmSync(path, { force: true });
  }
  const problems = differences(tables);
  for (const problem of problems) console.error(problem);
  if (tables.size === 0) console.error("expected example programs to compare, found none");
  if (problems.length > 0 || tables.size === 0) return 1;
  console.log(`the tables of ${[...tables.keys()].join(", ")} are equal, byte for byte`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [word = ""] = process.argv.slice(2);
  process.exitCode = word === "--compare" ? compare() : await runProgram(word);
}
