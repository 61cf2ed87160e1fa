// DISPATCH.cpy: one WHEN for each CALL, for the conformance adapter (bindings/cobol/tests).
//
// The adapter's command record holds texts, counts and numbers of frames in the order
// of the CALL's areas: its first text is CMD-TEXT (1), its second frame FRAME (CMD-FRAME (2)).

import type { Model } from "../../model/model.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import {
  type Area,
  areasOf,
  callLines,
  itemsOfArea,
  type StepCallOf,
  stepCallsOf,
} from "./calls.js";

export function emitDispatch(model: Model): GeneratedFile {
  const lines = [
    ...opening("      * ", SOURCES.face),
    "      *",
    "      * Every step as its CALL, for the conformance adapter.",
    "           EVALUATE CMD-VERB",
    ...stepCallsOf(model).flatMap((call) => [
      `             WHEN "${call.name}"`,
      ...callLines(call.name, argumentsOf(call), " ".repeat(15)),
    ]),
    "             WHEN OTHER",
    '               DISPLAY "UNKNOWN VERB " CMD-VERB UPON STDERR',
    "               STOP RUN",
    "           END-EVALUATE.",
  ];
  return { path: "bindings/cobol/tests/DISPATCH.cpy", text: `${lines.join("\n")}\n` };
}

function argumentsOf(call: StepCallOf): readonly string[] {
  const used = { text: 0, frame: 0, count: 0 };
  const one = (area: Area): readonly string[] => {
    switch (area.role) {
      case "text":
        used.text += 1;
        return [`CMD-TEXT (${used.text})`, `CMD-LENGTH (${used.text})`];
      case "frame":
        used.frame += 1;
        return [`FRAME (CMD-FRAME (${used.frame}))`];
      case "count":
        used.count += 1;
        return [`CMD-COUNT (${used.count})`];
      case "params":
        return ["PDX-PARAMS"];
      case "tables":
        return ["PDX-TABLES"];
      case "result":
        return ["FRAME (CMD-RESULT)"];
      case "report":
        return ["PDX-ROWS", "PDX-BYTES"];
      case "total":
      case "sniff":
        return itemsOfArea(area);
    }
  };
  return [...areasOf(call).flatMap(one), "PDX-ERROR"];
}
