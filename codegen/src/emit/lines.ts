// A line writer: what emitters build their text with.
//
//   const out = new Lines();
//   out.open("export interface Shape {").line("readonly rows: number;").close("}");

/** Text, line by line, with an indent. */
export class Lines {
  readonly #unit: string;
  readonly #lines: string[] = [];
  #depth = 0;

  /** `unit` is what one level of indent is: two spaces unless said. */
  constructor(unit = "  ") {
    this.#unit = unit;
  }

  /** Adds a line; several where the text has line breaks. */
  line(text = ""): this {
    for (const one of text.split("\n")) {
      this.#lines.push(one === "" ? "" : this.#unit.repeat(this.#depth) + one);
    }
    return this;
  }

  /** Adds several lines. */
  lines(texts: Iterable<string>): this {
    for (const text of texts) this.line(text);
    return this;
  }

  /** Adds a line and indents what follows. */
  open(text: string): this {
    this.line(text);
    this.#depth += 1;
    return this;
  }

  /** Ends an indent, then adds a line. */
  close(text: string): this {
    this.#depth -= 1;
    return this.line(text);
  }

  /** Adds an empty line, unless there is one or an indent has just begun. */
  gap(): this {
    const last = this.#lines.at(-1);
    if (last !== undefined && last !== "" && !/[{([]$/.test(last)) this.#lines.push("");
    return this;
  }

  /** The whole text, with one final line break. */
  text(): string {
    return `${this.#lines.join("\n").replace(/\n+$/, "")}\n`;
  }
}

/** Breaks text into lines of at most `width` characters at blanks. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
