// Bodies and docstrings of the members that codegen writes.

import {
  fieldSources,
  type FieldSource,
  fieldsIn,
  paramsSource,
  recordByName,
} from "../../model/find.js";
import type { Member, Model, Parameter, Type } from "../../model/model.js";
import { printExample } from "../example.js";
import { wrap } from "../lines.js";
import { EXAMPLE } from "./reference.js";
import { argumentsOf, docstring, literal, quote, signatureList, typeName } from "./words.js";

/** Whether codegen writes the body; the others stand in the hand-written face. */
export const isGenerated = ({ mapping }: Member): boolean =>
  mapping.kind !== "hand" &&
  !(mapping.kind === "expression" && ["branch", "otherwise", "alias"].includes(mapping.form));

/** `def name(...) -> Result:`, on one line where it fits. */
export function definition(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const list = signatureList(model, member, isMethod);
  const name = member.names.python;
  const result = resultName(member, isMethod);
  const line = `def ${name}(${list.join(", ")}) -> ${result}:`;
  if (line.length <= 94) return [line];
  return [`def ${name}(`, ...list.map((one) => `    ${one},`), `) -> ${result}:`];
}

/** A function of the module has no self, and a group gives what it stands on. */
function resultName(member: Member, isMethod: boolean): string {
  const name = typeName(member.result);
  if (name === "GroupBy") return "GroupBy[Self]";
  if (name !== "Self") return name;
  if (!isMethod) return "LazyFrame";
  return member.id.startsWith("GroupBy.") ? "FrameT" : name;
}

/** The docstring of a member, in NumPy's style. */
export function memberDoc(model: Model, member: Member): readonly string[] {
  const { docs } = member;
  const parameters = argumentsOf(model, member).flatMap((one) => [
    `${one.name} : ${one.type.replaceAll('"', "")}`,
    ...indented(one.doc),
  ]);
  const kinds = docs.errors.length === 0 ? "none" : docs.errors.join(", ");
  const note = docs.errorsNote === null ? "" : `: ${docs.errorsNote}`;
  const raises = docs.errors.length === 0 ? [] : ["PardoxError", ...indented(`${kinds}${note}.`)];
  const example = printExample(model, EXAMPLE, docs.example).map((line) => `>>> ${line}`);
  const nulls =
    docs.nulls === null ? [] : indented(`Nulls: ${docs.nulls}`).map((one) => one.trim());
  return docstring(docs.summary, [
    ["", docs.more === null ? [] : [...wrap(docs.more, 86)]],
    ["", nulls],
    ["Parameters", parameters],
    ["Raises", raises],
    ["Examples", example.map((line) => `${line}  # doctest: +SKIP`)],
  ]);
}

const indented = (text: string): readonly string[] => wrap(text, 82).map((line) => `    ${line}`);

/** The statements of a member's body. */
export function body(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  const self = isMethod ? "self." : "_expr.";
  switch (mapping.kind) {
    case "node":
      return stepBody(model, member, isMethod);
    case "call": {
      const args = member.parameters.map(operandText);
      if (mapping.receiver > 0) args.push(`at=${mapping.receiver}`);
      return [`return ${self}_call(${[quote(mapping.function), ...args].join(", ")})`];
    }
    case "aggregate": {
      const [parameter] = member.parameters;
      if (isMethod) return [`return self._aggregate(${quote(mapping.function)})`];
      const input = parameter === undefined ? "None" : parameter.names.python;
      return [`return _expr._aggregate(${quote(mapping.function)}, ${input})`];
    }
    case "expression":
      return expressionBody(member, mapping.form, isMethod);
    case "sortKey":
      return [
        "return _wire.SortKey(self._self(), " +
          `descending=${literal(mapping.descending)}, nulls=nulls)`,
      ];
    case "opens": {
      const [keys] = member.parameters;
      return [`return self._group(_wire.items(${keys?.names.python ?? "()"}, named))`];
    }
    case "hand":
      throw new Error(`${member.id} is written by hand`);
  }
}

/** An operand as `_call` takes it: lists are spread, expressions of text are parsed as such. */
function operandText(parameter: Parameter): string {
  const name = parameter.names.python;
  if (parameter.type.kind === "selector") return `*map(_wire.selected, ${name})`;
  if (parameter.isVariadic || parameter.type.kind === "operands") return `*${name}`;
  if (parameter.isOptional && parameter.default === undefined) {
    return `*(() if ${name} is None else (${name},))`;
  }
  return parameter.type.kind === "expression" ? `_wire.question(${name})` : name;
}

function expressionBody(member: Member, form: string, isMethod: boolean): readonly string[] {
  const [parameter, second] = member.parameters.map(({ names }) => names.python);
  switch (form) {
    case "cast":
    case "try_cast":
      return [`return self._make({"${form}": {"input": self._wire, "to": ${parameter}}})`];
    case "lit":
      return [`return _expr.Expr(_wire.lit(${parameter}, ${second ?? "None"}))`];
    case "case":
      return [`return _expr.CaseExpr([(${parameter}, ${second})])`];
    default:
      if (isMethod) throw new Error(`${member.id}: no form ${form}`);
      return [`return _expr.Expr({"${form}": _wire.text(${parameter}, "${parameter}")})`];
  }
}

function stepBody(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const fields = fieldSources(model, member).map((source) => {
    const value = sourceValue(model, source);
    return isSource(source) ? `**${value}` : `"${source.field}": ${value}`;
  });
  const lines = ["node: Wire = {", `    "${mapping.node}": {`];
  lines.push(...fields.map((field) => `        ${field},`), "    }", "}");
  return [...lines, `return ${finish(model, member, isMethod)}`];
}

/** Whether it is one of several fields that is set: `path`, `paths` or `feed`. */
const isSource = ({ from }: FieldSource): boolean =>
  from.kind === "parameter" && from.parameter.type.kind === "source";

/** The seams of frame.py that run a plan, by what it gives; others give a frame. */
const VERBS: Readonly<Record<string, string>> = { CsvSniff: "sniff", int: "count" };

function finish(model: Model, member: Member, isMethod: boolean): string {
  const { mapping, result } = member;
  if (mapping.kind !== "node") return "";
  const params = paramsSource(model, member);
  const source = params === null ? null : (params.field ?? params.parameter).names.python;
  if (mapping.runs) {
    const run = member.parameters.find(({ place }) => place.at === "run");
    const record = run === undefined ? null : recordByName(model, run.type.name);
    const words = (record === null ? [] : fieldsIn(record, "python")).map(
      ({ names }) => `${names.python}=${names.python}`,
    );
    if (result.name === "WriteReport") return "self._write(node)";
    const verb = VERBS[result.name ?? result.kind] ?? "run";
    return `_frame.${verb}(${["node", ...words].join(", ")})`;
  }
  const args = source === null ? "node" : `node, ${source}`;
  return isMethod ? `self._step(${args})` : `_frame.LazyFrame(${args})`;
}

function sourceValue(model: Model, source: FieldSource): string {
  const { from } = source;
  switch (from.kind) {
    case "receiver":
      return "self._wire";
    case "receiverThen":
      return `[self._wire, *${convert(model, from.parameter, from.parameter.names.python)}]`;
    case "fixed":
      return literal(JSON.parse(from.json));
    case "held":
      return `self._${from.held.name}`;
    case "option":
      return convertType(from.field.type, from.field.names.python, from.field.names.python);
    case "parameter": {
      const { parameter, each } = from;
      const name = parameter.names.python;
      if (each !== null) {
        const fields = fieldsIn(recordByName(model, each.type.name), "python");
        const words = fields.map(({ names }) => `${names.python}=${names.python}`);
        return `_wire.sort_keys(${[name, ...words].join(", ")})`;
      }
      if (parameter.type.kind === "columnValues") return `_wire.column_values(${name}, schema)`;
      return convert(model, parameter, name);
    }
  }
}

function convert(model: Model, parameter: Parameter, name: string): string {
  const { type, isVariadic } = parameter;
  if (type.kind === "items") return `_wire.items(${name}, named)`;
  if (type.kind === "record") {
    const fields = fieldsIn(recordByName(model, type.name), "python");
    const list = fields.map(({ wire, names, type: one }) => {
      const check = checkOf(one) ?? "_wire.as_is";
      return `"${wire}": (${check}, ${names.python})`;
    });
    const inner = list.map((one) => `${" ".repeat(16)}${one},\n`).join("");
    return `_wire.given(\n            {\n${inner}            }\n        )`;
  }
  if (isVariadic) {
    return `[${convertType(type, "one", name)} for one in ${name}]`;
  }
  return convertType(type, name, name);
}

/** The function of _wire.py that checks a plain value and is told its name. */
function checkOf(type: Type): string | null {
  switch (type.kind) {
    case "int":
      return `_wire.${type.isNullable ? "whole_or_none" : "whole"}`;
    case "column":
    case "name":
    case "text":
      return `_wire.${type.isNullable ? "text_or_none" : "text"}`;
    case "columns":
    case "texts":
      return `_wire.${type.isNullable ? "texts_or_none" : "texts"}`;
    default:
      return null;
  }
}

/** One call of _wire.py for each kind. */
function convertType(type: Type, value: string, name: string): string {
  const check = checkOf(type);
  if (check !== null) return `${check}(${value}, "${name}")`;
  switch (type.kind) {
    case "expression":
      return `_wire.expression(${value})`;
    case "joinKeys":
      return `_wire.join_keys(${value})`;
    case "renamings":
      return `_wire.renamings(${value})`;
    case "frame":
      return `_wire.frame(${value})`;
    case "tables":
      return `_wire.tables(${value})`;
    case "path":
      return `_wire.path(${value})`;
    case "source":
      return `_wire.source(${value})`;
    default:
      return value;
  }
}
