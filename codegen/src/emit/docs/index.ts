// docs/functions.md: every function in one table, with the types that it takes.

import type { Model, RegistryFunction } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";

export function emit(model: Model): readonly GeneratedFile[] {
  const out = new Lines();
  out.line("# Functions").line();
  out.line("<!--").lines(opening("", SOURCES.functions)).line("-->").line();
  out.lines([
    "Every function as text writes it, and as the method of that name on an expression in",
    "TypeScript, PHP, Go and Python (`docs/reference`). A mark says that the first operand may be",
    "of that type. Operands in italics may be left out, those in bold must be literals or",
    "parameters. Null in, null out, unless the row says otherwise; the rules of values are in",
    "[semantics](semantics.md).",
  ]);
  const types = typesOf(model);
  for (const area of new Set(model.functions.map((one) => one.area))) {
    out
      .gap()
      .line(`## ${area.charAt(0).toUpperCase()}${area.slice(1)}`)
      .line();
    const head = ["function", ...types, "gives", "what it is"];
    out.line(row(head)).line(row(head.map(() => "---")));
    for (const one of model.functions.filter((other) => other.area === area)) {
      const marks = types.map((type) => (one.operands[0]?.types.includes(type) ? "x" : ""));
      out.line(row([callOf(one), ...marks, one.result, aboutOf(one)]));
    }
  }
  return [{ path: "docs/functions.md", text: out.text() }];
}

/** The types that some function takes, in the order of the plan's schema. */
function typesOf(model: Model): readonly string[] {
  const taken = new Set(
    model.functions.flatMap(({ operands }) => operands.flatMap(({ types }) => types)),
  );
  const known = model.wire.dtypes.filter((type) => taken.has(type));
  return [...known, ...[...taken].filter((type) => !known.includes(type)).sort()];
}

/** `round(a, **digits**)`: the names of operands as they may be given. */
function callOf(one: RegistryFunction): string {
  if (!one.text.startsWith(`${one.name}(`)) return `\`${one.text}\``;
  const operands = one.operands.map(({ name, default: value, literal, repeated }) => {
    const text = `${name}${repeated ? "..." : ""}`;
    const bold = literal ? `**${text}**` : text;
    return value === null ? bold : `_${bold}_`;
  });
  return `\`${one.name}\`(${operands.join(", ")})`;
}

function aboutOf({ doc, nulls, aliases, example }: RegistryFunction): string {
  const also =
    aliases.length === 0 ? "" : ` Also ${aliases.map((one) => `\`${one}\``).join(", ")}.`;
  const rule = nulls === "A null operand gives null." ? "" : ` Nulls: ${nulls}`;
  return `${doc}${also}${rule} \`${example.text}\` is \`${example.answer}\`.`;
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
