// Every case in every language: requests out, answers judged.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Adapter, type Answer, askAdapter, buildAdapter, type Request } from "./adapter.js";
import type { Case } from "./case.js";
import { compare, compareCanonical, type Folders, withFolders, withoutFolders } from "./compare.js";
import type { Verdict, Verdicts } from "./matrix.js";
import type { Schemas } from "./schemas.js";

/** What a run needs to know. */
export interface Suite {
  readonly cases: readonly Case[];
  /** In the order of the matrix. */
  readonly adapters: ReadonlyMap<string, Adapter>;
  /** Reasons by language, then by case. */
  readonly gaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly schemas: Schemas;
  /** The repository's root: adapters run there. */
  readonly root: string;
  /** A folder for what cases write. */
  readonly scratch: string;
}

/** Runs the languages one after the other; messages must be the same in all of them. */
export async function runSuite(suite: Suite): Promise<Verdicts> {
  const verdicts = new Map<string, ReadonlyMap<string, Verdict>>();
  const messages = new Map<string, { readonly language: string; readonly message: string }>();
  for (const [language, adapter] of suite.adapters) {
    const faults = await runLanguage(suite, language, adapter, messages);
    const gaps = suite.gaps.get(language) ?? {};
    const judged = new Map<string, Verdict>();
    for (const { id } of suite.cases) judged.set(id, judge(faults.get(id) ?? "", gaps[id]));
    verdicts.set(language, judged);
  }
  return verdicts;
}

/** A listed gap may fail; one that passes is a failure too, so that the list stays true. */
export function judge(fault: string, gap: string | undefined): Verdict {
  if (gap === undefined) return { state: fault === "" ? "passed" : "failed", why: fault };
  if (fault === "") return { state: "failed", why: `passes, yet is listed as a gap: ${gap}` };
  return { state: "gap", why: gap };
}

async function runLanguage(
  suite: Suite,
  language: string,
  adapter: Adapter,
  messages: Map<string, { readonly language: string; readonly message: string }>,
): Promise<ReadonlyMap<string, string>> {
  const unbuilt = buildAdapter(adapter, suite.root);
  if (unbuilt !== "") return new Map(suite.cases.map(({ id }) => [id, unbuilt]));
  const twins =
    adapter.canonical === true ? suite.cases.filter((one) => one.twin !== undefined) : [];
  const requests = [
    ...suite.cases.map((one) =>
      toRequest(one, one.attached ?? "result", foldersOf(suite, language, one)),
    ),
    ...twinSides(suite, twins).map((one) =>
      toRequest(one, "canonical", foldersOf(suite, language, one)),
    ),
  ];
  rmSync(join(suite.scratch, language), { recursive: true, force: true });
  for (const one of suite.cases) {
    mkdirSync(foldersOf(suite, language, one).tmp, { recursive: true });
  }
  const answers = await askAdapter(adapter, requests, suite.root, suite.schemas);
  const faults = new Map<string, string>();
  for (const one of suite.cases) {
    const folders = foldersOf(suite, language, one);
    const answer = withoutFolders<Answer>(answers.get(one.id) ?? { fault: "never asked" }, folders);
    const fault = compare(one, answer, folders) || sameMessage(one.id, language, answer, messages);
    faults.set(one.id, fault);
  }
  for (const one of twins) {
    if (faults.get(one.id) !== "") continue;
    const [left, right] = [one.id, one.twin ?? ""].map((id) => answers.get(`${id}#canonical`));
    faults.set(one.id, compareCanonical(left, right));
  }
  return faults;
}

/** The twins and the cases they name, each once. */
function twinSides(suite: Suite, twins: readonly Case[]): readonly Case[] {
  const ids = new Set(twins.flatMap((one) => [one.id, one.twin]));
  return suite.cases.filter((one) => ids.has(one.id));
}

/** A case and its twin share their folders: their canonical forms are equal to the last path. */
function foldersOf(suite: Suite, language: string, one: Case): Folders {
  return { case: one.folder, tmp: join(suite.scratch, language, one.twin ?? one.id) };
}

function toRequest(one: Case, want: Request["want"], folders: Folders): Request {
  const { before, frames, plan, params } = withFolders(one, folders);
  const id = want === "canonical" ? `${one.id}#canonical` : one.id;
  return { id, want, before, frames, plan, params };
}

/**
 * The message without its line and byte in the plan document: each binding writes the document in
 * its own way, and the path before them says the same in all.
 */
const withoutDocument = (message: string): string =>
  message.replace(/( at plan\S*) \(line \d+, byte \d+\)/, "$1");

/** The same error says the same in every language: all are held against the first that answered. */
function sameMessage(
  id: string,
  language: string,
  answer: Answer,
  messages: Map<string, { readonly language: string; readonly message: string }>,
): string {
  if (!("error" in answer)) return "";
  const message = withoutDocument(answer.error.message);
  const first = messages.get(id);
  if (first === undefined) messages.set(id, { language, message });
  if (first === undefined || first.message === message) return "";
  return `expected the message of ${first.language} (${first.message}), found: ${message}`;
}
