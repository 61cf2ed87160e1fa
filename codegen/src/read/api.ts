// Reads codegen/api/*.api.ts: interfaces, types and doc comments become the face of the model.
//
// In: a ts-morph project with the description, the wire (to know where a parameter can go), the
// header (numbers of types and errors) and the list of functions, each of which becomes a method of
// Expr unless a member calls it. Out: a Face. What cannot be read is refused here; whether
// the whole agrees is for model/check.ts.

import {
  type InterfaceDeclaration,
  type JSDocableNode,
  type MethodSignature,
  Node,
  type PropertySignature,
  type SourceFile,
  type TypeAliasDeclaration,
  type TypeNode,
} from "ts-morph";
import { isKind, type Kind } from "../model/kinds.js";
import {
  type Absent,
  type Docs,
  type EnumType,
  type ErrorKindDoc,
  EXPRESSION_FORMS,
  type ExpressionForm,
  type Face,
  type FaceClass,
  type Field,
  type Held,
  type Json,
  type Language,
  LANGUAGES,
  type Mapping,
  type Member,
  type Names,
  type Parameter,
  type Place,
  type RecordType,
  type RegistryFunction,
  type Result,
  type Role,
  ROLES,
  type Type,
  type Wire,
} from "../model/model.js";
import { lowerSnake, nameIn, type Position } from "../model/names.js";
import { refuse } from "../problems.js";
import { type Comment, oneLine, parseComment, type Tag } from "./comment.js";
import { readExamples } from "./example.js";
import { membersOf } from "./functions.js";
import type { Header } from "./header.js";

/** Why functions, nodes and fields have no member: api/internal.api.ts. */
export interface Internal {
  readonly functions: Readonly<Record<string, string>>;
  readonly nodes: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** The description: the face, and what stays internal. */
export interface Description {
  readonly face: Face;
  readonly internal: Internal;
}

/** Reads the description out of its files. */
export function readApi(
  files: readonly SourceFile[],
  wire: Wire,
  header: Header,
  functions: readonly RegistryFunction[],
): Description {
  const sorted = [...files].sort((a, b) => (a.getBaseName() < b.getBaseName() ? -1 : 1));
  const words = vocabulary(sorted);
  const context: Context = { wire, words };
  const interfaces = sorted.flatMap((file) => file.getInterfaces());
  const records = interfaces
    .filter((one) => has(commentOf(one), "record") || has(commentOf(one), "result"))
    .map((one) => readRecord(one, context));
  const classes = interfaces
    .filter((one) => has(commentOf(one), "role"))
    .map((one) => readClass(one, { ...context, records }));
  const enums = sorted
    .flatMap((file) => file.getTypeAliases())
    .filter((alias) => has(commentOf(alias), "enum"))
    .map((alias) => readEnum(alias, header));
  const face: Face = {
    classes: withMethods(classes, functions).sort(
      (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role),
    ),
    records,
    enums,
    ...readErrors(sorted),
  };
  return { face: readExamples(face), internal: readInternal(sorted) };
}

/** The classes, with members for the functions that none of theirs calls. */
function withMethods(
  classes: readonly FaceClass[],
  functions: readonly RegistryFunction[],
): FaceClass[] {
  const described = new Set(
    classes
      .flatMap((one) => one.members)
      .flatMap(({ mapping }) => (mapping.kind === "call" ? [mapping.function] : [])),
  );
  const [methods, free] = membersOf(functions, described);
  const more: Partial<Record<Role, readonly Member[]>> = { expression: methods, functions: free };
  return classes.map((one) => ({ ...one, members: [...one.members, ...(more[one.role] ?? [])] }));
}

// ------------------------------------------------------------------------------------- types

/** What a name in a type position means. */
type Word =
  { readonly is: "kind"; readonly kind: Kind } | { readonly is: "enum" | "record" | "class" };

interface Context {
  readonly wire: Wire;
  readonly words: ReadonlyMap<string, Word>;
  readonly records?: readonly RecordType[];
}

function vocabulary(files: readonly SourceFile[]): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  for (const file of files) {
    for (const alias of file.getTypeAliases()) {
      const comment = commentOf(alias);
      const kind = tagOf(comment, "kind")?.text;
      if (has(comment, "enum")) words.set(alias.getName(), { is: "enum" });
      else if (kind !== undefined && isKind(kind)) words.set(alias.getName(), { is: "kind", kind });
      else
        refuse(alias.getName(), `expected @kind with a kind of kinds.ts or @enum, found ${kind}`);
    }
    for (const one of file.getInterfaces()) {
      const comment = commentOf(one);
      if (has(comment, "role")) words.set(one.getName(), { is: "class" });
      else if (has(comment, "record") || has(comment, "result")) {
        words.set(one.getName(), { is: "record" });
      } else refuse(one.getName(), "expected @role, @record or @result on an interface");
    }
  }
  return words;
}

function readType(node: TypeNode | undefined, where: string, context: Context): Result {
  if (node === undefined) refuse(where, "expected a type");
  let text = oneLine(node.getText());
  const promise = /^Promise<(.*)>$/.exec(text);
  if (promise) text = promise[1] ?? "";
  const isNullable = / \| null$/.test(text);
  text = text.replace(/ \| null$/, "").replace(/^readonly /, "");
  const isList = text.endsWith("[]");
  text = text.replace(/\[\]$/, "");
  const base = { isNullable, isList, isAwaited: promise !== null };
  if (text === "void") return { ...base, kind: "void", name: null };
  const word = context.words.get(text);
  if (word === undefined) {
    refuse(where, `type ${text} is not one of the description's own (api/types.api.ts)`);
  }
  if (word.is === "kind") return { ...base, kind: word.kind, name: null };
  return { ...base, kind: word.is, name: text };
}

function typeOf({ kind, isNullable, isList, name }: Result): Type {
  return { kind, isNullable, isList, name };
}

// ----------------------------------------------------------------------------------- records

function readRecord(one: InterfaceDeclaration, context: Context): RecordType {
  const comment = commentOf(one);
  const wire = tagOf(comment, "record")?.text;
  const isWire = wire !== undefined && wire !== "native" && wire !== "host";
  if (isWire && context.wire.records[wire] === undefined) {
    refuse(one.getName(), `the plan's schema has no record ${wire}`);
  }
  return {
    name: one.getName(),
    doc: textOf(comment),
    use: wire === undefined ? "result" : "options",
    wire: isWire ? wire : null,
    isNative: wire === "native",
    fields: one.getProperties().map((property) => readField(property, one.getName(), context)),
  };
}

function readField(property: PropertySignature, owner: string, context: Context): Field {
  const comment = commentOf(property);
  const where = `${owner}.${property.getName()}`;
  const type = typeOf(readType(property.getTypeNode(), where, context));
  const value = tagOf(comment, "default")?.text;
  const place = tagOf(comment, "wire")?.text ?? "field";
  if (place !== "field" && place !== "beside" && place !== "host") {
    refuse(where, `expected @wire beside or host on a field, found ${place}`);
  }
  return {
    name: property.getName(),
    names: namesOf(comment, "field", property.getName(), where),
    wire: lowerSnake(property.getName()),
    doc: textOf(comment),
    type,
    isOptional: property.hasQuestionToken(),
    default: value === undefined ? undefined : parseJson(value, where),
    place,
    absent: absentOf(comment, where),
  };
}

// ----------------------------------------------------------------------------------- classes

function readClass(one: InterfaceDeclaration, context: Context): FaceClass {
  const comment = commentOf(one);
  const role = tagOf(comment, "role")?.text as Role;
  if (!ROLES.includes(role)) {
    refuse(one.getName(), `expected @role with one of ${ROLES.join(", ")}, found ${role}`);
  }
  const held: Held[] = [];
  const members: Member[] = [];
  for (const part of one.getMembers()) {
    if (!Node.isMethodSignature(part) && !Node.isPropertySignature(part)) {
      refuse(one.getName(), `expected methods and properties, found ${oneLine(part.getText())}`);
    }
    const holds = tagOf(commentOf(part), "holds");
    if (holds !== undefined && Node.isPropertySignature(part)) {
      const type = typeOf(
        readType(part.getTypeNode(), `${one.getName()}.${part.getName()}`, context),
      );
      const doc = textOf(commentOf(part));
      held.push({ name: part.getName(), field: holds.text, type, doc });
    } else members.push(readMember(part, one.getName(), held, context));
  }
  return {
    name: one.getName(),
    role,
    doc: textOf(comment),
    parent: one.getExtends()[0]?.getText() ?? null,
    held,
    members: members.map((member) => narrow(member, absentOf(comment, one.getName()))),
    absent: absentOf(comment, one.getName()),
  };
}

/** A member is absent where its class is. */
function narrow(member: Member, absent: Absent): Member {
  const all = { ...absent, ...member.absent };
  const names = { ...member.names };
  for (const language of Object.keys(absent) as Language[]) names[language] = "";
  return { ...member, absent: all, names };
}

function readMember(
  part: MethodSignature | PropertySignature,
  owner: string,
  held: readonly Held[],
  context: Context,
): Member {
  const comment = commentOf(part);
  const id = `${owner}.${part.getName()}`;
  const isProperty = Node.isPropertySignature(part);
  const typeNode = isProperty ? part.getTypeNode() : part.getReturnTypeNode();
  const natives = tagOf(comment, "native")?.text.split(/\s+/) ?? [];
  const mapping = readMapping(comment, id, held);
  const isFree = owner === "Module" || owner === "Functions";
  return {
    id,
    name: part.getName(),
    names: namesOf(comment, isFree ? "function" : "member", part.getName(), id),
    absent: absentOf(comment, id),
    isProperty,
    docs: readDocs(comment, id),
    parameters: isProperty ? [] : readParameters(part, comment, mapping, id, context),
    result: readType(typeNode, id, context),
    mapping,
    natives,
    operator: tagOf(comment, "operator")?.text ?? null,
    isPrimary: has(comment, "primary"),
  };
}

function readMapping(comment: Comment, id: string, held: readonly Held[]): Mapping {
  const kinds = ["node", "call", "agg", "expression", "sortKey", "opens", "native", "hand"];
  const [tag, ...more] = comment.tags.filter((one) => kinds.includes(one.name));
  if (tag === undefined || more.length > 0) {
    refuse(id, `expected exactly one of ${kinds.map((kind) => `@${kind}`).join(", ")}`);
  }
  switch (tag.name) {
    case "node":
      return {
        kind: "node",
        node: tag.text,
        receiver: receiverOf(comment, id),
        fixed: Object.fromEntries(all(comment, "fixed").map(({ text }) => pair(text, id))),
        held: held.map((one) => one.field),
        runs: has(comment, "runs"),
      };
    case "call":
      return { kind: "call", function: tag.text, receiver: 0 };
    case "agg":
      return { kind: "aggregate", function: tag.text };
    case "expression":
      if (!EXPRESSION_FORMS.includes(tag.text as ExpressionForm)) {
        refuse(id, `expected @expression with one of ${EXPRESSION_FORMS.join(", ")}`);
      }
      return { kind: "expression", form: tag.text as ExpressionForm };
    case "sortKey":
      return { kind: "sortKey", descending: tag.text === "desc" };
    case "opens":
      return { kind: "opens", className: tag.text };
    default:
      return { kind: "hand" };
  }
}

function receiverOf(comment: Comment, id: string): string | null {
  const given = tagOf(comment, "receiver")?.text;
  if (given !== undefined) return given;
  return id.startsWith("Module.") ? null : "input";
}

function readParameters(
  method: MethodSignature,
  comment: Comment,
  mapping: Mapping,
  id: string,
  context: Context,
): readonly Parameter[] {
  const docs = new Map(
    all(comment, "param").map(({ text }) => {
      const match = /^(\w+) - (.*)$/s.exec(text);
      if (!match) refuse(id, `expected @param name - text, found @param ${oneLine(text)}`);
      return [match[1] ?? "", oneLine(match[2] ?? "")];
    }),
  );
  const defaults = new Map(all(comment, "default").map(({ text }) => pair(text, id)));
  const wires = new Map(
    all(comment, "wire").map(({ text }) => text.split(/\s+/) as [string, string]),
  );
  const parameters = method.getParameters().map((parameter): Parameter => {
    const name = parameter.getName();
    const type = readType(parameter.getTypeNode(), `${id}(${name})`, context);
    const isVariadic = parameter.isRestParameter();
    return {
      name,
      names: namesOf({ ...comment, tags: [] }, "parameter", name, id),
      doc: docs.get(name) ?? "",
      // `...columns: Item[]`: the rest parameter's list is told by isVariadic.
      type: { ...typeOf(type), isList: isVariadic ? false : type.isList },
      isVariadic,
      isOptional: parameter.hasQuestionToken(),
      default: defaults.get(name),
      place: placeOf(name, type, mapping, wires.get(name), id, context),
      absent: {},
    };
  });
  const names = new Set(parameters.map((parameter) => parameter.name));
  for (const word of [...docs.keys(), ...defaults.keys(), ...wires.keys()]) {
    if (!names.has(word)) refuse(id, `a tag speaks of the parameter ${word}, which is not there`);
  }
  return parameters;
}

/** Where a parameter goes, unless `@wire` says it: see Place. */
function placeOf(
  name: string,
  type: Type,
  mapping: Mapping,
  wire: string | undefined,
  id: string,
  context: Context,
): Place {
  if (wire === "beside" || type.kind === "params") return { at: "beside" };
  if (wire?.endsWith("[]") === true) return { at: "each", field: wire.slice(0, -2) };
  if (wire !== undefined) return { at: "field", field: wire };
  const record = context.records?.find((one) => one.name === type.name);
  switch (mapping.kind) {
    case "hand":
      return { at: "hand" };
    case "call":
    case "aggregate":
      return { at: "operand" };
    case "sortKey":
      return { at: "spread" };
    case "opens":
      return { at: "held", field: lowerSnake(name) };
    case "expression":
      return { at: "field", field: lowerSnake(name) };
    case "node": {
      const variant = context.wire.unions["Node"]?.variants.find(
        (one) => one.name === mapping.node,
      );
      const node = context.wire.records[variant?.shape ?? ""];
      if (node === undefined) refuse(id, `the plan has no step ${mapping.node}`);
      if (node.fields.some((field) => field.name === lowerSnake(name))) {
        return { at: "field", field: lowerSnake(name) };
      }
      if (record?.isNative === true) return { at: "run" };
      if (record?.wire === node.name) return { at: "spread" };
      if (record?.wire === null) return { at: "hand" };
      return refuse(id, `the step ${mapping.node} has no field for ${name}; say it with @wire`);
    }
  }
}

// ------------------------------------------------------------------------- enums and errors

function readEnum(alias: TypeAliasDeclaration, header: Header): EnumType {
  const comment = commentOf(alias);
  const wire = tagOf(comment, "enum")?.text ?? "";
  const numbers = header.enums.find((one) => one.name === "pardox_dtype");
  const body = alias.getText().slice(alias.getText().indexOf("="));
  const form = /(?:\/\*\*(.*?)\*\/\s*)?\|\s*(?:"(\w+)"|`(\w+)(\([^`]*\))`)/gs;
  const values = [...body.matchAll(form)].map((match) => {
    const value = match[2] ?? match[3] ?? "";
    const found = numbers?.values.find((one) => one.short === value);
    return {
      wire: value,
      names: namesOf({ summary: "", more: null, tags: [] }, "value", value, alias.getName()),
      doc: oneLine(match[1] ?? ""),
      number: wire === "" ? (found?.number ?? null) : null,
      parameters: match[4] ?? null,
    };
  });
  return { name: alias.getName(), doc: textOf(comment), wire: wire === "" ? null : wire, values };
}

function readErrors(files: readonly SourceFile[]): {
  readonly errors: readonly ErrorKindDoc[];
  readonly errorsDoc: string;
} {
  const found = files
    .flatMap((file) => file.getEnums())
    .find((one) => one.getName() === "ErrorKind");
  if (found === undefined) refuse("codegen/api", "expected an enum ErrorKind");
  const errors = found.getMembers().map((member): ErrorKindDoc => {
    const comment = commentOf(member);
    return {
      name: member.getName(),
      wire: lowerSnake(member.getName()),
      names: namesOf(comment, "value", member.getName(), `ErrorKind.${member.getName()}`),
      number: Number(member.getValue()),
      doc: textOf(comment),
    };
  });
  return { errors, errorsDoc: textOf(commentOf(found)) };
}

function readInternal(files: readonly SourceFile[]): Internal {
  const read = (name: string): Record<string, string> => {
    for (const file of files) {
      const value = file.getVariableDeclaration(name)?.getInitializer();
      if (value === undefined) continue;
      if (!Node.isObjectLiteralExpression(value)) refuse(name, "expected an object of reasons");
      return Object.fromEntries(
        value.getProperties().map((property): [string, string] => {
          if (!Node.isPropertyAssignment(property)) refuse(name, "expected name: reason");
          const reason = property.getInitializer();
          if (!Node.isStringLiteral(reason)) refuse(name, "expected a text as reason");
          return [property.getName().replaceAll(/^["']|["']$/g, ""), reason.getLiteralText()];
        }),
      );
    }
    return {};
  };
  return { functions: read("functions"), nodes: read("nodes"), fields: read("fields") };
}

// --------------------------------------------------------------------------------- comments

function commentOf(node: JSDocableNode): Comment {
  const name = Node.hasName(node as unknown as Node)
    ? (node as unknown as { getName(): string }).getName()
    : "api";
  const raw = node
    .getJsDocs()
    .map((doc) => doc.getText())
    .join("\n");
  return parseComment(raw, name);
}

const all = (comment: Comment, name: string): readonly Tag[] =>
  comment.tags.filter((tag) => tag.name === name);

const has = (comment: Comment, name: string): boolean => all(comment, name).length > 0;

const tagOf = (comment: Comment, name: string): Tag | undefined => all(comment, name)[0];

const textOf = ({ summary, more }: Comment): string =>
  more === null ? summary : `${summary}\n\n${more}`;

function readDocs(comment: Comment, id: string): Docs {
  const errors = /^([a-z0-9_, ]*)(?:: (.*))?$/s.exec(oneLine(tagOf(comment, "errors")?.text ?? ""));
  if (!errors) refuse(id, "expected @errors kind, kind: sentence");
  const kinds = (errors[1] ?? "").split(",").map((kind) => kind.trim());
  return {
    summary: comment.summary,
    more: comment.more,
    nulls:
      tagOf(comment, "nulls") === undefined ? null : oneLine(tagOf(comment, "nulls")?.text ?? ""),
    errors: kinds.filter((kind) => kind !== "" && kind !== "none"),
    hasErrors: has(comment, "errors"),
    errorsNote: errors[2] ?? null,
    // Parsed by readExamples, once every member is known.
    example: (tagOf(comment, "example")?.text ?? "")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((source) => ({ name: null, isAwaited: false, value: { kind: "null" }, source })),
  };
}

/** The name in every language, with the overrides of `@name`. */
function namesOf(comment: Comment, position: Position, name: string, where: string): Names {
  const absent = absentOf(comment, where);
  const given = new Map(
    all(comment, "name").map(({ text }): [Language, string] => {
      const [language = "", word = ""] = text.split(/\s+/);
      return [languageOf(language, where), word];
    }),
  );
  const isCall = position === "member" || position === "function";
  const entries = LANGUAGES.map((language): [Language, string] => {
    if (absent[language] !== undefined) return [language, ""];
    const word = given.get(language);
    // A CALL name cannot be made up: check.ts refuses a member without one.
    if (word === undefined && language === "cobol" && isCall) return [language, ""];
    return [language, word ?? nameIn(language, position, name)];
  });
  return Object.fromEntries(entries) as Record<Language, string>;
}

function absentOf(comment: Comment, where: string): Absent {
  const absent: Partial<Record<Language, string>> = {};
  for (const { text } of all(comment, "except")) {
    const match = /^(\w+)\s+(.+)$/s.exec(text);
    if (!match) refuse(where, "expected @except with a language and a reason");
    absent[languageOf(match[1] ?? "", where)] = oneLine(match[2] ?? "");
  }
  const only = tagOf(comment, "only")?.text;
  if (only === undefined) return absent;
  const kept = only.split(/[\s,]+/).map((word) => languageOf(word, where));
  for (const language of LANGUAGES) {
    if (!kept.includes(language)) absent[language] ??= `in ${kept.join(", ")} only`;
  }
  return absent;
}

function languageOf(word: string, where: string): Language {
  if (!LANGUAGES.includes(word as Language)) {
    refuse(where, `expected one of ${LANGUAGES.join(", ")}, found ${word}`);
  }
  return word as Language;
}

function pair(text: string, where: string): [string, Json] {
  const match = /^(\w+)\s+(.+)$/s.exec(text);
  if (!match) refuse(where, `expected a name and a JSON value, found ${text}`);
  return [match[1] ?? "", parseJson(match[2] ?? "", where)];
}

function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return refuse(
      where,
      `the default ${text} is not a JSON value, so not every language can say it`,
    );
  }
}
