// Every function of abi/include/functions.json stands in at least two conformance cases: in an
// ordinary one, and in one whose values or answer hold a null or an edge, or that is refused.
//
// A case calls a function by a node, `{"function":"upper"}`, or in a text, `upper(name)`. Operators
// in texts are not looked for: their nodes are.

import { folderOf, type Check, type Problem, type Tree } from "./tree.js";

const LIST = "abi/include/functions.json";
const CASES = /^conformance\/cases\/.*\/case\.json$/;
const CASES_MIN = 2;
/** What makes a case one of an edge: as values are written in cases and expectations. */
const EDGES = new Set([
  "",
  "NaN",
  "inf",
  "-inf",
  "-0.0",
  "9223372036854775807",
  "-9223372036854775808",
]);

export const FUNCTIONS: Check = {
  name: "functions",
  about: "every function stands in two conformance cases, one of them of a null or an edge",
  find: (tree) => (tree.paths.includes(LIST) ? problemsIn(tree) : []),
};

interface Case {
  readonly path: string;
  readonly called: ReadonlySet<string>;
  readonly isEdge: boolean;
}

function problemsIn(tree: Tree): readonly Problem[] {
  const { functions } = JSON.parse(tree.read(LIST)) as {
    readonly functions: readonly { readonly name: string; readonly aliases: readonly string[] }[];
  };
  const lines = tree.read(LIST).split("\n");
  const cases = tree.paths.filter((path) => CASES.test(path)).map((path) => readCase(path, tree));
  return functions.flatMap(({ name, aliases }): readonly Problem[] => {
    const own = cases.filter(({ called }) => [name, ...aliases].some((word) => called.has(word)));
    const line = lines.findIndex((text) => text.trim() === `"name": "${name}",`) + 1;
    const tell = (message: string): readonly Problem[] => [{ path: LIST, line, message }];
    if (own.length < CASES_MIN) {
      return tell(`${name} stands in ${own.length} of ${CASES_MIN} conformance cases`);
    }
    if (own.some(({ isEdge }) => isEdge)) return [];
    return tell(`${name} stands in no conformance case of a null, an edge or a refusal`);
  });
}

function readCase(path: string, tree: Tree): Case {
  const folder = folderOf(path);
  const called = new Set<string>();
  let isEdge = tree.paths.includes(`${folder}/error.json`);
  const visit = (part: unknown): void => {
    if (part === null) isEdge = true;
    if (typeof part === "string" && EDGES.has(part)) isEdge = true;
    if (part === null || typeof part !== "object") return;
    for (const [key, value] of Object.entries(part)) {
      if (key === "function" && typeof value === "string") called.add(value);
      if ((key === "text" || key === "query") && typeof value === "string") {
        for (const [, word = ""] of value.matchAll(/(\w+)\s*\(/g)) called.add(word.toLowerCase());
      }
      // These are null for other reasons.
      if (!["otherwise", "input", "count"].includes(key) || value !== null) visit(value);
    }
  };
  visit((JSON.parse(tree.read(path)) as { readonly plan: unknown }).plan);
  const expected = `${folder}/expected.json`;
  if (tree.paths.includes(expected)) {
    visit((JSON.parse(tree.read(expected)) as { readonly rows?: unknown }).rows ?? []);
  }
  return { path, called, isEdge };
}
