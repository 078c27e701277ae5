/** Tests directory renames in object storage, which copy each object. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { EngineError } from "../../../../src/engine/errors.ts";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import type { RenameControl, Storage } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { ControlClient } from "../../../support/engine/control-client.ts";
import { type MountServer, mountServer } from "../../../support/engine/mount-server.ts";
import { namesIn, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { FaultProxy, type SeenRequest } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig } from "../../../support/s3/object-homes.ts";

const FILES = 60;
const NAMES = Array.from({ length: FILES }, (_, index) => String(index).padStart(2, "0"));
const ABORTED = new EngineError("Aborted", "Aborted");

/** Returns a progress control that aborts the rename after the given number of copies. */
function abortedAfter(copies: number): RenameControl & { seen: [number, number][] } {
  const controller = new AbortController();
  const seen: [number, number][] = [];
  return {
    seen,
    signal: controller.signal,
    pause: async () => undefined,
    progress(copied, all) {
      seen.push([copied, all]);
      if (copied === copies) controller.abort(ABORTED);
    },
  };
}

const isCopy = ({ method, url }: SeenRequest): boolean => method === "PUT" && url.includes("/d2/");
const isRemoval = ({ method, url }: SeenRequest): boolean => method === "POST" && url.includes("?delete");

describe("a rename of a directory in object storage", () => {
  describeEachServer((running) => {
    let proxy: FaultProxy;
    let config: BucketConfig;
    let tree: ObjectTree;
    let home: Storage;
    let homes = 0;
    before(async () => {
      const { server, bucket } = running();
      proxy = await FaultProxy.start(server.endpoint);
      config = await BucketConfig.create(server, bucket.name, { endpoint: proxy.endpoint });
      tree = await config.openTree({ limits: { attempts: 2 } });
    });
    after(async () => {
      await tree.close();
      await proxy[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      proxy.choose = () => undefined;
      home = await tree.openHome(`/home-${++homes}`, { account: "alice" });
      await home.makeDirectory("/d");
      await Promise.all(NAMES.map((name) => upload(home, `/d/${name}`, `content ${name}`)));
    });

    const rename = (control?: RenameControl): Promise<void> => home.rename("/d", "/d2", "Files", control);

    // id: directory-rename-abort
    test("that is aborted keeps all originals and removes the copies", async () => {
      proxy.choose = (request) => (isCopy(request) ? { type: "Delay", milliseconds: 20 } : undefined);
      const control = abortedAfter(20);
      await assert.rejects(rename(control), {
        code: "Aborted",
        message: "Rename aborted. The directory has its old name",
      });
      assert.deepEqual(control.seen[0], [1, FILES + 1], "the objects and the marker of the directory");
      assert.deepEqual(await namesIn(home, "/"), ["d/"]);
      assert.deepEqual(await namesIn(home, "/d"), NAMES);
      await rename();
      assert.deepEqual(await namesIn(home, "/"), ["d2/"]);
      assert.deepEqual(await namesIn(home, "/d2"), NAMES);
    });

    test("that is aborted keeps files that another session has stored under the new name", async () => {
      const other = await tree.openHome(`/home-${homes}`, { account: "bob" });
      const control = abortedAfter(30);
      const progress: RenameControl["progress"] = (copied, all) => {
        if (copied === 10) stored.resolve(upload(other, "/d2/00", "newer"));
        control.progress(copied, all);
      };
      const stored = Promise.withResolvers<void>();
      proxy.choose = (request) => (isCopy(request) ? { type: "Delay", milliseconds: 20 } : undefined);
      await assert.rejects(rename({ ...control, progress }), { code: "Aborted" });
      await stored.promise;
      assert.equal(await textOf(home, "/d2/00"), "newer");
      assert.deepEqual(await namesIn(home, "/d2"), ["00"]);
      assert.deepEqual(await namesIn(home, "/d"), NAMES);
    });

    test("that fails keeps all originals, and the error names the complete directory", async () => {
      const fails = (request: SeenRequest): boolean => isCopy(request) && request.url.includes("/d2/55");
      proxy.choose = (request) => (fails(request) ? { type: "Answer", status: 500 } : undefined);
      await assert.rejects(rename(), {
        code: "StorageUnavailable",
        message: /\. The directory has its old name$/,
      });
      assert.deepEqual(await namesIn(home, "/"), ["d/"]);
      proxy.choose = (request) =>
        fails(request) || isRemoval(request) ? { type: "Answer", status: 500 } : undefined;
      await assert.rejects(rename(), {
        message: /The directory with the old name is complete\. Remove the directory with the new name$/,
      });
      assert.deepEqual(await namesIn(home, "/d"), NAMES);
    });

    test("whose originals cannot be removed has complete copies, and the error names the directory to remove", async () => {
      proxy.choose = (request) => (isRemoval(request) ? { type: "Answer", status: 500 } : undefined);
      await assert.rejects(rename(), {
        message:
          "The directory has its new name, but not all originals were removed. Remove the old directory",
      });
      proxy.choose = () => undefined;
      for (const name of NAMES) assert.equal(await textOf(home, `/d2/${name}`), `content ${name}`);
    });

    test("does not delay other changes to the home, and a second rename of the directory waits", async () => {
      const { promise: until, resolve: proceed } = Promise.withResolvers<void>();
      proxy.choose = (request) => (isCopy(request) ? { type: "Hold", until } : undefined);
      const first = rename();
      const second = home.rename("/d", "/d3", "Files");
      let isOver = false;
      void first.finally(() => (isOver = true));
      await home.makeDirectory("/meanwhile");
      await home.removeDirectory("/meanwhile");
      assert.equal(isOver, false);
      proceed();
      await first;
      await assert.rejects(second, { code: "NotFound" });
      assert.deepEqual(await namesIn(home, "/"), ["d2/"]);
    });
  });
});

describe("RNTO of a directory in a bucket", () => {
  describeEachServer((running) => {
    let proxy: FaultProxy;
    let config: BucketConfig;
    let world: MountServer;
    before(async () => {
      const { server, bucket } = running();
      proxy = await FaultProxy.start(server.endpoint);
      config = await BucketConfig.create(server, bucket.name, { endpoint: proxy.endpoint });
      world = await mountServer({
        mounts: [{ path: "/in", storage: "bucket", subPath: "/in", access: "ReadWrite" }],
        buckets: { bucket: { objectStorage: config.config } },
      });
      assert.equal(await world.client.code("MKD /in/d"), 257);
      for (const name of NAMES) assert.equal(await world.client.upload(`STOR /in/d/${name}`, name), 226);
    });
    after(async () => {
      await world[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    });

    async function names(directory: string): Promise<string[]> {
      const { bytes } = await world.client.download(`NLST ${directory}`);
      const paths = bytes.toString().split("\r\n").filter(Boolean);
      return paths.map((path) => path.slice(path.lastIndexOf("/") + 1)).toSorted();
    }

    /**
     * Starts a rename, and holds all copies except the first.
     * @returns a function after whose call the remaining copies take 200 ms each
     */
    async function startSlowRename(client: ControlClient): Promise<() => void> {
      const { promise: until, resolve } = Promise.withResolvers<void>();
      let copies = 0;
      proxy.choose = (request) => (isCopy(request) && ++copies > 1 ? { type: "Hold", until } : undefined);
      assert.equal(await client.code("RNFR /in/d"), 350);
      client.send("RNTO /in/d2\r\n");
      await waitUntil("the rename copies objects", 60_000, async () =>
        assert.match(
          (await client.command("STAT")).lines.join("\n"),
          / Rename in progress, [1-9]\d* of 61 objects copied/,
        ),
      );
      return () => {
        proxy.choose = (request) => (isCopy(request) ? { type: "Delay", milliseconds: 200 } : undefined);
        resolve();
      };
    }

    test("shows its progress in STAT, and ends on ABOR", async () => {
      const { client } = world;
      const proceed = await startSlowRename(client);
      client.send("ABOR\r\n");
      proceed();
      assert.deepEqual((await client.reply())?.lines, [
        "426 Rename aborted. The directory has its old name.",
      ]);
      assert.equal((await client.reply())?.code, 226);
      assert.deepEqual(await names("/in"), ["d"]);
      assert.deepEqual(await names("/in/d"), NAMES);
    });

    test("ends when its session ends", async () => {
      const client = await (await ControlClient.overTcp(world.server.engine)).login();
      const proceed = await startSlowRename(client);
      client.duplex.destroy();
      proceed();
      await waitUntil("the copies are removed", 60_000, async () =>
        assert.deepEqual(await names("/in"), ["d"]),
      );
      assert.deepEqual(await names("/in/d"), NAMES);
      proxy.choose = () => undefined;
      assert.equal(await world.client.code("RNFR /in/d"), 350);
      assert.equal(await world.client.code("RNTO /in/d2"), 250);
      assert.deepEqual(await names("/in"), ["d2"]);
    });
  });
});
