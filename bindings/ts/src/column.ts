// One column: its values in place as a typed array, or copied as values of JavaScript.

import { inspect } from "node:util";
import { type CellOptions, CellReader, isText } from "./cells.js";
import { isDecimal } from "./decimal.js";
import { PardoxError } from "./error.js";
import { Handle, tie } from "./handle.js";
import { native } from "./library.js";
import { isNested } from "./nested.js";
import { Native } from "./native.gen.js";
import type { DataType, Value, View } from "./operations.gen.js";

/** One column of a frame; it outlives its frame. */
export class Column {
  /** Its name. */
  readonly name: string;
  /** Its type. */
  readonly dtype: DataType;
  readonly #handle: Handle;

  /** Made by `DataFrame.column`. @internal */
  constructor(handle: Handle, name: string, dtype: DataType) {
    this.#handle = handle;
    this.name = name;
    this.dtype = dtype;
  }

  /** Number of values, nulls included. */
  get rowCount(): number {
    return native().columnInfo(this.#handle.value).rowCount;
  }

  /** Number of nulls. */
  get nullCount(): number {
    return native().columnInfo(this.#handle.value).nullCount;
  }

  /**
   * The values in place, without a copy: days since 1970 for dates, microseconds since 1970 for
   * timestamps. Not for text, bool, decimals, lists and structs, nor for a column that has nulls.
   *
   * The memory is shared and must not be written: it may be a file, and then a write ends the
   * process. It stays valid as long as the view is referred to, also after `close`.
   */
  view(): View {
    const { nullCount } = native().columnInfo(this.#handle.value);
    const type = this.dtype;
    if (isText(type) || type === "bool" || isDecimal(type) || isNested(type)) {
      const message = `expected a column of numbers or moments, found ${type}; take values()`;
      throw new PardoxError("type_mismatch", message, { column: this.name, found: type });
    }
    if (nullCount > 0) {
      const message = `expected a column without nulls, found ${nullCount}; take values()`;
      throw new PardoxError("unsupported", message, { column: this.name });
    }
    // A handle of its own, which ends with the memory and not with this object.
    const whole = native().columnRechunk(this.#handle.value);
    let isTied = false;
    try {
      if (native().columnInfo(whole).rowCount === 0) return typed(type, new ArrayBuffer(0));
      const { values, rowCount } = native().columnView(whole, 0);
      const memory = Native.memory(
        values,
        rowCount * typed(type, new ArrayBuffer(0)).BYTES_PER_ELEMENT,
      );
      tie(memory, whole);
      isTied = true;
      return typed(type, memory);
    } finally {
      if (!isTied) native().release(whole);
    }
  }

  /**
   * The values as a list, nulls as null.
   *
   * @param options - Which values stand for 64-bit integers and moments.
   */
  values(options?: CellOptions): Value[] {
    const reader = new CellReader(this.#handle, this.name, this.dtype, options);
    const all: Value[] = [];
    for (let chunk = reader.chunk(0); chunk.length > 0; chunk = reader.chunk(all.length)) {
      for (const value of chunk) all.push(value);
    }
    return all;
  }

  /** Gives the memory back, once nothing else uses it; a second close does nothing. */
  close(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](): string {
    if (this.#handle.isClosed) return `Column ${this.name} (closed)`;
    return `Column ${this.name}: ${this.dtype}, ${this.rowCount} rows, ${this.nullCount} nulls`;
  }
}

function typed(type: DataType, memory: ArrayBuffer): View {
  switch (type) {
    case "float64":
      return new Float64Array(memory);
    case "float32":
      return new Float32Array(memory);
    case "int8":
      return new Int8Array(memory);
    case "int16":
      return new Int16Array(memory);
    case "date":
    case "int32":
      return new Int32Array(memory);
    case "uint8":
      return new Uint8Array(memory);
    case "uint16":
      return new Uint16Array(memory);
    case "uint32":
      return new Uint32Array(memory);
    case "uint64":
      return new BigUint64Array(memory);
    default:
      return new BigInt64Array(memory);
  }
}
