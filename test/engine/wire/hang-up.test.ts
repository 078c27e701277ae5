/** Tests clients whose connection breaks while a command waits for the disk. */
import assert from "node:assert/strict";
import { Socket } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";

/** Breaks the control connection of a session while its command waits. */
async function broken(server: TestServer, line: string, waits: Promise<void>): Promise<void> {
  const client = await (await ControlClient.overTcp(server.engine)).login();
  await client.command("TYPE I");
  await client.command("EPSV");
  client.send(`${line}\r\n`);
  await waits;
  assert.ok(client.duplex instanceof Socket);
  client.duplex.resetAndDestroy();
  while (server.engine.sessions.size > 0) await nextTurn();
}

function errorsOf(server: TestServer): object[] {
  return server.log.entries.filter(({ level }) => level === "error");
}

describe("a disconnect while a command waits for the disk", { timeout: 60_000 }, () => {
  test("aborts the upload of STOR", async () => {
    await using server = await startServer();
    const [asked, opening] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ended: string[] = [];
    server.memory.openUpload = async () => {
      asked.resolve();
      await opening.promise;
      return {
        write: async () => void ended.push("written"),
        commit: async () => void ended.push("committed"),
        abort: async () => void ended.push("aborted"),
      };
    };
    await broken(server, "STOR f", asked.promise);
    opening.resolve();
    await settle();
    assert.deepEqual([ended, errorsOf(server)], [["aborted"], []]);
  });

  test("closes the file of RETR", async () => {
    await using server = await startServer();
    server.memory.put("/f", "hello");
    const entry = await server.memory.stat("/f");
    const [asked, opening] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let closed = 0;
    server.memory.openRead = async () => {
      asked.resolve();
      await opening.promise;
      return { entry, read: async () => 0, close: async () => void (closed += 1) };
    };
    await broken(server, "RETR f", asked.promise);
    opening.resolve();
    await settle();
    assert.deepEqual([closed, errorsOf(server)], [1, []]);
  });

  test("causes no internal error during SIZE", async () => {
    await using server = await startServer();
    const [asked, looking] = [Promise.withResolvers<void>(), Promise.withResolvers<undefined>()];
    server.memory.resumable = () => {
      asked.resolve();
      return looking.promise;
    };
    await broken(server, "SIZE f", asked.promise);
    looking.resolve(undefined);
    await settle();
    assert.deepEqual(errorsOf(server), []);
  });
});
