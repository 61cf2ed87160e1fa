// Leaks: the library counts its live handles and their bytes; after each way of working they are
// what they were before, also when it failed.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as px from "../src/index.js";
import { native } from "../src/library.js";
import { collectUntil, file, liveHandles, manyRows, refused, sales, SALES } from "./support.js";

/** Holds that `work` leaves no handle and no byte behind without the help of the collector. */
async function check(name: string, work: () => unknown): Promise<void> {
  await test(name, async () => {
    await work(); // What is made once and kept is made now.
    await collectUntil(() => liveHandles() === 0);
    const before = native().live();
    for (let round = 0; round < 20; round += 1) await work();
    assert.deepEqual(native().live(), before);
  });
}

void (async () => {
  const path = file("leak.csv", SALES);

  await check("reading and closing", async () => {
    (await px.readCsv(path)).close();
    px.readCsvSync(path).close();
  });

  await check("chains", async () => {
    using df = sales();
    using found = await df.filter("quantity > 1").groupBy("region").agg({ n: px.count() });
    found.toObjects();
    df.lazy().schema();
    df.lazy().explain();
  });

  await check("columns, rows, text and bytes", async () => {
    using df = sales();
    using column = df.column("quantity");
    column.values();
    df.toObjects();
    df.display();
    px.fromArrow(df.toArrow()).close();
    for (const row of df) if (row["quantity"] === 2n) break;
    for await (const batch of df.batches(2)) if (batch.length === 2) break;
    px.version();
  });

  await check("plans that are refused", async () => {
    using df = sales();
    await refused(() => df.filter("no such text ("), "syntax");
    await refused(() => df.select("nothing"), "unknown_column");
    await refused(() => px.readCsv(file("bad.csv", "a,b\n1\n")), "field_count");
    await refused(() => df.filter("quantity > :low"), "parameter");
    await refused(() => px.fromArrow(new Uint8Array([1, 2, 3])), "corrupt_file");
    await refused(() => df.toObjects({ integers: "none" as "number" }), "invalid_option");
    await refused(
      () => px.fromColumns({ n: [2n ** 60n] }).toObjects({ integers: "number" }),
      "overflow",
    );
    await collectUntil(() => liveHandles() === 1);
  });

  await check("writes that fail", async () => {
    using df = sales();
    await refused(() => df.toPrdx("/no/such/folder/x.prdx"), "not_found");
    await refused(() => df.toCsv("/no/such/folder/x.csv"), "not_found");
  });

  await check("work that is cancelled", async () => {
    const many = file("leak_many.csv", manyRows(50_000));
    const control = new AbortController();
    const work = px.scanCsv(many).sort("x").collect({ signal: control.signal });
    control.abort();
    await work.then(
      (frame) => frame.close(),
      () => undefined,
    );
    await collectUntil(() => liveHandles() === 0);
  });

  await check("panics of the library", async () => {
    using df = sales();
    await refused(() => native().injectPanic(1), "internal");
    assert.equal(df.shape[0], 4);
  });

  await test("the collector gives back what was forgotten, views last", async () => {
    await collectUntil(() => liveHandles() === 0);
    assert.equal(liveHandles(), 0);
    let view: px.View | undefined = sales().column("quantity").view();
    for (let round = 0; round < 10; round += 1) sales().column("quantity").view();
    await collectUntil(() => liveHandles() === 1);
    assert.equal(liveHandles(), 1);
    assert.deepEqual([...view], [1n, 2n, 3n, 4n]);
    const part: px.View = view.subarray(3);
    view = undefined;
    await collectUntil(() => false);
    assert.equal(liveHandles(), 1);
    assert.equal(part[0], 4n);
  });

  await test("a lazy frame keeps the frames in it", async () => {
    await collectUntil(() => liveHandles() === 0);
    const lazy = sales().filter("quantity = 4");
    await collectUntil(() => liveHandles() === 0);
    using found = await lazy;
    assert.equal(found.shape[0], 1);
  });
})();
