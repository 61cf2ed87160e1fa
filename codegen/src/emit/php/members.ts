// Signatures, doc comments and bodies of the members that codegen writes.

import {
  fieldSources,
  type FieldSource,
  frameParameters,
  fieldsIn,
  paramsSource,
  recordByName,
} from "../../model/find.js";
import type { Field, Member, Model, Parameter, Type } from "../../model/model.js";
import { printExample } from "../example.js";
import { EXAMPLE } from "./reference.js";
import { argumentsOf, docComment, hint, quote, signatureList } from "./words.js";

/** Whether codegen writes the body; the others stand in the hand-written face. */
export const isGenerated = ({ mapping }: Member): boolean =>
  mapping.kind !== "hand" &&
  !(mapping.kind === "expression" && ["branch", "otherwise", "alias"].includes(mapping.form));

/** The lines of a signature, with `before` ahead: on one line where it fits. */
export function signature(model: Model, member: Member, before: string): readonly string[] {
  const list = signatureList(model, member);
  const start = `${before}function ${member.names.php}(`;
  const end = `): ${hint(member.result)}`;
  const line = start + list.join(", ") + end;
  if (line.length <= 92) return [line, "{"];
  return [
    start,
    ...list.map((one, i) => `    ${one}${i < list.length - 1 ? "," : ""}`),
    `${end} {`,
  ];
}

/** The doc comment of a member: what it does, what it takes, what it raises, an example. */
export function memberDoc(model: Model, member: Member): readonly string[] {
  const { docs } = member;
  const parameters = argumentsOf(model, member).map(
    (one) => `@param ${one.docType} ${one.isVariadic ? "..." : ""}$${one.name} ${one.doc}`,
  );
  const note = docs.errorsNote === null ? "" : `: ${docs.errorsNote}`;
  const kinds = docs.errors.join(", ") + note;
  const throws = docs.errors.length === 0 ? [] : [`@throws PardoxException ${kinds}`];
  const example = printExample(model, EXAMPLE, docs.example).map((line) => `    ${line}`);
  const nulls = docs.nulls === null ? null : `Nulls: ${docs.nulls}`;
  const lines = docComment([docs.summary, docs.more, nulls], [...parameters, ...throws]);
  const body = lines.length === 1 ? [`/**`, ` * ${docs.summary}`, " */"] : lines;
  return [...body.slice(0, -1), " *", ...example.map((line) => ` * ${line}`), " */"];
}

/** The statements of a member's body. `isMethod` tells whether there is a `$this`. */
export function body(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  switch (mapping.kind) {
    case "node":
      return stepBody(model, member, isMethod);
    case "call": {
      const args = member.parameters.map(operand);
      if (isMethod) args.splice(mapping.receiver, 0, "$this->wire");
      const list = `'args' => [${args.join(", ")}]`;
      if (list.length <= LIST_COLUMNS_MAX) return made("call", mapping.function, list);
      const lines = args.map((one) => `        ${one},`).join("\n");
      return made("call", mapping.function, `'args' => [\n${lines}\n    ]`);
    }
    case "aggregate": {
      const [parameter] = member.parameters;
      const input =
        parameter === undefined
          ? "$this->wire"
          : convert(parameter.type, variable(parameter), "", parameter.isOptional);
      return made("agg", mapping.function, `'input' => ${input}`);
    }
    case "expression":
      return expressionBody(member, mapping.form);
    case "sortKey":
      return [`return new SortKey($this, descending: ${mapping.descending}, nulls: $nulls);`];
    case "opens":
      return [
        `return $this->group(${member.parameters.map((one) => convertParameter(one)).join(", ")});`,
      ];
    case "hand":
      throw new Error(`${member.id} is written by hand`);
  }
}

/** Columns of a list of operands, 12 deep in its file. */
const LIST_COLUMNS_MAX = 100;

/** An expression of a function and what it is given, on one line where it fits. */
function made(form: string, name: string, rest: string): readonly string[] {
  const line = `return new Expr(['${form}' => ['function' => ${quote(name)}, ${rest}]]);`;
  if (line.length <= 92) return [line];
  return [
    `return new Expr(['${form}' => [`,
    `    'function' => ${quote(name)},`,
    `    ${rest},`,
    "]]);",
  ];
}

const variable = (parameter: Parameter): string => `$${parameter.names.php}`;

/** An operand of a call: lists are spread, one that is not given is left out. */
function operand(parameter: Parameter): string {
  const value = convertParameter(parameter);
  if (parameter.isVariadic || parameter.type.kind === "operands") return `...${value}`;
  const isOpen = parameter.isOptional && parameter.default === undefined;
  if (!isOpen) return value;
  const one = convert(parameter.type, variable(parameter), parameter.names.php, false);
  return `...(${variable(parameter)} === null ? [] : [${one}])`;
}

function expressionBody(member: Member, form: string): readonly string[] {
  const [first, second] = member.parameters;
  const value = first === undefined ? "" : convertParameter(first);
  const then = second === undefined ? "" : convertParameter(second);
  switch (form) {
    case "lit":
      return [`return new Expr(Wire::lit(${value}, ${then}));`];
    case "case":
      return [
        `$branches = [['when' => ${value}, 'then' => ${then}]];`,
        "return new CaseExpr(['case' => ['branches' => $branches, 'otherwise' => null]]);",
      ];
    case "cast":
    case "try_cast":
      return [`return new Expr(['${form}' => ['input' => $this->wire, 'to' => ${value}]]);`];
    default:
      return [`return new Expr(['${form}' => ${value}]);`];
  }
}

function stepBody(model: Model, member: Member, isMethod: boolean): readonly string[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const fields = fieldSources(model, member).map((source) => {
    const value = sourceValue(model, member, source);
    return `        ${isSource(source) ? "..." : `'${source.field}' => `}${value},`;
  });
  const lines = [`$node = ['${mapping.node}' => [`, ...fields, "]];"];
  // A list in the source of this file reads better one level less deep.
  const node = lines.map((line) => line.replace(/^ {8}/, "    "));
  return [...node, `return ${finish(model, member, isMethod)};`];
}

/** Whether it is one of several fields that is set: `path`, `paths` or `feed`. */
const isSource = ({ from }: FieldSource): boolean =>
  from.kind === "parameter" && from.parameter.type.kind === "source";

/** The seams of DataFrame that run a plan, by what it gives; others give a frame. */
const VERBS: Readonly<Record<string, string>> = { CsvSniff: "sniffed", int: "counted" };

/** What a step's node is handed to: the seams of DataFrame and LazyFrame. */
function finish(model: Model, member: Member, isMethod: boolean): string {
  const { mapping, result } = member;
  if (mapping.kind !== "node") return "";
  if (mapping.runs && result.name === "WriteReport") return "$this->write($node)";
  if (mapping.runs) {
    const run = member.parameters.find(({ place }) => place.at === "run");
    const fields = run === undefined ? [] : fieldsIn(recordByName(model, run.type.name), "php");
    const words = fields
      .filter(({ place }) => place !== "beside")
      .map(({ names }) => `${names.php}: $${names.php}`);
    const verb = VERBS[result.name ?? result.kind] ?? "run";
    return `self::${verb}(${["$node", ...words].join(", ")})`;
  }
  const source = paramsSource(model, member);
  const params = source === null ? "[]" : `$${(source.field ?? source.parameter).names.php}`;
  const others = otherFrames(model, member);
  const rest = others === null ? (source === null ? [] : [params]) : [params, others];
  return `${isMethod ? "$this->step" : "static::source"}(${["$node", ...rest].join(", ")})`;
}

/** The frames beside the object itself: their values of parameters come along. */
function otherFrames(model: Model, member: Member): string | null {
  const [frames] = frameParameters(member);
  if (frames !== undefined) return frames.isVariadic ? variable(frames) : `[${variable(frames)}]`;
  for (const parameter of member.parameters) {
    if (parameter.place.at !== "spread") continue;
    const fields = recordByName(model, parameter.type.name).fields;
    const tables = fields.find(({ type }) => type.kind === "tables");
    if (tables !== undefined) return `$${tables.names.php}`;
  }
  return null;
}

function sourceValue(model: Model, member: Member, source: FieldSource): string {
  const { from } = source;
  switch (from.kind) {
    case "receiver":
      return "$this->node()";
    case "receiverThen":
      return `[$this->node(), ...${convertParameter(from.parameter)}]`;
    case "fixed":
      return from.json.replaceAll(/[{}]/g, "");
    case "held":
      return `$this->${from.held.name}`;
    case "option":
      return convertField(from.field);
    case "parameter": {
      const { parameter, each } = from;
      if (each !== null) {
        const fields = fieldsIn(recordByName(model, each.type.name), "php");
        const words = fields.map(({ names }) => `$${names.php}`);
        return `Wire::sortKeys(${[variable(parameter), ...words].join(", ")})`;
      }
      if (parameter.type.kind === "columnValues") {
        const options = member.parameters.find(({ place }) => place.at === "hand");
        const [schema] =
          options === undefined ? [] : fieldsIn(recordByName(model, options.type.name), "php");
        return `Wire::columnValues(${variable(parameter)}, $${schema?.names.php ?? ""})`;
      }
      if (parameter.type.kind === "record") return recordValue(model, parameter);
      return convertParameter(parameter);
    }
  }
}

/** A record under a field of its own: only what is given is sent. */
function recordValue(model: Model, parameter: Parameter): string {
  const fields = fieldsIn(recordByName(model, parameter.type.name), "php");
  const lines = fields.map(({ wire, type, names }) => {
    const value = `$${names.php}`;
    const checked = convert(type, value, names.php, false);
    const text = checked === value ? value : guarded(type, value, checked);
    return brokenTernary(`        '${wire}' => ${text},`);
  });
  return `Wire::given([\n${lines.join("\n")}\n    ])`;
}

/** Columns of a line that stands 8 deeper than it is written here. */
const ENTRY_COLUMNS_MAX = 120 - 8;

/** A line that is too long, broken before the `?` and the `:` of its outer ternary. */
function brokenTernary(line: string): string {
  if (line.length <= ENTRY_COLUMNS_MAX) return line;
  return line.replace(/ \? (\$\w+) : /, "\n            ? $1\n            : ");
}

/** A conversion of what is given and is a value. */
const guarded = (type: Type, value: string, checked: string): string =>
  `${value} instanceof Option ? ${value} : ${type.isNullable ? `(${checked})` : checked}`;

const convertField = ({ type, names }: Field): string =>
  convert(type, `$${names.php}`, names.php, false);

function convertParameter(parameter: Parameter): string {
  const { type, names, isVariadic, isOptional } = parameter;
  const value = variable(parameter);
  const isOpen = isOptional && parameter.default === undefined;
  // `...$columns` is one list of items; `...$frames` is many values.
  if (!isVariadic || type.kind === "items") return convert(type, value, names.php, isOpen);
  const one = convert(type, "$one", names.php, false);
  return one === "$one"
    ? `array_values(${value})`
    : `array_map(fn ($one) => ${one}, array_values(${value}))`;
}

/** The functions of Internal/Wire.php, by kind. */
const FUNCTIONS: Readonly<Partial<Record<Type["kind"], string>>> = {
  expression: "expression",
  operand: "operand",
  operands: "operands",
  selector: "selector",
  items: "items",
  joinKeys: "joinKeys",
  renamings: "renamings",
  columnTypes: "columnTypes",
  columns: "texts",
  texts: "texts",
  frame: "frame",
  tables: "tables",
  int: "whole",
  source: "source",
  stream: "stream",
  enum: "enumText",
};
/** Kinds whose conversion takes the name of what it converts, for the message of an error. */
const NAMED = new Set<Type["kind"]>(["int", "columns", "texts"]);

/** One call of Wire.php for each kind; kinds that are plain text or bool stand for themselves. */
function convert(type: Type, value: string, name: string, isOpen: boolean): string {
  const known = FUNCTIONS[type.kind];
  if (known === undefined) return value;
  const call = `Wire::${known}(${value}${NAMED.has(type.kind) ? `, '${name}'` : ""})`;
  return type.isNullable || isOpen ? `${value} === null ? null : ${call}` : call;
}
