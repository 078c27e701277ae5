import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTree } from "./open-tree.ts";
import { ControlClient } from "./control-client.ts";
import { startServer, testConfig, type TestServer, type TestServerOptions } from "./server.ts";

/** A server whose one home is a directory on a disk, and a client that has logged in with TYPE I. */
export interface DiskWorld extends AsyncDisposable {
  server: TestServer;
  client: ControlClient;
  /** The home on the disk. */
  home: string;
}

/** @param volume directory to make the home in, such as one on a tmpfs */
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
      // As bytes, because Node finds no names that are not UTF-8 otherwise.
      await rm(Buffer.from(root), { recursive: true });
    },
  };
}
