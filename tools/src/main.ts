// `node tools/run.mjs <command> [room[,room]] [words]`, after the packages are there.

import { choose, toolsOf } from "./choose.js";
import { line, note, Refusal } from "./report.js";
import { COMMANDS, type CommandName } from "./room.js";
import { ROOMS } from "./rooms.js";
import { printSummary, runJobs } from "./run.js";
import { setUp, TOOLS } from "./toolchain/setup.js";
import type { ToolName } from "./toolchain/tool.js";

const start = performance.now();
const seconds = (): number => (performance.now() - start) / 1000;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`pardox: ${error.message}`);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<number> {
  const verbose = args.includes("--verbose");
  const [command, ...words] = args.filter((word) => word !== "--verbose");
  if (command === undefined || words.includes("--help")) return help();
  if (command === "setup") return setup(words);
  if (!isCommand(command)) {
    throw new Refusal(`expected one of setup, ${COMMANDS.join(", ")}; found ${command}`);
  }
  const { jobs, left } = choose(ROOMS, command, words);
  const env = await setUp(toolsOf(jobs), verbose);
  for (const name of left) note(`left out, because it takes no words: ${name}`);
  const summary = await runJobs(jobs, env, verbose);
  printSummary(summary, seconds());
  return summary.failures.length > 0 ? 1 : 0;
}

function isCommand(word: string): word is CommandName {
  return (COMMANDS as readonly string[]).includes(word);
}

/** `npm run setup [-- tool ...]`: every tool, or those named, and which version was found. */
async function setup(words: readonly string[]): Promise<number> {
  const known = TOOLS.map((tool) => tool.name);
  for (const word of words) {
    if (known.some((name) => name === word)) continue;
    throw new Refusal(`expected a tool (${known.join(", ")}), found ${word}`);
  }
  const names = words.length > 0 ? known.filter((name) => words.includes(name)) : known;
  await setUp(new Set<ToolName>(names), true);
  line(seconds(), "in all");
  return 0;
}

function help(): number {
  console.log(`npm run ${["setup", ...COMMANDS].join("|")} [-- room[,room] words] [--verbose]\n`);
  for (const room of ROOMS) {
    const commands = Object.keys(room.steps).join(", ");
    console.log(`  ${room.name.padEnd(12)} ${room.about} (${commands})`);
  }
  return 0;
}
