import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTree } from "./open-tree.ts";
import { ControlClient } from "./control-client.ts";
import { startServer, testConfig, type TestServer, type TestServerOptions } from "./server.ts";

/** An engine with one home directory on a disk, and a logged-in client in TYPE I. */
export interface DiskWorld extends AsyncDisposable {
  server: TestServer;
  client: ControlClient;
  /** Path of the home directory on the disk. */
  home: string;
}

/**
 * Starts an engine with one home directory on a disk.
 * @param volume directory in which the home directory is created
 */
export async function diskWorld(options: TestServerOptions = {}, volume = tmpdir()): Promise<DiskWorld> {
  const root = await mkdtemp(join(volume, "ftp-disk-"));
  const home = join(root, "home");
  await mkdir(home);
  const tree = await openTree(root, () => testConfig().uploads);
  const server = await startServer({ storage: await tree.openHome("/home"), ...options });
  const client = await (await ControlClient.overTcp(server.engine)).login();
  await client.command("TYPE I");
  return {
    server,
    client,
    home,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await tree.close();
      // Node.js removes names that are not UTF-8 only when the path is a Buffer.
      await rm(Buffer.from(root), { recursive: true });
    },
  };
}
