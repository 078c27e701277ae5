import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { EngineDirectory, EngineUser } from "../../src/api/engine-config.ts";
import type { EngineMount } from "../../src/api/engine-storage.ts";
import { DEFAULT_MODES } from "../../src/api/file-modes.ts";
import { accountOf, hasHome } from "../../src/engine/auth/account.ts";
import type { Storage } from "../../src/engine/storage/storage.ts";
import { Quotas } from "../../src/engine/storage/usage/quotas.ts";
import { Storages } from "../../src/engine/storages.ts";
import { ManualClock } from "../support/engine/manual-clock.ts";
import { testUser, TestLog } from "../support/engine/server.ts";
import { rejectsWith } from "../support/engine/test-home.ts";

const MIB = 1024 * 1024;

interface World extends AsyncDisposable {
  /** Temporary directory with one subdirectory for each volume: `homes`, `inbox` and `archive`. */
  folder: string;
  log: TestLog;
  open(change: Partial<EngineUser>): Promise<Storage>;
}

/** Opens the storage of an engine with two additional volumes. */
async function storages({ storageLimit }: { storageLimit?: number } = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "storages-"));
  const [homes, inbox, archive] = ["homes", "inbox", "archive"].map((name) => join(folder, name));
  for (const path of [homes, inbox, archive]) await mkdir(path ?? "");
  const log = new TestLog();
  const opened = await Storages.open({
    config: {
      storage: { root: homes ?? "" },
      additionalStorage: { inbox: { root: inbox ?? "" }, archive: { root: archive ?? "" } },
    },
    policy: () => ({ incomplete: "Keep", sync: "Never", missingCloseNotify: "Deny" }),
    kernelCopy: undefined,
    storageLimit,
    log,
  });
  return {
    folder,
    log,
    async open(change) {
      const account = accountOf(testUser("alice", { homeDirectory: "/alice", ...change }));
      assert.ok(hasHome(account));
      const quotas = new Quotas(new ManualClock(), { current: () => account });
      return await opened.openHome(account, quotas.ledgerOf(account), () => DEFAULT_MODES);
    },
    async [Symbol.asyncDispose]() {
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
}

function mount(path: string, change: Partial<EngineMount> = {}): EngineMount {
  return { path, subPath: "/", access: "ReadWrite", ...change };
}

/** Returns the paths of all files and directories in a folder. */
async function tree(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

async function store(storage: Storage, path: string, text: string | Uint8Array): Promise<void> {
  const upload = await storage.openUpload(path, { type: "Replace" });
  try {
    await upload.write([Buffer.from(text)]);
  } catch (error) {
    await upload.abort();
    throw error;
  }
  await upload.commit();
}

async function names(storage: Storage, path: string): Promise<string[]> {
  return (await Array.fromAsync(storage.list(path)))
    .flat()
    .map(({ name }) => name)
    .toSorted();
}

function separate(...paths: string[]): EngineDirectory[] {
  return paths.map((path) => ({ path, permissions: ["List", "Read", "Write"] }));
}

test("a mount stores files in its directory of its storage, and creates the directory", async () => {
  await using world = await storages();
  const storage = await world.open({ mounts: [mount("/in", { storage: "inbox", subPath: "/partners/a" })] });
  await store(storage, "/in/order.csv", "order");
  await store(storage, "/own.txt", "own");
  assert.equal(await readFile(join(world.folder, "inbox/partners/a/order.csv"), "utf8"), "order");
  assert.deepEqual(await tree(join(world.folder, "homes")), ["alice", "alice/own.txt"]);
  assert.deepEqual(await names(storage, "/"), ["in", "own.txt"]);
});

test("a mount without a storage name stores files in the storage of the homes", async () => {
  await using world = await storages();
  const storage = await world.open({ mounts: [mount("/shared", { subPath: "/shared" })] });
  await store(storage, "/shared/a", "a");
  assert.deepEqual(await tree(join(world.folder, "homes")), ["alice", "shared", "shared/a"]);
});

test("directories with separate permissions are created in the storage that contains them", async () => {
  await using world = await storages();
  await world.open({
    directories: separate("/work/new", "/in", "/in/new/deep", "/in/old/2025", "/arch/none"),
    mounts: [
      mount("/in", { storage: "inbox" }),
      mount("/in/old/archive", { storage: "archive" }),
      mount("/arch", { storage: "archive", access: "ReadOnly" }),
      mount("/a/b/shared", { subPath: "/shared" }),
    ],
  });
  assert.deepEqual(await tree(join(world.folder, "homes")), [
    "alice",
    "alice/a",
    "alice/a/b",
    "alice/work",
    "alice/work/new",
    "shared",
  ]);
  assert.deepEqual(await tree(join(world.folder, "inbox")), ["new", "new/deep", "old", "old/2025"]);
  assert.deepEqual(
    await tree(join(world.folder, "archive")),
    [],
    "a mount with access ReadOnly creates nothing",
  );
});

test("a mount with access ReadOnly whose directory does not exist is empty, and nothing is created", async () => {
  await using world = await storages();
  const access = "ReadOnly";
  const storage = await world.open({
    mounts: [mount("/old", { storage: "archive", subPath: "/x/y", access })],
  });
  assert.deepEqual(await names(storage, "/"), ["old"]);
  assert.equal((await storage.stat("/old")).type, "Directory");
  assert.deepEqual(await names(storage, "/old"), []);
  await rejectsWith("NotFound", storage.stat("/old/a"));
  assert.deepEqual(await tree(join(world.folder, "archive")), []);
  await mkdir(join(world.folder, "archive/x/y"), { recursive: true });
  await writeFile(join(world.folder, "archive/x/y/a"), "a");
  assert.deepEqual(await names(storage, "/old"), ["a"]);
});

test("a mount inside another mount is reachable through directories that no storage contains", async () => {
  await using world = await storages();
  const storage = await world.open({
    mounts: [
      mount("/old", { storage: "archive", access: "ReadOnly" }),
      mount("/old/by/partner", { storage: "inbox" }),
    ],
  });
  await store(storage, "/old/by/partner/a", "a");
  assert.deepEqual(await names(storage, "/old"), ["by"]);
  assert.deepEqual(await names(storage, "/old/by"), ["partner"]);
  assert.equal((await storage.stat("/old/by")).type, "Directory");
  assert.deepEqual(await tree(join(world.folder, "archive")), []);
});

test("a storage that the engine has not opened leaves the home usable, and is logged", async () => {
  await using world = await storages();
  const storage = await world.open({ mounts: [mount("/new", { storage: "later" })] });
  await store(storage, "/own.txt", "own");
  assert.deepEqual(await names(storage, "/"), ["new", "own.txt"]);
  assert.equal((await storage.stat("/new")).type, "Directory");
  await assert.rejects(names(storage, "/new"), {
    code: "StorageUnavailable",
    message: /not available: .*log in again/,
  });
  await rejectsWith("StorageUnavailable", storage.openUpload("/new/a", { type: "Replace" }));
  const [entry] = world.log.entries;
  assert.equal(entry?.message, "mount not available");
  assert.deepEqual(
    { ...entry?.fields, err: undefined },
    { user: "alice", path: "/new", storage: "later", err: undefined },
  );
});

test("a mount whose directory cannot be created leaves the home usable", async () => {
  await using world = await storages();
  await writeFile(join(world.folder, "inbox/taken"), "a file");
  const storage = await world.open({ mounts: [mount("/in", { storage: "inbox", subPath: "/taken/below" })] });
  await store(storage, "/own.txt", "own");
  await rejectsWith("NotADirectory", storage.openUpload("/in/a", { type: "Replace" }));
});

test("the quota limits the home and not its mounts", async () => {
  await using world = await storages();
  const quota = { bytes: 10 };
  const storage = await world.open({ quota, mounts: [mount("/in", { storage: "inbox" })] });
  await rejectsWith("QuotaExceeded", store(storage, "/a", "more than ten bytes"));
  await store(storage, "/in/a", "more than ten bytes");
  await store(storage, "/b", "ten bytes.");
  await rejectsWith("QuotaExceeded", store(storage, "/c", "1"));
});

test("the space limit counts mounts in the storage of the homes, and not additional storage", async () => {
  await using world = await storages({ storageLimit: 4 * MIB });
  const storage = await world.open({
    mounts: [mount("/shared", { subPath: "/shared" }), mount("/in", { storage: "inbox" })],
  });
  await store(storage, "/shared/a", Buffer.alloc(2 * MIB));
  await rejectsWith("NoSpace", store(storage, "/b", Buffer.alloc(2 * MIB)));
  await rejectsWith("NoSpace", store(storage, "/shared/b", Buffer.alloc(2 * MIB)));
  await store(storage, "/in/b", Buffer.alloc(8 * MIB));
  assert.equal((await stat(join(world.folder, "inbox/b"))).size, 8 * MIB);
});
