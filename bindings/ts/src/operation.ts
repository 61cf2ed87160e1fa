// How a question is answered: started on a thread of the library, then waited for.
//
//   collect -> operation -> state? running: pause, look again          the event loop stays free
//                                  done, failed: result or error
//
// The wait asks (`pardox_operation_wait` with 0 ms) and sleeps on a timer. koffi's `.async` would
// sleep on a thread of libuv's pool, of which there are four for all files, names and ciphers of
// the process; a callback of the library could not keep the process alive, nor survive its end.

import { isMainThread } from "node:worker_threads";
import { PardoxError } from "./error.js";
import { Feed } from "./feed.js";
import { Handle } from "./handle.js";
import { native } from "./library.js";
import { State } from "./native.gen.js";
import { type CollectOptions, CollectOptionsFields, type Params } from "./operations.gen.js";
import { json, literal, options as wireOptions, record, type WireNode } from "./wire.js";

/** Literals of the wire by parameter name. */
export type Literals = Readonly<Record<string, ReturnType<typeof literal>>>;

/** Looks before the wait sleeps: work of a few microseconds is met at once. */
const LOOK_COUNT = 16;
const SLEEP_MS_MAX = 10;
const PROGRESS_MS = 100;

/** The schema major of the documents made here, and the smallest engine that answers them. */
const DOCUMENT = { schema: 1, engine: "0.1" };

/** Parameters as the wire has them. */
export const literals = (params: Params | undefined): Literals =>
  Object.fromEntries(
    Object.entries(record(params ?? {}, "values by parameter name")).map(([name, value]) => [
      name,
      literal(value, null, `parameter ${name}: `),
    ]),
  );

/** Both, where no name has two values. */
export function merged(left: Literals, right: Literals): Literals {
  for (const [name, value] of Object.entries(right)) {
    if (Object.hasOwn(left, name) && JSON.stringify(left[name]) !== JSON.stringify(value)) {
      throw new PardoxError("parameter", `the parameter ${name} is given two different values`);
    }
  }
  return { ...left, ...right };
}

/**
 * A parsed plan, the handles of its frames, and its parameters; given to `use`, then released.
 * `feeds` are those that are filled.
 */
export function withPlan<T>(
  node: WireNode,
  params: Literals,
  use: (plan: number, frames: readonly number[], params: string) => T,
  feeds: Feeds = new Map(),
): T {
  const { text, frames } = documentOf(node, feeds);
  const plan = native().planParse(text);
  try {
    const values = Object.keys(params).length === 0 ? "" : json(params);
    return use(plan, frames, values);
  } finally {
    native().release(plan);
  }
}

/** Feeds of a plan and the handles of what was written to them. */
type Feeds = ReadonlyMap<Feed, Handle>;

/**
 * The document, in which every frame and every feed stands as its position among the handles that
 * go with it.
 */
function documentOf(
  node: WireNode,
  feeds: Feeds,
): { readonly text: string; readonly frames: readonly number[] } {
  const positions = new Map<Handle, number>();
  const positionOf = (handle: Handle): number => {
    const index = positions.get(handle) ?? positions.size;
    positions.set(handle, index);
    return index;
  };
  const place = (value: unknown): unknown => {
    if (value instanceof Handle) return { index: positionOf(value) };
    if (!(value instanceof Feed)) return value;
    const handle = feeds.get(value);
    if (handle !== undefined) return positionOf(handle);
    throw new PardoxError("invalid_argument", "the plan reads a stream; only collect can ask it");
  };
  try {
    const text = json({ ...DOCUMENT, plan: node }, place);
    return { text, frames: [...positions.keys()].map((handle) => handle.value) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PardoxError("limit_exceeded", "the plan has too many steps to be written", {}, error);
  }
}

/** Work under way in this thread, by operation. */
const pending = new Set<number>();
let watchesExit = false;

class Operation {
  readonly #handle: number;
  readonly #options: CollectOptions;
  #toldAt = performance.now();

  constructor(node: WireNode, params: Literals, options: CollectOptions, feeds: Feeds) {
    this.#options = options;
    const { params: own, signal, onProgress, threads, ...rest } = options;
    checkHost(signal, onProgress);
    if (signal?.aborted) throw PardoxError.cancelled(signal.reason);
    const sent = { ...rest, ...(threads == null ? {} : { threads }) };
    const given = wireOptions("CollectOptions", sent, CollectOptionsFields);
    const all = merged(params, literals(own));
    const begin = (plan: number, frames: readonly number[], values: string): number =>
      native().collect(plan, frames, values, JSON.stringify(given));
    this.#handle = withPlan(node, all, begin, feeds);
    pending.add(this.#handle);
    if (!watchesExit) process.once("exit", endAll);
    watchesExit = true;
  }

  /** Waits off the event loop. */
  async wait(): Promise<Handle> {
    const { signal } = this.#options;
    const abort = (): void => native().operationCancel(this.#handle);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      for (let look = 0; this.#isRunning(0); look += 1) {
        await pause(look);
        this.#tell();
      }
      return this.#result();
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#close();
    }
  }

  /** Waits and blocks; a listener that aborts the signal is heard. */
  waitSync(): Handle {
    try {
      const slice = this.#options.onProgress == null ? -1 : PROGRESS_MS;
      while (this.#isRunning(slice)) {
        this.#tell();
        if (this.#options.signal?.aborted) native().operationCancel(this.#handle);
      }
      return this.#result();
    } finally {
      this.#close();
    }
  }

  #isRunning(timeoutMs: number): boolean {
    return native().operationWait(this.#handle, timeoutMs) === State.Running;
  }

  /** Tells the listener how far the work is; what it throws ends the work and is passed on. */
  #tell(): void {
    const { onProgress } = this.#options;
    if (onProgress == null || performance.now() - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = performance.now();
    onProgress(native().operationProgress(this.#handle));
  }

  #result(): Handle {
    try {
      return new Handle(native().operationResult(this.#handle), "frame");
    } catch (error) {
      const isCancelled = error instanceof PardoxError && error.kind === "cancelled";
      const { signal } = this.#options;
      throw isCancelled && signal?.aborted ? PardoxError.cancelled(signal.reason) : error;
    }
  }

  #close(): void {
    pending.delete(this.#handle);
    native().release(this.#handle);
  }
}

/** What only the binding looks at is checked here, since koffi and the engine never see it. */
function checkHost(signal: unknown, onProgress: unknown): void {
  if (signal != null && !(signal instanceof AbortSignal)) {
    throw new PardoxError("invalid_argument", "expected an AbortSignal for signal");
  }
  if (onProgress != null && typeof onProgress !== "function") {
    throw new PardoxError("invalid_argument", "expected a function for onProgress");
  }
}

/** Answers a question off the event loop; cancelled by `signal`. */
export async function answer(
  node: WireNode,
  params: Literals,
  options: CollectOptions = {},
): Promise<Handle> {
  const feeds = new Map<Feed, Handle>();
  try {
    const streams = feedsIn(node);
    if (streams.length > 0) checkHost(options.signal, options.onProgress);
    for (const feed of streams) feeds.set(feed, await feed.fill(options.signal));
    // The operation keeps what it reads.
    const operation = new Operation(node, params, options, feeds);
    closeAll(feeds);
    return await operation.wait();
  } finally {
    closeAll(feeds);
  }
}

/** Answers a question and blocks until it is done. */
export function answerSync(node: WireNode, params: Literals, options: CollectOptions = {}): Handle {
  const feeds = new Map<Feed, Handle>();
  try {
    for (const feed of feedsIn(node)) feeds.set(feed, feed.fillSync());
    return new Operation(node, params, options, feeds).waitSync();
  } finally {
    closeAll(feeds);
  }
}

function closeAll(feeds: Feeds): void {
  for (const handle of feeds.values()) handle.close();
}

/** The feeds of a plan, each once; a plan may be deep, so the steps to see are a list. */
function feedsIn(node: WireNode): readonly Feed[] {
  const found = new Set<Feed>();
  const pending: unknown[] = [node];
  while (pending.length > 0) {
    const [fields] = Object.values(pending.pop() as WireNode);
    if (typeof fields !== "object" || fields === null || fields instanceof Handle) continue;
    const { feed, input, left, right, inputs, tables } = fields as WireNode;
    if (feed instanceof Feed) found.add(feed);
    for (const one of [input, left, right]) if (one !== undefined) pending.push(one);
    if (inputs !== undefined) pending.push(...(inputs as readonly unknown[]));
    if (tables !== undefined) pending.push(...Object.values(tables as WireNode));
  }
  return [...found];
}

/** Lets the event loop go on: first a turn of it, then more and more milliseconds. */
function pause(look: number): Promise<void> {
  return new Promise((resolve) => {
    if (look < LOOK_COUNT) setImmediate(resolve);
    else setTimeout(resolve, Math.min(SLEEP_MS_MAX, 1 + Math.floor((look - LOOK_COUNT) / 4)));
  });
}

/**
 * The thread or the process ends with work under way: it is cancelled, and at the end of the
 * process joined, so that no thread of the library runs into a process that is torn down. A worker
 * that ends leaves the library to the others.
 */
function endAll(): void {
  if (pending.size === 0) return;
  for (const operation of pending) native().operationCancel(operation);
  if (isMainThread) native().shutdown();
}
