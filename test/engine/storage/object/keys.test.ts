import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EngineError } from "../../../../src/engine/errors.ts";
import {
  HomeKeys,
  isExpressible,
  isReservedKey,
  ReservedKeys,
} from "../../../../src/engine/storage/object/keys.ts";
import { decodeKey } from "../../../../src/engine/storage/object/s3/s3-store.ts";

// id: invalid-keys
test("a listed key is decoded, and bytes that are not UTF-8 become a name that FTP cannot express", () => {
  assert.equal(decodeKey("a%20b+c%2B%C3%A4%0A"), "a b c+\u00e4\n");
  for (const encoded of ["a%FFb", "%ED%A0%80", "%C3", "x%E4+y"])
    assert.ok(!isExpressible(decodeKey(encoded)), encoded);
});

describe("the key of a path", () => {
  test("begins with the prefix and the home", () => {
    const keys = new HomeKeys("a/b", "/alice");
    assert.equal(keys.file("/d/f"), "a/b/alice/d/f");
    assert.equal(keys.directory("/d"), "a/b/alice/d/");
    assert.equal(keys.directory("/"), "a/b/alice/");
    const all = new HomeKeys("", "/");
    assert.deepEqual([all.file("/d/f"), all.directory("/"), all.base], ["d/f", "", ""]);
  });

  test("is rejected when it is longer than 1023 bytes of UTF-8, is not UTF-8, or has U+FFFD", () => {
    const keys = new HomeKeys("p", "/");
    assert.equal(Buffer.byteLength(keys.file(`/${"ä".repeat(510)}x`)), 1023);
    for (const path of [`/${"ä".repeat(511)}`, "/\udce4", "/\ufffd"])
      assert.throws(
        () => keys.file(path),
        (error) => error instanceof EngineError && error.code === "NameNotAllowed",
      );
  });

  test("is visible only if FTP can express its names", () => {
    for (const name of ["a", "ä", " a ", "...", "a\\b", "%2F", "x".repeat(255)])
      assert.ok(isExpressible(name), name);
    for (const name of [
      "",
      ".",
      "..",
      "a\nb",
      "\u0085",
      ".ftp-operator-x",
      ".FTP-operator-x",
      "x".repeat(256),
    ])
      assert.ok(!isExpressible(name), name);
  });

  test("of internal objects is below a reserved prefix that no client can use", () => {
    const reserved = new ReservedKeys("a");
    const keys = new HomeKeys("a", "/alice");
    const one = reserved.ofFile(keys, keys.file("/d/f"), "alice");
    assert.ok(one.startsWith(reserved.ofDirectory(keys, keys.directory("/d"))));
    assert.ok(reserved.ofDirectory(keys, keys.directory("/d")).startsWith(reserved.ofHome(keys)));
    for (const key of [one, reserved.checks]) assert.ok(isReservedKey(key.slice("a/".length)));
    const others = [
      reserved.ofFile(keys, keys.file("/d/f"), "bob"),
      reserved.ofFile(keys, keys.file("/d/g"), "alice"),
      reserved.ofFile(new HomeKeys("a", "/alice2"), keys.file("/d/f"), "alice"),
    ];
    assert.equal(new Set([one, ...others]).size, 4);
    assert.ok(!isReservedKey("x.ftp-operator-y/z"));
  });
});
