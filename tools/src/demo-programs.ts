// The example programs of `npm run demo`, by language: program and first words. To add one, add a
// line here and the step `demo: [demo("go")]` to its room's row in rooms.ts.

export const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  c: ["build/examples/flights-c"],
  ts: ["node", "build/examples/flights.js"],
  cobol: ["build/cobol/flights"],
  php: ["php", "examples/flights.php"],
  python: ["env", "PYTHONPATH=bindings/python/src", "python3", "examples/flights.py"],
  go: ["build/examples/flights-go"],
};
