import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../src/choose.js";
import type { CommandName, Room } from "../src/room.js";
import { judge, runJobs } from "../src/run.js";
import { run } from "../src/shell.js";

function room(name: string, after: readonly string[] = []): Room {
  return { name, about: "", uses: [], after, steps: {} };
}

function job(command: CommandName, program: string, where: Room = room("here")): Job {
  return { room: where, command, step: { name: `probe ${program}`, run: program }, words: [] };
}

const OK = { ok: true, seconds: 0, reason: "" };

test("a_runner_that_ran_no_test_has_failed", () => {
  const output = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n";
  assert.equal(judge(job("test", "true"), { ...OK, output }).reason, "no test ran");
});

test("a_failed_test_counts_even_when_the_status_is_0", () => {
  const judged = judge(job("test", "true"), { ...OK, output: "3 passed, 1 failed\n" });
  assert.match(judged.reason, /failed tests are reported/);
  assert.equal(judged.count.failed, 1);
});

test("a_silent_program_counts_as_one_test", () => {
  assert.equal(judge(job("test", "true"), { ...OK, output: "" }).count.passed, 1);
});

test("a_program_that_crashes_before_its_closing_line_counts_as_failed", () => {
  const judged = judge(job("test", "x"), { ...OK, ok: false, reason: "status 1", output: "" });
  assert.deepEqual([judged.count.failed, judged.reason], [1, "status 1"]);
});

test("what_stands_on_a_broken_build_is_not_run_and_counts_as_failed", async () => {
  const core = room("core");
  const ts = room("ts", ["core"]);
  const jobs = [job("build", "false", core), job("test", "true", ts), job("test", "true")];
  const { sum, failures } = await runJobs(jobs, {}, false);
  assert.deepEqual(sum, { passed: 1, failed: 2, skipped: 0 });
  assert.match(failures[1] ?? "", /test ts: probe true: not run, because the build of core failed/);
});

test("a_program_that_is_not_there_is_a_failure_not_a_crash", async () => {
  const outcome = await run({ words: ["pardox-no-such-program"] }, 1, false);
  assert.equal(outcome.ok, false);
  assert.match(outcome.reason, /ENOENT/);
});

test("a_hung_program_is_stopped_at_its_limit", async () => {
  const outcome = await run({ words: ["sleep", "60"] }, 0.005, false);
  assert.equal(outcome.ok, false);
  assert.match(outcome.reason, /stopped after/);
});

test("an_interrupted_step_ends_the_run", async () => {
  setTimeout(() => process.emit("SIGTERM"), 100);
  const { sum, failures } = await runJobs(
    [job("test", "sleep 60"), job("test", "true")],
    {},
    false,
  );
  assert.deepEqual([sum.passed, sum.failed], [0, 1]);
  assert.match(failures[0] ?? "", /sleep 60: interrupted/);
});
