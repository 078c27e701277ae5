import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { describe, it } from "node:test";
import type { Upload } from "../../../../src/engine/storage/storage.ts";
import { bytes, rejectsWith, TestHome, withoutHardLinks } from "../../../support/engine/test-home.ts";
import { OpenFile } from "../../../../src/engine/storage/local/system/open-file.ts";

const home = new TestHome();

describe("uploads", () => {
  // id: atomic-uploads
  it("are visible only when they are complete", async () => {
    await home.upload("/file", "old");
    const handle = await home.storage.openUpload("/file", { type: "Replace" });
    await handle.write(bytes("new"));
    assert.equal(await home.download("/file"), "old");
    assert.deepEqual(await home.names("/"), ["file"]);
    await handle.commit();
    assert.equal(await home.download("/file"), "new");
  });

  it("leave the old file and an empty mark when they are aborted", async () => {
    await home.upload("/file", "old");
    const handle = await home.storage.openUpload("/file", { type: "Replace" });
    await handle.write(bytes("half"));
    await handle.abort();
    assert.equal(await home.download("/file"), "old");
    assert.deepEqual([await home.names("/"), await home.partials()], [["file"], [""]]);
    await home.upload("/file", "new");
    assert.deepEqual(await readdir(home.at()), ["file"]);
  });

  // id: resume-mixes-versions-5
  for (const mode of [{ type: "Append" }, { type: "Resume", offset: 2 }] as const)
    it(`with mode ${mode.type} fail when the file is removed or replaced during the upload`, async () => {
      const changes = [
        () => home.storage.remove("/file"),
        () => home.upload("/file", "new"),
        async () => {
          await home.upload("/other", "new");
          await home.storage.rename("/other", "/file", "Files");
        },
      ];
      for (const change of changes) {
        await home.upload("/file", "old");
        const handle = await home.storage.openUpload("/file", mode);
        await handle.write(bytes("more"));
        await change();
        await rejectsWith("NotFound", handle.commit());
      }
      const handle = await home.storage.openUpload("/file", mode);
      await home.storage.rename("/file", "/other", "Nothing");
      await handle.commit();
    });

  it("keep the mode of the file that they replace", async () => {
    await home.upload("/file", "old");
    execFileSync("chmod", ["640", home.at("file")]);
    await home.upload("/file", "new");
    assert.equal((await stat(home.at("file"))).mode & 0o777, 0o640);
  });

  it("append one after the other or simultaneously, and create a missing file", async () => {
    const [one, two] = [
      await home.storage.openUpload("/log", { type: "Append" }),
      await home.storage.openUpload("/log", { type: "Append" }),
    ];
    await one.write(bytes("aaaa"));
    await two.write(bytes("bb"));
    await one.commit();
    await two.abort();
    assert.equal(await home.download("/log"), "aaaabb");
  });

  it("append to a file that takes the name during opening, and keep its mode", async (t) => {
    // The file is created after the lookup and before the open call.
    let looks = 0;
    const nothing = (): undefined => void (looks += 1);
    t.mock.method(fs, "lstatSync", nothing, { times: 1 });
    t.mock.method(fs.promises, "lstat", async () => nothing(), { times: 1 });
    syncBuiltinESMExports();
    await writeFile(home.at("log"), "old", { mode: 0o640 });
    const handle = await home.storage.openUpload("/log", { type: "Append" }, 0o077);
    t.mock.restoreAll();
    syncBuiltinESMExports();
    await handle.write(bytes(" new"));
    await handle.commit();
    assert.ok(looks > 0);
    assert.equal(await home.download("/log"), "old new");
    assert.equal((await stat(home.at("log"))).mode & 0o777, 0o640);
  });

  it("resume at an offset and remove the rest of the old file", async () => {
    await home.upload("/file", "0123456789");
    await home.upload("/file", "abc", { type: "Resume", offset: 4 });
    assert.equal(await home.download("/file"), "0123abc");
  });

  it("cannot resume after the end of the file", async () => {
    await home.upload("/file", "0123");
    await rejectsWith("InvalidOffset", home.storage.openUpload("/file", { type: "Resume", offset: 5 }));
    assert.equal(await home.download("/file"), "0123");
  });

  it("cannot resume a file that does not exist", async () => {
    await rejectsWith("NotFound", home.storage.openUpload("/none", { type: "Resume", offset: 4 }));
    assert.deepEqual(await readdir(home.at()), []);
  });

  it("write thousands of chunks completely and in order", async () => {
    const chunks = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index},`));
    const handle = await home.storage.openUpload("/many", { type: "Replace" });
    await handle.write(chunks);
    await handle.commit();
    assert.equal(await readFile(home.at("many"), "utf8"), Buffer.concat(chunks).toString());
  });

  it("are rejected for a directory and below a missing directory", async () => {
    await home.storage.makeDirectory("/dir");
    await rejectsWith("IsADirectory", home.storage.openUpload("/dir", { type: "Replace" }));
    await rejectsWith("IsADirectory", home.storage.openUpload("/", { type: "Append" }));
    await rejectsWith("NotFound", home.storage.openUpload("/none/file", { type: "Replace" }));
  });
});

describe("uploads in mode Create", () => {
  const add = async (text: string): Promise<Upload> => {
    const handle = await home.storage.openUpload("/new", { type: "Create" });
    await handle.write(bytes(text));
    return handle;
  };

  it("get their name after they are complete and synchronized", async (t) => {
    home.policy = { incomplete: "Keep", sync: "Always" };
    const handle = await add("complete");
    t.mock.method(OpenFile.prototype, "datasync", async () => assert.deepEqual(await home.names("/"), []));
    await handle.commit();
    assert.equal(await home.download("/new"), "complete");
    assert.deepEqual(await readdir(home.at()), ["new"]);
  });

  it("leave the name free when synchronizing fails", async (t) => {
    home.policy = { incomplete: "Keep", sync: "Always" };
    const handle = await add("lost");
    const { mock } = t.mock.method(OpenFile.prototype, "datasync", () => Promise.reject(new Error("EIO")));
    await assert.rejects(handle.commit());
    mock.restore();
    assert.deepEqual(await readdir(home.at()), []);
    await (await add("again")).commit();
    assert.equal(await home.download("/new"), "again");
  });

  it("do not change a file that has taken the name", async () => {
    const [one, two] = [await add("one"), await add("two")];
    await two.commit();
    await rejectsWith("AlreadyExists", one.commit());
    assert.equal(await home.download("/new"), "two");
    assert.deepEqual(await readdir(home.at()), ["new"]);
  });

  it("get a free name on a volume without hard links", async (t) => {
    const refused = withoutHardLinks(t);
    const [one, two] = [await add("one"), await add("two")];
    await one.commit();
    await rejectsWith("AlreadyExists", two.commit());
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
      it(`${sync}: mode ${mode.type} calls ${expected.join(" and ") || "nothing"}`, async (t) => {
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
