// docs/reference/python.md, and how examples read in Python.

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import type { ExampleStyle } from "../example.js";
import { emitReference, type ReferenceStyle } from "../reference.js";
import { literal, quote, signatureList, typeName } from "./words.js";

/** How an example reads in Python: records of options are keywords, other records are dicts. */
export const EXAMPLE: ExampleStyle = {
  language: "python",
  name: (name) => name,
  text: quote,
  number: (value) => value,
  bool: (value) => (value ? "True" : "False"),
  nothing: () => "None",
  list: (items) => `[${items.join(", ")}]`,
  record: (entries, type) => {
    if (type?.kind === "record") {
      return entries
        .map(({ key, text, field }) => `${field?.names.python ?? key}=${text}`)
        .join(", ");
    }
    return `{${entries.map(({ key, text }) => `${quote(key)}: ${text}`).join(", ")}}`;
  },
  call: (member, target, args) => {
    const list = member.isProperty ? "" : `(${args.map(({ text }) => text).join(", ")})`;
    return `${target ?? "px"}.${member.names.python}${list}`;
  },
  line: (name, _isAwaited, value) => `${name === null ? "" : `${name} = `}${value}`,
};

export function emitPythonReference(model: Model): GeneratedFile {
  const style: ReferenceStyle = {
    ...EXAMPLE,
    title: "Python",
    file: "python",
    fence: "python",
    preamble: ["import pardox as px"],
    className: (one) => {
      if (one.role === "module") return "Functions of the module";
      return one.role === "functions" ? "Functions that make expressions" : one.name;
    },
    signature: (member, owner) => {
      const isFree = owner.role === "module" || owner.role === "functions";
      const list = signatureList(model, member, false).join(", ");
      const before = isFree ? "px." : "";
      const name = `${before}${member.names.python}`;
      const result = typeName(member.result);
      const given = isFree && result === "Self" ? "LazyFrame" : result;
      return member.isProperty ? `${name}: ${given}` : `${name}(${list}) -> ${given}`;
    },
    typeName: (type) => typeName(type),
    literal,
  };
  return emitReference(model, style);
}
