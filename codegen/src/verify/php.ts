// The PHP face, read as text: every class has, in its own file or in a trait that it uses, every
// member that the description gives it, public and with a doc comment; functions likewise.
//
//   bindings/php/src/DataFrame.php  use FrameSteps;  ->  Internal/FrameSteps.php

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lineage } from "../read/example.js";
import type { FaceClass, Model } from "../model/model.js";
import type { Problem } from "../problems.js";

const FOLDER = "bindings/php/src";

/** Verifies the face below `root`; nothing where it does not stand. */
export function verifyPhp(root: string, model: Model): readonly Problem[] {
  if (!existsSync(join(root, FOLDER, "DataFrame.php"))) return [];
  return verifyPhpFiles(model, (name) => {
    const path = join(root, FOLDER, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  });
}

/** Verifies the files that `read` gives, by their path below the folder. */
export function verifyPhpFiles(model: Model, read: (name: string) => string): readonly Problem[] {
  const sources = ["DataFrame.php", "LazyFrame.php"].map((name) => whole(name, read)).join("\n");
  const functions = read("functions.php");
  return model.face.classes.flatMap((one): readonly Problem[] => {
    if (one.absent.php !== undefined || one.role === "steps") return [];
    if (one.role === "module") return missing([one], `${functions}\n${sources}`, FOLDER);
    if (one.role === "functions") return missing([one], functions, `${FOLDER}/functions.php`);
    const name = `${one.name}.php`;
    const text = whole(name, read) + (one.role === "case" ? whole("Expr.php", read) : "");
    return missing(lineage(model.face, one), text, `${FOLDER}/${name}`);
  });
}

/** A class with the traits that it uses. */
function whole(name: string, read: (name: string) => string): string {
  const text = read(name);
  const traits = [...text.matchAll(/^ {4}use (\w+);$/gm)].map((use) => use[1] ?? "");
  return [text, ...traits.map((trait) => read(`Internal/${trait}.php`))].join("\n");
}

function missing(classes: readonly FaceClass[], text: string, where: string): Problem[] {
  const problems: Problem[] = [];
  for (const member of classes.flatMap(({ members }) => members)) {
    if (member.absent.php !== undefined) continue;
    const name = member.names.php;
    const found = new RegExp(
      `(\\*/\\n)?^ *(?:public |static |final )*function ${name}\\(`,
      "m",
    ).exec(text);
    const at = `${where} ${name}`;
    if (found === null) problems.push({ where: at, message: "is described but not there" });
    else if (found[1] === undefined) problems.push({ where: at, message: "has no doc comment" });
  }
  return problems;
}
