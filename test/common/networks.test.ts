import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NetworkList } from "../../src/common/networks.ts";

describe("NetworkList", () => {
  it("contains the addresses of its networks in any notation", () => {
    const list = new NetworkList(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "2001:db9::1"]);
    for (const inside of ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.1", "2001:db8::5", "2001:0DB9:0::1%eth0"])
      assert.equal(list.has(inside), true, inside);
    for (const outside of ["11.0.0.1", "::ffff:11.0.0.1", "192.0.2.2", "2001:db9::2", "", "nowhere"])
      assert.equal(list.has(outside), false, outside);
  });

  for (const networks of ["::/0", "::/1", "::/64", "::ffff:0:0/95"])
    it(`${networks} contains no IPv4 address`, () => {
      const list = new NetworkList(["10.0.0.0/8", networks]);
      assert.equal(list.has("203.0.113.5"), false);
      assert.equal(list.has("::ffff:203.0.113.5"), false);
      assert.equal(list.has("10.0.0.1"), true);
      assert.equal(list.has("::1"), networks !== "::ffff:0:0/95");
    });

  it("0.0.0.0/0 contains no IPv6 address", () => {
    const list = new NetworkList(["0.0.0.0/0"]);
    assert.equal(list.has("2001:db8::1"), false);
    assert.equal(list.has("::ffff:203.0.113.5"), true);
  });
});
