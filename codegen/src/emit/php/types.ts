// bindings/php/src/<Enum>.php, <Record>.php, ErrorKind.php: a file for each type, as PSR-4 asks.

import type { EnumType, EnumValue, Model, RecordType, Type } from "../../model/model.js";
import { type GeneratedFile, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { docComment, docType, hint, importable, phpFile, quote, resultRecords } from "./words.js";

export function emitTypes(model: Model): readonly GeneratedFile[] {
  return [
    ...model.face.enums.map(emitEnum),
    ...resultRecords(model).map((record) => emitRecord(model, record)),
    emitErrorKind(model),
  ];
}

const file = (name: string, lines: Lines, uses: readonly string[] = []): GeneratedFile =>
  phpFile(`bindings/php/src/${name}.php`, "Pardox", uses, [SOURCES.face], [lines.text()]);

function emitEnum(one: EnumType): GeneratedFile {
  const out = new Lines("    ");
  out
    .lines(docComment([one.doc]))
    .line(`enum ${one.name}: string`)
    .open("{");
  // A case of PHP has no parameters: a type with and without is one.
  const isFirst = ({ wire }: EnumValue, at: number): boolean =>
    one.values.findIndex((value) => value.wire === wire) === at;
  for (const value of one.values.filter(isFirst)) {
    out.gap().lines(docComment([value.doc]));
    out.line(`case ${value.names.php} = ${quote(value.wire)};`);
  }
  return file(one.name, out.close("}"));
}

function emitErrorKind(model: Model): GeneratedFile {
  const out = new Lines("    ");
  const [summary = "", ...more] = model.face.errorsDoc.split(/\n\s*\n/);
  out.lines(docComment([summary, ...more].map((text) => text.replaceAll("\n", " "))));
  out.line("enum ErrorKind: string").open("{");
  for (const error of model.face.errors) {
    out.gap().lines(docComment([error.doc]));
    out.line(`case ${error.name} = ${quote(error.wire)};`);
  }
  out.gap().lines(docComment(["The number of this kind in the C interface; it never changes."]));
  out.line("public function number(): int").open("{").open("return match ($this) {");
  for (const { name, number } of model.face.errors) out.line(`self::${name} => ${number},`);
  out.close("};").close("}");
  out.gap().lines(docComment(["The kind of a number of the C interface."]));
  out.line("public static function fromNumber(int $number): self").open("{");
  out.open("return match ($number) {");
  for (const { name, number } of model.face.errors) out.line(`${number} => self::${name},`);
  // A newer library may know kinds that this file does not: its message still says what happened.
  out.line("default => self::Internal,").close("};").close("}");
  return file("ErrorKind", out.close("}"));
}

/** Whether an enum does not say all: a case of PHP has no parameters. */
const hasParameters = (model: Model, type: Type): boolean =>
  type.kind === "enum" &&
  model.face.enums
    .filter(({ name }) => name === type.name)
    .some(({ values }) => values.some(({ parameters }) => parameters !== null));

function emitRecord(model: Model, record: RecordType): GeneratedFile {
  const out = new Lines("    ");
  out
    .lines(docComment([record.doc]))
    .line(`final class ${record.name}`)
    .open("{");
  const tags = record.fields.flatMap(({ names, type, doc }) => [
    `@param ${docType(type)} $${names.php} ${doc}`,
    ...(hasParameters(model, type)
      ? [`@param string $${names.php}Name Its whole name, with parameters: \`decimal(18,2)\`.`]
      : []),
  ]);
  out.lines(docComment(["@internal Made by the binding."], tags));
  out.open("public function __construct(");
  for (const { names, type } of record.fields) {
    // What comes back is always the enum itself.
    const text = type.kind === "enum" ? (type.name ?? "") : hint(type);
    out.line(`public readonly ${text} $${names.php},`);
    if (hasParameters(model, type)) out.line(`public readonly string $${names.php}Name,`);
  }
  out.close(") {").line("}").close("}");
  return file(
    record.name,
    out,
    importable(model).filter((name) => name.split("\\").length > 2),
  );
}
