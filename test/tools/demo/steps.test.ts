import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { check, StepFailed, Steps } from "../../../tools/demo/steps.ts";

/** Creates steps that write to a string, with a clock that advances by 1 second for each call. */
function recorded(interactive = false) {
  let text = "";
  let time = 0;
  const steps = new Steps({ write: (more) => (text += more), interactive }, () => (time += 1000));
  return { steps, text: () => text };
}

describe("steps of the demo", () => {
  it("show progress immediately, then the duration and details, and return the result", async () => {
    const { steps, text } = recorded();
    const result = await steps.run("count", async (report) => {
      report.fact("found");
      report.progress("one");
      report.progress("one");
      report.progress("two");
      return 2;
    });
    assert.equal(result, 2);
    assert.match(text(), /^ {5}… one\n {5}… two\n {2}1 {2}count \.{20,} ok +1\.0 s\n {5}found\n$/);
  });

  it("show the expected and the actual state on failure, and where to find details", async () => {
    const { steps, text } = recorded();
    const failing = steps.run("compare", async () => check(false, "a 1", "a 2"), ["kubectl get pods"]);
    await assert.rejects(failing, StepFailed);
    assert.match(
      text(),
      /compare \.+ FAILED +1\.0 s\n {5}expected: a 1\n {5}seen: {5}a 2\n {5}look at:\n {7}kubectl get pods\n$/,
    );
  });

  it("show all lines of other errors", async () => {
    const { steps, text } = recorded();
    await assert.rejects(
      steps.run("run", () => Promise.reject(new Error("helm ended with 1:\nno such chart"))),
    );
    assert.match(text(), /FAILED.*\n {5}helm ended with 1:\n {5}no such chart\n$/);
  });

  it("overwrite their line only on a terminal", async () => {
    const terminal = recorded(true);
    await terminal.steps.run("draw", async ({ progress }) => progress("half way"));
    assert.ok(terminal.text().includes("\r\u001b[K"));
    const log = recorded(false);
    await log.steps.run("draw", async ({ progress }) => progress("half way"));
    // oxlint-disable-next-line no-control-regex -- the log must contain no control characters
    assert.doesNotMatch(log.text(), /[\r\u001b]/);
  });
});
