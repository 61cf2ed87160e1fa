// Go: native layer over cgo, operations, options, functions of the package, dispatch, reference.
//
//   bindings/go/internal/native/native_gen.go       native.ts      seams: library.go
//   bindings/go/operations_gen.go                   operations.ts  seams: frame, expr, wire
//   bindings/go/options_gen.go                      options.ts     seams: wire.go
//   bindings/go/internal/conformance/dispatch_gen.go dispatch.ts   seams: main.go, values.go
//   docs/reference/go.md                            reference.ts

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import { emitDispatch } from "./dispatch.js";
import { emitNative } from "./native.js";
import { emitOperations } from "./operations.js";
import { emitOptions } from "./options.js";
import { emitGoReference } from "./reference.js";

export function emit(model: Model): readonly GeneratedFile[] {
  return [
    emitNative(model),
    emitOperations(model),
    emitOptions(model),
    emitDispatch(model),
    emitGoReference(model),
  ];
}
