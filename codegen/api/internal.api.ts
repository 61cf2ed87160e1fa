// What the interface and the plan have and no member shows, each with its reason. Anything else
// that no member maps is refused at generation.

/** Functions of the C interface that no member calls. */
export const functions = {
  pardox_has_surface: "the loading of every binding asks it, before a user can call anything",
  pardox_live: "the leak tests of every binding read it",
  pardox_inject_panic: "the misuse tests of every binding call it",
  pardox_plan_from_sql: "`sql` is a step of the plan; C programs use this call",
  pardox_plan_canonical: "the conformance suite proves with it that text and builder are equal",
  pardox_frame_to_arrow: "each language's own Arrow protocol calls it, by hand",
  pardox_frame_from_arrow: "each language's own Arrow protocol calls it, by hand",
};

/** Steps of the plan that no member makes. */
export const nodes = {
  frame: "a table in memory stands in a plan as this; the face puts it there",
};

/** Fields of the plan's records that no option sets, as `record.field`. */
export const fields = {};
