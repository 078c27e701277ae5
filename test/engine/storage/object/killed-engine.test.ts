/** Tests an engine process that is killed during an upload to a bucket. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { removeStaleUploads } from "../../../../src/engine/storage/object/uploads/stale-uploads.ts";
import { ReservedKeys } from "../../../../src/engine/storage/object/keys.ts";
import { PARTIAL_MAX_AGE } from "../../../../src/engine/storage/uploads/incomplete-uploads.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { ControlClient } from "../../../support/engine/control-client.ts";
import { EngineProcess } from "../../../support/engine/engine-process.ts";
import { testConfig } from "../../../support/engine/server.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const TIMEOUT = 60_000;

describe("an engine that is killed during an upload to a bucket", () => {
  describeEachServer((running, { listsUploadsByPrefix }) => {
    // id: killed-engine
    for (const incomplete of ["Keep", "Remove"] as const)
      test(`stores nothing, and its parts are removed as stale; incomplete uploads: ${incomplete}`, async () => {
        const { server, bucket } = running();
        const directory = await mkdtemp(join(tmpdir(), "killed-engine-"));
        await using config = await BucketConfig.create(server, bucket.name);
        const start = (): Promise<EngineProcess> =>
          EngineProcess.start(directory, {
            storage: { objectStorage: config.config },
            uploads: { ...testConfig().uploads, incomplete },
          });
        const login = async ({ config: { controlPort } }: EngineProcess): Promise<ControlClient> => {
          const client = await (await ControlClient.overTcp({ controlPort })).login();
          await client.command("TYPE I");
          return client;
        };
        const keyOf = (name: string): string => `${config.config.prefix}/${name}`;
        const content = patternOf(2 * PART + 1000);
        const first = await start();
        const client = await login(first);
        assert.equal(await client.upload("STOR replaced", "old"), 226);
        for (const name of ["replaced", "new"]) {
          const uploader = await login(first);
          const data = await uploader.passive();
          data.on("error", () => {});
          assert.equal(await uploader.code(`STOR ${name}`), 150);
          data.write(content);
          await waitUntil(`two parts of ${name} are stored`, TIMEOUT, async () =>
            assert.equal((await bucket.uploadsTo(keyOf(name))).parts, 2),
          );
          if (name === "replaced") continue;
          first.kill();
          await first.ended;
          assert.equal(await uploader.reply(), undefined);
        }
        assert.equal(await bucket.read(keyOf("replaced")), "old");
        await assert.rejects(bucket.head(keyOf("new")), { name: "NotFound" });

        const second = await start();
        const other = await login(second);
        assert.equal((await other.download("RETR replaced")).bytes.toString(), "old");
        assert.equal(await other.code("SIZE new"), 550);
        for (const name of ["replaced", "new"]) {
          assert.equal(await other.upload(`STOR ${name}`, content), 226);
          assert.ok((await other.download(`RETR ${name}`)).bytes.equals(content), name);
          assert.equal((await bucket.uploadsTo(keyOf(name))).ids.length, 1, "the parts of the first upload");
        }
        second.kill();
        await second.ended;

        const tree = await config.openTree();
        const { prefix } = config.config;
        const late = Date.now() + PARTIAL_MAX_AGE + 60_000;
        await removeStaleUploads(tree.store, prefix, new ReservedKeys(prefix), late);
        await tree.close();
        for (const name of ["replaced", "new"]) {
          // MinIO lists multipart uploads only by their complete key, and removes old uploads automatically.
          assert.equal((await bucket.uploadsTo(keyOf(name))).ids.length, listsUploadsByPrefix ? 0 : 1);
          assert.equal((await bucket.head(keyOf(name))).ContentLength, content.length);
        }
        await rm(directory, { recursive: true });
      });
  });
});
