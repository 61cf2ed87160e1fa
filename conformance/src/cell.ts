// One cell in canonical form: the text that every adapter must print for a value.
//
//   bool       true, false                float64    16 hex digits of its bits; any NaN is
//   int64      -1                                    7ff8000000000000
//   date       2026-11-22                 timestamp  2026-11-22T10:00:00.000000
//   utf8       the text itself            null       null
//   dictionary as utf8
//   int8, int16, int32, uint8, uint16, uint32, uint64    as int64
//   float32    8 hex digits of its bits; any NaN is 7fc00000
//   decimal    -12.50, every digit of the scale
//   list, struct    JSON: an array of the values, of the fields in order; each value in canonical
//                   form as a string, or null: ["1",null,"3"]
//   timestamp(ms)    the digits of its unit, with a zone in UTC: 2026-11-22T10:00:00.000Z

/** Canonical text, or null for null. */
export type Cell = string | null;

const NAN_BITS = "7ff8000000000000";
const SPECIAL = new Map([
  ["NaN", NAN_BITS],
  ["inf", "7ff0000000000000"],
  ["-inf", "fff0000000000000"],
]);
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** The canonical form of a value of `expected.json`; undefined when it is no such value. */
export function canonicalCell(text: string | null, dtype: string): Cell | undefined {
  if (text === null) return null;
  if (isNested(dtype)) return nestedCell(text, dtype);
  if (dtype.startsWith("decimal(")) return isDecimal(text, dtype) ? text : undefined;
  const moment = /^timestamp\(([mun]?s)(,.+)?\)$/.exec(dtype);
  if (moment !== null) {
    const digits = { s: 0, ms: 3, us: 6, ns: 9 }[moment[1] ?? ""] ?? 0;
    return timestamp(text, digits, moment[2] === undefined ? "" : "Z");
  }
  switch (dtype) {
    case "bool":
      return text === "true" || text === "false" ? text : undefined;
    case "int64":
      return /^(?:0|-?[1-9]\d*)$/.test(text) && fits(BigInt(text)) ? text : undefined;
    case "float64":
      return floatBits(text);
    case "float32":
      return float32Bits(text);
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      return /^(?:0|-?[1-9]\d*)$/.test(text) && isWithin(BigInt(text), dtype) ? text : undefined;
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
    case "timestamp":
      return timestamp(text, 6, "");
    case "utf8":
    case "dictionary":
      return text;
    default:
      return undefined;
  }
}

/** How many floats lie from one to the other; undefined where NaN meets a number. */
export function ulpsBetween(left: string, right: string): bigint | undefined {
  if (left === right) return 0n;
  if (left === NAN_BITS || right === NAN_BITS) return undefined;
  const distance = ordinal(left) - ordinal(right);
  return distance < 0n ? -distance : distance;
}

export const isNested = (dtype: string): boolean => /^(?:list|struct)\(/.test(dtype);

/** The canonical form of JSON text: numbers as they are written, structs as objects or as lists. */
function nestedCell(text: string, dtype: string): Cell | undefined {
  // 64 bits are no number of JavaScript: numbers become strings before they are read.
  const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  );
  try {
    const value = canonicalJson(JSON.parse(quoted), dtype);
    return value === undefined ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function canonicalJson(value: unknown, dtype: string): unknown {
  if (value === null) return null;
  if (dtype.startsWith("list(")) {
    if (!Array.isArray(value)) return undefined;
    const item = dtype.slice("list(".length, -1).trim();
    return allOrNone(value.map((one) => canonicalJson(one, item)));
  }
  if (dtype.startsWith("struct(")) {
    const fields = fieldsOf(dtype.slice("struct(".length, -1));
    if (Array.isArray(value)) {
      return allOrNone(fields.map(([, type], at) => canonicalJson(value[at] ?? null, type)));
    }
    const given = value as Readonly<Record<string, unknown>>;
    if (Object.keys(given).some((name) => !fields.some(([known]) => known === name))) {
      return undefined;
    }
    return allOrNone(fields.map(([name, type]) => canonicalJson(given[name] ?? null, type)));
  }
  return canonicalCell(momentText(String(value), dtype), dtype);
}

/** A moment of the library's JSON, in days or microseconds since 1970, as text. */
function momentText(text: string, dtype: string): string {
  if (!/^-?\d+$/.test(text)) return text;
  if (dtype === "date") return new Date(Number(text) * 86_400_000).toISOString().slice(0, 10);
  if (dtype !== "timestamp") return text;
  const micros = BigInt(text);
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(rest).padStart(6, "0")}`;
}

const allOrNone = (values: readonly unknown[]): readonly unknown[] | undefined =>
  values.includes(undefined) ? undefined : values;

/** Names and types of a struct's fields; a name in quotes has its quotes doubled. */
export function fieldsOf(text: string): (readonly [name: string, dtype: string])[] {
  const fields: (readonly [string, string])[] = [];
  for (let rest = text.trim(); rest !== "";) {
    const found = /^(?:"((?:[^"]|"")*)"|(\w+))\s+/.exec(rest);
    if (found === null) throw new Error(`no field and its type: ${rest}`);
    const start = found[0].length;
    const end = typeEnd(rest, start);
    const name = found[2] ?? found[1]!.replaceAll('""', '"');
    fields.push([name, rest.slice(start, end).trim()]);
    rest = rest.slice(end + 1).trim();
  }
  return fields;
}

/** Where a type ends: at a comma that stands in no bracket and no quotes, or at the end. */
function typeEnd(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (text[at] === "," && depth === 0) return at;
  }
  return text.length;
}

function isDecimal(text: string, dtype: string): boolean {
  const [precision = NaN, scale = NaN] = dtype.slice("decimal(".length, -1).split(",").map(Number);
  const match = /^-?(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  const [, whole = "", fraction = ""] = match ?? [];
  const digits = `${whole === "0" ? "" : whole}${fraction}`;
  return match !== null && fraction.length === scale && digits.length <= precision;
}

function fits(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Whether a whole number has a place in `int8` to `uint64`. */
function isWithin(value: bigint, dtype: string): boolean {
  const bits = Number(dtype.replace(/^u?int/, ""));
  return (
    (dtype.startsWith("u") ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)) === value
  );
}

function float32Bits(text: string): string | undefined {
  const bits = floatBits(text);
  if (bits === undefined) return undefined;
  if (bits === NAN_BITS) return "7fc00000";
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  view.setFloat32(0, view.getFloat64(0));
  return view.getUint32(0).toString(16).padStart(8, "0");
}

function floatBits(text: string): string | undefined {
  const special = SPECIAL.get(text);
  if (special !== undefined) return special;
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(text));
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function timestamp(text: string, digits: number, zone: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z?)$/.exec(text);
  const [, whole = "", fraction = "", found = ""] = match ?? [];
  if (match === null || fraction.length > digits || found !== zone) return undefined;
  return `${whole}${digits === 0 ? "" : `.${fraction.padEnd(digits, "0")}`}${zone}`;
}

/** Position of a float among all floats, so that neighbours differ by one and -0.0 is at 0.0. */
function ordinal(bits: string): bigint {
  const magnitude = BigInt(`0x${bits}`) & (2n ** 63n - 1n);
  return BigInt(`0x${bits}`) >> 63n === 1n ? -magnitude : magnitude;
}
