// The TypeScript face, read through ts-morph: the classes of `bindings/ts/src` have every member
// that the description gives them, hand-written or generated, and each is documented.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ClassDeclaration, Project } from "ts-morph";
import { lineage } from "../read/example.js";
import type { FaceClass, Model } from "../model/model.js";
import type { Problem } from "../problems.js";

const FOLDER = "bindings/ts/src";
/** Without the face's own front door there is no binding to verify. */
const FRONT = "index.ts";

/** Verifies the face below `root`; nothing where it does not stand. */
export function verifyTypeScript(root: string, model: Model): readonly Problem[] {
  if (!existsSync(join(root, FOLDER, FRONT))) return [];
  const project = new Project({ skipLoadingLibFiles: true, compilerOptions: { strict: true } });
  project.addSourceFilesAtPaths(join(root, FOLDER, "*.ts"));
  return verifyProject(project, model);
}

/** Verifies the files of a project. */
export function verifyProject(project: Project, model: Model): readonly Problem[] {
  const problems: Problem[] = [];
  for (const one of model.face.classes) {
    if (one.absent.ts !== undefined) continue;
    if (one.role === "module" || one.role === "functions") verifyFunctions(project, one, problems);
    else if (one.role !== "steps") verifyClass(project, model, one, problems);
  }
  return problems;
}

function verifyFunctions(project: Project, one: FaceClass, problems: Problem[]): void {
  const front = project.getSourceFiles().find((file) => file.getBaseName() === FRONT);
  const exported = front?.getExportedDeclarations();
  for (const member of one.members) {
    if (member.absent.ts !== undefined) continue;
    const where = `${FOLDER}/${FRONT} ${member.names.ts}`;
    const found = exported?.get(member.names.ts)?.[0];
    if (found === undefined) problems.push({ where, message: `is not exported (${member.id})` });
    else if (found.getLeadingCommentRanges().every((range) => !range.getText().startsWith("/**"))) {
      problems.push({ where, message: "has no doc comment" });
    }
  }
}

function verifyClass(project: Project, model: Model, one: FaceClass, problems: Problem[]): void {
  const found = project
    .getSourceFiles()
    .map((file) => file.getClass(one.name))
    .find((candidate) => candidate !== undefined);
  if (found === undefined) {
    problems.push({ where: FOLDER, message: `has no class ${one.name}` });
    return;
  }
  for (const member of lineage(model.face, one).flatMap((own) => own.members)) {
    if (member.absent.ts !== undefined) continue;
    const where = `${FOLDER} ${one.name}.${member.names.ts}`;
    const part = findPart(found, member.names.ts);
    if (part === undefined) problems.push({ where, message: "is described but not there" });
    else if (part.getJsDocs().length === 0) problems.push({ where, message: "has no doc comment" });
  }
}

/** A public member of that name, in the class or in one that it extends. */
function findPart(one: ClassDeclaration, name: string) {
  for (let at: ClassDeclaration | undefined = one; at !== undefined; at = at.getBaseClass()) {
    const part = at.getMethod(name) ?? at.getGetAccessor(name) ?? at.getProperty(name);
    if (part !== undefined && part.getScope() === "public") return part;
  }
  return undefined;
}
