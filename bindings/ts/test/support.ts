// What the tests share: a folder of their own, a small table, live handles, the collector.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as px from "../src/index.js";
import { native } from "../src/library.js";

/** The folder of the package, from `dist/test`. */
export const PACKAGE = resolve(__dirname, "../..");

/** Four sales: a text, an integer, a float with a null, a day and a moment. */
export const SALES = [
  "region,quantity,price,day,seen",
  "north,1,2.5,2026-11-22,2026-11-22T10:30:00",
  "south,2,,2026-11-23,2026-11-23T00:00:00.5",
  "north,3,4.5,2026-11-24,2026-11-24T23:59:59.000001",
  'east,4,1.0,2026-11-25,"2026-11-25T12:00:00"',
  "",
].join("\n");

/** A folder that is gone when the process ends, and what to write into it. */
export const FOLDER = mkdtempSync(join(tmpdir(), "pardox-ts-"));
process.once("exit", () => rmSync(FOLDER, { recursive: true, force: true }));

/** Writes a file and gives its path. */
export function file(name: string, text: string | Uint8Array): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

/** The four sales as a frame. */
export const sales = (): px.DataFrame => px.readCsvSync(file("sales.csv", SALES));

/** Many rows: `n` counts from 0, `k` is one of 1000 texts, `x` is a float. */
export function manyRows(count: number): string {
  const lines = ["n,k,x"];
  for (let row = 0; row < count; row += 1) lines.push(`${row},key${row % 1000},${row / 8}`);
  return `${lines.join("\n")}\n`;
}

/** Live handles of the library. */
export const liveHandles = (): number => native().live().handleCount;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects garbage until `isDone`, and gives finalizers their turns. */
export async function collectUntil(isDone: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !isDone(); round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Holds that `work` fails with a PardoxError of that kind whose message has all these texts. */
export async function refused(
  work: () => unknown,
  kind: px.ErrorKind,
  ...texts: readonly string[]
): Promise<px.PardoxError> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof px.PardoxError, `expected a PardoxError, found ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    for (const text of texts) assert.ok(error.message.includes(text), error.message);
    return error;
  }
  return assert.fail(`expected ${kind}, found no error`);
}

/** Runs a program of its own that has the package as `px`; gives what it said and its status. */
export function runProgram(
  code: string,
  env: Readonly<Record<string, string | undefined>> = {},
): { readonly status: number | null; readonly said: string; readonly output: string } {
  const head = `const px = require(${JSON.stringify(PACKAGE)});`;
  const made = spawnSync(process.execPath, ["-e", `${head}\n${code}`], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  return { status: made.status, said: `${made.stdout}${made.stderr}`, output: made.stdout };
}
