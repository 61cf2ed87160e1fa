// TypeScript: native layer, operations, functions of the module, conformance dispatch, reference.
//
//   bindings/ts/src/native.gen.ts       native.ts      seams: library.ts
//   bindings/ts/src/operations.gen.ts   operations.ts  seams: wire.ts, expr.ts, frame.ts
//   bindings/ts/src/module.gen.ts       operations.ts
//   bindings/ts/test/dispatch.gen.ts    dispatch.ts    seams: test/values.ts
//   docs/reference/typescript.md        reference.ts
//
// Text is written by lines and laid out by ts-morph, which also proves that it parses.

import { Project, ts } from "ts-morph";
import type { Model } from "../../model/model.js";
import { refuse } from "../../problems.js";
import type { GeneratedFile } from "../emitter.js";
import { emitDispatch } from "./dispatch.js";
import { emitNative } from "./native.js";
import { emitOperations } from "./operations.js";
import { emitTypeScriptReference } from "./reference.js";

export function emit(model: Model): readonly GeneratedFile[] {
  const code = [emitNative(model), ...emitOperations(model), emitDispatch(model)];
  return [...code.map(layOut), emitTypeScriptReference(model)];
}

const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });

/** Lays the text out; a syntax error is a defect of the emitter and is refused. */
function layOut({ path, text }: GeneratedFile): GeneratedFile {
  const file = project.createSourceFile(path, text, { overwrite: true });
  const [error] = project.getProgram().getSyntacticDiagnostics(file);
  if (error !== undefined) {
    const line = text.split("\n")[(error.getLineNumber() ?? 1) - 1] ?? "";
    refuse(path, `emit/ts wrote what does not parse: ${String(error.getMessageText())}: ${line}`);
  }
  file.formatText({ indentSize: 2, semicolons: ts.SemicolonPreference.Insert });
  return { path, text: file.getFullText() };
}
