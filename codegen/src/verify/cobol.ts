// The COBOL face: every CALL that the description gives COBOL is a documented function of the C
// sources below `bindings/cobol/src`, written by hand or by emit/cobol.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../model/model.js";
import type { Problem } from "../problems.js";

const FOLDER = "bindings/cobol/src";
/** Without the hand-written calls there is no binding to verify. */
const FRONT = "face.c";

/** Verifies the face below `root`; nothing where it does not stand. */
export function verifyCobol(root: string, model: Model): readonly Problem[] {
  const folder = join(root, FOLDER);
  if (!existsSync(join(folder, FRONT))) return [];
  const sources = readdirSync(folder).filter((name) => name.endsWith(".c"));
  const text = sources.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  return verifyCalls(text, model);
}

/** Verifies the C text: `PDX_EXPORT int PDXCLOS(` below a comment. */
export function verifyCalls(text: string, model: Model): readonly Problem[] {
  const lines = text.split("\n");
  return model.face.classes
    .flatMap(({ members }) => members)
    .filter(({ absent }) => absent.cobol === undefined)
    .flatMap(({ id, names }): readonly Problem[] => {
      const where = `${FOLDER} ${names.cobol}`;
      const at = lines.findIndex((line) => line.startsWith(`PDX_EXPORT int ${names.cobol}(`));
      if (at === -1) return [{ where, message: `is described but not there (${id})` }];
      const isDocumented = lines[at - 1]?.endsWith("*/") === true;
      return isDocumented ? [] : [{ where, message: "has no comment" }];
    });
}
