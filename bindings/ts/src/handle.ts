// A handle of the library and its end: `close` gives it back at once, the collector gives back
// what was forgotten. What refers to a frame's handle (a plan, a lazy frame) keeps it alive.

import { PardoxError } from "./error.js";
import { native } from "./library.js";

/** The safety net: it holds the number only, so it keeps nothing alive. */
const forgotten = new FinalizationRegistry<number>((value) => {
  try {
    native().release(value);
  } catch {
    // A finalizer has nobody to tell; the library has counted the handle as released or is gone.
  }
});

export class Handle {
  readonly #what: string;
  #value: number;

  /** Takes over `value`; `what` names it in errors. */
  constructor(value: number, what: string) {
    this.#what = what;
    this.#value = value;
    forgotten.register(this, value, this);
  }

  /** The number that the library knows. */
  get value(): number {
    if (this.#value !== 0) return this.#value;
    throw new PardoxError("released_handle", `the ${this.#what} was closed before`);
  }

  get isClosed(): boolean {
    return this.#value === 0;
  }

  /** Gives the handle back; once more does nothing. */
  close(): void {
    if (this.#value === 0) return;
    forgotten.unregister(this);
    const value = this.#value;
    this.#value = 0;
    native().release(value);
  }
}

/** Lets `handle` live as long as `memory`: the collector of the one releases the other. */
export function tie(memory: ArrayBuffer, handle: number): void {
  forgotten.register(memory, handle);
}
