// Brings the tools that a command needs, and gives the environment its steps run in.
//
//   find all -> install the packages of the missing ones, in one call
//            -> fetch what needs no permission, one after the other
//            -> find again: what is still missing stops the run, by name

import { delimiter } from "node:path";
import { LIBRARY } from "../paths.js";
import { line, Refusal, timed } from "../report.js";
import { install } from "./debian.js";
import { GO } from "./go.js";
import { PYTHON } from "./python.js";
import { CBINDGEN, RUST, RUST_LINT } from "./rust.js";
import { C, COBOL, PHP, VALGRIND } from "./system.js";
import type { Found, Missing, Tool, ToolName } from "./tool.js";
import { which } from "./tool.js";

/** Every tool, in the order they are looked for and fetched (cbindgen is built by Rust). */
export const TOOLS: readonly Tool[] = [
  C,
  RUST,
  RUST_LINT,
  CBINDGEN,
  GO,
  PHP,
  COBOL,
  PYTHON,
  VALGRIND,
];

type Environment = Readonly<Record<string, string>>;

/**
 * Makes sure that every tool named is there.
 *
 * Errors: `Refusal` naming each tool that could not be had and what to do about it.
 */
export async function setUp(
  names: ReadonlySet<ToolName>,
  verbose: boolean,
  known: readonly Tool[] = TOOLS,
): Promise<Environment> {
  const tools = known.filter((tool) => names.has(tool.name));
  const packages = new Set<string>();
  const hopeless: string[] = [];
  for (const tool of tools) {
    const state = tool.find();
    if (state.kind === "found") continue;
    for (const name of state.packages) packages.add(name);
    if (state.packages.length === 0 && tool.fetch === undefined) hopeless.push(complaint(state));
    else if (packages.size > 0 && which("apt-get") === undefined) hopeless.push(complaint(state));
  }
  if (hopeless.length > 0) throw new Refusal(hopeless.join("\n"));
  if (packages.size > 0) await install([...packages].sort());

  const there: Found[] = [];
  for (const tool of tools) {
    const state = await fetched(tool);
    if (verbose) line(0, `${tool.name}: ${state.version}`);
    there.push(state);
  }
  return environment(there);
}

async function fetched(tool: Tool): Promise<Found> {
  let state = tool.find();
  if (state.kind === "missing" && tool.fetch !== undefined) {
    await timed(tool.fetch, (text) => text);
    state = tool.find();
  }
  if (state.kind === "missing") throw new Refusal(complaint(state));
  return state;
}

function complaint(state: Missing): string {
  return `${state.why}: ${state.advice}`;
}

function environment(there: readonly Found[]): Environment {
  const env: Record<string, string> = { PARDOX_LIBRARY: LIBRARY, CARGO_TERM_COLOR: "never" };
  const own = (process.env.PATH ?? "").split(delimiter);
  const path: string[] = [];
  for (const state of there) {
    Object.assign(env, state.env);
    for (const folder of state.path) {
      // A folder already on PATH keeps its place: what it shadows is not ours to change.
      if (!path.includes(folder) && !own.includes(folder)) path.push(folder);
    }
  }
  env.PATH = [...path, ...own].join(delimiter);
  return env;
}
