import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import * as fc from "fast-check";
import { command, long, noise } from "../../../tools/fuzz/grammar.ts";
import { settle, world } from "../../support/engine/world.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

const login = fc.constant(Buffer.from("USER alice\r\nPASS secret\r\n"));
const soup = fc.array(fc.oneof({ weight: 20, arbitrary: command }, noise, long, login), {
  maxLength: 40,
  size: "max",
});
// Most commands are available only after login.
const input = fc.oneof(
  soup,
  fc.tuple(login, soup).map(([first, rest]) => rest.toSpliced(0, 0, first)),
);

const REPLIES = /^(?:\d{3} [^\r\n\0]*\r\n|\d{3}-[^\r\n\0]*\r\n(?: [^\r\n\0]*\r\n)*\d{3} [^\r\n\0]*\r\n)*$/u;

/** Runs one session over in-memory streams. Returns all replies as one string. */
async function converse(pieces: readonly Buffer[]): Promise<string> {
  await using server = world({ active: { mode: "Enabled" } });
  server.memory.put("/f", "hello");
  server.memory.directories.add("/d");
  const [ours, theirs] = duplexPair();
  let said = "";
  ours.setEncoding("utf8").on("data", (text: string) => (said += text));
  ours.on("error", () => {});
  server.engine.serve(theirs, { client: "127.0.0.1", local: "127.0.0.1" });
  for (const piece of pieces) {
    if (!ours.writable) break;
    ours.write(piece);
    await settle();
    server.clock.advance(6000);
  }
  ours.end();
  await settle();
  server.clock.advance(3_600_000);
  await settle();
  assert.equal(server.engine.sessions.size, 0, "the session ended");
  assert.equal(server.clock.pending, 0, "no timer is left");
  assert.equal(server.counts.get("passiveReservations") ?? 0, 0, "no port is left reserved");
  assert.ok(!server.log.entries.some(({ level }) => level === "error"), JSON.stringify(server.log.entries));
  return said;
}

test("a session sends well-formed replies for any input and ends without an error", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(input, async (pieces) => {
      assert.match(await converse(pieces), REPLIES);
    }),
    { numRuns: RUNS },
  );
});
