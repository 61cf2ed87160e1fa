// docs/reference/php.md, and how examples read in PHP.

import type { Member, Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import type { ExampleStyle } from "../example.js";
import { emitReference, type ReferenceStyle } from "../reference.js";
import { docType, hint, literal, quote, signatureList } from "./words.js";

/** How an example reads: options are named arguments, other records are arrays. */
export const EXAMPLE: ExampleStyle = {
  language: "php",
  name: (name) => `$${name}`,
  text: quote,
  number: (value) => value,
  bool: String,
  nothing: () => "null",
  list: (items) => `[${items.join(", ")}]`,
  record: (entries, type) => {
    if (type?.kind === "record") {
      return entries
        .map(({ key, text, field }) => `${field?.names.php ?? key}: ${text}`)
        .join(", ");
    }
    return `[${entries.map(({ key, text }) => `${quote(key)} => ${text}`).join(", ")}]`;
  },
  call: (member, target, args) => {
    const list = `(${args.map(({ text }) => text).join(", ")})`;
    return `${target === null ? freePrefix(member) : `${target}->`}${member.names.php}${list}`;
  },
  line: (name, _isAwaited, value) => `${name === null ? "" : `$${name} = `}${value};`,
};

/** A source is a static method of what it gives; what makes expressions is a function. */
export function freePrefix(member: Member): string {
  if (!member.id.startsWith("Module.")) return "";
  if (member.result.name === "LazyFrame") return "LazyFrame::";
  return isSource(member) ? "DataFrame::" : "";
}

/** Whether a member of the module is a step of a plan, or gives a frame: a static method. */
export const isSource = ({ mapping, result }: Member): boolean =>
  mapping.kind === "node" || result.name === "DataFrame";

export function emitPhpReference(model: Model): GeneratedFile {
  const style: ReferenceStyle = {
    ...EXAMPLE,
    title: "PHP",
    file: "php",
    fence: "php",
    preamble: [
      "use Pardox\\{DataFrame, LazyFrame};",
      "use function Pardox\\{col, count, sum, when};",
    ],
    className: (one) => {
      if (one.role === "module") return "Where tables come from";
      return one.role === "functions" ? "Functions that make expressions" : one.name;
    },
    signature: (member) => {
      const list = signatureList(model, member).join(", ");
      return `${freePrefix(member)}${member.names.php}(${list}): ${hint(member.result)}`;
    },
    typeName: (type) => docType(type),
    literal,
  };
  return emitReference(model, style);
}
