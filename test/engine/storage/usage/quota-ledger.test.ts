import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import type { EngineQuota } from "../../../../src/api/engine-config.ts";
import { Semaphore } from "../../../../src/common/semaphore.ts";
import { HomeUsage } from "../../../../src/engine/storage/usage/home-usage.ts";
import { QuotaLedger } from "../../../../src/engine/storage/usage/quota-ledger.ts";
import { OpenFile } from "../../../../src/engine/storage/local/system/open-file.ts";
import type { Storage, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { bytes, rejectsWith, TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();
const REPLACE = { type: "Replace" } as const;
let usage: HomeUsage;
let quota: EngineQuota;
let storage: Storage;

const fresh = (): HomeUsage =>
  new HomeUsage(new ManualClock(), { semaphore: new Semaphore(1), signal: new AbortController().signal });

beforeEach(async () => {
  home.policy = { incomplete: "Keep", sync: "Never" };
  usage = fresh();
  quota = { bytes: 100, files: 10 };
  storage = await home.tree.openHome("/alice", {
    account: "alice",
    ledger: (counted) => new QuotaLedger(counted, usage, () => quota),
  });
});

async function write(path: string, length: number, mode: UploadMode, end: "commit" | "abort"): Promise<void> {
  const handle = await storage.openUpload(path, mode);
  try {
    await handle.write(bytes("x".repeat(length)));
  } catch (error) {
    await handle.abort();
    throw error;
  }
  await handle[end]();
}

describe("QuotaLedger", () => {
  const STEPS: readonly [what: string, step: () => Promise<unknown>][] = [
    ["a new file", () => write("/a", 40, REPLACE, "commit")],
    ["a replaced file", () => write("/a", 30, REPLACE, "commit")],
    ["an incomplete upload", () => write("/a", 20, REPLACE, "abort")],
    ["another incomplete upload", () => write("/a", 25, REPLACE, "abort")],
    ["a complete upload, which removes the incomplete one", () => write("/a", 10, REPLACE, "commit")],
    ["an incomplete upload of a new file", () => write("/b", 20, REPLACE, "abort")],
    ["an incomplete resume", () => write("/b", 5, { type: "Resume", offset: 15 }, "abort")],
    ["a complete resume", () => write("/b", 5, { type: "Resume", offset: 20 }, "commit")],
    ["an append", () => write("/b", 5, { type: "Append" }, "commit")],
    ["an incomplete append", () => write("/b", 5, { type: "Append" }, "abort")],
    ["an append to a new file", () => write("/c", 5, { type: "Append" }, "commit")],
    ["a resume that shortens a file", () => write("/b", 2, { type: "Resume", offset: 1 }, "commit")],
    ["a new file in mode Create", () => write("/d", 7, { type: "Create" }, "commit")],
    ["a directory", () => storage.makeDirectory("/dir")],
    ["a rename", () => storage.rename("/a", "/dir/a", "Files")],
    ["a rename over a file", () => storage.rename("/c", "/d", "Files")],
    ["a rename to itself", () => storage.rename("/d", "/d", "Files")],
    ["a removed file", () => storage.remove("/d")],
    ["a removed file in a directory", () => storage.remove("/dir/a")],
    ["an incomplete upload in a directory", () => write("/dir/a", 9, REPLACE, "abort")],
    ["an incomplete upload that replaces a file", () => write("/b", 8, REPLACE, "abort")],
    ["a removed file and its incomplete upload", () => storage.remove("/b")],
    [
      "an incomplete append to an incomplete upload",
      () => write("/dir/a", 3, { type: "ResumePartial", offset: 9 }, "abort"),
    ],
    ["a removed directory with an incomplete upload", () => storage.removeDirectory("/dir")],
    ["another incomplete upload of a new file", () => write("/e", 9, REPLACE, "abort")],
    ["a removed incomplete upload", () => storage.remove("/e")],
    ["one more incomplete upload", () => write("/e", 9, REPLACE, "abort")],
    [
      "an upload whose name was taken while it was resumed",
      async () => {
        const handle = await storage.openUpload("/e", { type: "ResumePartial", offset: 9 });
        await handle.write(bytes("more"));
        await write("/e", 20, { type: "Create" }, "commit");
        await rejectsWith("AlreadyExists", handle.commit());
      },
    ],
  ];

  it("contains the usage that a new count finds, after each step", async () => {
    for (const [what, step] of STEPS) {
      await step();
      const counted = fresh();
      await counted.ready(home.storage);
      assert.deepEqual(usage.now, counted.now, what);
    }
  });

  it("books two simultaneous uploads to one name", async () => {
    const [one, two] = [await storage.openUpload("/a", REPLACE), await storage.openUpload("/a", REPLACE)];
    await one.write(bytes("x".repeat(40)));
    await two.write(bytes("x".repeat(50)));
    await rejectsWith("QuotaExceeded", one.write(bytes("x".repeat(11))));
    await two.commit();
    await one.abort();
    assert.deepEqual(usage.now, { bytes: 50, files: 1 });
  });

  it("accepts the replacement of a file by one of the same size in a full home", async () => {
    await write("/a", 90, REPLACE, "commit");
    await write("/a", 100, REPLACE, "commit");
    await rejectsWith("QuotaExceeded", write("/a", 101, REPLACE, "commit"));
    assert.deepEqual(usage.now, { bytes: 100, files: 1 });
    assert.deepEqual(await home.names("/"), ["a"], "a rejected upload is not kept");
  });

  it("keeps no incomplete upload that does not fit in addition to the complete file", async () => {
    await write("/a", 90, REPLACE, "commit");
    await write("/a", 10, REPLACE, "abort");
    assert.equal((await home.partials()).length, 1);
    await write("/a", 95, REPLACE, "abort");
    assert.deepEqual(await home.partials(), ["x".repeat(10)]);
    assert.deepEqual(usage.now, { bytes: 100, files: 2 });
    await write("/a", 100, REPLACE, "commit");
    assert.deepEqual([await home.names("/"), await home.partials()], [["a"], []]);
  });

  it("books nothing for bytes that could not be written", async () => {
    const full = mock.method(OpenFile.prototype, "write", async () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    });
    await assert.rejects(write("/a", 90, REPLACE, "commit"));
    full.mock.restore();
    assert.deepEqual(await home.names("/"), []);
    assert.deepEqual(usage.now, { bytes: 0, files: 0 });
  });

  it("accepts an append during the resume of another file", async () => {
    await write("/log", 60, REPLACE, "commit");
    await write("/other", 10, REPLACE, "commit");
    const append = await storage.openUpload("/log", { type: "Append" });
    await append.write(bytes("x".repeat(10)));
    await write("/other", 5, { type: "Resume", offset: 5 }, "commit");
    await append.write(bytes("x".repeat(10)));
    await append.commit();
    assert.deepEqual(usage.now, { bytes: 90, files: 2 });
  });

  it("counts all bytes of an upload in place after another upload has shortened its file", async () => {
    await write("/a", 90, REPLACE, "commit");
    const long = await storage.openUpload("/a", { type: "Resume", offset: 10 });
    await long.write(bytes("x".repeat(20)));
    await write("/a", 1, { type: "Resume", offset: 5 }, "commit");
    await long.write(bytes("x".repeat(60)));
    await long.commit();
    assert.equal((await storage.stat("/a")).size, 90);
    assert.ok(usage.now.bytes >= 90, `${usage.now.bytes} bytes are booked`);
  });

  it("does not reuse the bytes of a file named NAME.partial", async () => {
    await write("/a.partial", 100, REPLACE, "commit");
    await rejectsWith("QuotaExceeded", write("/a", 1, REPLACE, "commit"));
  });

  it("rejects the commit of an upload whose target was renamed during the upload", async () => {
    await write("/a", 100, REPLACE, "commit");
    const handle = await storage.openUpload("/a", REPLACE);
    await handle.write(bytes("x".repeat(100)));
    await storage.rename("/a", "/b", "Files");
    await rejectsWith("QuotaExceeded", handle.commit());
    assert.deepEqual(await home.names("/"), ["b"]);
    assert.deepEqual(usage.now, { bytes: 100, files: 1 });
  });

  it("lets only one of several simultaneous uploads reuse the bytes of the file that they replace", async () => {
    await write("/a", 100, REPLACE, "commit");
    const [one, two] = [await storage.openUpload("/a", REPLACE), await storage.openUpload("/a", REPLACE)];
    await one.write(bytes("x".repeat(100)));
    await rejectsWith("QuotaExceeded", two.write(bytes("x")));
    await two.abort();
    await one.commit();
    await write("/a", 100, REPLACE, "commit");
    assert.deepEqual(usage.now, { bytes: 100, files: 1 });
  });

  it("counts existing files", async () => {
    await home.upload("/old", "x".repeat(60));
    await rejectsWith("QuotaExceeded", write("/new", 41, REPLACE, "commit"));
    await write("/new", 40, REPLACE, "commit");
    assert.equal(await storage.availableBytes("/"), 0);
  });

  it("limits the number of files and directories, and books their removal", async () => {
    quota = { files: 2 };
    await storage.makeDirectory("/dir");
    await write("/a", 1000, REPLACE, "commit");
    await rejectsWith("QuotaExceeded", write("/b", 0, REPLACE, "commit"));
    await rejectsWith("QuotaExceeded", storage.makeDirectory("/other"));
    await write("/a", 1, REPLACE, "commit");
    await storage.rename("/a", "/dir/a", "Files");
    await storage.remove("/dir/a");
    await write("/b", 0, REPLACE, "commit");
  });

  it("keeps the mode bits of directories that a count requires", async () => {
    const mode = async (path: string): Promise<number> => (await storage.stat(path)).mode;
    await storage.makeDirectory("/made", 0o777);
    await storage.makeDirectory("/changed");
    await storage.setMode("/changed", 0o000);
    await write("/file", 1, REPLACE, "commit");
    await storage.setMode("/file", 0o000);
    assert.deepEqual([await mode("/made"), await mode("/changed"), await mode("/file")], [0o700, 0o500, 0]);
    quota = {};
    await storage.setMode("/changed", 0o300);
    assert.equal(await mode("/changed"), 0o300);
  });

  it("applies a changed quota immediately, and always accepts the removal of files", async () => {
    await write("/a", 100, REPLACE, "commit");
    quota = { bytes: 10 };
    await rejectsWith("QuotaExceeded", write("/b", 1, REPLACE, "commit"));
    assert.equal(await storage.availableBytes("/"), 0);
    await storage.remove("/a");
    await write("/b", 10, REPLACE, "commit");
    quota = {};
    await write("/c", 1000, REPLACE, "commit");
    assert.ok((await storage.availableBytes("/")) > 1000);
  });
});
