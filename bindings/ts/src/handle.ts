// A handle of the library and its end: `close` gives it back at once, the collector gives back
// what was forgotten, and a worker thread that ends gives back all of its own. What refers to a
// frame's handle (a plan, a lazy frame) keeps it alive.

import { isMainThread } from "node:worker_threads";
import { PardoxError } from "./error.js";
import { native } from "./library.js";

/** The safety net: it holds the number only, so it keeps nothing alive. */
const forgotten = new FinalizationRegistry<number>(giveBack);

/** Handles open in this thread. The end of the process needs no list, the end of a worker does. */
const open = new Set<number>();
if (!isMainThread) process.once("exit", () => open.forEach(giveBack));

function giveBack(value: number): void {
  open.delete(value);
  try {
    native().release(value);
  } catch {
    // Nobody is left to be told; the library counts the handle as released, or is gone.
  }
}

export class Handle {
  readonly #what: string;
  #value: number;

  /** Takes over `value`; `what` names it in errors. */
  constructor(value: number, what: string) {
    this.#what = what;
    this.#value = value;
    open.add(value);
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
    open.delete(value);
    native().release(value);
  }
}

/** Lets `handle` live as long as `memory`: the collector of the one releases the other. */
export function tie(memory: ArrayBuffer, handle: number): void {
  forgotten.register(memory, handle);
}
