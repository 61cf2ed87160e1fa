// `node tools/dist/src/record-surface.js 1.0-draft`: writes today's C surface, as the header
// declares it, to abi/history/1.0-draft.txt. Done on purpose, by a person: a released surface is
// never written again.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { surfaceOf } from "./check/abi.js";
import { ROOT } from "./paths.js";

const version = process.argv[2] ?? "";
const path = join(ROOT, "abi", "history", `${version}.txt`);
if (!/^\d+\.\d+(-draft)?$/.test(version)) {
  console.error("expected the surface's version, like 1.0-draft or 1.0");
  process.exitCode = 2;
} else if (existsSync(path) && !version.endsWith("-draft")) {
  console.error(`${version} is released: its surface stays as it is`);
  process.exitCode = 1;
} else {
  const items = surfaceOf(readFileSync(join(ROOT, "abi", "include", "pardox.h"), "utf8"));
  mkdirSync(join(ROOT, "abi", "history"), { recursive: true });
  writeFileSync(path, `# The C surface ${version}: one item a line.\n${items.join("\n")}\n`);
  console.log(`${items.length} items written`);
}
