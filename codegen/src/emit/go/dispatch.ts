// bindings/go/internal/conformance/dispatch_gen.go: a plan document as the calls that a user types.
//
// Seam with the hand-written main.go and values.go: `wire` is a decoded JSON object with `get`;
// helpers turn lists of the wire into what a user types (items, sortKeys, tables, ...).

import { fieldsIn, parametersIn, recordByName } from "../../model/find.js";
import type { Field, Member, Model, Parameter, RecordType } from "../../model/model.js";
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
import { argumentsOf, optionName } from "./words.js";

export function emitDispatch(model: Model): GeneratedFile {
  const out = new Lines("\t");
  out
    .lines(opening("// ", SOURCES.wire, SOURCES.face))
    .line()
    .line("package main")
    .line();
  out.line('import pardox "github.com/pardox/pardox/bindings/go"').line();
  out.line(
    "// Tables by name; they refer to functions that refer to them, so they are filled at start.",
  );
  out
    .open("var (")
    .lines([
      "steps      map[string]func(wire) pardox.Frame",
      "calls      map[string]func([]wire) *pardox.Expr",
      "aggregates map[string]func([]wire) *pardox.Expr",
    ]);
  out.close(")").line();
  out.open("func init() {").line("steps = stepTable()");
  out.line("calls = callTable()").line("aggregates = aggregateTable()").close("}").line();
  out.line("// stepTable holds steps that gather: the primary member of each.");
  out.open("func stepTable() map[string]func(wire) pardox.Frame {");
  out.open("return map[string]func(wire) pardox.Frame{");
  for (const step of stepCalls(model, "go")) {
    if (step.member.result.isAwaited || step.member.result.name === "DataFrame") continue;
    out.open(`"${step.node}": func(w wire) pardox.Frame {`);
    for (const { fields, member, owner } of step.special) {
      const tests = Object.entries(fields).map(
        ([field, value]) => `w.is("${field}", \`${JSON.stringify(value)}\`)`,
      );
      out.open(`if ${tests.join(" && ")} {`);
      out.line(`return ${stepText(model, { ...step, member, owner })}`).close("}");
    }
    const text = stepText(model, step);
    if (step.member.parameters.some(({ type }) => type.kind === "source")) {
      out
        .open('if w.has("paths") {')
        .line(`return ${text.replace(ONE_PATH, 'texts(w.list("paths"))')}`);
      out.close("}");
    }
    out.line(`return ${text}`).close("},");
  }
  out.close("}").close("}");
  emitCalls(
    out,
    "callTable",
    "holds expression functions by name.",
    functionCalls(model, "go"),
    model,
  );
  emitCalls(out, "aggregateTable", "holds aggregates by name.", aggregateCalls(model, "go"), model);
  for (const record of model.face.records.filter(({ wire }) => wire?.endsWith("Spec") ?? false)) {
    emitOptionSwitch(out, record);
  }
  for (const name of ["JoinOptions"]) emitOptionSwitch(out, recordByName(model, name));
  return { path: "bindings/go/internal/conformance/dispatch_gen.go", text: out.text() };
}

/** Where one path stands; several are a call of another type. */
const ONE_PATH = 'w.text("path")';

function stepText(model: Model, { member, owner }: StepCall): string {
  const { mapping } = member;
  if (mapping.kind !== "node") return "";
  const args = parametersIn(member, "go").flatMap((parameter) =>
    argumentText(model, parameter, mapping.receiver),
  );
  const call = `${member.names.go}(${args.join(", ")})`;
  if (mapping.receiver === null) return `pardox.${call}`;
  const isList = mapping.receiver.endsWith("[0]");
  const field = mapping.receiver.replace("[0]", "");
  const target = isList ? `steppable(w.list("${field}")[0])` : `steppable(w.get("${field}"))`;
  if (owner.role !== "group") return `${target}.${call}`;
  const opener = model.face.classes
    .flatMap((one) => one.members)
    .find((one) => one.mapping.kind === "opens" && one.mapping.className === owner.name);
  const held = owner.held.map((one) => `items(w.list("${one.field}"))...`);
  return `${target}.${opener?.names.go}(${held.join(", ")}).${call}`;
}

function argumentText(
  model: Model,
  parameter: Parameter,
  receiver: string | null,
): readonly string[] {
  const { place, type, isVariadic } = parameter;
  if (place.at === "spread") return spread(recordByName(model, type.name));
  if (place.at !== "field") return [];
  const at = `"${place.field}"`;
  if (type.kind === "record") {
    return [`${lower(optionName(recordByName(model, type.name)))}s(w.get(${at}))...`];
  }
  if (receiver === `${place.field}[0]`) return [`frames(w.list(${at})[1:])...`];
  switch (type.kind) {
    case "expression":
      return [`question(w.get(${at}))`];
    case "items":
      return [`items(w.list(${at}))...`];
    case "sortKeys":
      return [`sortKeys(w.list(${at}))`];
    case "renamings":
      return [`renamings(w.list(${at}))`];
    case "frame":
      return [isVariadic ? `frames(w.list(${at}))...` : `frame(w.get(${at}))`];
    case "columns":
      return [`texts(w.list(${at}))...`];
    case "column":
      return [isVariadic ? `texts(w.list(${at}))...` : `w.text(${at})`];
    case "int":
      return [type.isNullable ? `w.wholeOrAll(${at})` : `w.whole(${at})`];
    case "source":
      return [ONE_PATH];
    default:
      return [`w.text(${at})`];
  }
}

function spread(record: RecordType): readonly string[] {
  const fields = fieldsIn(record, "go");
  const required = fields.filter(({ isOptional }) => !isOptional);
  const head = required.map(({ wire }) => `joinKeys(w.list("${wire}"))`);
  const tables = fields.find(({ type }) => type.kind === "tables");
  if (tables !== undefined) return [`pardox.WithTables(tables(w.get("${tables.wire}")))`];
  return [...head, `${lower(optionName(record))}s(w)...`];
}

/** Options that the document gives, as what a user types. */
function emitOptionSwitch(out: Lines, record: RecordType): void {
  const name = optionName(record);
  out.line().open(`func ${lower(name)}s(w wire) []pardox.${name} {`);
  out.line(`var given []pardox.${name}`);
  for (const field of fieldsIn(record, "go").filter(({ isOptional }) => isOptional)) {
    out.open(`if w.has("${field.wire}") {`);
    if (field.type.isNullable && field.default !== null) {
      out.open(`if w.isNull("${field.wire}") {`);
      out.line(`given = append(given, pardox.Without${field.names.go}())`);
      out.close("} else {").open("");
      out.line(`given = append(given, pardox.With${field.names.go}(${optionText(field)}))`);
      out.close("}");
    } else if (field.type.isNullable) {
      out.open(`if !w.isNull("${field.wire}") {`);
      out.line(`given = append(given, pardox.With${field.names.go}(${optionText(field)}))`);
      out.close("}");
    } else out.line(`given = append(given, pardox.With${field.names.go}(${optionText(field)}))`);
    out.close("}");
  }
  out.line("return given").close("}");
}

function optionText({ wire, type }: Field): string {
  switch (type.kind) {
    case "bool":
      return `w.bool("${wire}")`;
    case "int":
      return `w.whole("${wire}")`;
    case "texts":
    case "columns":
      return `texts(w.list("${wire}"))...`;
    case "columnTypes":
      return `columnTypes(w.get("${wire}"))`;
    case "enum":
      return `pardox.${type.name}(w.text("${wire}"))`;
    default:
      return `w.text("${wire}")`;
  }
}

function emitCalls(
  out: Lines,
  name: string,
  doc: string,
  calls: readonly FunctionCall[],
  model: Model,
): void {
  out
    .line()
    .line(`// ${name} ${doc}`)
    .open(`func ${name}() map[string]func([]wire) *pardox.Expr {`);
  out.line("table := map[string]func([]wire) *pardox.Expr{}");
  for (const call of calls) {
    out.open(`table["${call.function}"] = func(args []wire) *pardox.Expr {`);
    out.line(callText(model, call)).close("}");
  }
  out.line("return table").close("}");
}

function callText(model: Model, { method, free }: FunctionCall): string {
  const isOpen = free?.parameters.some(({ isVariadic }) => isVariadic) ?? false;
  const freeText = (given: string): string => `return pardox.${free?.names.go}(${given})`;
  if (method === null) {
    const given = free === null ? null : givenTo(model, free);
    return freeText(given ?? (isOpen ? "expressions(args)..." : "expression(args[0])"));
  }
  const places = argumentPlaces(method);
  const args = argumentsOf(model, method).map(({ parameter, isVariadic }, i) =>
    methodArgument(parameter, places[i]?.[1] ?? i, isVariadic),
  );
  const receiver = `expression(args[${receiverOf(method)}])`;
  const methodText = `return ${receiver}.${method.names.go}(${args.join(", ")})`;
  if (free === null || !free.parameters.some(({ isOptional }) => isOptional)) return methodText;
  return `return countOf(args)`;
}

/** Operands of a free function that takes operands; null for one that takes columns. */
function givenTo(model: Model, free: Member): string | null {
  if (!free.parameters.every(({ type }) => type.kind === "operand")) return null;
  const args = argumentsOf(model, free);
  return args.map((one, i) => methodArgument(one.parameter, i, one.isVariadic)).join(", ");
}

function methodArgument(parameter: Parameter, index: number, isVariadic: boolean): string {
  switch (parameter.type.kind) {
    case "operands":
      return `operands(args[${index}:])...`;
    case "operand":
      // Too few operands are for the engine to refuse.
      return isVariadic
        ? `operands(args[min(${index}, len(args)):])...`
        : `operand(args[${index}])`;
    default:
      return `question(args[${index}])`;
  }
}

const lower = (name: string): string => {
  const [, head = "", rest = ""] = /^([A-Z]+(?=[A-Z][a-z])|[A-Z])(.*)$/.exec(name) ?? [];
  return head.toLowerCase() + rest;
};
