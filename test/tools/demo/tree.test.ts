import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { differences, downloadConfig, randomFile, readTree, uploadConfig } from "../../../tools/demo/tree.ts";

const file = (path: string, sha256 = "0") => ({ path, bytes: 1, sha256 });

describe("the demo's trees", () => {
  it("contain all files with their sizes and SHA-256 hashes", async () => {
    const root = await mkdtemp(join(tmpdir(), "ftp-operator-tree-"));
    try {
      await mkdir(join(root, "a/b"), { recursive: true });
      await writeFile(join(root, "a/b/abc"), "abc");
      await randomFile(join(root, "z"), (1 << 20) + 1);
      const [first, second, ...rest] = await readTree(root);
      assert.deepEqual(first, {
        path: "a/b/abc",
        bytes: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      });
      assert.equal(second?.bytes, (1 << 20) + 1);
      assert.deepEqual(rest, []);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it("differ when a file is changed or missing on one side", () => {
    const sent = [file("same"), file("changed", "1"), file("lost")];
    const received = [file("same"), file("changed", "2"), file("found")];
    assert.deepEqual(differences(sent, received), ["changed", "lost", "found"]);
    assert.deepEqual(differences(sent, sent), []);
  });

  it("become curl configurations with escaped names", () => {
    const odd = [file('a b/"c"#?.txt')];
    assert.equal(
      uploadConfig("/t", "ftp://h:21", odd),
      'ftp-create-dirs\nupload-file = "/t/a b/\\"c\\"#?.txt"\nurl = "ftp://h:21/a%20b/%22c%22%23%3F.txt"\n',
    );
    assert.equal(
      downloadConfig("/t", "ftp://h:21", odd),
      'create-dirs\nurl = "ftp://h:21/a%20b/%22c%22%23%3F.txt"\noutput = "/t/a b/\\"c\\"#?.txt"\n',
    );
  });
});
