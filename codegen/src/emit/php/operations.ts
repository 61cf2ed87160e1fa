// The members that need no hand, as traits (one file each, as PSR-4 asks) and functions.
//
//   Internal/FrameSteps.php         steps that DataFrame and LazyFrame share
//   Internal/GroupSteps.php         the same of GroupBy
//   Internal/ExprSteps.php          methods of Expr
//   Internal/DataFrameSources.php   static methods: what reads or makes a table at once
//   Internal/LazyFrameSources.php   static methods: what names a table that is read later
//   functions.php                   functions that make expressions, and those of the library
//
// Seams with the hand-written face:
//
//   DataFrame, LazyFrame   node(), step($node, $params, $others), write($node), group($keys),
//                          static source($node, $params, $others); DataFrame: static run(...)
//   GroupBy                node(), keys, step(...)
//   Expr                   wire; constructor of a wire; CaseExpr and SortKey
//   Internal/Wire.php      one function for each kind
//   Internal/Library.php   the functions of the module that make no table

import { classOf, membersIn } from "../../model/find.js";
import type { Member, Model, Role } from "../../model/model.js";
import { type GeneratedFile, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { body, isGenerated, memberDoc, signature } from "./members.js";
import { isSource } from "./reference.js";
import { docComment, importable, phpFile } from "./words.js";

export function emitOperations(model: Model): readonly GeneratedFile[] {
  const sources = membersIn(classOf(model, "module"), "php").filter(isSource).filter(isGenerated);
  const isStep = ({ result }: Member): boolean => result.kind === "step";
  const isLazy = ({ result }: Member): boolean => result.name === "LazyFrame";
  const eager = sources.filter((one) => !isLazy(one));
  const lazy = sources.filter((one) => isLazy(one) || isStep(one));
  return [
    steps(model, "FrameSteps", "steps", FRAME_SEAMS),
    steps(model, "GroupSteps", "group", GROUP_SEAMS),
    steps(model, "ExprSteps", "expression", []),
    trait(model, "DataFrameSources", "Where tables come from.", SOURCE_SEAM, eager, true),
    trait(
      model,
      "LazyFrameSources",
      "Tables that are read when a plan runs.",
      SOURCE_SEAM,
      lazy,
      true,
    ),
    functions(model),
  ];
}

const FRAME_SEAMS = [
  "/** The plan of this table. */",
  "abstract protected function node(): array;",
  "",
  "/** This table with one step more; `$others` are frames that stand in the step. */",
  "abstract protected function step(array $node, array $params = [], array $others = []): static;",
  "",
  "/** Runs a step that writes. */",
  "abstract protected function write(array $node): WriteReport;",
  "",
  "/** Groups by keys that are items of the wire already. */",
  "abstract protected function group(array $keys): GroupBy;",
];
const GROUP_SEAMS = [
  "/** The plan of the table that is grouped. */",
  "abstract protected function node(): array;",
  "",
  "/** That table with one step more. */",
  "abstract protected function step(array $node): DataFrame|LazyFrame;",
];
const SOURCE_SEAM = [
  "/** A table of a plan; `$others` are frames that stand in it. */",
  "abstract protected static function source(",
  "    array $node,",
  "    array $params = [],",
  "    array $others = []",
  "): static;",
];

function steps(model: Model, name: string, role: Role, seams: readonly string[]): GeneratedFile {
  const one = classOf(model, role);
  const members = membersIn(one, "php").filter(isGenerated);
  return trait(model, name, one.doc.split("\n\n")[0] ?? "", seams, members, false);
}

function trait(
  model: Model,
  name: string,
  doc: string,
  seams: readonly string[],
  members: readonly Member[],
  isStatic: boolean,
): GeneratedFile {
  const out = new Lines("    ");
  out.lines(docComment([doc.replaceAll("\n", " "), "@internal"]));
  out.line(`trait ${name}`).open("{").lines(seams);
  for (const member of members) {
    out.gap().lines(memberDoc(model, member));
    emitBody(out, model, member, `public ${isStatic ? "static " : ""}`, !isStatic, name);
  }
  const path = `bindings/php/src/Internal/${name}.php`;
  const uses = importable(model).filter((use) => !/^Pardox\\Internal\\/.test(use));
  return phpFile(
    path,
    "Pardox\\Internal",
    uses,
    [SOURCES.face, SOURCES.wire],
    [out.close("}").text()],
  );
}

function emitBody(
  out: Lines,
  model: Model,
  member: Member,
  before: string,
  isMethod: boolean,
  owner: string,
): void {
  // A group gives what it stands on: a frame of either kind.
  const result = owner === "GroupSteps" ? "DataFrame|LazyFrame" : null;
  const lines = signature(model, member, before).map((line) =>
    result === null ? line : line.replace("): static", `): ${result}`),
  );
  out.lines(lines).open("");
  out.lines(body(model, member, isMethod)).close("}");
}

/** Functions of the namespace: what makes expressions, and what asks the library itself. */
function functions(model: Model): GeneratedFile {
  const out = new Lines("    ");
  for (const member of membersIn(classOf(model, "functions"), "php").filter(isGenerated)) {
    out.gap().lines(memberDoc(model, member));
    emitBody(out, model, member, "", false, "");
  }
  const others = membersIn(classOf(model, "module"), "php").filter(
    (member) => !isGenerated(member) && !isSource(member),
  );
  for (const member of others) {
    out
      .gap()
      .lines(memberDoc(model, member))
      .lines(signature(model, member, ""));
    const call = `Library::${member.names.php}();`;
    out
      .open("")
      .line(member.result.kind === "void" ? call : `return ${call}`)
      .close("}");
  }
  const path = "bindings/php/src/functions.php";
  const uses = importable(model).filter((use) => use.split("\\").length > 2);
  const file = phpFile(path, "Pardox", uses, [SOURCES.face, SOURCES.wire], [out.text()]);
  // `count` and `min` of this namespace would answer for PHP's own.
  return { ...file, text: file.text.replaceAll(/(?<=[ (=>])(array_map|array_values)\(/g, "\\$1(") };
}
