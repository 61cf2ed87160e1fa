// Reads functions.json, the engine's own list of functions, and makes a member of each that the
// description does not describe: a method of its receiver, or a function of the module.
//
//   {"name":"round","operands":[{"name":"a"},{"name":"digits","default":"0"}],...}
//     ->  Expr.round(digits: Operand = 0), with its documentation and example
//   {"name":"date_trunc","operands":[{"name":"unit"},{"name":"x"}],"receiver":1,...}
//     ->  Expr.dateTrunc(unit: Operand)
//
// The receiver is the expression itself. What must be a literal is taken as an operand too, so
// that a parameter can stand for it; the engine refuses anything else by name.

import {
  type ExampleLine,
  type Json,
  type Language,
  LANGUAGES,
  type Member,
  type Names,
  type Parameter,
  type RegistryFunction,
  type RegistryOperand,
  type Result,
  type Type,
} from "../model/model.js";
import { isReserved, lowerCamel, nameIn, type Position } from "../model/names.js";
import { refuse } from "../problems.js";

/** Parses the text of the list. */
export function readFunctions(text: string): readonly RegistryFunction[] {
  const { functions } = JSON.parse(text) as { readonly functions?: readonly RegistryFunction[] };
  if (functions === undefined) refuse("functions.json", "expected a list of functions");
  for (const one of functions) {
    // It would end the comments that it is printed in.
    if (JSON.stringify(one).includes("*/")) refuse(one.name, "a text may not hold */");
  }
  return functions;
}

/** Methods of Expr and functions of the module for what no member of the description calls. */
export function membersOf(
  functions: readonly RegistryFunction[],
  described: ReadonlySet<string>,
): readonly [readonly Member[], readonly Member[]] {
  const own = functions.filter(({ name, area }) => area !== "aggregate" && !described.has(name));
  return [
    own.filter(({ receiver }) => receiver !== null).map(memberOf),
    own.filter(({ receiver }) => receiver === null).map(memberOf),
  ];
}

function memberOf(one: RegistryFunction): Member {
  const [summary = "", more] = split(one.doc);
  const parameters = one.operands
    .filter((operand, i) => i !== one.receiver || operand.repeated)
    .map((operand) => parameterOf(operand, one));
  return {
    id: `${one.receiver === null ? "Functions" : "Expr"}.${lowerCamel(one.name)}`,
    name: lowerCamel(one.name),
    names: names("member", one.name, true),
    absent: { cobol: `the text door: ${one.text}` },
    isProperty: false,
    docs: {
      summary,
      more: [more, inText(one)].filter((text) => text !== undefined).join("\n\n"),
      nulls: one.nulls,
      errors: one.errors,
      hasErrors: true,
      errorsNote: null,
      example: [exampleOf(one)],
    },
    parameters,
    result: EXPR,
    mapping: { kind: "call", function: one.name, receiver: one.receiver ?? 0 },
    natives: [],
    operator: null,
    isPrimary: false,
  };
}

const EXPR: Result = {
  kind: "class",
  name: "Expr",
  isNullable: false,
  isList: false,
  isAwaited: false,
};
const OPERAND: Type = { kind: "operand", name: null, isNullable: false, isList: false };

/** The first sentence, and the rest. */
function split(doc: string): readonly string[] {
  const match = /^(.*?\.)\s+(.*)$/s.exec(doc);
  return match === null ? [doc] : [match[1] ?? "", match[2] ?? ""];
}

/** How text says the same, with an answer. */
const inText = ({ text, example }: RegistryFunction): string =>
  `In text: \`${text}\`; \`${example.text}\` is \`${example.answer}\`.`;

function parameterOf(operand: RegistryOperand, one: RegistryFunction): Parameter {
  const name = lowerCamel(operand.name);
  const value =
    operand.default === null || operand.default === ""
      ? undefined
      : plainValue(operand.default, `${one.name}(${operand.name})`);
  const literal = operand.literal ? " The same for all rows: a value or a parameter." : "";
  return {
    name,
    names: names("parameter", operand.name, false),
    doc: `${operand.doc}${literal}`,
    type: OPERAND,
    isVariadic: operand.repeated,
    isOptional: operand.default !== null,
    default: value,
    place: { at: "operand" },
    absent: {},
  };
}

/** A default as JSON: what text writes `' '`, `0` or `true`. */
function plainValue(text: string, where: string): Json {
  if (text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (/^(-?\d+(\.\d+)?|true|false)$/.test(text)) return JSON.parse(text) as Json;
  return refuse(where, `the default ${text} is not a value that every language can say`);
}

/** A word that a language keeps for itself gets an underscore behind, as Python's `from_`. */
function names(position: Position, name: string, isMember: boolean): Names {
  const entries = LANGUAGES.map((language): [Language, string] => {
    if (language === "cobol" && isMember) return [language, ""];
    const word = nameIn(language, position, lowerCamel(name));
    return [language, isReserved(language, position, word) ? `${word}_` : word];
  });
  return Object.fromEntries(entries) as Record<Language, string>;
}

// ---------------------------------------------------------------------------------- examples

/** The example as a chain of calls; parsed with the others by readExamples. */
function exampleOf(one: RegistryFunction): ExampleLine {
  const { text } = one.example;
  const args = text.startsWith(`${one.name}(`) ? argumentsOf(text.slice(one.name.length)) : null;
  const chain = args === null ? `px.expr(${JSON.stringify(text)})` : callOf(one, args.map(valueOf));
  const source = `df.select({ x: ${chain} });`;
  return { name: null, isAwaited: false, value: { kind: "null" }, source };
}

function callOf(one: RegistryFunction, args: readonly string[]): string {
  const rest = args.filter((_, i) => i !== one.receiver);
  const call = `${lowerCamel(one.name)}(${rest.join(", ")})`;
  return one.receiver === null ? `px.${call}` : `${receiver(args[one.receiver] ?? "")}.${call}`;
}

const receiver = (value: string): string => (value.startsWith("px.") ? value : `px.lit(${value})`);

/** The operands within `(a, 'b, c')`; null where the brackets do not end the text. */
function argumentsOf(text: string): readonly string[] | null {
  const args: string[] = [];
  let [depth, start, isQuoted] = [0, 1, false];
  for (const [i, letter] of [...text].entries()) {
    if (letter === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    const isEnd = depth === 0;
    if (isEnd || (letter === "," && depth === 1)) {
      args.push([...text].slice(start, i).join("").trim());
      start = i + 1;
    }
    if (isEnd) return start === [...text].length ? args : null;
  }
  return null;
}

/** An operand of text as TypeScript: plain values as they are, the rest as text. */
function valueOf(text: string): string {
  if (/^'(?:[^']|'')*'$/.test(text)) return JSON.stringify(text.slice(1, -1).replaceAll("''", "'"));
  // A number that JavaScript would take for another one, or for another type, stays text.
  const isNumber = /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text;
  const isPlain = isNumber || ["true", "false", "null"].includes(text);
  return isPlain ? text : `px.expr(${JSON.stringify(text)})`;
}
