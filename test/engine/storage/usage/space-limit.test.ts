import assert from "node:assert/strict";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { mkdir, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { EngineError } from "../../../../src/engine/errors.ts";
import { CombinedLedger } from "../../../../src/engine/storage/usage/combined-ledger.ts";
import { HomeUsage } from "../../../../src/engine/storage/usage/home-usage.ts";
import { QuotaLedger } from "../../../../src/engine/storage/usage/quota-ledger.ts";
import { SpaceLimit } from "../../../../src/engine/storage/usage/space-limit.ts";
import type { Measurable, UsageLedger } from "../../../../src/engine/storage/usage/usage-ledger.ts";
import { Semaphore } from "../../../../src/common/semaphore.ts";
import type { EngineQuota } from "../../../../src/api/engine-config.ts";
import type { DirectoryTree } from "../../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../../support/engine/open-tree.ts";
import type { Storage, Upload, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { run } from "../../../cluster/run.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { rejectsWith, TestHome } from "../../../support/engine/test-home.ts";

const MIB = 1024 * 1024;
const LIMIT = 16 * MIB;
const REPLACE = { type: "Replace" } as const;
const CHUNK = Buffer.alloc(256 * 1024, "x");

/**
 * On this clock, counts take no time. The ledgers therefore wait for each count, and permit the next count immediately.
 */
const stopped = new ManualClock();
const home = new TestHome();
let limit: SpaceLimit;
let storage: Storage;

async function limited(
  tree: DirectoryTree,
  { bytes = LIMIT, preallocates = false } = {},
): Promise<SpaceLimit> {
  const since = Date.now();
  const volume = { measure: () => tree.measure(since), preallocates };
  const created = new SpaceLimit(bytes, volume, stopped);
  await created.start();
  return created;
}

beforeEach(async () => {
  home.policy = { incomplete: "Keep", sync: "Never" };
  limit = await limited(home.tree);
  storage = await homeWithin(limit);
});

function homeWithin(space: SpaceLimit): Promise<Storage> {
  return home.tree.openHome("/alice", { account: "alice", ledger: () => space });
}

/**
 * Returns the disk space in bytes that a directory and its entries occupy, as counted by `du` and the kubelet. The
 * count is synchronous, so that the engine cannot use released space while the count runs. A file that is renamed
 * during the count is counted once.
 */
function occupied(folder: string, counted = new Set<number>()): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || counted.has(stats.ino)) continue;
    counted.add(stats.ino);
    bytes += stats.blocks * 512 + (stats.isDirectory() ? occupied(path, counted) : 0);
  }
  return bytes;
}

async function fill(handle: Upload, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= CHUNK.length) await handle.write([CHUNK.subarray(0, left)]);
}

async function upload(path: string, bytes: number, mode: UploadMode = REPLACE): Promise<void> {
  const handle = await storage.openUpload(path, mode);
  try {
    await fill(handle, bytes);
  } catch (error) {
    await handle.abort();
    throw error;
  }
  await handle.commit();
}

describe("SpaceLimit", () => {
  it("rejects an upload that would exceed the limit, and removes its bytes", async () => {
    await upload("/a", 10 * MIB);
    await assert.rejects(
      upload("/b", 6 * MIB),
      new EngineError("NoSpace", "No space left: all files together are limited to 16777216 bytes"),
    );
    assert.deepEqual([await home.names("/"), await home.partials()], [["a"], []]);
    await upload("/b", 4 * MIB);
  });

  it("accepts an upload immediately after a file was removed", async () => {
    await upload("/a", 14 * MIB);
    await rejectsWith("NoSpace", upload("/b", 14 * MIB));
    await storage.remove("/a");
    await upload("/b", 14 * MIB);
  });

  it("accepts many replacements of one file", async () => {
    for (let round = 0; round < 20; round++) await upload("/a", 5 * MIB);
    assert.ok(limit.availableBytes > 0);
  });

  it("accepts a resumed upload up to the limit", async () => {
    const handle = await storage.openUpload("/a", REPLACE);
    await fill(handle, 10 * MIB);
    await handle.abort();
    await upload("/a", 4 * MIB, { type: "Resume", offset: 10 * MIB });
    await rejectsWith("NoSpace", upload("/a", 5 * MIB, { type: "Append" }));
    assert.ok(occupied(home.root) <= LIMIT);
  });

  it("counts files that exist at the start, including those of uploads that a crash has ended", async () => {
    const old = home.at(".ftp-operator-1");
    await writeFile(old, Buffer.alloc(14 * MIB, "x"));
    await utimes(old, 0, 0);
    storage = await homeWithin(await limited(home.tree));
    const available = await storage.availableBytes("/");
    assert.ok(available > 0 && available <= MIB, `${available} bytes are available`);
    await rejectsWith("NoSpace", upload("/a", 2 * MIB));
  });

  it("counts small files by the blocks that they occupy", async () => {
    const small = 2 * MIB;
    storage = await homeWithin(await limited(home.tree, { bytes: small }));
    let stored = 0;
    await rejectsWith(
      "NoSpace",
      (async () => {
        for (; stored < 1000; stored++) await upload(`/${stored}`, 1);
      })(),
    );
    const bytes = occupied(home.root);
    assert.ok(bytes <= small && bytes > small / 4, `${stored} files occupy ${bytes} bytes`);
  });

  it("counts a running upload twice where the file system allocates space beyond the end", async () => {
    storage = await homeWithin(await limited(home.tree, { preallocates: true }));
    await upload("/a", 7 * MIB);
    await rejectsWith("NoSpace", upload("/b", 5 * MIB));
    await upload("/b", 3 * MIB);
    await rejectsWith("NoSpace", upload("/b", 3 * MIB, { type: "Append" }));
  });

  it("stays below the limit while many clients upload, append, resume, rename and remove simultaneously", async () => {
    let highest = 0;
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        highest = Math.max(highest, occupied(home.root));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    let rejected = 0;
    let stored = 0;
    const client = async (id: number): Promise<void> => {
      for (let step = 0; step < 25; step++) {
        const path = `/${(id + step) % 6}`;
        const bytes = Math.floor(Math.random() * 4 * MIB);
        const mode: UploadMode = step % 4 === 3 ? { type: "Append" } : REPLACE;
        const outcome = upload(path, bytes, mode).then(
          () => stored++,
          (error: unknown) => {
            if (error instanceof EngineError && error.code === "NoSpace") rejected++;
          },
        );
        if (step % 5 === 4) await storage.rename(path, `${path}-${step}`, "Files").catch(() => undefined);
        await outcome;
        if (step % 3 === 2) await storage.remove(path).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, id) => client(id)));
    over.abort();
    await watching;
    assert.ok(highest <= LIMIT, `${highest} bytes were occupied`);
    assert.ok(stored > 10 && rejected > 0, `${stored} stored, ${rejected} rejected`);
  });
});

describe("CombinedLedger", () => {
  let quota: EngineQuota;
  let usage: HomeUsage;

  beforeEach(async () => {
    quota = { bytes: 12 * MIB };
    const { signal } = new AbortController();
    usage = new HomeUsage(stopped, { semaphore: new Semaphore(1), signal });
    const ledger = (counted: Measurable): UsageLedger =>
      new CombinedLedger(new QuotaLedger(counted, usage, () => quota), limit);
    storage = await home.tree.openHome("/alice", { account: "alice", ledger });
  });

  it("rejects growth beyond the quota or the space of the volume, and books nothing for it", async () => {
    await upload("/a", 8 * MIB);
    await rejectsWith("QuotaExceeded", upload("/b", 5 * MIB));
    quota = { bytes: 1024 * MIB };
    await rejectsWith("NoSpace", upload("/b", 9 * MIB));
    assert.deepEqual([await home.names("/"), await home.partials()], [["a"], []]);
    assert.deepEqual(usage.now, { bytes: 8 * MIB, files: 1 });
  });

  it("books an upload in place, a rename, a directory and their removal in the quota", async () => {
    await upload("/a", 1 * MIB);
    await upload("/a", 1 * MIB, { type: "Append" });
    await storage.makeDirectory("/d");
    await storage.rename("/a", "/d/a", "Files");
    assert.deepEqual(usage.now, { bytes: 2 * MIB, files: 2 });
    await storage.remove("/d/a");
    await storage.removeDirectory("/d");
    assert.deepEqual(usage.now, { bytes: 0, files: 0 });
  });

  it("limits only the space while the account has no quota", async () => {
    quota = {};
    await upload("/a", 8 * MIB);
    assert.deepEqual(usage.now, { bytes: 0, files: 0 });
    assert.ok((await storage.availableBytes("/")) < 8 * MIB);
    await rejectsWith("NoSpace", upload("/b", 9 * MIB));
  });
});

const blocker =
  process.getuid?.() !== 0 || !existsSync("/usr/sbin/mkfs.xfs") || !existsSync("/dev/loop-control")
    ? "needs root, loop devices and the Debian package xfsprogs"
    : false;

describe("SpaceLimit on XFS", { skip: blocker }, () => {
  it("keeps the allocated blocks below the limit during an upload", async (t) => {
    const [image, mounted] = [join(home.directory, "xfs.img"), join(home.directory, "xfs")];
    await writeFile(image, "");
    await truncate(image, 2048 * MIB);
    await mkdir(mounted);
    await run(["/usr/sbin/mkfs.xfs", "-q", image]);
    await run(["mount", "-o", "loop", image, mounted]);
    t.after(() => run(["umount", "--lazy", mounted]));
    const tree = await openTree(mounted, () => home.policy);
    try {
      const preallocates = await tree.preallocates();
      assert.equal(preallocates, true);
      const space = await limited(tree, { preallocates });
      storage = await tree.openHome("/alice", { ledger: () => space });
      const handle = await storage.openUpload("/a", REPLACE);
      let written = 0;
      let highest = 0;
      let factor = 0;
      await rejectsWith(
        "NoSpace",
        (async () => {
          for (; written < LIMIT; written += CHUNK.length) {
            await handle.write([CHUNK]);
            const bytes = occupied(mounted);
            highest = Math.max(highest, bytes);
            factor = Math.max(factor, bytes / (written + CHUNK.length));
          }
        })(),
      );
      await handle.abort();
      assert.ok(highest <= LIMIT, `${highest} bytes were occupied`);
      assert.ok(factor > 1.5, "the premise: XFS allocates space beyond the end");
    } finally {
      await tree.close();
    }
  });
});
