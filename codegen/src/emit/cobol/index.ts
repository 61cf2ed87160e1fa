// COBOL: copybooks, the C shim behind the CALLs, the dispatch of the adapter, reference.
//
//   bindings/cobol/copybooks/PARDOX.cpy     copybooks.ts  status, error record, handles
//   bindings/cobol/copybooks/PDXOPS.cpy     copybooks.ts  areas of the CALLs, and each CALL's USING
//   bindings/cobol/src/native.gen.h         native.ts     functions of pardox.h, RETURN-CODE
//   bindings/cobol/src/pdxshim.gen.c        shim.ts       one function for each step: PDXFILT, ...
//   bindings/cobol/tests/DISPATCH.cpy       dispatch.ts   EVALUATE of the step, for the adapter
//   docs/reference/cobol.md                 reference.ts
//
// The CALLs of the face that are no step are written by hand in bindings/cobol/src/face.c and
// reader.c; calls.ts lists their areas and refuses a member that nobody wrote.

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import { emitOperationsCopybook, emitStatusCopybook } from "./copybooks.js";
import { emitDispatch } from "./dispatch.js";
import { emitNativeHeader } from "./native.js";
import { emitCobolReference } from "./reference.js";
import { emitShim } from "./shim.js";

export function emit(model: Model): readonly GeneratedFile[] {
  return [
    emitStatusCopybook(model),
    emitOperationsCopybook(model),
    emitNativeHeader(model),
    emitShim(model),
    emitDispatch(model),
    emitCobolReference(model),
  ];
}
