// Names: one word list, five casings, and the words that a language keeps for itself.
//
// `readCsv` is the words read, csv: readCsv (ts, php), ReadCSV (Go), read_csv (Python). COBOL has
// names of its own: an eight-character CALL name by tag, and PDX-READ-CSV for data.

import type { Language } from "./model.js";

/** Words that Go writes in capitals. */
const GO_INITIALISMS = new Set(["csv", "id", "io", "ipc", "json", "sql", "url", "utf8", "api"]);

/** Longest COBOL data name that every compiler takes. */
export const COBOL_NAME_LENGTH_MAX = 30;

/** Longest CALL name that keeps its meaning under IBM's PGMNAME(COMPAT). */
export const COBOL_CALL_LENGTH_MAX = 8;

/** Splits a name of any casing into lower-case words: `nUnique` -> n, unique. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split(/[_\-\s]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

export function lowerCamel(name: string): string {
  const [first = "", ...rest] = wordsOf(name);
  return first + rest.map(capitalize).join("");
}

/** `unknown_column` -> UnknownColumn. */
export function upperCamel(name: string): string {
  return wordsOf(name).map(capitalize).join("");
}

/** As `upperCamel`, with Go's initialisms: `readCsv` -> ReadCSV. */
export function goExported(name: string): string {
  return wordsOf(name)
    .map((word) => (GO_INITIALISMS.has(word) ? word.toUpperCase() : capitalize(word)))
    .join("");
}

/** A Go parameter: `nullValues`, `csv`. */
export function goLocal(name: string): string {
  const [first = "", ...rest] = wordsOf(name);
  return first + goExported(rest.join("_"));
}

export function lowerSnake(name: string): string {
  return wordsOf(name).join("_");
}

export function upperSnake(name: string): string {
  return lowerSnake(name).toUpperCase();
}

/** A COBOL data name: PDX-NULL-VALUES. */
export function cobolData(...parts: readonly string[]): string {
  return ["PDX", ...parts.flatMap(wordsOf)].join("-").toUpperCase();
}

/** What a name is for; casing and reserved words depend on it. */
export type Position = "member" | "function" | "parameter" | "field" | "value";

/** The name in a language, by its casing rules alone. */
export function nameIn(language: Language, position: Position, name: string): string {
  switch (language) {
    case "ts":
      return position === "value" ? upperCamel(name) : lowerCamel(name);
    case "php":
      return position === "value" ? upperCamel(name) : lowerCamel(name);
    case "go":
      return position === "parameter" ? goLocal(name) : goExported(name);
    case "python":
      return position === "value" ? upperSnake(name) : lowerSnake(name);
    case "cobol":
      return cobolData(name);
  }
}

/** Whether a language keeps the word for itself at that position. */
export function isReserved(language: Language, position: Position, name: string): boolean {
  const words = RESERVED[language];
  if (position === "parameter") return words.local.has(name.toLowerCase()) && exact(language, name);
  if (position === "function") return words.local.has(name.toLowerCase()) && exact(language, name);
  return words.member.has(name.toLowerCase()) && exact(language, name);
}

/** PHP and COBOL take any casing for the same word; the others only the exact one. */
function exact(language: Language, name: string): boolean {
  return (
    language === "php" ||
    language === "cobol" ||
    name === name.toLowerCase() ||
    PYTHON_CAPITALS.has(name)
  );
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
const NONE: ReadonlySet<string> = new Set();
const PYTHON_CAPITALS = list("False None True");

const TYPESCRIPT = list(`
  arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new
  null package private protected public return static super switch this throw true try typeof var
  void while with yield`);
/** `then` would make an object a promise; `constructor` and `prototype` belong to the class. */
const TYPESCRIPT_MEMBERS = list("then constructor prototype");

const PHP = list(`
  __halt_compiler abstract and array as break callable case catch class clone const continue
  declare default die do echo else elseif empty enddeclare endfor endforeach endif endswitch
  endwhile eval exit extends final finally fn for foreach function global goto if implements
  include include_once instanceof insteadof interface isset list match namespace new or print
  private protected public readonly require require_once return static switch throw trait try
  unset use var while xor yield self parent true false null void int float bool string iterable
  object mixed never this`);

const GO = list(`
  break case chan const continue default defer else fallthrough for func go goto if import
  interface map package range return select struct switch type var`);

const PYTHON = list(`
  and as assert async await break class continue def del elif else except false finally for from
  global if import in is lambda none nonlocal not or pass raise return true try while with yield
  self`);

/** Data names carry the prefix PDX-, so only whole names could clash: none does. */
const COBOL = NONE;

const RESERVED: Readonly<
  Record<Language, { readonly local: ReadonlySet<string>; readonly member: ReadonlySet<string> }>
> = {
  ts: { local: TYPESCRIPT, member: TYPESCRIPT_MEMBERS },
  // A PHP method may have any name but `class`; `$this` may not be a parameter.
  php: { local: PHP, member: list("class") },
  go: { local: GO, member: NONE },
  python: { local: PYTHON, member: PYTHON },
  cobol: { local: COBOL, member: COBOL },
};
