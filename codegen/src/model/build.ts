// Joins what was read into the model: which member stands on which C function, and why some
// functions have none.

import type { Description } from "../read/api.js";
import type { Header } from "../read/header.js";
import type { Model, RegistryFunction, Wire } from "./model.js";

/** Joins header, schema, functions and description. */
export function buildModel(
  header: Header,
  wire: Wire,
  registry: readonly RegistryFunction[],
  description: Description,
  fingerprint: bigint,
): Model {
  const { face, internal } = description;
  const members = face.classes.flatMap((one) => one.members);
  const functions = header.functions.map((one) => ({
    ...one,
    members: members.filter((member) => member.natives.includes(one.name)).map(({ id }) => id),
    internal: internal.functions[one.name] ?? null,
  }));
  return {
    abi: { functions, structs: header.structs, enums: header.enums, fingerprint },
    wire,
    functions: registry,
    face,
  };
}
