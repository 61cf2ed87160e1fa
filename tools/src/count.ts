// How many tests a runner ran, read from its closing lines.
//
// In: everything one step printed. Out: the sums, and the closing lines themselves, which the
// front door prints so that a reader sees which runner said what.

/** Sums over every closing line of one step. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A step's sums and the lines they were read from. `lines` is empty when none was known. */
export interface Reading extends Count {
  readonly lines: readonly string[];
}

interface Closing {
  readonly runner: string;
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => Count;
  /** False for lines that count but would flood the screen. */
  readonly shown: boolean;
}

const PASSED: Count = { passed: 1, failed: 0, skipped: 0 };

/** Every closing line known here; a new runner is one more entry. */
const CLOSINGS: readonly Closing[] = [
  {
    runner: "cargo test",
    pattern: /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/,
    read: (match) => count(match[1], match[2], match[3]),
    shown: true,
  },
  {
    runner: "node --test",
    pattern: /^(?:#|ℹ) (tests|pass|fail) (\d+)$/,
    read: (match) => {
      if (match[1] === "tests") return count(0, 0, 0);
      return match[1] === "pass" ? count(match[2], 0, 0) : count(0, match[2], 0);
    },
    shown: true,
  },
  {
    runner: "node --test, the rest",
    pattern: /^(?:#|ℹ) (cancelled|skipped|todo) (\d+)$/,
    read: (match) => (match[1] === "cancelled" ? count(0, match[2], 0) : count(0, 0, match[2])),
    shown: false,
  },
  {
    runner: "go test -v",
    pattern: /^--- (PASS|FAIL|SKIP): /,
    read: (match) => {
      if (match[1] === "PASS") return PASSED;
      return match[1] === "FAIL" ? count(0, 1, 0) : count(0, 0, 1);
    },
    shown: false,
  },
  {
    runner: "go test",
    pattern: /^(?:ok|FAIL)\s+\S+\s+(?:[\d.]+s|\(cached\))/,
    read: () => count(0, 0, 0),
    shown: true,
  },
  {
    runner: "PHPUnit, all passed",
    pattern: /^OK \((\d+) tests?, \d+ assertions?\)$/,
    read: (match) => count(match[1], 0, 0),
    shown: true,
  },
  {
    runner: "PHPUnit",
    pattern: /^Tests: (\d+), Assertions: \d+(.*)\.$/,
    read: (match) => {
      const rest = match[2] ?? "";
      const failed = sumOf(rest, ["Failures", "Errors"]);
      const skipped = sumOf(rest, ["Skipped", "Incomplete"]);
      return count(Number(match[1]) - failed - skipped, failed, skipped);
    },
    shown: true,
  },
  {
    runner: "pytest",
    pattern: /^(?:=+ )?((?:\d+ [a-z]+, )*\d+ [a-z]+) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/,
    read: (match) => {
      const words = match[1] ?? "";
      return count(
        before(words, ["passed", "xpassed"]),
        before(words, ["failed", "error", "errors"]),
        before(words, ["skipped", "xfailed", "deselected"]),
      );
    },
    shown: true,
  },
  {
    runner: "plain",
    pattern: /^(?:\S+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/,
    read: (match) => count(match[1], match[2], match[3] ?? 0),
    shown: true,
  },
];

/** Reads the closing lines of whatever runner printed `output`. */
export function readCounts(output: string): Reading {
  let sum: Count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const line of plainLines(output)) {
    for (const closing of CLOSINGS) {
      const match = closing.pattern.exec(line);
      if (match === null) continue;
      sum = add(sum, closing.read(match));
      if (closing.shown) lines.push(line);
      break;
    }
  }
  return { ...sum, lines };
}

export function add(left: Count, right: Count): Count {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

/** `N passed, N failed`, and the skipped ones when there are any: the last line of a run. */
export function closingLine(sum: Count): string {
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
  return `${sum.passed} passed, ${sum.failed} failed${skipped}`;
}

function plainLines(output: string): readonly string[] {
  return output.replaceAll(/\u001b\[[0-9;]*m/g, "").split(/\r?\n/);
}

function count(
  passed: string | number | undefined,
  failed: string | number | undefined,
  skipped: string | number | undefined,
): Count {
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

/** PHPUnit writes `, Failures: 2, Skipped: 1`: the sum over the names given. */
function sumOf(text: string, names: readonly string[]): number {
  let sum = 0;
  for (const name of names) sum += Number(new RegExp(`\\b${name}: (\\d+)`).exec(text)?.[1] ?? 0);
  return sum;
}

/** pytest writes `3 passed, 1 skipped`: the sum of the numbers before the words given. */
function before(text: string, words: readonly string[]): number {
  let sum = 0;
  for (const word of words) sum += Number(new RegExp(`(\\d+) ${word}\\b`).exec(text)?.[1] ?? 0);
  return sum;
}
