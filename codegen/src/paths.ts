// Where things stand: this file is compiled to `codegen/dist/src/paths.js`.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** The C header, written by cbindgen. */
export const HEADER = join(ROOT, "abi", "include", "pardox.h");

/** The plan document's JSON Schema, written by the engine. */
export const SCHEMA = join(ROOT, "abi", "include", "plan.schema.json");

/** The list of functions, written by the engine. */
export const FUNCTIONS = join(ROOT, "abi", "include", "functions.json");

/** The description of the face. */
export const API = join(ROOT, "codegen", "api");
