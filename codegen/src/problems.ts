// What generation refuses: every problem is found and told, then generation stops.

/** One refusal: where, and what is wrong. */
export interface Problem {
  /** A member, a file, a function: what a reader looks for. */
  readonly where: string;
  readonly message: string;
}

/** Thrown when an input cannot be read further, and at the end when problems were found. */
export class Refusal extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.where}: ${problem.message}`).join("\n"));
    this.name = "Refusal";
    this.problems = problems;
  }
}

/** Refuses one thing at once. */
export function refuse(where: string, message: string): never {
  throw new Refusal([{ where, message }]);
}
