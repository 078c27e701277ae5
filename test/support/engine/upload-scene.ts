/** A session in which tests check how the storage opens an upload. */
import assert from "node:assert/strict";
import type { UploadMode } from "../../../src/engine/storage/storage.ts";
import type { ControlClient } from "./control-client.ts";
import { world, type World } from "./world.ts";

/** Size in bytes of the incomplete upload to /p. */
export const KEPT = 4;

/** A session in TYPE I, with the mode of its last upload. */
export interface Scene {
  server: World;
  client: ControlClient;
  lastMode: () => UploadMode | undefined;
}

/** Starts an engine with the file /f of 10 bytes, the directory /d and an incomplete upload to /p. Logs in. */
export async function scene(): Promise<Scene> {
  const server = world({ active: { mode: "Enabled" } });
  const { memory } = server;
  memory.put("/f", "0123456789");
  memory.directories.add("/d");
  memory.put("/kept", "x".repeat(KEPT));
  const kept = { ...(await memory.stat("/kept")), name: "p" };
  memory.files.delete("/kept");
  memory.resumable = async (path) => (path === "/p" && !memory.files.has(path) ? kept : undefined);
  let last: UploadMode | undefined;
  const openUpload = memory.openUpload.bind(memory);
  memory.openUpload = async (path, mode) => {
    const handle = await openUpload(path, mode);
    last = mode;
    return handle;
  };
  const client = await server.client().login();
  await client.command("TYPE I");
  return { server, client, lastMode: () => last };
}

/** Sends a line after it opens a data connection, and aborts the transfer if one starts. Returns the first reply. */
export async function overData({ client }: Scene, line: string): Promise<string> {
  await client.command("EPSV");
  const { code, lines } = await client.command(line);
  if (code === 150) {
    client.send("ABOR\r\n");
    assert.equal((await client.reply())?.code, 426);
    assert.equal((await client.reply())?.code, 226);
  }
  return lines[0] ?? "";
}

/** Asserts that the line starts an upload in this mode. */
export async function opens(scene: Scene, line: string, mode: UploadMode): Promise<void> {
  assert.match(await overData(scene, line), /^150 /u);
  assert.deepEqual(scene.lastMode(), mode);
}
