// Decimals as text: "12.50". JavaScript has no exact decimal, and libraries of them all read text.

import type { DataType } from "./operations.gen.js";

/** Words of 64 bits that a decimal takes. */
export const WORDS = 2;

/** A type of decimals, with its precision and scale. */
export type DecimalType = `decimal(${number},${number})`;

/** Whether a type is one of decimals. */
export const isDecimal = (dtype: DataType): dtype is DecimalType => dtype.startsWith("decimal(");

/** Digits behind the point. */
export const scaleOf = (dtype: DecimalType): number =>
  Number(dtype.slice(dtype.indexOf(",") + 1, -1));

/** The decimal at a row: a whole number of 128 bits, the lower half first, by its scale. */
export function decimalText(words: BigInt64Array, row: number, scale: number): string {
  const low = BigInt.asUintN(64, words[row * WORDS]!);
  const whole = (words[row * WORDS + 1]! << 64n) | low;
  const sign = whole < 0n ? "-" : "";
  const text = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  if (scale === 0) return sign + text;
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
