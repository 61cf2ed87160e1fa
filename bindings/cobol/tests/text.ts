// Plan documents as text: what a COBOL program would write for the same question.

/** A value of a plan document. */
export type Wire =
  null | boolean | number | string | readonly Wire[] | { readonly [key: string]: Wire };
export type Fields = { readonly [key: string]: Wire };

/** Why text cannot say it; the case is then a gap. */
export class NoText extends Error {}

/** The one tag of a union and what stands under it. */
export function tagOf(wire: Wire | undefined): readonly [string, Fields] {
  const entries = Object.entries((wire ?? {}) as Fields);
  const [first] = entries;
  if (typeof wire !== "object" || wire === null || entries.length !== 1 || first === undefined) {
    throw new NoText(`expected one tag, found ${JSON.stringify(wire)}`);
  }
  return [first[0], first[1] as Fields];
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const BINARY: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  floordiv: "//",
  mod: "%",
  eq: "=",
  ne: "<>",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  and: "and",
  or: "or",
};

/** An expression. */
export function expression(wire: Wire | undefined): string {
  const [tag, fields] = tagOf(wire);
  const value = fields as unknown as Wire;
  switch (tag) {
    case "col":
      return quoteName(String(value));
    case "param":
      return `:${String(value)}`;
    case "text":
      return `(${String(value)})`;
    case "lit":
      return literal(value);
    case "call":
      return call(String(fields["function"]), list(fields["args"]).map(expression));
    case "cast":
    case "try_cast":
      return `${tag}(${expression(fields["input"])} as ${typeText(String(fields["to"]))})`;
    case "agg": {
      const input = fields["input"] ?? null;
      return `${String(fields["function"])}(${input === null ? "" : expression(input)})`;
    }
    case "case":
      return caseText(fields);
    default:
      throw new NoText(`text has no ${tag}`);
  }
}

const list = (wire: Wire | undefined): readonly Wire[] => (wire ?? []) as readonly Wire[];

function call(name: string, args: readonly string[]): string {
  const [first = "", second = "", third = "", ...more] = args;
  const sign = BINARY[name];
  if (sign !== undefined && args.length === 2) return `(${first} ${sign} ${second})`;
  if (args.length === 1) {
    if (name === "neg") return `(- ${first})`;
    if (name === "not") return `(not ${first})`;
    if (name === "is_null") return `(${first} is null)`;
    if (name === "is_not_null") return `(${first} is not null)`;
  }
  if (name === "is_in" && args.length > 1) return `(${first} in (${args.slice(1).join(", ")}))`;
  if (name === "between" && args.length === 3 && more.length === 0) {
    return `(${first} between ${second} and ${third})`;
  }
  if (sign !== undefined || ["neg", "not", "is_null", "is_in", "between"].includes(name)) {
    throw new NoText(`text cannot write ${name} of ${args.length}`);
  }
  return `${name}(${args.join(", ")})`;
}

function caseText(fields: Fields): string {
  const branches = list(fields["branches"]).map((one) => {
    const { when, then } = one as Fields;
    return ` when ${expression(when)} then ${expression(then)}`;
  });
  const otherwise = fields["otherwise"] ?? null;
  const last = otherwise === null ? "" : ` else ${expression(otherwise)}`;
  return `case${branches.join("")}${last} end`;
}

function literal(wire: Wire): string {
  if (wire === "null") return "null";
  const [dtype, value] = tagOf(wire);
  if (dtype === "typed") {
    return `cast(${quoteText(String(value["value"]))} as ${typeText(String(value["dtype"]))})`;
  }
  const text = String(value);
  switch (dtype) {
    case "bool":
      return text;
    case "utf8":
      return quoteText(text);
    case "date":
      return `date ${quoteText(text)}`;
    case "decimal":
      return `decimal ${quoteText(text)}`;
    case "nested": {
      const { dtype: type, value: json } = value as unknown as Record<string, string>;
      return `cast(${quoteText(json ?? "")} as ${typeText(type ?? "")})`;
    }
    case "timestamp":
      return `timestamp ${quoteText(text.replace("T", " "))}`;
    case "int64":
      // The digits of the smallest one are beyond int64 without their sign.
      if (text === "-9223372036854775808") return `cast(${quoteText(text)} as int64)`;
      if (!/^-?\d+$/.test(text)) throw new NoText(`${text} is no whole number in text`);
      return text.startsWith("-") ? `(${text})` : text;
    case "float64":
      if (!/^-?[\d.]+(e[+-]?\d+)?$/i.test(text)) return `cast(${quoteText(text)} as float64)`;
      return `(${/[.e]/i.test(text) ? text : `${text}.0`})`;
    default:
      if (/^(u?int(8|16|32|64)|float32)$/.test(dtype)) {
        return `cast(${quoteText(text)} as ${dtype})`;
      }
      throw new NoText(`text has no literal of ${dtype}`);
  }
}

/** A type as text writes it: lists with brackets behind the type of their elements. */
export function typeText(dtype: string): string {
  if (dtype.startsWith("list(")) return `${typeText(dtype.slice("list(".length, -1).trim())}[]`;
  // A unit and a zone stand in the name of the type, which is then in quotes.
  if (dtype.startsWith("timestamp(")) return quoteName(dtype);
  if (!dtype.startsWith("struct(")) return dtype;
  const parts: string[] = [];
  let [start, depth, isQuoted] = [0, 0, false];
  const inner = `${dtype.slice("struct(".length, -1)},`;
  [...inner].forEach((letter, at) => {
    if (letter === '"') isQuoted = !isQuoted;
    if (isQuoted) return;
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter !== "," || depth > 0) return;
    const [, name = "", type = ""] =
      /^\s*("(?:[^"]|"")*"|\w+)\s+(.*)$/.exec(inner.slice(start, at)) ?? [];
    parts.push(`${name} ${typeText(type)}`);
    start = at + 1;
  });
  return `struct(${parts.join(", ")})`;
}

/** Columns of a result. */
export const items = (wire: Wire | undefined): string =>
  list(wire)
    .map((one) => {
      const [tag, fields] = tagOf(one);
      if (tag === "text") return String(fields);
      return `${expression(fields["expr"])} as ${quoteName(String(fields["name"]))}`;
    })
    .join(", ");

/** Keys to sort by. */
export const sortKeys = (wire: Wire | undefined): string =>
  list(wire)
    .map((one) => {
      const [tag, fields] = tagOf(one);
      if (tag === "text") return String(fields);
      const direction = fields["descending"] === true ? " desc" : "";
      const nulls = fields["nulls"] === undefined ? "" : ` nulls ${String(fields["nulls"])}`;
      return `${expression(fields["expr"])}${direction}${nulls}`;
    })
    .join(", ");

/** Names of columns. */
export const names = (wire: Wire | undefined): string =>
  list(wire)
    .map((name) => quoteName(String(name)))
    .join(", ");

export const joinKeys = (wire: Wire | undefined): string =>
  list(wire)
    .map((one) => {
      const { left, right } = one as Fields;
      return `${quoteName(String(left))} = ${quoteName(String(right))}`;
    })
    .join(", ");

export const renamings = (wire: Wire | undefined): string =>
  list(wire)
    .map((one) => {
      const { from, to } = one as Fields;
      return `${quoteName(String(from))} as ${quoteName(String(to))}`;
    })
    .join(", ");

/** Names of parameters that a text uses; a name within quotes is none. */
export function parametersOf(text: string): readonly string[] {
  const bare = text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, " ");
  return [...bare.matchAll(/(?<!:):([A-Za-z_]\w*)/g)].map((match) => match[1] ?? "");
}
