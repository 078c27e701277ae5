/** Runs `make fuzz` for a few seconds. Includes saved rounds. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../cluster/run.ts";
import { malformedLine } from "../../tools/fuzz/check.ts";
import { roundOf } from "../../tools/fuzz/round.ts";

// id: input-limits-3
test("the engine passes saved and random rounds", async () => {
  const argv = [process.execPath, join(import.meta.dirname, "../../tools/fuzz/main.ts"), "--seconds", "4"];
  assert.match(await run(argv, { timeout: 300_000 }), /^SEED=/u);
});

test("a seed always results in the same round", () => assert.deepEqual(roundOf(7), roundOf(7)));

test("fuzz detects a line that is not a reply", () => {
  assert.equal(malformedLine("220 x\r\n211-a\r\n b\r\n211 End\r\n234 go\r\n\u0016\u0003\r\n"), undefined);
  assert.equal(malformedLine("220 x\r\n221 cut o"), undefined);
  for (const bad of ["", "22 x", "220", "220 a\0", "hello"]) assert.equal(malformedLine(`${bad}\r\n`), bad);
  assert.equal(malformedLine("211-a\r\nb\r\n"), "b");
});
