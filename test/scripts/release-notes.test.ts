import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { commitsBetween, releaseNotes } from "../../scripts/release-notes.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

test("release notes tell each change once, under the part that it belongs to most", async () => {
  await inTemporaryFolder(async (folder) => {
    const git = (...args: string[]): void => {
      const identity = ["-c", "user.name=a", "-c", "user.email=a@example.test", "-c", "commit.gpgsign=false"];
      execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "pipe" });
    };
    const commit = (subject: string, ...files: string[]): void => {
      for (const file of files) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), subject);
      }
      git("add", "-A");
      git("commit", "-q", "-m", subject);
    };
    git("init", "-q");
    commit("Begin", "README.md");
    git("tag", "v1");
    commit("Serve faster", "src/engine/a.ts", "src/engine/b.ts", "docs/a.md", "test/engine/a.test.ts");
    commit("Test more", "test/engine/b.test.ts");
    commit("Plan less", "src/plan/a.ts");
    commit("Serve faster", "src/engine/a.ts", "src/engine/c.ts");
    commit("Take a new field", "crds/a.yaml");
    commit("Upgrade a package", "package.json");
    const notes = releaseNotes(commitsBetween("v1", "HEAD", folder));
    assert.equal(
      notes,
      [
        "## API\n\n- Take a new field\n",
        "## Engine\n\n- Serve faster\n",
        "## Operator\n\n- Plan less\n",
        "## Other\n\n- Upgrade a package\n",
      ].join("\n"),
    );
  });
});
