// bindings/go/internal/native/native_gen.go: the C functions as Go functions, over cgo.
//
// The preamble declares what pardox.h declares, so that the module needs no header beside it. Text
// and lists go as pointer and length into Go's own memory, which holds no Go pointers; C keeps
// nothing beyond the call. Out-params are locals; addresses come back as unsafe.Pointer.
//
// Seam with the hand-written library.go: link flags, and the check of Surface.

import type {
  Model,
  NativeFunction,
  NativeParameter,
  NativeStruct,
  NativeType,
} from "../../model/model.js";
import { goExported, goLocal } from "../../model/names.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { aligned, comment, sentence } from "./words.js";

const C_NAMES: Readonly<Record<NativeType["base"], string>> = {
  char: "char",
  double: "double",
  int32: "int32_t",
  int64: "int64_t",
  struct: "",
  uint8: "uint8_t",
  uint32: "uint32_t",
  uint64: "uint64_t",
  void: "void",
};

export function emitNative(model: Model): GeneratedFile {
  const out = new Lines("\t");
  out.lines(opening("// ", SOURCES.native)).line();
  out.line("package native").line();
  emitPreamble(out, model);
  out.line('import "C"').line();
  out.line('import "unsafe"').line();
  out.line("// Surface is what this file was made for: HasSurface asks for it.");
  out.line(`const Surface uint64 = 0x${model.abi.fingerprint.toString(16).padStart(16, "0")}`);
  for (const one of model.abi.enums) {
    const name = goExported(one.name.replace("pardox_", ""));
    out
      .line()
      .lines(comment(`${name} values: ${sentence(one.doc)}`))
      .open("const (");
    const values = one.values.map(
      ({ short, number }) => [`${name}${goExported(short)}`, `int32 = ${number}`] as const,
    );
    out.lines(aligned(values));
    out.close(")");
  }
  for (const struct of model.abi.structs) emitStruct(out, struct);
  emitHelpers(out);
  for (const one of model.abi.functions) emitFunction(out, one);
  return { path: "bindings/go/internal/native/native_gen.go", text: out.text() };
}

function emitPreamble(out: Lines, model: Model): void {
  out.line("/*").line("#include <stdint.h>").line().line("struct ArrowArrayStream;");
  for (const struct of model.abi.structs) {
    out.line("typedef struct {");
    for (const field of struct.fields) {
      const size = field.length === null ? "" : `[${field.length}]`;
      out.line(`\t${cType(field.type)} ${field.name}${size};`);
    }
    out.line(`} ${struct.name};`);
  }
  for (const one of model.abi.functions) {
    const list = one.parameters.map(({ name, type }) => `${cType(type)} ${name}`);
    out.line(`int32_t ${one.name}(${list.join(", ")});`);
  }
  out.line("*/");
}

function cType(type: NativeType): string {
  const base = type.struct === "ArrowArrayStream" ? "struct ArrowArrayStream" : type.struct;
  const name = base ?? C_NAMES[type.base];
  const pointers = type.pointers > 0 ? ` ${"*".repeat(type.pointers)}` : "";
  return `${type.isConst ? "const " : ""}${name}${pointers}`;
}

const structName = (struct: string): string =>
  struct === "pardox_error" ? "Failure" : goExported(struct.replace("pardox_", ""));

/** Whether a field is told by another: `file_length` by `file`, `struct_size` by nothing. */
const isImplied = (struct: NativeStruct, name: string): boolean =>
  name === "struct_size" ||
  struct.fields.some((field) => field.length !== null && name === `${field.name}_length`);

function emitStruct(out: Lines, struct: NativeStruct): void {
  const name = structName(struct.name);
  const fields = struct.fields.filter((field) => !isImplied(struct, field.name));
  out
    .line()
    .lines(comment(`${name}: ${sentence(struct.doc)}`))
    .open(`type ${name} struct {`);
  for (const field of fields) {
    out.lines(comment(sentence(field.doc)));
    out.line(`${goExported(field.name)} ${fieldType(field.length, field.type)}`);
  }
  out.close("}").line();
  out.open(`func read${name}(record *C.${struct.name}) *${name} {`).open(`return &${name}{`);
  const pairs = fields.map((field) => {
    // A field whose name Go keeps for itself is seen by cgo with an underscore.
    const source = `record.${field.name === "type" ? "_type" : field.name}`;
    const target = `${goExported(field.name)}:`;
    if (field.length !== null) {
      const length = `C.int(record.${field.name}_length)`;
      return [target, `C.GoStringN(&${source}[0], ${length}),`] as const;
    }
    if (field.type.pointers > 0) return [target, `unsafe.Pointer(${source}),`] as const;
    return [target, `${goNumber(field.type)}(${source}),`] as const;
  });
  out.lines(aligned(pairs));
  out.close("}").close("}");
}

function fieldType(length: number | null, type: NativeType): string {
  if (length !== null) return "string";
  return type.pointers > 0 ? "unsafe.Pointer" : goNumber(type);
}

const goNumber = ({ base }: NativeType): string => (base === "double" ? "float64" : base);

function emitHelpers(out: Lines): void {
  out.line().open("func textPointer(text string) *C.char {");
  out.open('if text == "" {').line("return nil").close("}");
  out.line("return (*C.char)(unsafe.Pointer(unsafe.StringData(text)))").close("}");
  out.line().open("func handlesPointer(handles []uint64) *C.uint64_t {");
  out.open("if len(handles) == 0 {").line("return nil").close("}");
  out.line("return (*C.uint64_t)(unsafe.Pointer(&handles[0]))").close("}");
}

function emitFunction(out: Lines, one: NativeFunction): void {
  const name = goExported(one.name.replace("pardox_", ""));
  const given = one.parameters.filter(({ role }) =>
    ["text", "array", "in", "in_out", "buffer", "buffer_size", "stream"].includes(role),
  );
  const results = one.parameters.filter(({ role }) => ["out", "in_out", "record"].includes(role));
  const list = given.map((parameter) => `${goLocal(parameter.name)} ${givenType(parameter)}`);
  const types = [...results.map(resultType), "*Failure"];
  const result = types.length === 1 ? types[0] : `(${types.join(", ")})`;
  out.line().lines(comment(`${name}: ${sentence(one.doc)}`));
  out.open(`func ${name}(${list.join(", ")}) ${result} {`);
  const args = one.parameters.map((parameter) => argument(out, parameter));
  out.line("var failure C.pardox_error");
  out.line("failure.struct_size = C.uint32_t(unsafe.Sizeof(failure))");
  const values = results.map(resultValue);
  const zeros = results.map(({ role, type }) =>
    role === "record" || type.pointers > 1 ? "nil" : "0",
  );
  out.open(`if C.${one.name}(${args.join(", ")}) != 0 {`);
  out.line(`return ${[...zeros, "readFailure(&failure)"].join(", ")}`).close("}");
  out.line(`return ${[...values, "nil"].join(", ")}`).close("}");
}

function givenType({ role, type }: NativeParameter): string {
  if (role === "text") return "string";
  if (role === "array") return "[]uint64";
  if (role === "buffer" || role === "stream") return "unsafe.Pointer";
  return goNumber(type);
}

function resultType({ role, type }: NativeParameter): string {
  if (role === "record") return `*${structName(type.struct ?? "")}`;
  return type.pointers > 1 ? "unsafe.Pointer" : goNumber(type);
}

function resultValue({ name, role, type }: NativeParameter): string {
  const local = `${goLocal(name)}Out`;
  if (role === "record") return `read${structName(type.struct ?? "")}(&${local})`;
  return type.pointers > 1 ? `unsafe.Pointer(${local})` : `${goNumber(type)}(${local})`;
}

/** The C argument of a parameter; writes the lines that make it. */
function argument(out: Lines, parameter: NativeParameter): string {
  const { role, type } = parameter;
  const name = goLocal(parameter.name);
  const kind = `C.${C_NAMES[type.base]}`;
  switch (role) {
    case "text":
      return type.base === "uint8"
        ? `(*C.uint8_t)(unsafe.Pointer(textPointer(${name})))`
        : `textPointer(${name})`;
    case "text_length":
      return `C.int64_t(len(${goLocal(parameter.name.replace(/_length$/, ""))}))`;
    case "array":
      return `handlesPointer(${name})`;
    case "array_count":
      return `C.int64_t(len(${goLocal(parameter.name.replace(/_count$/, "s"))}))`;
    case "in":
    case "buffer_size":
      return `${kind}(${name})`;
    case "in_out":
      out.line(`${name}Out := ${kind}(${name})`);
      return `&${name}Out`;
    case "out":
      out.line(`var ${name}Out ${type.pointers > 1 ? "*" : ""}${kind}`);
      return `&${name}Out`;
    case "record":
      out.line(`var ${name}Out C.${type.struct}`);
      out.line(`${name}Out.struct_size = C.uint32_t(unsafe.Sizeof(${name}Out))`);
      return `&${name}Out`;
    case "buffer":
      return type.base === "void" ? name : `(*${kind})(${name})`;
    case "stream":
      return `(*C.struct_ArrowArrayStream)(${name})`;
    case "error":
      return "&failure";
  }
}
