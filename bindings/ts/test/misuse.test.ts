// Misuse: whatever a program does wrong is an error in its own words, and the process lives.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import * as px from "../src/index.js";
import { native } from "../src/library.js";
import { file, FOLDER, liveHandles, manyRows, PACKAGE, refused, sales, SALES } from "./support.js";

const { col } = px;

test("use after close is refused; a second close does nothing", async () => {
  const df = sales();
  const lazy = df.filter("quantity > 1");
  df.close();
  df.close();
  await refused(() => df.shape, "released_handle", "frame");
  await refused(() => df.column("region"), "released_handle");
  await refused(() => df.display(), "released_handle");
  await refused(() => df.lazy(), "released_handle");
  await refused(() => [...df], "released_handle");
  await refused(() => lazy, "released_handle");
  await refused(() => lazy.collectSync(), "released_handle");
  await refused(() => df.toPrdx(join(FOLDER, "closed.prdx")), "released_handle");
});

test("wrong types of arguments are refused before anything runs", async () => {
  using df = sales();
  const wrong = (value: unknown): never => value as never;
  await refused(() => px.readCsv(wrong(5)), "invalid_argument", "path");
  await refused(() => px.readCsv(wrong(undefined)), "invalid_argument", "path");
  await refused(() => px.scanCsv("x.csv", wrong("header")), "invalid_argument");
  await refused(() => df.filter(wrong(5)), "invalid_argument");
  await refused(() => df.select(wrong(null)), "invalid_argument");
  await refused(() => df.head(1.5), "invalid_argument", "1.5");
  await refused(() => df.head(-1), "invalid_argument", "-1");
  await refused(() => df.head(NaN), "invalid_argument", "NaN");
  await refused(() => df.join(wrong({}), { on: "region" }), "invalid_argument");
  await refused(() => df.join(df, wrong({})), "invalid_argument");
  await refused(() => df.join(df, { on: [wrong(null)] }), "invalid_argument");
  await refused(() => df.rename(wrong(null)), "invalid_argument");
  await refused(() => df.filter("quantity > 1", wrong("low")), "invalid_argument");
  await refused(() => px.sql("select 1", { tables: wrong([df]) }), "invalid_argument");
  await refused(() => px.fromColumns(wrong([[1]])), "invalid_argument");
  await refused(() => df.column(wrong(0)), "invalid_argument");
  await refused(() => df.rename({ region: wrong(1) }), "invalid_argument");
  await refused(() => df.drop(wrong(1)), "invalid_argument");
  await refused(() => df.distinct(wrong("region")), "invalid_argument");
  await refused(() => col("price").add(wrong({})), "invalid_argument");
  await refused(() => px.fromArrow(wrong("bytes")), "invalid_argument");
  await refused(() => px.fromColumns({ a: wrong(1) }), "invalid_argument", "a");
  await refused(() => px.fromColumns({ a: [2n ** 63n] }), "bad_value", "9223372036854775808");
  await refused(() => df.filter(col("quantity").eq(-(2n ** 64n))), "bad_value");
  await refused(() => df.lazy().collect({ signal: wrong("now") }), "invalid_argument");
  await refused(() => df.lazy().collect({ onProgress: wrong(1) }), "invalid_argument");
  await refused(() => df.toObjects({ integers: wrong("float") }), "invalid_option", "float");
});

test("unknown options are refused with the nearest known one", async () => {
  const path = file("options.csv", SALES);
  const options: object = { delimeter: ";" };
  await refused(() => px.readCsv(path, options), "invalid_option", "delimeter", "delimiter");
  using df = sales();
  await refused(() => df.display({ with: 5 } as object), "invalid_option", "with", "width");
  await refused(() => df.lazy().collect({ thread: 1 } as object), "invalid_option", "threads");
});

test("unknown columns are refused with the nearest known one", async () => {
  using df = sales();
  const error = await refused(() => df.select("prise"), "unknown_column", "prise", "price");
  assert.equal(error.column, "prise");
  await refused(() => df.column("nothing"), "unknown_column", "nothing");
});

test("files that cannot be read say which and why", async () => {
  const missing = join(FOLDER, "missing.csv");
  const error = await refused(() => px.readCsv(missing), "not_found", missing);
  assert.equal(error.file, missing);
  assert.ok(error.stack?.includes("misuse.test"));
  mkdirSync(join(FOLDER, "folder.csv"));
  await refused(() => px.readCsv(join(FOLDER, "folder.csv")), "is_directory");
  await refused(() => px.readCsv(file("empty.csv", "")), "empty_input");
  using header = await px.readCsv(file("header.csv", "a,b\n"));
  assert.deepEqual(header.shape, [0, 2]);
  await refused(() => px.readPrdx(file("other.prdx", SALES)), "corrupt_file");
});

const mayReadAll = process.getuid?.() === 0 && "root may read every file";

test("a file without permission is refused", { skip: mayReadAll }, async () => {
  const path = file("secret.csv", SALES);
  chmodSync(path, 0);
  await refused(() => px.readCsv(path), "permission_denied", path);
});

test("a broken record says record, line, byte, expected and found", async () => {
  const error = await refused(() => px.readCsv(file("broken.csv", "a,b\n1,2\n3\n")), "field_count");
  assert.deepEqual([error.record, error.line, error.byteOffset], [2, 3, 8]);
  assert.match(error.expected ?? "", /2/);
  assert.match(error.found ?? "", /1/);
});

test("invalid UTF-8 in a file and half a character in a text are refused", async () => {
  await refused(
    () => px.readCsv(file("bytes.csv", Buffer.from("a\n\xff\n", "latin1"))),
    "invalid_utf8",
  );
  await assert.rejects(async () => px.fromColumns({ t: ["\ud800"] }), px.PardoxError);
});

test("huge text passes whole, and a NUL stays in it", async () => {
  const huge = `${"x".repeat(5_000_000)}\u0000y`;
  using df = px.fromColumns({ t: [huge] });
  assert.equal(df.column("t").values()[0], huge);
  using same = await df.filter(col("t").eq(huge));
  assert.deepEqual(same.shape, [1, 1]);
});

test("a plan that is too deep is an error, not a crash", async () => {
  using df = sales();
  let lazy = df.lazy();
  for (let step = 0; step < 20_000; step += 1) lazy = lazy.head(3);
  await refused(() => lazy, "limit_exceeded");
});

test("panics of the library stop at its door", async () => {
  await refused(() => native().injectPanic(0), "internal");
  await refused(() => native().injectPanic(1), "internal");
  using df = sales();
  assert.equal(df.shape[0], 4);
});

test("handles that are none are refused", async () => {
  await refused(() => native().frameShape(0), "invalid_handle");
  await refused(() => native().frameShape(123_456_789), "invalid_handle");
  assert.throws(() => native().frameShape(1.5), RangeError);
  assert.throws(() => native().frameShape(2 ** 60), RangeError);
});

const many = (): string => file("cancel.csv", manyRows(200_000));

test("work is cancelled before it starts", async () => {
  const reason = new Error("changed my mind");
  const error = await refused(
    () => px.readCsv(many(), {}, { signal: AbortSignal.abort(reason) }),
    "cancelled",
  );
  assert.equal(error.name, "AbortError");
  assert.equal(error.cause, reason);
});

test("work is cancelled while it runs", async () => {
  const control = new AbortController();
  const work = px
    .scanCsv(many())
    .sort([col("x").desc(), "k"])
    .collect({ signal: control.signal });
  control.abort();
  const error = await refused(() => work, "cancelled");
  assert.equal(error.name, "AbortError");
});

test("work that is done stays done", async () => {
  const control = new AbortController();
  using df = await sales().lazy().collect({ signal: control.signal });
  control.abort();
  assert.equal(df.shape[0], 4);
});

test("what a progress listener throws ends the work and is passed on", async () => {
  const plan = px.scanCsv(file("progress.csv", manyRows(1_000_000))).sort(col("x").desc());
  const told: px.Progress[] = [];
  using df = await plan.collect({ onProgress: (progress) => told.push(progress) });
  assert.equal(df.shape[0], 1_000_000);
  for (const one of told) assert.equal(typeof one.bytesDone, "number");
  if (told.length === 0) return; // The machine was faster than a tenth of a second.
  const thrown = new Error("listener");
  await assert.rejects(
    plan.collect({
      onProgress: () => {
        throw thrown;
      },
    }),
    (error) => error === thrown,
  );
});

test("sixty-four questions at once are all answered", async () => {
  using df = px.readCsvSync(file("all.csv", manyRows(10_000)));
  const asked = Array.from({ length: 64 }, (_, low) =>
    df.filter("n >= :low", { low }).agg({ n: px.count() }).collect(),
  );
  const counts = (await Promise.all(asked)).map((one) => one.column("n").values()[0]);
  assert.deepEqual(
    counts,
    Array.from({ length: 64 }, (_, low) => BigInt(10_000 - low)),
  );
});

/** Runs code in a worker thread that has the package as `px`: what it posts, or its status. */
function inWorker(code: string): Promise<unknown> {
  const head = `const px = require(${JSON.stringify(PACKAGE)});
    const { parentPort } = require("node:worker_threads");`;
  const worker = new Worker(`${head}\n(async () => { ${code} })();`, { eval: true });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (status) => resolve(status));
  });
}

test("threads work side by side", async () => {
  const path = JSON.stringify(file("thread.csv", manyRows(20_000)));
  const code = `const df = await px.readCsv(${path});
    parentPort.postMessage((await df.agg({ n: px.sum("n") })).toObjects()[0].n);`;
  const found = await Promise.all([inWorker(code), inWorker(code), inWorker(code)]);
  assert.deepEqual(found, [199_990_000n, 199_990_000n, 199_990_000n]);
});

test("a thread that ends with work under way leaves the library to the others", async () => {
  const path = JSON.stringify(many());
  await inWorker(`px.scanCsv(${path}).sort("x").collect(); process.exit(0);`);
  using df = sales();
  using found = await df.filter("quantity = 1");
  assert.equal(found.shape[0], 1);
});

test("a thread that ends gives back the frames that it left open", async () => {
  const path = JSON.stringify(file("left.csv", SALES));
  const before = liveHandles();
  await inWorker(`globalThis.kept = [px.readCsvSync(${path}), px.readCsvSync(${path})];`);
  assert.equal(liveHandles(), before);
});

test("a mapped file that shrinks is an error or still right, never a crash", async () => {
  const path = join(FOLDER, "shrinks.prdx");
  px.readCsvSync(file("shrinks.csv", manyRows(100_000))).toPrdxSync(path);
  using df = await px.readPrdx(path);
  truncateSync(path, Math.floor(statSync(path).size / 2));
  await refused(() => px.readPrdx(path), "corrupt_file");
  await refused(() => df.agg({ n: px.sum("n") }), "file_changed");
});

test("options that JSON cannot say are refused, not left out", async () => {
  using df = sales();
  const wrong = (value: unknown): never => value as never;
  for (const value of [() => ";", Symbol(";"), 2n, NaN, Infinity]) {
    await refused(() => px.readCsv(SALES, { delimiter: wrong(value) }), "invalid_option");
    await refused(() => df.lazy().collect({ threads: wrong(value) }), "invalid_option");
    await refused(() => df.display({ rows: wrong(value) }), "invalid_option");
  }
  await refused(() => px.fromColumns({ a: [1] }, wrong({ shema: {} })), "invalid_option", "shema");
});

test("a Map, a Set or a list is no record of options or columns", async () => {
  using df = sales();
  const wrong = (value: unknown): never => value as never;
  const map = new Map<string, unknown>([["a", [1]]]);
  for (const value of [map, new Set(["a"]), new Uint8Array(1), []]) {
    await refused(() => px.fromColumns(wrong(value)), "invalid_argument");
    await refused(() => px.fromColumns({ a: [1] }, { schema: wrong(value) }), "invalid_argument");
    await refused(() => px.readCsv(SALES, wrong(value)), "invalid_argument");
    await refused(() => df.filter("price > 1", wrong(value)), "invalid_argument");
    await refused(() => df.rename(wrong(value)), "invalid_argument");
  }
  await refused(() => df.join(df, wrong(undefined)), "invalid_argument", "JoinOptions");
});

test("half of a surrogate pair is refused wherever it stands", async () => {
  using df = sales();
  const half = "\ud800";
  const asks = [
    () => df.select(half),
    () => df.select({ [half]: "price" }),
    () => df.rename({ region: half }),
    () => df.filter(`region = '${half}'`),
    () => df.filter(col("region").eq(`a${half}`)),
    () => df.filter("price > :x", { [half]: 1 }),
    () => px.sql("select 1 as a from s", { tables: { s: df, [half]: df } }),
    () => px.fromColumns({ a: [half] }),
    () => px.readCsv(half),
  ];
  for (const ask of asks) await refused(ask, "invalid_utf8", "surrogate");
  assert.deepEqual(px.fromColumns({ "😀": ["😀"] }).toObjects(), [{ "😀": "😀" }]);
});

test("JSON holds the rows, and never an empty object in their place", async () => {
  using df = px.fromColumns({ a: [1, null], b: ["x", "y"] });
  assert.equal(JSON.stringify(df), '[{"a":1,"b":"x"},{"a":null,"b":"y"}]');
  await refused(() => JSON.stringify(px.fromColumns({ a: [2n ** 53n] })), "overflow");
  await refused(() => JSON.stringify(df.lazy()), "invalid_argument", "await");
});

test("an unknown column is refused in the engine's words", async () => {
  using df = sales();
  await refused(() => df.column("regio"), "unknown_column", 'did you mean "region"?');
});
