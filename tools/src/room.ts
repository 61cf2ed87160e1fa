// What one row of the table in rooms.ts may say.

import type { ToolName } from "./toolchain/tool.js";

/** Commands that are made of rooms' steps, in the order `npm run` lists them. */
export const COMMANDS = ["build", "test", "gen", "check", "conformance", "bench", "demo"] as const;
export type CommandName = (typeof COMMANDS)[number];

/** One program to run from the repository's root. */
export interface Step {
  /** What it does, for the line that is printed. */
  readonly name: string;
  /** Program and words, parted by spaces: no shell reads them. */
  readonly run: string;
  /** Folder to run in, from the repository's root. */
  readonly cwd?: string;
  /** Variables beside `PARDOX_LIBRARY` and `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Tools that this step needs beside those of its room. */
  readonly uses?: readonly ToolName[];
  /**
   * How words after the room reach the program: `npm run test -- core csv` gives `["csv"]`.
   * A step without this takes none, and is left out, with a line that says so, when there are some.
   */
  readonly words?: (words: readonly string[]) => readonly string[];
  /** Prints the output as it comes, for what a person runs to read. */
  readonly show?: boolean;
  /** Minutes after which the step is stopped and has failed; 20 unless said. */
  readonly minutes?: number;
}

/** A part of the repository with commands of its own. */
export interface Room {
  readonly name: string;
  /** One line for `npm run test -- --help`. */
  readonly about: string;
  /** Tools that every step of the room needs. */
  readonly uses: readonly ToolName[];
  /** Rooms that are built before any step of this one runs. */
  readonly after: readonly string[];
  readonly steps: Readonly<Partial<Record<CommandName, readonly Step[]>>>;
}
