// native.gen.h: every function of pardox.h by name, the fingerprint, and RETURN-CODE by status.

import type { Model } from "../../model/model.js";
import { refuse } from "../../problems.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { STATUS_END } from "./copybooks.js";

/** The class of every error: 8 the program's or its data's, 12 the system's, 16 no use to go on. */
const RETURN_CODES: Readonly<Record<number, readonly string[]>> = {
  8: [
    "invalid_argument",
    "invalid_handle",
    "released_handle",
    "unsupported",
    "not_found",
    "permission_denied",
    "is_directory",
    "empty_input",
    "invalid_utf8",
    "field_count",
    "unterminated_quote",
    "stray_quote",
    "bad_value",
    "duplicate_column",
    "corrupt_file",
    "unsupported_version",
    "invalid_option",
    "invalid_plan",
    "syntax",
    "unknown_column",
    "unknown_table",
    "unknown_function",
    "parameter",
    "type_mismatch",
    "overflow",
    "division_by_zero",
    "bad_cast",
  ],
  12: ["busy", "cancelled", "disk_full", "file_changed", "io", "limit_exceeded"],
  16: ["forked", "shut_down", "internal"],
};

/** RETURN-CODE of an error. */
export function returnCodeOf(wire: string): number {
  const found = Object.entries(RETURN_CODES).find(([, kinds]) => kinds.includes(wire));
  if (found === undefined) return refuse(wire, "has no RETURN-CODE (emit/cobol/native.ts)");
  return Number(found[0]);
}

export function emitNativeHeader(model: Model): GeneratedFile {
  const out = new Lines();
  out.lines(opening("// ", SOURCES.native)).line("//");
  out.line("// Included behind pardox.h: its functions as pointers, which library.c fills.").gap();
  out.line("#ifndef PDX_NATIVE_GEN_H").line("#define PDX_NATIVE_GEN_H").gap();
  out.line('#include "pardox.h"').gap();
  out.line("// The surface that this shim was generated for.");
  out.line("#ifndef PDX_FINGERPRINT");
  out.line(`#define PDX_FINGERPRINT UINT64_C(0x${model.abi.fingerprint.toString(16)})`);
  out.line("#endif").gap();
  const { functions } = model.abi;
  out.line("#define PDX_NATIVES(X) \\");
  functions.forEach(({ name }, i) =>
    out.line(`  X(${name})${i + 1 < functions.length ? " \\" : ""}`),
  );
  out.gap().line("#define PDX_MEMBER(name) __typeof__(&name) name;");
  out.line("typedef struct pdx_natives { PDX_NATIVES(PDX_MEMBER) } pdx_natives;");
  out.line("#undef PDX_MEMBER").gap();
  emitReturnCodes(out, model);
  out.gap().line("#endif");
  return { path: "bindings/cobol/src/native.gen.h", text: out.text() };
}

function emitReturnCodes(out: Lines, model: Model): void {
  out.line(
    "// RETURN-CODE: 0 done, 4 the end, 8 the program's or its data's fault, 12 the system's,",
  );
  out.line("// 16 no use to go on.");
  out.open("static inline int pdx_return_code(int32_t status) {").open("switch (status) {");
  out.line("case 0: return 0;").line(`case ${STATUS_END}: return 4;`);
  for (const { wire, number } of model.face.errors) {
    out.line(`case ${number}: return ${returnCodeOf(wire)}; // ${wire}`);
  }
  out.line("default: return 16;").close("}").close("}");
}
