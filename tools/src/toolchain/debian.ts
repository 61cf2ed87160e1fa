// System packages: all that are missing go into one apt-get call, or, without permission, into one
// printed command.

import { ask, run } from "../shell.js";
import { Refusal, timed } from "../report.js";
import { which } from "./tool.js";

/** Longest wait for another package manager to let go of its lock, in seconds. */
const LOCK_WAIT_SECONDS = 120;
const MINUTES_MAX = 30;

/** `--no-remove`: what the user has installed is never taken away to make room for ours. */
function installWords(packages: readonly string[]): readonly string[] {
  return [
    "apt-get",
    "install",
    "--yes",
    "--quiet",
    "--no-install-recommends",
    "--no-remove",
    "-o",
    `DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`,
    ...packages,
  ];
}

/** How this process may become root: not at all needed, by sudo without a password, or not. */
type Permission = "root" | "sudo" | "none";

function permission(): Permission {
  if (process.getuid?.() === 0) return "root";
  return ask(["sudo", "-n", "true"]) === undefined ? "none" : "sudo";
}

/** The commands a person with the right to install would type. */
export function installCommands(packages: readonly string[]): readonly string[] {
  return [
    "sudo apt-get update",
    `sudo apt-get install --yes --no-install-recommends ${packages.join(" ")}`,
  ];
}

/**
 * Installs Debian packages without a question asked.
 *
 * Errors: `Refusal` with the exact commands when this user may not install, with the package
 * manager's own words when it fails.
 */
export async function install(packages: readonly string[]): Promise<void> {
  if (which("apt-get") === undefined) {
    throw new Refusal("expected a Debian system with apt-get, found none");
  }
  const right = permission();
  if (right === "none") {
    throw new Refusal(
      "no permission to install (not root, no sudo without a password); run these, then again:\n" +
        installCommands(packages)
          .map((command) => `    ${command}`)
          .join("\n"),
    );
  }
  await apt(right, ["apt-get", "update", "--quiet"], () => "package lists read");
  await apt(right, installWords(packages), () => `Debian packages: ${packages.join(" ")}`);
}

async function apt(right: Permission, words: readonly string[], text: () => string): Promise<void> {
  // Variables go through `env`, because sudo clears those of the caller.
  const quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", ...words];
  const outcome = await timed(
    () => run({ words: right === "sudo" ? ["sudo", "-n", ...quiet] : quiet }, MINUTES_MAX, false),
    text,
  );
  if (outcome.ok) return;
  process.stderr.write(outcome.output);
  throw new Refusal(`${words.slice(0, 2).join(" ")} failed: ${outcome.reason}`);
}
