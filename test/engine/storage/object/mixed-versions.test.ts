/** Tests appends and renames after a lookup that returns the size of an old version with the ETag of the current version. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { namesIn, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { FaultProxy } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";

/** Versions of `/a`: the size of the old version, and the content of the current version. */
const VERSIONS = [
  { title: "a file that the engine sends again", size: 4, content: "old and new" },
  { title: "a file that the service copies", size: 5 * MIB, content: `${"old ".repeat((5 * MIB) / 4)}new` },
  { title: "an empty file", size: 0, content: "new" },
];

describe("a lookup that mixes two versions of a file", () => {
  describeEachServer((running) => {
    /**
     * Runs a change of `/a`.
     * @param mixed returns whether a lookup receives the size of the old version, depending on the numbers of earlier
     *   lookups and writes
     */
    async function assertRejected(
      { size, content }: (typeof VERSIONS)[number],
      mixed: (lookups: number, writes: number) => boolean,
      change: (storage: Storage) => Promise<void>,
    ): Promise<void> {
      const { server, bucket } = running();
      await using proxy = await FaultProxy.start(server.endpoint);
      await using config = await BucketConfig.create(server, bucket.name);
      const faulty = await config.openTree({ config: { ...config.config, endpoint: proxy.endpoint } });
      const direct = await config.openTree();
      const [storage, other] = await Promise.all([faulty.openHome("/alice"), direct.openHome("/alice")]);
      await upload(other, "/a", content);
      let [lookups, writes] = [0, 0];
      proxy.choose = ({ method, url }) => {
        if (method === "PUT" || method === "POST") writes++;
        if (method !== "HEAD" || !url.endsWith("/a")) return undefined;
        return mixed(lookups++, writes) ? { type: "OtherSize", bytes: size } : undefined;
      };
      await rejectsWith("Conflict", change(storage));
      assert.ok(lookups > 1);
      assert.deepEqual(await namesIn(other, "/"), ["a"]);
      assert.equal(await textOf(other, "/a"), content);
      for (const tree of [faulty, direct]) await tree.close();
    }

    for (const version of VERSIONS) {
      test(`fails an append to ${version.title}`, () =>
        assertRejected(
          version,
          (lookups) => lookups === 0,
          (storage) => upload(storage, "/a", "more", { type: "Append" }),
        ));

      test(`fails a rename of ${version.title} that must not replace a file`, () =>
        assertRejected(
          version,
          (_, writes) => writes === 0,
          (storage) => storage.rename("/a", "/b", "Nothing"),
        ));
    }
  });
});
