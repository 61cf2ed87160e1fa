// bindings/ts/src/native.gen.ts: the C functions as methods of one class, over koffi 3.
//
// Out-params go through typed arrays that the class owns (koffi's `_Out_` costs six times as much),
// which is safe because a synchronous call cannot be entered twice; nothing here is called with
// koffi's `.async`. Numbers are checked before they reach C, since koffi cuts 1.5 to 1 and wraps
// 2^64 in silence; 64-bit results are read as bigint and given as numbers where they are safe.
//
// Seam with the hand-written library.ts: it loads the library with koffi, gives it to the
// constructor with a function that makes an error of a Failure, and checks SURFACE by `hasSurface`.

import type {
  Model,
  NativeFunction,
  NativeParameter,
  NativeStruct,
  NativeType,
} from "../../model/model.js";
import { lowerCamel, upperCamel } from "../../model/names.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { docComment, quote } from "./words.js";

/** The scratch arrays by what they hold: one element each, so that a call may have several. */
const SCRATCH = {
  int32: { array: "Int32Array", read: (at: string) => `${at}[0]!` },
  uint32: { array: "Uint32Array", read: (at: string) => `${at}[0]!` },
  int64: { array: "BigInt64Array", read: (at: string) => `safe(${at}[0]!)` },
  uint64: { array: "BigUint64Array", read: (at: string) => `safe(${at}[0]!)` },
  pointer: { array: "BigUint64Array", read: (at: string) => `${at}[0]!` },
} as const;
type ScratchKind = keyof typeof SCRATCH;

/** How many out-params of a kind one function has at most: so many scratch arrays there are. */
const scratchCount = (model: Model, kind: ScratchKind): number =>
  Math.max(0, ...model.abi.functions.map((one) => one.parameters.filter(takes(kind)).length));

/** Whether a parameter is written through a scratch array of that kind. */
const takes =
  (kind: ScratchKind) =>
  ({ role, type }: NativeParameter): boolean =>
    role === "in_out" ? kind === "uint64" : role === "out" && scratchOf(type) === kind;

/** The file. */
export function emitNative(model: Model): GeneratedFile {
  const out = new Lines();
  out.lines(opening("// ", SOURCES.native)).line("//");
  out.line("// The C functions, one to one. Handles are numbers; 0 is none. Addresses are bigint.");
  out.gap().line('import koffi, { type LibraryHandle } from "koffi";').line();
  out.lines(docComment("The surface that this file was made for: `hasSurface` asks for it."));
  out.line(`export const SURFACE = 0x${model.abi.fingerprint.toString(16).padStart(16, "0")}n;`);
  for (const one of model.abi.enums) {
    out
      .gap()
      .lines(docComment(one.doc))
      .open(`export const ${upperCamel(one.name.replace("pardox_", ""))} = {`);
    for (const value of one.values) {
      out.lines(docComment(value.doc)).line(`${upperCamel(value.short)}: ${value.number},`);
    }
    out.close("} as const;");
  }
  for (const struct of model.abi.structs) emitStruct(out, struct);
  emitHelpers(out);
  emitClass(out, model);
  return { path: "bindings/ts/src/native.gen.ts", text: out.text() };
}

/** Name of the interface of a struct: pardox_error is what failed, so it is Failure. */
const structName = (struct: NativeStruct): string =>
  struct.name === "pardox_error" ? "Failure" : upperCamel(struct.name.replace("pardox_", ""));

/** Whether a field is told by another: `file_length` by `file`, `struct_size` by nothing. */
function isImplied(struct: NativeStruct, name: string): boolean {
  return (
    name === "struct_size" ||
    struct.fields.some((field) => field.length !== null && name === `${field.name}_length`)
  );
}

function emitStruct(out: Lines, struct: NativeStruct): void {
  const name = structName(struct);
  const fields = struct.fields.filter((field) => !isImplied(struct, field.name));
  out.gap().lines(docComment(struct.doc)).open(`export interface ${name} {`);
  for (const field of fields) {
    const type = field.length !== null ? "string" : field.type.pointers > 0 ? "bigint" : "number";
    out.lines(docComment(field.doc)).line(`readonly ${lowerCamel(field.name)}: ${type};`);
  }
  out.close("}");
  out.gap().line(`const ${sizeName(struct)} = ${struct.sizeBytes};`);
  out.gap().open(`function read${name}(record: DataView): ${name} {`).open("return {");
  for (const field of fields) {
    out.line(`${lowerCamel(field.name)}: ${readField(struct, field.name)},`);
  }
  out.close("};").close("}");
}

const sizeName = (struct: NativeStruct): string =>
  `${struct.name.replace("pardox_", "").toUpperCase()}_BYTES`;

function readField(struct: NativeStruct, name: string): string {
  const field = struct.fields.find((one) => one.name === name)!;
  const at = field.offsetBytes;
  if (field.length !== null) {
    const length = struct.fields.find((one) => one.name === `${name}_length`)!;
    return `text(record, ${at}, record.getUint32(${length.offsetBytes}, true))`;
  }
  if (field.type.pointers > 0) return `record.getBigUint64(${at}, true)`;
  switch (field.type.base) {
    case "int32":
      return `record.getInt32(${at}, true)`;
    case "uint32":
      return `record.getUint32(${at}, true)`;
    case "uint64":
      return `safe(record.getBigUint64(${at}, true))`;
    default:
      return `safe(record.getBigInt64(${at}, true))`;
  }
}

function emitHelpers(out: Lines): void {
  out.gap().line("const decoder = new TextDecoder();").gap();
  out.open("function text(record: DataView, offset: number, length: number): string {");
  out.line("return decoder.decode(new Uint8Array(record.buffer, offset, length));").close("}");
  out
    .gap()
    .lines(docComment("A 64-bit number as a number; one that would be rounded is a defect."));
  out.open("function safe(value: bigint): number {");
  out.line("const number = Number(value);");
  out.open("if (!Number.isSafeInteger(number)) {");
  out.line(
    "throw new RangeError(`expected a number below 2^53 from the library, found ${value}`);",
  );
  out.close("}").line("return number;").close("}");
  out
    .gap()
    .lines(
      docComment("What goes to C as a whole number must be one: koffi cuts and wraps in silence."),
    );
  out.open("function whole(value: number, name: string): number {");
  out.open("if (!Number.isSafeInteger(value)) {");
  out.line("throw new RangeError(`expected a whole number for ${name}, found ${String(value)}`);");
  out.close("}").line("return value;").close("}");
  out.gap().open("function handles(values: readonly number[]): BigUint64Array | null {");
  out.line(
    "return values.length === 0 ? null : BigUint64Array.from(values, (one) => BigInt(one));",
  );
  out.close("}");
}

function emitClass(out: Lines, model: Model): void {
  const records = model.abi.structs;
  out
    .gap()
    .lines(
      docComment(
        "The functions of the library. A call that fails throws what `fail` makes of its Failure.",
      ),
    );
  out.open("export class Native {");
  out.line("readonly #fail: (failure: Failure) => Error;");
  for (const struct of records) {
    out.line(
      `readonly #${recordField(struct)} = new DataView(new ArrayBuffer(${sizeName(struct)}));`,
    );
  }
  for (const kind of Object.keys(SCRATCH) as ScratchKind[]) {
    for (let i = 0; i < scratchCount(model, kind); i += 1) {
      out.line(`readonly #${kind}At${i} = new ${SCRATCH[kind].array}(1);`);
    }
  }
  for (const one of model.abi.functions) out.line(`readonly #${methodName(one)}: Raw;`);
  out.gap().lines(docComment("Binds every function of `library`; a missing symbol throws."));
  out.open("constructor(library: LibraryHandle, fail: (failure: Failure) => Error) {");
  out.line("this.#fail = fail;");
  for (const struct of records) {
    out.line(`this.#${recordField(struct)}.setUint32(0, ${sizeName(struct)}, true);`);
  }
  for (const one of model.abi.functions) {
    const types = one.parameters.map((parameter) => quote(koffiType(parameter)));
    out.line(`this.#${methodName(one)} = library.func(${quote(one.name)}, "int32_t", [`);
    out.line(`  ${types.join(", ")},`).line("]);");
  }
  out.close("}");
  for (const one of model.abi.functions) emitMethod(out, model, one);
  out.gap().open("#check(status: number): void {");
  out.line("if (status !== 0) throw this.#fail(readFailure(this.#error));").close("}");
  out.gap().lines(docComment("Memory of the library, in place: valid while its owner is held."));
  out.open("static memory(address: bigint, sizeBytes: number): ArrayBuffer {");
  out.line("if (address === 0n || sizeBytes === 0) return new ArrayBuffer(0);");
  out.line("return koffi.view(address, sizeBytes);").close("}");
  out.close("}");
  out.gap().line("type Raw = (...args: unknown[]) => number;");
}

const recordField = (struct: NativeStruct): string => struct.name.replace("pardox_", "");

const methodName = (one: NativeFunction): string => lowerCamel(one.name.replace("pardox_", ""));

function koffiType({ role, type }: NativeParameter): string {
  switch (role) {
    case "in":
    case "text_length":
    case "array_count":
    case "buffer_size":
      return `${type.base}_t`;
    case "text":
      return type.base === "char" ? "const char *" : "const void *";
    case "array":
      return "const void *";
    default:
      return "void *";
  }
}

/** A result of a call: where it is read from. */
interface Out {
  readonly name: string;
  readonly read: string;
  readonly type: string;
}

/** A parameter with those before it, which decide on lengths and scratch arrays. */
interface Slot {
  readonly parameter: NativeParameter;
  readonly name: string;
  readonly before: readonly NativeParameter[];
}

function emitMethod(out: Lines, model: Model, one: NativeFunction): void {
  const slots = one.parameters.map((parameter, i): Slot => {
    const name = lowerCamel(parameter.name);
    return { parameter, name, before: one.parameters.slice(0, i) };
  });
  const outs = slots.flatMap((slot) => outOf(model, slot) ?? []);
  const inputs = slots.flatMap((slot) => inputOf(slot) ?? []);
  const args = slots.map(argumentOf);
  out.gap().lines(docComment(one.doc));
  out.open(`${methodName(one)}(${inputs.join(", ")}): ${resultType(outs)} {`);
  for (const { parameter, name } of slots) {
    if (parameter.role !== "in_out") continue;
    out.line(`this.#uint64At0[0] = BigInt(whole(${name}, ${quote(name)}));`);
  }
  out.line(`this.#check(this.#${methodName(one)}(${args.join(", ")}));`);
  if (outs.length === 1) out.line(`return ${outs[0]!.read};`);
  else if (outs.length > 1) {
    out
      .open("return {")
      .lines(outs.map(({ name, read }) => `${name}: ${read},`))
      .close("};");
  }
  out.close("}");
}

/** The parameter of the method, or none where the method finds the value itself. */
function inputOf({ parameter, name }: Slot): string | null {
  switch (parameter.role) {
    case "text":
      return `${name}: ${parameter.type.base === "uint8" ? "Uint8Array" : "string"}`;
    case "array":
      return `${name}: readonly number[]`;
    case "in":
      return `${name}: ${isWide(name) ? "bigint" : "number"}`;
    case "in_out":
      return `${name}: number`;
    case "buffer":
      return `${name}: ArrayBufferView | null`;
    case "stream":
      return `${name}: bigint`;
    default:
      return null;
  }
}

/** What the C function is given. */
function argumentOf(slot: Slot): string {
  const { parameter, name, before } = slot;
  const previous = lowerCamel(before.at(-1)?.name ?? "");
  switch (parameter.role) {
    case "text":
    case "buffer":
    case "stream":
      return name;
    case "text_length":
      return before.at(-1)?.type.base === "uint8"
        ? `${previous}.byteLength`
        : `Buffer.byteLength(${previous})`;
    case "array":
      return `handles(${name})`;
    case "array_count":
      return `${previous}.length`;
    case "buffer_size":
      return `${previous}?.byteLength ?? 0`;
    case "in":
      return isWide(name) ? name : `whole(${name}, ${quote(name)})`;
    case "in_out":
      return "this.#uint64At0";
    case "out":
      return scratchField(slot);
    case "record":
      return `this.#${(parameter.type.struct ?? "").replace("pardox_", "")}`;
    case "error":
      return "this.#error";
  }
}

function outOf(model: Model, slot: Slot): Out | null {
  const { parameter, name } = slot;
  if (parameter.role === "out") {
    const kind = scratchOf(parameter.type);
    const type = kind === "pointer" ? "bigint" : "number";
    return { name, read: SCRATCH[kind].read(scratchField(slot)), type };
  }
  if (parameter.role !== "record") return null;
  const struct = model.abi.structs.find((record) => record.name === parameter.type.struct)!;
  const type = structName(struct);
  return { name, read: `read${type}(this.#${recordField(struct)})`, type };
}

/** The scratch array of an out-param: the next one of its kind. */
function scratchField({ parameter, before }: Slot): string {
  const kind = scratchOf(parameter.type);
  const same = before.filter(({ role, type }) => role === "out" && scratchOf(type) === kind);
  return `this.#${kind}At${same.length}`;
}

/** A fingerprint fills all its 64 bits; handles and counts are below 2^53. */
const isWide = (name: string): boolean => name === "fingerprint";

function resultType(outs: readonly Out[]): string {
  if (outs.length === 0) return "void";
  if (outs.length === 1) return outs[0]!.type;
  return `{ ${outs.map(({ name, type }) => `readonly ${name}: ${type}`).join("; ")} }`;
}

function scratchOf({ base, pointers }: NativeType): ScratchKind {
  if (pointers === 2) return "pointer";
  if (base === "int32" || base === "uint32" || base === "int64" || base === "uint64") return base;
  throw new Error(`no scratch for an out-param of type ${base}`);
}
