// bindings/go/options_gen.go: one type for each option, and an interface for each record that takes
// it, so that the compiler refuses an option where it has no meaning.
//
// Seam: wire.go declares `target`, what options are applied to, and `apply`.

import { fieldsIn } from "../../model/find.js";
import type { Field, Model, RecordType } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { aligned, comment, literal, optionName, typeName } from "./words.js";

export function emitOptions(model: Model): GeneratedFile {
  const out = new Lines("\t");
  out.lines(opening("// ", SOURCES.face)).line().line("package pardox");
  const records = model.face.records.filter(({ use }) => use === "options");
  const taken = records.filter((record) => optional(record).length > 0 && !isEntry(record));
  for (const record of taken) {
    const name = optionName(record);
    const list = optional(record).map((field) => functionName(field));
    out.line().lines(comment(`${name}: ${record.doc} One of ${list.join(", ")}.`));
    out
      .open(`type ${name} interface {`)
      .line("option")
      .line(`${marker(record)}()`)
      .close("}");
  }
  const fields = new Map<string, Field>();
  for (const record of taken) {
    for (const field of optional(record))
      if (!fields.has(field.wire)) fields.set(field.wire, field);
  }
  for (const field of fields.values()) {
    emitOption(
      out,
      field,
      taken.filter((one) => optional(one).some((f) => f.wire === field.wire)),
    );
  }
  return { path: "bindings/go/options_gen.go", text: out.text() };
}

/** SortKey and JoinKey are what a user gives, not options. */
const isEntry = (record: RecordType): boolean => ["SortKey", "JoinKey"].includes(record.name);

const optional = (record: RecordType): readonly Field[] =>
  fieldsIn(record, "go").filter(({ isOptional }) => isOptional);

const functionName = (field: Field): string => `With${field.names.go}`;

const marker = (record: RecordType): string => {
  const name = optionName(record);
  return `is${name}`;
};

function emitOption(out: Lines, field: Field, records: readonly RecordType[]): void {
  const type = `${field.names.go}Option`;
  const isList = field.type.kind === "texts" || field.type.kind === "columns";
  const value = typeName(field.type);
  out.line().lines(comment(`${type} is made by ${functionName(field)}.`));
  out.line(`type ${type} struct{ value any }`);
  out
    .line()
    .lines(comment(`${functionName(field)} sets an option: ${field.doc} Default: ${said(field)}.`));
  const given = isList ? "values ...string" : `value ${value}`;
  const kept = isList ? "append([]string{}, values...)" : "value";
  out.open(`func ${functionName(field)}(${given}) ${type} {`);
  out.line(`return ${type}{${kept}}`).close("}");
  if (field.type.isNullable && field.default !== null) {
    out.line().lines(comment(`Without${field.names.go} takes the option ${field.wire} away.`));
    out.open(`func Without${field.names.go}() ${type} {`).line(`return ${type}{nil}`).close("}");
  }
  out.line().open(`func (o ${type}) set(to *target) error {`);
  out.line(`return to.${field.place === "beside" ? "beside" : "field"}("${field.wire}", o.value)`);
  out.close("}");
  out.lines(
    aligned(records.map((record) => [`func (${type}) ${marker(record)}()`, "{}"] as const)),
  );
}

/** A default as a reader of Go sees it. */
function said(field: Field): string {
  if (field.default === null) return "none";
  return Array.isArray(field.default)
    ? field.default.map((one) => JSON.stringify(one)).join(", ")
    : typeof field.default === "object"
      ? "none"
      : literal(field.default);
}
