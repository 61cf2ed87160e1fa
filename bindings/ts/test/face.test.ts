// The face: what a user types, and what comes back. Expected values are worked out by hand.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import * as px from "../src/index.js";
import { dateText, momentText } from "../src/cells.js";
import { momentForm } from "../src/moment.js";
import { file, FOLDER, manyRows, refused, sales, SALES } from "./support.js";

const { col } = px;

test("a CSV file becomes a frame with shape, columns and schema", async () => {
  using df = await px.readCsv(file("a.csv", SALES));
  assert.deepEqual(df.shape, [4, 5]);
  assert.deepEqual(df.columns, ["region", "quantity", "price", "day", "seen"]);
  assert.deepEqual(
    df.schema.map(({ dtype }) => dtype),
    ["utf8", "int64", "float64", "date", "timestamp"],
  );
});

test("rows are objects: bigint for int64, text for moments, null for null", () => {
  using df = sales();
  const [first, second, third] = df.toObjects();
  assert.deepEqual(first, {
    region: "north",
    quantity: 1n,
    price: 2.5,
    day: "2026-11-22",
    seen: "2026-11-22T10:30:00",
  });
  assert.equal(second?.["price"], null);
  assert.equal(second?.["seen"], "2026-11-23T00:00:00.5");
  assert.equal(third?.["seen"], "2026-11-24T23:59:59.000001");
});

test("integers come as numbers and moments as dates where asked for and exact", async () => {
  using df = sales().head(2).collectSync();
  const [first] = df.toObjects({ integers: "number", moments: "Date" });
  assert.equal(first?.["quantity"], 1);
  assert.deepEqual(first?.["day"], new Date("2026-11-22T00:00:00Z"));
  assert.deepEqual(first?.["seen"], new Date("2026-11-22T10:30:00Z"));
});

test("what a number or a Date cannot hold is refused", async () => {
  using wide = px.fromColumns({ n: [2n ** 53n] });
  await refused(() => wide.toObjects({ integers: "number" }), "overflow", "9007199254740992", "n");
  using fine = px.fromColumns(
    { t: ["2026-11-22T00:00:00.000001"] },
    { schema: { t: "timestamp" } },
  );
  await refused(() => fine.toObjects({ moments: "Date" }), "bad_cast", "00:00:00.000001");
});

test("typed arrays say the type of their values", () => {
  using df = px.fromColumns({
    f: new Float64Array([1, 2]),
    g: new Float32Array([3, 0.5]),
    i: new Int32Array([1, 2]),
    b: new BigInt64Array([1n, -2n]),
    u: new BigUint64Array([1n, 2n ** 64n - 1n]),
    c: new Int8Array([-128, 127]),
    w: new Uint16Array([0, 65535]),
    l: [1, 2],
  });
  assert.deepEqual(
    df.schema.map(({ dtype }) => dtype),
    ["float64", "float32", "int32", "int64", "uint64", "int8", "uint16", "int64"],
  );
  assert.deepEqual([...df.column("f").values()], [1, 2]);
  assert.deepEqual(df.column("u").values(), [1n, 2n ** 64n - 1n]);
  assert.deepEqual(df.column("u").view(), new BigUint64Array([1n, 2n ** 64n - 1n]));
  assert.deepEqual(df.column("c").view(), new Int8Array([-128, 127]));
  assert.deepEqual(df.column("g").view(), new Float32Array([3, 0.5]));
  using none = px.fromColumns({ f: new Float64Array(0), i: new Uint8Array(0), l: [] });
  assert.deepEqual(
    none.schema.map(({ dtype }) => dtype),
    ["float64", "uint8", "utf8"],
  );
});

test("a chain is awaited as one plan", async () => {
  using df = sales();
  using found = await df
    .filter("quantity > :low", { low: 0 })
    .withColumns({ total: col("price").mul(col("quantity")) })
    .groupBy("region")
    .agg({ n: px.count(), total: px.sum("total") })
    .sort("region");
  assert.deepEqual(found.toObjects(), [
    { region: "east", n: 1n, total: 4 },
    { region: "north", n: 2n, total: 16 },
    { region: "south", n: 1n, total: null },
  ]);
});

test("collect, collectSync and await give the same", async () => {
  using df = sales();
  const lazy = df.select("region", { double: col("quantity").mul(2) }).head(2);
  const expected = [
    { region: "north", double: 2n },
    { region: "south", double: 4n },
  ];
  for (const found of [await lazy, await lazy.collect({ threads: 1 }), lazy.collectSync()]) {
    assert.deepEqual(found.toObjects(), expected);
    found.close();
  }
});

test("frames join, and a table keeps its own frame where it stands twice", async () => {
  using df = sales();
  using names = px.fromColumns({ region: ["north", "south"], name: ["N", "S"] });
  using found = await df.join(names, { on: "region", how: "left" }).select("quantity", "name");
  assert.deepEqual(found.column("name").values(), ["N", "S", "N", null]);
  using twice = await df.union(df).agg({ n: px.count() });
  assert.deepEqual(twice.toObjects(), [{ n: 8n }]);
});

test("SQL names frames and parameters", async () => {
  using df = sales();
  using found = await px.sql(
    "select region, sum(quantity) as n from sales where quantity < :top group by region",
    { tables: { sales: df.filter("quantity > 1") }, params: { top: 4 } },
  );
  assert.deepEqual(found.toObjects(), [
    { region: "south", n: 2n },
    { region: "north", n: 3n },
  ]);
});

test("parameters of joined plans come together; one name has one value", async () => {
  using df = sales();
  const low = df.filter("quantity >= :low", { low: 3 });
  const high = df.filter("quantity <= :high", { high: 1 });
  using both = await low.union(high);
  assert.deepEqual(both.column("quantity").values(), [3n, 4n, 1n]);
  await refused(() => low.union(df.filter("quantity > :low", { low: 1 })), "parameter", "low");
});

test("a lazy frame tells its schema and its plan without running", () => {
  const lazy = px.scanCsv(file("lazy.csv", SALES)).filter("quantity > 1").select("day");
  assert.deepEqual(lazy.schema(), [{ name: "day", dtype: "date" }]);
  assert.match(lazy.explain(), /filter/);
  assert.equal(inspect(lazy), "LazyFrame: scan_csv > filter > select");
});

test("a console prints the table of the engine", () => {
  using df = px.fromColumns({ n: [1, 2] });
  assert.equal(`${inspect(df)}\n`, df.display());
  assert.equal(String(df), df.display());
  assert.match(df.display({ rows: 1 }), /n/);
});

test("prdx and csv are written and read again, and the report says how much", async () => {
  using df = sales();
  const path = join(FOLDER, "out.prdx");
  const report = await df.toPrdx(path);
  assert.deepEqual([report.path, report.rows], [path, 4]);
  assert.equal(report.bytes, readFileSync(path).length);
  using again = await px.readPrdx(path);
  assert.deepEqual(again.toObjects(), df.toObjects());
  using lazy = await px.scanPrdx(path).tail(1);
  assert.equal(lazy.column("quantity").values()[0], 4n);
  const text = join(FOLDER, "out.csv");
  assert.equal(df.select("quantity", "price").toCsvSync(text, { nullValue: "NA" }).rows, 4);
  assert.equal(readFileSync(text, "utf8").split("\n")[2], "2,NA");
});

test("Arrow bytes go out and come in", () => {
  using df = sales();
  using copy = px.fromArrow(df.toArrow());
  assert.deepEqual(copy.toObjects(), df.toObjects());
});

test("a view is the column in place, as a typed array", () => {
  using df = sales();
  using quantity = df.column("quantity");
  const view = quantity.view();
  assert.ok(view instanceof BigInt64Array);
  assert.deepEqual([...view], [1n, 2n, 3n, 4n]);
  // Days since 1970 by Python 3.11: (date(2026, 11, 22) - date(1970, 1, 1)).days.
  assert.deepEqual([...df.column("day").view()].slice(0, 1), [20_779]);
  using floats = px.fromColumns({ x: [0.5, -0.0, NaN] });
  assert.deepEqual([...floats.column("x").view()], [0.5, -0, NaN]);
  using none = df.filter("quantity > 9").collectSync();
  assert.equal(none.column("quantity").view().length, 0);
});

test("a view outlives its column and its frame", () => {
  const df = px.readCsvSync(file("many.csv", manyRows(10_000)));
  const view = df.column("n").view() as BigInt64Array;
  df.close();
  assert.equal(
    view.reduce((sum, one) => sum + one, 0n),
    49_995_000n,
  );
});

test("a column tells its type, rows and nulls, and outlives its frame", async () => {
  const df = sales();
  const price = df.column("price");
  df.close();
  assert.deepEqual([price.dtype, price.rowCount, price.nullCount], ["float64", 4, 1]);
  assert.deepEqual(price.values(), [2.5, null, 4.5, 1]);
  await refused(() => price.view(), "unsupported", "nulls");
  price.close();
  await refused(() => price.values(), "released_handle");
});

test("rows are iterated; batches have the size asked for", async () => {
  using df = px.readCsvSync(file("rows.csv", manyRows(10_001)));
  let sum = 0n;
  for (const row of df) sum += row["n"] as bigint;
  assert.equal(sum, 50_005_000n);
  const sizes: number[] = [];
  for await (const batch of df.batches(4000)) sizes.push(batch.length);
  assert.deepEqual(sizes, [4000, 4000, 2001]);
  let rowCount = 0;
  for await (const batch of df) rowCount += batch.length;
  assert.equal(rowCount, 10_001);
});

test("a row may stop early, and a frame may be closed meanwhile", () => {
  const df = px.readCsvSync(file("early.csv", manyRows(5000)));
  const rows = df.rows();
  assert.deepEqual(rows.next().value, { n: 0n, k: "key0", x: 0 });
  df.close();
  assert.deepEqual(rows.next().value, { n: 1n, k: "key1", x: 0.125 });
  rows.return();
});

test("long texts are read whole", () => {
  const long = "ü".repeat(100_000);
  using df = px.fromColumns({ t: ["", long, null, "x", long], n: [1, 2, 3, 4, 5] });
  assert.deepEqual(df.column("t").values(), ["", long, null, "x", long]);
  assert.deepEqual(
    df.toObjects().map((row) => [(row["t"] as string | null)?.length, row["n"]]),
    [
      [0, 1n],
      [100_000, 2n],
      [undefined, 3n],
      [1, 4n],
      [100_000, 5n],
    ],
  );
});

test("bool, empty tables and columns called as an object's own members", () => {
  using df = px.fromColumns({
    ["__proto__"]: [true, false, null],
    constructor: ["a", "b", "c"],
  });
  assert.deepEqual(
    df.toObjects().map((row) => Object.entries(row)),
    [
      [
        ["__proto__", true],
        ["constructor", "a"],
      ],
      [
        ["__proto__", false],
        ["constructor", "b"],
      ],
      [
        ["__proto__", null],
        ["constructor", "c"],
      ],
    ],
  );
  using none = df.head(0).collectSync();
  assert.deepEqual(none.toObjects(), []);
});

test("using and await using close", async () => {
  let kept: px.DataFrame;
  {
    using df = sales();
    kept = df;
  }
  await refused(() => kept.shape, "released_handle");
  {
    await using df = sales();
    kept = df;
  }
  await refused(() => kept.toObjects(), "released_handle");
  assert.equal(inspect(kept), "DataFrame (closed)");
});

test("the version is that of the library", () => {
  assert.match(px.version(), /^\d+\.\d+\.\d+/);
});

test("dates and moments are written as the engine writes them", () => {
  // Day numbers by Python 3.11: (date(...) - date(1970, 1, 1)).days; the far ones by the 400-year
  // cycle of 146 097 days.
  const days: readonly (readonly [number, string])[] = [
    [0, "1970-01-01"],
    [-1, "1969-12-31"],
    [-719_162, "0001-01-01"],
    [2_932_896, "9999-12-31"],
    [2_932_897, "+10000-01-01"],
    [-719_162 - 366 - 365, "-1-01-01"],
    [11_016, "2000-02-29"],
  ];
  for (const [day, text] of days) assert.equal(dateText(day), text);
  const moments: readonly (readonly [bigint, string])[] = [
    [0n, "1970-01-01T00:00:00"],
    [-1n, "1969-12-31T23:59:59.999999"],
    [86_399_500_000n, "1970-01-01T23:59:59.5"],
  ];
  const form = momentForm("timestamp");
  for (const [micros, text] of moments) assert.equal(momentText(micros, form), text);
});

test("nothing is left behind by a write that fails", async () => {
  using df = sales();
  const path = join(FOLDER, "no", "such", "folder.prdx");
  await refused(() => df.toPrdx(path), "not_found");
  assert.equal(existsSync(join(FOLDER, "no")), false);
});
