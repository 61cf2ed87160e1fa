// Bodies of the members that codegen writes: steps, calls, aggregates, expressions, sort keys.

import {
  fieldSources,
  frameParameters,
  type FieldSource,
  paramsSource,
  parametersIn,
  recordByName,
} from "../../model/find.js";
import type { Member, Model, Parameter, RecordType } from "../../model/model.js";
import { convert } from "./convert.js";
import { docComment, literal, parameterType, quote, typeName } from "./words.js";

/** Whether codegen writes the body; the others stand in the hand-written face. */
export const isGenerated = ({ mapping }: Member): boolean =>
  mapping.kind !== "hand" &&
  !(mapping.kind === "expression" && ["branch", "otherwise", "alias"].includes(mapping.form));

/** `filter(predicate: Expression, params?: Params): LazyFrame`. */
export function signature(member: Member): string {
  if (member.isProperty) return `${member.names.ts}: ${resultName(member)}`;
  return `${member.names.ts}(${signatureParameters(member)}): ${resultName(member)}`;
}

function signatureParameters(member: Member): string {
  return parametersIn(member, "ts")
    .map((parameter) => {
      const type = parameterType(parameter.type, parameter.isVariadic);
      if (parameter.isVariadic) return `...${parameter.names.ts}: ${type}`;
      if (parameter.default !== undefined) {
        return `${parameter.names.ts}: ${type} = ${literal(parameter.default)}`;
      }
      return `${parameter.names.ts}${parameter.isOptional ? "?" : ""}: ${type}`;
    })
    .join(", ");
}

function resultName({ result }: Member): string {
  return result.isAwaited ? `Promise<${typeName(result)}>` : typeName(result);
}

/** The doc comment of a member, without its example, which the reference shows. */
export function memberDoc(member: Member): readonly string[] {
  const { docs } = member;
  const parameters = parametersIn(member, "ts").map(
    (parameter) => `@param ${parameter.names.ts} - ${parameter.doc}`,
  );
  const kinds = docs.errors.length === 0 ? "none" : docs.errors.join(", ");
  const labels = [
    docs.nulls === null ? null : `Nulls: ${docs.nulls}`,
    `Errors: ${kinds}${docs.errorsNote === null ? "" : `: ${docs.errorsNote}`}.`,
  ].filter((label) => label !== null);
  const example = `@example ${docs.example.map(({ source }) => source).join("\n")}`;
  return docComment(docs.summary, docs.more, [...labels, ...parameters, example].join("\n"));
}

/** The statements of a member's body. `isMethod` tells whether there is a `this`. */
export function body(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  switch (mapping.kind) {
    case "node":
      return stepBody(model, member, isMethod);
    case "call": {
      const args = member.parameters.map((parameter) => argument(parameter));
      if (isMethod) args.splice(mapping.receiver, 0, "this[WIRE]");
      const wire = `{ call: { function: ${quote(mapping.function)}, args: [${args.join(", ")}] } }`;
      return [`return ${make(isMethod, wire)};`];
    }
    case "aggregate": {
      const [parameter] = member.parameters;
      const input = parameter === undefined ? "this[WIRE]" : fieldValue(parameter);
      const wire = `{ agg: { function: ${quote(mapping.function)}, input: ${input} } }`;
      return [`return ${make(isMethod, wire)};`];
    }
    case "expression":
      return expressionBody(member, mapping.form, isMethod);
    case "sortKey": {
      const spread = member.parameters[0]?.names.ts ?? "{}";
      return [`return { ...${spread}, expr: this.self(), descending: ${mapping.descending} };`];
    }
    case "opens":
      return [`return this.group(${member.parameters.map((one) => fieldValue(one)).join(", ")});`];
    case "hand":
      throw new Error(`${member.id} is written by hand`);
  }
}

const make = (isMethod: boolean, wire: string): string =>
  isMethod ? `this.make(${wire})` : `new Expr(${wire})`;

const fieldValue = (parameter: Parameter): string =>
  convert(parameter.type, parameter.names.ts, parameter.isVariadic, parameter.names.ts);

/** An operand of a call: lists are spread, one that is not given is left out. */
function argument(parameter: Parameter): string {
  const value = fieldValue(parameter);
  if (parameter.isVariadic || parameter.type.kind === "operands") return `...${value}`;
  if (!parameter.isOptional || parameter.default !== undefined) return value;
  return `...(${parameter.names.ts} === undefined ? [] : [${value}])`;
}

function expressionBody(member: Member, form: string, isMethod: boolean): readonly string[] {
  const [first, second] = member.parameters;
  const value = first === undefined ? "" : fieldValue(first);
  const then = second === undefined ? "" : fieldValue(second);
  switch (form) {
    case "lit":
      return [`return new Expr(wire.lit(${first?.names.ts}, ${second?.names.ts}));`];
    case "case":
      return [
        `const branches = [{ when: ${value}, then: ${then} }];`,
        "return new CaseExpr({ case: { branches, otherwise: null } });",
      ];
    case "cast":
    case "try_cast":
      return [`return ${make(isMethod, `{ ${form}: { input: this[WIRE], to: ${value} } }`)};`];
    default:
      return [`return ${make(isMethod, `{ ${form}: ${value} }`)};`];
  }
}

function stepBody(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const before: string[] = [];
  for (const parameter of member.parameters) {
    // Options that go to the engine whole are checked there.
    if (parameter.place.at !== "spread" && parameter.place.at !== "hand") continue;
    const record = recordByName(model, parameter.type.name);
    const names = record.fields.map((field) => quote(field.names.ts)).join(", ");
    const name = quote(record.name);
    const given = parameter.names.ts;
    const options = parameter.isOptional ? given : `wire.record(${given}, ${name})`;
    before.push(`wire.known(${name}, ${options}, [${names}]);`);
  }
  const fields = fieldSources(model, member).map((source) => {
    const value = sourceValue(model, member, source);
    return isSource(source) ? `...${value}` : `${source.field}: ${value}`;
  });
  const node = `{ ${mapping.node}: { ${fields.join(", ")} } }`;
  return [...before, `return ${finish(model, member, node, isMethod)};`];
}

function sourceValue(model: Model, member: Member, source: FieldSource): string {
  const { from } = source;
  switch (from.kind) {
    case "receiver":
      return "this[WIRE]";
    case "receiverThen":
      return `[this[WIRE], ...${fieldValue(from.parameter)}]`;
    case "fixed":
      return from.json;
    case "held":
      return `this.${from.held.name}`;
    case "parameter": {
      const { parameter, each } = from;
      if (each !== null) {
        return `${convert(parameter.type, `${parameter.names.ts}, ${each.names.ts}`, false, "")}`;
      }
      if (parameter.type.kind === "columnValues") {
        const options = member.parameters.find(({ place }) => place.at === "hand");
        return `wire.columnValues(${parameter.names.ts}, ${options?.names.ts}?.schema)`;
      }
      if (parameter.type.kind === "record") return recordValue(model, parameter);
      return fieldValue(parameter);
    }
    case "option": {
      const { parameter, field } = from;
      const access = `${parameter.names.ts}${parameter.isOptional ? "?" : ""}.${field.names.ts}`;
      const given = field.default === undefined ? access : `${access} ?? ${literal(field.default)}`;
      return convert(field.type, given, false, field.names.ts);
    }
  }
}

/** Whether it is one of several fields that is set: `path`, `paths` or `feed`. */
const isSource = ({ from }: FieldSource): boolean =>
  from.kind === "parameter" && from.parameter.type.kind === "source";

/** A record under a field of its own: only what is given is sent. */
function recordValue(model: Model, parameter: Parameter): string {
  const record = recordByName(model, parameter.type.name);
  return `wire.options(${quote(record.name)}, ${parameter.names.ts}, ${recordTable(record)})`;
}

/** Name of the constant that maps the fields of a record to the wire. */
export const recordTable = (record: RecordType): string =>
  `${record.name.charAt(0).toUpperCase()}${record.name.slice(1)}Fields`;

/** The seams of frame.ts that run a plan, by what it gives; others give a frame. */
const VERBS: Readonly<Record<string, string>> = {
  WriteReport: "write",
  CsvSniff: "sniffed",
  int: "counted",
};

/** What a step's node is handed to: the seams of frame.ts. */
function finish(model: Model, member: Member, node: string, isMethod: boolean): string {
  const { mapping, result } = member;
  if (mapping.kind !== "node") return "";
  const run = member.parameters.find(({ place }) => place.at === "run");
  const self = isMethod ? "this." : "";
  if (mapping.runs) {
    const verb = VERBS[result.name ?? result.kind] ?? "run";
    const options = run === undefined ? "" : `, ${run.names.ts}`;
    return `${self}${verb}${result.isAwaited ? "" : "Sync"}(${node}${options})`;
  }
  const params = paramsSource(model, member);
  const others = frameParameters(member).map((one) =>
    one.isVariadic ? `...${one.names.ts}` : one.names.ts,
  );
  const tables = optionTables(model, member);
  if (tables !== null) others.push(tables);
  const rest: string[] = [];
  if (params !== null) {
    const at = params.parameter.names.ts;
    rest.push(params.field === null ? at : `${at}?.${params.field.names.ts}`);
  }
  if (others.length > 0) {
    if (rest.length === 0) rest.push("undefined");
    rest.push(`[${others.join(", ")}]`);
  }
  return `${self}${isMethod ? "step" : "lazy"}(${[node, ...rest].join(", ")})`;
}

/** Frames that stand in options: the tables of `sql`. */
function optionTables(model: Model, member: Member): string | null {
  for (const parameter of member.parameters) {
    if (parameter.place.at !== "spread") continue;
    const record = recordByName(model, parameter.type.name);
    const field = record.fields.find(({ type }) => type.kind === "tables");
    if (field !== undefined) {
      return `...Object.values(${parameter.names.ts}?.${field.names.ts} ?? {})`;
    }
  }
  return null;
}
