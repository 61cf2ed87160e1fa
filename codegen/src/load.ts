// The three inputs become one checked model, or a refusal that tells every problem.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "ts-morph";
import { buildModel } from "./model/build.js";
import { check } from "./model/check.js";
import type { Model } from "./model/model.js";
import { API, HEADER, SCHEMA } from "./paths.js";
import { Refusal } from "./problems.js";
import { readApi } from "./read/api.js";
import { readHeader } from "./read/header.js";
import { readSchema } from "./read/schema.js";
import { fingerprintOf } from "./model/fingerprint.js";

/** Reads the repository's own header, schema and description. */
export function loadModel(): Model {
  const project = new Project({ skipLoadingLibFiles: true, skipFileDependencyResolution: true });
  project.addSourceFilesAtPaths(join(API, "*.api.ts"));
  const header = readHeader(readFileSync(HEADER, "utf8"));
  const wire = readSchema(readFileSync(SCHEMA, "utf8"));
  const description = readApi(project.getSourceFiles(), wire, header);
  const model = buildModel(header, wire, description, fingerprintOf(header));
  const problems = check(model, description.internal);
  if (problems.length > 0) throw new Refusal(problems);
  return model;
}
