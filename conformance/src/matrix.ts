// What the suite prints: cases x languages, sums by area, what failed and why, the closing line.

/** How one case went in one language. */
export interface Verdict {
  readonly state: "passed" | "failed" | "gap";
  /** Why it failed, or the gap's reason; empty when it passed. */
  readonly why: string;
}

/** Verdicts by language, then by case. */
export type Verdicts = ReadonlyMap<string, ReadonlyMap<string, Verdict>>;

const MARKS = { passed: "ok", failed: "FAIL", gap: "gap" } as const;
const MARK_WIDTH = 12;

/** The whole report, its last line `N passed, N failed` with the gaps as skipped. */
export function report(ids: readonly string[], verdicts: Verdicts): string {
  const languages = [...verdicts.keys()];
  const width = Math.max(...ids.map((id) => id.length), 10) + 2;
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padEnd(MARK_WIDTH)).join("")}`.trimEnd();
  const at = (language: string, id: string): Verdict =>
    verdicts.get(language)?.get(id) ?? { state: "failed", why: "never asked" };

  const lines = [row("case", languages)];
  for (const id of ids)
    lines.push(
      row(
        id,
        languages.map((name) => MARKS[at(name, id).state]),
      ),
    );
  lines.push("", row("area", languages));
  for (const area of new Set(ids.map(areaOf))) {
    const own = ids.filter((id) => areaOf(id) === area);
    lines.push(
      row(
        area,
        languages.map((name) => share(own, (id) => at(name, id))),
      ),
    );
  }
  lines.push(
    row(
      "all",
      languages.map((name) => share(ids, (id) => at(name, id))),
    ),
    "",
  );

  const repeated = new Map<number, number>();
  const sums = { passed: 0, failed: 0, gap: 0 };
  for (const language of languages) {
    // One cause may fail every case (an adapter that does not compile): it is told once.
    const told = new Map<string, number>();
    for (const id of ids) {
      const { state, why } = at(language, id);
      sums[state] += 1;
      if (state === "passed") continue;
      const line = `${MARKS[state]}  ${language} ${id}: ${why}`;
      if (!told.has(why)) told.set(why, lines.push(line) - 1);
      else repeated.set(told.get(why) ?? 0, (repeated.get(told.get(why) ?? 0) ?? 0) + 1);
    }
  }
  for (const [index, count] of repeated) lines[index] += ` (and ${count} more cases)`;
  const gaps = sums.gap > 0 ? `, ${sums.gap} skipped` : "";
  lines.push(`${sums.passed} passed, ${sums.failed} failed${gaps}`);
  return lines.join("\n");
}

function areaOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}

/** `12/13`: passed of all. */
function share(ids: readonly string[], verdict: (id: string) => Verdict): string {
  const passed = ids.filter((id) => verdict(id).state === "passed").length;
  return `${passed}/${ids.length}`;
}
