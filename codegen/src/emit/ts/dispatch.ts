// bindings/ts/test/dispatch.gen.ts: a plan document as the calls that a user would type.
//
// Seam with the hand-written adapter (test/conformance.ts): it reads the request, calls
// `answer(document.plan)`, which gives a LazyFrame to collect or, where the last step writes, a
// Promise of its report; and prints values. test/values.ts gives `operandOf(literal)` and
// `columnsOf(columns)`, typed text of the wire as values of the language, and `handedIn(index)`,
// the frame at that position among those that stand beside the plan.

import { fieldSources, recordByName } from "../../model/find.js";
import type { Model, Parameter, RecordType } from "../../model/model.js";
import {
  aggregateCalls,
  argumentPlaces,
  type FunctionCall,
  functionCalls,
  receiverOf,
  type StepCall,
  stepCalls,
} from "../dispatch.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { docComment, quote } from "./words.js";

export function emitDispatch(model: Model): GeneratedFile {
  const out = new Lines();
  out.lines(opening("// ", SOURCES.wire, SOURCES.face)).line("//");
  out.line("// A plan document as the calls that a user would type.").line();
  out.line('import * as px from "../src/index.js";');
  out.line('import { columnsOf, handedIn, operandOf } from "./values.js";').line();
  out.line("/* eslint-disable @typescript-eslint/no-explicit-any */");
  out.line("/** What a question tells that gives no frame. */");
  out.line("export type Report = px.WriteReport | px.CsvSniff | number;").line();
  out.line("type Wire = any;").line("type Call = (fields: Wire) => px.LazyFrame | px.DataFrame;");
  emitAnswer(out, model);
  emitSteps(out, model);
  emitExpressions(out, model);
  emitHelpers(out, model);
  return { path: "bindings/ts/test/dispatch.gen.ts", text: out.text() };
}

/** Whether a step tells something that is no frame. */
const isReport = ({ member: { result } }: StepCall): boolean =>
  result.kind !== "step" && result.kind !== "class";

/** The one tag of an externally tagged value. */
const TAG = "const [tag, fields] = Object.entries(wire as object)[0] as [string, Wire];";

function emitAnswer(out: Lines, model: Model): void {
  const reports = stepCalls(model, "ts").filter(isReport);
  out.gap().lines(docComment("What a question gives: a frame to collect, or what it tells."));
  out.open("export function answer(wire: Wire): px.LazyFrame | px.DataFrame | Promise<Report> {");
  out.line(TAG).open("switch (tag) {");
  for (const step of reports) {
    out.line(`case ${quote(step.node)}:`).line(`  return ${stepText(model, step)};`);
  }
  out.line("default:").line("  return frame(wire);").close("}").close("}");
}

function emitSteps(out: Lines, model: Model): void {
  out.gap().lines(docComment("Steps by name: the primary member of each."));
  out.open("export const STEPS: Readonly<Record<string, Call>> = {");
  for (const step of stepCalls(model, "ts")) {
    if (isReport(step)) continue;
    const cases = step.special.map(({ fields, member, owner }) => {
      const tests = Object.entries(fields).map(
        ([field, value]) => `same(fields.${field}, ${JSON.stringify(value)})`,
      );
      return `${tests.join(" && ")} ? ${stepText(model, { ...step, member, owner })} : `;
    });
    out.line(`${step.node}: (fields) =>`).line(`  ${cases.join("")}${stepText(model, step)},`);
  }
  out.line("frame: (fields) =>").line("  handedIn(fields.index),");
  out.close("};");
  out.gap().open("export function frame(wire: Wire): px.LazyFrame | px.DataFrame {");
  out.line(TAG).line("const call = STEPS[tag];");
  out.line("if (call === undefined) throw new Error(`no member answers the step ${tag}`);");
  out.line("return call(fields);").close("}");
}

function stepText(model: Model, { member, owner }: StepCall): string {
  const { mapping } = member;
  if (mapping.kind !== "node") return "";
  const sources = new Map(fieldSources(model, member).map((source) => [source.field, source]));
  const args = member.parameters.map((parameter) =>
    argumentText(model, parameter, mapping.receiver),
  );
  while (args.at(-1) === "undefined") args.pop();
  const call = `${member.names.ts}(${args.join(", ")})`;
  if (mapping.receiver === null) return `px.${call}`;
  const field = mapping.receiver.replace("[0]", "");
  const target = `frame(fields.${field}${mapping.receiver.endsWith("[0]") ? "[0]" : ""})`;
  if (owner.role !== "group") return `${target}.${call}`;
  const held = owner.held.map((one) => `...items(fields.${sources.get(one.field)?.field})`);
  const opener = model.face.classes
    .flatMap((one) => one.members)
    .find((one) => one.mapping.kind === "opens" && one.mapping.className === owner.name);
  return `${target}.${opener?.names.ts}(${held.join(", ")}).${call}`;
}

function argumentText(model: Model, parameter: Parameter, receiver: string | null): string {
  const { place, type } = parameter;
  if (place.at === "spread") return spreadText(recordByName(model, type.name));
  if (place.at === "hand" && type.name === "ValuesOptions") {
    return "{ schema: typesOf(fields.columns) }";
  }
  if (place.at !== "field") return "undefined";
  if (type.kind === "source") return "fields.paths ?? fields.path";
  const rest = receiver === `${place.field}[0]` ? ".slice(1)" : "";
  const value = `fields.${place.field}${rest}`;
  const text = valueText(parameter.type.kind, value, type.name);
  if (parameter.isVariadic) {
    if (type.kind === "items") return `...items(${value})`;
    return type.kind === "frame" ? `...${value}.map(frame)` : `...${value}`;
  }
  return text;
}

function valueText(kind: Parameter["type"]["kind"], value: string, record: string | null): string {
  switch (kind) {
    case "expression":
      return `question(${value})`;
    case "sortKeys":
      return `sortKeys(${value})`;
    case "joinKeys":
      return `joinKeys(${value})`;
    case "renamings":
      return `renamings(${value})`;
    case "tables":
      return `tables(${value})`;
    case "frame":
      return `frame(${value})`;
    case "columnValues":
      return `columnsOf(${value})`;
    case "record":
      return `given(${value}, ${record}Names)`;
    default:
      return value;
  }
}

function spreadText(record: RecordType): string {
  const fields = record.fields
    .filter(({ place }) => place === "field")
    .map((field) => {
      const value = valueText(field.type.kind, `fields.${field.wire}`, field.type.name);
      if (!field.isOptional) return `${field.names.ts}: ${value}`;
      return `...(fields.${field.wire} === undefined ? {} : { ${field.names.ts}: ${value} })`;
    });
  return `{ ${fields.join(", ")} }`;
}

function emitExpressions(out: Lines, model: Model): void {
  emitCalls(out, "CALLS", "Expression functions by name.", functionCalls(model, "ts"));
  emitCalls(out, "AGGREGATES", "Aggregates by name.", aggregateCalls(model, "ts"));
  out
    .gap()
    .open("export function expression(wire: Wire): px.Expr {")
    .line(TAG)
    .open("switch (tag) {");
  const text = (form: string, value: string): void => {
    out.line(`case ${quote(form)}:`).line(`  return ${value};`);
  };
  text("col", "px.col(fields)");
  text("lit", "literalOf(fields)");
  text("param", "px.param(fields)");
  text("text", "px.expr(fields)");
  text("cast", "expression(fields.input).cast(fields.to)");
  text("try_cast", "expression(fields.input).tryCast(fields.to)");
  text("case", "caseOf(fields)");
  text("call", "called(CALLS, fields.function, fields.args)");
  text("agg", "called(AGGREGATES, fields.function, fields.input == null ? [] : [fields.input])");
  out.line("default:").line("  throw new Error(`no member answers the expression ${tag}`);");
  out.close("}").close("}");
}

function emitCalls(out: Lines, name: string, doc: string, calls: readonly FunctionCall[]): void {
  out.gap().lines(docComment(doc));
  out.open(
    `export const ${name}: Readonly<Record<string, (args: readonly Wire[]) => px.Expr>> = {`,
  );
  for (const call of calls) out.line(`${call.function}: (args) => ${callText(call)},`);
  out.close("};");
}

function callText({ method, free }: FunctionCall): string {
  const freeText = free === null ? "" : `px.${free.names.ts}(${freeArguments(free.parameters)})`;
  if (method === null) return freeText;
  const args = argumentPlaces(method).map(([parameter, at]) => methodArgument(parameter, at));
  const receiver = `expression(args[${receiverOf(method)}])`;
  const methodText = `${receiver}.${method.names.ts}(${args.join(", ")})`;
  // An aggregate may stand without an input, as `count` does: then only the function will do.
  if (free === null || !free.parameters.some((parameter) => parameter.isOptional))
    return methodText;
  return `(args.length === 0 ? px.${free.names.ts}() : ${methodText})`;
}

function freeArguments(parameters: readonly Parameter[]): string {
  return parameters
    .map((parameter, i) => {
      if (parameter.type.kind === "operand") return methodArgument(parameter, i);
      return parameter.isVariadic ? "...args.map(expression)" : "expression(args[0])";
    })
    .join(", ");
}

function methodArgument(parameter: Parameter, index: number): string {
  switch (parameter.type.kind) {
    case "operands":
      return `args.slice(${index}).map(operand)`;
    case "operand":
      if (parameter.isVariadic) return `...args.slice(${index}).map(operand)`;
      if (!parameter.isOptional) return `operand(args[${index}])`;
      return `args.length > ${index} ? operand(args[${index}]) : undefined`;
    default:
      return `question(args[${index}])`;
  }
}

function emitHelpers(out: Lines, model: Model): void {
  for (const record of model.face.records) {
    if (record.wire === null || !record.wire.endsWith("Spec")) continue;
    const names = record.fields.map((field) => `${field.wire}: ${quote(field.names.ts)}`);
    out.gap().line(`const ${record.name}Names: Readonly<Record<string, string>> = {`);
    out.line(`  ${names.join(", ")},`).line("};");
  }
  out.gap().line(HELPERS);
}

/** The inverse of each kind: what a user would type for what stands on the wire. */
const HELPERS = `const same = (left: Wire, right: Wire): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** A predicate: text stays text. */
const question = (wire: Wire): px.Expression =>
  Object.hasOwn(wire, "text") ? (wire.text as string) : expression(wire);

/** An operand: a literal is typed as a value. */
const operand = (wire: Wire): px.Operand =>
  Object.hasOwn(wire, "lit") ? operandOf(wire.lit) : expression(wire);

function literalOf(wire: Wire): px.Expr {
  const value = operandOf(wire);
  return value instanceof px.Expr ? value : px.lit(value as px.Value);
}

function called(
  calls: Readonly<Record<string, (args: readonly Wire[]) => px.Expr>>,
  name: string,
  args: readonly Wire[],
): px.Expr {
  const call = calls[name];
  if (call === undefined) throw new Error(\`no member answers the function \${name}\`);
  return call(args);
}

function caseOf(wire: Wire): px.Expr {
  const [first, ...more] = wire.branches;
  let chain = px.when(question(first.when), operand(first.then));
  for (const branch of more) chain = chain.when(question(branch.when), operand(branch.then));
  return wire.otherwise == null ? chain : chain.otherwise(operand(wire.otherwise));
}

const typesOf = (columns: readonly Wire[]): px.ColumnTypes =>
  Object.fromEntries(columns.map(({ name, dtype }) => [name, dtype]));

/** Items: a column under its own name is typed as the name alone. */
export function items(wire: readonly Wire[]): px.Item[] {
  return wire.map((item) => {
    if (Object.hasOwn(item, "text")) return px.expr(item.text);
    const { name, expr } = item.named;
    if (same(expr, { col: name })) return name;
    return { [name]: question(expr) };
  });
}

function sortKeys(wire: readonly Wire[]): px.SortKeys {
  return wire.map((item) => {
    if (Object.hasOwn(item, "text")) return px.expr(item.text);
    const { expr, descending, nulls } = item.key;
    const options = nulls === undefined ? {} : { nulls };
    if (descending === true) return expression(expr).desc(options);
    if (nulls === undefined && Object.hasOwn(expr, "col")) return expr.col as string;
    return expression(expr).asc(options);
  });
}

const joinKeys = (wire: readonly Wire[]): px.JoinKeys =>
  wire.map((key) => (key.left === key.right ? key.left : { left: key.left, right: key.right }));

const renamings = (wire: readonly Wire[]): px.Renamings =>
  Object.fromEntries(wire.map(({ from, to }) => [from, to]));

const tables = (wire: Wire): px.Tables =>
  Object.fromEntries(Object.entries(wire).map(([name, node]) => [name, frame(node)]));

/** Options that the document gives, under the names that a user types. */
function given(wire: Wire, names: Readonly<Record<string, string>>): Wire {
  if (wire === undefined) return undefined;
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [names[key] ?? key, value]));
}`;
