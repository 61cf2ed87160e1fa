import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, toolsOf } from "../src/choose.js";
import type { CommandName, Room } from "../src/room.js";
import { ROOMS } from "../src/rooms.js";

const step = (name: string) => ({ name, run: "true" });
const TABLE: readonly Room[] = [
  {
    name: "core",
    about: "",
    uses: ["rust"],
    after: [],
    steps: {
      build: [step("engine")],
      test: [{ ...step("unit"), words: (words) => words }, step("whole")],
    },
  },
  {
    name: "abi",
    about: "",
    uses: ["c"],
    after: ["core"],
    steps: { build: [step("library")], check: [step("lint")] },
  },
  {
    name: "ts",
    about: "",
    uses: [],
    after: ["abi"],
    steps: { build: [step("tsc")], test: [step("node")], demo: [step("demo")] },
  },
  { name: "go", about: "", uses: ["go"], after: ["abi"], steps: { demo: [step("demo")] } },
  {
    name: "conformance",
    about: "",
    uses: [],
    after: [],
    steps: { conformance: [{ ...step("cases"), words: (words) => words }] },
  },
];

/** Chooses and gives the jobs as `command room step words`. */
function jobs(command: CommandName, ...words: readonly string[]): readonly string[] {
  return choose(TABLE, command, words).jobs.map((job) =>
    [job.command, job.room.name, job.step.name, ...job.words].join(" "),
  );
}

test("a_room_is_built_with_all_it_stands_on_before_its_tests", () => {
  assert.deepEqual(jobs("test", "ts"), [
    "build core engine",
    "build abi library",
    "build ts tsc",
    "test ts node",
  ]);
});

test("each_build_is_done_once", () => {
  assert.deepEqual(jobs("build"), ["build core engine", "build abi library", "build ts tsc"]);
  assert.deepEqual(jobs("build", "abi"), ["build core engine", "build abi library"]);
});

test("words_reach_the_steps_that_take_them_and_the_others_are_named", () => {
  assert.deepEqual(jobs("test", "core", "csv"), ["build core engine", "test core unit csv"]);
  assert.deepEqual(choose(TABLE, "test", ["core", "csv"]).left, ["core: whole"]);
});

test("words_that_no_step_takes_are_refused", () => {
  assert.throws(() => jobs("test", "ts", "frame"), /no test step of ts takes words: frame/);
});

test("unknown_room_is_refused_with_those_that_have_the_command", () => {
  assert.throws(() => jobs("test", "rust"), /room with test \(core, ts\), found rust/);
  assert.throws(() => jobs("test", "abi"), /found abi/);
  assert.throws(() => jobs("bench"), /no room has bench yet/);
});

test("demo_means_typescript_unless_all_are_asked_for", () => {
  assert.ok(!jobs("demo").some((job) => job.startsWith("demo go")));
  assert.ok(jobs("demo", "all").includes("demo go demo"));
});

test("check_builds_nothing", () => {
  assert.deepEqual(jobs("check"), ["check abi lint"]);
});

test("only_the_tools_of_the_chosen_steps_are_needed", () => {
  assert.deepEqual([...toolsOf(choose(TABLE, "test", ["ts"]).jobs)], ["rust", "c"]);
});

test("the_real_table_names_only_rooms_that_exist_and_each_once", () => {
  const names = ROOMS.map((room) => room.name);
  assert.equal(new Set(names).size, names.length);
  for (const name of ROOMS.flatMap((room) => room.after)) assert.ok(names.includes(name), name);
});

test("the_room_of_the_commands_name_may_be_left_out", () => {
  const expected = ["conformance conformance cases go join"];
  assert.deepEqual(jobs("conformance", "go", "join"), expected);
  assert.deepEqual(jobs("conformance", "conformance", "go", "join"), expected);
  assert.deepEqual(jobs("conformance"), ["conformance conformance cases"]);
});
