import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deniedAddress } from "../../src/operator/dial-policy.ts";

const DENIED = {
  "a loopback address": ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"],
  "an unspecified address": ["0.0.0.0", "0.1.2.3", "::"],
  "a link-local address": [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
  ],
  "a multicast address": ["224.0.0.1", "239.255.255.250", "ff02::1"],
  "a broadcast address": ["255.255.255.255"],
  "not an IP address": ["", "localhost", "1.2.3.4.5"],
};
const ALLOWED = [
  "10.0.0.1",
  "172.16.3.4",
  "192.168.1.1",
  "100.64.0.1",
  "203.0.113.7",
  "fd00::1",
  "2001:db8::1",
  "64:ff9b::10.0.0.1",
];

describe("deniedAddress", () => {
  for (const [what, addresses] of Object.entries(DENIED))
    it(`denies ${what} in all notations`, () => {
      assert.deepEqual(
        addresses.map(deniedAddress),
        addresses.map(() => what),
      );
    });

  it("allows private and public addresses", () => {
    assert.deepEqual(
      ALLOWED.map(deniedAddress),
      ALLOWED.map(() => undefined),
    );
  });
});
