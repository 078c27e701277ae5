/** Tests renames, appends and MFMT commands whose source another session removes or replaces during the copy. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { namesIn, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { FaultProxy, type SeenRequest } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

/** Matchers for the requests of a copy that does not replace a file, in the order of the requests. */
const CREATE = ({ method, url }: SeenRequest): boolean => method === "POST" && url.includes("/b?uploads");
const COMPLETE = ({ method, url }: SeenRequest): boolean => method === "POST" && url.includes("uploadId=");
/** Matches the request that stores `/b` without a reference to its source. */
const PUT = ({ method, url }: SeenRequest): boolean => method === "PUT" && /\/b\/?(?:\?|$)/u.test(url);

interface Rename extends AsyncDisposable {
  /** The same home without the proxy. */
  other: Storage;
  renamed: Promise<void>;
  /** Returns the IDs of the multipart uploads to `/b`. */
  uploads: () => Promise<string[]>;
}

const COPY_PART = ({ method, url }: SeenRequest): boolean =>
  method === "PUT" && url.includes("partNumber=1&");

describe("an append", () => {
  describeEachServer((running) => {
    test("fails and keeps the new version when another session shortens the file before the copy", async () => {
      const { server, bucket } = running();
      await using proxy = await FaultProxy.start(server.endpoint);
      await using config = await BucketConfig.create(server, bucket.name);
      const faulty = await config.openTree({ config: { ...config.config, endpoint: proxy.endpoint } });
      const direct = await config.openTree();
      const [storage, other] = await Promise.all([faulty.openHome("/alice"), direct.openHome("/alice")]);
      await upload(other, "/a", patternOf(5 * MIB + 1));
      let until: Promise<void> | undefined;
      proxy.choose = (seen) => {
        if (until !== undefined || !COPY_PART(seen)) return undefined;
        until = upload(other, "/a", "short");
        return { type: "Hold", until };
      };
      await rejectsWith("Conflict", upload(storage, "/a", "more", { type: "Append" }));
      assert.ok(until !== undefined);
      assert.equal(await textOf(other, "/a"), "short");
      for (const tree of [faulty, direct]) await tree.close();
    });
  });
});

describe("MFMT of a file that is copied in parts", () => {
  describeEachServer((running) => {
    test("fails and keeps the new version when another session replaces the file after the copy", async () => {
      const { server, bucket } = running();
      await using proxy = await FaultProxy.start(server.endpoint);
      await using config = await BucketConfig.create(server, bucket.name);
      const limits = { copyObjectBytes: 3, copyPartBytes: 6 * MIB };
      const faulty = await config.openTree({
        limits,
        config: { ...config.config, endpoint: proxy.endpoint },
      });
      const direct = await config.openTree();
      const [storage, other] = await Promise.all([faulty.openHome("/alice"), direct.openHome("/alice")]);
      await upload(other, "/a", "content");
      let until: Promise<void> | undefined;
      proxy.choose = (seen) => {
        if (until !== undefined || !COMPLETE(seen)) return undefined;
        until = upload(other, "/a", "changed");
        return { type: "Hold", until };
      };
      await rejectsWith("Conflict", storage.setModificationTime("/a", new Date("2021-02-03T04:05:06Z")));
      assert.equal(await textOf(other, "/a"), "changed");
      for (const tree of [faulty, direct]) await tree.close();
    });
  });
});

describe("a rename that must not replace a file", () => {
  describeEachServer((running) => {
    /** Renames `/a` to `/b`, and changes `/a` before the first matching request. */
    async function renameDuring(
      request: (seen: SeenRequest) => boolean,
      change: (other: Storage) => Promise<void>,
      prepare = (other: Storage): Promise<void> => upload(other, "/a", "content"),
    ): Promise<Rename> {
      const { server, bucket } = running();
      const proxy = await FaultProxy.start(server.endpoint);
      const config = await BucketConfig.create(server, bucket.name);
      const faulty = await config.openTree({ config: { ...config.config, endpoint: proxy.endpoint } });
      const direct = await config.openTree();
      const [storage, other] = await Promise.all([faulty.openHome("/alice"), direct.openHome("/alice")]);
      await prepare(other);
      let until: Promise<void> | undefined;
      proxy.choose = (seen) => {
        if (until !== undefined || !request(seen)) return undefined;
        until = change(other);
        return { type: "Hold", until };
      };
      return {
        other,
        renamed: storage.rename("/a", "/b", "Nothing"),
        uploads: async () => (await bucket.uploadsTo(`${config.config.prefix}/alice/b`)).ids,
        async [Symbol.asyncDispose]() {
          for (const tree of [faulty, direct]) await tree.close();
          for (const used of [proxy, config]) await used[Symbol.asyncDispose]();
        },
      };
    }

    const remove = (other: Storage): Promise<void> => other.remove("/a");
    const replace = (other: Storage): Promise<void> => upload(other, "/a", "changed");

    test("fails and leaves nothing when another session removes the source before the copy", async () => {
      await using rename = await renameDuring(CREATE, remove);
      const { other, renamed, uploads } = rename;
      await rejectsWith("NotFound", renamed);
      assert.deepEqual([await namesIn(other, "/"), await uploads()], [[], []]);
    });

    test("fails and keeps the new version when another session replaces the source before the copy", async () => {
      await using rename = await renameDuring(CREATE, replace);
      const { other, renamed, uploads } = rename;
      await rejectsWith("Conflict", renamed);
      assert.deepEqual([await namesIn(other, "/"), await uploads()], [["a"], []]);
      assert.equal(await textOf(other, "/a"), "changed");
    });

    const prepareEmpty = (other: Storage): Promise<void> => upload(other, "/a", "");

    test("of an empty file fails when another session removes the source before the copy", async () => {
      await using rename = await renameDuring(PUT, remove, prepareEmpty);
      const { other, renamed } = rename;
      await rejectsWith("NotFound", renamed);
      assert.deepEqual(await namesIn(other, "/"), []);
    });

    test("of an empty file fails and keeps the new version when another session replaces the source", async () => {
      await using rename = await renameDuring(PUT, replace, prepareEmpty);
      const { other, renamed } = rename;
      await rejectsWith("Conflict", renamed);
      assert.deepEqual(await namesIn(other, "/"), ["a"]);
      assert.equal(await textOf(other, "/a"), "changed");
    });

    test("of an empty file fails when another session renames the same file to the same name", async () => {
      const move = (other: Storage): Promise<void> => other.rename("/a", "/b", "Nothing");
      await using rename = await renameDuring(PUT, move, prepareEmpty);
      const { other, renamed } = rename;
      await rejectsWith("AlreadyExists", renamed);
      assert.deepEqual(await namesIn(other, "/"), ["b"]);
    });

    test("of an empty file fails without a copy when the lookup of the source fails", async () => {
      const { server, bucket } = running();
      await using proxy = await FaultProxy.start(server.endpoint);
      await using config = await BucketConfig.create(server, bucket.name);
      const faulty = await config.openTree({
        limits: { attempts: 1 },
        config: { ...config.config, endpoint: proxy.endpoint },
      });
      const storage = await faulty.openHome("/alice");
      await upload(storage, "/a", "");
      let isStored = false;
      proxy.choose = (seen) => {
        isStored ||= PUT(seen);
        const isLookup = seen.method === "HEAD" && seen.url.endsWith("/a");
        return isStored && isLookup ? { type: "Answer", status: 500 } : undefined;
      };
      await rejectsWith("StorageUnavailable", storage.rename("/a", "/b", "Nothing"));
      proxy.choose = () => undefined;
      assert.deepEqual(await namesIn(storage, "/"), ["a"]);
      await faulty.close();
    });

    test("of a directory fails when another session removes the directory before the copy", async () => {
      const removeDirectory = (other: Storage): Promise<void> => other.removeDirectory("/a");
      await using rename = await renameDuring(PUT, removeDirectory, (other) => other.makeDirectory("/a"));
      const { other, renamed } = rename;
      await rejectsWith("NotFound", renamed);
      assert.deepEqual(await namesIn(other, "/"), []);
    });

    test("succeeds when another session removes the source after the copy", async () => {
      await using rename = await renameDuring(COMPLETE, remove);
      const { other, renamed, uploads } = rename;
      await renamed;
      assert.deepEqual([await namesIn(other, "/"), await uploads()], [["b"], []]);
      assert.equal(await textOf(other, "/b"), "content");
    });

    test("succeeds and keeps the new version when another session replaces the source after the copy", async () => {
      await using rename = await renameDuring(COMPLETE, replace);
      const { other, renamed } = rename;
      await renamed;
      assert.deepEqual(await namesIn(other, "/"), ["a", "b"]);
      assert.deepEqual([await textOf(other, "/a"), await textOf(other, "/b")], ["changed", "content"]);
    });
  });
});
