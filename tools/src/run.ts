// Runs the chosen steps one after the other, says how each went, and sums up.
//
// A failed step does not stop the others, except those that stand on it: a room whose build failed,
// or one that comes after such a room, is not run and counts as failed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./choose.js";
import { add, type Count, closingLine, readCounts } from "./count.js";
import { BUILD, ROOT } from "./paths.js";
import { line, note } from "./report.js";
import type { Room } from "./room.js";
import { INTERRUPTED, type Outcome, run } from "./shell.js";

const MINUTES_MAX = 20;
const LOGS = join(BUILD, "log");

/** How a run ended: its sums, and one line for each failed step. */
export interface Summary {
  readonly sum: Count;
  readonly failures: readonly string[];
}

/** Runs the jobs in order. Each step's whole output is kept in `build/log`. */
export async function runJobs(
  jobs: readonly Job[],
  env: Readonly<Record<string, string>>,
  verbose: boolean,
): Promise<Summary> {
  mkdirSync(LOGS, { recursive: true });
  let sum: Count = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const broken = new Set<string>();
  for (const job of jobs) {
    const title = titleOf(job);
    const cause = brokenBelow(job.room, broken, jobs);
    if (cause !== undefined) {
      failures.push(`${title}: not run, because the build of ${cause} failed`);
      sum = add(sum, { passed: 0, failed: 1, skipped: 0 });
      broken.add(job.room.name);
      continue;
    }
    const outcome = await runStep(job, env, verbose);
    const judged = judge(job, outcome);
    if (job.command !== "build" || judged.reason !== "") sum = add(sum, judged.count);
    if (judged.reason !== "") {
      failures.push(`${title}: ${judged.reason} (build/log/${logName(job)})`);
      if (job.command === "build") broken.add(job.room.name);
    }
    print(job, outcome, judged, verbose);
    // Whoever stops one step means the run.
    if (outcome.reason === INTERRUPTED) break;
  }
  return { sum, failures };
}

/** Prints the failures, then the closing line, alone on its line. */
export function printSummary(summary: Summary, seconds: number): void {
  for (const failure of summary.failures) console.log(`FAILED  ${failure}`);
  line(seconds, "in all");
  console.log(closingLine(summary.sum));
}

async function runStep(
  job: Job,
  env: Readonly<Record<string, string>>,
  verbose: boolean,
): Promise<Outcome> {
  const { step } = job;
  const show = verbose || step.show === true;
  if (show) note(`${titleOf(job)}: ${step.run}`);
  else if (process.stdout.isTTY) process.stdout.write(`           ${titleOf(job)} ...\r`);
  const words = [...step.run.split(" "), ...job.words];
  const cwd = join(ROOT, step.cwd ?? "");
  const outcome = await run(
    { words, cwd, env: { ...env, ...step.env } },
    step.minutes ?? MINUTES_MAX,
    show,
  );
  writeFileSync(join(LOGS, logName(job)), outcome.output);
  return outcome;
}

/** What a step's end means: sums, closing lines to show, and why it failed (empty: it did not). */
interface Judgement {
  readonly count: Count;
  readonly lines: readonly string[];
  readonly reason: string;
}

/**
 * A step of test or conformance counts the tests it names; any other step, and a runner whose
 * closing lines are not known, counts as one. A runner that ran nothing has failed: silence is no
 * proof.
 */
export function judge(job: Job, outcome: Outcome): Judgement {
  if (job.command !== "test" && job.command !== "conformance") {
    const count = { passed: outcome.ok ? 1 : 0, failed: outcome.ok ? 0 : 1, skipped: 0 };
    return { count, lines: [], reason: outcome.reason };
  }
  const reading = readCounts(outcome.output);
  const { lines } = reading;
  if (!outcome.ok) {
    const count = { ...reading, failed: Math.max(1, reading.failed) };
    return { count, lines, reason: outcome.reason };
  }
  if (reading.failed > 0) {
    return { count: reading, lines, reason: "status 0, yet failed tests are reported" };
  }
  if (lines.length === 0) return { count: { passed: 1, failed: 0, skipped: 0 }, lines, reason: "" };
  if (reading.passed === 0) {
    const what = job.words.length > 0 ? ` for ${job.words.join(" ")}` : "";
    return { count: { ...reading, failed: 1 }, lines, reason: `no test ran${what}` };
  }
  return { count: reading, lines, reason: "" };
}

function print(job: Job, outcome: Outcome, judged: Judgement, verbose: boolean): void {
  const shown = verbose || job.step.show === true;
  if (judged.reason !== "") {
    if (!shown) process.stdout.write(outcome.output);
    line(outcome.seconds, `FAILED  ${titleOf(job)}: ${judged.reason}`);
    return;
  }
  line(outcome.seconds, titleOf(job));
  if (!shown) for (const closing of judged.lines) console.log(closing);
}

function titleOf({ room, command, step }: Job): string {
  return `${command} ${room.name}: ${step.name}`;
}

function logName({ room, command, step }: Job): string {
  return `${command}-${room.name}-${step.name.replaceAll(/[^A-Za-z0-9]+/g, "-")}.txt`;
}

/** The room, this one or one it stands on, whose build has failed in this run. */
function brokenBelow(
  room: Room,
  broken: ReadonlySet<string>,
  jobs: readonly Job[],
): string | undefined {
  if (broken.has(room.name)) return room.name;
  for (const name of room.after) {
    if (broken.has(name)) return name;
    const below = jobs.find((job) => job.room.name === name)?.room;
    const cause = below && brokenBelow(below, broken, jobs);
    if (cause !== undefined) return cause;
  }
  return undefined;
}
