import assert from "node:assert/strict";
import { test } from "node:test";
import { portViolations } from "../../../src/cli/serve/ports.ts";

const host = "127.0.0.1";
const passive = { first: 50_000, last: 50_009 };

test("ports that are wanted twice are rejected with the options to change, not as used by another program", async () => {
  assert.deepEqual(await portViolations({ host, control: 50_003, passive }), [
    "control port 50003 is in the passive port range 50000-50009: write another --port or --passive-ports",
  ]);
  assert.deepEqual(await portViolations({ host, control: 2121, passive, metrics: 50_009 }), [
    "metrics port 50009 is in the passive port range 50000-50009: write another --metrics-port or --passive-ports",
  ]);
  assert.deepEqual(await portViolations({ host, control: 2121, passive, metrics: 2121 }), [
    "metrics port 2121 is also the control port: write another --metrics-port or --port",
  ]);
});
