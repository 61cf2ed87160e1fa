// An adapter that answers as the words in its command say, to prove that the runner can fail.
//
// `echo` answers every case with the table in its plan; each other word is a way to be wrong.

import { createInterface } from "node:readline";

const way = process.argv[2];
for await (const line of createInterface({ input: process.stdin })) {
  const { id, want, plan } = JSON.parse(line);
  if (way === "silent") continue;
  if (way === "dies") process.exit(3);
  if (way === "chatty") console.log("hello");
  if (want === "canonical") {
    print({ id, canonical: { id: way === "differs" ? id : "same" } });
  } else if (plan.error) {
    const { message } = plan.error;
    const moved = way === "moves" ? message.replace("byte 5", "byte 77") : message;
    print({ id, error: { ...plan.error, message: `${moved}${way === "says" ? "!" : ""}` } });
  } else {
    print({ id, ok: plan.answer });
    if (way === "twice") print({ id, ok: plan.answer });
  }
}

function print(answer) {
  console.log(JSON.stringify(answer));
}
