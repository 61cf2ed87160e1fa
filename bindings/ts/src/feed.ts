// Bytes of the host as a source of CSV text, in a plan as the feed that they are written to.
//
//   Readable, web stream, iterable, Uint8Array --> pieces --> pardox_feed_write --> { feed: index }
//
// A write copies, to memory and then to a temporary file, so the next piece is asked for when the
// last one is put away: a stream is never further ahead than one piece. What a stream throws is
// thrown on as it is, and what it holds open is closed as `for await` closes it.

import { PardoxError } from "./error.js";
import { Handle } from "./handle.js";
import { native } from "./library.js";
import type { ByteStream } from "./operations.gen.js";

/** Bytes written at once; between two of them the event loop goes on. */
const PIECE_BYTES = 1 << 20;

/** Where bytes of the host stand in a plan; each run writes a feed of its own. */
export class Feed {
  readonly #source: Uint8Array | ByteStream;
  #isRead = false;

  constructor(source: Uint8Array | ByteStream) {
    this.#source = source;
  }

  /** A finished feed with all bytes, written off the event loop piece by piece. */
  async fill(signal: AbortSignal | null | undefined): Promise<Handle> {
    this.#begin();
    const feed = open();
    try {
      let written = 0;
      for await (const piece of abortable(piecesOf(this.#source), signal)) {
        for (const part of partsOf(piece)) {
          native().feedWrite(feed.value, part);
          written += part.length;
          if (written < PIECE_BYTES) continue;
          written = 0;
          await new Promise((resolve) => setImmediate(resolve));
          if (signal?.aborted) throw PardoxError.cancelled(signal.reason);
        }
      }
      native().feedFinish(feed.value);
      return feed;
    } catch (error) {
      feed.close();
      throw error;
    }
  }

  /** A finished feed, written at once; only of what is at hand without waiting. */
  fillSync(): Handle {
    const source = this.#source;
    if (!(source instanceof Uint8Array) && !isIterable(source)) {
      const message = "the stream gives its bytes in time only; read it without Sync";
      throw new PardoxError("invalid_argument", message);
    }
    this.#begin();
    const feed = open();
    try {
      const pieces = source instanceof Uint8Array ? [source] : source;
      for (const piece of pieces) {
        for (const part of partsOf(piece)) native().feedWrite(feed.value, part);
      }
      native().feedFinish(feed.value);
      return feed;
    } catch (error) {
      feed.close();
      throw error;
    }
  }

  /** Bytes and lists may be read again and again; a stream or a generator once. */
  #begin(): void {
    if (this.#isRead) {
      throw new PardoxError("invalid_argument", "the stream was read before; it can be read once");
    }
    this.#isRead = !(this.#source instanceof Uint8Array || Array.isArray(this.#source));
  }
}

const open = (): Handle => new Handle(native().feedOpen('{"name":"stream"}'), "feed");

const isIterable = (value: object): value is Iterable<Uint8Array> => Symbol.iterator in value;

/** Whether a value is bytes, or gives some. */
export const givesBytes = (value: unknown): value is Uint8Array | ByteStream =>
  typeof value === "object" &&
  value !== null &&
  (value instanceof Uint8Array ||
    Symbol.asyncIterator in value ||
    Symbol.iterator in value ||
    "getReader" in value);

/** The pieces of a stream. A web stream is read by its reader, which not all make iterable. */
async function* piecesOf(source: Uint8Array | ByteStream): AsyncGenerator<unknown> {
  if (source instanceof Uint8Array) yield source;
  else if (Symbol.asyncIterator in source || isIterable(source)) yield* source;
  else {
    const reader = (source as ReadableStream<Uint8Array>).getReader();
    let isDone = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        isDone = done;
        if (done) return;
        yield value;
      }
    } catch (error) {
      isDone = true;
      throw error;
    } finally {
      if (!isDone) await reader.cancel();
      reader.releaseLock();
    }
  }
}

/** The same pieces; an abort ends the wait for the next one at once. */
async function* abortable(
  pieces: AsyncGenerator<unknown>,
  signal: AbortSignal | null | undefined,
): AsyncGenerator<unknown> {
  if (signal == null) {
    yield* pieces;
    return;
  }
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(PardoxError.cancelled(signal.reason));
    signal.addEventListener("abort", abort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    if (signal.aborted) abort();
    for (;;) {
      const next = await Promise.race([pieces.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // A stream that gives nothing any more would keep this waiting: it is closed on its own time.
    void pieces.return(undefined).catch(() => undefined);
  }
}

/** Bytes in parts that one write takes. */
function* partsOf(piece: unknown): Generator<Uint8Array> {
  if (!(piece instanceof Uint8Array)) {
    const message = `expected Uint8Array from the stream, found ${typeof piece}`;
    const hint = "a stream of text has an encoding set: leave it out";
    throw new PardoxError("invalid_argument", `${message}; ${hint}`, { hint });
  }
  for (let at = 0; at < piece.length; at += PIECE_BYTES) {
    yield piece.subarray(at, at + PIECE_BYTES);
  }
}
