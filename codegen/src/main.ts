// `main.js` writes every generated file; `main.js --check` fails when one would change.
//
//   read (header, schema, api) -> model -> check -> emit/<lang> -> files -> verify

import { emitAll, loadEmitters } from "./emit/emitter.js";
import { findDrift, writeFiles } from "./files.js";
import { loadModel, readInputs } from "./load.js";
import { ROOT } from "./paths.js";
import { Refusal } from "./problems.js";
import { verifyAll } from "./verify/verify.js";

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  for (const { where, message } of error.problems) console.error(`codegen: ${where}: ${message}`);
  console.error(`codegen: ${error.problems.length} refused, nothing written`);
  process.exitCode = 1;
}

async function main(words: readonly string[]): Promise<number> {
  const isCheck = words.includes("--check");
  const unknown = words.filter((word) => word !== "--check");
  if (unknown.length > 0) {
    console.error(`codegen: expected --check or nothing, found ${unknown.join(" ")}`);
    return 2;
  }
  const model = loadModel(readInputs());
  const files = emitAll(model, await loadEmitters());
  if (!isCheck) {
    const changed = writeFiles(ROOT, files);
    for (const { path, reason } of changed)
      console.log(`${reason === "leftover" ? "removed" : "wrote"} ${path}`);
    console.log(`codegen: ${files.length} files, ${changed.length} changed`);
    return 0;
  }
  const drifts = findDrift(ROOT, files);
  for (const { path, reason } of drifts) console.error(`codegen: ${path} is ${reason}`);
  if (drifts.length > 0) console.error("codegen: `npm run gen` writes them again");
  const problems = verifyAll(ROOT, model);
  for (const { where, message } of problems) console.error(`codegen: ${where}: ${message}`);
  if (drifts.length + problems.length > 0) return 1;
  console.log(`codegen: ${files.length} files are current`);
  return 0;
}
