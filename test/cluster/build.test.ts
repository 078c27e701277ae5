import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BuildProgress } from "./build-progress.ts";
import { applyPatch } from "./go-module.ts";
import { MODULE_FOLDER, patches, programsFor } from "./programs.ts";

test("a part requires the programs of the parts before it", () => {
  const names = (part: Parameters<typeof programsFor>[0]) => programsFor(part).map(({ name }) => name);
  assert.deepEqual(names("control-plane"), ["kube", "helm"]);
  assert.deepEqual(names("full"), ["kube", "helm", "metallb"]);
  assert.deepEqual(names("e2e"), ["kube", "helm", "metallb", "prometheus-adapter"]);
});

test("the Go module requires every patched module", async () => {
  const requirements = await readFile(join(MODULE_FOLDER, "go.mod"), "utf8");
  for (const { module } of patches) assert.match(requirements, new RegExp(`^\\t${module} v`, "m"));
});

test("a patch replaces its text in the copy of the module, and fails when the text is missing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "ftp-operator-patch-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "a.go"), "run(stop); run(stop)");
  const patch = { module: "example.test/m", edits: { "a.go": { "run(stop)": "run($&)" } } };
  await applyPatch(patch, folder);
  assert.equal(await readFile(join(folder, "a.go"), "utf8"), "run($&); run($&)");
  await assert.rejects(applyPatch(patch, folder), /a\.go of example\.test\/m does not contain "run\(stop\)"/);
});

test("a build reports downloads first, then the share of compiled packages", () => {
  const said: string[] = [];
  const progress = new BuildProgress((line) => said.push(line));
  try {
    progress.downloads("go: downloading example.test/m v1.0.0");
    progress.downloads("go: something else");
    assert.equal(progress.summary(), "1 Go modules downloaded, 0 s");
    progress.expect(3);
    progress.compiled();
    assert.equal(progress.summary(), "33 %: 1 of 3 packages compiled, 0 s");
    assert.deepEqual(said, ["0 %: 0 of 3 packages compiled, 0 s"]);
  } finally {
    progress.stop();
  }
});
