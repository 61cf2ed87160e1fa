// The model: everything an emitter needs, as plain data. `read` makes it, `check` proves it whole,
// `emit/<lang>` turns it into text and reads nothing else.
//
//   Model
//     abi    functions, structs, enums of pardox.h
//     wire   nodes, expressions, records, enums of plan.schema.json
//     functions   what functions.json says of each function
//     face   what people meet: classes with members, records of options, enums, errors
//
// A member's whole body follows from its `mapping` and its parameters' `place`: see Mapping.

import type { Kind } from "./kinds.js";

/** The five languages, in the order that documents list them. */
export const LANGUAGES = ["ts", "php", "go", "cobol", "python"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One name in each language; empty where the thing is absent from it. */
export type Names = Readonly<Record<Language, string>>;

/** Why something is absent from a language. */
export type Absent = Readonly<Partial<Record<Language, string>>>;

/** Everything. */
export interface Model {
  readonly abi: Abi;
  readonly wire: Wire;
  readonly functions: readonly RegistryFunction[];
  readonly face: Face;
}

// ---------------------------------------------------------------------------------------- abi

/** What pardox.h declares, in its order. */
export interface Abi {
  readonly functions: readonly NativeFunction[];
  readonly structs: readonly NativeStruct[];
  readonly enums: readonly NativeEnum[];
  /** Fingerprint of this surface for `pardox_has_surface`, as docs/abi.md defines it. */
  readonly fingerprint: bigint;
}

/** A function; its C result is always int32_t, the status. */
export interface NativeFunction {
  /** `pardox_frame_shape`. */
  readonly name: string;
  readonly doc: string;
  /** All parameters in order; the last one is always `error`. */
  readonly parameters: readonly NativeParameter[];
  /** Members that call it (`DataFrame.shape`); empty where it is internal. */
  readonly members: readonly string[];
  /** Why no member shows it; null where members do. */
  readonly internal: string | null;
}

/**
 * What a native parameter is for. Every parameter has exactly one role:
 *
 * - `text`: UTF-8 bytes of the host, with `text_length` behind it; NULL when empty
 * - `text_length`: the length of the parameter before it, in bytes
 * - `array`: `const uint64_t *` of handles, with `array_count` behind it; NULL when empty
 * - `in`: a plain number
 * - `in_out`: a handle that the call sets to 0 (`pardox_release` alone)
 * - `out`: one number or pointer that the call writes
 * - `buffer`: memory of the host, with `buffer_size` (bytes) behind it
 * - `record`: a struct of the host that the call fills (`pardox_view`)
 * - `stream`: an ArrowArrayStream of the host
 * - `error`: the error record, nullable
 */
export type NativeRole =
  | "text"
  | "text_length"
  | "array"
  | "array_count"
  | "in"
  | "in_out"
  | "out"
  | "buffer"
  | "buffer_size"
  | "record"
  | "stream"
  | "error";

export interface NativeParameter {
  readonly name: string;
  readonly type: NativeType;
  readonly role: NativeRole;
}

/** A C type: base, pointer depth, const. `const uint8_t **` is uint8, 2, true. */
export interface NativeType {
  readonly base: NativeBase;
  /** Name of the struct where base is `struct`. */
  readonly struct: string | null;
  readonly pointers: 0 | 1 | 2;
  readonly isConst: boolean;
}
export type NativeBase =
  "char" | "double" | "int32" | "int64" | "struct" | "uint8" | "uint32" | "uint64" | "void";

export interface NativeStruct {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly NativeField[];
  /** Size in bytes, by the C rules on a 64-bit machine. */
  readonly sizeBytes: number;
}

export interface NativeField {
  readonly name: string;
  readonly doc: string;
  readonly type: NativeType;
  /** Elements where the field is an array (`char file[512]`), else null. */
  readonly length: number | null;
  readonly offsetBytes: number;
}

export interface NativeEnum {
  readonly name: string;
  readonly doc: string;
  readonly values: readonly NativeEnumValue[];
}

export interface NativeEnumValue {
  /** `PARDOX_STATUS_BUSY`. */
  readonly name: string;
  /** `busy`: the name without the enum's prefix, in lower snake case. */
  readonly short: string;
  readonly number: number;
  readonly doc: string;
}

// --------------------------------------------------------------------------------------- wire

/** What plan.schema.json says, in plain words. */
export interface Wire {
  /** The schema's definitions that are objects with fields, by name: FilterNode, Named, ... */
  readonly records: Readonly<Record<string, WireRecord>>;
  /** The definitions that are one of several: Node, Expression, Item, SortItem, Literal. */
  readonly unions: Readonly<Record<string, WireUnion>>;
  /** The definitions that are one of some texts: JoinHow, NullOrder. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** Names of expression functions. */
  readonly functions: readonly string[];
  /** Names of aggregate functions. */
  readonly aggregates: readonly string[];
  /** Names of types. */
  readonly dtypes: readonly string[];
  /** The document's schema major. */
  readonly schemaMajor: number;
}

export interface WireRecord {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly WireField[];
}

export interface WireField {
  readonly name: string;
  readonly doc: string;
  /** In the notation of kinds.ts. */
  readonly shape: string;
  readonly nullable: boolean;
  readonly required: boolean;
  /** What the engine takes where the field is not sent; undefined where it must be sent. */
  readonly default: Json | undefined;
}

/** An externally tagged union: `{"filter": {...}}`, or the bare text `"null"`. */
export interface WireUnion {
  readonly name: string;
  readonly variants: readonly WireVariant[];
}

export interface WireVariant {
  /** `filter`. */
  readonly name: string;
  readonly doc: string;
  /** What stands under the tag, in the notation of kinds.ts; null for a bare text. */
  readonly shape: string | null;
}

// ---------------------------------------------------------------------------------- functions

/** A function as the engine declares it: an entry of functions.json. */
export interface RegistryFunction {
  /** Name on the wire and in text. */
  readonly name: string;
  /** `text`; `aggregate` for functions of groups. */
  readonly area: string;
  /** Further names in text. */
  readonly aliases: readonly string[];
  /** How text writes a call: `round(a, digits)`. */
  readonly text: string;
  readonly operands: readonly RegistryOperand[];
  /** Position of the operand whose method it is; null for a function of the module. */
  readonly receiver: number | null;
  /** `each`, `common`, `compare` or `own`: how the operands' types go together. */
  readonly rule: string;
  /** Type of the result: a name, or words. */
  readonly result: string;
  readonly nulls: string;
  readonly errors: readonly string[];
  readonly doc: string;
  /** A call in text and the text of its answer. */
  readonly example: { readonly text: string; readonly answer: string };
}

export interface RegistryOperand {
  readonly name: string;
  /** What it takes, in words. */
  readonly takes: string;
  /** Names of the types that it takes. */
  readonly types: readonly string[];
  readonly doc: string;
  /** As text writes it; empty where nothing stands for it, null where it must be given. */
  readonly default: string | null;
  /** Must be a literal or a parameter. */
  readonly literal: boolean;
  /** Any number of operands more. */
  readonly repeated: boolean;
}

/** Plain JSON. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// --------------------------------------------------------------------------------------- face

/** What people meet. Lists are in the order of the description. */
export interface Face {
  readonly classes: readonly FaceClass[];
  readonly records: readonly RecordType[];
  readonly enums: readonly EnumType[];
  readonly errors: readonly ErrorKindDoc[];
  /** Doc comment of ErrorKind itself. */
  readonly errorsDoc: string;
}

/**
 * What a class is for:
 *
 * - `module`: functions that stand alone and touch the library (`readCsv`)
 * - `functions`: functions that stand alone and make expressions (`col`, `sum`)
 * - `steps`: the steps that `frame` and `lazy` share; generated, they have them by inheritance
 * - `frame`, `lazy`, `group`, `column`, `expression`, `case`, `reader`: objects
 */
export const ROLES = [
  "module",
  "functions",
  "steps",
  "frame",
  "lazy",
  "group",
  "column",
  "expression",
  "case",
  "reader",
] as const;
export type Role = (typeof ROLES)[number];

export interface FaceClass {
  /** `DataFrame`. */
  readonly name: string;
  readonly role: Role;
  readonly doc: string;
  /** Name of the class whose members it has too. */
  readonly parent: string | null;
  /** What it was made with and its steps send along: GroupBy holds `keys`. */
  readonly held: readonly Held[];
  readonly members: readonly Member[];
  readonly absent: Absent;
}

/** A value that an object keeps for its members: a field of their node. */
export interface Held {
  readonly name: string;
  /** Field of the node. */
  readonly field: string;
  readonly type: Type;
  readonly doc: string;
}

/** A function, method or property. */
export interface Member {
  /** `DataFrame.shape`: unique. */
  readonly id: string;
  /** Name in the description, lowerCamel. */
  readonly name: string;
  readonly names: Names;
  readonly absent: Absent;
  /** Read like a field: `df.shape`. */
  readonly isProperty: boolean;
  readonly docs: Docs;
  readonly parameters: readonly Parameter[];
  readonly result: Result;
  readonly mapping: Mapping;
  /** Functions of pardox.h that a hand-written body calls. */
  readonly natives: readonly string[];
  /** `+`, `==`, `neg`, `&`, ...: an operator that means the same, where a language has it. */
  readonly operator: string | null;
  /** The member that the conformance dispatch calls for its node. */
  readonly isPrimary: boolean;
}

/**
 * How a member becomes a plan.
 *
 * - `node`: makes `{ [node]: fields }`. The object itself goes to `receiver` (`input`, `left`, or
 *   `inputs[0]`: first of the list that a parameter continues); null for a source. Parameters go
 *   where their `place` says, `fixed` fields have that value, `held` ones come from the object.
 *   With `runs` the plan is collected at once and the result is a frame or a WriteReport.
 * - `call`: `{call:{function, args}}`; args are the object (for a method), then the parameters.
 * - `aggregate`: `{agg:{function, input}}`; input is the object, or the one parameter.
 * - `expression`: one of the other forms of Expression, by `form`:
 *     col, lit, param, text: the one value under the tag (`lit` with its optional dtype)
 *     cast, try_cast: `{cast:{input, to}}`
 *     case: `{case:{branches:[{when, then}], otherwise:null}}`
 *     branch: one branch more on the case at hand; otherwise: its `otherwise`
 *     alias: nothing on the wire; names the column where the expression stands as an item
 * - `sortKey`: `{key:{expr, descending, nulls?}}`, a SortItem
 * - `opens`: makes an object of that class, which holds the receiver and the parameters
 * - `hand`: the body is written by hand; `natives` says what it stands on
 */
export type Mapping =
  | {
      readonly kind: "node";
      readonly node: string;
      readonly receiver: string | null;
      readonly fixed: Readonly<Record<string, Json>>;
      readonly held: readonly string[];
      readonly runs: boolean;
    }
  | { readonly kind: "call"; readonly function: string; readonly receiver: number }
  | { readonly kind: "aggregate"; readonly function: string }
  | { readonly kind: "expression"; readonly form: ExpressionForm }
  | { readonly kind: "sortKey"; readonly descending: boolean }
  | { readonly kind: "opens"; readonly className: string }
  | { readonly kind: "hand" };

export const EXPRESSION_FORMS = [
  "col",
  "lit",
  "param",
  "text",
  "case",
  "branch",
  "otherwise",
  "cast",
  "try_cast",
  "alias",
] as const;
export type ExpressionForm = (typeof EXPRESSION_FORMS)[number];

export interface Parameter {
  readonly name: string;
  readonly names: Names;
  readonly doc: string;
  readonly type: Type;
  /** Takes any number of values: `...columns`. Its kind is that of the whole list for `items`. */
  readonly isVariadic: boolean;
  /** May be left out. Then `default` holds, or for a record its own fields' defaults. */
  readonly isOptional: boolean;
  readonly default: Json | undefined;
  readonly place: Place;
  /** Languages where it is not there. */
  readonly absent: Absent;
}

/** Where a parameter goes. */
export type Place =
  /** A field of the node or of the expression's form, under that name. */
  | { readonly at: "field"; readonly field: string }
  /** A record whose fields are fields of the node itself (JoinOptions). */
  | { readonly at: "spread" }
  /** A record whose fields go on each entry of the node's field (SortOptions on `by`). */
  | { readonly at: "each"; readonly field: string }
  /** The next operand of a call, or the input of an aggregate. */
  | { readonly at: "operand" }
  /** Values of parameters: handed over beside the document. */
  | { readonly at: "beside" }
  /** Held by the object that `opens` makes. */
  | { readonly at: "held"; readonly field: string }
  /** Options of `pardox_collect`. */
  | { readonly at: "run" }
  /** Only the hand-written body knows. */
  | { readonly at: "hand" };

/** What a parameter, field or result is. */
export interface Type {
  readonly kind: Kind;
  readonly isNullable: boolean;
  /** A list of it, where the kind is not a list itself (`ColumnDefinition[]`). */
  readonly isList: boolean;
  /** Name of the enum, record or class, for those kinds; else null. */
  readonly name: string | null;
}

export interface Result extends Type {
  /** A Promise in TypeScript; work that may wait in other languages (Go: context first). */
  readonly isAwaited: boolean;
}

/** A record: options that a user gives, or a result with named parts. */
export interface RecordType {
  readonly name: string;
  readonly doc: string;
  readonly use: "options" | "result";
  /** The schema's record whose fields it gives; null where it does not stand in the document. */
  readonly wire: string | null;
  /** Sent as JSON to a native function (`{"width":80}`), strictly. */
  readonly isNative: boolean;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly names: Names;
  /** Name on the wire, lower snake case. */
  readonly wire: string;
  readonly doc: string;
  readonly type: Type;
  readonly isOptional: boolean;
  /** What holds where it is not given; undefined for a field that must be given. */
  readonly default: Json | undefined;
  /** `field`: sent; `beside`: parameters' values; `host`: for the binding itself. */
  readonly place: "field" | "beside" | "host";
  readonly absent: Absent;
}

export interface EnumType {
  readonly name: string;
  readonly doc: string;
  /** The schema's enum, or null for DataType, whose names the schema lists in place. */
  readonly wire: string | null;
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  /** The text on the wire: `inner`, `int64`. */
  readonly wire: string;
  readonly names: Names;
  readonly doc: string;
  /** Number in the C interface where it has one (DataType), else null. */
  readonly number: number | null;
  /** What follows the name, as a template of TypeScript: `(${number},${number})`; else null. */
  readonly parameters: string | null;
}

export interface ErrorKindDoc {
  /** `UnknownColumn`. */
  readonly name: string;
  /** `unknown_column`. */
  readonly wire: string;
  readonly names: Names;
  readonly number: number;
  readonly doc: string;
}

/** What a member's documentation says. Text is Markdown with names in their TypeScript form. */
export interface Docs {
  readonly summary: string;
  /** Further paragraphs, or null. */
  readonly more: string | null;
  readonly nulls: string | null;
  /** Kinds that it may raise, as `ErrorKindDoc.wire`; empty for none. */
  readonly errors: readonly string[];
  /** Whether it speaks of errors at all: `none` is an answer too. */
  readonly hasErrors: boolean;
  /** A sentence on the errors, or null. */
  readonly errorsNote: string | null;
  /** Lines of an example; emitters print them in their language (emit/example.ts). */
  readonly example: readonly ExampleLine[];
}

// ------------------------------------------------------------------------------------ example

/** One line: `const name = await value;`. */
export interface ExampleLine {
  readonly name: string | null;
  readonly isAwaited: boolean;
  readonly value: ExampleNode;
  /** The line as written, for COBOL, whose examples are verbatim. */
  readonly source: string;
}

/** An expression of an example: a closed subset that every language can say. */
export type ExampleNode =
  /** `df`, `other`, `lazy`: objects at hand. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "list"; readonly items: readonly ExampleNode[] }
  | { readonly kind: "record"; readonly entries: readonly ExampleEntry[] }
  /** A call or a property of a member: `target` is null for functions of the module. */
  | {
      readonly kind: "member";
      readonly member: string;
      readonly target: ExampleNode | null;
      readonly args: readonly ExampleNode[];
    };

export interface ExampleEntry {
  readonly key: string;
  readonly value: ExampleNode;
}
