// Rust: any cargo that is new enough; else Debian's own current one. And the two cargo tools.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { LOCAL_TOOLS, ROOT } from "../paths.js";
import { Refusal } from "../report.js";
import { ask, run } from "../shell.js";
import {
  atLeast,
  type Found,
  found,
  type Missing,
  missing,
  type Tool,
  versionIn,
  which,
} from "./tool.js";

/** The header's text depends on the generator's version, so exactly this one is used. */
const CBINDGEN_VERSION = "0.29.4";
const INSTALL_MINUTES_MAX = 20;

/** Debian's Rust for its web browsers: current, with security updates, in Debian 12 itself. */
const DEBIAN_RUST = ["rustc-web", "cargo-web", "gcc", "libc6-dev"];
const DEBIAN_LINT = ["rustfmt-web", "rust-web-clippy"];

export const RUST: Tool = { name: "rust", find: findRust };
export const RUST_LINT: Tool = { name: "rust-lint", find: findLint };
export const CBINDGEN: Tool = { name: "cbindgen", find: findCbindgen, fetch: bringCbindgen };

/** `rust-version` of the workspace: one place says which Rust is needed. */
function rustVersionMin(): string {
  const manifest = readFileSync(join(ROOT, "Cargo.toml"), "utf8");
  const version = /^rust-version = "([\d.]+)"/m.exec(manifest)?.[1];
  if (version === undefined) throw new Refusal("expected rust-version in Cargo.toml, found none");
  return version;
}

/** The cargo to use: the first on `PATH`, else rustup's, which a fresh shell may not know yet. */
function cargo(): string | undefined {
  return which("cargo", [join(homedir(), ".cargo", "bin")]);
}

function findRust(): Found | Missing {
  const least = rustVersionMin();
  const path = cargo();
  const version = path === undefined ? undefined : versionIn(ask([path, "--version"]));
  const advice = `install Rust ${least} or newer, for example with rustup`;
  if (path === undefined || version === undefined) {
    return missing(`expected cargo ${least} or newer, found none`, DEBIAN_RUST, advice);
  }
  if (!atLeast(version, least)) {
    // Debian's packages would stand behind this one on PATH and change nothing.
    return missing(`expected cargo ${least} or newer, found ${version} (${path})`, [], advice);
  }
  const compiler = versionIn(ask([join(dirname(path), "rustc"), "--version"]));
  if (compiler === undefined) {
    return missing(`expected rustc beside ${path}, found none`, DEBIAN_RUST, advice);
  }
  return found(`Rust ${compiler}, cargo ${version}`, [dirname(path)]);
}

function findLint(): Found | Missing {
  const path = cargo();
  const fmt = path && versionIn(ask([path, "fmt", "--version"]));
  const clippy = path && versionIn(ask([path, "clippy", "--version"]));
  if (fmt !== undefined && clippy !== undefined) return found(`rustfmt ${fmt}, clippy ${clippy}`);
  const absent = fmt === undefined ? "rustfmt" : "clippy";
  const fromRustup = path !== undefined && path.includes(`${join(".cargo", "bin")}`);
  return missing(
    `expected rustfmt and clippy, found no ${absent}`,
    fromRustup ? [] : DEBIAN_LINT,
    "rustup component add rustfmt clippy",
  );
}

function findCbindgen(): Found | Missing {
  const path = which("cbindgen", [join(LOCAL_TOOLS, "bin")]);
  const local = join(LOCAL_TOOLS, "bin", "cbindgen");
  for (const candidate of new Set([path, local])) {
    if (candidate === undefined) continue;
    if (versionIn(ask([candidate, "--version"])) !== CBINDGEN_VERSION) continue;
    return found(`cbindgen ${CBINDGEN_VERSION}`, [dirname(candidate)]);
  }
  const why = `expected cbindgen ${CBINDGEN_VERSION}, found none`;
  return missing(why, [], `cargo install --locked cbindgen@${CBINDGEN_VERSION}`);
}

/**
 * Debian 12 packages exactly this version: taking it apart into `target/tools` needs no right to
 * install and saves minutes. Anywhere else it is built from crates.io.
 */
async function bringCbindgen(): Promise<string> {
  const name = `cbindgen ${CBINDGEN_VERSION}`;
  if (await unpackDebian("cbindgen-web")) return `${name} from its Debian package`;
  const path = cargo();
  if (path === undefined) throw new Refusal(`expected cargo to build ${name}, found none`);
  const crate = `cbindgen@${CBINDGEN_VERSION}`;
  const words = [path, "install", "--quiet", "--locked", crate, "--root", LOCAL_TOOLS];
  const outcome = await run({ words }, INSTALL_MINUTES_MAX, false);
  if (!outcome.ok) throw new Refusal(`${words.join(" ")} failed:\n${outcome.output}`);
  return `${name} built from crates.io`;
}

/** Unpacks a Debian package's program into `target/tools/bin`; false where there is none. */
async function unpackDebian(name: string): Promise<boolean> {
  const folder = join(LOCAL_TOOLS, "debian");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const words = ["apt-get", "download", "--quiet", name];
  const download = await run({ words, cwd: folder }, INSTALL_MINUTES_MAX, false);
  const archive = readdirSync(folder).find((file) => file.endsWith(".deb"));
  if (!download.ok || archive === undefined) return false;
  if (ask(["dpkg-deb", "-x", join(folder, archive), folder]) === undefined) return false;
  const program = join(folder, "usr", "bin", "cbindgen");
  if (versionIn(ask([program, "--version"])) !== CBINDGEN_VERSION) return false;
  mkdirSync(join(LOCAL_TOOLS, "bin"), { recursive: true });
  renameSync(program, join(LOCAL_TOOLS, "bin", "cbindgen"));
  return true;
}
