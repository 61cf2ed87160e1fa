// What the front door prints: one line for each thing done, with the time it took.

/** `   12.3 s  text`, the form of every line about a finished step. */
export function line(seconds: number, text: string): void {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${text}`);
}

/** A line without a time, for what the user should read. */
export function note(text: string): void {
  console.log(`           ${text}`);
}

/** Runs `work` and prints its line when it is done; `text` may depend on what it gave. */
export async function timed<T>(work: () => Promise<T>, text: (result: T) => string): Promise<T> {
  const start = performance.now();
  const result = await work();
  line((performance.now() - start) / 1000, text(result));
  return result;
}

/** An error whose message is all the user needs: it is printed without a stack. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
