// bindings/php/src/Internal/Native.php: the C functions as methods of one class, over FFI, and the
// flattened header that FFI::cdef reads: no guards, no macros, enums instead of defines.
//
// FFI checks nothing ("x" arrives as 0, 1.9 as 1), so the methods' types do, under strict_types.
// Each call has its own out-params and error record: a signal handler may run between the call and
// the line that reads them. PHP passes a string only for `char` and `void` pointers, so text and
// bytes that go in are declared `const char *`.
//
// Seam with the hand-written face: Internal/Failure.php makes an exception of an error record;
// Internal/Library.php loads the library and checks SURFACE by `hasSurface`.

import type {
  Abi,
  Model,
  NativeFunction,
  NativeParameter,
  NativeStruct,
  NativeType,
} from "../../model/model.js";
import { lowerCamel, upperSnake } from "../../model/names.js";
import { type GeneratedFile, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { docComment, phpFile } from "./words.js";

export function emitNative(model: Model): GeneratedFile {
  const out = new Lines("    ");
  out.lines(docComment(["The C functions, one to one. Handles are int; 0 is none.", "@internal"]));
  out.line("final class Native").open("{");
  emitConstants(out, model.abi);
  for (const struct of model.abi.structs) {
    out.line().line(`private readonly CType $${structField(struct.name)};`);
  }
  const pending = "Where the last handle was written, until a Handle takes it over.";
  out
    .gap()
    .lines(docComment([pending]))
    .line("public ?CData $pending = null;");
  out.gap().lines(docComment(["Takes what FFI::cdef made of HEADER."]));
  out.line("public function __construct(private readonly FFI $ffi)").open("{");
  for (const struct of model.abi.structs) {
    out.line(`$this->${structField(struct.name)} = $ffi->type('${struct.name}');`);
  }
  out.close("}");
  emitHelpers(out, model.abi);
  for (const one of model.abi.functions) emitMethod(out, one);
  out.close("}");
  const path = "bindings/php/src/Internal/Native.php";
  const uses = ["FFI", "FFI\\CData", "FFI\\CType"];
  return phpFile(path, "Pardox\\Internal", uses, [SOURCES.native], [out.text()]);
}

function emitConstants(out: Lines, abi: Abi): void {
  out.lines(docComment(["The surface that this file was made for: `hasSurface` asks for it."]));
  out.line(`public const SURFACE = 0x${abi.fingerprint.toString(16)};`);
  for (const one of abi.enums.filter(({ name }) => name !== "pardox_status")) {
    for (const value of one.values) {
      const name = upperSnake(value.name.replace("PARDOX_", ""));
      out
        .gap()
        .lines(docComment([value.doc]))
        .line(`public const ${name} = ${value.number};`);
    }
  }
  out.gap().lines(docComment(["pardox.h as FFI::cdef reads it."]));
  out.line("public const HEADER = <<<'C'").open("").lines(headerLines(abi)).close("    C;");
}

/** Declarations alone, in the header's order. */
function headerLines(abi: Abi): readonly string[] {
  const lines = ["struct ArrowArrayStream;"];
  for (const one of abi.enums) {
    const values = one.values.map(({ name, number }) => `    ${name} = ${number},`);
    lines.push(`typedef enum ${one.name} {`, ...values, `} ${one.name};`);
  }
  for (const one of abi.structs) {
    const fields = one.fields.map(({ name, type, length }) => {
      return `    ${cType(type)}${name}${length === null ? "" : `[${length}]`};`;
    });
    lines.push(`typedef struct ${one.name} {`, ...fields, `} ${one.name};`);
  }
  for (const one of abi.functions) {
    const list = one.parameters.map(
      ({ name, type, role }) => (role === "text" ? "const char *" : cType(type)) + name,
    );
    const line = `int32_t ${one.name}(${list.join(", ")});`;
    if (line.length <= 90) lines.push(line);
    else lines.push(`int32_t ${one.name}(`, `    ${list.join(",\n    ")}`, ");");
  }
  return lines;
}

function cType({ base, struct, pointers, isConst }: NativeType): string {
  const plain = base === "char" || base === "double" || base === "void";
  const name = base === "struct" ? `struct ${struct}` : plain ? base : `${base}_t`;
  return `${isConst ? "const " : ""}${name} ${"*".repeat(pointers)}`;
}

/** The property that holds a struct's type. */
const structField = (name: string): string => `${lowerCamel(name.replace("pardox_", ""))}Type`;

/** Helpers that several methods share. */
function emitHelpers(out: Lines, abi: Abi): void {
  out.gap().lines(docComment(["Memory of this process for C to write: `count` of a C type."]));
  out.line("public function buffer(string $type, int $count): CData").open("{");
  out.line('return $this->ffi->new("{$type}[{$count}]");').close("}");
  out.gap().lines(docComment(["The memory at an address, as an array of just `count` values."]));
  out.line("public function memory(string $type, int $count, CData $address): CData").open("{");
  out.line(
    "// A cast to an array type would read the pointer itself; a struct around it does not.",
  );
  out.line('return $this->ffi->cast("struct { {$type} values[{$count}]; } *", $address);');
  out.close("}");
  for (const struct of abi.structs) emitRecordMaker(out, struct);
  out.gap().lines(docComment(["@param list<int> $values"]));
  out.line("private function handles(array $values): ?CData").open("{");
  out.open("if ($values === []) {").line("return null;").close("}");
  out.line("$array = $this->buffer('uint64_t', count($values));");
  out.open("foreach ($values as $i => $value) {").line("$array[$i] = $value;").close("}");
  out.line("return $array;").close("}");
}

function emitRecordMaker(out: Lines, struct: NativeStruct): void {
  const name = structField(struct.name).replace(/Type$/, "Record");
  out.gap().line(`private function ${name}(): CData`).open("{");
  out.line(`$record = $this->ffi->new($this->${structField(struct.name)});`);
  out.line(`$record->struct_size = ${struct.sizeBytes};`).line("return $record;").close("}");
}

/** How a parameter of C stands in PHP. */
interface Slot {
  /** Lines before the call. */
  readonly before: readonly string[];
  /** What the call is given. */
  readonly argument: string;
  /** The parameter of the method, where it has one. */
  readonly input: string | null;
  /** What the method gives back, with its type. */
  readonly output: readonly [text: string, type: string] | null;
}

function emitMethod(out: Lines, one: NativeFunction): void {
  const slots = one.parameters.map((parameter, i) => slot(parameter, one.parameters[i - 1]));
  const inputs = slots.flatMap(({ input }) => input ?? []);
  const outputs = slots.flatMap(({ output }) => (output === null ? [] : [output]));
  const result =
    outputs.length === 0 ? "void" : outputs.length === 1 ? (outputs[0]?.[1] ?? "") : "array";
  const tags = [
    ...(inputs.some((input) => input.startsWith("array")) ? ["@param list<int> $frames"] : []),
    ...(result === "array" ? [`@return array{${outputs.map(([, type]) => type).join(", ")}}`] : []),
  ];
  out.gap().lines(docComment([one.doc.split("\n\n")[0]?.replaceAll("\n", " ") ?? ""], tags));
  const start = `public function ${methodName(one)}(`;
  if (`${start}${inputs.join(", ")}): ${result}`.length <= 90) {
    out.line(`${start}${inputs.join(", ")}): ${result}`).open("{");
  } else {
    emitList(out, start, inputs, `): ${result} {`);
    out.open("");
  }
  for (const { before } of slots) out.lines(before);
  const args = slots.map(({ argument }) => argument);
  emitList(out, `$status = $this->ffi->${one.name}(`, args, ");");
  out.open("if ($status !== 0) {").line("throw Failure::of($error);").close("}");
  const texts = outputs.map(([text]) => text);
  if (texts.length === 1) out.line(`return ${texts[0]};`);
  else if (texts.length > 1) out.line(`return [${texts.join(", ")}];`);
  out.close("}");
}

/** A list in brackets, on one line where it fits. */
function emitList(out: Lines, start: string, list: readonly string[], end: string): void {
  const line = `${start}${list.join(", ")}${end}`;
  if (line.length <= 90) out.line(line);
  else {
    out.open(start).lines(list.map((one, i) => `${one}${i < list.length - 1 ? "," : ""}`));
    out.close(end);
  }
}

const methodName = (one: NativeFunction): string => lowerCamel(one.name.replace("pardox_", ""));

function slot(parameter: NativeParameter, previous: NativeParameter | undefined): Slot {
  const name = `$${lowerCamel(parameter.name)}`;
  const last = `$${lowerCamel(previous?.name ?? "")}`;
  const { base, pointers } = parameter.type;
  const plain: Slot = { before: [], argument: name, input: null, output: null };
  switch (parameter.role) {
    case "text":
      return { ...plain, input: `string ${name}` };
    case "text_length":
      return { ...plain, argument: `strlen(${last})` };
    case "array":
      return { ...plain, input: `array ${name}`, argument: `$this->handles(${name})` };
    case "array_count":
      return { ...plain, argument: `count(${last})` };
    case "in":
      return {
        ...plain,
        input: `${base === "int32" ? "bool" : "int"} ${name}`,
        argument: inNumber(base, name),
      };
    case "in_out":
      return {
        before: [`${name}At = $this->buffer('${base}_t', 1);`, `${name}At[0] = ${name};`],
        input: `int ${name}`,
        argument: `${name}At`,
        output: null,
      };
    case "out": {
      const type = pointers === 2 ? `const ${base}_t *` : `${base}_t`;
      const before = [`${name} = $this->buffer('${type}', 1);`];
      if (base === "uint64" && pointers === 1) before.push(`$this->pending = ${name};`);
      return { ...plain, before, output: [`${name}[0]`, pointers === 2 ? "?CData" : "int"] };
    }
    case "buffer":
      return { ...plain, input: `?CData ${name}` };
    case "buffer_size":
      return { ...plain, argument: `${last} === null ? 0 : FFI::sizeof(${last})` };
    case "record": {
      const record = structField(parameter.type.struct ?? "").replace(/Type$/, "Record");
      const before = [`${name} = $this->${record}();`];
      return { ...plain, before, argument: `FFI::addr(${name})`, output: [name, "CData"] };
    }
    case "stream":
      return { ...plain, input: `CData ${name}` };
    case "error": {
      const before = ["$error = $this->errorRecord();"];
      return { ...plain, before, argument: "FFI::addr($error)" };
    }
  }
}

/** The one 32-bit number that goes in says yes or no: as a bool it cannot be cut. */
const inNumber = (base: string, name: string): string =>
  base === "int32" ? `(int) ${name}` : name;
