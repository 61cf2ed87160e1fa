// Moments of any unit and zone as text: of a zone, the moment in UTC. The zone stands in the type.

import type { DataType } from "./operations.gen.js";

/** A type of moments of another unit than microseconds, or with a zone. */
export type MomentType = `timestamp(${string})`;

const DIGITS: Readonly<Record<string, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** Whether a type is one of moments with a unit of its own, or with a zone. */
export const isMoment = (dtype: DataType): dtype is MomentType => dtype.startsWith("timestamp(");

/** How the ticks of a type of moments are read. */
export interface MomentForm {
  /** Digits behind the point of a second. */
  readonly digits: number;
  /** Ticks of a second. */
  readonly perSecond: bigint;
  readonly isZoned: boolean;
}

/** The form of `timestamp`, `timestamp(ns)` or `timestamp(us,Europe/Berlin)`. */
export function momentForm(dtype: MomentType | "timestamp"): MomentForm {
  const parameters = dtype.slice("timestamp(".length, -1);
  const [unit = "", ...zone] = isMoment(dtype) ? parameters.split(",") : ["us"];
  const digits = DIGITS[unit] ?? 6;
  return { digits, perSecond: 10n ** BigInt(digits), isZoned: zone.length > 0 };
}

/** The largest whole number that is not above the quotient. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return (a - rest) / b - (rest < 0n ? 1n : 0n);
}
