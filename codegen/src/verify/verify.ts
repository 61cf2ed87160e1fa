// Reads the faces that are written by hand: every member that codegen does not write is there and
// documented. One function for each language; a binding that is not there yet is not asked.

import type { Model } from "../model/model.js";
import type { Problem } from "../problems.js";
import { verifyCobol } from "./cobol.js";
import { verifyPhp } from "./php.js";
import { verifyTypeScript } from "./typescript.js";

/** Verifies a language's face below `root`. */
export type Verify = (root: string, model: Model) => readonly Problem[];

/** One line for each language whose face is verified here. */
const VERIFIERS: readonly Verify[] = [verifyTypeScript, verifyCobol, verifyPhp];

/** Every problem of every face. */
export function verifyAll(root: string, model: Model): readonly Problem[] {
  return VERIFIERS.flatMap((verify) => verify(root, model));
}
