// docs/reference/typescript.md.

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import { emitReference, type ReferenceStyle } from "../reference.js";
import { signature } from "./members.js";
import { literal, parameterType } from "./words.js";

const STYLE: ReferenceStyle = {
  language: "ts",
  title: "TypeScript",
  file: "typescript",
  fence: "ts",
  preamble: ['import * as px from "pardox";'],
  className: (one) => {
    if (one.role === "module") return "Functions of the module";
    return one.role === "functions" ? "Functions that make expressions" : one.name;
  },
  signature: (member, owner) => {
    const isFree = owner.role === "module" || owner.role === "functions";
    return `${isFree ? "px." : ""}${signature(member)}`;
  },
  typeName: (type, isVariadic) => parameterType(type, isVariadic),
  literal,
  name: (name) => name,
  text: (value) => JSON.stringify(value),
  number: (value) => value,
  bool: (value) => String(value),
  nothing: () => "null",
  list: (items) => `[${items.join(", ")}]`,
  record: (entries) => `{ ${entries.map(({ key, text }) => `${key}: ${text}`).join(", ")} }`,
  call: (member, target, args) => {
    const list = member.isProperty ? "" : `(${args.map(({ text }) => text).join(", ")})`;
    return `${target ?? "px"}.${member.names.ts}${list}`;
  },
  line: (name, isAwaited, value) =>
    `${name === null ? "" : `const ${name} = `}${isAwaited ? "await " : ""}${value};`,
};

export const emitTypeScriptReference = (model: Model): GeneratedFile => emitReference(model, STYLE);
