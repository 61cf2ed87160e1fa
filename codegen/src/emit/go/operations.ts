// bindings/go/operations_gen.go: steps, expressions, functions of the package, enums, error kinds.
//
// Seams with the hand-written face:
//
//   wire.go    type target with one method for each kind, `apply`, aliases of kinds (Operand, ...)
//   expr.go    type Expr; call, aggregate, cast, formed, literalExpr, newCase, sortKey, question
//   frame.go   types FrameSteps, DataFrame, LazyFrame, GroupBy; target.lazy, run, write
//   errors.go  type Error; the sentinels declared here are of its type Kind

import { classOf, membersIn } from "../../model/find.js";
import type { Model, RecordType } from "../../model/model.js";
import { goExported } from "../../model/names.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { body, definition, isGenerated, memberDoc } from "./members.js";
import { aligned, comment, typeName } from "./words.js";

export function emitOperations(model: Model): GeneratedFile {
  const out = new Lines("\t");
  out
    .lines(opening("// ", SOURCES.face, SOURCES.wire))
    .line()
    .line("package pardox")
    .line();
  out.open("import (").line('"context"').line('"io"').close(")");
  emitEnums(out, model);
  emitErrors(out, model);
  const results = model.face.records.filter(({ use }) => use === "result");
  for (const record of results) if (record.name !== "Shape") emitRecord(out, record);
  for (const role of ["module", "functions", "steps", "group", "expression"] as const) {
    const one = classOf(model, role);
    for (const member of membersIn(one, "go").filter(isGenerated)) {
      out
        .line()
        .lines(memberDoc(model, member))
        .open(`${definition(model, member, one)} {`);
      out.lines(body(model, member, one)).close("}");
    }
  }
  return { path: "bindings/go/operations_gen.go", text: out.text() };
}

function emitEnums(out: Lines, model: Model): void {
  for (const one of model.face.enums) {
    out
      .line()
      .lines(comment(`${one.name}: ${one.doc}`))
      .line(`type ${one.name} string`);
    out
      .line()
      .lines(comment(`Values of ${one.name}.`))
      .open("const (");
    // A type with parameters is made by a function of the face, such as DataTypeDecimal.
    for (const value of one.values.filter(({ parameters }) => parameters === null)) {
      out.lines(comment(value.doc));
      out.line(`${one.name}${goExported(value.wire)} ${one.name} = ${JSON.stringify(value.wire)}`);
    }
    out.close(")");
  }
}

function emitErrors(out: Lines, model: Model): void {
  out.line().lines(comment("Kinds of errors, for errors.Is(err, pardox.ErrNotFound)."));
  out.open("const (");
  for (const error of model.face.errors) {
    out.lines(comment(error.doc));
    out.line(`Err${goExported(error.wire)} Kind = ${JSON.stringify(error.wire)}`);
  }
  out.close(")").line();
  out.line("// Kinds by their number in the C interface.").open("var kinds = map[int32]Kind{");
  const pairs = model.face.errors.map(
    ({ number, wire }) => [`${number}:`, `Err${goExported(wire)},`] as const,
  );
  out.lines(aligned(pairs));
  out.close("}");
}

function emitRecord(out: Lines, record: RecordType): void {
  out
    .line()
    .lines(comment(`${record.name}: ${record.doc}`))
    .open(`type ${record.name} struct {`);
  for (const field of record.fields) {
    out.lines(comment(field.doc)).line(`${field.names.go} ${typeName(field.type)}`);
  }
  out.close("}");
}
