import assert from "node:assert/strict";
import { test } from "node:test";
import { hostInUrl } from "../../src/common/urls.ts";

test("hostInUrl puts IPv6 addresses in brackets and leaves names and IPv4 addresses as they are", () => {
  assert.equal(hostInUrl("2001:db8::1"), "[2001:db8::1]");
  assert.equal(hostInUrl("198.51.100.7"), "198.51.100.7");
  assert.equal(hostInUrl("ftp.example.com"), "ftp.example.com");
});
