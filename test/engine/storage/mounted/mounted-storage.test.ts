import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EngineError, type ErrorCode } from "../../../../src/engine/errors.ts";
import { MountedStorage } from "../../../../src/engine/storage/mounted/mounted-storage.ts";
import { UnavailableStorage } from "../../../../src/engine/storage/mounted/unavailable-storage.ts";
import type { Entry, Sorting, Storage } from "../../../../src/engine/storage/storage.ts";
import { MemoryStorage } from "../../../support/engine/memory-storage.ts";

const SORTING: Sorting = { mayKeep: () => true, pause: () => Promise.resolve() };

/**
 * Home with a writable mount that hides a file. A read-only mount is in a directory that the home does not contain.
 */
function mounted() {
  const [home, inbox, archive] = [new MemoryStorage(), new MemoryStorage(), new MemoryStorage()];
  home.put("/a.txt", "home");
  home.put("/inbox", "hidden");
  home.put("/z.txt", "home");
  inbox.put("/order.csv", "inbox");
  archive.put("/2025.zip", "archive");
  const storage = new MountedStorage(home, [
    { path: "/inbox", storage: inbox, access: "ReadWrite" },
    { path: "/old/archive", storage: archive, access: "ReadOnly" },
  ]);
  return { storage, home, inbox, archive };
}

async function list(storage: Storage, path: string, sorting?: Sorting): Promise<Entry[]> {
  return (await Array.fromAsync(storage.list(path, sorting))).flat();
}

async function names(storage: Storage, path: string, sorting?: Sorting): Promise<string[]> {
  return (await list(storage, path, sorting)).map(({ name }) => name);
}

async function read(storage: Storage, path: string): Promise<string> {
  const file = await storage.openRead(path);
  const buffer = new Uint8Array(64);
  const bytes = await file.read(buffer, 0);
  await file.close();
  return Buffer.from(buffer.subarray(0, bytes)).toString();
}

async function store(storage: Storage, path: string, text: string): Promise<void> {
  const upload = await storage.openUpload(path, { type: "Replace" });
  await upload.write([Buffer.from(text)]);
  await upload.commit();
}

function rejects(change: Promise<unknown>, code: ErrorCode): Promise<void> {
  return assert.rejects(change, (error) => error instanceof EngineError && error.code === code);
}

describe("a home with mounts", () => {
  test("lists mounts and the directories above them once, in the order of names", async () => {
    const { storage } = mounted();
    assert.deepEqual(await names(storage, "/", SORTING), ["a.txt", "inbox", "old", "z.txt"]);
    assert.deepEqual((await names(storage, "/")).toSorted(), ["a.txt", "inbox", "old", "z.txt"]);
    assert.deepEqual(await names(storage, "/old", SORTING), ["archive"]);
    assert.deepEqual(await names(storage, "/old/archive", SORTING), ["2025.zip"]);
    const types = (await list(storage, "/", SORTING)).map(({ type }) => type);
    assert.deepEqual(types, ["File", "Directory", "Directory", "File"]);
  });

  test("lists mounts after all entries of the home when their names are last", async () => {
    const home = new MemoryStorage();
    for (let index = 100; index < 300; index++) home.put(`/${index}`, "");
    const storage = new MountedStorage(home, [
      { path: "/150x", storage: new MemoryStorage(), access: "ReadOnly" },
      { path: "/zz", storage: new MemoryStorage(), access: "ReadOnly" },
    ]);
    const found = await names(storage, "/", SORTING);
    assert.equal(found.length, 202);
    assert.deepEqual(found, found.toSorted());
  });

  // id: mounts
  test("keeps the files of the home and of each mount separate", async () => {
    const { storage, home, inbox } = mounted();
    await store(storage, "/inbox/new.csv", "new");
    await store(storage, "/b.txt", "home");
    assert.deepEqual([inbox.text("/new.csv"), home.text("/b.txt")], ["new", "home"]);
    assert.equal(await read(storage, "/inbox/new.csv"), "new");
    assert.equal(await read(storage, "/old/archive/2025.zip"), "archive");
    await storage.makeDirectory("/inbox/d");
    await storage.rename("/inbox/new.csv", "/inbox/d/new.csv", "Nothing");
    await storage.remove("/inbox/d/new.csv");
    await storage.removeDirectory("/inbox/d");
    assert.deepEqual(await names(storage, "/inbox"), ["order.csv"]);
    await rejects(storage.stat("/inbox/d"), "NotFound");
  });

  test("gives entries of different storages different identities", async () => {
    const { storage } = mounted();
    const paths = [
      "/",
      "/a.txt",
      "/inbox",
      "/inbox/order.csv",
      "/old",
      "/old/archive",
      "/old/archive/2025.zip",
    ];
    const uniques = await Promise.all(paths.map(async (path) => (await storage.stat(path)).unique));
    assert.equal(new Set(uniques).size, paths.length);
    for (const unique of uniques) assert.match(unique, /^[^\s;]+$/);
    const [listed] = await list(storage, "/inbox");
    assert.equal(listed?.unique, uniques[3]);
  });

  for (const path of ["/inbox", "/old", "/old/archive"]) {
    test(`rejects changes of ${path} itself`, async () => {
      const { storage } = mounted();
      await rejects(storage.openUpload(path, { type: "Replace" }), "IsADirectory");
      await rejects(storage.openRead(path), "IsADirectory");
      await rejects(storage.makeDirectory(path), "AlreadyExists");
      for (const change of [
        storage.remove(path),
        storage.removeDirectory(path),
        storage.rename(path, "/x", "Files"),
        storage.rename("/a.txt", path, "Files"),
        storage.setMode(path, 0o700),
      ])
        await rejects(change, "PermissionDenied");
    });
  }

  test("rejects every change below a read-only mount", async () => {
    const { storage, archive } = mounted();
    const path = "/old/archive/2025.zip";
    for (const change of [
      storage.openUpload(path, { type: "Replace" }),
      storage.openUpload("/old/archive/new", { type: "Create" }),
      storage.remove(path),
      storage.makeDirectory("/old/archive/d"),
      storage.removeDirectory("/old/archive/d"),
      storage.rename(path, "/old/archive/x", "Files"),
      storage.rename(path, "/x", "Files"),
      storage.rename("/a.txt", "/old/archive/x", "Files"),
      storage.setMode(path, 0o600),
      storage.setModificationTime(path, new Date(0)),
    ])
      await rejects(change, "PermissionDenied");
    assert.deepEqual([...archive.files.keys()], ["/2025.zip"]);
  });

  test("rejects a rename to another storage, and changes neither", async () => {
    const { storage, home, inbox } = mounted();
    await assert.rejects(storage.rename("/a.txt", "/inbox/a.txt", "Files"), /another storage. Copy the file/);
    await assert.rejects(storage.rename("/inbox/order.csv", "/order.csv", "Files"), /another storage/);
    assert.deepEqual([home.text("/a.txt"), inbox.text("/order.csv")], ["home", "inbox"]);
  });

  test("uses the longest mount path, and no path that only begins with the same letters", async () => {
    const [home, outer, inner] = [new MemoryStorage(), new MemoryStorage(), new MemoryStorage()];
    home.put("/mail", "home");
    outer.put("/x", "outer");
    inner.put("/x", "inner");
    const storage = new MountedStorage(home, [
      { path: "/m", storage: outer, access: "ReadOnly" },
      { path: "/m/n", storage: inner, access: "ReadOnly" },
    ]);
    assert.deepEqual(await names(storage, "/m", SORTING), ["n", "x"]);
    assert.equal(await read(storage, "/m/n/x"), "inner");
    assert.equal(await read(storage, "/m/x"), "outer");
    assert.equal(await read(storage, "/mail"), "home");
  });

  test("shows a mount whose storage fails, and fails only inside the mount", async () => {
    const home = new MemoryStorage();
    home.put("/a.txt", "home");
    const failed = new UnavailableStorage(new EngineError("StorageUnavailable", "Bucket not found"));
    const storage = new MountedStorage(home, [{ path: "/m", storage: failed, access: "ReadWrite" }]);
    assert.deepEqual(await names(storage, "/", SORTING), ["a.txt", "m"]);
    const { type, mode } = await storage.stat("/m");
    assert.deepEqual([type, mode], ["Directory", 0o555]);
    for (const call of [
      names(storage, "/m"),
      storage.stat("/m/x"),
      storage.resumable("/m/x"),
      storage.openRead("/m/x"),
      store(storage, "/m/x", "x"),
      storage.remove("/m/x"),
      storage.makeDirectory("/m/x"),
      storage.removeDirectory("/m/x"),
      storage.rename("/m/x", "/m/y", "Files"),
      storage.setModificationTime("/m/x", new Date(0)),
      storage.setMode("/m/x", 0o600),
      storage.availableBytes("/m"),
    ])
      await rejects(call, "StorageUnavailable");
    assert.equal(await read(storage, "/a.txt"), "home");
  });

  test("counts only the home", async () => {
    const { storage, home } = mounted();
    const total = async (one: Storage) => (await Array.fromAsync(one.measure())).map(({ bytes }) => bytes);
    assert.deepEqual(await total(storage), await total(home));
  });
});
