/** The engine for the comparison: on loopback, with files in a directory. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DirectoryTree } from "../../src/engine/storage/local/directory-tree.ts";
import { makeTemporaryFolder } from "../../test/cluster/temporary.ts";
import { startServer, testUser } from "../../test/support/engine/server.ts";
import { play } from "./player.ts";
import type { Probe } from "./probes.ts";

/** What the engine makes of every probe. */
export async function playEngine(probes: ReadonlyMap<string, Probe>): Promise<Map<string, string>> {
  const root = await makeTemporaryFolder();
  const home = join(root, "account/home");
  await mkdir(home, { recursive: true });
  const tree = await DirectoryTree.open(root, () => ({ incomplete: "Keep", sync: "Never" }));
  try {
    await using world = await startServer({
      storage: await tree.openHome("/account"),
      config: { users: [testUser("anonymous")], active: { mode: "Enabled" } },
    });
    return await play({ controlPort: world.engine.controlPort, home }, probes);
  } finally {
    await tree.close();
    await rm(root, { recursive: true, force: true });
  }
}
