// bindings/python/tests/dispatch.py: a plan document as the calls that a user would type.
//
// Seam with the hand-written adapter (tests/conformance.py): it reads the case, calls
// `frame(document["plan"])`, which gives a LazyFrame to collect, or `answer`, which also takes a
// last step that writes. tests/values.py gives `operand_of(literal)` and `columns_of(columns)`:
// typed text of the wire as values of the language.

import { fieldSources, fieldsIn, parametersIn, recordByName } from "../../model/find.js";
import type { Field, Model, Parameter, RecordType } from "../../model/model.js";
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
import { literal, quote, tidy } from "./words.js";

export function emitDispatch(model: Model): GeneratedFile {
  const out = new Lines("    ");
  out.lines(opening("# ", SOURCES.wire, SOURCES.face)).line();
  out.line('"""A plan document as the calls that a user would type."""').line();
  out.line("from __future__ import annotations").line();
  out.line("from typing import Any").line();
  out.line("from values import columns_of, frame_at, operand_of, prepared").line();
  out.line("import pardox as px").line().line("Wire = Any");
  emitSteps(out, model);
  emitCalls(out, "CALLS", "Expression functions by name.", functionCalls(model, "python"));
  emitCalls(out, "AGGREGATES", "Aggregates by name.", aggregateCalls(model, "python"));
  out.line().line().line(HELPERS);
  return { path: "bindings/python/tests/dispatch.py", text: tidy(out.text()) };
}

function emitSteps(out: Lines, model: Model): void {
  out
    .line()
    .line()
    .line("# Steps by name: the primary member of each.")
    .line("STEPS: dict[str, Any] = {");
  for (const step of stepCalls(model, "python")) {
    const special = step.special.map(({ fields, member, owner }) => {
      const tests = Object.entries(fields).map(
        ([field, value]) => `fields.get(${quote(field)}) == ${literal(value)}`,
      );
      return { test: tests.join(" and "), text: stepText(model, { ...step, member, owner }) };
    });
    out.line(`    ${quote(step.node)}: lambda fields: (`);
    for (const { test, text } of special)
      out.line(`        ${text}`).line(`        if ${test}`).line("        else");
    out.line(`        ${stepText(model, step)}`).line("    ),");
  }
  out.line("}");
}

function stepText(model: Model, { member, owner }: StepCall): string {
  const { mapping } = member;
  if (mapping.kind !== "node") return "";
  const args = parametersIn(member, "python").flatMap((parameter) =>
    argumentText(model, parameter, mapping.receiver),
  );
  const call = `${member.names.python}(${args.join(", ")})`;
  if (mapping.receiver === null) return `px.${call}`;
  const isList = mapping.receiver.endsWith("[0]");
  const field = quote(mapping.receiver.replace("[0]", ""));
  const target = `frame(fields[${field}]${isList ? "[0]" : ""})`;
  if (owner.role !== "group") return `${target}.${call}`;
  const sources = new Map(fieldSources(model, member).map((source) => [source.field, source]));
  const held = owner.held.map(
    (one) => `*items(fields[${quote(sources.get(one.field)?.field ?? "")}])`,
  );
  const opener = model.face.classes
    .flatMap((one) => one.members)
    .find((one) => one.mapping.kind === "opens" && one.mapping.className === owner.name);
  return `${target}.${opener?.names.python}(${held.join(", ")}).${call}`;
}

function argumentText(
  model: Model,
  parameter: Parameter,
  receiver: string | null,
): readonly string[] {
  const { place, type, isVariadic } = parameter;
  if (place.at === "spread") return spread(recordByName(model, type.name), "fields");
  if (place.at === "hand" && type.name === "ValuesOptions") {
    return ['schema={one["name"]: one["dtype"] for one in fields["columns"]}'];
  }
  if (place.at !== "field") return [];
  if (type.kind === "record") {
    const record = recordByName(model, type.name);
    const names = fieldsIn(record, "python").map(
      ({ wire, names: one }) => `${quote(wire)}: ${quote(one.python)}`,
    );
    return [`**given(fields.get(${quote(place.field)}), {${names.join(", ")}})`];
  }
  if (type.kind === "source") return ['fields.get("paths") or fields["path"]'];
  const rest = receiver === `${place.field}[0]` ? "[1:]" : "";
  const isOptional = parameter.isOptional || type.isNullable;
  const fallback = parameter.default ?? null;
  const otherwise = fallback === null ? "" : `, ${literal(fallback)}`;
  const value = isOptional
    ? `fields.get(${quote(place.field)}${otherwise})`
    : `fields[${quote(place.field)}]${rest}`;
  if (isVariadic) {
    if (type.kind === "items") return [`*items(${value})`];
    return type.kind === "frame" ? [`*map(frame, ${value})`] : [`*${value}`];
  }
  return [valueText(type.kind, value)];
}

function valueText(kind: Parameter["type"]["kind"], value: string): string {
  switch (kind) {
    case "expression":
      return `question(${value})`;
    case "sortKeys":
      return `sort_keys(${value})`;
    case "joinKeys":
      return `join_keys(${value})`;
    case "renamings":
      return `renamings(${value})`;
    case "tables":
      return `tables(${value})`;
    case "frame":
      return `frame(${value})`;
    case "columnValues":
      return `columns_of(${value})`;
    default:
      return value;
  }
}

function spread(record: RecordType, from: string): readonly string[] {
  const fields = fieldsIn(record, "python").filter(({ place }) => place === "field");
  return fields.map((field) => keyword(field, from));
}

function keyword({ names, wire, type, isOptional, default: value }: Field, from: string): string {
  const given = isOptional
    ? `${from}.get(${quote(wire)}, ${literal(value)})`
    : `${from}[${quote(wire)}]`;
  return `${names.python}=${valueText(type.kind, given)}`;
}

function emitCalls(out: Lines, name: string, doc: string, calls: readonly FunctionCall[]): void {
  out.line().line().line(`# ${doc}`).line(`${name}: dict[str, Any] = {`);
  for (const call of calls)
    out.line(`    ${quote(call.function)}: lambda args: ${callText(call)},`);
  out.line("}");
}

function callText({ method, free }: FunctionCall): string {
  const freeText =
    free === null ? "" : `px.${free.names.python}(${freeArguments(free.parameters)})`;
  if (method === null) return freeText;
  const args = argumentPlaces(method).map(([parameter, at]) => methodArgument(parameter, at));
  const receiver = `expression(args[${receiverOf(method)}])`;
  const methodText = `${receiver}.${method.names.python}(${args.join(", ")})`;
  if (free === null || !free.parameters.some(({ isOptional }) => isOptional)) return methodText;
  return `${methodText} if args else px.${free.names.python}()`;
}

const freeArguments = (parameters: readonly Parameter[]): string =>
  parameters
    .map((parameter, i) => {
      if (parameter.type.kind === "operand") return methodArgument(parameter, i);
      return parameter.isVariadic ? "*map(expression, args)" : "expression(args[0])";
    })
    .join(", ");

function methodArgument(parameter: Parameter, index: number): string {
  switch (parameter.type.kind) {
    case "operands":
      return `${parameter.isVariadic ? "*" : ""}[operand(one) for one in args[${index}:]]`;
    case "operand":
      if (parameter.isVariadic) return `*map(operand, args[${index}:])`;
      return parameter.isOptional
        ? `*map(operand, args[${index}:${index + 1}])`
        : `operand(args[${index}])`;
    default:
      return `question(args[${index}])`;
  }
}

/** The inverse of each kind: what a user would type for what stands on the wire. */
const HELPERS = `def frame(wire: Wire) -> Any:
    """Answer a step, by the member that a user would call."""
    ((tag, fields),) = wire.items()
    if tag == "frame":
        return prepared(frame_at(fields["index"]))
    if tag not in STEPS:
        raise LookupError(f"no member answers the step {tag}")
    return prepared(STEPS[tag](fields))


def expression(wire: Wire) -> px.Expr:
    """Answer an expression."""
    ((tag, fields),) = wire.items()
    if tag == "col":
        return px.col(fields)
    if tag == "lit":
        value = operand_of(fields)
        return value if isinstance(value, px.Expr) else px.lit(value)
    if tag == "param":
        return px.param(fields)
    if tag == "text":
        return px.expr(fields)
    if tag == "cast":
        return expression(fields["input"]).cast(fields["to"])
    if tag == "try_cast":
        return expression(fields["input"]).try_cast(fields["to"])
    if tag == "case":
        return case_of(fields)
    if tag == "call":
        return called(CALLS, fields["function"], fields["args"])
    if tag == "agg":
        given = fields.get("input")
        return called(AGGREGATES, fields["function"], [] if given is None else [given])
    raise LookupError(f"no member answers the expression {tag}")


def called(calls: dict[str, Any], name: str, args: list[Wire]) -> px.Expr:
    """Call a function or an aggregate by its name."""
    if name not in calls:
        raise LookupError(f"no member answers the function {name}")
    return calls[name](args)


def question(wire: Wire) -> Any:
    """Give a predicate: text stays text."""
    return wire["text"] if "text" in wire else expression(wire)


def operand(wire: Wire) -> Any:
    """Give an operand: a literal is typed as a value."""
    return operand_of(wire["lit"]) if "lit" in wire else expression(wire)


def case_of(wire: Wire) -> px.Expr:
    """Chain the branches of a case."""
    first, *more = wire["branches"]
    chain = px.when(question(first["when"]), operand(first["then"]))
    for branch in more:
        chain = chain.when(question(branch["when"]), operand(branch["then"]))
    otherwise = wire.get("otherwise")
    return chain if otherwise is None else chain.otherwise(operand(otherwise))


def items(wire: list[Wire]) -> list[Any]:
    """Give items: a column under its own name is typed as the name alone."""
    given: list[Any] = []
    for item in wire:
        if "text" in item:
            given.append(px.expr(item["text"]))
            continue
        name, expr = item["named"]["name"], item["named"]["expr"]
        given.append(name if expr == {"col": name} else {name: question(expr)})
    return given


def sort_keys(wire: list[Wire]) -> list[Any]:
    """Give sort keys: a plain column is typed as its name."""
    given: list[Any] = []
    for item in wire:
        if "text" in item:
            given.append(px.expr(item["text"]))
            continue
        key = item["key"]
        options = {"nulls": key["nulls"]} if "nulls" in key else {}
        if key.get("descending"):
            given.append(expression(key["expr"]).desc(**options))
        elif not options and "col" in key["expr"]:
            given.append(key["expr"]["col"])
        else:
            given.append(expression(key["expr"]).asc(**options))
    return given


def join_keys(wire: list[Wire]) -> list[Any]:
    """Give join keys: one name where both are the same."""
    return [
        one["left"] if one["left"] == one["right"] else (one["left"], one["right"]) for one in wire
    ]


def renamings(wire: list[Wire]) -> dict[str, str]:
    """Give new names by old name."""
    return {one["from"]: one["to"] for one in wire}


def tables(wire: dict[str, Wire]) -> dict[str, Any]:
    """Give frames by the name that a statement calls them."""
    return {name: frame(node) for name, node in wire.items()}


def given(wire: Wire, names: dict[str, str]) -> dict[str, Any]:
    """Give options under the names that a user types."""
    return {names.get(key, key): value for key, value in (wire or {}).items()}`;
