// Where things stand on this machine. Nothing here is written to a tracked file.

import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root: this file is compiled to `tools/dist/src/paths.js`. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Cargo's output folder, which a user may have moved. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** Tools built for this clone only. */
export const LOCAL_TOOLS = join(ROOT, "target", "tools");

/** Everything else that a run leaves behind: logs, the Python environment. */
export const BUILD = join(ROOT, "build");

/** The user's cache, for what several clones can share (a Go toolchain). */
export const USER_CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pardox");

/** The shared library that every binding loads while it is tested. */
export const LIBRARY = join(
  TARGET,
  "release",
  process.platform === "darwin" ? "libpardox.dylib" : "libpardox.so",
);
