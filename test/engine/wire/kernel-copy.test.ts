import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import type { ReadHandle, Storage, Upload } from "../../../src/engine/storage/storage.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";

const CONTENT = randomBytes(20_000_003);

/** Number of bytes that the kernel copied in transfers of a home directory. */
interface Copied {
  received: number;
  sent: number;
}

/** Counts the bytes that the kernel copies from or to sockets, bypassing this process. */
function counting(storage: Storage, copied: Copied): Storage {
  return new Proxy(storage, {
    get(target, key) {
      if (key === "openUpload")
        return async (...args: Parameters<Storage["openUpload"]>): Promise<Upload> => {
          const handle = await target.openUpload(...args);
          return {
            write: (chunks) => handle.write(chunks),
            commit: () => handle.commit(),
            abort: (rest) => handle.abort(rest),
            receiveFrom(socket) {
              const result = handle.receiveFrom?.(socket);
              copied.received += result?.bytes ?? 0;
              return result;
            },
          };
        };
      if (key === "openRead")
        return async (path: string): Promise<ReadHandle> => {
          const handle = await target.openRead(path);
          return {
            ...handle,
            sendTo(...args) {
              const sent = handle.sendTo?.(...args);
              copied.sent += sent ?? 0;
              return sent;
            },
          };
        };
      const member: unknown = Reflect.get(target, key);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/**
 * Runs up to five transfers. Returns the maximum number of bytes that the kernel copied in one transfer. On a busy
 * machine, the socket is sometimes not ready. The engine then copies the bytes itself.
 */
async function mostCopied(transfer: () => Promise<number>, enough = CONTENT.length / 4): Promise<number> {
  let most = 0;
  for (let attempt = 1; attempt <= 5 && most <= enough; attempt++) most = Math.max(most, await transfer());
  return most;
}

describe("files of a volume on a plain connection", () => {
  let root = "";
  let tree: DirectoryTree;
  let storage: Storage;
  const copied: Copied = { received: 0, sent: 0 };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "kernel-copy-"));
    tree = await openTree(root, () => ({ incomplete: "Keep", sync: "Never" }));
    storage = counting(await tree.openHome("/", { account: "alice" }), copied);
  });

  after(async () => {
    await tree.close();
    await rm(root, { recursive: true, force: true });
  });

  async function enter(world: TestServer): Promise<ControlClient> {
    const client = await (await ControlClient.overTcp(world.engine)).login();
    await client.command("TYPE I");
    copied.received = 0;
    copied.sent = 0;
    return client;
  }

  test("are uploaded completely by the kernel when the socket is ready", async () => {
    await using world = await startServer({ storage });
    const client = await enter(world);
    const received = await mostCopied(async () => {
      copied.received = 0;
      assert.equal(await client.upload("STOR /up", CONTENT), 226);
      assert.ok((await readFile(join(root, "up"))).equals(CONTENT));
      assert.equal(world.log.movedBytes, CONTENT.length);
      return copied.received;
    });
    assert.ok(received > CONTENT.length / 20, `${received} bytes`);
  });

  test("are downloaded by the kernel, even when the client is slow", async () => {
    await using world = await startServer({ storage });
    await writeFile(join(root, "down"), CONTENT);
    const client = await enter(world);
    const sent = await mostCopied(async () => {
      copied.sent = 0;
      const data = await client.passive();
      assert.equal(await client.code("RETR /down"), 150);
      const parts: Buffer[] = [];
      for await (const part of data) {
        parts.push(part);
        if (parts.length % 50 === 0) await sleep(5);
      }
      assert.equal((await client.reply())?.code, 226);
      assert.ok(Buffer.concat(parts).equals(CONTENT));
      assert.equal(world.log.movedBytes, CONTENT.length);
      return copied.sent;
    });
    assert.ok(sent > CONTENT.length / 20, `${sent} bytes`);
  });

  test("are downloaded in parts", async () => {
    await using world = await startServer({ storage });
    await writeFile(join(root, "down"), CONTENT);
    const client = await enter(world);
    const sent = await mostCopied(async () => {
      await client.command("REST 10000000");
      assert.ok((await client.download("RETR /down")).bytes.equals(CONTENT.subarray(10_000_000)));
      await client.command("RANG 5 14999999");
      assert.ok((await client.download("RETR /down")).bytes.equals(CONTENT.subarray(5, 15_000_000)));
      return copied.sent;
    }, 0);
    assert.ok(sent > 0);
  });

  test("are copied by the engine when a conversion or limit applies, even one that starts during the transfer", async () => {
    await using world = await startServer({ storage });
    const client = await enter(world);
    const text = Buffer.from("line\r\n".repeat(100_000));
    await client.command("TYPE A");
    assert.equal(await client.upload("STOR /ascii", text), 226);
    assert.ok((await client.download("RETR /ascii")).bytes.equals(text));
    assert.deepEqual(copied, { received: 0, sent: 0 });
    await client.command("TYPE I");
    await writeFile(join(root, "down"), CONTENT);
    const sent = await mostCopied(async () => {
      world.authenticator.users = [testUser("alice")];
      copied.sent = 0;
      const data = await client.passive();
      assert.equal(await client.code("RETR /down"), 150);
      await sleep(20);
      world.authenticator.users = [testUser("alice", { limits: { downloadBytesPerSecond: 40_000_000 } })];
      const parts: Buffer[] = [];
      for await (const part of data) parts.push(part);
      assert.equal((await client.reply())?.code, 226);
      assert.ok(Buffer.concat(parts).equals(CONTENT));
      return copied.sent;
    }, 0);
    assert.ok(sent > 0 && sent < CONTENT.length, `${sent} bytes`);
  });

  test("can be resumed after a disconnect", async () => {
    await using world = await startServer({ storage });
    const client = await enter(world);
    const data = await client.passive();
    assert.equal(await client.code("STOR /cut"), 150);
    await new Promise((resolve) => data.write(CONTENT.subarray(0, 10_000_000), resolve));
    await sleep(50);
    data.resetAndDestroy();
    assert.equal((await client.reply())?.code, 426);
    const name = (await readdir(root)).find(isPartial) ?? "";
    const partial = await readFile(join(root, name));
    assert.ok(partial.length > 0 && partial.equals(CONTENT.subarray(0, partial.length)));
    assert.deepEqual((await client.command("SIZE /cut")).lines, [`213 ${partial.length}`]);
    await client.command(`REST ${partial.length}`);
    assert.equal(await client.upload("STOR /cut", CONTENT.subarray(partial.length)), 226);
    assert.ok((await readFile(join(root, "cut"))).equals(CONTENT));
  });

  test("are never complete when the connection is reset at any time", async () => {
    await using world = await startServer({ storage });
    const client = await enter(world);
    for (let round = 0; round < 60; round++) {
      const data = await client.passive();
      data.on("error", () => {});
      assert.equal(await client.code("STOR /reset"), 150);
      if (round % 3 > 0) data.write(CONTENT.subarray(0, 2 ** (round % 24)));
      if (round % 3 > 1) await sleep(round % 5);
      data.resetAndDestroy();
      const { code } = (await client.reply()) ?? {};
      assert.ok(code === 426 || code === 425, `round ${round}: ${code}`);
    }
    assert.equal((await client.download("RETR /reset")).code, 550);
  });

  test("are no longer downloaded after ABOR when the client does not read", async () => {
    await using world = await startServer({ storage });
    await writeFile(join(root, "down"), CONTENT);
    const client = await enter(world);
    const data = await client.passive();
    data.on("error", () => {}).pause();
    assert.equal(await client.code("RETR /down"), 150);
    await sleep(20);
    assert.equal((await client.command("ABOR")).code, 426);
    assert.equal((await client.reply())?.code, 226);
  });
});
