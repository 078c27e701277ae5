import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FailedLogins, MAX_REMEMBERED } from "../../../src/engine/auth/failed-logins.ts";
import { SNAT_KEY } from "../../../src/engine/client-address.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";

const LIMITS = { perSession: 3, delaySeconds: 1, attempts: 3, periodSeconds: 60, banSeconds: 300 };

function book(change: Partial<typeof LIMITS> = {}): { clock: ManualClock; logins: FailedLogins } {
  const clock = new ManualClock();
  return { clock, logins: new FailedLogins(clock, () => ({ ...LIMITS, ...change })) };
}

describe("FailedLogins", () => {
  it("bans a client regardless of the names, and no other client", () => {
    const { clock, logins } = book();
    assert.deepEqual(logins.count("192.0.2.1", "a"), []);
    assert.deepEqual(logins.count("192.0.2.1", "b"), []);
    assert.equal(logins.isBanned("192.0.2.1", "c"), false);
    assert.deepEqual(logins.count("192.0.2.1", "c"), ["Client"]);
    assert.equal(logins.isBanned("192.0.2.1", "d"), true);
    assert.equal(logins.isBanned("192.0.2.2", "a"), false);
    clock.advance(299_999);
    assert.equal(logins.isBanned("192.0.2.1", "d"), true);
    clock.advance(1);
    assert.equal(logins.isBanned("192.0.2.1", "d"), false);
    assert.deepEqual(logins.count("192.0.2.1", "a"), [], "it starts again from nothing");
  });

  it("expires counts after the period", () => {
    const { clock, logins } = book();
    logins.count("192.0.2.1", "a");
    logins.count("192.0.2.1", "a");
    clock.advance(60_000);
    assert.deepEqual(logins.count("192.0.2.1", "a"), []);
    assert.equal(logins.isBanned("192.0.2.1", "a"), false);
  });

  it("permits each client one wrong password for a banned name", () => {
    const { logins } = book();
    logins.count("192.0.2.1", "alice");
    logins.count("192.0.2.2", "alice");
    assert.deepEqual(logins.count("192.0.2.3", "alice"), ["Name"]);
    assert.equal(logins.isBanned("192.0.2.1", "alice"), true);
    assert.equal(logins.isBanned("192.0.2.1", "bob"), false, "another name is not touched");
    assert.equal(logins.isBanned("192.0.2.9", "alice"), false, "the owner is not shut out");
    assert.deepEqual(logins.count("192.0.2.9", "alice"), [], "the ban is there already");
    assert.equal(logins.isBanned("192.0.2.9", "alice"), true);
  });

  it("never bans a SNAT source, and counts its failures for the name", () => {
    const { logins } = book();
    for (const expected of [[], [], ["Name"]]) assert.deepEqual(logins.count(SNAT_KEY, "alice"), expected);
    for (let more = 0; more < 10; more++) logins.count(SNAT_KEY, "alice");
    assert.equal(logins.isBanned(SNAT_KEY, "alice"), false);
  });

  it("bans no client when the duration of bans is 0", () => {
    const { logins } = book({ banSeconds: 0 });
    for (let count = 0; count < 10; count++) assert.deepEqual(logins.count("192.0.2.1", "a"), []);
    assert.equal(logins.isBanned("192.0.2.1", "a"), false);
  });

  it("stores a limited number of failures and removes the oldest first", () => {
    const { logins } = book({ attempts: 1 });
    const name = "x".repeat(5000);
    logins.count("192.0.2.1", name);
    logins.count("192.0.2.2", name);
    // Each failed login creates three entries: for the client, for the name, and for the pair of client and name.
    for (let other = 0; other < (MAX_REMEMBERED - 3) / 3; other++) logins.count(`client${other}`, `${other}`);
    assert.equal(logins.isBanned("192.0.2.1", "y"), false);
    assert.equal(logins.isBanned("192.0.2.2", "y"), true);
  });
});
