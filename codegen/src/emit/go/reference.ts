// docs/reference/go.md, and how examples read in Go.

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import type { ExampleStyle } from "../example.js";
import { emitReference, type ReferenceStyle } from "../reference.js";
import { literal, resultName, signatureList, typeName } from "./words.js";

/** How an example reads in Go: options are functions, named items have an alias. */
export const EXAMPLE: ExampleStyle = {
  language: "go",
  name: (name) => name,
  text: (value) => JSON.stringify(value),
  number: (value) => value,
  bool: String,
  nothing: () => "nil",
  list: (items) => items.join(", "),
  record: (entries, type) => {
    if (type?.kind === "record") {
      return entries
        .map(({ text, field, key }) =>
          field !== null && !field.isOptional
            ? `pardox.On(${text})`
            : `pardox.With${field?.names.go ?? key}(${text})`,
        )
        .join(", ");
    }
    if (type?.kind === "items") {
      return entries.map(({ key, text }) => `${text}.Alias(${JSON.stringify(key)})`).join(", ");
    }
    if (type?.kind === "columnValues") {
      const list = entries.map(({ key, text }) => `pardox.Values(${JSON.stringify(key)}, ${text})`);
      return `[]pardox.ColumnValues{${list.join(", ")}}`;
    }
    const map =
      type?.kind === "params"
        ? "pardox.Params"
        : type?.kind === "tables"
          ? "map[string]pardox.Frame"
          : type?.kind === "columnTypes"
            ? "map[string]pardox.DataType"
            : "map[string]string";
    const pairs = entries.map(({ key, text }) => `${JSON.stringify(key)}: ${text}`);
    return `${map}{${pairs.join(", ")}}`;
  },
  call: (member, target, args) => {
    const context = member.result.isAwaited ? ["ctx"] : [];
    const list = [...context, ...args.map(({ text }) => text)].filter((text) => text !== "");
    return `${target ?? "pardox"}.${member.names.go}(${list.join(", ")})`;
  },
  line: (name, isAwaited, value) =>
    name === null ? value : `${name}${isAwaited ? ", err" : ""} := ${value}`,
};

export function emitGoReference(model: Model): GeneratedFile {
  const style: ReferenceStyle = {
    ...EXAMPLE,
    title: "Go",
    file: "go",
    fence: "go",
    preamble: ['import pardox "github.com/pardox/pardox/bindings/go"'],
    className: (one) => {
      if (one.role === "module") return "Functions of the package";
      return one.role === "functions" ? "Functions that make expressions" : one.name;
    },
    signature: (member) =>
      `func ${member.names.go}(${signatureList(model, member)}) ${resultName(member)}`.trimEnd(),
    typeName: (type, isVariadic) => `${isVariadic ? "..." : ""}${typeName(type)}`,
    literal,
  };
  return emitReference(model, style);
}
