// Cells as values of JavaScript, copied out of a column by some thousand rows at a time.
//
//   bool       boolean            int64      bigint, or number where asked for and exact
//   float64    number             utf8       string
//   float32    number             uint64     as int64
//   dictionary string
//   int8, int16, int32, uint8, uint16, uint32    number
//   date       "2026-11-22"       timestamp  "2026-11-22T10:30:00.5"; a Date where asked for
//   decimal    "12.50", every digit of the scale: no number of JavaScript is exact
//   list       an array           struct     an object of its fields
//   timestamp(ns), timestamp(us,Europe/Berlin)    as timestamp; with a zone in UTC, "...T10:30:00Z"
//
// A moment is text by default: a Date has milliseconds where the column has microseconds, and
// prints in the zone of the machine, a day early in half the world.

import { PardoxError } from "./error.js";
import { decimalText, isDecimal, scaleOf, WORDS } from "./decimal.js";
import { floorDiv, isMoment, type MomentForm, momentForm } from "./moment.js";
import type { Handle } from "./handle.js";
import { native } from "./library.js";
import { decoder, isNested, shapeOf } from "./nested.js";
import type { DataType, Value } from "./operations.gen.js";
import { known } from "./wire.js";

/** Which values of JavaScript stand for 64-bit integers and moments. */
export interface CellOptions {
  /** `number` refuses integers that it cannot hold exactly. Default: `"bigint"`. */
  readonly integers?: "bigint" | "number" | undefined;
  /** `Date`, at midnight or the moment in UTC, refuses microseconds. Default: `"text"`. */
  readonly moments?: "text" | "Date" | undefined;
}

/** Rows copied at a time. */
export const CHUNK_ROWS = 4096;
const TEXT_BYTES_MIN = 64 * 1024;
const SECONDS_PER_DAY = 86_400n;

type Fixed =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Reads the cells of one column, chunk by chunk, into memory that it keeps for the next. */
export class CellReader {
  readonly #column: Handle;
  readonly #name: string;
  readonly #dtype: DataType;
  readonly #read: (values: Fixed, row: number) => Value;
  /** What text becomes: itself, or a list or a struct. */
  readonly #ofText: (text: string) => Value;
  readonly #validity = new Uint8Array(CHUNK_ROWS);
  readonly #values: Fixed;
  #text = Buffer.alloc(0);

  constructor(column: Handle, name: string, dtype: DataType, options: CellOptions = {}) {
    known("CellOptions", options, ["integers", "moments"]);
    const integers = oneOf("integers", options.integers, ["bigint", "number"]);
    const moments = oneOf("moments", options.moments, ["text", "Date"]);
    this.#column = column;
    this.#name = name;
    this.#dtype = dtype;
    this.#values = storage(dtype);
    this.#read = this.#reader(integers === "number", moments === "Date");
    const leaf = (inner: DataType) => this.#leaf(inner, integers === "number", moments === "Date");
    const decode = isNested(dtype) ? decoder(shapeOf(dtype), leaf) : null;
    this.#ofText = decode === null ? (text) => text : (text) => decode(JSON.parse(text));
  }

  /** At most `CHUNK_ROWS` cells from `row` on; none at the end. */
  chunk(row: number): Value[] {
    if (isText(this.#dtype) || isNested(this.#dtype)) return this.#texts(row);
    const values = this.#values;
    const count = native().columnCopy(this.#column.value, row, CHUNK_ROWS, values, this.#validity);
    const cells: Value[] = [];
    for (let at = 0; at < count; at += 1) {
      cells.push(this.#validity[at] === 0 ? null : this.#read(values, at));
    }
    return cells;
  }

  #texts(row: number): Value[] {
    const offsets = this.#values as BigInt64Array;
    let copied = this.#copyText(row, offsets);
    if (copied.copiedRows === 0 && copied.neededBytes > this.#text.length) {
      this.#text = Buffer.allocUnsafeSlow(Math.max(TEXT_BYTES_MIN, copied.neededBytes));
      copied = this.#copyText(row, offsets);
    }
    const cells: Value[] = [];
    for (let at = 0; at < copied.copiedRows; at += 1) {
      const isNull = this.#validity[at] === 0;
      const [start, end] = [Number(offsets[at]), Number(offsets[at + 1])];
      cells.push(isNull ? null : this.#ofText(this.#text.toString("utf8", start, end)));
    }
    return cells;
  }

  #copyText(row: number, offsets: BigInt64Array) {
    return native().columnCopyText(
      this.#column.value,
      row,
      CHUNK_ROWS,
      offsets,
      this.#text,
      this.#validity,
    );
  }

  /** How one cell of this type is read. */
  #reader(isNumber: boolean, isDate: boolean): (values: Fixed, row: number) => Value {
    if (isNested(this.#dtype)) return () => null;
    if (isDecimal(this.#dtype)) {
      const scale = scaleOf(this.#dtype);
      return (values, row) => decimalText(values as BigInt64Array, row, scale);
    }
    if (isMoment(this.#dtype) || this.#dtype === "timestamp") {
      const form = momentForm(this.#dtype);
      return isDate
        ? (values, row) => this.#moment(values[row] as bigint, form)
        : (values, row) => momentText(values[row] as bigint, form);
    }
    switch (this.#dtype) {
      case "bool":
        return (values, row) => values[row] !== 0;
      case "int64":
      case "uint64":
        return isNumber
          ? (values, row) => this.#exact(values[row] as bigint)
          : (values, row) => values[row] as bigint;
      case "float32":
      case "float64":
      case "int8":
      case "int16":
      case "int32":
      case "uint8":
      case "uint16":
      case "uint32":
        return (values, row) => values[row] as number;
      case "date":
        return isDate
          ? (values, row) => this.#day(values[row] as number)
          : (values, row) => dateText(values[row] as number);
      case "utf8":
      case "dictionary":
        return () => null;
    }
  }

  /** How a value within a list or a struct is read out of the library's JSON. */
  #leaf(dtype: DataType, isNumber: boolean, isDate: boolean): (json: unknown) => Value {
    if (isMoment(dtype) || dtype === "timestamp") {
      const form = momentForm(dtype);
      return isDate
        ? (json) => this.#moment(BigInt(json as string), form)
        : (json) => momentText(BigInt(json as string), form);
    }
    switch (dtype) {
      case "int64":
      case "uint64":
        return isNumber
          ? (json) => this.#exact(BigInt(json as string))
          : (json) => BigInt(json as string);
      case "float32":
      case "float64":
        return (json) => FLOATS.get(json) ?? (json as number);
      case "date":
        return isDate ? (json) => this.#day(json as number) : (json) => dateText(json as number);
      default:
        return (json) => json as Value;
    }
  }

  #exact(value: bigint): number {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    return this.#refuse("overflow", "a number below 2^53", String(value), "read it as bigint");
  }

  #day(days: number): Date {
    return this.#date(days * 86_400_000, dateText(days));
  }

  #moment(ticks: bigint, form: MomentForm): Date {
    const text = momentText(ticks, form);
    const thousandths = ticks * 1000n;
    if (thousandths % form.perSecond === 0n) {
      return this.#date(Number(thousandths / form.perSecond), text);
    }
    return this.#refuse("bad_cast", "whole milliseconds", text, "read it as text");
  }

  #date(milliseconds: number, text: string): Date {
    const date = new Date(milliseconds);
    if (!Number.isNaN(date.getTime())) return date;
    return this.#refuse("overflow", "a moment that a Date can hold", text, "read it as text");
  }

  #refuse(kind: "overflow" | "bad_cast", expected: string, found: string, hint: string): never {
    const message = `expected ${expected}, found ${found} (column ${this.#name}); ${hint}`;
    throw new PardoxError(kind, message, { column: this.#name, expected, found, hint });
  }
}

/** Whether values are text, coded or not. */
export const isText = (dtype: DataType): boolean => dtype === "utf8" || dtype === "dictionary";
/** Floats that JSON has no number for. */
const FLOATS: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

function oneOf<T extends string>(name: string, value: T | undefined, names: readonly T[]): T {
  const found = value ?? names[0]!;
  if (names.includes(found)) return found;
  const message = `expected ${names.join(" or ")} for ${name}, found ${String(value)}`;
  throw new PardoxError("invalid_option", message);
}

function storage(dtype: DataType): Fixed {
  if (isDecimal(dtype)) return new BigInt64Array(CHUNK_ROWS * WORDS);
  if (isNested(dtype)) return new BigInt64Array(CHUNK_ROWS + 1);
  if (isMoment(dtype)) return new BigInt64Array(CHUNK_ROWS);
  switch (dtype) {
    case "bool":
    case "uint8":
      return new Uint8Array(CHUNK_ROWS);
    case "uint16":
      return new Uint16Array(CHUNK_ROWS);
    case "uint32":
      return new Uint32Array(CHUNK_ROWS);
    case "uint64":
      return new BigUint64Array(CHUNK_ROWS);
    case "int8":
      return new Int8Array(CHUNK_ROWS);
    case "int16":
      return new Int16Array(CHUNK_ROWS);
    case "float32":
      return new Float32Array(CHUNK_ROWS);
    case "int64":
    case "timestamp":
      return new BigInt64Array(CHUNK_ROWS);
    case "float64":
      return new Float64Array(CHUNK_ROWS);
    case "date":
    case "int32":
      return new Int32Array(CHUNK_ROWS);
    case "utf8":
    case "dictionary":
      return new BigInt64Array(CHUNK_ROWS + 1);
  }
}

/**
 * `YYYY-MM-DD`; years outside 0000 to 9999 carry their sign, as the engine writes them. Source: the
 * civil calendar in eras of 400 years, which begin in March so that the leap day is the last.
 */
export function dateText(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = ((fromMarch + 2) % 12) + 1;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${yearText(year)}-${digits(month, 2)}-${digits(day, 2)}`;
}

const digits = (value: number, count: number): string => String(value).padStart(count, "0");

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return digits(year, 4);
  return year < 0 ? String(year) : `+${year}`;
}

/** `YYYY-MM-DDTHH:MM:SS`, the fraction where there is one, and `Z` where there is a zone. */
export function momentText(ticks: bigint, form: MomentForm): string {
  const second = floorDiv(ticks, form.perSecond);
  const days = floorDiv(second, SECONDS_PER_DAY);
  const seconds = Number(second - days * SECONDS_PER_DAY);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = `${dateText(Number(days))}T${parts.map((part) => digits(part, 2)).join(":")}`;
  const rest = ticks - second * form.perSecond;
  const fraction = String(rest).padStart(form.digits, "0").replace(/0+$/, "");
  return `${time}${rest === 0n ? "" : `.${fraction}`}${form.isZoned ? "Z" : ""}`;
}
