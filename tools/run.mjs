// The first thing every `npm run <command>` starts: plain JavaScript, so that it runs on a
// clean clone. In: the command and its words. Out: the exit status of the runner.
//
//   node_modules as package-lock.json says?  no -> npm ci
//   tools compiled from today's sources?     tsc, incremental
//   then tools/dist/src/main.js takes over.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR_MIN = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, "node_modules", ".pardox-lock");

requireNode();
installPackages();
compileTools();
handOver();

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < NODE_MAJOR_MIN) {
    stop(`expected Node ${NODE_MAJOR_MIN} or newer, found ${process.versions.node}`);
  }
}

/** Runs `npm ci` unless `node_modules` was made from exactly this lock file on this platform. */
function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = createHash("sha256")
    .update(`${process.platform} ${process.arch} `)
    .update(lock)
    .digest("hex");
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return;
  const start = performance.now();
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  runOrStop(npm, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], "npm ci");
  writeFileSync(stampPath, stamp);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(7);
  console.log(`${seconds} s  npm ci: npm packages installed from package-lock.json`);
}

function compileTools() {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  runOrStop(process.execPath, [compiler, "-p", join(root, "tools")], "tsc -p tools");
}

function handOver() {
  const main = join(root, "tools", "dist", "src", "main.js");
  const run = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(run.status ?? 1);
}

/** Runs one program quietly; its output is shown when it fails, and then the process ends. */
function runOrStop(program, words, name) {
  const run = spawnSync(program, words, { cwd: root, encoding: "utf8" });
  if (run.status === 0) return;
  process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}`);
  stop(`${name} failed: ${run.error?.message ?? `status ${run.status ?? run.signal}`}`);
}

function stop(message) {
  console.error(`pardox: ${message}`);
  process.exit(1);
}
