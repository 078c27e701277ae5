import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf } from "../../../../src/engine/storage/object/bodies.ts";
import { removeStaleUploads } from "../../../../src/engine/storage/object/uploads/stale-uploads.ts";
import { PARTIAL_MAX_AGE } from "../../../../src/engine/storage/uploads/incomplete-uploads.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { breakUpload, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { MIB } from "../../../support/s3/object-homes.ts";
import { patternOf, TestTrees } from "../../../support/s3/test-tree.ts";

describe("stale uploads in object storage", () => {
  describeEachServer((running, { listsUploadsByPrefix }) => {
    const trees = new TestTrees(running);

    test("are removed when they are older than PARTIAL_MAX_AGE, but files are not removed", async () => {
      const { tree, storage, keys, reserved } = await trees.home();
      const { prefix } = trees.config.config;
      await upload(storage, "/file", "content");
      await breakUpload(storage, "/kept", patternOf(5 * MIB + 1));
      // After a crash, an upload can remain without a state object.
      const orphan = keys.file("/orphan");
      await tree.store.multipart.create(orphan, { hasChecksum: true });
      const orphans = async (): Promise<number> =>
        (await Array.fromAsync(tree.store.multipart.list(orphan))).flat().length;
      const event = `${reserved.ofEvents("test")}logs/1/pipeline/0000000001.1`;
      await tree.store.put(event, bodyOf("{}\n"));
      const soon = Date.now() + PARTIAL_MAX_AGE - 60_000;
      assert.equal(await removeStaleUploads(tree.store, prefix, reserved, soon), 0);
      assert.equal((await storage.resumable("/kept"))?.size, 5 * MIB);
      assert.equal(await orphans(), 1);
      assert.ok(await tree.store.head(event));
      const late = Date.now() + PARTIAL_MAX_AGE + 60_000;
      await removeStaleUploads(tree.store, prefix, reserved, late);
      assert.equal(await storage.resumable("/kept"), undefined);
      const { objects } = await tree.store.list(reserved.incomplete);
      assert.deepEqual(objects, []);
      assert.equal(await tree.store.head(event), undefined);
      // MinIO lists multipart uploads only by their complete key, and removes old uploads automatically.
      assert.equal(await orphans(), listsUploadsByPrefix ? 0 : 1);
      assert.equal(await textOf(storage, "/file"), "content");
    });

    test("include the parts that one engine kept while another engine stored the complete file", async () => {
      const home = await trees.home();
      const { tree, storage, path, keys, reserved } = home;
      const other = await (await trees.open({ limits: { knownDirectoryAge: 600_000 } })).openHome(path, {
        account: "alice",
      });
      // The other engine caches that the account has no incomplete upload.
      await upload(other, "/first", "content");
      await breakUpload(storage, "/file", patternOf(5 * MIB + 1));
      await upload(other, "/file", "complete");
      const { bucket } = running();
      const left = async (): Promise<number[]> => {
        const { objects } = await tree.store.list(reserved.ofHome(keys));
        return [objects.length, (await bucket.uploadsTo(keys.file("/file"))).ids.length];
      };
      assert.deepEqual(await left(), [1, 1]);
      await rejectsWith("AlreadyExists", storage.openUpload("/file", { type: "Append" }));
      const late = Date.now() + PARTIAL_MAX_AGE + 60_000;
      await removeStaleUploads(tree.store, trees.config.config.prefix, reserved, late);
      assert.deepEqual(await left(), [0, 0]);
      await upload(storage, "/file", "!", { type: "Append" });
      assert.equal(await textOf(storage, "/file"), "complete!");
    });
  });
});
