// Asks one language: starts its adapter, hands it every request, gathers its answers.
//
//   requests --stdin--> adapter --stdout--> one JSON line per request
//
// All requests are written and stdin is closed before the end is awaited: an adapter may answer as
// it reads, or read everything first (COBOL compiles programs from the requests).

import { spawn, spawnSync } from "node:child_process";
import type { Schemas } from "./schemas.js";

/** One row of adapters.json. */
export interface Adapter {
  readonly build?: readonly (readonly string[])[];
  readonly command: readonly string[];
  readonly requests?: "lines" | "blocks";
  readonly canonical?: boolean;
}

/** One request, with the folders already in place of {case} and {tmp}. */
export interface Request {
  readonly id: string;
  readonly want: "result" | "canonical" | "quarantine" | "counts";
  readonly before: readonly unknown[];
  readonly frames: readonly unknown[];
  readonly plan: unknown;
  readonly params: unknown;
}

export interface AnsweredTable {
  readonly schema: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface AnsweredError {
  readonly kind: string;
  readonly message: string;
  readonly [part: string]: string | number | null | undefined;
}

/** One answer; `fault` says why there is none. */
export type Answer =
  | { readonly ok: AnsweredTable }
  | { readonly error: AnsweredError }
  | { readonly canonical: unknown }
  | { readonly fault: string };

const ADAPTER_MINUTES_MAX = 10;
const ANSWER_CHARACTERS_MAX = 64 * 1024 * 1024;
const STDERR_SHOWN_MAX = 2_000;

/** Makes the adapter; gives why it could not, or nothing. */
export function buildAdapter(adapter: Adapter, root: string): string {
  for (const words of adapter.build ?? []) {
    const [program = "", ...rest] = words;
    const run = spawnSync(program, rest, { cwd: root, encoding: "utf8" });
    if (run.status === 0) continue;
    const why = run.error?.message ?? `${run.stdout}${run.stderr}`;
    return `${words.join(" ")} failed: ${why.trim()}`;
  }
  return "";
}

/** Answers by the id of their request; a request without an answer has the reason as its fault. */
export async function askAdapter(
  adapter: Adapter,
  requests: readonly Request[],
  root: string,
  schemas: Schemas,
): Promise<ReadonlyMap<string, Answer>> {
  const written = requests.map(adapter.requests === "blocks" ? asBlocks : asLine).join("");
  const { lines, end } = await talk(adapter.command, written, root);
  const answers = new Map<string, Answer>();
  const known = new Set(requests.map((request) => request.id));
  let stray = "";
  for (const line of lines) {
    const parsed = parseAnswer(line, schemas);
    if (typeof parsed === "string") stray ||= `; it printed what is no answer: ${parsed}`;
    else if (!known.has(parsed.id)) stray ||= `; it answered ${parsed.id}, which nobody asked`;
    else if (answers.has(parsed.id)) answers.set(parsed.id, { fault: "answered twice" });
    else answers.set(parsed.id, parsed.answer);
  }
  for (const id of known) {
    if (!answers.has(id)) answers.set(id, { fault: `no answer (the adapter ${end}${stray})` });
  }
  return answers;
}

/** `{"id":..,"want":..,"before":[..],"frames":[..],"plan":..,"params":{..}}` and a newline. */
function asLine(request: Request): string {
  const { id, want, before, frames, plan, params } = request;
  return `${JSON.stringify({ id, want, before, frames, plan, params })}\n`;
}

/**
 * The same for a language without a JSON reader: a line `case <id> <want> <before> <frames>` with
 * two counts, then the documents (before, frames, plan, params), each as a line with its size in
 * bytes, its bytes, and a newline.
 */
function asBlocks(request: Request): string {
  const { id, want, before, frames, plan, params } = request;
  const head = `case ${id} ${want} ${before.length} ${frames.length}\n`;
  const blocks = [...before, ...frames, plan, params].map((document) => {
    const text = JSON.stringify(document);
    return `${Buffer.byteLength(text)}\n${text}\n`;
  });
  return head + blocks.join("");
}

interface Talk {
  readonly lines: readonly string[];
  /** How it ended, as the end of a sentence. */
  readonly end: string;
}

function talk(words: readonly string[], written: string, root: string): Promise<Talk> {
  const [program = "", ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
    let printed = "";
    let complained = "";
    let why = "";
    const limit = setTimeout(() => {
      why = `was stopped after ${ADAPTER_MINUTES_MAX} minutes`;
      child.kill("SIGKILL");
    }, ADAPTER_MINUTES_MAX * 60_000);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.length <= ANSWER_CHARACTERS_MAX) return;
      why = "printed too much";
      child.kill("SIGKILL");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complained = (complained + text).slice(-STDERR_SHOWN_MAX);
    });
    const finish = (how: string): void => {
      clearTimeout(limit);
      const said = complained.trim() === "" ? "" : `, saying: ${complained.trim()}`;
      const lines = printed.split("\n").filter((line) => line !== "");
      resolve({ lines, end: (why || how) + said });
    };
    child.on("error", (error) => finish(`could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      finish(signal === null ? `ended with status ${code}` : `was ended by ${signal}`);
    });
    // An adapter that dies early closes its end; its missing answers say so.
    child.stdin.on("error", () => undefined);
    child.stdin.end(written);
  });
}

function parseAnswer(
  line: string,
  schemas: Schemas,
): string | { readonly id: string; readonly answer: Answer } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line.slice(0, 200);
  }
  const faults = schemas.faults("answer", value);
  if (faults !== "") return `${line.slice(0, 200)} (${faults})`;
  const { id, ...answer } = value as { id: string } & Record<string, unknown>;
  return { id, answer: answer as unknown as Answer };
}
