// What a CALL is: its name and its areas in order, from a member of the face.
//
//   DataFrame.filter(predicate, params)
//     --> PDXFILT frame predicate predicate-length params result error
//
// All areas are BY REFERENCE. A text is two: its area and the area's length.

import { fieldSources, membersIn, nodeRecord, paramsSource } from "../../model/find.js";
import type { FieldSource } from "../../model/find.js";
import type { Kind } from "../../model/kinds.js";
import type { FaceClass, Json, Member, Model, Type } from "../../model/model.js";
import { cobolData } from "../../model/names.js";
import { refuse } from "../../problems.js";

/**
 * What an area holds; `report` is two, rows and bytes of what was written; `total` is what was
 * counted, and `sniff` what a file seems to be: options, columns, confidence, doubt.
 */
export type AreaRole =
  "text" | "frame" | "count" | "params" | "tables" | "result" | "report" | "total" | "sniff";

/** An argument of a CALL, or two: text has its length behind it. */
export interface Area {
  readonly role: AreaRole;
  /** `PDX-PREDICATE`. */
  readonly name: string;
  readonly doc: string;
  /** What stands in the copybook where a program uses its areas: bytes of a text. */
  readonly sizeBytes: number;
}

/** A line of the shim's body: a field of the step and the function of step.c that writes it. */
export interface Put {
  readonly helper: string;
  readonly field: string;
  /** The areas that it reads. */
  readonly areas: readonly Area[];
  /** A further argument in C, or null. */
  readonly extra: string | null;
}

/** A step as a CALL. */
export interface StepCallOf {
  readonly member: Member;
  readonly owner: FaceClass;
  readonly name: string;
  readonly node: string;
  readonly puts: readonly Put[];
  /** Whether values of `:name` may come with it. */
  readonly hasParams: boolean;
  /** What comes back. */
  readonly gives: Area;
}

/** Bytes of the text areas in PDXOPS.cpy, by name; others have TEXT_BYTES. */
const SIZES: Readonly<Record<string, number>> = {
  "PDX-PATH": 512,
  "PDX-HOW": 8,
  "PDX-SUFFIX": 32,
  "PDX-OPTIONS": 1024,
  "PDX-QUERY": 8192,
};
const TEXT_BYTES = 2048;

/** Kinds whose text may hold `:name`. */
const ASKING: ReadonlySet<Kind> = new Set(["expression", "items", "selector", "sortKeys"]);

/** Function of step.c for each kind of text. */
const HELPERS: Readonly<Partial<Record<Kind, string>>> = {
  expression: "expression",
  selector: "expression",
  items: "texts",
  sortKeys: "texts",
  column: "names",
  columns: "names",
  joinKeys: "keys",
  renamings: "renamings",
  path: "text",
  source: "source",
  text: "text",
  name: "text",
  record: "options",
};

/** The steps that COBOL has, in the order of the description. */
export function stepCallsOf(model: Model): readonly StepCallOf[] {
  return model.face.classes.flatMap((owner) =>
    membersIn(owner, "cobol").flatMap((member) => {
      const { mapping } = member;
      if (mapping.kind !== "node") return [];
      const sources = inOrder(member, fieldSources(model, member));
      const puts = sources.map((source) => putOf(model, member, source));
      const asks = sources.some((source) => ASKING.has(kindOf(source)));
      return [
        {
          member,
          owner,
          name: member.names.cobol,
          node: mapping.node,
          puts,
          hasParams: asks || paramsSource(model, member) !== null,
          gives: givenBy(member),
        },
      ];
    }),
  );
}

function givenBy({ result }: Member): Area {
  if (result.name === "WriteReport") return REPORT;
  if (result.name === "CsvSniff") return SNIFF;
  return result.kind === "int" ? TOTAL : RESULT;
}

/** The table first, then what a user gives, in the order of the description. */
function inOrder(member: Member, sources: readonly FieldSource[]): readonly FieldSource[] {
  const place = ({ from }: FieldSource): number => {
    switch (from.kind) {
      case "receiver":
      case "receiverThen":
        return 0;
      case "held":
        return 1;
      case "parameter":
        return 2 + member.parameters.indexOf(from.parameter) * 100;
      case "option":
        return (
          2 +
          member.parameters.indexOf(from.parameter) * 100 +
          OPTION_ORDER.indexOf(from.field.wire)
        );
      case "fixed":
        return Number.MAX_SAFE_INTEGER;
    }
  };
  return [...sources].sort((a, b) => place(a) - place(b));
}

/** Options that are areas of their own, in the order of their CALLs. */
const OPTION_ORDER: readonly string[] = ["", "on", "how", "suffix", "tables"];

function kindOf({ from }: FieldSource): Kind {
  if (from.kind === "held") return from.held.type.kind;
  if (from.kind === "parameter" || from.kind === "receiverThen") return from.parameter.type.kind;
  return from.kind === "option" ? from.field.type.kind : "void";
}

const area = (role: AreaRole, name: string, doc: string): Area => ({
  role,
  name,
  doc,
  sizeBytes: SIZES[name] ?? TEXT_BYTES,
});

const FRAME = area("frame", "PDX-FRAME", "The table.");

/** What the step's result goes to. */
export const RESULT = area("result", "PDX-RESULT", "The new table; may be an item given in.");
export const PARAMS = area("params", "PDX-PARAMS", "Values for `:name` in the texts, or OMITTED.");
export const REPORT = area("report", "PDX-ROWS", "Rows and bytes that were written.");

export const TOTAL = area("total", "PDX-ROWS", "What was counted.");
export const SNIFF = area(
  "sniff",
  "PDX-FOUND",
  "The options found as JSON, for PDX-OPTIONS, and their length; then columns, how sure it is " +
    "from 0 to 1, and another reading that is about as likely, blank where there is none.",
);

function putOf(model: Model, member: Member, { field, from }: FieldSource): Put {
  const put = (helper: string, areas: readonly Area[], extra: string | null = null): Put => ({
    helper: `pdx_field_${helper}`,
    field,
    areas,
    extra,
  });
  switch (from.kind) {
    case "receiver":
      return put("frame", [FRAME]);
    case "receiverThen":
      return put("frames", [FRAME, area("frame", "PDX-OTHER", from.parameter.doc)]);
    case "fixed":
      return put("fixed", [], JSON.stringify(from.json));
    case "held":
      return typed(
        put,
        member,
        from.held.type,
        cobolData(from.held.name),
        from.held.doc,
        undefined,
      );
    case "parameter": {
      const { type, isVariadic, doc, names } = from.parameter;
      const fallback = from.parameter.default ?? defaultOf(model, member, field);
      if (isVariadic && type.kind === "frame") refuse(member.id, "needs a receiver in COBOL");
      return typed(put, member, type, names.cobol, doc, fallback);
    }
    case "option":
      return typed(
        put,
        member,
        from.field.type,
        from.field.names.cobol,
        from.field.doc,
        from.field.default,
      );
  }
}

function defaultOf(model: Model, member: Member, field: string): Json | undefined {
  if (member.mapping.kind !== "node") return undefined;
  return nodeRecord(model, member.mapping.node).fields.find(({ name }) => name === field)?.default;
}

type MakePut = (helper: string, areas: readonly Area[], extra?: string | null) => Put;

/** The put of a value by its kind; `fallback` holds where COBOL gives nothing. */
function typed(
  put: MakePut,
  member: Member,
  type: Type,
  name: string,
  doc: string,
  fallback: Json | undefined,
): Put {
  const { kind } = type;
  if (kind === "frame") return put("frame", [area("frame", name, doc)]);
  if (kind === "tables") return put("tables", [area("tables", name, doc)]);
  if (kind === "int" && type.isNullable) {
    return put("count_or_all", [area("count", name, `${doc} -1 is null.`)]);
  }
  if (kind === "int") return put("count", [area("count", name, doc)], String(fallback ?? 0));
  if (kind === "columns" && type.isNullable) {
    return put("names_or_all", [area("text", name, doc)]);
  }
  if (kind === "enum" || (kind === "text" && fallback !== undefined)) {
    const extra = fallback === undefined ? "NULL" : JSON.stringify(JSON.stringify(fallback));
    return put("choice", [area("text", name, doc)], extra);
  }
  const helper = HELPERS[kind];
  if (helper === undefined) refuse(member.id, `COBOL has no area for the kind ${kind}`);
  return put(helper, [area("text", name, doc)]);
}

/** All areas of a step's CALL but the error record, in order. */
export function areasOf(call: StepCallOf): readonly Area[] {
  return [
    ...call.puts.flatMap(({ areas }) => areas),
    ...(call.hasParams ? [PARAMS] : []),
    call.gives,
  ];
}

/** The items of a CALL as they are written behind USING. */
export function itemsOf(call: StepCallOf): readonly string[] {
  return [...areasOf(call).flatMap(itemsOfArea), "PDX-ERROR"];
}

/** What PDXSNIF gives. */
const SNIFF_ITEMS: readonly string[] = [
  "PDX-FOUND",
  "PDX-FOUND-LENGTH",
  "PDX-TEXT-LENGTH",
  "PDX-COLUMN-COUNT",
  "PDX-CONFIDENCE",
  "PDX-DOUBT",
  "PDX-DOUBT-LENGTH",
];

export function itemsOfArea({ role, name }: Area): readonly string[] {
  if (role === "text") return [name, `${name}-LENGTH`];
  if (role === "sniff") return SNIFF_ITEMS;
  return role === "report" ? ["PDX-ROWS", "PDX-BYTES"] : [name];
}

/** The CALLs of the hand-written face, with their items. */
export const HAND: Readonly<Record<string, readonly string[]>> = {
  PDXSHAP: ["PDX-FRAME", "PDX-ROW-COUNT", "PDX-COLUMN-COUNT"],
  PDXSCHM: [
    "PDX-FRAME",
    "PDX-NUMBER",
    "PDX-NAME",
    "PDX-NAME-LENGTH",
    "PDX-DTYPE",
    "PDX-PRECISION",
    "PDX-SCALE",
  ],
  PDXTYPE: ["PDX-FRAME", "PDX-NUMBER", "PDX-AREA", "PDX-AREA-LENGTH", "PDX-TEXT-LENGTH"],
  PDXDISP: [
    "PDX-FRAME",
    "PDX-OPTIONS",
    "PDX-OPTIONS-LENGTH",
    "PDX-AREA",
    "PDX-AREA-LENGTH",
    "PDX-TEXT-LENGTH",
  ],
  PDXQUAR: ["PDX-FRAME", "PDX-RESULT"],
  PDXFLTS: ["PDX-FRAME", "PDX-RESULT"],
  PDXFOPN: ["PDX-NAME", "PDX-NAME-LENGTH", "PDX-FEED"],
  PDXFWRT: ["PDX-FEED", "PDX-AREA", "PDX-AREA-LENGTH"],
  PDXFRED: ["PDX-FEED", "PDX-OPTIONS", "PDX-OPTIONS-LENGTH", "PDX-RESULT"],
  PDXCLOS: ["PDX-FRAME"],
  PDXVERS: ["PDX-AREA", "PDX-AREA-LENGTH", "PDX-TEXT-LENGTH"],
  PDXSHUT: [],
  PDXOPEN: ["PDX-FRAME", "PDX-LAYOUT", "PDX-LAYOUT-LENGTH", "PDX-RECORD-LENGTH", "PDX-READER"],
  PDXFTCH: ["PDX-READER", "RECORD-AREA", "PDX-RECORD-LENGTH", "PDX-RECORD-COUNT", "PDX-FETCHED"],
};

/** The hand-written members that COBOL has, with their items. */
export function handCallsOf(
  model: Model,
): readonly { readonly member: Member; readonly items: readonly string[] }[] {
  return model.face.classes.flatMap((owner) =>
    membersIn(owner, "cobol").flatMap((member) => {
      if (member.mapping.kind === "node") return [];
      const items = HAND[member.names.cobol];
      if (items === undefined) {
        return refuse(member.id, `nobody wrote CALL "${member.names.cobol}" (emit/cobol/calls.ts)`);
      }
      return [{ member, items: [...items, "PDX-ERROR"] }];
    }),
  );
}

/** `CALL "PDXFILT" USING ...` in lines that end by column 72. */
export function callLines(name: string, items: readonly string[], indent: string): string[] {
  const lines = [`${indent}CALL "${name}" USING`];
  let line = "";
  for (const item of items) {
    const next = line === "" ? `${indent}    ${item}` : `${line} ${item}`;
    if (next.length > 72 && line !== "") {
      lines.push(line);
      line = `${indent}    ${item}`;
    } else line = next;
  }
  return [...lines, line];
}
