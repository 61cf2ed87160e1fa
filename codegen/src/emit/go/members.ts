// Bodies of the members that codegen writes.

import { fieldSources, type FieldSource, paramsSource } from "../../model/find.js";
import type { FaceClass, Member, Model, Parameter, Type } from "../../model/model.js";
import { printExample } from "../example.js";
import { EXAMPLE } from "./reference.js";
import { argumentsOf, comment, literal, openOperands, resultName, signatureList } from "./words.js";

/** Whether codegen writes the body; the others stand in the hand-written face. */
export const isGenerated = ({ mapping }: Member): boolean =>
  mapping.kind !== "hand" &&
  !(mapping.kind === "expression" && ["branch", "otherwise", "alias"].includes(mapping.form));

/** Receivers by the role of the class. */
const RECEIVERS: Readonly<Partial<Record<FaceClass["role"], string>>> = {
  steps: "(s FrameSteps) ",
  group: "(s *GroupBy) ",
  expression: "(s *Expr) ",
};

/** `func (s FrameSteps) Filter(predicate Expression, params ...Params) *LazyFrame`. */
export function definition(model: Model, member: Member, owner: FaceClass): string {
  const receiver = RECEIVERS[owner.role] ?? "";
  const isGeneric = member.parameters.some(({ type }) => type.kind === "source");
  const name = `${member.names.go}${isGeneric ? "[P Paths]" : ""}`;
  const signature = `${name}(${signatureList(model, member)})`;
  return `func ${receiver}${signature} ${resultName(member)}`;
}

/** The comment of a member: Go's readers look for its name first. */
export function memberDoc(model: Model, member: Member): readonly string[] {
  const { docs } = member;
  const parameters = argumentsOf(model, member)
    .filter(({ parameter }) => parameter.doc !== "")
    .filter(({ parameter }, i, all) => all.findIndex((one) => one.parameter === parameter) === i)
    .flatMap(({ parameter }) => {
      const open = openOperands(member.parameters);
      return open.includes(parameter) ? open : [parameter];
    })
    .map((parameter) => `  - ${parameter.names.go}: ${parameter.doc}${defaultText(parameter)}`);
  const kinds = docs.errors.length === 0 ? "none" : docs.errors.join(", ");
  const note = docs.errorsNote === null ? "" : `: ${docs.errorsNote}`;
  const example = printExample(model, EXAMPLE, docs.example).map((line) => `\t${line}`);
  const first = docs.summary.charAt(0).toLowerCase() + docs.summary.slice(1);
  return [
    ...comment(
      `${member.names.go} ${first}`,
      docs.more,
      parameters.length === 0 ? null : parameters.join("\n"),
      docs.nulls === null ? null : `Nulls: ${docs.nulls}`,
      `Errors: ${kinds}${note}.`,
    ),
    "//",
    ...example.map((line) => `//${line}`),
  ];
}

/** What stands for an operand that is not given. */
const defaultText = ({ type, default: value }: Parameter): string =>
  type.kind === "operand" && value !== undefined ? ` ${literal(value)} when left out.` : "";

/** The statements of a member's body. */
export function body(model: Model, member: Member, owner: FaceClass): readonly string[] {
  const { mapping } = member;
  const isMethod = RECEIVERS[owner.role] !== undefined;
  switch (mapping.kind) {
    case "node":
      return stepBody(model, member, isMethod);
    case "call":
      return [`return call("${mapping.function}", ${operands(model, member, isMethod)})`];
    case "aggregate": {
      if (isMethod) return [`return aggregate("${mapping.function}", s)`];
      const [argument] = argumentsOf(model, member);
      if (argument === undefined) return [`return aggregate("${mapping.function}", nil)`];
      const value = argument.isOptional ? `first(${argument.name})` : argument.name;
      return [`return aggregate("${mapping.function}", ${value})`];
    }
    case "expression":
      return expressionBody(model, member, mapping.form);
    case "sortKey":
      return [`return sortKey(s, ${String(mapping.descending)}, options)`];
    case "opens": {
      const [keys] = argumentsOf(model, member);
      return [`return newGroupBy(s, ${keys?.name})`];
    }
    case "hand":
      throw new Error(`${member.id} is written by hand`);
  }
}

/** Operands as `call` takes them: one list. */
function operands(model: Model, member: Member, isMethod: boolean): string {
  const args = argumentsOf(model, member);
  const spread = args.find(({ isVariadic }) => isVariadic);
  const plain = args
    .filter((one) => one !== spread)
    .map(({ name, parameter }) =>
      parameter.type.kind === "expression" ? `question(${name})` : name,
    );
  const head = [...plain];
  if (isMethod && member.mapping.kind === "call") head.splice(member.mapping.receiver, 0, "s");
  if (spread === undefined) return `[]Operand{${head.join(", ")}}`;
  return head.length === 0
    ? `${listOf(spread.parameter.type)}(${spread.name})`
    : `append([]Operand{${head.join(", ")}}, ${listOf(spread.parameter.type)}(${spread.name})...)`;
}

/** Selectors name columns by bare text, operands mean the text itself. */
const listOf = (type: Type): string => (type.kind === "selector" ? "selectorList" : "operandList");

function expressionBody(model: Model, member: Member, form: string): readonly string[] {
  const [one, two] = argumentsOf(model, member);
  switch (form) {
    case "cast":
    case "try_cast":
      return [`return cast("${form}", s, ${one?.name})`];
    case "lit":
      return [`return literalExpr(${one?.name}, ${two?.name})`];
    case "case":
      return [`return newCase(${one?.name}, ${two?.name})`];
    default:
      return [`return formed("${form}", ${one?.name})`];
  }
}

function stepBody(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const lines = isMethod ? ["to := s.target()"] : ["to := newTarget()"];
  for (const source of fieldSources(model, member))
    lines.push(...sourceLines(model, member, source));
  for (const { parameter, name, isOptional } of argumentsOf(model, member)) {
    const { place, type } = parameter;
    if (type.kind !== "record" || !isOptional) continue;
    if (place.at === "spread") lines.push(`apply(to, ${name})`);
  }
  const params = paramsSource(model, member);
  if (params !== null && params.field === null) {
    lines.push(`to.params(${params.parameter.names.go})`);
  }
  return [...lines, `return ${finish(model, member, mapping.node, mapping.runs)}`];
}

function finish(model: Model, member: Member, node: string, runs: boolean): string {
  const { result } = member;
  if (result.kind === "int") return `to.count(ctx, "${node}")`;
  if (result.name === "CsvSniff") {
    const options = argumentsOf(model, member).find(({ isOptional }) => isOptional);
    return `to.sniff(ctx, "${node}", ${options?.name})`;
  }
  if (!runs && result.name !== "DataFrame") return `to.lazy("${node}")`;
  if (result.name === "WriteReport") return `to.write(ctx, "${node}")`;
  return result.isAwaited ? `to.run(ctx, "${node}")` : `to.run(context.Background(), "${node}")`;
}

function sourceLines(model: Model, member: Member, source: FieldSource): readonly string[] {
  const { field, from } = source;
  const put = (value: string): readonly string[] => [`to.put("${field}", ${value})`];
  switch (from.kind) {
    case "receiver":
      return put("s.wire");
    case "receiverThen":
      return [`to.frames("${field}", append([]Frame{s}, ${from.parameter.names.go}...))`];
    case "fixed":
      return put(from.json === "[]" ? "[]any{}" : from.json === "null" ? "nil" : from.json);
    case "held":
      return put(`s.${from.held.name}`);
    case "option": {
      if (!from.field.isOptional) {
        const name = from.field.names.go.charAt(0).toLowerCase() + from.field.names.go.slice(1);
        return convert(field, from.field.type, name);
      }
      const value = from.field.default;
      if (value === null || typeof value === "object") return [];
      return put(JSON.stringify(value));
    }
    case "parameter": {
      const { parameter, each } = from;
      if (each !== null)
        return [`to.sortKeys("${field}", ${parameter.names.go}, ${each.names.go})`];
      if (parameter.type.kind === "columnValues") {
        const options = member.parameters.find(({ place }) => place.at === "hand");
        return [`to.columnValues("${field}", ${parameter.names.go}, ${options?.names.go})`];
      }
      if (parameter.type.kind === "record")
        return [`applyAt(to, "${field}", ${parameter.names.go})`];
      return parameterLines(model, member, field, parameter);
    }
  }
}

function parameterLines(
  model: Model,
  member: Member,
  field: string,
  parameter: Parameter,
): readonly string[] {
  const argument = argumentsOf(model, member).find((one) => one.parameter === parameter);
  const { type } = parameter;
  if (type.kind === "frame" && parameter.isVariadic) {
    return [`to.frames("${field}", ${argument?.name})`];
  }
  if (type.kind === "columns") {
    const isOpen = parameter.isOptional || type.isNullable;
    return [`to.${isOpen ? "namesOrAll" : "names"}("${field}", ${argument?.name})`];
  }
  if (parameter.isVariadic && type.kind !== "items")
    return [`to.names("${field}", ${argument?.name})`];
  return convert(field, type, argument?.name ?? "");
}

/** One method of `target` for each kind. */
function convert(field: string, type: Type, name: string): readonly string[] {
  switch (type.kind) {
    case "expression":
      return [`to.expression("${field}", ${name})`];
    case "items":
      return [`to.items("${field}", ${name})`];
    case "joinKeys":
      return [`to.joinKeys("${field}", ${name})`];
    case "renamings":
      return [`to.renamings("${field}", ${name})`];
    case "frame":
      return [`to.frame("${field}", ${name})`];
    case "source":
      return [`to.source(${name})`];
    case "stream":
      return [`to.stream("${field}", ${name})`];
    case "int":
      return [`to.${type.isNullable ? "wholeOrAll" : "whole"}("${field}", ${name})`];
    default:
      return [`to.put("${field}", ${name})`];
  }
}
