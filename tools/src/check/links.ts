// Links in Markdown lead somewhere: to a file or folder of the repository, to a heading in it.

import { posix } from "node:path";
import { folderOf, type Check, type Problem, type Tree } from "./tree.js";

export const LINKS: Check = {
  name: "links",
  about: "links in Markdown lead to files and headings that exist",
  find: (tree) =>
    tree.paths.filter((path) => path.endsWith(".md")).flatMap((path) => problemsIn(path, tree)),
};

function problemsIn(path: string, tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  proseLines(tree.read(path)).forEach((line, index) => {
    for (const match of line.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)|^\[[^\]]+\]: (\S+)/g)) {
      const link = match[1] ?? match[2] ?? "";
      const message = judge(link, path, tree);
      if (message !== undefined) problems.push({ path, line: index + 1, message });
    }
  });
  return problems;
}

/** The lines, those of code blanked: links are not looked for in examples. */
export function proseLines(text: string): readonly string[] {
  let fence = "";
  return text.split("\n").map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? "";
    if (fence === "" && mark === "") return line.replaceAll(/`[^`]*`/g, "");
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence)) fence = "";
    return "";
  });
}

function judge(link: string, path: string, tree: Tree): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [file = "", heading] = link.split("#");
  const target = file === "" ? path : posix.normalize(posix.join(folderOf(path), decodeURI(file)));
  const folder = `${target.replace(/\/$/, "")}/`;
  if (!tree.paths.includes(target)) {
    if (tree.paths.some((other) => other.startsWith(folder)) || folder === "./") return undefined;
    return `expected ${target}, which this link leads to; found no such file`;
  }
  if (heading === undefined || !target.endsWith(".md")) return undefined;
  if (headingsOf(tree.read(target)).has(heading.toLowerCase())) return undefined;
  return `expected a heading #${heading} in ${target}, found none`;
}

/** The anchors that a page's headings get: lower case, blanks to hyphens, marks dropped. */
function headingsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of text.split("\n")) {
    const title = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
    if (title === undefined) continue;
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    anchors.add(anchor);
  }
  return anchors;
}
