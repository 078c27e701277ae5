import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineMount, EngineStorage } from "../../../src/api/engine-storage.ts";
import { DEFAULT_MODES } from "../../../src/api/file-modes.ts";
import { Storages } from "../../../src/engine/storages.ts";
import { ControlClient } from "./control-client.ts";
import { KERNEL_COPY } from "./open-tree.ts";
import { startServer, testConfig, TestLog, type TestServer, testUser } from "./server.ts";

/** Engine with mounts for the user alice, and a logged-in client in TYPE I. */
export interface MountServer extends AsyncDisposable {
  /** Temporary directory with one subdirectory for each volume. The home of alice is `homes/alice`. */
  folder: string;
  server: TestServer;
  client: ControlClient;
}

export interface MountServerOptions {
  mounts: EngineMount[];
  /** Names of additional volumes. */
  volumes?: readonly string[];
  /** Additional buckets by name. */
  buckets?: Record<string, EngineStorage>;
}

/** Starts an engine that keeps incomplete uploads. */
export async function mountServer({
  mounts,
  volumes = [],
  buckets,
}: MountServerOptions): Promise<MountServer> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-mounts-"));
  const rootOf = (name: string): string => join(folder, name);
  for (const name of ["homes", ...volumes]) await mkdir(rootOf(name));
  const additional = Object.fromEntries(volumes.map((name) => [name, { root: rootOf(name) }]));
  const storages = await Storages.open({
    config: { storage: { root: rootOf("homes") }, additionalStorage: { ...additional, ...buckets } },
    policy: () => ({ ...testConfig().uploads, incomplete: "Keep" }),
    kernelCopy: KERNEL_COPY,
    storageLimit: undefined,
    log: new TestLog(),
  });
  const server = await startServer({
    config: { users: [testUser("alice", { homeDirectory: "/alice", mounts })] },
    openHome: (account, openLedger) => storages.openHome(account, openLedger, () => DEFAULT_MODES),
  });
  const client = await (await ControlClient.overTcp(server.engine)).login();
  await client.command("TYPE I");
  return {
    folder,
    server,
    client,
    async [Symbol.asyncDispose]() {
      await server.engine.close();
      await storages.close();
      await rm(folder, { recursive: true });
    },
  };
}
