/** Tests uploads whose bytes the engine reads from the socket directly into parts. */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { bucketServer } from "../../../support/engine/bucket-server.ts";
import type { ControlClient } from "../../../support/engine/control-client.ts";
import { KERNEL_COPY } from "../../../support/engine/open-tree.ts";
import { crc } from "../../../support/s3/bucket.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const CONTENT = patternOf(4 * PART + 321);
/** Two complete parts and the beginning of a third part. */
const BROKEN_AT = 2 * PART + MIB + 123;
const TIMEOUT = 60_000;

type Socket = Awaited<ReturnType<ControlClient["passive"]>>;

/** Functions that interrupt an upload within a part. */
const endings = {
  ABOR: async (client: ControlClient) => {
    assert.equal(await client.code("ABOR"), 426);
    assert.equal((await client.reply())?.code, 226);
  },
  "a reset of the data connection": async (client: ControlClient, data: Socket) => {
    data.resetAndDestroy();
    assert.equal((await client.reply())?.code, 426);
  },
};

/** Counts the bytes that pass directly from sockets to parts. */
function countDirect({ mock }: TestContext): () => number {
  assert.ok(KERNEL_COPY !== undefined);
  const read = mock.method(KERNEL_COPY, "read");
  return () => read.mock.calls.reduce((sum, { result = 0 }) => sum + result, 0);
}

describe("an upload that the engine receives directly into parts", {
  skip: KERNEL_COPY === undefined && "Node.js cannot call the C library",
}, () => {
  describeEachServer((running) => {
    for (const [ending, breakOff] of Object.entries(endings))
      test(`is resumed through a second engine after ${ending} within a part`, async (context) => {
        const { server, bucket } = running();
        await using config = await BucketConfig.create(server, bucket.name);
        const options = KERNEL_COPY && { kernelCopy: KERNEL_COPY };
        await using first = await bucketServer(config.config, options);
        await using second = await bucketServer(config.config, options);
        const [client, other] = [await first.client(), await second.client()];
        const directBytes = countDirect(context);
        const data = await client.passive();
        data.on("error", () => {});
        assert.equal(await client.code("STOR a"), 150);
        data.write(CONTENT.subarray(0, BROKEN_AT));
        // A reset discards the bytes in socket buffers.
        await waitUntil("the engine has received the bytes", TIMEOUT, async () => {
          const { lines } = await client.command("STAT");
          assert.ok(lines.some((line) => line.includes(`${BROKEN_AT} bytes transferred`)));
        });
        await breakOff(client, data);
        const before = directBytes();
        assert.ok(before > 0, "the first upload uses recv");

        assert.deepEqual((await other.command("SIZE a")).lines, [`213 ${2 * PART}`]);
        assert.equal(await other.code(`REST ${2 * PART}`), 350);
        assert.equal(await other.upload("STOR a", CONTENT.subarray(2 * PART)), 226);
        assert.ok(directBytes() > before, "the second upload uses recv");
        assert.ok((await client.download("RETR a")).bytes.equals(CONTENT));
        const key = `${config.config.prefix}/alice/a`;
        assert.equal((await bucket.head(key)).ChecksumCRC32, crc(CONTENT));
        assert.deepEqual((await bucket.uploadsTo(key)).ids, []);
      });
  });
});
