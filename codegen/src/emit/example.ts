// Prints examples in a language: one walk over ExampleNode, the language's own words as hooks.

import { memberById, recordByName } from "../model/find.js";
import type {
  ExampleEntry,
  ExampleLine,
  ExampleNode,
  Field,
  Language,
  Member,
  Model,
  Parameter,
  Type,
} from "../model/model.js";

/** A printed argument, with what it is for. */
export interface Argument {
  readonly text: string;
  /** The parameter that takes it; a variadic one takes several. */
  readonly parameter: Parameter | null;
  readonly node: ExampleNode;
}

/** A printed entry of a record. */
export interface Entry {
  readonly key: string;
  readonly text: string;
  /** The option that it sets; null where keys are the user's own (items, params, tables). */
  readonly field: Field | null;
  readonly value: ExampleNode;
}

/** How a language says each part. `type` is what the value is for, where that is known. */
export interface ExampleStyle {
  readonly language: Language;
  /** An object at hand: `df` becomes `$df`. */
  name(name: string): string;
  text(value: string): string;
  number(value: string): string;
  bool(value: boolean): string;
  nothing(): string;
  list(items: readonly string[], type: Type | null): string;
  record(entries: readonly Entry[], type: Type | null): string;
  /** A call or a property; `target` is null for functions of the module. */
  call(member: Member, target: string | null, args: readonly Argument[]): string;
  /** A whole line. */
  line(name: string | null, isAwaited: boolean, value: string): string;
}

/** The lines of an example in a language. */
export function printExample(
  model: Model,
  style: ExampleStyle,
  lines: readonly ExampleLine[],
): readonly string[] {
  return lines.map(({ name, isAwaited, value }) =>
    style.line(name, isAwaited, printNode(model, style, value, null)),
  );
}

function printNode(
  model: Model,
  style: ExampleStyle,
  node: ExampleNode,
  type: Type | null,
): string {
  switch (node.kind) {
    case "name":
      return style.name(node.name);
    case "text":
      return style.text(node.value);
    case "number":
      return style.number(node.value);
    case "bool":
      return style.bool(node.value);
    case "null":
      return style.nothing();
    case "list":
      return style.list(
        node.items.map((item) => printNode(model, style, item, null)),
        type,
      );
    case "record":
      return style.record(
        node.entries.map((entry) => printEntry(model, style, entry, type)),
        type,
      );
    case "member": {
      const member = memberById(model, node.member);
      const target = node.target === null ? null : printNode(model, style, node.target, null);
      return style.call(member, target, printArguments(model, style, member, node.args));
    }
  }
}

function printArguments(
  model: Model,
  style: ExampleStyle,
  member: Member,
  args: readonly ExampleNode[],
): readonly Argument[] {
  return args.map((node, i) => {
    const last = member.parameters.at(-1);
    const parameter = member.parameters[i] ?? (last?.isVariadic === true ? last : null);
    return { text: printNode(model, style, node, parameter?.type ?? null), parameter, node };
  });
}

function printEntry(
  model: Model,
  style: ExampleStyle,
  entry: ExampleEntry,
  type: Type | null,
): Entry {
  const record = type?.kind === "record" ? recordByName(model, type.name) : null;
  const field = record?.fields.find((one) => one.name === entry.key) ?? null;
  const text = printNode(model, style, entry.value, field?.type ?? null);
  return { key: entry.key, text, field, value: entry.value };
}
