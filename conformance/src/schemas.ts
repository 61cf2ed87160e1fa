// The schemas of `conformance/schema`, compiled once; a file is read only through one of them.

import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const NAMES = ["case", "expected", "error", "answer", "adapters", "gaps"] as const;
export type SchemaName = (typeof NAMES)[number];

export class Schemas {
  private readonly validators = new Map<SchemaName, ValidateFunction>();

  constructor(folder: string) {
    const ajv = new Ajv2020({
      allErrors: true,
      strict: true,
      strictTypes: false,
      strictTuples: false,
    });
    for (const name of NAMES) {
      const schema: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
      this.validators.set(name, ajv.compile(schema as object));
    }
  }

  /** What is wrong with `value`, or nothing. */
  faults(name: SchemaName, value: unknown): string {
    const validate = this.validators.get(name);
    if (validate === undefined || validate(value)) return "";
    return (validate.errors ?? [])
      .map((fault) => `${fault.instancePath || "/"} ${fault.message ?? ""}`)
      .join("; ");
  }

  /** Reads a JSON file that must follow a schema. Errors: an `Error` that names the file. */
  read<T>(name: SchemaName, path: string): T {
    const place = join(basename(dirname(dirname(path))), basename(dirname(path)), basename(path));
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
      throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const faults = this.faults(name, value);
    if (faults !== "") throw new Error(`${place}: ${faults}`);
    return value as T;
  }
}
