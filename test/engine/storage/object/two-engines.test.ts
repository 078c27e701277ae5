/** Tests concurrent commands in two engines that use the same bucket, like two replicas of an FtpServer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RECOUNT_PERIOD } from "../../../../src/engine/storage/usage/home-usage.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import {
  breakUpload,
  type BucketServerOptions,
  bucketServer,
} from "../../../support/engine/bucket-server.ts";
import type { ControlClient } from "../../../support/engine/control-client.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { testUser } from "../../../support/engine/server.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";
import type { Running } from "../../../cluster/s3/each-server.ts";

const PART = 5 * MIB;
/** Number of repetitions. The test is repeated because the order of concurrent requests varies. */
const ROUNDS = 5;
const HOME = { homeDirectory: "/alice" };
const WITHOUT_REPLACE = testUser("alice", { ...HOME, permissions: ["List", "Read", "Append", "Rename"] });

/** Two engines with one client each. */
interface Pair extends AsyncDisposable {
  clients: readonly [ControlClient, ControlClient];
  /** Prefix of all homes. */
  prefix: string;
  /** Logs in again, because advancing the clock ends an idle session. */
  login(): Promise<readonly [ControlClient, ControlClient]>;
  /** Advances the clocks of both engines. */
  advance(milliseconds: number): void;
}

async function startPair(
  { server, bucket }: Running,
  options: BucketServerOptions = {},
  clocks: readonly ManualClock[] = [],
): Promise<Pair> {
  const config = await BucketConfig.create(server, bucket.name);
  const start = (clock: ManualClock | undefined) =>
    bucketServer(config.config, { ...options, ...(clock && { clock }) });
  const [one, other] = [await start(clocks[0]), await start(clocks[1])];
  const login = async () => [await one.client(), await other.client()] as const;
  return {
    clients: await login(),
    login,
    prefix: config.config.prefix,
    advance: (milliseconds) => clocks.forEach((clock) => clock.advance(milliseconds)),
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    },
  };
}

async function rename(client: ControlClient, from: string, to: string): Promise<number> {
  const first = await client.code(`RNFR ${from}`);
  return first === 350 ? await client.code(`RNTO ${to}`) : first;
}

async function read(client: ControlClient, path: string): Promise<Buffer> {
  const { code, bytes } = await client.download(`RETR ${path}`);
  assert.equal(code, 226, path);
  return bytes;
}

async function names(client: ControlClient): Promise<string[]> {
  const { code, bytes } = await client.download("NLST");
  assert.equal(code, 226);
  return bytes
    .toString()
    .split("\r\n")
    .filter((name) => name !== "")
    .toSorted();
}

describe("two engines with the same bucket", () => {
  describeEachServer((running) => {
    // id: two-engines-stor
    test("store complete files when their clients upload to one name", async () => {
      await using pair = await startPair(running());
      const [one, other] = pair.clients;
      for (let round = 0; round < ROUNDS; round++)
        for (const bytes of [1000, 2 * PART + 1]) {
          const contents = [patternOf(bytes, 2 * round + 1), patternOf(bytes + 7, 2 * round + 2)] as const;
          const codes = await Promise.all([
            one.upload("STOR same", contents[0]),
            other.upload("STOR same", contents[1]),
          ]);
          assert.deepEqual(codes, [226, 226]);
          const found = await read(one, "same");
          assert.ok(
            contents.some((content) => content.equals(found)),
            `${found.length} bytes`,
          );
        }
    });

    test("give each STOU a unique name", async () => {
      await using pair = await startPair(running());
      const sent = new Map<string, string>();
      await Promise.all(
        pair.clients.map(async (client, index) => {
          for (let round = 0; round < ROUNDS; round++) {
            const data = await client.passive();
            const [announcement = ""] = (await client.command("STOU report")).lines;
            const content = `${index} ${round}`;
            sent.set(/^150 FILE: (.*)$/u.exec(announcement)?.[1] ?? "", content);
            data.end(content);
            assert.equal((await client.reply())?.code, 226);
          }
        }),
      );
      assert.deepEqual(await names(pair.clients[0]), [...sent.keys()].toSorted());
      for (const [name, content] of sent)
        assert.equal((await read(pair.clients[1], name)).toString(), content);
    });

    test("append every upload with reply 226 exactly once, and reject other uploads with 450", async () => {
      await using pair = await startPair(running());
      const [one, other] = pair.clients;
      for (const start of [Buffer.from("start"), patternOf(PART + 3)]) {
        assert.equal(await one.upload("STOR log", start), 226);
        let expected = start.length;
        for (let round = 0; round < ROUNDS; round++) {
          const lines = [`one ${round}\n`, `other ${round}\n`] as const;
          const codes = await Promise.all([
            one.upload("APPE log", lines[0]),
            other.upload("APPE log", lines[1]),
          ]);
          assert.ok(codes.includes(226) && codes.every((code) => code === 226 || code === 450), codes.join());
          const found = (await read(one, "log")).toString("latin1");
          lines.forEach((line, index) =>
            assert.equal(found.split(line).length - 1, codes[index] === 226 ? 1 : 0, line),
          );
          expected += lines.reduce((sum, line, index) => sum + (codes[index] === 226 ? line.length : 0), 0);
          assert.equal(found.length, expected);
        }
      }
    });

    test("leave one complete file when both rename a file to an existing name", async () => {
      await using pair = await startPair(running());
      const [one, other] = pair.clients;
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of ["first", "second", "target"])
          assert.equal(await one.upload(`STOR ${name}`, name), 226);
        const codes = await Promise.all([rename(one, "first", "target"), rename(other, "second", "target")]);
        assert.deepEqual(codes, [250, 250]);
        assert.deepEqual(await names(one), ["target"]);
        const text = (await read(other, "target")).toString();
        assert.ok(["first", "second"].includes(text), text);
      }
    });

    test("give a new name to only one of two files when their users cannot replace files", async () => {
      await using pair = await startPair(running(), { users: [WITHOUT_REPLACE] });
      const [one, other] = pair.clients;
      for (let round = 0; round < ROUNDS; round++) {
        const [first, second, target] = [`first ${round}`, `second ${round}`, `target ${round}`];
        for (const name of [first, second]) assert.equal(await one.upload(`APPE ${name}`, name), 226);
        const codes = await Promise.all([rename(one, first, target), rename(other, second, target)]);
        assert.deepEqual(
          codes.toSorted((a, b) => a - b),
          [250, 550],
        );
        const [winner, loser] = codes[0] === 250 ? [first, second] : [second, first];
        assert.equal((await read(one, target)).toString(), winner);
        assert.equal((await read(one, loser)).toString(), loser);
      }
    });

    test("never lose a file that both rename to different names", async () => {
      await using pair = await startPair(running());
      const [one, other] = pair.clients;
      for (let round = 0; round < ROUNDS; round++) {
        assert.equal(await one.upload("STOR source", "content"), 226);
        const codes = await Promise.all([rename(one, "source", "a"), rename(other, "source", "b")]);
        assert.ok(codes.includes(250), codes.join());
        for (const [index, name] of ["a", "b"].entries()) {
          if (codes[index] !== 250) continue;
          assert.equal((await read(other, name)).toString(), "content", name);
          assert.equal(await one.code(`DELE ${name}`), 250);
        }
        assert.deepEqual(await names(one), []);
      }
    });

    test("never lose a file that both rename when their users cannot replace files", async () => {
      await using pair = await startPair(running(), { users: [WITHOUT_REPLACE] });
      const [one, other] = pair.clients;
      for (let round = 0; round < ROUNDS; round++) {
        const [source, a, b] = [`source ${round}`, `a ${round}`, `b ${round}`];
        assert.equal(await one.upload(`APPE ${source}`, "content"), 226);
        const codes = await Promise.all([rename(one, source, a), rename(other, source, b)]);
        assert.ok(codes.includes(250), codes.join());
        assert.equal(await one.code(`SIZE ${source}`), 550);
        for (const [index, name] of [a, b].entries())
          if (codes[index] === 250) assert.equal((await read(other, name)).toString(), "content", name);
          else assert.equal(await one.code(`SIZE ${name}`), 550, name);
      }
    });

    test("let only one client resume an incomplete upload", async () => {
      await using pair = await startPair(running());
      const [one, other] = pair.clients;
      const { bucket } = running();
      const tails = [patternOf(PART + 1, 5), patternOf(PART + 2, 6)] as const;
      for (let round = 0; round < ROUNDS; round++) {
        const begin = patternOf(PART + 1, 9 + round);
        const key = `${pair.prefix}/alice/a`;
        await breakUpload(one, bucket, { path: "a", key, content: begin, parts: 1 });
        assert.deepEqual((await other.command("SIZE a")).lines, [`213 ${PART}`]);
        const resume = async (client: ControlClient, tail: Buffer): Promise<number> => {
          assert.equal(await client.code(`REST ${PART}`), 350);
          return await client.upload("STOR a", tail);
        };
        const codes = await Promise.all([resume(one, tails[0]), resume(other, tails[1])]);
        assert.equal(codes.filter((code) => code === 226).length, 1, codes.join());
        const tail = codes[0] === 226 ? tails[0] : tails[1];
        assert.ok((await read(one, "a")).equals(Buffer.concat([begin.subarray(0, PART), tail])));
        assert.equal(await one.code("DELE a"), 250);
      }
    });

    // id: two-engines-quota
    test("together exceed a quota by at most the changes of one engine since its last count", async () => {
      const quota = { bytes: 1000 };
      const clocks = [new ManualClock(), new ManualClock()];
      await using pair = await startPair(
        running(),
        { users: [testUser("alice", { ...HOME, quota })] },
        clocks,
      );
      const [one, other] = pair.clients;
      // Both engines count the usage of the empty home.
      assert.equal(await one.upload("STOR a", "x".repeat(100)), 226);
      assert.equal(await other.upload("STOR b", "x".repeat(100)), 226);
      assert.equal(await one.upload("STOR c", "x".repeat(900)), 226);
      // The usage count of the second engine includes `a` and `b`, but not `c`.
      assert.equal(await other.upload("STOR d", "x".repeat(801)), 552);
      assert.equal(await other.upload("STOR d", "x".repeat(800)), 226);
      pair.advance(RECOUNT_PERIOD + 1);
      const later = await pair.login();
      for (const client of later) assert.equal(await client.upload("STOR e", "x"), 552);
      for (const name of ["c", "d"]) assert.equal(await later[0].code(`DELE ${name}`), 250);
      pair.advance(RECOUNT_PERIOD + 1);
      for (const client of await pair.login()) {
        assert.equal(await client.upload("STOR e", "x".repeat(801)), 552);
        // The change started a usage count, which runs in the background.
        await waitUntil("the count ends", 60_000, async () =>
          assert.equal(await client.upload("STOR e", "x".repeat(800)), 226),
        );
      }
    });
  });
});
