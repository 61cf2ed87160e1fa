// bindings/python/src/pardox/_native.py: the C functions as methods of one class, over ctypes.
//
// ctypes wraps integers in silence (2**64 + 5 arrives as 5) and knows no text with a length, so
// each method checks its numbers and makes its buffers. Handles and addresses are plain int; 0 is
// none. The GIL is free during every call, since the library is loaded by `CDLL`.
//
// Seam with the hand-written _library.py: it loads the library, gives it to the constructor with a
// function that makes an exception of an Error record, and checks SURFACE by `has_surface`.

import type {
  Model,
  NativeEnum,
  NativeFunction,
  NativeParameter,
  NativeStruct,
  NativeType,
} from "../../model/model.js";
import { upperCamel } from "../../model/names.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { constant, docstring, tidy } from "./words.js";

const CTYPES: Readonly<Record<NativeType["base"], string>> = {
  char: "c_char",
  double: "c_double",
  int32: "c_int32",
  int64: "c_int64",
  struct: "",
  uint8: "c_uint8",
  uint32: "c_uint32",
  uint64: "c_uint64",
  void: "c_void_p",
};

export function emitNative(model: Model): GeneratedFile {
  const out = new Lines("    ");
  out.lines(opening("# ", SOURCES.native)).line();
  out.line('"""The C functions, one to one. Handles and addresses are int; 0 is none."""').line();
  out.line("from __future__ import annotations").line();
  out.line("from collections.abc import Callable, Sequence");
  out.line("from ctypes import (").line("    CDLL,").line("    Structure,").line("    byref,");
  for (const name of ["c_int32", "c_int64", "c_uint8", "c_uint32", "c_uint64"].sort()) {
    out.line(`    ${name},`);
  }
  out.line("    c_void_p,").line("    sizeof,").line(")").line();
  out.line("# The surface that this file was made for: `has_surface` asks for it.");
  out.line(`SURFACE = 0x${model.abi.fingerprint.toString(16).padStart(16, "0")}`);
  for (const one of model.abi.enums) emitEnum(out, one);
  for (const one of model.abi.structs) emitStruct(out, one);
  emitHelpers(out);
  emitClass(out, model);
  return { path: "bindings/python/src/pardox/_native.py", text: tidy(out.text()) };
}

function emitEnum(out: Lines, one: NativeEnum): void {
  out.line().line();
  out.open(`class ${upperCamel(one.name.replace("pardox_", ""))}:`);
  out.lines(docstring(firstLine(one.doc), [])).line();
  for (const value of one.values) out.line(`${constant(value.short)} = ${value.number}`);
  out.close("").gap();
}

/** Name of the class of a struct. */
const structName = (name: string): string => upperCamel(name.replace("pardox_", ""));

function emitStruct(out: Lines, struct: NativeStruct): void {
  out.line().open(`class ${structName(struct.name)}(Structure):`);
  out.lines(docstring(firstLine(struct.doc), [])).line();
  out.open("_fields_ = (");
  for (const field of struct.fields) {
    const base = field.type.pointers > 0 ? "c_void_p" : CTYPES[field.type.base];
    // Text may hold any byte: as c_char arrays ctypes would end it at the first zero.
    const type = field.length === null ? base : `c_uint8 * ${field.length}`;
    out.line(`("${field.name}", ${type}),`);
  }
  out.close(")").line();
  out.open("def __init__(self) -> None:");
  out.line('"""Make a record that the library may fill."""');
  out.line("super().__init__(sizeof(type(self)))").close("");
  for (const field of struct.fields.filter(({ length }) => length !== null)) {
    out.line().open(`def text_of_${field.name}(self) -> str:`);
    out.lines(docstring(firstLine(field.doc), []));
    out.line(`data = bytes(self.${field.name})[: self.${field.name}_length]`);
    out.line('return data.decode("utf-8", "replace")').close("");
  }
  out.close("").gap();
}

function emitHelpers(out: Lines): void {
  out.line().line().line("Kind = type[c_int32] | type[c_int64] | type[c_uint64]").line();
  out.line("_RANGES: dict[Kind, tuple[int, int, str]] = {");
  out.line('    c_int32: (-(2**31), 2**31 - 1, "32-bit"),');
  out.line('    c_int64: (-(2**63), 2**63 - 1, "64-bit"),');
  out.line('    c_uint64: (0, 2**64 - 1, "unsigned 64-bit"),').line("}").line().line();
  out.open("def _number(kind: Kind, value: int, name: str) -> int:");
  out.line('"""Check what ctypes would cut: it must be a whole number of that width."""');
  out.line("if isinstance(value, bool) or not isinstance(value, int):");
  out.line('    raise TypeError(f"expected an int for {name}, found {type(value).__name__}")');
  out.line("low, high, width = _RANGES[kind]");
  out.line("if not low <= value <= high:");
  out.line('    raise OverflowError(f"expected a {width} number for {name}, found {value}")');
  out.line("return value").close("").line();
}

function emitClass(out: Lines, model: Model): void {
  out.line().open("class Native:");
  out.line('"""The functions of one loaded library."""').line();
  out.open("def __init__(self, library: CDLL, fail: Callable[[Error], Exception]) -> None:");
  out.line('"""Declare every function; one that is missing is an AttributeError."""');
  out.line("self._fail = fail");
  for (const one of model.abi.functions) {
    out.line(`self._${shortName(one)} = library.${one.name}`);
    const types = one.parameters.map((parameter) => argumentType(parameter));
    const tuple = `(${types.join(", ")}${types.length === 1 ? "," : ""})`;
    const line = `self._${shortName(one)}.argtypes = ${tuple}`;
    if (line.length <= 90) out.line(line);
    else {
      out.open(`self._${shortName(one)}.argtypes = (`);
      for (const type of types) out.line(`${type},`);
      out.close(")");
    }
    out.line(`self._${shortName(one)}.restype = c_int32`);
  }
  out.close("");
  for (const one of model.abi.functions) emitFunction(out, one);
  out.close("");
}

const shortName = (one: NativeFunction): string => one.name.replace("pardox_", "");

/** Everything behind a pointer goes as an address: `byref` and numbers are both taken. */
function argumentType({ type }: NativeParameter): string {
  return type.pointers > 0 ? "c_void_p" : CTYPES[type.base];
}

function emitFunction(out: Lines, one: NativeFunction): void {
  const given = one.parameters.filter(({ role }) =>
    ["text", "array", "in", "in_out", "buffer", "buffer_size", "record", "stream"].includes(role),
  );
  const results = one.parameters.filter(({ role }) => role === "out" || role === "in_out");
  const list = ["self", ...given.map((parameter) => `${parameter.name}: ${givenType(parameter)}`)];
  const result =
    results.length === 0
      ? "None"
      : results.length === 1
        ? "int"
        : `tuple[${results.map(() => "int").join(", ")}]`;
  out.line();
  const head = `def ${shortName(one)}(${list.join(", ")}) -> ${result}:`;
  if (head.length <= 94) out.open(head);
  else {
    out.open(`def ${shortName(one)}(`);
    for (const text of list) out.line(`${text},`);
    out.close(`) -> ${result}:`).open("");
  }
  out.lines(docstring(firstLine(one.doc), []));
  emitBody(out, one, results);
  out.close("");
}

function givenType({ role }: NativeParameter): string {
  if (role === "text") return "bytes";
  if (role === "array") return "Sequence[int]";
  if (role === "record") return "Structure";
  return "int";
}

function emitBody(out: Lines, one: NativeFunction, results: readonly NativeParameter[]): void {
  const args: string[] = [];
  for (const parameter of one.parameters) {
    const kind = CTYPES[parameter.type.base];
    switch (parameter.role) {
      case "text":
        args.push(parameter.name);
        break;
      case "text_length":
        args.push(`len(${args.at(-1)})`);
        break;
      case "array":
        out.line(`${parameter.name}_array = (c_uint64 * len(${parameter.name}))(`);
        out.line(`    *(_number(c_uint64, one, "${parameter.name}") for one in ${parameter.name})`);
        out.line(")");
        args.push(`byref(${parameter.name}_array)`);
        break;
      case "array_count":
        args.push(`len(${one.parameters[args.length - 1]!.name})`);
        break;
      case "in":
      case "buffer_size":
        args.push(`_number(${kind}, ${parameter.name}, "${parameter.name}")`);
        break;
      case "in_out":
        out.line(
          `${parameter.name}_out = ${kind}(` +
            `_number(${kind}, ${parameter.name}, "${parameter.name}"))`,
        );
        args.push(`byref(${parameter.name}_out)`);
        break;
      case "out":
        out.line(`${parameter.name}_out = ${parameter.type.pointers > 1 ? "c_void_p" : kind}()`);
        args.push(`byref(${parameter.name}_out)`);
        break;
      case "buffer":
      case "stream":
        args.push(parameter.name);
        break;
      case "record":
        args.push(`byref(${parameter.name})`);
        break;
      case "error":
        args.push("byref(error)");
        break;
    }
  }
  out.line("error = Error()");
  const call = `if self._${shortName(one)}(${args.join(", ")}) != 0:`;
  if (call.length <= 90) out.line(call);
  else {
    out.line(`status = self._${shortName(one)}(`);
    for (const arg of args) out.line(`    ${arg},`);
    out.line(")").line("if status != 0:");
  }
  out.line("    raise self._fail(error)");
  if (results.length > 0) out.line(`return ${results.map(resultText).join(", ")}`);
}

/** A null pointer reads as None. */
const resultText = ({ name, type }: NativeParameter): string =>
  type.pointers > 1 ? `${name}_out.value or 0` : `${name}_out.value`;

/** The first sentence of a comment. */
const firstLine = (doc: string): string =>
  doc
    .split("\n\n")[0]!
    .replaceAll("\n", " ")
    .replace(/^(.*?[.])( .*)$/, "$1");
