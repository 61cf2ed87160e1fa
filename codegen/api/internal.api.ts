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
  pardox_feed_open: "C programs feed bytes; the faces' readers of streams come with issue 3",
  pardox_feed_write: "as pardox_feed_open",
  pardox_feed_finish: "as pardox_feed_open",
};

/** Steps of the plan that no member makes. */
export const nodes = {
  frame: "a table in memory stands in a plan as this; the face puts it there",
  count_csv: "C programs count records; the faces' member comes with issue 3",
};

/** Fields of the plan's records that no option sets, as `record.field`. */
export const fields = {
  "ScanCsvNode.paths": "C programs name several files; the faces' member comes with issue 3",
  "ScanCsvNode.feed": "C programs feed bytes; the faces' readers of streams come with issue 3",
};
