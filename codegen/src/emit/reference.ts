// Builds `docs/reference/<lang>.md`: the same page for every language, its words as hooks.

import { classOf, fieldsIn, membersIn, parametersIn } from "../model/find.js";
import {
  type FaceClass,
  type Field,
  type Member,
  type Model,
  type RecordType,
  ROLES,
  type Type,
} from "../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "./emitter.js";
import { type ExampleStyle, printExample } from "./example.js";
import { Lines } from "./lines.js";

/** How a language fills the page. */
export interface ReferenceStyle extends ExampleStyle {
  /** `TypeScript`. */
  readonly title: string;
  /** File name without its extension: `typescript`. */
  readonly file: string;
  /** Name of the code fence: `ts`. */
  readonly fence: string;
  /** The line that a user reads first, such as the import. */
  readonly preamble: readonly string[];
  /** Name of a class, or what stands for it. */
  className(one: FaceClass): string;
  /** The signature, without a body. */
  signature(member: Member, owner: FaceClass): string;
  /** A type as a user writes it. */
  typeName(type: Type, isVariadic: boolean): string;
  /** A default as a user writes it. */
  literal(value: Field["default"]): string;
  /** Overrides the translated example, for a language whose calls look different (COBOL). */
  example?(member: Member, owner: FaceClass): readonly string[];
}

/** The page of a language. */
export function emitReference(model: Model, style: ReferenceStyle): GeneratedFile {
  const out = new Lines();
  const say = (text: string): string => translate(model, style, text);
  out.line(`# PardoX for ${style.title}: reference`).line();
  out.line("<!--").lines(opening("", SOURCES.face)).line("-->").line();
  if (style.preamble.length > 0) fence(out, style.fence, style.preamble);
  for (const role of ROLES) {
    const one = classOf(model, role);
    const members = membersIn(one, style.language);
    if (members.length === 0) continue;
    out
      .gap()
      .line(`## ${style.className(one)}`)
      .line()
      .line(say(one.doc))
      .line();
    for (const member of members) emitMember(model, style, out, one, member);
  }
  emitRecords(model, style, out);
  emitEnums(model, style, out);
  emitErrors(model, style, out);
  return { path: `docs/reference/${style.file}.md`, text: out.text() };
}

function emitMember(
  model: Model,
  style: ReferenceStyle,
  out: Lines,
  owner: FaceClass,
  member: Member,
): void {
  const { docs } = member;
  const say = (text: string): string => translate(model, style, text);
  out.gap().line(`### ${member.names[style.language]}`).line();
  fence(out, style.fence, [style.signature(member, owner)]);
  out.line(say(docs.summary)).line();
  if (docs.more !== null) out.line(say(docs.more)).line();
  const parameters = parametersIn(member, style.language);
  for (const parameter of parameters) {
    const name = parameter.names[style.language];
    const type = style.typeName(parameter.type, parameter.isVariadic);
    const value =
      parameter.default === undefined ? "" : ` Default: \`${style.literal(parameter.default)}\`.`;
    out.line(`- \`${name}\` (${code(type)}): ${say(parameter.doc)}${value}`);
  }
  if (parameters.length > 0) out.line();
  if (docs.nulls !== null) out.line(`Nulls: ${say(docs.nulls)}`).line();
  const kinds = docs.errors.map((kind) => `\`${kind}\``).join(", ");
  const note = docs.errorsNote === null ? "" : `: ${docs.errorsNote}`;
  out.line(`Errors: ${kinds === "" ? "none" : kinds}${note}.`).line();
  const lines = style.example?.(member, owner) ?? printExample(model, style, docs.example);
  fence(out, style.fence, lines);
}

function emitRecords(model: Model, style: ReferenceStyle, out: Lines): void {
  const records = model.face.records.filter((one) => fieldsIn(one, style.language).length > 0);
  out.gap().line("## Records").line();
  for (const record of records) {
    out
      .gap()
      .line(`### ${record.name}`)
      .line()
      .line(translate(model, style, record.doc))
      .line();
    out.line("| field | type | default | meaning |").line("| --- | --- | --- | --- |");
    for (const field of fieldsIn(record, style.language))
      out.line(fieldRow(model, style, record, field));
  }
}

function fieldRow(model: Model, style: ReferenceStyle, record: RecordType, field: Field): string {
  const type = style.typeName(field.type, false);
  const required = record.use === "options" ? "required" : "";
  const value = field.default === undefined ? required : code(style.literal(field.default));
  const name = field.names[style.language];
  return row([`\`${name}\``, code(type), value, translate(model, style, field.doc)]);
}

/** Types with parameters as the pages show them. */
const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ["decimal", "(18,2)"],
  ["list", "(int64)"],
  ["struct", "(a int64, b utf8)"],
]);

function emitEnums(model: Model, style: ReferenceStyle, out: Lines): void {
  for (const one of model.face.enums) {
    out.gap().line(`## ${one.name}`).line().line(one.doc).line();
    out.line("| value | name | meaning |").line("| --- | --- | --- |");
    for (const value of one.values) {
      const wire = `${value.wire}${PARAMETERS.get(value.wire) ?? ""}`;
      out.line(row([`\`${wire}\``, `\`${value.names[style.language]}\``, value.doc]));
    }
  }
}

function emitErrors(model: Model, style: ReferenceStyle, out: Lines): void {
  out
    .gap()
    .line("## Errors")
    .line()
    .line(translate(model, style, model.face.errorsDoc))
    .line();
  out.line("| number | kind | meaning |").line("| --- | --- | --- |");
  for (const error of model.face.errors) {
    out.line(row([String(error.number), `\`${error.wire}\``, error.doc]));
  }
}

/** Documentation speaks of members and options by their TypeScript names: `nullValues`. */
function translate(model: Model, style: ReferenceStyle, text: string): string {
  return text.replaceAll(/`(\w+)`/g, (whole, word: string) => {
    for (const one of [...model.face.records, ...model.face.classes]) {
      const parts: readonly { readonly name: string; readonly names: Member["names"] }[] =
        "members" in one ? one.members : one.fields;
      const name = parts.find((part) => part.name === word)?.names[style.language];
      if (name !== undefined && name !== "") return `\`${name}\``;
    }
    return whole;
  });
}

function fence(out: Lines, language: string, lines: readonly string[]): void {
  out.line(`\`\`\`${language}`).lines(lines).line("```").line();
}

const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
