// The closed set of what a parameter, a field of a record or a result may be.
//
// A kind says two things: what a user gives (each emitter spells it in its language) and what it
// becomes in the plan document (`wire`, held against plan.schema.json by check.ts):
//
//   string, bool, integer        a JSON value of that type
//   Name                         a definition of the schema, such as Expression
//   X[]                          an array of X
//   {X}                          an object whose values are X
//   null                         does not stand in the document

/** One row of the table of kinds. */
export interface KindRow {
  /** What a user gives or gets, in words. */
  readonly about: string;
  /** What it becomes in the plan document. */
  readonly wire: string | null;
}

const row = (about: string, wire: string | null): KindRow => ({ about, wire });

/** Every kind. */
export const KINDS = {
  // What a user gives, and what it becomes.
  column: row("name of a column", "string"),
  columns: row("names of columns", "string[]"),
  name: row("a name that the caller chooses", "string"),
  path: row("path of a file", "string"),
  // Sets one field of three, `path`, `paths` and `feed`: see Place.
  source: row("paths or patterns of files; a stream or bytes where a language takes both", null),
  stream: row("a stream of bytes of the host", null),
  text: row("text", "string"),
  texts: row("a list of texts", "string[]"),
  bool: row("true or false", "bool"),
  int: row("a whole number, not negative", "integer"),
  enum: row("one value of an enum", null), // its wire is the enum's own, see Enum.wire
  record: row("a record of options", null), // its wire is the record's own, see RecordType.wire
  value: row("a value: text, number, bool, date, timestamp, null", "Literal"),
  expression: row("an expression; bare text is the second door", "Expression"),
  operand: row("an expression; a bare value stands for itself", "Expression"),
  operands: row("a list of operands", "Expression[]"),
  selector: row("an expression; bare text is a column's name", "Expression"),
  items: row("columns of a result: names, named expressions, text expressions", "Item[]"),
  sortKeys: row("one or several selectors, or sort keys", "SortItem[]"),
  joinKeys: row("names of columns, or pairs of names", "JoinKey[]"),
  renamings: row("new names by old name", "Renaming[]"),
  columnTypes: row("types by column name", "{string}"),
  columnValues: row("values by column name", "ValuesColumn[]"),
  frame: row("another frame, eager or lazy", "Node"),
  tables: row("frames by name", "{Node}"),
  params: row("values of parameters by name", null), // travels beside the document
  bytes: row("bytes of the host", null),
  host: row("something of the host language: a signal, a listener", null),

  // What only comes back.
  step: row("what a step gives: see `Step` in api/types.api.ts", null),
  float: row("a number", null),
  options: row("options that are given back as they came, to be passed on", null),
  view: row("values in place, without a copy", null),
  rows: row("rows as the host's own records", null),
  valueList: row("values as a list of the host's own", null),
  class: row("an object of a class of the face", null),
  void: row("nothing", null),
} as const satisfies Record<string, KindRow>;

/** Name of a kind. */
export type Kind = keyof typeof KINDS;

/** Whether there is a kind of that name. */
export function isKind(name: string): name is Kind {
  return Object.hasOwn(KINDS, name);
}
