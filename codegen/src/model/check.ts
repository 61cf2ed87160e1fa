// Proves the model whole: what generation refuses stands here, one function for each rule.
//
//   docs        every member and field is documented, with an example and its errors
//   names       no reserved word, no clash, COBOL within its lengths
//   defaults    only what every language can say
//   wire        the plan's schema and the description say the same, in both directions
//   abi         every C function has a member or a reason, numbers of types and errors agree
//
// Pure: a model and the reasons in, problems out.

import type { Internal } from "../read/api.js";
import type { Problem } from "../problems.js";
import { KINDS } from "./kinds.js";
import {
  type Json,
  type Language,
  LANGUAGES,
  type Member,
  type Model,
  type Parameter,
  type RecordType,
  type Type,
  type WireField,
} from "./model.js";
import {
  COBOL_CALL_LENGTH_MAX,
  COBOL_NAME_LENGTH_MAX,
  cobolData,
  isReserved,
  type Position,
} from "./names.js";

/** Every problem of the model; none means that it can be emitted. */
export function check(model: Model, internal: Internal): readonly Problem[] {
  const problems: Problem[] = [];
  const tell: Tell = (where, message) => void problems.push({ where, message });
  checkDocs(model, tell);
  checkNames(model, tell);
  checkCobol(model, tell);
  checkDefaults(model, tell);
  checkSteps(model, internal, tell);
  checkExpressions(model, tell);
  checkRecords(model, internal, tell);
  checkEnums(model, tell);
  checkAbi(model, internal, tell);
  return problems;
}

type Tell = (where: string, message: string) => void;

const membersOf = (model: Model): readonly Member[] =>
  model.face.classes.flatMap((one) => one.members);

// -------------------------------------------------------------------------------------- docs

function checkDocs(model: Model, tell: Tell): void {
  const kinds = new Set(model.face.errors.map((error) => error.wire));
  for (const one of model.face.classes) if (one.doc === "") tell(one.name, "has no doc comment");
  for (const member of membersOf(model)) {
    const { docs, mapping } = member;
    if (docs.summary === "") tell(member.id, "has no summary");
    if (docs.example.length === 0) tell(member.id, "has no @example");
    if (!docs.hasErrors) {
      tell(member.id, "has no @errors; write `@errors none` where it cannot fail");
    }
    if (docs.nulls === null && ["node", "call", "aggregate"].includes(mapping.kind)) {
      tell(member.id, "has no @nulls");
    }
    for (const kind of docs.errors) {
      if (!kinds.has(kind)) tell(member.id, `@errors names ${kind}, which is no error kind`);
    }
    for (const parameter of member.parameters) {
      if (parameter.doc === "") tell(`${member.id}(${parameter.name})`, "has no @param");
    }
  }
  for (const record of model.face.records) {
    if (record.doc === "") tell(record.name, "has no doc comment");
    for (const field of record.fields) {
      if (field.doc === "") tell(`${record.name}.${field.name}`, "has no doc comment");
    }
  }
  for (const one of model.face.enums) {
    if (one.doc === "") tell(one.name, "has no doc comment");
    for (const value of one.values) {
      if (value.doc === "") tell(`${one.name}.${value.wire}`, "has no doc comment");
    }
  }
  for (const error of model.face.errors) {
    if (error.doc === "") tell(`ErrorKind.${error.name}`, "has no doc comment");
  }
}

// ------------------------------------------------------------------------------------- names

function checkNames(model: Model, tell: Tell): void {
  for (const one of model.face.classes) {
    const position: Position =
      one.role === "module" || one.role === "functions" ? "function" : "member";
    for (const language of LANGUAGES) {
      const seen = new Map<string, string>();
      for (const member of one.members) {
        const name = member.names[language];
        if (name === "") continue;
        reserved(language, position, name, member.id, tell);
        const other = seen.get(name);
        if (other !== undefined) tell(member.id, `is named ${name} in ${language}, as ${other} is`);
        seen.set(name, member.id);
        for (const parameter of member.parameters) {
          const where = `${member.id}(${parameter.name})`;
          reserved(language, "parameter", parameter.names[language], where, tell);
        }
      }
    }
  }
  for (const record of model.face.records) {
    for (const field of record.fields) {
      for (const language of LANGUAGES) {
        if (field.names[language] === "") continue;
        const where = `${record.name}.${field.name}`;
        // In Python a field is a keyword argument.
        const position = language === "python" ? "parameter" : "field";
        reserved(language, position, field.names[language], where, tell);
      }
    }
  }
}

function reserved(
  language: Language,
  position: Position,
  name: string,
  where: string,
  tell: Tell,
): void {
  if (isReserved(language, position, name)) {
    tell(where, `${name} is a reserved word in ${language}; give it another by @name ${language}`);
  }
}

function checkCobol(model: Model, tell: Tell): void {
  const seen = new Map<string, string>();
  for (const member of membersOf(model)) {
    if (member.absent.cobol !== undefined) continue;
    const name = member.names.cobol;
    if (!new RegExp(`^[A-Z][A-Z0-9]{0,${COBOL_CALL_LENGTH_MAX - 1}}$`).test(name)) {
      tell(
        member.id,
        `needs @name cobol with at most ${COBOL_CALL_LENGTH_MAX} upper-case letters and digits, ` +
          `or @except cobol; found "${name}"`,
      );
    }
    const other = seen.get(name);
    if (other !== undefined) tell(member.id, `is CALL "${name}" in COBOL, as ${other} is`);
    seen.set(name, member.id);
    for (const parameter of member.parameters) {
      cobolLength(`${member.id}(${parameter.name})`, `${parameter.names.cobol}-LENGTH`, tell);
    }
  }
  for (const record of model.face.records) {
    for (const field of record.fields) {
      cobolLength(`${record.name}.${field.name}`, field.names.cobol, tell);
    }
  }
  for (const error of model.face.errors) {
    cobolLength(`ErrorKind.${error.name}`, cobolData("err", error.name), tell);
  }
}

function cobolLength(where: string, name: string, tell: Tell): void {
  if (name.length > COBOL_NAME_LENGTH_MAX) {
    tell(where, `its COBOL name ${name} has ${name.length} of ${COBOL_NAME_LENGTH_MAX} characters`);
  }
}

// ---------------------------------------------------------------------------------- defaults

function checkDefaults(model: Model, tell: Tell): void {
  for (const member of membersOf(model)) {
    for (const parameter of member.parameters) {
      const where = `${member.id}(${parameter.name})`;
      checkDefault(model, parameter, where, tell);
      if (parameter.isOptional && parameter.default === undefined && !isOpen(parameter)) {
        tell(where, "may be left out but has no @default");
      }
    }
  }
  for (const record of model.face.records) {
    for (const field of record.fields) {
      const where = `${record.name}.${field.name}`;
      checkDefault(model, field, where, tell);
      if (record.use === "options" && field.isOptional && field.default === undefined) {
        tell(where, "may be left out but has no @default");
      }
      if (!field.isOptional && field.default !== undefined) {
        tell(where, "has a @default but may not be left out");
      }
    }
  }
}

/** What is not there when left out: a record of options, values of parameters, an operand. */
const isOpen = ({ type }: Parameter): boolean =>
  ["record", "params", "operand"].includes(type.kind);

interface Defaulted {
  readonly type: Type;
  readonly default: Json | undefined;
}

function checkDefault(
  model: Model,
  { type, default: value }: Defaulted,
  where: string,
  tell: Tell,
): void {
  if (value === undefined) return;
  if (!isSayable(model, type, value)) {
    tell(
      where,
      `the default ${JSON.stringify(value)} is not one that every language can express ` +
        `for ${type.kind}${type.isNullable ? " or null" : ""}`,
    );
  }
}

/** The defaults that every language can say. */
function isSayable(model: Model, type: Type, value: Json): boolean {
  if (value === null) return type.isNullable;
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case "text":
    case "column":
    case "name":
    case "path":
      return typeof value === "string";
    case "operand":
      return ["string", "number", "boolean"].includes(typeof value);
    case "texts":
    case "columns":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "columnTypes":
    case "tables":
    case "params":
      return typeof value === "object" && Object.keys(value).length === 0;
    case "enum": {
      const values = model.face.enums.find((one) => one.name === type.name)?.values ?? [];
      return values.some((one) => one.wire === value);
    }
    default:
      return false;
  }
}

// ------------------------------------------------------------------------------------- steps

function checkSteps(model: Model, internal: Internal, tell: Tell): void {
  const variants = model.wire.unions["Node"]?.variants ?? [];
  const made = new Map<string, Member[]>();
  for (const member of membersOf(model)) {
    if (member.mapping.kind !== "node") continue;
    const list = made.get(member.mapping.node) ?? [];
    made.set(member.mapping.node, [...list, member]);
    if (!variants.some((variant) => variant.name === (member.mapping as { node: string }).node)) {
      tell(member.id, `makes the step ${member.mapping.node}, which the plan does not have`);
    }
  }
  for (const variant of variants) {
    const members = made.get(variant.name) ?? [];
    const reason = internal.nodes[variant.name];
    if (members.length === 0 && reason === undefined) {
      tell(`step ${variant.name}`, "has no member and no reason in api/internal.api.ts");
    }
    if (members.length > 0 && reason !== undefined) {
      tell(`step ${variant.name}`, "is listed as internal, yet a member makes it");
    }
    const primary = members.filter((member) => member.isPrimary);
    if (members.length > 1 && primary.length !== 1) {
      const ids = members.map(({ id }) => id).join(", ");
      tell(`step ${variant.name}`, `of ${ids} exactly one must be @primary`);
    }
    for (const member of members) {
      checkStep(model, internal, member, variant.shape ?? "", tell);
    }
  }
  for (const name of Object.keys(internal.nodes)) {
    if (!variants.some((variant) => variant.name === name)) {
      tell(`step ${name}`, "is listed as internal, yet the plan does not have it");
    }
  }
}

/** Every field of the node is given a value by the member, of a type that agrees. */
function checkStep(
  model: Model,
  internal: Internal,
  member: Member,
  recordName: string,
  tell: Tell,
): void {
  const { mapping } = member;
  const record = model.wire.records[recordName];
  if (mapping.kind !== "node" || record === undefined) return;
  const given = new Set<string>([...Object.keys(mapping.fixed), ...mapping.held]);
  if (mapping.receiver !== null) given.add(mapping.receiver.replace("[0]", ""));
  for (const parameter of member.parameters) {
    for (const field of fieldsOf(model, parameter)) given.add(field);
    if (parameter.place.at !== "field") continue;
    const { field: name } = parameter.place;
    const field = record.fields.find((one) => one.name === name);
    if (field !== undefined) {
      const where = `${member.id}(${parameter.name})`;
      agree(
        model,
        parameter.type,
        field,
        `${recordName}.${name}`,
        where,
        parameter.isVariadic,
        tell,
      );
    }
  }
  for (const field of record.fields) {
    if (!given.has(field.name) && field.required) {
      tell(member.id, `gives no value to the field ${field.name} of the step ${mapping.node}`);
    }
  }
  for (const name of given) {
    if (!record.fields.some((field) => field.name === name)) {
      tell(member.id, `sets ${name}, which is no field of the step ${mapping.node}`);
    }
  }
  const ofPrimary = member.isPrimary || onlyOne(model, member);
  for (const field of record.fields) {
    const reason = internal.fields[`${recordName}.${field.name}`];
    if (ofPrimary && !given.has(field.name) && !field.required && reason === undefined) {
      tell(member.id, `offers no way to set the field ${field.name} of the step ${mapping.node}`);
    }
  }
}

const onlyOne = (model: Model, member: Member): boolean =>
  membersOf(model).filter(
    (other) =>
      other.mapping.kind === "node" &&
      member.mapping.kind === "node" &&
      other.mapping.node === member.mapping.node,
  ).length === 1;

/** Exactly one of these is sent: where the bytes of a CSV file come from. */
const SOURCE_FIELDS = ["path", "paths", "feed"];

/** The fields of the node that a parameter sets. */
function fieldsOf(model: Model, { place, type }: Parameter): readonly string[] {
  if (type.kind === "source") return SOURCE_FIELDS;
  if (place.at === "field" || place.at === "each") return [place.field];
  if (place.at !== "spread") return [];
  const record = model.face.records.find((one) => one.name === type.name);
  return (record?.fields ?? []).filter((field) => field.place === "field").map(({ wire }) => wire);
}

/** Whether a type of the face becomes just what the schema wants. */
function agree(
  model: Model,
  type: Type,
  field: WireField,
  fieldName: string,
  where: string,
  isVariadic: boolean,
  tell: Tell,
): void {
  let shape = shapeOf(model, type);
  if (shape === null) return;
  // A variadic parameter is the list: `...columns: ColumnName[]` is string[].
  if (isVariadic && !shape.endsWith("[]")) shape += "[]";
  if (shape !== field.shape) {
    tell(where, `becomes ${shape}, but the plan's ${fieldName} is ${field.shape}`);
  }
  if (type.isNullable && !field.nullable) {
    tell(where, `may be null, but the plan's ${fieldName} may not`);
  }
}

function shapeOf(model: Model, type: Type): string | null {
  if (type.kind === "enum") {
    const found = model.face.enums.find((one) => one.name === type.name);
    return found?.wire ?? "string";
  }
  if (type.kind === "record") {
    return model.face.records.find((one) => one.name === type.name)?.wire ?? null;
  }
  return KINDS[type.kind].wire;
}

// ------------------------------------------------------------------------------- expressions

function checkExpressions(model: Model, tell: Tell): void {
  const members = membersOf(model);
  const calls = new Set(
    members.flatMap(({ mapping }) => (mapping.kind === "call" ? [mapping.function] : [])),
  );
  const aggregates = new Set(
    members.flatMap(({ mapping }) => (mapping.kind === "aggregate" ? [mapping.function] : [])),
  );
  compare("function", model.wire.functions, calls, tell);
  compare("aggregate", model.wire.aggregates, aggregates, tell);
  checkFunctions(model, tell);
  for (const { mapping, id, isPrimary } of members) {
    if (mapping.kind !== "call" || isPrimary) continue;
    const same = members.filter(
      ({ mapping: other }) => other.kind === "call" && other.function === mapping.function,
    );
    if (same.length > 1 && same.filter((member) => member.isPrimary).length !== 1) {
      tell(id, `of ${same.map((member) => member.id).join(", ")} exactly one must be @primary`);
    }
  }
  const forms = new Set<string>(
    members.flatMap(({ mapping }) => (mapping.kind === "expression" ? [mapping.form] : [])),
  );
  for (const { name } of model.wire.unions["Expression"]?.variants ?? []) {
    if (name !== "call" && name !== "agg" && !forms.has(name)) {
      tell(`expression ${name}`, "has no member");
    }
  }
}

/** What the description says of a function is what the engine says of it. */
function checkFunctions(model: Model, tell: Tell): void {
  const known = new Map(model.functions.map((one) => [one.name, one]));
  for (const name of [...model.wire.functions, ...model.wire.aggregates]) {
    if (!known.has(name))
      tell(`function ${name}`, "is in the plan's schema, not in functions.json");
  }
  for (const { mapping, id, docs } of membersOf(model)) {
    if (mapping.kind !== "call" && mapping.kind !== "aggregate") continue;
    const errors = known.get(mapping.function)?.errors ?? [];
    const said = docs.errors.join(", ");
    const wanted = errors.join(", ");
    const isSame = [...docs.errors].sort().join() === [...errors].sort().join();
    if (!isSame) tell(id, `@errors says ${said || "none"}; functions.json says ${wanted}`);
  }
}

function compare(
  what: string,
  wire: readonly string[],
  face: ReadonlySet<string>,
  tell: Tell,
): void {
  for (const name of wire) if (!face.has(name)) tell(`${what} ${name}`, "has no member");
  for (const name of face) {
    if (!wire.includes(name))
      tell(`${what} ${name}`, "has a member, but the plan does not have it");
  }
}

// ----------------------------------------------------------------------------------- records

function checkRecords(model: Model, internal: Internal, tell: Tell): void {
  const covered = new Map<string, Set<string>>();
  for (const record of model.face.records) {
    if (record.wire === null) continue;
    const wire = model.wire.records[record.wire];
    if (wire === undefined) continue;
    const set = covered.get(record.wire) ?? new Set();
    covered.set(record.wire, set);
    for (const field of record.fields) {
      if (field.place !== "field") continue;
      const found = wire.fields.find((one) => one.name === field.wire);
      const where = `${record.name}.${field.name}`;
      if (found === undefined) {
        tell(where, `the plan's ${record.wire} has no field ${field.wire}`);
        continue;
      }
      set.add(field.wire);
      agree(model, field.type, found, `${record.wire}.${field.wire}`, where, false, tell);
      checkWireDefault(record, field, found, where, tell);
    }
  }
  for (const [name, fields] of covered) {
    // A step's own record is held against its members.
    if (name.endsWith("Node")) continue;
    for (const field of model.wire.records[name]?.fields ?? []) {
      if (!fields.has(field.name) && internal.fields[`${name}.${field.name}`] === undefined) {
        tell(`${name}.${field.name}`, "has no option and no reason in api/internal.api.ts");
      }
    }
  }
}

function checkWireDefault(
  record: RecordType,
  field: { readonly default: Json | undefined; readonly name: string },
  wire: WireField,
  where: string,
  tell: Tell,
): void {
  if (field.default === undefined || wire.default === undefined) return;
  if (JSON.stringify(field.default) !== JSON.stringify(wire.default)) {
    const found = JSON.stringify(wire.default);
    tell(
      where,
      `says the default ${JSON.stringify(field.default)}, the plan's ${record.wire} ${found}`,
    );
  }
}

function checkEnums(model: Model, tell: Tell): void {
  for (const one of model.face.enums) {
    const wire = one.wire === null ? model.wire.dtypes : model.wire.enums[one.wire];
    if (wire === undefined) {
      tell(one.name, `the plan's schema has no enum ${one.wire}`);
      continue;
    }
    const face = one.values.map((value) => value.wire);
    if (JSON.stringify(face) !== JSON.stringify(wire)) {
      tell(one.name, `lists ${face.join(", ")}; the plan's schema lists ${wire.join(", ")}`);
    }
  }
  for (const name of Object.keys(model.wire.enums)) {
    if (!model.face.enums.some((one) => one.wire === name))
      tell(`enum ${name}`, "is not described");
  }
}

// --------------------------------------------------------------------------------------- abi

function checkAbi(model: Model, internal: Internal, tell: Tell): void {
  const names = new Set(model.abi.functions.map((one) => one.name));
  for (const one of model.abi.functions) {
    if (one.doc === "") tell(one.name, "has no doc comment in pardox.h");
    if (one.members.length === 0 && one.internal === null) {
      tell(one.name, "has no member and no reason in api/internal.api.ts");
    }
    if (one.members.length > 0 && one.internal !== null) {
      tell(one.name, `is listed as internal, yet ${one.members.join(", ")} stand on it`);
    }
  }
  for (const name of Object.keys(internal.functions)) {
    if (!names.has(name)) tell(name, "is listed as internal, yet pardox.h does not declare it");
  }
  for (const member of membersOf(model)) {
    for (const name of member.natives) {
      if (!names.has(name)) tell(member.id, `stands on ${name}, which pardox.h does not declare`);
    }
  }
  checkNumbers(model, tell);
}

/** The numbers of types and errors are those of the header. */
function checkNumbers(model: Model, tell: Tell): void {
  const status = model.abi.enums.find((one) => one.name === "pardox_status");
  const dtype = model.abi.enums.find((one) => one.name === "pardox_dtype");
  const statusValues = status?.values.filter((value) => value.number !== 0) ?? [];
  const errors = model.face.errors.map(({ wire, number }) => `${wire} = ${number}`);
  const statuses = statusValues.map(({ short, number }) => `${short} = ${number}`);
  for (const one of statuses)
    if (!errors.includes(one)) tell(`pardox_status ${one}`, "is no ErrorKind");
  for (const one of errors)
    if (!statuses.includes(one)) tell(`ErrorKind ${one}`, "is no pardox_status");
  const types = model.face.enums.find((one) => one.name === "DataType")?.values ?? [];
  for (const type of types) {
    if (type.number === null) tell(`DataType ${type.wire}`, "has no number in pardox_dtype");
  }
  for (const value of dtype?.values ?? []) {
    // A type with parameters has a number of its own beside the one without.
    const wires = types.map(({ wire, parameters }) => (parameters === null ? wire : `${wire}_of`));
    if (!types.some(({ wire }) => wire === value.short) && !wires.includes(value.short)) {
      tell(`pardox_dtype ${value.short}`, "is no DataType");
    }
  }
}
