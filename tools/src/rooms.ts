// The table of rooms: what `npm run build|test|gen|check|conformance|bench|demo` do in each.
//
// To add a room, add a row; its place in the table is its place in a run. A row says which tools
// it uses (toolchain/tool.ts lists them), after which rooms' builds it comes, and its steps:
//
//   {
//     name: "go",
//     about: "the Go module",
//     uses: ["c", "go"],
//     after: ["abi", "codegen"],        // `npm run test -- go` builds these first
//     steps: {
//       test: [
//         {
//           name: "go test",
//           run: "go test -v ./...",   // -v: its tests are counted
//           cwd: "bindings/go",
//           words: (words) => ["-run", words.join("|")],
//         },
//       ],
//       check: [{ name: "go vet", run: "go vet ./...", cwd: "bindings/go" }],
//     },
//   },
//
// The environment of every step holds PARDOX_LIBRARY, the built shared library. A `test` step
// whose runner says in its closing lines that it ran no test has failed (count.ts knows the
// runners; any other may print `N passed, N failed` alone on its last line). With npm workspaces
// a room's own scripts are at hand: `npm test -w pardox`.

import type { Room, Step } from "./room.js";

/** Words are names to look for, one after the other. */
const appended = (words: readonly string[]): readonly string[] => words;

/** Runs a language's example program; `npm run demo -- all` compares what all of them print. */
export function demo(language: string): Step {
  return { name: "example", run: `node tools/dist/src/demo.js ${language}`, show: true };
}

/** Compiles a room's TypeScript into its `dist`. */
function compiled(folder: string): Step {
  return { name: "tsc", run: `node node_modules/typescript/bin/tsc -p ${folder}` };
}

/** Named one by one: Node 20 takes every file of a folder called test for a test. */
const TS_TESTS = ["csv", "docs", "face", "leak", "misuse", "package", "types", "waiting"].map(
  (name) => `bindings/ts/dist/test/${name}.test.js`,
);

export const ROOMS: readonly Room[] = [
  {
    name: "core",
    about: "the engine, in Rust",
    uses: ["c", "rust"],
    after: [],
    steps: {
      test: [{ name: "cargo test", run: "cargo test --package pardox-engine", words: appended }],
      gen: [
        { name: "plan schema, functions", run: "node tools/dist/src/generate.js schema functions" },
      ],
      check: [
        {
          name: "rustfmt",
          run: "cargo fmt --package pardox-engine --check",
          uses: ["rust-lint"],
        },
        {
          name: "clippy",
          run: "cargo clippy --quiet --package pardox-engine --all-targets -- --deny warnings",
          uses: ["rust-lint"],
        },
        {
          name: "plan schema, functions drift",
          run: "node tools/dist/src/generate.js --check schema functions",
        },
      ],
    },
  },
  {
    name: "abi",
    about: "the C interface: pardox.h and the shared library",
    uses: ["c", "rust", "valgrind"],
    after: ["core"],
    steps: {
      build: [
        { name: "library", run: "cargo build --quiet --package pardox --release" },
        { name: "example", run: "sh examples/build-c.sh" },
      ],
      test: [{ name: "cargo test", run: "cargo test --package pardox", words: appended }],
      gen: [{ name: "header", run: "node tools/dist/src/generate.js header", uses: ["cbindgen"] }],
      check: [
        { name: "rustfmt", run: "cargo fmt --package pardox --check", uses: ["rust-lint"] },
        {
          name: "clippy",
          run: "cargo clippy --quiet --package pardox --all-targets -- --deny warnings",
          uses: ["rust-lint"],
        },
        {
          name: "header drift",
          run: "node tools/dist/src/generate.js --check header",
          uses: ["cbindgen"],
        },
        { name: "exports", run: "node tools/dist/src/check/main.js exports" },
      ],
      demo: [demo("c")],
    },
  },
  {
    name: "codegen",
    about: "reads the C surface and the described face, writes every binding's generated files",
    uses: [],
    after: [],
    steps: {
      build: [compiled("codegen")],
      gen: [compiled("codegen"), { name: "bindings", run: "node codegen/dist/src/main.js" }],
      test: [
        {
          name: "node --test",
          run: "node --test codegen/dist/test/",
          words: (words) => [`--test-name-pattern=${words.join("|")}`],
        },
      ],
      check: [compiled("codegen"), { name: "drift", run: "node codegen/dist/src/main.js --check" }],
    },
  },
  {
    name: "ts",
    about: "the npm package",
    uses: ["c"],
    after: ["abi"],
    steps: {
      build: [compiled("bindings/ts"), compiled("examples")],
      test: [
        {
          name: "node --test",
          run: `node --test ${TS_TESTS.join(" ")}`,
          words: (words) => [`--test-name-pattern=${words.join("|")}`],
        },
      ],
      check: [compiled("bindings/ts"), compiled("examples")],
      demo: [demo("ts")],
    },
  },
  {
    name: "go",
    about: "the Go module",
    uses: ["c", "go"],
    after: ["abi"],
    steps: {
      build: [
        {
          name: "example",
          run: "go build -o ../../build/examples/flights-go ../../examples/flights.go",
          cwd: "bindings/go",
        },
      ],
      test: [
        {
          name: "go test",
          run: "go test -race -v ./...",
          cwd: "bindings/go",
          words: (words) => ["-run", words.join("|")],
        },
      ],
      check: [
        { name: "go vet", run: "go vet ./...", cwd: "bindings/go" },
        { name: "gofmt", run: "sh bindings/go/check.sh" },
      ],
      demo: [demo("go")],
    },
  },
  {
    name: "cobol",
    about: "copybooks and the C shim behind the CALLs",
    uses: ["c", "cobol"],
    after: ["abi"],
    steps: {
      build: [
        { name: "shim", run: "sh bindings/cobol/build.sh" },
        {
          name: "example",
          run: "sh bindings/cobol/compile.sh default examples/flights.cob build/cobol/flights",
        },
      ],
      test: [{ name: "programs", run: "sh bindings/cobol/tests/run.sh", uses: ["valgrind"] }],
      demo: [demo("cobol")],
    },
  },
  {
    name: "php",
    about: "the Composer package",
    uses: ["c", "php"],
    after: ["abi"],
    steps: {
      test: [
        {
          name: "PHPUnit",
          run: "phpunit --colors=never",
          cwd: "bindings/php",
          words: (words) => ["--filter", words.join("|")],
        },
      ],
      check: [
        { name: "composer.json", run: "composer validate --strict", cwd: "bindings/php" },
        { name: "syntax and PSR-12", run: "phpcs", cwd: "bindings/php" },
      ],
      demo: [demo("php")],
    },
  },
  {
    name: "python",
    about: "the Python package",
    uses: ["python"],
    after: ["abi"],
    steps: {
      test: [
        {
          name: "pytest",
          run: "python3 -m pytest",
          cwd: "bindings/python",
          words: (words) => ["-k", words.join(" or ")],
        },
      ],
      check: [
        { name: "ruff", run: "ruff check src tests", cwd: "bindings/python" },
        { name: "ruff format", run: "ruff format --check src tests", cwd: "bindings/python" },
        { name: "mypy --strict", run: "mypy", cwd: "bindings/python" },
      ],
      demo: [demo("python")],
    },
  },
  {
    name: "examples",
    about: "one question in every language; stands after the rooms whose programs it compares",
    uses: [],
    after: [],
    steps: {
      demo: [{ name: "equal tables", run: "node tools/dist/src/demo.js --compare", show: true }],
    },
  },
  {
    name: "csv",
    about:
      "reading CSV, beside Polars; `npm run bench -- csv 500 5`: megabytes of each file, rounds",
    uses: ["c", "rust", "python"],
    after: [],
    steps: {
      bench: [
        {
          name: "CSV",
          run: "python3 benches/csv.py",
          show: true,
          minutes: 60,
          words: appended,
        },
      ],
    },
  },
  {
    name: "functions",
    about:
      "functions over a column, beside Polars and DuckDB; `npm run bench -- functions 10 3`: " +
      "millions of rows, rounds",
    uses: ["c", "rust", "python"],
    after: [],
    steps: {
      bench: [
        {
          name: "functions",
          run: "python3 benches/functions.py",
          show: true,
          minutes: 60,
          words: appended,
        },
      ],
    },
  },
  {
    name: "large",
    about:
      "CSV larger than memory; `npm run bench -- large 20 2048`: gigabytes, megabytes of memory",
    uses: ["c", "rust", "python"],
    after: [],
    steps: {
      bench: [
        {
          name: "CSV larger than memory",
          run: "python3 benches/large.py",
          show: true,
          minutes: 60,
          words: appended,
        },
      ],
    },
  },
  {
    name: "tools",
    about: "the runner behind the front door, and the repository checks",
    uses: [],
    after: [],
    steps: {
      test: [
        {
          name: "node --test",
          run: "node --test tools/dist/test/",
          words: (words) => [`--test-name-pattern=${words.join("|")}`],
        },
      ],
      check: [
        {
          name: "repository checks",
          run: "node tools/dist/src/check/main.js",
          uses: ["c", "rust"],
          words: appended,
        },
        { name: "prettier", run: "node node_modules/prettier/bin/prettier.cjs --check ." },
      ],
    },
  },
  {
    name: "conformance",
    about: "the same cases in every language, compared byte for byte",
    uses: ["c", "rust", "php", "go", "python", "cobol"],
    after: ["abi", "ts", "php", "go", "cobol", "python"],
    steps: {
      build: [
        { name: "runner", run: "node node_modules/typescript/bin/tsc --project conformance" },
      ],
      test: [
        {
          name: "runner's own tests",
          run: "node --test conformance/dist/test/",
          words: (words) => [`--test-name-pattern=${words.join("|")}`],
        },
        { name: "cases", run: "node conformance/dist/runner.js", show: true },
      ],
      conformance: [
        {
          name: "cases",
          run: "node conformance/dist/runner.js",
          show: true,
          words: appended,
        },
      ],
    },
  },
];
