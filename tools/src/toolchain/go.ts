// Go: any that is new enough; else a pinned toolchain, fetched once into the user's cache.
//
// The Go project publishes its toolchains as a module, `golang.org/toolchain`, which newer go
// commands fetch by themselves. Debian's go is older than that, yet fetches it like any module,
// held against the checksum database. What newer commands do after the download is done here:
//
//   bin/*, pkg/tool/**   made executable (a module's files never are)
//   _go.mod -> go.mod    (a module cannot hold another module's go.mod)

import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { USER_CACHE } from "../paths.js";
import { Refusal } from "../report.js";
import { ask, run } from "../shell.js";
import { atLeast, type Found, found, type Missing, missing, type Tool, which } from "./tool.js";

const GO_VERSION_MIN = "1.23";
const GO_VERSION = "1.26.8";
const FETCH_MINUTES_MAX = 15;
const EXECUTABLE = 0o755;

/** Its own module cache: what is downloaded there is made executable in place. */
const CACHE = join(USER_CACHE, "go-toolchain");
/** Names the toolchain's folder once it is complete: a broken fetch is not taken for one. */
const READY = join(CACHE, `go${GO_VERSION}.path`);

export const GO: Tool = { name: "go", find: findGo, fetch: fetchGo };

function goPlatform(): string {
  const processor = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform}-${processor}`;
}

/** `1.26.8` in `go version go1.26.8 linux/amd64`. */
function goVersion(path: string): string | undefined {
  return /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(ask([path, "version"]) ?? "")?.[1];
}

function systemGo(): string | undefined {
  return which("go", ["/usr/local/go/bin", "/usr/lib/go/bin"]);
}

/** Newer go commands switch toolchains by themselves; a run here uses exactly what was found. */
const ENVIRONMENT = { GOTOOLCHAIN: "local" };

function findGo(): Found | Missing {
  const system = systemGo();
  const version = system === undefined ? undefined : goVersion(system);
  if (system !== undefined && version !== undefined && atLeast(version, GO_VERSION_MIN)) {
    return found(`Go ${version}`, [dirname(system)], ENVIRONMENT);
  }
  if (existsSync(READY)) {
    const path = join(readFileSync(READY, "utf8"), "bin", "go");
    const cached = goVersion(path);
    if (cached === GO_VERSION) {
      return found(`Go ${cached} (cached)`, [dirname(path)], ENVIRONMENT);
    }
  }
  return missing(
    `expected Go ${GO_VERSION_MIN} or newer, found ${version ?? "none"}`,
    system === undefined ? ["golang-go"] : [],
    `install Go ${GO_VERSION_MIN} or newer`,
  );
}

async function fetchGo(): Promise<string> {
  const system = systemGo();
  if (system === undefined) throw new Refusal("expected a go command to fetch Go with, found none");
  const module = `golang.org/toolchain@v0.0.1-go${GO_VERSION}.${goPlatform()}`;
  const words = [system, "mod", "download", "-json", module];
  // `-modcacherw`: module caches are read-only otherwise. GOFLAGS of the user stays out of it.
  const env = { ...ENVIRONMENT, GOMODCACHE: CACHE, GOFLAGS: "-modcacherw" };
  const outcome = await run({ words, env }, FETCH_MINUTES_MAX, false);
  const folder = /^\s*"Dir": "(.+)",?$/m.exec(outcome.output)?.[1];
  if (!outcome.ok || folder === undefined) {
    throw new Refusal(`${words.join(" ")} failed:\n${outcome.output}`);
  }
  makeExecutable(join(folder, "pkg", "tool"));
  makeExecutable(join(folder, "bin"));
  restoreModuleFiles(join(folder, "src"));
  writeFileSync(READY, folder);
  return `Go ${GO_VERSION} from the Go module proxy into ${CACHE}`;
}

function makeExecutable(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) chmodSync(path, EXECUTABLE);
  }
}

function restoreModuleFiles(folder: string): void {
  for (const inner of [folder, join(folder, "cmd")]) {
    const kept = join(inner, "_go.mod");
    if (existsSync(kept)) copyFileSync(kept, join(inner, "go.mod"));
  }
}
