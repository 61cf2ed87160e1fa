// The fingerprint of a surface (docs/abi.md): FNV-1a with 64 bits, of which the low 53 are kept (a
// PHP integer and a JavaScript number hold them), over one line for each declaration, sorted.
//
//   function pardox_live(int64* handle_count, int64* size_bytes, struct pardox_error* error)
//   struct pardox_view 72: 0 uint32 struct_size, 4 int32 dtype, ...
//   enum pardox_state: running 0, done 1, failed 2
//
// Doc comments and the order of declarations do not change it; any name, type or number does.

import type { Header } from "../read/header.js";
import type { NativeType } from "./model.js";

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const KEPT_BITS = 53;

/** The fingerprint of what the header declares. */
export function fingerprintOf(header: Header): bigint {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(surfaceText(header))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  return BigInt.asUintN(KEPT_BITS, hash);
}

/** The lines that the fingerprint is taken of. */
export function surfaceText({ functions, structs, enums }: Header): string {
  const lines = [
    ...functions.map(({ name, parameters }) => {
      const list = parameters.map((one) => `${typeText(one.type)} ${one.name}`);
      return `function ${name}(${list.join(", ")})`;
    }),
    ...structs.map(({ name, sizeBytes, fields }) => {
      const list = fields.map((field) => {
        const length = field.length === null ? "" : `[${field.length}]`;
        return `${field.offsetBytes} ${typeText(field.type)} ${field.name}${length}`;
      });
      return `struct ${name} ${sizeBytes}: ${list.join(", ")}`;
    }),
    ...enums.map(({ name, values }) => {
      const list = values.map(({ short, number }) => `${short} ${number}`);
      return `enum ${name}: ${list.join(", ")}`;
    }),
  ];
  return lines
    .sort()
    .map((line) => `${line}\n`)
    .join("");
}

function typeText({ base, struct, pointers, isConst }: NativeType): string {
  const name = struct === null ? base : `struct ${struct}`;
  return `${isConst ? "const " : ""}${name}${"*".repeat(pointers)}`;
}
