import assert from "node:assert/strict";
import fs from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, type TestContext } from "node:test";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "./open-tree.ts";
import { EngineError, type ErrorCode } from "../../../src/engine/errors.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import type { Storage, UploadMode, Usage } from "../../../src/engine/storage/storage.ts";
import type { UsageLedger } from "../../../src/engine/storage/usage/usage-ledger.ts";
import type { UploadPolicy } from "../../../src/engine/storage/uploads/incomplete-uploads.ts";

export const SECRET = "content outside the home";

/** A home directory on the disk. Creates a new home directory for each test in the file. */
export class TestHome {
  /** Parent of `root` and of a directory `outside` with the file `secret`. */
  directory = "";
  root = "";
  policy: UploadPolicy = { incomplete: "Remove", sync: "Never" };
  #tree: DirectoryTree | undefined;
  #storage: Storage | undefined;

  constructor() {
    let descriptors = 0;
    before(async () => {
      this.directory = await mkdtemp(join(tmpdir(), "directory-tree-"));
      await mkdir(join(this.directory, "outside"));
      await writeFile(join(this.directory, "outside", "secret"), SECRET);
    });
    // Node.js removes names that are not UTF-8 only when the path is a Buffer.
    after(() => rm(Buffer.from(this.directory), { recursive: true, force: true }));
    beforeEach(async () => {
      this.root = await mkdtemp(join(this.directory, "root-"));
      this.policy = { incomplete: "Remove", sync: "Never" };
      this.#tree = await openTree(this.root, () => this.policy);
      await this.enter();
      descriptors = await openDescriptors();
    });
    afterEach(async () => {
      // Every operation must have closed its descriptors, even after an error.
      const left = await openDescriptors();
      await this.#tree?.close();
      assert.ok(left <= descriptors, `${left} descriptors instead of ${descriptors}`);
    });
  }

  get tree(): DirectoryTree {
    if (this.#tree === undefined) throw new Error("used outside a test");
    return this.#tree;
  }

  get storage(): Storage {
    if (this.#storage === undefined) throw new Error("used outside a test");
    return this.#storage;
  }

  /** Opens the home directory, as an engine does at login. */
  async enter(): Promise<void> {
    this.#storage = await this.tree.openHome("/alice", { account: "alice" });
  }

  /** Returns the usage that `change` subtracts from the ledger of the home directory. */
  async removedBy(change: (storage: Storage) => Promise<void>): Promise<Usage> {
    const removed: Usage = { bytes: 0, files: 0 };
    const ledger: UsageLedger = {
      isExact: false,
      available: async () => Infinity,
      ready: () => undefined,
      exclusively: (run) => run(),
      reserve: () => undefined,
      removed: ({ bytes, files }) => {
        removed.bytes += bytes;
        removed.files += files;
      },
      startMove: () => () => undefined,
    };
    await change(await this.tree.openHome("/alice", { account: "alice", ledger: () => ledger }));
    return removed;
  }

  /** Returns the path on the disk for a path in the home directory. */
  at(...names: string[]): string {
    return join(this.root, "alice", ...names);
  }

  /** Replaces the home directory with an empty home directory. */
  async empty(): Promise<void> {
    await rm(this.at(), { recursive: true });
    await this.enter();
  }

  /** Returns the contents of all incomplete uploads in a directory, for all accounts. */
  async partials(...directory: string[]): Promise<string[]> {
    const names = (await readdir(this.at(...directory))).filter(isPartial);
    return await Promise.all(names.map((name) => readFile(this.at(...directory, name), "utf8")));
  }

  async upload(path: string, text: string, mode: UploadMode = { type: "Replace" }): Promise<void> {
    const handle = await this.storage.openUpload(path, mode);
    await handle.write(bytes(text));
    await handle.commit();
  }

  async download(path: string): Promise<string> {
    const handle = await this.storage.openRead(path);
    try {
      const buffer = Buffer.alloc(1024);
      const length = await handle.read(buffer, 0);
      return buffer.toString("utf8", 0, length);
    } finally {
      await handle.close();
    }
  }

  async names(path: string): Promise<string[]> {
    return (await Array.fromAsync(this.storage.list(path)))
      .flat()
      .map(({ name }) => name)
      .toSorted();
  }
}

export function bytes(text: string): Uint8Array[] {
  return [Buffer.from(text)];
}

export function rejectsWith(code: ErrorCode, call: Promise<unknown>): Promise<void> {
  return assert.rejects(call, (error) => error instanceof EngineError && error.code === code);
}

async function openDescriptors(): Promise<number> {
  return (await readdir("/proc/self/fd")).length;
}

/** Makes link(2) fail for the rest of the test. Returns a function that reports how many calls have failed. */
export function withoutHardLinks(t: TestContext): () => number {
  const reject = t.mock.fn((): never => {
    throw Object.assign(new Error("link"), { code: "EPERM" });
  });
  t.mock.method(fs, "linkSync", reject);
  t.mock.method(fs.promises, "link", async () => reject());
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return () => reject.mock.callCount();
}
