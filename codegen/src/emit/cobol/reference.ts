// docs/reference/cobol.md: every CALL with its areas, the texts, types and statuses.

import type { Member, Model, RecordType } from "../../model/model.js";
import { cobolData } from "../../model/names.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import {
  type Area,
  areasOf,
  callLines,
  handCallsOf,
  itemsOf,
  itemsOfArea,
  stepCallsOf,
} from "./calls.js";
import { STATUS_END } from "./copybooks.js";
import { returnCodeOf } from "./native.js";

export function emitCobolReference(model: Model): GeneratedFile {
  const out = new Lines();
  out.line("# PardoX for COBOL: reference").line();
  out.line("<!--").lines(opening("", SOURCES.face)).line("-->").line();
  out.lines([
    "Every `CALL` is by reference, runs at once and ends with the error record. Texts are padded",
    "with blanks and have their length behind them, as here or by `BY CONTENT LENGTH OF` the item;",
    "`OMITTED` leaves an optional one out. `bindings/cobol/README.md` has the rules.",
    "",
    "```cobol",
    "       COPY PARDOX.",
    "       COPY PDXOPS.",
    "```",
  ]);
  out.gap().line("## Steps");
  for (const call of stepCallsOf(model)) {
    emitMember(out, call.member, itemsOf(call), areasOf(call));
  }
  out.gap().line("## Other calls");
  for (const { member, items } of handCallsOf(model)) emitMember(out, member, items, []);
  emitWords(out, model);
  emitFunctions(out, model);
  for (const record of model.face.records) emitOptions(out, record);
  emitTypes(out, model);
  emitStatuses(out, model);
  return { path: "docs/reference/cobol.md", text: out.text() };
}

function emitMember(
  out: Lines,
  { names, docs }: Member,
  items: readonly string[],
  areas: readonly Area[],
): void {
  out.gap().line(`### ${names.cobol}`).line().line(docs.summary).line();
  out
    .line("```cobol")
    .lines(callLines(names.cobol, items, " ".repeat(11)))
    .line("```")
    .line();
  for (const area of areas) {
    out.line(`- \`${itemsOfArea(area).join("` `")}\`: ${area.doc}`);
  }
  if (areas.length > 0) out.line();
  if (docs.nulls !== null) out.line(`Nulls: ${docs.nulls}`).line();
  const kinds = docs.errors.map((kind) => `\`${cobolData("err", kind)}\``).join(", ");
  out.line(`Status: ${kinds === "" ? "none of its own" : kinds}.`).line();
}

/** How the members that COBOL has no CALL for are said in text. */
function emitWords(out: Lines, model: Model): void {
  out.gap().line("## In texts").line();
  out.line("What other languages call is text here.").line();
  out.line("| meaning | text |").line("| --- | --- |");
  for (const { members } of model.face.classes) {
    for (const { absent, docs, mapping } of members) {
      // Functions have a table of their own.
      if (mapping.kind === "call" || mapping.kind === "aggregate") continue;
      const text = /^the text door: (.*)$/.exec(absent.cobol ?? "")?.[1];
      if (text !== undefined) out.line(`| ${cell(docs.summary)} | \`${cell(text)}\` |`);
    }
  }
}

/** The functions as text writes them; docs/functions.md has their types. */
function emitFunctions(out: Lines, model: Model): void {
  out.gap().line("## Functions in texts").line();
  out.line("[Functions](../functions.md) has the types that each takes.").line();
  out
    .line("| text | meaning | nulls | status | for example |")
    .line("| --- | --- | --- | --- | --- |");
  for (const one of model.functions) {
    const kinds = one.errors.map((kind) => `\`${cobolData("err", kind)}\``).join(", ");
    const { text, answer } = one.example;
    const example = `\`${cell(text)}\` is \`${cell(answer)}\``;
    const cells = [`\`${cell(one.text)}\``, cell(one.doc), cell(one.nulls), kinds, example];
    out.line(`| ${cells.join(" | ")} |`);
  }
}

/** Records that are given as JSON: their fields as they stand in it. */
function emitOptions(out: Lines, record: RecordType): void {
  if (record.use !== "options" || !JSON_RECORDS.has(record.name)) return;
  out.gap().line(`## ${record.name}`).line().line(`${record.doc} One JSON object.`).line();
  out.line("| field | default | meaning |").line("| --- | --- | --- |");
  for (const { wire, doc, default: value } of record.fields) {
    out.line(`| \`${wire}\` | \`${cell(JSON.stringify(value ?? null))}\` | ${cell(doc)} |`);
  }
}
const JSON_RECORDS = new Set(["CsvReadOptions", "CsvWriteOptions", "DisplayOptions"]);

function emitTypes(out: Lines, model: Model): void {
  out.gap().line("## Types").line().line("| type | condition | meaning |");
  out.line("| --- | --- | --- |");
  const dtype = model.face.enums.find(({ name }) => name === "DataType");
  for (const { wire, doc } of dtype?.values ?? []) {
    out.line(`| \`${wire}\` | \`${cobolData("is", wire)}\` | ${cell(doc)} |`);
  }
}

function emitStatuses(out: Lines, model: Model): void {
  out.gap().line("## Status").line();
  out.line("| PDX-STATUS | condition | RETURN-CODE | meaning |").line("| --- | --- | --- | --- |");
  out.line("| 0 | `PDX-OK` | 0 | Done. |");
  out.line(`| ${STATUS_END} | \`PDX-END\` | 4 | The end of rows, lines or columns. |`);
  for (const { name, wire, number, doc } of model.face.errors) {
    const code = returnCodeOf(wire);
    out.line(`| ${number} | \`${cobolData("err", name)}\` | ${code} | ${cell(doc)} |`);
  }
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
