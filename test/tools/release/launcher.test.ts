/** Tests the shell script that starts the plugin. The tests use a fake Node.js that prints its arguments. */
import assert from "node:assert/strict";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { finish } from "../../cluster/run.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";

const LAUNCHER = join(import.meta.dirname, "../../../tools/release/plugin/launcher.sh");

it("the launcher finds its folder with links, spaces and names without a folder", async () => {
  await inTemporaryFolder(async (root) => {
    const [store, links] = [join(root, "a store"), join(root, "some links")];
    await mkdir(store);
    await mkdir(links);
    await copyFile(LAUNCHER, join(store, "kubectl-ftpsrv"));
    await writeFile(join(store, "node"), '#!/bin/sh\nprintf "%s|" "$@"\n', { mode: 0o755 });
    await symlink("../a store/kubectl-ftpsrv", join(links, "relative"));
    await symlink(join(links, "relative"), join(links, "absolute"));
    for (const [cwd, file] of [
      [store, "kubectl-ftpsrv"],
      [links, "relative"],
      [links, "absolute"],
      ["/", join(links, "absolute")],
    ] as const) {
      const { code, stdout, stderr } = await finish(["sh", file, "two words", "$HOME"], { cwd });
      assert.deepEqual([code, stderr], [0, ""], file);
      assert.match(stdout, /kubectl-ftpsrv\.mjs\|two words\|\$HOME\|$/u);
    }
  });
});
