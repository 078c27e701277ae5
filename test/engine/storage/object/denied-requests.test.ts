/** Tests requests that the service rejects. Commands that send HEAD requests must return the same reply as listings. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeEachServer, type Running } from "../../../cluster/s3/each-server.ts";
import { bucketServer } from "../../../support/engine/bucket-server.ts";
import type { ControlClient } from "../../../support/engine/control-client.ts";
import { BucketConfig, type ConfigChange } from "../../../support/s3/object-homes.ts";

interface Rejection {
  reason: string;
  change: (running: Running) => Promise<ConfigChange>;
  reply: RegExp;
}

const rejections: readonly Rejection[] = [
  {
    reason: "the access key is wrong",
    change: async () => ({ as: { accessKeyId: "wrong", secretAccessKey: "wrong" } }),
    reply: /^451 .*rejected the credentials/u,
  },
  {
    reason: "the secret key is wrong",
    change: async ({ server }) => ({ as: { accessKeyId: server.accessKeyId, secretAccessKey: "wrong" } }),
    reply: /^451 .*rejected the credentials/u,
  },
  {
    reason: "the bucket is in another region",
    change: async () => ({ region: "eu-central-1" }),
    reply: /^451 .*another region/u,
  },
  {
    reason: "the account has no permissions",
    change: async ({ server, bucket }) => ({
      as: await server.userWith(bucket.name, [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${bucket.name}/other/*`] },
      ]),
    }),
    reply: /^550 .*denied access/u,
  },
];

const CONTROL_LINES = [
  "CWD d",
  "MLST a",
  "STAT a",
  "SIZE a",
  "MDTM a",
  "MFMT 20200102030405 a",
  "MFF Modify=20200102030405; a",
  "DELE a",
  "MKD d",
  "RMD d",
  "RNFR a",
  "SITE CPFR a",
  "SITE CHMOD 600 a",
  "HASH a",
  "XCRC a",
];
const DATA_LINES = ["LIST", "LIST a", "NLST", "MLSD", "MLSD d", "RETR a", "STOR a", "STOU a", "APPE a"];

/** Sends a transfer command and returns the first line of its final reply. */
async function transfer(client: ControlClient, line: string): Promise<string> {
  const data = await client.passive();
  data.on("error", () => {});
  const first = await client.command(line);
  data.end();
  data.resume();
  const { lines = [] } = first.code === 150 ? ((await client.reply()) ?? {}) : first;
  return lines[0] ?? "";
}

describe("all commands give the same reply", () => {
  describeEachServer((running) => {
    for (const { reason, change, reply } of rejections)
      test(`when ${reason}`, async () => {
        const { server, bucket } = running();
        await using config = await BucketConfig.create(server, bucket.name, await change(running()));
        await using world = await bucketServer(config.config);
        const client = await world.client();
        const replies: [string, string][] = [];
        for (const line of CONTROL_LINES) replies.push([line, (await client.command(line)).lines[0] ?? ""]);
        for (const line of DATA_LINES) replies.push([line, await transfer(client, line)]);
        assert.equal(await client.code("REST 5"), 350);
        replies.push(["STOR a after REST", await transfer(client, "STOR a")]);
        assert.deepEqual(
          replies.filter(([, text]) => !reply.test(text)),
          [],
        );
      });
  });
});
