import assert from "node:assert/strict";
import { test } from "node:test";
import { portViolations } from "../../../src/cli/serve/ports.ts";

const host = "127.0.0.1";
const passive = { first: 50_000, last: 50_009 };

test("the error for a port in two settings names the options to change, and not another program", async () => {
  assert.deepEqual(await portViolations({ host, control: 50_003, passive }), [
    {
      message: "control port in the passive port range 50000-50009: 50003",
      hint: "change --port or --passive-ports",
    },
  ]);
  assert.deepEqual(await portViolations({ host, control: 2121, passive, metrics: 50_009 }), [
    {
      message: "metrics port in the passive port range 50000-50009: 50009",
      hint: "change --metrics-port or --passive-ports",
    },
  ]);
  assert.deepEqual(await portViolations({ host, control: 2121, passive, metrics: 2121 }), [
    {
      message: "same port for control connections and metrics: 2121",
      hint: "change --metrics-port or --port",
    },
  ]);
});
