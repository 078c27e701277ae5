import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClientKeys, SNAT_KEY } from "../../src/engine/client-address.ts";
import { normalizeAddress } from "../../src/common/networks.ts";

describe("ClientKeys", () => {
  const keys = new ClientKeys(["10.0.0.1", "10.1.0.0/16", "fd00::/64"]);

  for (const [address, expected] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["10.0.0.1", SNAT_KEY],
    ["::ffff:10.0.0.1", SNAT_KEY],
    ["10.0.0.2", "10.0.0.2"],
    ["10.1.255.9", SNAT_KEY],
    ["fd00::9", SNAT_KEY],
    ["", ""],
  ] as const) {
    test(`key of ${JSON.stringify(address)}`, () => assert.equal(keys.keyOf(address), expected));
  }

  for (const [address, expected] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::ffff:c000:201", "192.0.2.1"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["2001:DB8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"],
    ["2001:db8:0:2::1", "2001:db8:0:2::/64"],
    ["fe80::1%eth0", "fe80::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b::c000:201"],
    ["64:ff9b::192.0.2.2", "64:ff9b::c000:202"],
    ["10.1.255.9", SNAT_KEY],
    ["fd00::9", SNAT_KEY],
    ["", ""],
  ] as const) {
    // id: ipv6-limits-4
    test(`limits and bans count ${JSON.stringify(address)} as ${expected}`, () =>
      assert.equal(keys.networkOf(address), expected));
  }

  for (const [client, target, expected] of [
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["10.0.0.1", "10.0.0.1", false],
    ["10.0.0.1", "10.1.0.1", false],
    ["2001:db8::1", "2001:db8:0::1", true],
  ] as const) {
    test(`a client at ${client} can request data connections to ${target}: ${expected}`, () =>
      assert.equal(keys.isOwnAddress(client, target), expected));
  }

  for (const [address, expected] of [
    ["::FFFF:c000:201", "192.0.2.1"],
    ["2001:0DB8:0:0:0:0:0:0001", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::1", "::1"],
  ] as const)
    test(`${address} is written as ${expected}, as RFC 5952 requires`, () =>
      assert.equal(normalizeAddress(address), expected));
});
