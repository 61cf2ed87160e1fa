// PHP: native layer over FFI, steps and expressions as traits, functions, enums, dispatch.
//
//   bindings/php/src/Internal/Native.php           native.ts       seams: Internal/Failure.php
//   bindings/php/src/Internal/*Steps.php           operations.ts   seams: Internal/Wire.php,
//   bindings/php/src/Internal/*Sources.php         Expr.php, DataFrame.php, LazyFrame.php
//   bindings/php/src/functions.php                 operations.ts   seams: Internal/Library.php
//   bindings/php/src/<Enum>.php, <Record>.php      types.ts
//   bindings/php/tests/Dispatch.php                dispatch.ts     seams: tests/Values.php
//   docs/reference/php.md                          reference.ts

import type { Model } from "../../model/model.js";
import type { GeneratedFile } from "../emitter.js";
import { emitDispatch } from "./dispatch.js";
import { emitNative } from "./native.js";
import { emitOperations } from "./operations.js";
import { emitPhpReference } from "./reference.js";
import { emitTypes } from "./types.js";

export function emit(model: Model): readonly GeneratedFile[] {
  return [
    emitNative(model),
    ...emitOperations(model),
    ...emitTypes(model),
    emitDispatch(model),
    emitPhpReference(model),
  ];
}
