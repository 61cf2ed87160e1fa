// Generated files at rest: writes them, or tells how what stands there differs.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type GeneratedFile, MARK, MARK_LINES } from "./emit/emitter.js";

/** Folders that may hold generated files. */
const HOMES = ["bindings", "docs/reference"];

/** Folders that hold what others installed or built. */
const FOREIGN = new Set(["node_modules", "vendor", "dist", "target", "build", "__pycache__"]);

/** How a file at rest differs from what codegen would write. */
export interface Drift {
  readonly path: string;
  readonly reason: "missing" | "stale or edited" | "leftover";
}

/** Every difference between the files at rest and those that codegen would write. */
export function findDrift(root: string, files: readonly GeneratedFile[]): readonly Drift[] {
  const drifts: Drift[] = [];
  for (const { path, text } of files) {
    const full = join(root, path);
    if (!existsSync(full)) drifts.push({ path, reason: "missing" });
    else if (readFileSync(full, "utf8") !== text) drifts.push({ path, reason: "stale or edited" });
  }
  const claimed = new Set(files.map((file) => file.path));
  for (const path of markedFiles(root)) {
    if (!claimed.has(path)) drifts.push({ path, reason: "leftover" });
  }
  return drifts;
}

/** Makes the files at rest what codegen would write; gives what it changed. */
export function writeFiles(root: string, files: readonly GeneratedFile[]): readonly Drift[] {
  const drifts = findDrift(root, files);
  const texts = new Map(files.map((file) => [file.path, file.text]));
  for (const { path, reason } of drifts) {
    const full = join(root, path);
    if (reason === "leftover") rmSync(full);
    else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, texts.get(path) ?? "");
    }
  }
  return drifts;
}

/** Files below HOMES that say in their first lines that codegen wrote them. */
function markedFiles(root: string): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    const full = join(root, folder);
    if (!existsSync(full)) return;
    for (const entry of readdirSync(full, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!FOREIGN.has(entry.name) && !entry.name.startsWith(".")) walk(path);
      } else if (entry.isFile() && isMarked(join(root, path))) found.push(path);
    }
  };
  for (const home of HOMES) walk(home);
  return found.sort();
}

function isMarked(path: string): boolean {
  return readFileSync(path, "latin1").split("\n", MARK_LINES).join("\n").includes(MARK);
}
