import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SESSIONS, SessionIds } from "../../../src/engine/tls/session-ids.ts";

test("a session that is resumed stays, however many others are made", () => {
  const ids = new SessionIds();
  const [used, unused] = [Buffer.from("used"), Buffer.from("unused")];
  for (const id of [used, unused]) ids.keep(id, Buffer.from("session"));
  for (let number = 0; number < 2 * MAX_SESSIONS; number++) {
    ids.keep(Buffer.from(`${number}`), Buffer.from("other"));
    if (number % 1000 === 0) assert.ok(ids.find(used));
  }
  assert.ok(ids.find(used));
  assert.equal(ids.find(unused), undefined);
});
