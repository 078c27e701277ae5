import assert from "node:assert/strict";
import { test } from "node:test";
import { hostInUrl } from "../../src/common/urls.ts";

test("hostInUrl adds brackets to IPv6 addresses only", () => {
  assert.equal(hostInUrl("2001:db8::1"), "[2001:db8::1]");
  assert.equal(hostInUrl("198.51.100.7"), "198.51.100.7");
  assert.equal(hostInUrl("ftp.example.com"), "ftp.example.com");
});
