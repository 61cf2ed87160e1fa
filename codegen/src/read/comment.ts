// Doc comments: the text between `/**` and `*/`, as paragraphs and tags.
//
//   /** Columns in order. @default null @wire host */
//      summary "Columns in order."   tags [default "null"], [wire "host"]
//
// A tag begins at `@word` after a blank or a line's start and runs to the next tag. Words that are
// not in TAGS are refused, so that a misspelt tag cannot vanish.

import { refuse } from "../problems.js";

/** Every tag of the description, with what it takes. */
export const TAGS: Readonly<Record<string, string>> = {
  kind: "a kind of kinds.ts, on a type",
  enum: "the schema's enum, or nothing, on a type",
  record: "the schema's record, `native` or `host`, on an interface of options",
  result: "nothing, on an interface whose fields a user reads",
  role: "what a class is for",
  holds: "the node's field that the property is sent as",
  param: "name - what it is",
  nulls: "what happens to nulls",
  errors: "kinds by name, or none; then, after a colon, a sentence",
  example: "lines of an example",
  default: "name and JSON value of a parameter, or just the value on a field",
  node: "the plan's step that the member makes",
  receiver: "where the object itself goes: left, inputs[0]; else input",
  fixed: "a field of the node and its value, as JSON",
  wire: "parameter and field, `field[]` for a record on each entry, or beside",
  runs: "nothing: the plan runs at once",
  primary: "nothing: the conformance dispatch calls this one",
  call: "the function",
  agg: "the aggregate",
  expression: "the form of the expression",
  sortKey: "asc or desc",
  opens: "the class of the object that it makes",
  native: "functions of pardox.h that the hand-written body calls",
  hand: "nothing: the body is written by hand",
  operator: "the operator that means the same",
  name: "language and name",
  except: "language and reason",
  only: "languages",
};

export interface Tag {
  readonly name: string;
  readonly text: string;
}

export interface Comment {
  readonly summary: string;
  readonly more: string | null;
  readonly tags: readonly Tag[];
}

/** Parses the raw text of a doc comment, with or without its delimiters. */
export function parseComment(raw: string, where: string): Comment {
  const text = stripStars(raw);
  const starts = [...text.matchAll(/(?:^|(?<=\s))@([A-Za-z]+)(?=\s|$)/g)];
  const body = text.slice(0, starts[0]?.index ?? text.length).trim();
  const tags = starts.map((start, i) => {
    const name = start[1] ?? "";
    if (!Object.hasOwn(TAGS, name)) {
      refuse(where, `unknown tag @${name}; known are ${Object.keys(TAGS).join(", ")}`);
    }
    const end = starts[i + 1]?.index ?? text.length;
    return { name, text: text.slice(start.index + start[0].length, end).trim() };
  });
  const [summary = "", ...more] = body.split(/\n\s*\n/).map(oneLine);
  return { summary, more: more.length > 0 ? more.join("\n\n") : null, tags };
}

/** Text on one line, blanks joined. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The lines of a comment without delimiters and leading stars. */
export function stripStars(raw: string): string {
  return raw
    .replace(/^\/\*\*?/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}
