// Reads examples: a closed subset of TypeScript that every language can say, so that one example
// serves them all, and a member that does not exist cannot stand in one.
//
//   const df = await px.readCsv("sales.csv", { delimiter: ";" });
//   df.filter(px.col("price").gt(10));
//
// Objects at hand: `px` the module; `df` and `other` frames; `lazy` a lazy frame; `stream` a stream
// of bytes.

import { type Expression, Node, Project } from "ts-morph";
import {
  LANGUAGES,
  type ExampleLine,
  type ExampleNode,
  type Face,
  type FaceClass,
  type Member,
  type Result,
  type Role,
} from "../model/model.js";
import { refuse } from "../problems.js";

/** Objects that an example may use without making them. */
const AT_HAND: Readonly<Record<string, Role>> = {
  df: "frame",
  other: "frame",
  lazy: "lazy",
};

/** Values of the host that an example may use without making them. */
const VALUES = ["stream"];

/** The languages whose examples are printed. */
const OTHERS = LANGUAGES.filter((language) => language !== "cobol");

/** The same face with every example parsed. A member absent from TypeScript keeps its text. */
export function readExamples(face: Face): Face {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const parse = (member: Member): Member => {
    // COBOL's CALLs keep their text.
    if (OTHERS.every((language) => member.absent[language] !== undefined)) return member;
    const source = member.docs.example.map((line) => line.source).join("\n");
    const lines = parseLines(project, face, source, member.id);
    return { ...member, docs: { ...member.docs, example: lines } };
  };
  return {
    ...face,
    classes: face.classes.map((one) => ({ ...one, members: one.members.map(parse) })),
  };
}

function parseLines(
  project: Project,
  face: Face,
  source: string,
  where: string,
): readonly ExampleLine[] {
  const file = project.createSourceFile("example.ts", source, { overwrite: true });
  const roles = new Map(Object.entries(AT_HAND));
  return file.getStatements().map((statement): ExampleLine => {
    const text = statement.getText();
    const declared = Node.isVariableStatement(statement)
      ? statement.getDeclarations()[0]
      : undefined;
    let value = Node.isExpressionStatement(statement)
      ? statement.getExpression()
      : declared?.getInitializer();
    if (value === undefined) refuse(where, `the example may hold expressions and const: ${text}`);
    const isAwaited = Node.isAwaitExpression(value);
    if (Node.isAwaitExpression(value)) value = value.getExpression();
    const read = readNode(value, { face, roles, where });
    const name = declared?.getName() ?? null;
    if (name !== null && read.role !== null)
      roles.set(name, isAwaited && read.role === "lazy" ? "frame" : read.role);
    return { name, isAwaited, value: read.node, source: text };
  });
}

interface Scope {
  readonly face: Face;
  readonly roles: ReadonlyMap<string, Role>;
  readonly where: string;
}

/** A node and, where it is an object of a class, what that class is for. */
interface Read {
  readonly node: ExampleNode;
  readonly role: Role | null;
}

const plain = (node: ExampleNode): Read => ({ node, role: null });

function readNode(value: Expression, scope: Scope): Read {
  if (Node.isStringLiteral(value)) return plain({ kind: "text", value: value.getLiteralText() });
  if (Node.isNumericLiteral(value) || /^-\d/.test(value.getText())) {
    return plain({ kind: "number", value: value.getText() });
  }
  if (Node.isTrueLiteral(value)) return plain({ kind: "bool", value: true });
  if (Node.isFalseLiteral(value)) return plain({ kind: "bool", value: false });
  if (Node.isNullLiteral(value)) return plain({ kind: "null" });
  if (Node.isArrayLiteralExpression(value)) {
    const items = value.getElements().map((item) => readNode(item, scope).node);
    return plain({ kind: "list", items });
  }
  if (Node.isObjectLiteralExpression(value)) {
    const entries = value.getProperties().map((property) => {
      if (!Node.isPropertyAssignment(property)) refuse(scope.where, "expected name: value");
      const inner = property.getInitializerOrThrow();
      return { key: property.getName(), value: readNode(inner, scope).node };
    });
    return plain({ kind: "record", entries });
  }
  if (Node.isIdentifier(value)) {
    const name = value.getText();
    if (VALUES.includes(name)) return plain({ kind: "name", name });
    const role = scope.roles.get(name);
    if (role === undefined) refuse(scope.where, `the example knows no ${name}`);
    return { node: { kind: "name", name }, role };
  }
  if (Node.isCallExpression(value)) {
    const args = value.getArguments().map((arg) => readNode(arg as Expression, scope).node);
    return readMember(value.getExpression(), args, false, scope);
  }
  return readMember(value, [], true, scope);
}

function readMember(
  access: Expression,
  args: readonly ExampleNode[],
  isProperty: boolean,
  scope: Scope,
): Read {
  if (!Node.isPropertyAccessExpression(access)) {
    refuse(scope.where, `the example may not hold ${access.getText()}`);
  }
  const inner = access.getExpression();
  const isModule = inner.getText() === "px";
  const target = isModule ? null : readNode(inner, scope);
  const role = target?.role ?? null;
  const member = findMember(scope.face, role, isModule, access.getName());
  if (member === undefined || member.isProperty !== isProperty) {
    refuse(scope.where, `the example calls ${access.getText()}, which is not described`);
  }
  const node = { kind: "member", member: member.id, target: target?.node ?? null, args } as const;
  return { node, role: roleOfResult(scope.face, member) };
}

function findMember(
  face: Face,
  role: Role | null,
  isModule: boolean,
  name: string,
): Member | undefined {
  const start = face.classes.filter((one) =>
    isModule ? one.role === "module" || one.role === "functions" : one.role === role,
  );
  for (const one of start) {
    for (const own of lineage(face, one)) {
      const member = own.members.find((candidate) => candidate.name === name);
      if (member !== undefined) return member;
    }
  }
  return undefined;
}

/** A class and those whose members it has too. */
export function lineage(face: Face, one: FaceClass): readonly FaceClass[] {
  const parent = face.classes.find((other) => other.name === one.parent);
  return parent === undefined ? [one] : [one, ...lineage(face, parent)];
}

function roleOfResult(face: Face, member: Member): Role | null {
  const result: Result = member.result;
  if (result.kind === "step") return "lazy";
  return face.classes.find((one) => one.name === result.name)?.role ?? null;
}
