// What the compiler must refuse: each line that is marked fails to compile, or this file does.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as px from "../src/index.js";

/** Never called: it is read by the compiler. */
export async function readByTheCompiler(df: px.DataFrame, lazy: px.LazyFrame): Promise<void> {
  const frame: px.DataFrame = await lazy;
  const [rows]: readonly [number, number] = frame.shape;
  const row: px.Row | undefined = frame.toObjects()[rows];
  const value: px.Value | undefined = row?.["price"];
  df.join(lazy, { on: [{ left: "a", right: "b" }], how: "anti" });
  df.sort([px.col("a").desc({ nulls: "first" }), "b"], { descending: true });
  // @ts-expect-error: a number is no predicate
  df.filter(5);
  // @ts-expect-error: a number is no column
  df.select({ a: 5 });
  // @ts-expect-error: a join needs its keys
  df.join(lazy, {});
  // @ts-expect-error: no such way to join
  df.join(lazy, { on: "a", how: "outer" });
  // @ts-expect-error: no such option
  await px.readCsv("a.csv", { delimeter: ";" });
  // @ts-expect-error: no such type
  px.col("a").cast("int33");
  // @ts-expect-error: nothing is no operand
  px.col("a").add(undefined);
  // @ts-expect-error: a row is not to be written
  frame.toObjects()[0]!["a"] = value;
  // @ts-expect-error: rows are counted in numbers
  df.head(3n);
}

test("the compiler has read what it must refuse", () => {
  assert.equal(typeof readByTheCompiler, "function");
});
