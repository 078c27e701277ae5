import assert from "node:assert/strict";
import { test } from "node:test";
import { AnnouncedAddressPolicy } from "../../../src/engine/passive/announced-address.ts";
import { ClientKeys } from "../../../src/engine/client-address.ts";
import { testConfig } from "../../support/engine/server.ts";

const { passive } = testConfig();
const overrides = [
  { clients: "10.1.0.0/16", address: "10.1.0.1" },
  { clients: "10.0.0.0/8", address: "10.0.0.1" },
];

// id: pasv-by-network
test("the first matching override applies, and other clients get the general address", () => {
  const announcements = new AnnouncedAddressPolicy({ ...passive, overrides }, new ClientKeys([]));
  const to = (client: string): string | undefined =>
    announcements.addressFor({ client, local: "192.0.2.1" }, "203.0.113.7");
  assert.equal(to("10.1.2.3"), "10.1.0.1");
  assert.equal(to("10.2.2.3"), "10.0.0.1");
  assert.equal(to("::ffff:10.2.2.3"), "10.0.0.1");
  assert.equal(to("198.51.100.1"), "203.0.113.7");
  assert.equal(to("2001:db8::1"), "203.0.113.7");
});

test("an override does not apply to a SNAT source", () => {
  const announcements = new AnnouncedAddressPolicy({ ...passive, overrides }, new ClientKeys(["10.1.2.3"]));
  assert.equal(
    announcements.addressFor({ client: "10.1.2.3", local: "192.0.2.1" }, "203.0.113.7"),
    "203.0.113.7",
  );
});

test("ControlConnection announces the IPv4 address that the client connected to", () => {
  const config = { ...passive, overrides, address: { type: "ControlConnection" } } as const;
  const announcements = new AnnouncedAddressPolicy(config, new ClientKeys([]));
  assert.equal(
    announcements.addressFor({ client: "198.51.100.1", local: "192.0.2.1" }, undefined),
    "192.0.2.1",
  );
  assert.equal(announcements.addressFor({ client: "10.9.9.9", local: "192.0.2.1" }, undefined), "10.0.0.1");
  assert.equal(
    announcements.addressFor({ client: "2001:db8::1", local: "2001:db8::2" }, undefined),
    undefined,
  );
});
