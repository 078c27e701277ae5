import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { describe, it } from "node:test";
import { removeStaleUploads } from "../../../../src/engine/storage/local/uploads/stale-uploads.ts";
import type { Usage } from "../../../../src/engine/storage/storage.ts";
import { Directory } from "../../../../src/engine/storage/local/system/directory.ts";
import { OpenFile } from "../../../../src/engine/storage/local/system/open-file.ts";
import { walk } from "../../../../src/engine/storage/local/listing/walk.ts";
import { bytes, rejectsWith, TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();
const DEPTH = 2500;

/** Creates directories that are nested too deeply for one path. The deepest directory contains a file of 3 bytes. */
function makeDeep(): void {
  const back = process.cwd();
  process.chdir(home.at());
  for (let level = 0; level < DEPTH; level++) {
    mkdirSync("d");
    process.chdir("d");
  }
  writeFileSync("file", "abc");
  process.chdir(back);
}

async function measured(): Promise<Usage> {
  const sum = { bytes: 0, files: 0 };
  for await (const part of home.storage.measure()) {
    sum.bytes += part.bytes;
    sum.files += part.files;
  }
  return sum;
}

describe("a walk through a home", () => {
  it("finds all files and directories except temporary files", async () => {
    for (const name of ["/a", "/a/b", "/c"]) await home.storage.makeDirectory(name);
    for (const name of ["/one", "/a/two", "/a/b/three", "/c/four"]) await home.upload(name, "12345");
    const running = await home.storage.openUpload("/a/five", { type: "Replace" });
    await running.write(bytes("12345"));
    assert.deepEqual(await measured(), { bytes: 20, files: 7 });
    await running.abort();
  });

  // id: hidden-names
  it("finds names that are not UTF-8, and the entries below them", async () => {
    const at = (name: string): Buffer => Buffer.from(`${home.at()}/${name}`, "latin1");
    mkdirSync(at("d\xe9"));
    for (const name of ["d\xe9/f\xff", "d\xe9/.ftp-operator-old\xe9", "\xef\xbf\xbd", "a"])
      writeFileSync(at(name), "12345");
    assert.deepEqual(await measured(), { bytes: 15, files: 4 });
    const longAgo = new Date("2020-01-01T00:00:00Z");
    utimesSync(at("d\xe9/.ftp-operator-old\xe9"), longAgo, longAgo);
    assert.equal(await removeStaleUploads(home.root), 1);
    assert.deepEqual(await measured(), { bytes: 15, files: 4 });
  });

  it("opens each directory a fixed number of times at any depth", async (t) => {
    makeDeep();
    const { mock } = t.mock.method(OpenFile.prototype, "close");
    assert.deepEqual(await measured(), { bytes: 3, files: DEPTH + 1 });
    assert.equal(await removeStaleUploads(home.root), 0);
    // The `rm` function of Node.js does not support this depth.
    execFileSync("rm", ["-r", home.at("d")]);
    assert.ok(mock.callCount() < 6 * DEPTH, `${mock.callCount()} directories opened`);
  });

  it("continues at the same position after the current directory was moved", async () => {
    for (const name of ["/a", "/a/b", "/a/c", "/z"]) await home.storage.makeDirectory(name);
    const start = await Directory.openRoot(home.at());
    const visits: string[] = [];
    const look = async function* (directory: Directory, waiting: string[]): AsyncGenerator<string> {
      const names = (await Array.fromAsync(directory.names(10))).flat().toSorted();
      if (visits.length === 2) await rename(home.at("a", "c"), home.at("z", "c"));
      waiting.push(...names.toReversed());
      yield names.join();
    };
    for await (const names of walk(start, look)) visits.push(names);
    await start.close();
    assert.deepEqual(visits, ["a,z", "b,c", "", "c", ""]);
  });

  it("fails when the system has no free descriptors, instead of skipping entries", async (t) => {
    await home.storage.makeDirectory("/a");
    t.mock.method(OpenFile.prototype, "stat", () =>
      Promise.reject(Object.assign(new Error("open"), { code: "EMFILE" })),
    );
    await rejectsWith("TooManyOpenFiles", measured());
  });
});
