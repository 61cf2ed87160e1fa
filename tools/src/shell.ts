// Starting programs: one call each, output gathered or passed on, and an end for those that hang.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { ROOT } from "./paths.js";

/** What to start. `env` is added to this process's own environment. */
export interface Command {
  readonly words: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How it ended. `output` is stdout and stderr in the order they came. */
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
  /** Why it is not ok, in a few words; empty when it is. */
  readonly reason: string;
}

/** How much a step may print before the middle is dropped, in characters. */
const OUTPUT_CHARACTERS_MAX = 64 * 1024 * 1024;

/** The reason of a program that ended because this process was told to. */
export const INTERRUPTED = "interrupted";

/** How long a stopped program may take to end before it is killed. */
const STOP_GRACE_MS = 5_000;

/**
 * Asks a program a short question (a version, a list) and gives its output, or `undefined` when it
 * is not there or fails.
 */
export function ask(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string | undefined {
  const [program = "", ...rest] = words;
  const run = spawnSync(program, rest, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  return run.status === 0 ? `${run.stdout}${run.stderr}` : undefined;
}

/**
 * Runs a program to its end and gathers what it prints; with `show` it is printed as it comes too.
 *
 * The program leads its own process group, so that a limit or Ctrl-C ends its children with it.
 */
export function run(command: Command, minutesMax: number, show: boolean): Promise<Outcome> {
  const start = performance.now();
  const [program = "", ...rest] = command.words;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: command.cwd ?? ROOT,
      env: { ...process.env, ...command.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const gathered: string[] = [];
    let characters = 0;
    const gather = (text: string): void => {
      if (show) process.stdout.write(text);
      characters += text.length;
      if (characters <= OUTPUT_CHARACTERS_MAX) gathered.push(text);
    };
    child.stdout.setEncoding("utf8").on("data", gather);
    child.stderr.setEncoding("utf8").on("data", gather);

    let reason = "";
    const limit = setTimeout(() => {
      reason = `stopped after ${minutesMax} minutes`;
      stop(child);
    }, minutesMax * 60_000);
    const interrupt = (): void => {
      reason = INTERRUPTED;
      stop(child);
    };
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

    let ended = false;
    const end = (why: string): void => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      if (characters > OUTPUT_CHARACTERS_MAX) gathered.push("\n(output cut here)\n");
      const seconds = (performance.now() - start) / 1000;
      resolve({ ok: why === "", output: gathered.join(""), seconds, reason: why });
    };
    child.on("error", (error) => end(reason || error.message));
    child.on("close", (code, signal) => {
      end(reason || (code === 0 ? "" : code === null ? `ended by ${signal}` : `status ${code}`));
    });
  });
}

/** Ends the process group of a program this process started, politely first. */
function stop(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), STOP_GRACE_MS).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended.
  }
}
