// bindings/ts/src/operations.gen.ts and module.gen.ts: the members that need no hand.
//
// Seams with the hand-written face:
//
//   wire.ts     one function for each kind (`expression`, `operand`, `items`, ...), WIRE, options
//   expr.ts     class Expr extends ExprSteps { make, self, alias }; class CaseExpr extends Expr
//   frame.ts    classes DataFrame, LazyFrame extend FrameSteps { step, write, writeSync, group };
//               class GroupBy extends GroupSteps { keys, step }; functions lazy, run,
//               counted, sniffed, and runSync, countedSync, sniffedSync
//   index.ts    exports all of module.gen.ts, and the members of Module that are written by hand
//
// Imports go one way at load time, since classes extend each other:
//   wire.ts <- operations.gen.ts <- expr.ts, frame.ts <- module.gen.ts <- index.ts

import { classOf, fieldsIn, membersIn } from "../../model/find.js";
import type { FaceClass, Field, Member, Model, RecordType } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { body, isGenerated, memberDoc, recordTable, signature } from "./members.js";
import { ALIASES, docComment, literal, quote, typeName } from "./words.js";

/** Both files. */
export function emitOperations(model: Model): readonly GeneratedFile[] {
  return [
    { path: "bindings/ts/src/operations.gen.ts", text: operations(model) },
    { path: "bindings/ts/src/module.gen.ts", text: moduleFunctions(model) },
  ];
}

function operations(model: Model): string {
  const classes = new Lines();
  emitFrameSteps(classes, model);
  emitGroupSteps(classes, model);
  emitExprSteps(classes, model);
  const out = new Lines();
  out.lines(opening("// ", SOURCES.face, SOURCES.wire)).line("//");
  out.line("// Steps and expressions as methods, options, enums and error kinds.").line();
  out.line('import type { Expr } from "./expr.js";');
  out.line('import type { GroupBy, LazyFrame } from "./frame.js";');
  out.line('import * as wire from "./wire.js";');
  out.line(
    'import { type ExprLike, NAME, WIRE, type WireExpression, type WireNode } from "./wire.js";',
  );
  emitAliases(out);
  emitEnums(out, model);
  emitErrors(out, model);
  for (const record of model.face.records) emitRecord(out, record);
  out.gap().lines(classes.text().trimEnd().split("\n"));
  return out.text();
}

function emitAliases(out: Lines): void {
  for (const [name, text, doc] of ALIASES) {
    out.gap().lines(docComment(doc)).line(`export type ${name} = ${text};`);
  }
}

function emitEnums(out: Lines, model: Model): void {
  for (const one of model.face.enums) {
    out.gap().lines(docComment(one.doc)).open(`export type ${one.name} =`);
    for (const [i, value] of one.values.entries()) {
      const end = i === one.values.length - 1 ? ";" : "";
      const text =
        value.parameters === null ? quote(value.wire) : `\`${value.wire}${value.parameters}\``;
      out.lines(docComment(value.doc)).line(`| ${text}${end}`);
    }
    out.close("");
  }
}

function emitErrors(out: Lines, model: Model): void {
  out.gap().lines(docComment(model.face.errorsDoc)).open("export type ErrorKind =");
  for (const [i, error] of model.face.errors.entries()) {
    const end = i === model.face.errors.length - 1 ? ";" : "";
    out.lines(docComment(error.doc)).line(`| ${quote(error.wire)}${end}`);
  }
  out.close("");
  out.gap().lines(docComment("Error kinds by their number in the C interface."));
  out.open(
    "export const ErrorKinds: ReadonlyMap<number, ErrorKind> = new Map<number, ErrorKind>([",
  );
  out
    .lines(model.face.errors.map(({ number, wire }) => `[${number}, ${quote(wire)}],`))
    .close("]);");
}

function emitRecord(out: Lines, record: RecordType): void {
  if (record.name === "Shape") return;
  const fields = fieldsIn(record, "ts");
  out.gap().lines(docComment(record.doc)).open(`export interface ${record.name} {`);
  for (const field of fields) {
    const value = field.default === undefined ? null : `Default: \`${literal(field.default)}\`.`;
    out.lines(docComment([field.doc, value].filter((text) => text !== null).join(" ")));
    const mark = field.isOptional ? "?" : "";
    out.line(`readonly ${field.names.ts}${mark}: ${fieldType(field)};`);
  }
  out.close("}");
  if (record.use !== "options" || !isSent(record)) return;
  out.gap().lines(docComment(`Names of ${record.name} on the wire.`));
  out.open(`export const ${recordTable(record)} = {`);
  const sent = fields.filter(({ place }) => place === "field");
  out.lines(sent.map((field) => `${field.names.ts}: ${quote(field.wire)},`)).close("} as const;");
}

/** Records that go to the library as they are: under a field of a step, or as JSON of a call. */
const isSent = (record: RecordType): boolean =>
  record.isNative || (record.wire !== null && record.wire.endsWith("Spec"));

function fieldType({ type, name, isOptional }: Field): string {
  const text = name === "onProgress" ? "ProgressListener | null" : typeName(type);
  return isOptional ? `${text} | undefined` : text;
}

/** The seam that every step goes through. */
const STEP =
  "protected abstract step(node: WireNode, params?: Params, " +
  "others?: readonly FrameSteps[]): LazyFrame;";

function emitFrameSteps(out: Lines, model: Model): void {
  const one = classOf(model, "steps");
  out.gap().lines(docComment(one.doc)).open(`export abstract class ${one.name} {`);
  out.lines(docComment("The plan of this table. @internal"));
  out.line("abstract readonly [WIRE]: WireNode;").gap();
  out.lines(docComment("A lazy frame of one step more; `others` are frames that stand in it."));
  out.line(STEP).gap();
  out.lines(docComment("Runs a step that writes, off the event loop."));
  out.line("protected abstract write(node: WireNode): Promise<WriteReport>;").gap();
  out.lines(docComment("Runs a step that writes, and blocks until it is done."));
  out.line("protected abstract writeSync(node: WireNode): WriteReport;").gap();
  out.lines(docComment("Groups by keys that are items of the wire already."));
  out.line("protected abstract group(keys: readonly unknown[]): GroupBy;");
  emitMethods(out, model, one);
  out.close("}");
}

function emitGroupSteps(out: Lines, model: Model): void {
  const one = classOf(model, "group");
  out.gap().lines(docComment(one.doc)).open("export abstract class GroupSteps {");
  out.lines(docComment("The plan of the table that is grouped. @internal"));
  out.line("abstract readonly [WIRE]: WireNode;").gap();
  for (const held of one.held) {
    out
      .lines(docComment(held.doc))
      .line(`protected abstract readonly ${held.name}: readonly unknown[];`)
      .gap();
  }
  out.lines(docComment("A lazy frame of one step more."));
  out.line(STEP);
  emitMethods(out, model, one);
  out.close("}");
}

function emitExprSteps(out: Lines, model: Model): void {
  const one = classOf(model, "expression");
  out
    .gap()
    .lines(docComment(one.doc))
    .open("export abstract class ExprSteps implements ExprLike {");
  out.lines(docComment("The expression as the plan has it. @internal"));
  out.line("abstract readonly [WIRE]: WireExpression;").gap();
  out.lines(docComment("The name of its column where it has one. @internal"));
  out.line("abstract readonly [NAME]: string | null;").gap();
  out.lines(docComment("An expression of that form."));
  out.line("protected abstract make(wire: WireExpression): Expr;").gap();
  out.lines(docComment("This expression, as what a user has."));
  out.line("protected abstract self(): Expr;");
  emitMethods(out, model, one);
  out.close("}");
}

function emitMethods(out: Lines, model: Model, one: FaceClass): void {
  for (const member of membersIn(one, "ts").filter(isGenerated)) {
    out
      .gap()
      .lines(memberDoc(member))
      .open(`${asyncWord(member)}${signature(member)} {`);
    out.lines(body(model, member, true)).close("}");
  }
}

function moduleFunctions(model: Model): string {
  const bodies = new Lines();
  const members = (["module", "functions"] as const)
    .flatMap((role) => membersIn(classOf(model, role), "ts"))
    .filter(isGenerated);
  for (const member of members) {
    bodies
      .gap()
      .lines(memberDoc(member))
      .open(`export ${asyncWord(member)}function ${signature(member)} {`);
    bodies.lines(body(model, member, false)).close("}");
  }
  const text = bodies.text();
  const out = new Lines();
  out.lines(opening("// ", SOURCES.face, SOURCES.wire)).line("//");
  out
    .line("// Functions of the module: where tables come from, and what makes expressions.")
    .line();
  out.line('import { CaseExpr, Expr } from "./expr.js";');
  out
    .open("import {")
    .lines(["counted,", "countedSync,", "type DataFrame,", "type LazyFrame,", "lazy,", "run,"])
    .lines(["runSync,", "sniffed,", "sniffedSync,"])
    .close('} from "./frame.js";');
  emitTypeImport(out, model, text);
  out.line('import * as wire from "./wire.js";');
  out.gap().lines(text.trimEnd().split("\n"));
  return out.text();
}

/** The types and tables of operations.gen.ts that the functions speak of. */
function emitTypeImport(out: Lines, model: Model, text: string): void {
  const tables = model.face.records.map(recordTable).filter((name) => mentions(text, name));
  const types = [
    "FrameSteps",
    ...ALIASES.map(([name]) => name),
    ...model.face.records.map(({ name }) => name),
    ...model.face.enums.map(({ name }) => name),
  ].filter((name) => mentions(text, name));
  const names = [...tables, ...types.map((name) => `type ${name}`)].sort();
  out
    .open("import {")
    .lines(names.map((name) => `${name},`))
    .close('} from "./operations.gen.js";');
}

/** What gives a promise refuses by it too: a wrong argument rejects, and is not thrown at once. */
const asyncWord = ({ result }: Member): string => (result.isAwaited ? "async " : "");

const mentions = (text: string, name: string): boolean =>
  new RegExp(`[^\\w.]${name}\\b(?!:)`).test(text.replaceAll(/\/\*\*.*?\*\//gs, ""));
