// What the conformance dispatch of every language does: which member answers which step, function,
// aggregate and form of a plan document. An emitter turns these lists into switches.

import { classOf, ownerOf } from "../model/find.js";
import type { FaceClass, Json, Language, Member, Model, Parameter } from "../model/model.js";

/** A step: what to call for it. */
export interface StepCall {
  readonly node: string;
  readonly member: Member;
  readonly owner: FaceClass;
  /** Calls for the same step when fields have just these values; looked at first. */
  readonly special: readonly {
    readonly fields: Readonly<Record<string, Json>>;
    readonly member: Member;
    readonly owner: FaceClass;
  }[];
}

/** An expression function or aggregate: the method, or the free function, that answers it. */
export interface FunctionCall {
  readonly function: string;
  /** Method of Expr, called on its receiver; null where there is none. */
  readonly method: Member | null;
  /** Free function, given all operands; null where there is none. */
  readonly free: Member | null;
}

/** The steps that a language can answer, in the order of the plan's schema. */
export function stepCalls(model: Model, language: Language): readonly StepCall[] {
  const members = present(model, language);
  return (model.wire.unions["Node"]?.variants ?? []).flatMap((variant): readonly StepCall[] => {
    const makers = members.filter(
      ({ mapping }) => mapping.kind === "node" && mapping.node === variant.name,
    );
    const member = makers.find((one) => one.isPrimary) ?? makers[0];
    if (member === undefined) return [];
    const special = makers.flatMap((one) =>
      one !== member && one.mapping.kind === "node" && Object.keys(one.mapping.fixed).length > 0
        ? [{ fields: one.mapping.fixed, member: one, owner: ownerOf(model, one) }]
        : [],
    );
    return [{ node: variant.name, member, owner: ownerOf(model, member), special }];
  });
}

/** The expression functions that a language can answer. */
export function functionCalls(model: Model, language: Language): readonly FunctionCall[] {
  return calls(model, language, model.wire.functions, "call");
}

/** The aggregates that a language can answer; without an input only `free` will do. */
export function aggregateCalls(model: Model, language: Language): readonly FunctionCall[] {
  return calls(model, language, model.wire.aggregates, "aggregate");
}

function calls(
  model: Model,
  language: Language,
  names: readonly string[],
  kind: "call" | "aggregate",
): readonly FunctionCall[] {
  const methods = classOf(model, "expression").members;
  return names.flatMap((name): readonly FunctionCall[] => {
    const all = present(model, language).filter(
      ({ mapping }) => mapping.kind === kind && mapping.function === name,
    );
    if (all.length === 0) return [];
    // A method that is not the primary one says the same in fewer operands (fillNull).
    const primary = all.some((one) => one.isPrimary) ? all.filter((one) => one.isPrimary) : all;
    const method = primary.find((one) => methods.some(({ id }) => id === one.id)) ?? null;
    const free = primary.find((one) => methods.every(({ id }) => id !== one.id)) ?? null;
    return [{ function: name, method, free }];
  });
}

/** The operand of a call that its method is called on. */
export const receiverOf = ({ mapping }: Member): number =>
  mapping.kind === "call" ? mapping.receiver : 0;

/** Each parameter of a method, with the position of its operand in the call. */
export const argumentPlaces = (method: Member): readonly (readonly [Parameter, number])[] =>
  method.parameters.map((parameter, i) => [parameter, i < receiverOf(method) ? i : i + 1]);

const present = (model: Model, language: Language): readonly Member[] =>
  model.face.classes
    .flatMap((one) => one.members)
    .filter((member) => member.absent[language] === undefined);
