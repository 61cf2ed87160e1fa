// The hand-written TypeScript face is held against the description: by a small face that lacks
// something.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Project } from "ts-morph";
import { loadModel, readInputs } from "../src/load.js";
import { membersIn } from "../src/model/find.js";
import type { Model } from "../src/model/model.js";
import { lineage } from "../src/read/example.js";
import { verifyProject } from "../src/verify/typescript.js";

const MODEL = loadModel(readInputs());

/** A face that has everything, written out as the description wants it. */
function wholeFace(model: Model): string {
  const text: string[] = [];
  for (const one of model.face.classes) {
    if (one.absent.ts !== undefined || one.role === "steps") continue;
    if (one.role === "module" || one.role === "functions") {
      for (const member of membersIn(one, "ts")) {
        text.push(`/** Doc. */\nexport function ${member.names.ts}() {}`);
      }
      continue;
    }
    const members = lineage(model.face, one).flatMap((own) => membersIn(own, "ts"));
    const parts = members.map(({ names }) => `  /** Doc. */\n  ${names.ts}() {}`);
    text.push(`export class ${one.name} {\n${parts.join("\n")}\n}`);
  }
  return text.join("\n");
}

function problems(text: string): readonly string[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  project.createSourceFile("index.ts", text);
  return verifyProject(project, MODEL).map(({ where, message }) => `${where} ${message}`);
}

const FACE = wholeFace(MODEL);

test("a face that has everything is whole", () => {
  assert.deepEqual(problems(FACE), []);
});

test("a function that is not exported is named", () => {
  const text = FACE.replace("export function version()", "function version()");
  assert.deepEqual(problems(text), [
    "bindings/ts/src/index.ts version is not exported (Module.version)",
  ]);
});

test("a method that is not there is named", () => {
  const text = FACE.replace(/ {2}\/\*\* Doc\. \*\/\n {2}toObjects\(\) \{\}\n/, "");
  assert.deepEqual(problems(text), [
    "bindings/ts/src DataFrame.toObjects is described but not there",
  ]);
});

test("a method without a doc comment is named", () => {
  const text = FACE.replace("/** Doc. */\n  toObjects()", "toObjects()");
  assert.deepEqual(problems(text), ["bindings/ts/src DataFrame.toObjects has no doc comment"]);
});

test("a private method does not count", () => {
  const text = FACE.replace("toObjects()", "private toObjects()");
  assert.deepEqual(problems(text), [
    "bindings/ts/src DataFrame.toObjects is described but not there",
  ]);
});

test("a class that is not there is named", () => {
  const text = FACE.replace("export class Column ", "export class Colum ");
  assert.deepEqual(problems(text), ["bindings/ts/src has no class Column"]);
});
