// Reads plan.schema.json (JSON Schema 2020-12, as schemars writes it) into plain words.
//
// Shapes come out in the notation of model/kinds.ts: string, bool, integer, Name, X[], {X}.
// A construct outside this list is refused, so nothing of the wire can pass unseen.

import type { Json, Wire, WireField, WireRecord, WireUnion, WireVariant } from "../model/model.js";
import { refuse } from "../problems.js";

/** A node of the schema, as far as it is looked at. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly const?: string;
  readonly default?: Json;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Parses the text of the schema. */
export function readSchema(text: string): Wire {
  const root = JSON.parse(text) as Schema;
  const records: Record<string, WireRecord> = {};
  const unions: Record<string, WireUnion> = {};
  const enums: Record<string, readonly string[]> = {};
  for (const [name, schema] of Object.entries(root.$defs ?? {})) {
    if (schema.oneOf === undefined) records[name] = readRecord(name, schema);
    else if (schema.oneOf.every((one) => one.const !== undefined)) {
      enums[name] = schema.oneOf.map((one) => one.const ?? "");
    } else unions[name] = readUnion(name, schema.oneOf);
  }
  const named = (record: string, field: string): readonly string[] =>
    root.$defs?.[record]?.properties?.[field]?.enum ??
    refuse(`plan.schema.json ${record}.${field}`, "expected an enum of names");
  return {
    records,
    unions,
    enums,
    functions: named("CallExpression", "function"),
    aggregates: named("AggregateExpression", "function"),
    dtypes: typeNames(root.$defs?.["CastExpression"]?.properties?.["to"]?.pattern),
    schemaMajor: 1,
  };
}

/** The names in `^(bool|decimal\\([0-9]+, ?[0-9]+\\))$`, without their parameters. */
function typeNames(pattern = ""): readonly string[] {
  const names = /^\^\((.*)\)\$$/.exec(pattern)?.[1]?.split("|") ?? [];
  if (names.length === 0) refuse("plan.schema.json CastExpression.to", "expected names of types");
  return names.map((name) => name.replace(/\\\(.*$/, ""));
}

function readRecord(name: string, schema: Schema): WireRecord {
  if (schema.type !== "object" || schema.additionalProperties !== false) {
    refuse(`plan.schema.json ${name}`, "expected an object that refuses unknown fields");
  }
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([field, property]): WireField => {
    const where = `plan.schema.json ${name}.${field}`;
    const { shape, nullable } = shapeOf(property, where);
    const isRequired = required.has(field);
    return {
      name: field,
      doc: property.description ?? "",
      shape,
      nullable,
      required: isRequired,
      // An optional value that may be absent is null where serde has no other default.
      default: isRequired ? undefined : (property.default ?? null),
    };
  });
  return { name, doc: schema.description ?? "", fields };
}

function readUnion(name: string, variants: readonly Schema[]): WireUnion {
  return {
    name,
    variants: variants.map((variant): WireVariant => {
      const doc = variant.description ?? "";
      if (variant.const !== undefined) return { name: variant.const, doc, shape: null };
      const [tag, ...more] = Object.entries(variant.properties ?? {});
      if (tag === undefined || more.length > 0) {
        refuse(`plan.schema.json ${name}`, "expected variants of one tag each");
      }
      return {
        name: tag[0],
        doc,
        shape: shapeOf(tag[1], `plan.schema.json ${name}.${tag[0]}`).shape,
      };
    }),
  };
}

function shapeOf(schema: Schema, where: string): { shape: string; nullable: boolean } {
  if (schema.$ref !== undefined) {
    return { shape: schema.$ref.replace("#/$defs/", ""), nullable: false };
  }
  if (schema.anyOf !== undefined) {
    const [first, second, ...more] = schema.anyOf;
    if (first === undefined || second?.type !== "null" || more.length > 0) {
      refuse(where, "expected one type, or one type and null");
    }
    return { shape: shapeOf(first, where).shape, nullable: true };
  }
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  const nullable = types.includes("null");
  const [type, ...more] = types.filter((one) => one !== "null");
  if (more.length > 0) refuse(where, "expected one type, or one type and null");
  switch (type) {
    case "string":
      return { shape: "string", nullable };
    case "boolean":
      return { shape: "bool", nullable };
    case "integer":
      return { shape: "integer", nullable };
    case "array":
      return { shape: `${shapeOf(schema.items ?? {}, where).shape}[]`, nullable };
    case "object":
      if (typeof schema.additionalProperties === "object") {
        return { shape: `{${shapeOf(schema.additionalProperties, where).shape}}`, nullable };
      }
      return refuse(where, "expected an object of one value type");
    default:
      return refuse(where, `unknown construct ${JSON.stringify(schema)}`);
  }
}
