// Reads pardox.h, as cbindgen writes it: enums, structs and functions with their doc comments.
//
// The header is C of a narrow kind by design (DESIGN section 4), so a small reader is enough, and
// whatever it does not know it refuses: a result that is not int32_t, a type outside the list, a
// parameter whose role does not follow from its type and its neighbours.

import type {
  NativeBase,
  NativeEnum,
  NativeField,
  NativeParameter,
  NativeRole,
  NativeStruct,
  NativeType,
} from "../model/model.js";
import { refuse } from "../problems.js";
import { oneLine, stripStars } from "./comment.js";

/** What the header declares, before members are known. */
export interface Header {
  readonly functions: readonly HeaderFunction[];
  readonly structs: readonly NativeStruct[];
  readonly enums: readonly NativeEnum[];
}

export interface HeaderFunction {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly NativeParameter[];
}

const BASES: Readonly<Record<string, NativeBase>> = {
  char: "char",
  double: "double",
  int32_t: "int32",
  int64_t: "int64",
  uint8_t: "uint8",
  uint32_t: "uint32",
  uint64_t: "uint64",
  void: "void",
};

const SIZES: Readonly<Record<string, number>> = {
  char: 1,
  double: 8,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint32: 4,
  uint64: 8,
};

/** Parses the text of the header. */
export function readHeader(text: string): Header {
  const functions: HeaderFunction[] = [];
  const structs: NativeStruct[] = [];
  const enums: NativeEnum[] = [];
  for (const { doc, code } of declarations(text)) {
    const enumeration = /^typedef enum (\w+) \{(.*)\} \1$/s.exec(code);
    const struct = /^typedef struct (\w+) \{(.*)\} \1$/s.exec(code);
    if (enumeration) enums.push(readEnum(enumeration[1] ?? "", doc, enumeration[2] ?? ""));
    else if (struct) structs.push(readStruct(struct[1] ?? "", doc, struct[2] ?? ""));
    else if (/^struct \w+$/.test(code)) continue;
    else functions.push(readFunction(code, doc));
  }
  return { functions, structs, enums };
}

interface Declaration {
  readonly doc: string;
  /** Without the closing semicolon. */
  readonly code: string;
}

/** Cuts the header into top-level declarations, each with the doc comment before it. */
function declarations(text: string): readonly Declaration[] {
  const plain = text
    .replaceAll(/^#.*$/gm, "")
    .replaceAll(/^extern "C" \{.*$/gm, "")
    .replaceAll(/^\}\s*\/\/ extern "C".*$/gm, "")
    .replaceAll(/\/\*(?!\*).*?\*\//gs, "");
  const found: Declaration[] = [];
  let doc = "";
  let at = 0;
  while (at < plain.length) {
    const rest = plain.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const comment = /^\/\*\*.*?\*\//s.exec(rest);
    if (comment) {
      doc = stripStars(comment[0]);
      at += comment[0].length;
      continue;
    }
    const length = lengthOfDeclaration(rest);
    if (length === -1)
      refuse("pardox.h", `expected a declaration, found ${oneLine(rest).slice(0, 60)}`);
    found.push({ doc, code: rest.slice(0, length).trim() });
    doc = "";
    at += length + 1;
  }
  return found;
}

/** Characters up to the semicolon that ends a declaration, outside braces and comments. */
function lengthOfDeclaration(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text.startsWith("/*", i)) i = text.indexOf("*/", i) + 1;
    else if (text[i] === "{") depth += 1;
    else if (text[i] === "}") depth -= 1;
    else if (text[i] === ";" && depth === 0) return i;
  }
  return -1;
}

/** Entries of a struct or enum body, each with its doc comment. */
function entries(body: string, end: string): readonly Declaration[] {
  const pattern = new RegExp(`\\s*(?:/\\*\\*(.*?)\\*/)?\\s*([^${end}/]+?)\\s*(?:${end}|$)`, "gs");
  return [...body.trim().matchAll(pattern)].map((match) => ({
    doc: oneLine(stripStars(match[1] ?? "")),
    code: oneLine(match[2] ?? ""),
  }));
}

function readEnum(name: string, doc: string, body: string): NativeEnum {
  const prefix = `${name.toUpperCase()}_`;
  const values = entries(body, ",").map((entry) => {
    const match = /^(\w+) = (-?\d+)$/.exec(entry.code);
    const value = match?.[1] ?? "";
    if (!match || !value.startsWith(prefix)) {
      refuse(name, `expected ${prefix}NAME = number, found ${entry.code}`);
    }
    const short = value.slice(prefix.length).toLowerCase();
    return { name: value, short, number: Number(match[2]), doc: entry.doc };
  });
  return { name, doc: oneLine(doc), values };
}

function readStruct(name: string, doc: string, body: string): NativeStruct {
  const fields: NativeField[] = [];
  let offset = 0;
  let widest = 1;
  for (const entry of entries(body, ";")) {
    const match = /^(.*?)(\w+)(?:\[(\d+)\])?$/.exec(entry.code);
    if (!match) refuse(name, `cannot read the field ${entry.code}`);
    const type = readType(match[1] ?? "", `${name}.${match[2]}`);
    const size = type.pointers > 0 ? 8 : (SIZES[type.base] ?? 0);
    if (size === 0) refuse(`${name}.${match[2]}`, `a field of type ${type.base} has no known size`);
    offset = Math.ceil(offset / size) * size;
    widest = Math.max(widest, size);
    const length = match[3] === undefined ? null : Number(match[3]);
    fields.push({ name: match[2] ?? "", doc: entry.doc, type, length, offsetBytes: offset });
    offset += size * (length ?? 1);
  }
  return { name, doc: oneLine(doc), fields, sizeBytes: Math.ceil(offset / widest) * widest };
}

function readFunction(code: string, doc: string): HeaderFunction {
  const match = /^(.*?)\b(\w+)\s*\((.*)\)$/s.exec(code);
  if (!match) refuse("pardox.h", `cannot read the declaration ${oneLine(code)}`);
  const name = match[2] ?? "";
  if (oneLine(match[1] ?? "") !== "int32_t") {
    refuse(name, `expected the result int32_t, found ${oneLine(match[1] ?? "")}`);
  }
  if (!name.startsWith("pardox_")) refuse(name, "expected a name that begins with pardox_");
  const plain = (match[3] ?? "").split(",").map((text) => {
    const part = /^(.*?)(\w+)$/s.exec(oneLine(text));
    if (!part) refuse(name, `cannot read the parameter ${oneLine(text)}`);
    return { name: part[2] ?? "", type: readType(part[1] ?? "", `${name}(${part[2]})`) };
  });
  const parameters = plain.map((parameter, i) => ({
    ...parameter,
    role: roleOf(name, parameter, plain[i - 1], plain[i + 1]),
  }));
  if (parameters.at(-1)?.role !== "error")
    refuse(name, "expected pardox_error *error as last parameter");
  return { name, doc: oneLine(doc), parameters };
}

function readType(text: string, where: string): NativeType {
  const pointers = text.split("*").length - 1;
  const words = text
    .replaceAll("*", " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const isConst = words.includes("const");
  const [first = "", second] = words.filter((word) => word !== "const");
  if (pointers > 2) refuse(where, `expected at most two stars, found ${text}`);
  const depth = pointers as 0 | 1 | 2;
  if (first === "struct") {
    if (pointers !== 1) refuse(where, "expected a struct behind one pointer: none passes by value");
    return { base: "struct", struct: second ?? "", pointers: depth, isConst };
  }
  const base = BASES[first];
  if (base === undefined || second !== undefined) {
    refuse(where, `type ${oneLine(text)} is outside the list ${Object.keys(BASES).join(", ")}`);
  }
  if (base === "void" && pointers === 0) refuse(where, "expected a value, found void");
  return { base, struct: null, pointers: depth, isConst };
}

interface Plain {
  readonly name: string;
  readonly type: NativeType;
}

function roleOf(
  where: string,
  parameter: Plain,
  before: Plain | undefined,
  after: Plain | undefined,
): NativeRole {
  const { name, type } = parameter;
  if (type.base === "struct") {
    if (type.struct === "pardox_error") return "error";
    return type.struct === "ArrowArrayStream" ? "stream" : "record";
  }
  if (type.pointers === 0) {
    if (before !== undefined && isText(before) && name === `${before.name}_length`) {
      return "text_length";
    }
    if (before !== undefined && isArray(before)) return "array_count";
    if (before !== undefined && isBuffer(before, parameter)) return "buffer_size";
    return "in";
  }
  if (isText(parameter)) {
    if (after?.name !== `${name}_length`) refuse(where, `expected ${name}_length after ${name}`);
    return "text";
  }
  if (isArray(parameter)) return "array";
  if (type.pointers === 2) return "out";
  if (type.isConst) refuse(where, `the role of ${name} does not follow from its type`);
  if (after !== undefined && isBuffer(parameter, after)) return "buffer";
  return where === "pardox_release" && name === "handle" ? "in_out" : "out";
}

const isText = ({ type }: Plain): boolean =>
  type.isConst && type.pointers === 1 && (type.base === "char" || type.base === "uint8");

const isArray = ({ type }: Plain): boolean =>
  type.isConst && type.pointers === 1 && type.base === "uint64";

/** Memory of the host: a pointer that is written, and its size in bytes behind it. */
const isBuffer = (memory: Plain, size: Plain): boolean =>
  memory.type.pointers === 1 &&
  !memory.type.isConst &&
  size.type.pointers === 0 &&
  size.type.base === "int64" &&
  (size.name === `${memory.name}_bytes` || size.name === "capacity_bytes");
