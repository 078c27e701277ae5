import assert from "node:assert/strict";
import { readdir, symlink } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import type { ErrorCode } from "../../../../src/engine/errors.ts";
import type { Replaces } from "../../../../src/engine/storage/storage.ts";
import { rejectsWith, TestHome, withoutHardLinks } from "../../../support/engine/test-home.ts";

const home = new TestHome();

describe("a rename", () => {
  beforeEach(async () => {
    await home.upload("/a", "a");
    await home.upload("/b", "b");
    for (const name of ["/dir", "/empty"]) await home.storage.makeDirectory(name);
    await home.upload("/dir/inner", "");
    await symlink("/etc/passwd", home.at("link"));
  });

  const REJECTIONS: readonly [from: string, to: string, replaces: Replaces, code: ErrorCode][] = [
    ["/a", "/b", "Nothing", "AlreadyExists"],
    ["/dir", "/b", "Nothing", "AlreadyExists"],
    ["/dir", "/b", "Files", "AlreadyExists"],
    ["/dir", "/empty", "Files", "IsADirectory"],
    ["/empty", "/dir", "Files", "IsADirectory"],
    ["/a", "/empty", "Files", "IsADirectory"],
    ["/a", "/link", "Files", "PermissionDenied"],
  ];
  for (const [from, to, replaces, code] of REJECTIONS) {
    it(`of ${from} to ${to} that replaces ${replaces.toLowerCase()} fails with ${code}`, async () => {
      const before = await readdir(home.at(), { recursive: true });
      await rejectsWith(code, home.storage.rename(from, to, replaces));
      assert.deepEqual(await readdir(home.at(), { recursive: true }), before);
      assert.deepEqual([await home.download("/a"), await home.download("/b")], ["a", "b"]);
    });
  }

  for (const replaces of ["Files", "Nothing"] as const) {
    it(`that replaces ${replaces.toLowerCase()} accepts a free name and the same name`, async () => {
      for (const [from, to] of [
        ["/a", "/dir/c"],
        ["/dir", "/moved"],
        ["/moved", "/moved"],
        ["/b", "/b"],
      ] as const)
        await home.storage.rename(from, to, replaces);
      assert.deepEqual(await home.names("/"), ["b", "empty", "moved"]);
      assert.deepEqual(await home.names("/moved"), ["c", "inner"]);
    });
  }

  for (const links of ["with", "without"] as const) {
    // id: append-only-users-3
    it(`that replaces nothing succeeds for only one of two simultaneous renames on a volume ${links} hard links`, async (t) => {
      if (links === "without") withoutHardLinks(t);
      const results = await Promise.allSettled(
        ["/a", "/b"].map((from) => home.storage.rename(from, "/new", "Nothing")),
      );
      assert.deepEqual(results.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
      const other = (await home.names("/")).find((name) => name === "a" || name === "b");
      assert.deepEqual([await home.download("/new"), await home.download(`/${other ?? ""}`)].toSorted(), [
        "a",
        "b",
      ]);
    });
  }

  it("that replaces nothing succeeds only for a free name on a volume without hard links", async (t) => {
    const refused = withoutHardLinks(t);
    await home.storage.rename("/a", "/new", "Nothing");
    await rejectsWith("AlreadyExists", home.storage.rename("/b", "/new", "Nothing"));
    assert.equal(refused(), 1);
    assert.deepEqual([await home.download("/new"), await home.download("/b")], ["a", "b"]);
  });
});
