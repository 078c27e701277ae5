import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { describe, test } from "node:test";
import { ControlConnection } from "../../../src/engine/session/control-connection.ts";
import { reply } from "../../../src/engine/protocol/reply.ts";
import { settle } from "../../support/engine/world.ts";

const LIMITS = { commandLineBytes: 4096, queuedCommands: 8 };
const IGNORE = { input: () => {}, disconnected: () => {} };

describe("ControlConnection", () => {
  test("queues lines up to the limit and loses none", async () => {
    const [ours, theirs] = duplexPair();
    const control = new ControlConnection(theirs, IGNORE, LIMITS);
    ours.end(Array.from({ length: 100 }, (_, index) => `L${index}\r\n`).join(""));
    await settle();
    assert.equal(control.queued.length, LIMITS.queuedCommands);
    for (let index = 0; index < 100; index++)
      assert.deepEqual(control.take(), { type: "Line", text: `L${index}` });
    await settle();
    assert.equal(control.exhausted, true);
  });

  test("discards the buffered bytes of the old stream when the stream is replaced (CVE-2011-0411)", async () => {
    const [ours, theirs] = duplexPair();
    const [newOurs, newTheirs] = duplexPair();
    const control = new ControlConnection(theirs, IGNORE, LIMITS);
    ours.write("AUTH TLS\r\nINJECTED\r\nHALF A LI");
    await settle();
    assert.deepEqual(control.take(), { type: "Line", text: "AUTH TLS" });
    control.swap(() => newTheirs);
    newOurs.write("NE\r\n");
    await settle();
    assert.deepEqual(control.take(), { type: "Line", text: "NE" });
    assert.equal(control.take(), undefined);
    newOurs.setEncoding("utf8");
    control.send(reply(200, "OK"));
    await settle();
    assert.equal(newOurs.read(), "200 OK\r\n");
    assert.equal(ours.read(), null);
  });
});
