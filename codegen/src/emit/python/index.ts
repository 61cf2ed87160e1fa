// Python: native layer over ctypes, operations, functions of the module, dispatch, reference.
//
//   bindings/python/src/pardox/_native.py       native.ts       seams: _library.py
//   bindings/python/src/pardox/_operations.py   operations.ts   seams: _wire.py, expr.py, frame.py
//   bindings/python/src/pardox/_module.py       operations.ts
//   bindings/python/tests/dispatch.py           dispatch.ts     seams: tests/values.py
//   docs/reference/python.md                    reference.ts

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import { emitDispatch } from "./dispatch.js";
import { emitNative } from "./native.js";
import { emitOperations } from "./operations.js";
import { emitPythonReference } from "./reference.js";

export function emit(model: Model): readonly GeneratedFile[] {
  return [
    emitNative(model),
    ...emitOperations(model),
    emitDispatch(model),
    emitPythonReference(model),
  ];
}
