// pdxshim.gen.c: one C function for each step, in terms of step.c and run.c.

import type { Model } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { type Area, areasOf, PARAMS, type Put, type StepCallOf, stepCallsOf } from "./calls.js";

export function emitShim(model: Model): GeneratedFile {
  const out = new Lines();
  out.lines(opening("// ", SOURCES.face, SOURCES.wire)).line("//");
  out.line(
    "// The steps of a plan as CALLs. All items are BY REFERENCE; the error record is last.",
  );
  out.gap().line('#include "pdxshim.h"');
  for (const call of stepCallsOf(model)) emitCall(out, call);
  return { path: "bindings/cobol/src/pdxshim.gen.c", text: out.text() };
}

const LINE_LENGTH_MAX = 96;

/** `PDX-PREDICATE` as C calls it. */
const local = ({ name }: Area): string =>
  name.replace(/^PDX-/, "").replaceAll("-", "_").toLowerCase();

function emitCall(out: Lines, call: StepCallOf): void {
  const parameters = [...areasOf(call).flatMap(parametersOf), "pardox_error *error"];
  out.gap().line(`/* ${call.member.docs.summary} */`);
  out.line(`PDX_EXPORT int ${call.name}(`);
  parameters.forEach((one, i) => out.line(`    ${one}${i + 1 < parameters.length ? "," : ")"}`));
  out.open("{").line("pdx_call call;").line(`pdx_begin(&call, "${call.name}", error);`);
  out.line(`pdx_step(&call, "${call.node}");`);
  for (const put of call.puts) out.line(putText(put));
  if (call.hasParams) out.line(`pdx_give_params(&call, ${local(PARAMS)});`);
  out.line(`return ${END[call.gives.role] ?? "pdx_run(&call, result)"};`);
  out.close("}");
}

/** How a call ends, by what it gives; others give a frame. */
const END: Readonly<Partial<Record<Area["role"], string>>> = {
  report: "pdx_run_report(&call, rows, bytes)",
  total: "pdx_run_count(&call, rows)",
  sniff:
    "pdx_run_sniff(&call, found, found_length, text_length, column_count, confidence,\n" +
    "                     doubt, doubt_length)",
};

function parametersOf(area: Area): readonly string[] {
  const name = local(area);
  switch (area.role) {
    case "text":
      return [`const char *${name}`, `const int32_t *${name}_length`];
    case "frame":
    case "result":
      return [`uint64_t *${name}`];
    case "count":
      return [`const int64_t *${name}`];
    case "params":
      return [`const pdx_params *${name}`];
    case "tables":
      return [`pdx_tables *${name}`];
    case "report":
      return ["int64_t *rows", "int64_t *bytes"];
    case "total":
      return ["int64_t *rows"];
    case "sniff":
      return [
        "char *found",
        "const int32_t *found_length",
        "int32_t *text_length",
        "int64_t *column_count",
        "double *confidence",
        "char *doubt",
        "const int32_t *doubt_length",
      ];
  }
}

function putText({ helper, field, areas, extra }: Put): string {
  const values = areas.map((area) => {
    const name = local(area);
    if (area.role !== "text") return name;
    return `pdx_piece_of(&call, ${name}, ${name}_length, "${area.name}-LENGTH")`;
  });
  const args = ["&call", `"${field}"`, ...values, ...(extra === null ? [] : [extra])];
  const line = `${helper}(${args.join(", ")});`;
  if (line.length <= LINE_LENGTH_MAX) return line;
  return `${helper}(&call, "${field}",\n    ${args.slice(2).join(", ")});`;
}
