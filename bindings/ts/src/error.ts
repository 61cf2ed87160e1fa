// Errors: one class, whose `kind` is the name that every language gives the same mistake.

import type { Failure } from "./native.gen.js";
import { type ErrorKind, ErrorKinds } from "./operations.gen.js";

/** Where an error was met, and what it is about; what is not known is left out. */
export interface ErrorPlace {
  /** Path of the file, as the caller gave it. */
  readonly file?: string;
  /** Name of the column. */
  readonly column?: string;
  /** Record of the file, counting from 1. */
  readonly record?: number;
  /** Physical line of the file, counting from 1. */
  readonly line?: number;
  /** Offset from the start of the file, in bytes. */
  readonly byteOffset?: number;
  /** What was expected, where the error is a mismatch. */
  readonly expected?: string;
  /** What was found, where the error is a mismatch. */
  readonly found?: string;
  /** What to try. */
  readonly hint?: string;
}

/** What every call throws, or every promise rejects with, when the engine refuses. */
export class PardoxError extends Error implements ErrorPlace {
  /** What went wrong: branch on this, not on the message. */
  readonly kind: ErrorKind;
  // Declared only: what is not known is not there, so it is not printed either.
  declare readonly file?: string;
  declare readonly column?: string;
  declare readonly record?: number;
  declare readonly line?: number;
  declare readonly byteOffset?: number;
  declare readonly expected?: string;
  declare readonly found?: string;
  declare readonly hint?: string;

  /** Makes an error of its kind; bindings throw it for what they see before the engine does. */
  constructor(kind: ErrorKind, message: string, place: ErrorPlace = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PardoxError";
    this.kind = kind;
    Object.assign(this, place);
  }

  /** The error that the library filled in. @internal */
  static of(failure: Failure): PardoxError {
    const kind = ErrorKinds.get(failure.status) ?? "internal";
    const { file, column, expected, found, hint, record, line, byteOffset } = failure;
    const texts = { file, column, expected, found, hint };
    const numbers = { record, line, byteOffset };
    const known = Object.fromEntries([
      ...Object.entries(texts).filter(([, text]) => text !== ""),
      ...Object.entries(numbers).filter(([, number]) => number >= 0),
    ]) as ErrorPlace;
    return new PardoxError(kind, failure.message, known);
  }

  /** Work that its caller's signal ended, under the name that Node gives such errors. @internal */
  static cancelled(reason: unknown): PardoxError {
    const error = new PardoxError("cancelled", "the work was cancelled by its caller", {}, reason);
    error.name = "AbortError";
    return error;
  }
}
