// Python: the system's interpreter, and a virtual environment of this clone with pinned tools.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD, ROOT } from "../paths.js";
import { Refusal } from "../report.js";
import { ask, run } from "../shell.js";
import { atLeast, type Found, found, type Missing, missing, type Tool, versionIn } from "./tool.js";

const PYTHON_VERSION_MIN = "3.11";
const FETCH_MINUTES_MAX = 15;

const VENV = join(BUILD, "venv");
const REQUIREMENTS = join(ROOT, "tools", "requirements.txt");
const STAMP = join(VENV, ".pardox-requirements");

export const PYTHON: Tool = { name: "python", find: findPython, fetch: makeVenv };

function stamp(): string {
  return createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
}

function findPython(): Found | Missing {
  const version = versionIn(ask(["python3", "--version"]));
  const advice = `install Python ${PYTHON_VERSION_MIN} or newer with venv`;
  if (version === undefined || !atLeast(version, PYTHON_VERSION_MIN)) {
    const why = `expected Python ${PYTHON_VERSION_MIN} or newer, found ${version ?? "none"}`;
    const packages = version === undefined ? ["python3", "python3-venv"] : [];
    return missing(why, packages, advice);
  }
  const interpreter = join(VENV, "bin", "python3");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp()) {
    const own = versionIn(ask([interpreter, "--version"]));
    if (own !== undefined) return found(`Python ${own} in build/venv`, [join(VENV, "bin")]);
  }
  if (ask(["python3", "-c", "import venv, ensurepip"]) === undefined) {
    return missing("expected Python's venv, found none", ["python3-venv"], advice);
  }
  const why = "expected build/venv as tools/requirements.txt says, found it absent or older";
  return missing(why, [], "npm run setup -- python");
}

async function makeVenv(): Promise<string> {
  rmSync(VENV, { recursive: true, force: true });
  await must(["python3", "-m", "venv", VENV]);
  const pip = [join(VENV, "bin", "python3"), "-m", "pip", "install", "--quiet"];
  await must([...pip, "--disable-pip-version-check", "--requirement", REQUIREMENTS]);
  writeFileSync(STAMP, stamp());
  return "Python tools of tools/requirements.txt into build/venv";
}

async function must(words: readonly string[]): Promise<void> {
  const outcome = await run({ words }, FETCH_MINUTES_MAX, false);
  if (!outcome.ok) throw new Refusal(`${words.join(" ")} failed:\n${outcome.output}`);
}
