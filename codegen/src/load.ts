// The four inputs become one checked model, or a refusal that tells every problem.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "ts-morph";
import { buildModel } from "./model/build.js";
import { check } from "./model/check.js";
import { fingerprintOf } from "./model/fingerprint.js";
import type { Model } from "./model/model.js";
import { API, FUNCTIONS, HEADER, SCHEMA } from "./paths.js";
import { Refusal } from "./problems.js";
import { readApi } from "./read/api.js";
import { readFunctions } from "./read/functions.js";
import { readHeader } from "./read/header.js";
import { readSchema } from "./read/schema.js";

/** The texts that the model is made of. */
export interface Inputs {
  readonly header: string;
  readonly schema: string;
  readonly functions: string;
  /** Files of the description, by name. */
  readonly api: Readonly<Record<string, string>>;
}

/** The repository's own header, schema, functions and description. */
export function readInputs(): Inputs {
  const names = readdirSync(API).filter((name) => name.endsWith(".api.ts"));
  return {
    header: readFileSync(HEADER, "utf8"),
    schema: readFileSync(SCHEMA, "utf8"),
    functions: readFileSync(FUNCTIONS, "utf8"),
    api: Object.fromEntries(names.map((name) => [name, readFileSync(join(API, name), "utf8")])),
  };
}

/** The model of some inputs. */
export function loadModel(inputs: Inputs): Model {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
  });
  for (const [name, text] of Object.entries(inputs.api)) project.createSourceFile(name, text);
  const header = readHeader(inputs.header);
  const wire = readSchema(inputs.schema);
  const functions = readFunctions(inputs.functions);
  const description = readApi(project.getSourceFiles(), wire, header, functions);
  const model = buildModel(header, wire, functions, description, fingerprintOf(header));
  const problems = check(model, description.internal);
  if (problems.length > 0) throw new Refusal(problems);
  return model;
}
