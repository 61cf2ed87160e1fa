import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { demoData } from "../src/demo-data.js";

const TABLES = ["flights.csv", "airlines.csv", "planes.csv", "airports.csv"];

test("tables_in_the_cache_are_the_full_data", async () => {
  const cache = mkdtempSync(join(tmpdir(), "pardox-"));
  mkdirSync(join(cache, "nycflights13"));
  for (const name of TABLES) writeFileSync(join(cache, "nycflights13", name), "a\n");
  const data = await demoData(cache);
  assert.equal(data.which, "full");
  assert.equal(data.folder, join(cache, "nycflights13"));
  rmSync(cache, { recursive: true });
});

test("the_slice_serves_where_nothing_can_be_fetched", async () => {
  const cache = mkdtempSync(join(tmpdir(), "pardox-"));
  const before = process.env.PIP_INDEX_URL;
  process.env.PIP_INDEX_URL = "http://127.0.0.1:9/simple";
  process.env.PIP_RETRIES = "0";
  const data = await demoData(cache);
  delete process.env.PIP_RETRIES;
  if (before === undefined) delete process.env.PIP_INDEX_URL;
  else process.env.PIP_INDEX_URL = before;
  assert.equal(data.which, "slice");
  assert.match(data.about, /pip download failed/);
  assert.ok(TABLES.every((name) => existsSync(join(data.folder, name))));
  rmSync(cache, { recursive: true });
});
