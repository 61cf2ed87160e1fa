// CSV from several files and from streams, what a file seems to be, and what was set aside.

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import * as px from "../src/index.js";
import { collectUntil, file, FOLDER, liveHandles, manyRows, refused, SALES } from "./support.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Holds that `work` leaves no handle behind. */
async function withoutLeak(work: () => unknown): Promise<void> {
  await collectUntil(() => liveHandles() === 0);
  const before = liveHandles();
  await work();
  assert.equal(liveHandles(), before);
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes(text);
  }
}

async function sumOf(source: px.CsvSource): Promise<unknown> {
  using df = await px.readCsv(source);
  using sum = await df.groupBy().agg({ total: px.sum("n") });
  return sum.toObjects()[0]?.["total"];
}

test("files_are_counted", async () => {
  const path = file("count.csv", 'n,t\n1,"a\nb"\n2,c\n');
  assert.equal(await px.countCsv(path), 2);
  assert.equal(px.countCsvSync(path, { header: false }), 3);
  assert.equal(await px.countCsv([path, path]), 4);
  assert.equal(await px.countCsv(bytes("a\n1\n2\n3\n")), 3);
  await refused(() => px.countCsv(`${path}.not`), "not_found");
});

test("several_files_and_patterns_are_one_table", async () => {
  const one = file("part-1.csv", "n\n1\n");
  const two = file("part-2.csv", "n\n20\n");
  assert.equal(await sumOf([two, one]), 21n);
  assert.equal(await sumOf(`${FOLDER}/part-?.csv`), 21n);
  using df = await px.scanCsv([two, one], { fileColumn: "file" }).sort("n");
  assert.deepEqual(
    df.toObjects().map(({ file: path }) => path),
    [one, two],
  );
  await refused(() => px.readCsv([]), "invalid_option");
  await refused(() => px.readCsv([one, 7 as unknown as string]), "invalid_argument");
  await refused(() => px.readCsv(7 as unknown as string), "invalid_argument", "a path");
});

test("every_kind_of_stream_is_read", () =>
  withoutLeak(async () => {
    const text = "n\n1\n2\n";
    const path = file("stream.csv", text);
    assert.equal(await sumOf(bytes(text)), 3n);
    assert.equal(await sumOf(await readFile(path)), 3n);
    assert.equal(await sumOf(createReadStream(path)), 3n);
    assert.equal(await sumOf(Readable.from([Buffer.from(text)])), 3n);
    assert.equal(await sumOf(new Blob([text]).stream() as px.CsvSource), 3n);
    assert.equal(await sumOf(pieces("n\n1", "\n2", "\n")), 3n);
    assert.equal(await sumOf([bytes("n\n1"), bytes("0\n")]), 10n);
    assert.equal(await sumOf(gzipSync(text)), 3n);
    const onlyReader = {
      getReader: () => (new Blob([text]).stream() as ReadableStream).getReader(),
    };
    assert.equal(await sumOf(onlyReader as px.CsvSource), 3n);
    px.readCsvSync(bytes(text)).close();
    px.readCsvSync([bytes(text)]).close();
    await refused(() => px.readCsvSync(pieces(text)), "invalid_argument", "without Sync");
    await refused(() => px.readCsv(new Uint8Array()), "empty_input");
  }));

test("a_stream_of_text_is_refused", () =>
  withoutLeak(async () => {
    const stream = createReadStream(file("text.csv", "n\n1\n"), "utf8");
    await refused(() => px.readCsv(stream as px.CsvSource), "invalid_argument", "encoding");
    assert.ok(stream.destroyed);
  }));

test("a_stream_that_fails_fails_the_read_with_its_own_error", () =>
  withoutLeak(async () => {
    const failure = new Error("the line went dead");
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes("n\n1\n");
      await Promise.resolve();
      throw failure;
    };
    await assert.rejects(() => px.readCsv(failing()), failure);
    const readable = new Readable({
      read() {
        this.destroy(failure);
      },
    });
    await assert.rejects(() => px.readCsv(readable), failure);
    const web = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(failure) });
    await assert.rejects(() => px.readCsv(web), failure);
  }));

test("an_abort_ends_a_stream_that_gives_nothing_any_more", () =>
  withoutLeak(async () => {
    const stop = new AbortController();
    const silent = new Readable({ read: () => undefined });
    silent.push("n\n1\n");
    setTimeout(() => stop.abort(), 20);
    await refused(() => px.readCsv(silent, {}, { signal: stop.signal }), "cancelled");
    silent.destroy();
  }));

test("a_lazy_frame_of_bytes_is_asked_again_and_that_of_a_stream_once", () =>
  withoutLeak(async () => {
    const again = px.scanCsv(bytes("n\n1\n2\n")).filter("n > 1");
    for (const round of [1, 2]) {
      using df = await again;
      assert.equal(df.shape[0], 1, `round ${round}`);
    }
    const once = px.scanCsv(pieces("n\n1\n2\n")).filter("n > 1");
    await refused(() => once.explain(), "invalid_argument", "only collect");
    (await once).close();
    await refused(() => once.collect(), "invalid_argument", "read before");
  }));

test("the_event_loop_goes_on_and_a_stream_waits_for_its_reader", async () => {
  let asked = 0;
  let ahead = 0;
  const part = bytes(manyRows(50_000).slice("n,k,x\n".length));
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes("n,k,x\n");
    for (asked = 0; asked < 20; asked += 1) {
      ahead += 1;
      yield part;
      ahead -= 1;
      await Promise.resolve();
    }
  };
  let late = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    late = Math.max(late, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  using df = await px.readCsv(source());
  clearInterval(timer);
  assert.deepEqual(df.shape, [1_000_000, 3]);
  assert.equal(ahead, 0);
  assert.ok(late < 250, `a timer was ${late} ms late`);
});

test("what_is_sniffed_goes_back_as_options", async () => {
  const path = file("sniff.csv", "a;b\n1,5;x\n2,5;y\n");
  const found = await px.sniffCsv(path);
  assert.equal(found.options.delimiter, ";");
  assert.equal(found.columns, 2);
  assert.ok(found.confidence > 0 && found.confidence <= 1);
  using df = await px.readCsv(path, found.options);
  assert.deepEqual(df.columns, ["a", "b"]);
  const known = px.sniffCsvSync(path, { delimiter: ",", nullValues: ["-"] });
  assert.equal(known.options.delimiter, ",");
  assert.deepEqual(known.options.nullValues, ["-"]);
  using sniffed = await px.readCsv(path, { dialect: "sniff" });
  assert.deepEqual(sniffed.columns, ["a", "b"]);
});

test("what_was_set_aside_comes_with_the_frame", () =>
  withoutLeak(async () => {
    using clean = await px.readCsv(bytes(SALES));
    assert.equal(clean.quarantine(), null);
    assert.equal(clean.faults(), null);
    using df = await px.readCsv(bytes("a,b\n1,2\n3\n4,5\n"), { onShort: "quarantine" });
    assert.equal(df.shape[0], 2);
    using quarantine = df.quarantine();
    assert.ok(quarantine !== null);
    const [row] = quarantine.toObjects();
    assert.equal(row?.["record"], 2n);
    assert.equal(row?.["raw"], "3");
    assert.equal(row?.["reason"], "field_count");
    using faults = df.faults();
    assert.deepEqual(faults?.toObjects(), [
      { reason: "field_count", action: "quarantine", rows: 1n },
    ]);
  }));
