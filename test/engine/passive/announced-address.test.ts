import assert from "node:assert/strict";
import { test } from "node:test";
import { AnnouncedAddressResolver } from "../../../src/engine/passive/announced-address.ts";
import { TestLog } from "../../support/engine/server.ts";

const name = (refreshPeriodSeconds: number, host = "ftp.example.com") =>
  ({ type: "Hostname", name: host, refreshPeriodSeconds }) as const;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// id: pasv-static
test("a configured address is announced, and changes immediately", () => {
  const source = new AnnouncedAddressResolver({ type: "Unknown" }, new TestLog());
  assert.equal(source.current(), undefined);
  source.reconfigure({ type: "Static", address: "192.0.2.1" });
  assert.equal(source.current(), "192.0.2.1");
  source.reconfigure({ type: "Unknown" });
  assert.equal(source.current(), undefined);
});

// id: pasv-host-name
test("a name is resolved immediately and periodically, and a failure keeps the last address", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answers = ["192.0.2.1", new Error("no such name"), "192.0.2.2"];
  let asked = 0;
  const source = new AnnouncedAddressResolver(name(30), new TestLog(), async () => {
    const answer = answers[asked++];
    if (typeof answer === "string") return answer;
    throw answer;
  });
  await settled();
  assert.equal(source.current(), "192.0.2.1");
  t.mock.timers.tick(30_000);
  await settled();
  assert.deepEqual([asked, source.current()], [2, "192.0.2.1"]);
  // After a failed lookup, the resolver waits for a shorter time than after a successful lookup.
  t.mock.timers.tick(5000);
  await settled();
  assert.deepEqual([asked, source.current()], [3, "192.0.2.2"]);
  source.close();
});

test("the address of a replaced name is discarded", async () => {
  const answer = Promise.withResolvers<string>();
  const source = new AnnouncedAddressResolver(name(30), new TestLog(), () => answer.promise);
  source.reconfigure({ type: "Static", address: "192.0.2.9" });
  answer.resolve("192.0.2.1");
  await answer.promise;
  await settled();
  assert.equal(source.current(), "192.0.2.9");
});

test("localhost is resolved by the resolver of the system", async () => {
  const log = new TestLog();
  const source = new AnnouncedAddressResolver(name(30, "localhost"), log);
  while (source.current() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(source.current(), "127.0.0.1");
  source.close();
});
