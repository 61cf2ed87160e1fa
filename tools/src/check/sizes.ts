// Files, functions and lines by hand stay within what a reader takes in (STYLE, Reading order).
//
// Functions are found by their indentation, which the formatters guarantee: one starts at some
// column and ends at the first later line that is a closing brace at that very column.

import { extension, isGenerated, isTest, type Check, type Problem, type Tree } from "./tree.js";

const FILE_LINES_MAX = 600;
const TEST_FILE_LINES_MAX = 1000;
const FUNCTION_LINES_MAX = 70;
/** A test is data plus one check: its table of cases may be longer than a screen. */
const TEST_FUNCTION_LINES_MAX = 160;
/** A function that is one `match`, every case spelled out, is read case by case. */
const MATCH_FUNCTION_LINES_MAX = 100;
const LINE_COLUMNS_MAX = 100;
/** PER sets this bound for PHP. */
const PHP_LINE_COLUMNS_MAX = 120;

/** A TypeScript function, method or arrow function whose body stands on lines of its own. */
const TYPESCRIPT_START = new RegExp(
  [
    String.raw`^(\s*)(?:export )?(?:default )?(?:async )?`,
    String.raw`(?:function\*? (\w+)|`,
    String.raw`(?!(?:if|for|while|switch|catch|return|await|new)\b)`,
    String.raw`(?:(?:public|private|protected|static|override|async|get|set|const) |\*)*`,
    String.raw`([#\w[\].]+)(?::[^=]+)?(?: = (?:async )?\(|(?:<.*>)?\()`,
    String.raw`(?:.*\{|[^)]*)$)`,
  ].join(""),
);

/** How a function's first line looks, by language. */
const FUNCTION_STARTS: Readonly<Record<string, RegExp>> = {
  rs: /^(\s*)(?:pub(?:\([a-z: ]+\))? )?(?:const )?(?:async )?(?:unsafe )?(?:extern "C" )?fn (\w+)/,
  ts: TYPESCRIPT_START,
  php: /^(\s*)(?:(?:final|abstract|public|protected|private|static) )*function &?(\w+)/,
  go: /^()func (?:\([^)]*\) )?(\w+)/,
  py: /^(\s*)(?:async )?def (\w+)/,
  c: /^()(?:static |inline |const |unsigned |struct )*\w[\w *]*?\b(\w+)\([^;]*$/,
};
const SAME_AS: Readonly<Record<string, string>> = { mjs: "ts", js: "ts", h: "c" };

export const SIZES: Check = {
  name: "sizes",
  about: "files, functions and lines are short enough to read",
  find: (tree) => tree.paths.flatMap((path) => problemsIn(path, tree)),
};

function problemsIn(path: string, tree: Tree): readonly Problem[] {
  const ending = extension(path);
  const start = FUNCTION_STARTS[SAME_AS[ending] ?? ending];
  if (start === undefined) return [];
  const text = tree.read(path);
  if (isGenerated(path, text)) return [];
  const lines = text.replace(/\n$/, "").split("\n");
  return [
    ...longFile(path, lines),
    ...lines.flatMap((line, index) => longLine(path, line, index)),
    ...lines.flatMap((line, index) => longFunction(path, lines, line, index, start, ending)),
  ];
}

/** A Rust file's tests stand below its code and do not count against it. */
function longFile(path: string, lines: readonly string[]): readonly Problem[] {
  const tests = lines.findIndex(
    (line, index) => line === "#[cfg(test)]" && /^mod \w+ \{/.test(lines[index + 1] ?? ""),
  );
  const code = tests === -1 || !path.endsWith(".rs") ? lines.length : tests;
  const max = isTest(path) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
  if (code > max) {
    return [{ path, line: 0, message: `expected at most ${max} lines, found ${code}` }];
  }
  if (lines.length > TEST_FILE_LINES_MAX) {
    const found = `expected at most ${TEST_FILE_LINES_MAX} lines with tests`;
    return [{ path, line: 0, message: `${found}, found ${lines.length}` }];
  }
  return [];
}

function longLine(path: string, line: string, index: number): readonly Problem[] {
  const columns = [...line.replaceAll("\t", "    ")].length;
  const max = path.endsWith(".php") ? PHP_LINE_COLUMNS_MAX : LINE_COLUMNS_MAX;
  // A link cannot be broken over two lines, and a text that a test gives or expects is not.
  if (columns <= max || /https?:\/\//.test(line) || (isTest(path) && holdsText(line))) return [];
  const message = `expected at most ${max} columns, found ${columns}`;
  return [{ path, line: index + 1, message }];
}

/** Whether a good part of the line is text of the test's data: a statement, a message, a plan. */
function holdsText(line: string): boolean {
  return /["'`{].{40,}/.test(line) && !/^\s*(\/\/|#|\*)/.test(line);
}

function longFunction(
  path: string,
  lines: readonly string[],
  line: string,
  index: number,
  start: RegExp,
  ending: string,
): readonly Problem[] {
  const match = start.exec(line);
  if (match === null) return [];
  const name = match[2] ?? match[3] ?? "";
  const count = linesOf(lines, index, match[1] ?? "", ending);
  const max = isTest(path)
    ? TEST_FUNCTION_LINES_MAX
    : isOneMatch(lines.slice(index, index + count))
      ? MATCH_FUNCTION_LINES_MAX
      : FUNCTION_LINES_MAX;
  if (count <= max) return [];
  const message = `expected at most ${max} lines in ${name}, found ${count}`;
  return [{ path, line: index + 1, message }];
}

/** Whether most of a Rust function's lines are one `match`. */
function isOneMatch(lines: readonly string[]): boolean {
  const start = lines.findIndex((line) => /(^|[\s(])match .*\{$/.test(line));
  if (start === -1) return false;
  const indent = /^\s*/.exec(lines[start] ?? "")?.[0] ?? "";
  const rest = lines.slice(start + 1);
  const count = rest.findIndex((line) => line.startsWith(`${indent}}`));
  return count * 3 >= lines.length * 2;
}

/** Lines from the one that starts a function to the one that ends it; 1 when it has no body. */
function linesOf(lines: readonly string[], index: number, indent: string, ending: string): number {
  for (let at = index + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (ending === "py") {
      const outside = line.trim() !== "" && !line.startsWith(`${indent} `) && !/^\s*\)/.test(line);
      if (outside) return at - index;
      continue;
    }
    const before = lines[at - 1] ?? "";
    // `fn name();`, or a body on one line: the next line belongs to something else.
    if (at === index + 1 && /[;}]\s*$/.test(before)) return 1;
    if (!line.startsWith(indent) || /^\s/.test(line.slice(indent.length))) continue;
    const rest = line.slice(indent.length);
    if (/^\}|^\);/.test(rest)) return at - index + 1;
  }
  return ending === "py" ? lines.length - index : 1;
}
