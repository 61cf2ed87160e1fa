// bindings/php/tests/Dispatch.php: a plan document as the calls that a user would type.
//
// Seam with the hand-written adapter (tests/Conformance.php): it gives the frames that a case
// hands in, calls `answer($plan)`, which gives a LazyFrame to collect or the report of a write,
// and prints values. tests/Values.php gives `operand($literal)` and `columns($columns)`: typed text
// of the wire as values of the language.

import { classOf, fieldSources, fieldsIn, parametersIn, recordByName } from "../../model/find.js";
import type { Field, Member, Model, Parameter } from "../../model/model.js";
import {
  aggregateCalls,
  argumentPlaces,
  type FunctionCall,
  functionCalls,
  receiverOf,
  type StepCall,
  stepCalls,
} from "../dispatch.js";
import { type GeneratedFile, SOURCES } from "../emitter.js";
import { Lines } from "../lines.js";
import { docComment, literal, phpFile, quote } from "./words.js";

export function emitDispatch(model: Model): GeneratedFile {
  const out = new Lines("    ");
  out.lines(docComment(["A plan document as the calls that a user would type."]));
  out.line("final class Dispatch").open("{");
  out.line("/** @param list<DataFrame> $frames What `frame` nodes stand for. */");
  out.line("public function __construct(private readonly array $frames)").line("{").line("}");
  emitSteps(out, model);
  emitCalls(out, "called", "An expression function by its name.", functionCalls(model, "php"));
  emitCalls(out, "aggregated", "An aggregate by its name.", aggregateCalls(model, "php"));
  out.gap().lines(HELPERS.split("\n")).close("}");
  const uses = [
    "Pardox\\CsvSniff",
    "Pardox\\DataFrame",
    "Pardox\\Expr",
    "Pardox\\LazyFrame",
    "Pardox\\WriteReport",
  ];
  const path = "bindings/php/tests/Dispatch.php";
  return phpFile(path, "Pardox\\Tests", uses, [SOURCES.wire, SOURCES.face], [out.text()]);
}

function emitSteps(out: Lines, model: Model): void {
  out
    .gap()
    .lines(docComment(["What a question gives: a frame to collect, or the report of a write."]));
  out.line("public function answer(array $wire): LazyFrame|WriteReport|CsvSniff|int").open("{");
  out.line("[$tag, $fields] = self::tagged($wire);").open("return match (true) {");
  for (const step of stepCalls(model, "php")) {
    for (const { fields, member, owner } of step.special) {
      const tests = Object.entries(fields).map(
        ([field, value]) => `($fields['${field}'] ?? null) === ${literal(value)}`,
      );
      out.line(`$tag === '${step.node}' && ${tests.join(" && ")} =>`);
      out.lines(stepText(model, { ...step, member, owner }).map((one) => `    ${one}`));
    }
    // A list of inputs that is empty has no first one to call a method of.
    const receiver = step.member.mapping.kind === "node" ? step.member.mapping.receiver : null;
    const source = receiver?.endsWith("[0]") === true ? sourceOf(model, step.node) : null;
    if (source !== null) {
      const field = receiver?.replace("[0]", "") ?? "";
      out.line(`$tag === '${step.node}' && $fields['${field}'] === [] =>`);
      out.line(`    LazyFrame::${source.names.php}(),`);
    }
    out.line(`$tag === '${step.node}' =>`);
    out.lines(stepText(model, step).map((one) => `    ${one}`));
  }
  out.line("$tag === 'frame' => $this->frames[$fields['index']]->lazy(),");
  out.line('default => throw new \\LogicException("no member answers the step {$tag}"),');
  out.close("};").close("}");
}

/** The member that makes a step of no other frame. */
const sourceOf = (model: Model, node: string): Member | null =>
  classOf(model, "module").members.find(
    ({ mapping }) => mapping.kind === "node" && mapping.node === node && mapping.receiver === null,
  ) ?? null;

/** The call of a step, an argument to a line. */
function stepText(model: Model, { member, owner }: StepCall): readonly string[] {
  const { mapping } = member;
  if (mapping.kind !== "node") return [];
  const args = parametersIn(member, "php").flatMap((one) =>
    argumentText(model, one, mapping.receiver),
  );
  const call = [
    `${member.names.php}(`,
    ...args.map((one, i) => `    ${one}${i < args.length - 1 ? "," : ""}`),
  ];
  if (mapping.receiver === null) {
    // What reads at once stands lazily in a plan that is collected with parameters' values.
    if (member.result.kind !== "class" && member.result.kind !== "step") {
      return [`DataFrame::${call[0]}`, ...call.slice(1), "),"];
    }
    const isEager = member.result.name === "DataFrame";
    const start = `${isEager ? "DataFrame" : "LazyFrame"}::`;
    return [`${start}${call[0]}`, ...call.slice(1), isEager ? ")->lazy()," : "),"];
  }
  const isList = mapping.receiver.endsWith("[0]");
  const field = mapping.receiver.replace("[0]", "");
  const target = `$this->answer($fields['${field}']${isList ? "[0]" : ""})`;
  if (owner.role !== "group") return [`${target}->${call[0]}`, ...call.slice(1), "),"];
  const sources = new Map(fieldSources(model, member).map((source) => [source.field, source]));
  const held = owner.held.map(
    (one) => `...$this->items($fields['${sources.get(one.field)?.field ?? ""}'])`,
  );
  const opener = model.face.classes
    .flatMap((one) => one.members)
    .find((one) => one.mapping.kind === "opens" && one.mapping.className === owner.name);
  const opened = `${target}->${opener?.names.php}(${held.join(", ")})->${call[0]}`;
  return [opened, ...call.slice(1), "),"];
}

function argumentText(
  model: Model,
  parameter: Parameter,
  receiver: string | null,
): readonly string[] {
  const { place, type, isVariadic } = parameter;
  if (place.at === "spread") {
    const fields = fieldsIn(recordByName(model, type.name), "php");
    return fields.filter((one) => one.place === "field").map((one) => named(one, "$fields"));
  }
  if (place.at === "hand" && type.name === "ValuesOptions") {
    return ["schema: array_column($fields['columns'], 'dtype', 'name')"];
  }
  if (place.at !== "field") return [];
  const at = `$fields['${place.field}']`;
  if (type.kind === "record") {
    // What is not sent is not given: a default that is typed would be. The lines behind the first
    // stand as deep as a step's arguments are printed.
    const names = fieldsIn(recordByName(model, type.name), "php").map(
      (one) => `            '${one.wire}' => '${one.names.php}',`,
    );
    return [`...self::given(${at} ?? [], [\n${names.join("\n")}\n        ])`];
  }
  const value = receiver === `${place.field}[0]` ? `array_slice(${at}, 1)` : at;
  if (isVariadic) {
    if (type.kind === "items") return [`...$this->items(${value})`];
    return [type.kind === "frame" ? `...array_map($this->answer(...), ${value})` : `...${value}`];
  }
  const isOptional = parameter.isOptional || type.isNullable;
  const none = parameter.default === undefined ? "null" : literal(parameter.default);
  if (type.kind === "source") return ["$fields['paths'] ?? $fields['path']"];
  return [valueText(type.kind, isOptional ? `${value} ?? ${none}` : value)];
}

/** A field of a record as a named argument. */
function named({ names, wire, type, isOptional, default: value }: Field, from: string): string {
  const given = `${from}['${wire}']`;
  if (!isOptional) return `${names.php}: ${valueText(type.kind, given)}`;
  // `null` is a value of its own for some options, so only what is not there takes the default.
  if (type.isNullable) {
    const none = literal(value);
    const text = `array_key_exists('${wire}', ${from} ?? []) ? ${given} : ${none}`;
    return `${names.php}: ${none === "null" ? `${given} ?? null` : text}`;
  }
  return `${names.php}: ${valueText(type.kind, `${given} ?? ${literal(value)}`)}`;
}

function valueText(kind: Parameter["type"]["kind"], value: string): string {
  const call = VALUES[kind];
  return call === undefined ? value : `${call}(${value})`;
}

/** The inverse of each kind. */
const VALUES: Readonly<Partial<Record<Parameter["type"]["kind"], string>>> = {
  expression: "$this->question",
  sortKeys: "$this->sortKeys",
  joinKeys: "$this->joinKeys",
  renamings: "$this->renamings",
  tables: "$this->tables",
  frame: "$this->answer",
  columnValues: "Values::columns",
};

function emitCalls(out: Lines, name: string, doc: string, calls: readonly FunctionCall[]): void {
  out.gap().lines(docComment([doc]));
  out.line(`private function ${name}(string $name, array $args): Expr`).open("{");
  out.open("return match ($name) {");
  for (const call of calls) out.line(`${quote(call.function)} => ${callText(call)},`);
  out.line('default => throw new \\LogicException("no member answers the function {$name}"),');
  out.close("};").close("}");
}

/** Columns of a call behind the name that it answers. */
const CALL_COLUMNS_MAX = 80;

function callText({ method, free }: FunctionCall): string {
  const isOpen = free?.parameters.some(({ isOptional }) => isOptional) ?? false;
  const spread = free?.parameters.some(({ isVariadic }) => isVariadic) ?? false;
  const given = spread
    ? "...array_map($this->expression(...), $args)"
    : "$this->expression($args[0])";
  if (method === null) return callOf(`\\Pardox\\${free?.names.php}(`, givenTo(free) ?? [given]);
  const args = argumentPlaces(method).map(([parameter, at]) => methodArgument(parameter, at));
  const text = callOf(
    `$this->expression($args[${receiverOf(method)}])->${method.names.php}(`,
    args,
  );
  return isOpen ? `$args === [] ? \\Pardox\\${free?.names.php}() : ${text}` : text;
}

/** A call, on one line where it fits. */
function callOf(start: string, args: readonly string[]): string {
  const line = `${start}${args.join(", ")})`;
  if (line.length <= CALL_COLUMNS_MAX) return line;
  return `${start}\n${args.map((one) => `    ${one},`).join("\n")}\n)`;
}

/** Operands of a free function that takes operands; null for one that takes columns. */
function givenTo(free: Member | null): readonly string[] | null {
  const parameters = free?.parameters ?? [];
  if (!parameters.every(({ type }) => type.kind === "operand")) return null;
  return parameters.map((parameter, i) => methodArgument(parameter, i));
}

function methodArgument(parameter: Parameter, index: number): string {
  switch (parameter.type.kind) {
    case "operands":
      return `array_map($this->operand(...), array_slice($args, ${index}))`;
    case "operand": {
      const given = `array_slice($args, ${index}${parameter.isVariadic ? "" : ", 1"})`;
      const isOpen = parameter.isVariadic || parameter.isOptional;
      return isOpen
        ? `...array_map($this->operand(...), ${given})`
        : `$this->operand($args[${index}])`;
    }
    default:
      return `$this->question($args[${index}])`;
  }
}

/** The inverse of each kind: what a user would type for what stands on the wire. */
const HELPERS = `/** The one tag of an externally tagged value, and what stands under it. */
private static function tagged(array $wire): array
{
    $tag = array_key_first($wire);
    return [$tag, $wire[$tag]];
}

/** Options that the document gives, under the names that a user types. */
private static function given(array $options, array $names): array
{
    $given = [];
    foreach ($options as $name => $value) {
        $given[$names[$name] ?? $name] = $value;
    }
    return $given;
}

private function expression(array $wire): Expr
{
    [$tag, $fields] = self::tagged($wire);
    return match ($tag) {
        'col' => \\Pardox\\col($fields),
        'lit' => Values::literal($fields),
        'param' => \\Pardox\\param($fields),
        'text' => \\Pardox\\expr($fields),
        'cast' => $this->expression($fields['input'])->cast($fields['to']),
        'try_cast' => $this->expression($fields['input'])->tryCast($fields['to']),
        'case' => $this->caseOf($fields),
        'call' => $this->called($fields['function'], $fields['args']),
        'agg' => $this->aggregated(
            $fields['function'],
            isset($fields['input']) ? [$fields['input']] : []
        ),
        default => throw new \\LogicException("no member answers the expression {$tag}"),
    };
}

/** A predicate: text stays text. */
private function question(array $wire): Expr|string
{
    return $wire['text'] ?? $this->expression($wire);
}

/** An operand: a literal is typed as a value. */
private function operand(array $wire): mixed
{
    $isLiteral = array_key_exists('lit', $wire);
    return $isLiteral ? Values::operand($wire['lit']) : $this->expression($wire);
}

private function caseOf(array $wire): Expr
{
    $branches = $wire['branches'];
    $first = array_shift($branches);
    $chain = \\Pardox\\when($this->question($first['when']), $this->operand($first['then']));
    foreach ($branches as $branch) {
        $chain = $chain->when($this->question($branch['when']), $this->operand($branch['then']));
    }
    $otherwise = $wire['otherwise'] ?? null;
    return $otherwise === null ? $chain : $chain->otherwise($this->operand($otherwise));
}

/** Items: a column under its own name is typed as the name alone. */
private function items(array $wire): array
{
    return array_map(function (array $item): mixed {
        if (isset($item['text'])) {
            return \\Pardox\\expr($item['text']);
        }
        ['name' => $name, 'expr' => $expr] = $item['named'];
        if ($expr === ['col' => $name]) {
            return $name;
        }
        // A name of digits would become a position in an array.
        $question = $this->question($expr);
        return $question instanceof Expr ? $question->alias($name) : [$name => $question];
    }, $wire);
}

private function sortKeys(array $wire): array
{
    return array_map(function (array $item): mixed {
        if (isset($item['text'])) {
            return \\Pardox\\expr($item['text']);
        }
        $key = $item['key'];
        $nulls = isset($key['nulls']) ? ['nulls' => $key['nulls']] : [];
        if ($key['descending'] ?? false) {
            return $this->expression($key['expr'])->desc(...$nulls);
        }
        $isPlain = $nulls === [] && isset($key['expr']['col']);
        return $isPlain ? $key['expr']['col'] : $this->expression($key['expr'])->asc(...$nulls);
    }, $wire);
}

private function joinKeys(array $wire): array
{
    $keys = [];
    foreach ($wire as ['left' => $left, 'right' => $right]) {
        if ($left === $right) {
            $keys[] = $left;
        } else {
            $keys[$left] = $right;
        }
    }
    return $keys;
}

private function renamings(array $wire): array
{
    return array_column($wire, 'to', 'from');
}

private function tables(array $wire): array
{
    return array_map($this->answer(...), $wire);
}`;
