/** Tests endpoints with IPv6 addresses, with and without TLS. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { download, namesIn, rejectsWith, upload } from "../../../support/engine/storage-calls.ts";
import { makeCertificate } from "../../../support/engine/certificates.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

describe("an endpoint with an IPv6 address", () => {
  describeEachServer((_running, _differences, start) => {
    // id: object-storage-ipv6
    for (const tls of [false, true])
      for (const forcePathStyle of [true, false])
        test(`stores, lists and copies files over ${tls ? "HTTPS" : "HTTP"}, forcePathStyle: ${forcePathStyle}`, async () => {
          await using server = await start({ address: "::1", tls });
          assert.match(server.endpoint, /^https?:\/\/\[::1\]:\d+$/u);
          const bucket = await server.createBucket();
          await using config = await BucketConfig.create(server, bucket, { forcePathStyle });
          const tree = await config.openTree();
          try {
            const home = await tree.openHome("/alice", { account: "alice" });
            const content = patternOf(11 * MIB);
            await upload(home, "/a", content);
            await home.rename("/a", "/b", "Nothing");
            assert.deepEqual(await namesIn(home, "/"), ["b"]);
            assert.ok((await download(home, "/b")).equals(content));
          } finally {
            await tree.close();
          }
        });

    test("is rejected if the CA in caFile did not issue its certificate", async () => {
      await using server = await start({ address: "::1", tls: true });
      const other = await makeCertificate({ commonName: "another authority" });
      const bucket = await server.createBucket();
      await using config = await BucketConfig.create(server, bucket, { caFile: other.certificateFile });
      const tree = await config.openTree();
      try {
        const home = await tree.openHome("/alice", { account: "alice" });
        await rejectsWith("StorageUnavailable", home.stat("/a"));
      } finally {
        await tree.close();
      }
    });
  });
});
