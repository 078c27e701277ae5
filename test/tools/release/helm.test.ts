import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { findHelm } from "../../../tools/release/chart.ts";

/** Adds folders to PATH for a test. Each folder contains a helm program that reports a version. */
async function useHelms(t: TestContext, versions: readonly string[]): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), "helms-"));
  const path = process.env["PATH"];
  const folders = versions.map((version) => join(root, version));
  for (const [index, folder] of folders.entries()) {
    await mkdir(folder);
    await writeFile(join(folder, "helm"), `#!/bin/sh\nprintf ${versions[index]}\n`, { mode: 0o755 });
  }
  process.env["PATH"] = [...folders, path].join(delimiter);
  delete process.env["HELM"];
  t.after(async () => {
    process.env["PATH"] = path;
    delete process.env["HELM"];
    await rm(root, { recursive: true });
  });
  return folders;
}

describe("a release", () => {
  it("ignores Helm 3 in PATH, whose chart packages are not reproducible", async (t) => {
    const [, second = ""] = await useHelms(t, ["v3.19.0", "v4.3.1"]);
    assert.equal(await findHelm(() => undefined), join(second, "helm"));
  });

  it("uses the program in HELM with any version", async (t) => {
    const [first = ""] = await useHelms(t, ["v3.19.0"]);
    process.env["HELM"] = join(first, "helm");
    assert.equal(await findHelm(() => undefined), join(first, "helm"));
  });
});
