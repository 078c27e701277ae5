/** Tests the behavior that all storage types have in common. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Storage } from "../../../src/engine/storage/storage.ts";
import {
  breakUpload,
  download,
  namesIn,
  rejectsWith,
  textOf,
  upload,
} from "../../support/engine/storage-calls.ts";

/** Defines tests for one storage type. @param newHome returns an empty home */
export function defineSemantics(newHome: () => Promise<Storage>): void {
  test("a file has its content, size and type", async () => {
    const storage = await newHome();
    await upload(storage, "/a.txt", "hello");
    assert.equal(await textOf(storage, "/a.txt"), "hello");
    const { name, type, size, modified, unique } = await storage.stat("/a.txt");
    assert.deepEqual({ name, type, size }, { name: "a.txt", type: "File", size: 5 });
    assert.ok(Math.abs(modified.getTime() - Date.now()) < 60_000);
    assert.notEqual(unique, "");
  });

  test("an empty file can be stored and read", async () => {
    const storage = await newHome();
    await upload(storage, "/empty", "");
    assert.equal((await storage.stat("/empty")).size, 0);
    assert.equal(await textOf(storage, "/empty"), "");
    assert.deepEqual(await namesIn(storage, "/"), ["empty"]);
  });

  test("a file is read from any position", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "0123456789");
    const handle = await storage.openRead("/a");
    const buffer = Buffer.alloc(3);
    const pieces: string[] = [];
    for (const position of [4, 7, 0, 8, 10])
      pieces.push(buffer.toString("utf8", 0, await handle.read(buffer, position)));
    await handle.close();
    assert.deepEqual(pieces, ["456", "789", "012", "89", ""]);
  });

  test("names keep spaces, special characters and other scripts", async () => {
    const storage = await newHome();
    const names = [" a b ", "a+b", "ä&<>\"'%2F%", "日本語", "a#b?c=d", "~", "a\\b", "\u{1f600}"];
    for (const name of names) await upload(storage, `/${name}`, name);
    assert.deepEqual(await namesIn(storage, "/"), names.toSorted());
    for (const name of names) assert.equal(await textOf(storage, `/${name}`), name);
    for (const name of names) await storage.rename(`/${name}`, `/new ${name}`, "Nothing");
    assert.deepEqual(await namesIn(storage, "/"), names.map((name) => `new ${name}`).toSorted());
  });

  test("an upload becomes visible and replaces the old file when it is committed", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "old");
    const handle = await storage.openUpload("/a", { type: "Replace" });
    await handle.write([Buffer.from("new content")]);
    assert.equal(await textOf(storage, "/a"), "old");
    await handle.commit();
    assert.equal(await textOf(storage, "/a"), "new content");
  });

  test("an aborted upload leaves the old file", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "old");
    await breakUpload(storage, "/a", "new content");
    await breakUpload(storage, "/b", "new content");
    assert.equal(await textOf(storage, "/a"), "old");
    assert.deepEqual(await namesIn(storage, "/"), ["a"]);
  });

  test("the mode Create never replaces a file", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "first", { type: "Create" });
    await rejectsWith("AlreadyExists", storage.openUpload("/a", { type: "Create" }));
    const late = await storage.openUpload("/b", { type: "Create" });
    await late.write([Buffer.from("late")]);
    await upload(storage, "/b", "early");
    await rejectsWith("AlreadyExists", late.commit());
    assert.equal(await textOf(storage, "/b"), "early");
  });

  test("the mode Append adds bytes to the end of a file, and creates a missing file", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "one", { type: "Append" });
    await upload(storage, "/a", " two", { type: "Append" });
    assert.equal(await textOf(storage, "/a"), "one two");
  });

  test("the mode Resume keeps the bytes before the offset", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "0123456789");
    await upload(storage, "/a", "ABC", { type: "Resume", offset: 4 });
    assert.equal(await textOf(storage, "/a"), "0123ABC");
    await rejectsWith("InvalidOffset", storage.openUpload("/a", { type: "Resume", offset: 8 }));
    await rejectsWith("NotFound", storage.openUpload("/b", { type: "Resume", offset: 0 }));
    assert.deepEqual((await download(storage, "/a", 5)).toString(), "BC");
  });

  test("directories are created, listed and removed", async () => {
    const storage = await newHome();
    await storage.makeDirectory("/d");
    await storage.makeDirectory("/d/e");
    await upload(storage, "/d/f", "x");
    assert.deepEqual(await namesIn(storage, "/"), ["d/"]);
    assert.deepEqual(await namesIn(storage, "/d"), ["e/", "f"]);
    assert.deepEqual(await namesIn(storage, "/d/e"), []);
    assert.equal((await storage.stat("/d")).type, "Directory");
    await rejectsWith("DirectoryNotEmpty", storage.removeDirectory("/d"));
    await storage.remove("/d/f");
    await storage.removeDirectory("/d/e");
    assert.deepEqual(await namesIn(storage, "/d"), []);
    await storage.removeDirectory("/d");
    assert.deepEqual(await namesIn(storage, "/"), []);
    await rejectsWith("NotFound", storage.stat("/d"));
  });

  test("a directory remains when its last file is removed or moved", async () => {
    const storage = await newHome();
    await storage.makeDirectory("/d");
    await upload(storage, "/d/a", "x");
    await storage.rename("/d/a", "/b", "Files");
    assert.equal((await storage.stat("/d")).type, "Directory");
    await upload(storage, "/d/a", "x");
    await storage.remove("/d/a");
    assert.deepEqual(await namesIn(storage, "/"), ["b", "d/"]);
  });

  test("wrong types and missing entries are rejected", async () => {
    const storage = await newHome();
    await storage.makeDirectory("/d");
    await upload(storage, "/f", "x");
    await rejectsWith("NotFound", storage.stat("/none"));
    await rejectsWith("NotFound", storage.openRead("/none"));
    await rejectsWith("IsADirectory", storage.openRead("/d"));
    await rejectsWith("IsADirectory", storage.openUpload("/d", { type: "Replace" }));
    await rejectsWith("NotFound", storage.openUpload("/none/a", { type: "Replace" }));
    await rejectsWith("NotADirectory", storage.openUpload("/f/a", { type: "Replace" }));
    await rejectsWith("NotFound", storage.remove("/none"));
    await rejectsWith("IsADirectory", storage.remove("/d"));
    await rejectsWith("AlreadyExists", storage.makeDirectory("/d"));
    await rejectsWith("AlreadyExists", storage.makeDirectory("/f"));
    await rejectsWith("NotFound", storage.makeDirectory("/none/a"));
    await rejectsWith("NotFound", storage.removeDirectory("/none"));
    await rejectsWith("NotADirectory", storage.removeDirectory("/f"));
    await rejectsWith("PermissionDenied", storage.removeDirectory("/"));
    await rejectsWith("NotFound", Array.fromAsync(storage.list("/none")));
    await rejectsWith("NotADirectory", Array.fromAsync(storage.list("/f")));
    await rejectsWith("NotADirectory", storage.availableBytes("/f"));
  });

  test("a rename replaces a file only when that is allowed, and never a directory", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "a");
    await upload(storage, "/b", "b");
    await storage.makeDirectory("/d");
    await rejectsWith("AlreadyExists", storage.rename("/a", "/b", "Nothing"));
    await rejectsWith("IsADirectory", storage.rename("/a", "/d", "Files"));
    await rejectsWith("NotFound", storage.rename("/none", "/c", "Files"));
    await rejectsWith("NotFound", storage.rename("/a", "/none/a", "Files"));
    await rejectsWith("PermissionDenied", storage.rename("/", "/c", "Files"));
    await storage.rename("/a", "/a", "Files");
    await storage.rename("/a", "/b", "Files");
    assert.equal(await textOf(storage, "/b"), "a");
    await storage.rename("/b", "/d/c", "Nothing");
    assert.deepEqual(await namesIn(storage, "/"), ["d/"]);
    assert.equal(await textOf(storage, "/d/c"), "a");
  });

  test("a directory is renamed with all files and directories below it", async () => {
    const storage = await newHome();
    for (const path of ["/d", "/d/e", "/d/empty"]) await storage.makeDirectory(path);
    await upload(storage, "/d/f", "f");
    await upload(storage, "/d/e/g", "g");
    await rejectsWith("NameNotAllowed", storage.rename("/d", "/d/e/x", "Files"));
    await storage.rename("/d", "/n", "Nothing");
    assert.deepEqual(await namesIn(storage, "/"), ["n/"]);
    assert.deepEqual(await namesIn(storage, "/n"), ["e/", "empty/", "f"]);
    assert.equal(await textOf(storage, "/n/e/g"), "g");
    await upload(storage, "/file", "x");
    await rejectsWith("AlreadyExists", storage.rename("/n", "/file", "Files"));
  });

  // id: object-times
  test("the modification time of a file can be set", async () => {
    const storage = await newHome();
    await upload(storage, "/a", "content");
    for (const time of ["1965-01-02T03:04:05.000Z", "2020-02-03T04:05:06.000Z"]) {
      await storage.setModificationTime("/a", new Date(time));
      assert.equal((await storage.stat("/a")).modified.toISOString(), time);
    }
    assert.equal(await textOf(storage, "/a"), "content");
    await rejectsWith("NotFound", storage.setModificationTime("/b", new Date(0)));
  });

  test("the usage of a home counts files and directories", async () => {
    const storage = await newHome();
    await storage.makeDirectory("/d");
    await storage.makeDirectory("/d/e");
    await upload(storage, "/d/e/f", "12345");
    await upload(storage, "/g", "123");
    const usage = { bytes: 0, files: 0 };
    for await (const { bytes, files } of storage.measure()) {
      usage.bytes += bytes;
      usage.files += files;
    }
    assert.deepEqual(usage, { bytes: 8, files: 4 });
  });
}
