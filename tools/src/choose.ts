// From the words of a command to the list of steps: which rooms, which builds before them.

import { Refusal } from "./report.js";
import type { CommandName, Room, Step } from "./room.js";
import type { ToolName } from "./toolchain/tool.js";

/** One step in its room, ready to run. */
export interface Job {
  readonly room: Room;
  readonly command: CommandName;
  readonly step: Step;
  /** Words that the step takes, already in the form its program wants. */
  readonly words: readonly string[];
}

export interface Choice {
  readonly jobs: readonly Job[];
  /** Steps left out because they take no words, by name. */
  readonly left: readonly string[];
}

/** Rooms a command means when no room is named; every room that has the command otherwise. */
const DEFAULT_ROOMS: Readonly<Partial<Record<CommandName, readonly string[]>>> = { demo: ["ts"] };

/**
 * Reads the words after a command: `` (all rooms), `all`, `core`, `core,abi`, `core csv`. A
 * room that is called as the command may be left out: `conformance go join`.
 *
 * Errors: `Refusal` for a word that is no room, for a room without the command, and for words that
 * no step of the room takes.
 */
export function choose(
  table: readonly Room[],
  command: CommandName,
  words: readonly string[],
): Choice {
  const [roomWord, ...rest] = withRoom(table, command, words);
  const chosen = chosenRooms(table, command, roomWord);
  const jobs: Job[] = [];
  const left: string[] = [];
  for (const room of buildsBefore(table, command, chosen)) {
    for (const step of room.steps.build ?? [])
      jobs.push({ room, command: "build", step, words: [] });
  }
  let taken = 0;
  for (const room of chosen) {
    for (const step of room.steps[command] ?? []) {
      if (rest.length > 0 && step.words === undefined) {
        left.push(`${room.name}: ${step.name}`);
        continue;
      }
      const own = rest.length > 0 && step.words !== undefined ? step.words(rest) : [];
      jobs.push({ room, command, step, words: own });
      taken += 1;
    }
  }
  if (taken === 0) {
    throw new Refusal(`no ${command} step of ${roomWord} takes words: ${rest.join(" ")}`);
  }
  return { jobs, left };
}

/** The tools that the steps need. */
export function toolsOf(jobs: readonly Job[]): ReadonlySet<ToolName> {
  return new Set(jobs.flatMap(({ room, step }) => [...room.uses, ...(step.uses ?? [])]));
}

/** `conformance go join`: words that name no room are for the room of the command's name. */
function withRoom(
  table: readonly Room[],
  command: CommandName,
  words: readonly string[],
): readonly string[] {
  const able = table.filter((room) => room.steps[command] !== undefined).map((room) => room.name);
  const [first] = words;
  if (first === undefined || first === "all" || !able.includes(command)) return words;
  return first.split(",").some((name) => able.includes(name)) ? words : [command, ...words];
}

function chosenRooms(
  table: readonly Room[],
  command: CommandName,
  word: string | undefined,
): readonly Room[] {
  const able = table.filter((room) => room.steps[command] !== undefined);
  if (word === "all") return needOne(able, command);
  if (word === undefined) {
    const names = DEFAULT_ROOMS[command];
    return needOne(names ? able.filter((room) => names.includes(room.name)) : able, command);
  }
  const names = word.split(",");
  for (const name of names) {
    if (able.some((room) => room.name === name)) continue;
    const rooms = able.map((room) => room.name).join(", ") || "none";
    throw new Refusal(`expected a room with ${command} (${rooms}), found ${name}`);
  }
  return able.filter((room) => names.includes(room.name));
}

function needOne(rooms: readonly Room[], command: CommandName): readonly Room[] {
  if (rooms.length === 0) throw new Refusal(`no room has ${command} yet`);
  return rooms;
}

/**
 * Rooms to build before the chosen ones' own steps, in the table's order.
 *
 * `build` builds the chosen rooms as its own steps, `gen` and `check` look at sources only: a room
 * that must be built for its check says so in its steps.
 */
function buildsBefore(
  table: readonly Room[],
  command: CommandName,
  chosen: readonly Room[],
): readonly Room[] {
  if (command === "gen" || command === "check") return [];
  const needed = new Set<string>();
  const visit = (name: string): void => {
    const room = table.find((candidate) => candidate.name === name);
    if (room === undefined) throw new Refusal(`rooms.ts: no room is called ${name}`);
    for (const before of room.after) {
      if (needed.has(before)) continue;
      needed.add(before);
      visit(before);
    }
  };
  for (const room of chosen) {
    visit(room.name);
    if (command !== "build") needed.add(room.name);
    else needed.delete(room.name);
  }
  if (command === "build") for (const room of chosen) needed.delete(room.name);
  return table.filter((room) => needed.has(room.name));
}
