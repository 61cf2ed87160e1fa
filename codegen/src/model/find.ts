// Questions that emitters ask of the model.

import type {
  EnumType,
  FaceClass,
  Field,
  Held,
  Language,
  Member,
  Model,
  Parameter,
  RecordType,
  Role,
  WireRecord,
} from "./model.js";

export function classOf(model: Model, role: Role): FaceClass {
  return found(
    model.face.classes.find((one) => one.role === role),
    `class of role ${role}`,
  );
}

/** The members of a class that a language has, in order. */
export function membersIn(one: FaceClass, language: Language): readonly Member[] {
  return one.members.filter((member) => member.absent[language] === undefined);
}

export function memberById(model: Model, id: string): Member {
  const all = model.face.classes.flatMap((one) => one.members);
  return found(
    all.find((member) => member.id === id),
    `member ${id}`,
  );
}

export function ownerOf(model: Model, member: Member): FaceClass {
  return found(
    model.face.classes.find((one) => one.members.some(({ id }) => id === member.id)),
    member.id,
  );
}

export function recordByName(model: Model, name: string | null): RecordType {
  return found(
    model.face.records.find((one) => one.name === name),
    `record ${name}`,
  );
}

/** The fields of a record that a language has. */
export function fieldsIn(record: RecordType, language: Language): readonly Field[] {
  return record.fields.filter((field) => field.absent[language] === undefined);
}

export function enumByName(model: Model, name: string | null): EnumType {
  return found(
    model.face.enums.find((one) => one.name === name),
    `enum ${name}`,
  );
}

/** The record of the schema that a step's fields are. */
export function nodeRecord(model: Model, node: string): WireRecord {
  const variant = model.wire.unions["Node"]?.variants.find((one) => one.name === node);
  return found(model.wire.records[variant?.shape ?? ""], `step ${node}`);
}

/** The parameters that a language has. */
export function parametersIn(member: Member, language: Language): readonly Parameter[] {
  return member.parameters.filter((parameter) => parameter.absent[language] === undefined);
}

/** One field of a step, and what it is made of. */
export interface FieldSource {
  /** Name on the wire. */
  readonly field: string;
  readonly from:
    /** The object itself (`input`, `left`). */
    | { readonly kind: "receiver" }
    /** A list: the object itself, then the parameter's (`inputs` of union). */
    | { readonly kind: "receiverThen"; readonly parameter: Parameter }
    /** A value that never varies. */
    | { readonly kind: "fixed"; readonly json: string }
    /** What the object holds (`keys` of GroupBy). */
    | { readonly kind: "held"; readonly held: Held }
    /** A parameter; `each` is a record whose fields go on each entry (`by` of sort). */
    | { readonly kind: "parameter"; readonly parameter: Parameter; readonly each: Parameter | null }
    /** One field of a record of options (`how` of join). */
    | { readonly kind: "option"; readonly parameter: Parameter; readonly field: Field };
}

/** The fields that a member gives its step, in the order of the schema. */
export function fieldSources(model: Model, member: Member): readonly FieldSource[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const owner = ownerOf(model, member);
  const at = (field: string): FieldSource | null => {
    const parameter = member.parameters.find(
      ({ place }) => place.at === "field" && place.field === field,
    );
    if (mapping.receiver === `${field}[0]` && parameter !== undefined) {
      return { field, from: { kind: "receiverThen", parameter } };
    }
    if (mapping.receiver === field) return { field, from: { kind: "receiver" } };
    const json = mapping.fixed[field];
    if (json !== undefined) return { field, from: { kind: "fixed", json: JSON.stringify(json) } };
    const held = owner.held.find((one) => one.field === field);
    if (held !== undefined) return { field, from: { kind: "held", held } };
    if (parameter !== undefined) {
      const each = member.parameters.find(
        ({ place }) => place.at === "each" && place.field === field,
      );
      return { field, from: { kind: "parameter", parameter, each: each ?? null } };
    }
    for (const spread of member.parameters.filter(({ place }) => place.at === "spread")) {
      const option = recordByName(model, spread.type.name).fields.find(
        (one) => one.place === "field" && one.wire === field,
      );
      if (option !== undefined) {
        return { field, from: { kind: "option", parameter: spread, field: option } };
      }
    }
    return null;
  };
  return nodeRecord(model, mapping.node).fields.flatMap(({ name }) => at(name) ?? []);
}

/**
 * Where the values of parameters come from: a parameter of the member itself (`params` of filter),
 * a field of its options (`params` of sql), or nowhere.
 */
export function paramsSource(
  model: Model,
  member: Member,
): { readonly parameter: Parameter; readonly field: Field | null } | null {
  for (const parameter of member.parameters) {
    if (parameter.place.at === "beside") return { parameter, field: null };
    if (parameter.place.at !== "spread") continue;
    const field = recordByName(model, parameter.type.name).fields.find(
      (one) => one.place === "beside",
    );
    if (field !== undefined) return { parameter, field };
  }
  return null;
}

/** Parameters that are other frames: one, or a list of them. */
export function frameParameters(member: Member): readonly Parameter[] {
  return member.parameters.filter(({ type }) => type.kind === "frame");
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the model has no ${what}`);
  return value;
}
