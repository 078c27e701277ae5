import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, stat, utimes } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { removeLeftovers } from "../../../src/engine/storage/leftovers.ts";
import type { WriteHandle, WriteMode } from "../../../src/engine/storage/storage.ts";
import { bytes, rejectsWith, TestHome, withoutHardLinks } from "./test-home.ts";
import { OpenFile } from "../../../src/engine/storage/system-calls.ts";

const home = new TestHome();

describe("uploads", () => {
  it("are seen only when they are whole", async () => {
    await home.upload("/file", "old");
    const handle = await home.storage.openWrite("/file", { type: "Replace" });
    await handle.write(bytes("new"));
    assert.equal(await home.download("/file"), "old");
    assert.deepEqual(await home.names("/"), ["file"]);
    await handle.publish();
    assert.equal(await home.download("/file"), "new");
  });

  it("leave the old file and nothing else when they are discarded", async () => {
    await home.upload("/file", "old");
    const handle = await home.storage.openWrite("/file", { type: "Replace" });
    await handle.write(bytes("half"));
    await handle.discard();
    assert.equal(await home.download("/file"), "old");
    assert.deepEqual(await readdir(home.at()), ["file"]);
  });

  it("keep the mode of the file they replace", async () => {
    await home.upload("/file", "old");
    execFileSync("chmod", ["640", home.at("file")]);
    await home.upload("/file", "new");
    assert.equal((await stat(home.at("file"))).mode & 0o777, 0o640);
  });

  it("append, also two at once, and make the file when there is none", async () => {
    const [one, two] = [
      await home.storage.openWrite("/log", { type: "Append" }),
      await home.storage.openWrite("/log", { type: "Append" }),
    ];
    await one.write(bytes("aaaa"));
    await two.write(bytes("bb"));
    await one.publish();
    await two.discard();
    assert.equal(await home.download("/log"), "aaaabb");
  });

  it("resume at an offset, and what stood behind it is gone", async () => {
    await home.upload("/file", "0123456789");
    await home.upload("/file", "abc", { type: "Resume", offset: 4 });
    assert.equal(await home.download("/file"), "0123abc");
  });

  it("can not resume behind the end", async () => {
    await home.upload("/file", "0123");
    await rejectsWith("NotFound", home.storage.openWrite("/file", { type: "Resume", offset: 5 }));
    assert.equal(await home.download("/file"), "0123");
  });

  it("can not resume what is not there", async () => {
    await rejectsWith("NotFound", home.storage.openWrite("/none", { type: "Resume", offset: 4 }));
    assert.deepEqual(await readdir(home.at()), []);
  });

  it("write thousands of chunks whole and in order", async () => {
    const chunks = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index},`));
    const handle = await home.storage.openWrite("/many", { type: "Replace" });
    await handle.write(chunks);
    await handle.publish();
    assert.equal(await readFile(home.at("many"), "utf8"), Buffer.concat(chunks).toString());
  });

  it("go to no directory and to no name that is taken by something else", async () => {
    await home.storage.makeDirectory("/dir");
    await rejectsWith("IsADirectory", home.storage.openWrite("/dir", { type: "Replace" }));
    await rejectsWith("IsADirectory", home.storage.openWrite("/", { type: "Append" }));
    await rejectsWith("NotFound", home.storage.openWrite("/none/file", { type: "Replace" }));
  });
});

describe("uploads that broke and are kept", () => {
  const breakOff = async (
    path: string,
    text: string,
    mode: WriteMode = { type: "Replace" },
  ): Promise<void> => {
    const handle = await home.storage.openWrite(path, mode);
    await handle.write(bytes(text));
    await handle.discard();
  };
  beforeEach(() => void (home.policy = { incomplete: "Keep", sync: "Never" }));

  it("stand beside their target, which stays as it was", async () => {
    await home.upload("/file", "old");
    await breakOff("/file", "half");
    assert.deepEqual(await readdir(home.at()), ["file", "file.partial"]);
    assert.equal(await home.download("/file"), "old");
    assert.equal(await home.download("/file.partial"), "half");
    assert.equal(
      await home.storage.resumable("/file"),
      undefined,
      "the file itself is what a resume goes on with",
    );
  });

  it("are resumed, more than once, and become the file when they are whole", async () => {
    await breakOff("/file", "0123");
    assert.equal(await home.storage.resumable("/file"), 4);
    await breakOff("/file", "45", { type: "Resume", offset: 4 });
    assert.equal(await home.storage.resumable("/file"), 6);
    await home.upload("/file", "x6", { type: "Resume", offset: 5 });
    assert.deepEqual(await readdir(home.at()), ["file"]);
    assert.equal(await home.download("/file"), "01234x6");
  });

  it("lose nothing when a resume breaks before its first byte or asks for too much", async () => {
    await breakOff("/file", "0123");
    await breakOff("/file", "", { type: "Resume", offset: 4 });
    await rejectsWith("NotFound", home.storage.openWrite("/file", { type: "Resume", offset: 5 }));
    await rejectsWith("NotFound", home.storage.openWrite("/other", { type: "Resume", offset: 1 }));
    assert.deepEqual(await readdir(home.at()), ["file.partial"]);
    assert.equal(await home.storage.resumable("/file"), 4);
  });

  it("are resumed by one at a time, and are no leftovers of a crash meanwhile", async () => {
    await breakOff("/file", "0123");
    const old = new Date(Date.now() - 48 * 3600 * 1000);
    await utimes(home.at("file.partial"), old, old);
    const handle = await home.storage.openWrite("/file", { type: "Resume", offset: 4 });
    await rejectsWith("NotFound", home.storage.openWrite("/file", { type: "Resume", offset: 4 }));
    assert.equal(await removeLeftovers(home.root), 0);
    await handle.publish();
    assert.equal(await home.download("/file"), "0123");
  });

  it("are gone when the whole file comes, and not kept when nothing came", async () => {
    await breakOff("/file", "half");
    await breakOff("/file", "");
    assert.equal(await home.storage.resumable("/file"), 4);
    await home.upload("/file", "whole");
    assert.deepEqual(await readdir(home.at()), ["file"]);
  });

  it("are not kept under a name that has no room for the suffix", async () => {
    const [fits, long] = ["f".repeat(247), "f".repeat(248)];
    await breakOff(`/${long}`, "half");
    assert.equal(await home.storage.resumable(`/${long}`), undefined);
    assert.deepEqual(await readdir(home.at()), []);
    await breakOff(`/${fits}`, "half");
    assert.deepEqual(await readdir(home.at()), [`${fits}.partial`]);
  });

  it("are not kept where something else has their name, nor after the policy changed", async () => {
    await home.storage.makeDirectory("/file.partial");
    await rejectsWith("IsADirectory", breakOff("/file", "half"));
    assert.equal(await home.storage.resumable("/file"), undefined);
    const handle = await home.storage.openWrite("/other", { type: "Replace" });
    await handle.write(bytes("half"));
    home.policy = { incomplete: "Remove", sync: "Never" };
    await handle.discard();
    assert.deepEqual(await readdir(home.at()), ["file.partial"]);
  });
});

describe("uploads that replace nothing", () => {
  const add = async (text: string): Promise<WriteHandle> => {
    const handle = await home.storage.openWrite("/new", { type: "Create" });
    await handle.write(bytes(text));
    return handle;
  };

  it("have their name when they are whole and on the disk, and not before", async (t) => {
    home.policy = { incomplete: "Keep", sync: "Always" };
    const handle = await add("whole");
    t.mock.method(OpenFile.prototype, "datasync", async () => assert.deepEqual(await home.names("/"), []));
    await handle.publish();
    assert.equal(await home.download("/new"), "whole");
    assert.deepEqual(await readdir(home.at()), ["new"]);
  });

  it("leave the name free when they can not be brought to the disk", async (t) => {
    home.policy = { incomplete: "Keep", sync: "Always" };
    const handle = await add("lost");
    const { mock } = t.mock.method(OpenFile.prototype, "datasync", () => Promise.reject(new Error("EIO")));
    await assert.rejects(handle.publish());
    mock.restore();
    assert.deepEqual(await readdir(home.at()), []);
    await (await add("again")).publish();
    assert.equal(await home.download("/new"), "again");
  });

  it("do not touch what took the name meanwhile", async () => {
    const [one, two] = [await add("one"), await add("two")];
    await two.publish();
    await rejectsWith("AlreadyExists", one.publish());
    assert.equal(await home.download("/new"), "two");
    assert.deepEqual(await readdir(home.at()), ["new"]);
  });

  it("take their name all the same on a volume without hard links, unless it is taken", async (t) => {
    const refused = withoutHardLinks(t);
    const [one, two] = [await add("one"), await add("two")];
    await one.publish();
    await rejectsWith("AlreadyExists", two.publish());
    assert.equal(refused(), 2);
    assert.equal(await home.download("/new"), "one");
    assert.deepEqual(await readdir(home.at()), ["new"]);
  });
});

describe("uploads.sync", () => {
  for (const [sync, expected] of [
    ["Always", ["datasync", "sync"]],
    ["Never", []],
  ] as const) {
    for (const mode of [{ type: "Replace" }, { type: "Append" }, { type: "Resume", offset: 1 }] as const) {
      it(`${sync}: ${mode.type} brings ${expected.join(" and ") || "nothing"} to the disk`, async (t) => {
        await home.upload("/file", "old");
        home.policy = { incomplete: "Remove", sync };
        const calls: string[] = [];
        for (const method of ["datasync", "sync"] as const)
          t.mock.method(OpenFile.prototype, method, async () => void calls.push(method));
        await home.upload("/file", "new", mode);
        assert.deepEqual(calls, expected);
      });
    }
  }
});
