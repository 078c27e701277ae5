import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SESSION_BYTES, MAX_SESSIONS, SessionIds } from "../../../src/engine/tls/session-resumption.ts";

test("a resumed session is kept, regardless of the number of new sessions", () => {
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

// id: session-cache-eviction-2
test("sessions with long client certificates take no more memory than others", () => {
  const ids = new SessionIds();
  const long = Buffer.alloc(10_000);
  for (let number = 0; number < MAX_SESSIONS; number++) ids.keep(Buffer.from(`${number}`), long);
  assert.ok(ids.bytes <= MAX_SESSION_BYTES);
  assert.equal(ids.find(Buffer.from("0")), undefined);
  assert.ok(ids.find(Buffer.from(`${MAX_SESSIONS - 1}`)));
});

// id: session-cache-eviction
test("a session of an open control connection is kept, regardless of the number of new sessions and of its last resumption", () => {
  const own = Buffer.from("own");
  const ids = new SessionIds((session) => session === own);
  ids.keep(own, own);
  for (let number = 0; number < 3 * MAX_SESSIONS; number++)
    ids.keep(Buffer.from(`${number}`), Buffer.from("other"));
  assert.equal(ids.find(own), own);
});

test("sessions in use are removed when there are too many of them", () => {
  const ids = new SessionIds(() => true);
  for (let number = 0; number < MAX_SESSIONS + 1; number++)
    ids.keep(Buffer.from(`${number}`), Buffer.from("used"));
  const found = Array.from({ length: MAX_SESSIONS + 1 }, (_, number) => ids.find(Buffer.from(`${number}`)));
  assert.equal(found.filter((session) => session === undefined).length, 1);
});
