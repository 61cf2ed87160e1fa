// bindings/python/src/pardox/_operations.py and _module.py: the members that need no hand.
//
// Seams with the hand-written face:
//
//   _wire.py    one function for each kind (`expression`, `items`, `sort_keys`, ...), aliases
//   expressions.py     class Expr(ExprSteps) with `_make`, `_call`, `_aggregate`; CaseExpr;
//               functions `_call`, `_aggregate` for expressions that stand alone
//   frame.py    classes DataFrame, LazyFrame (FrameSteps) with `_step`, `_write`, `_group`;
//               class GroupBy(GroupSteps) with `_step`, `_keys`; function run
//   __init__.py exports all of _module.py, and the functions that are written by hand

import { classOf, membersIn } from "../../model/find.js";
import type { FaceClass, Member, Model, RecordType } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { body, definition, isGenerated, memberDoc } from "./members.js";
import { docstring, quote, typeName, tidy } from "./words.js";

export function emitOperations(model: Model): readonly GeneratedFile[] {
  return [
    { path: "bindings/python/src/pardox/_operations.py", text: operations(model) },
    { path: "bindings/python/src/pardox/_module.py", text: moduleFunctions(model) },
  ];
}

function operations(model: Model): string {
  const out = new Lines("    ");
  out.lines(opening("# ", SOURCES.face, SOURCES.wire)).line();
  out.line('"""Steps and expressions as methods, records, enums and error kinds."""').line();
  out.line("from __future__ import annotations").line();
  out.line("from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar").line();
  out.line("from . import _wire").line();
  out.line("if TYPE_CHECKING:").line("    from collections.abc import Mapping, Sequence").line();
  out.line("    from typing import Self").line();
  out.line("    from ._wire import (");
  for (const name of ALIASES) out.line(`        ${name},`);
  out
    .line("    )")
    .line("    from .expressions import Expr")
    .line("    from .frame import GroupBy");
  emitEnums(out, model);
  emitErrors(out, model);
  for (const record of model.face.records.filter(({ use }) => use === "result")) {
    if (record.name !== "Shape") emitRecord(out, record);
  }
  out.line().line().line('FrameT = TypeVar("FrameT", bound="FrameSteps")');
  emitSteps(out, model, classOf(model, "steps"), "FrameSteps", FRAME_SEAMS);
  emitSteps(out, model, classOf(model, "group"), "GroupSteps", GROUP_SEAMS);
  emitSteps(out, model, classOf(model, "expression"), "ExprSteps", EXPR_SEAMS);
  return tidy(out.text());
}

const ALIASES = [
  "Expression",
  "Item",
  "JoinKeys",
  "Operand",
  "Path",
  "SortKey",
  "SortKeys",
  "Value",
  "Wire",
];

function emitEnums(out: Lines, model: Model): void {
  for (const one of model.face.enums) {
    out.line().line(`# ${one.doc}`);
    const plain = one.values.filter(({ parameters }) => parameters === null);
    const names = `Literal[${plain.map(({ wire }) => quote(wire)).join(", ")}]`;
    // No Literal says a name with parameters.
    const isOpen = plain.length < one.values.length;
    out.line(isOpen ? `${one.name} = ${names} | str` : `${one.name} = ${names}`);
  }
}

function emitErrors(out: Lines, model: Model): void {
  out.line().line(`# ${model.face.errorsDoc.split("\n")[0]!.slice(0, 90)}`);
  out.line("ErrorKind = Literal[");
  out.lines(model.face.errors.map(({ wire }) => `    ${quote(wire)},`)).line("]");
  out.line().line("# Error kinds by their number in the C interface.");
  out.line("ERROR_KINDS: dict[int, ErrorKind] = {");
  out.lines(model.face.errors.map(({ number, wire }) => `    ${number}: ${quote(wire)},`));
  out.line("}");
}

function emitRecord(out: Lines, record: RecordType): void {
  out.line().line().open(`class ${record.name}(NamedTuple):`);
  out.lines(docstring(record.doc, [])).line();
  for (const field of record.fields) {
    out.line(`${field.names.python}: ${typeName(field.type)}`);
    out.lines(docstring(field.doc, []));
  }
  out.close("");
}

const FRAME_SEAMS = [
  "_wire: Wire",
  "",
  "def _step(self, node: Wire, params: Mapping[str, Value] | None = None) -> Self:",
  "    raise NotImplementedError",
  "",
  "def _write(self, node: Wire) -> WriteReport:",
  "    raise NotImplementedError",
  "",
  "def _group(self, keys: list[Wire]) -> GroupBy[Self]:",
  "    raise NotImplementedError",
];

const GROUP_SEAMS = [
  "_wire: Wire",
  "_keys: list[Wire]",
  "",
  "def _step(self, node: Wire, params: Mapping[str, Value] | None = None) -> FrameT:",
  "    raise NotImplementedError",
];

const EXPR_SEAMS = [
  "_wire: Wire",
  "",
  "def _make(self, wire: Wire) -> Expr:",
  "    raise NotImplementedError",
  "",
  "def _self(self) -> Expr:",
  "    raise NotImplementedError",
  "",
  "def _call(self, function: str, *operands: Operand, at: int = 0) -> Expr:",
  "    raise NotImplementedError",
  "",
  "def _aggregate(self, function: str) -> Expr:",
  "    raise NotImplementedError",
];

function emitSteps(
  out: Lines,
  model: Model,
  one: FaceClass,
  name: string,
  seams: readonly string[],
): void {
  const base = name === "GroupSteps" ? "(Generic[FrameT])" : "";
  out.line().line().open(`class ${name}${base}:`);
  out.lines(docstring(one.doc.split("\n\n")[0]!.replaceAll("\n", " "), [])).line();
  out.lines(seams);
  for (const member of membersIn(one, "python").filter(isGenerated)) emitMethod(out, model, member);
  if (name === "ExprSteps") emitOperators(out, one);
  out.close("");
}

function emitMethod(out: Lines, model: Model, member: Member): void {
  out
    .line()
    .lines(definition(model, member, true))
    .open("");
  out
    .lines(memberDoc(model, member))
    .lines(body(model, member, true))
    .close("");
}

/** Python's methods for operators: `a + b` and, where the left one is plain, `1 + b`. */
const OPERATORS: Readonly<Record<string, readonly [name: string, reflected: string | null]>> = {
  "+": ["__add__", "__radd__"],
  "-": ["__sub__", "__rsub__"],
  "*": ["__mul__", "__rmul__"],
  "/": ["__truediv__", "__rtruediv__"],
  "//": ["__floordiv__", "__rfloordiv__"],
  "%": ["__mod__", "__rmod__"],
  "==": ["__eq__", null],
  "!=": ["__ne__", null],
  "<": ["__lt__", null],
  "<=": ["__le__", null],
  ">": ["__gt__", null],
  ">=": ["__ge__", null],
  "&": ["__and__", "__rand__"],
  "|": ["__or__", "__ror__"],
};
const UNARY: Readonly<Record<string, string>> = { neg: "__neg__", "~": "__invert__" };

function emitOperators(out: Lines, one: FaceClass): void {
  for (const member of membersIn(one, "python")) {
    const { operator, mapping } = member;
    if (operator === null || mapping.kind !== "call") continue;
    const unary = UNARY[operator];
    if (unary !== undefined) {
      out.line().line(`def ${unary}(self) -> Expr:`);
      out.line(`    """Do what \`${member.names.python}\` does."""`);
      out.line(`    return self._call(${quote(mapping.function)})`);
    }
    const [name, reflected] = OPERATORS[operator] ?? [null, null];
    if (name === null) continue;
    const ignore = name === "__eq__" || name === "__ne__" ? "  # type: ignore[override]" : "";
    out.line().line(`def ${name}(self, other: Operand) -> Expr:${ignore}`);
    out.line(`    """Do what \`${member.names.python}\` does."""`);
    out.line(`    return self._call(${quote(mapping.function)}, other)`);
    if (reflected === null) continue;
    out.line().line(`def ${reflected}(self, other: Operand) -> Expr:`);
    out.line(`    """Do what \`${member.names.python}\` does, for a plain left operand."""`);
    out.line(`    return _wire.expr(other)._call(${quote(mapping.function)}, self._self())`);
  }
}

function moduleFunctions(model: Model): string {
  const roles = ["module", "functions"] as const;
  const members = roles.flatMap((role) =>
    membersIn(classOf(model, role), "python").filter(isGenerated),
  );
  const bodies = new Lines("    ");
  for (const member of members) {
    bodies
      .line()
      .line()
      .lines(definition(model, member, false))
      .open("");
    bodies
      .lines(memberDoc(model, member))
      .lines(body(model, member, false))
      .close("");
  }
  const text = bodies.text();
  const out = new Lines("    ");
  out.lines(opening("# ", SOURCES.face, SOURCES.wire)).line();
  out.line('"""Functions of the module: where tables come from, and what makes expressions."""');
  out.line().line("from __future__ import annotations").line();
  out.line("from typing import TYPE_CHECKING").line();
  out.line("from . import _wire").line("from . import expressions as _expr");
  out.line("from . import frame as _frame").line();
  out.line("if TYPE_CHECKING:").line("    from collections.abc import Mapping, Sequence").line();
  const types = ["CsvSniff", "FrameSteps", ...model.face.enums.map(({ name }) => name)].sort();
  const used = types.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  out.line("    from ._operations import (");
  out.lines(used.map((name) => `        ${name},`)).line("    )");
  out.line("    from ._wire import Expression, Operand, Path, Selector, Source, Value, Wire");
  out.line("    from .expressions import CaseExpr, Expr");
  out.line("    from .frame import DataFrame, LazyFrame");
  out.line().line("__all__ = [");
  out.lines(members.map(({ names }) => `    "${names.python}",`).sort()).line("]");
  return tidy(out.text() + text);
}
