import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Kubectl } from "../../../src/cli/cluster/kubectl.ts";

/** Adds a program named kubectl at the start of PATH until the test ends. */
async function useKubectl(t: TestContext, script: string): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), "slow-kubectl-"));
  const path = process.env["PATH"];
  await writeFile(join(folder, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env["PATH"] = `${folder}:${path}`;
  t.after(async () => {
    process.env["PATH"] = path;
    await rm(folder, { recursive: true });
  });
  return new Kubectl({});
}

describe("a call of kubectl with limits", () => {
  it("ends when no answer arrives in time", async (t) => {
    const kubectl = await useKubectl(t, "exec sleep 60");
    const call = kubectl.run(["exec", "pod"], { seconds: 0.5, bytes: 1024 });
    await assert.rejects(call, { name: "KubectlError", message: "no response within 0.5 seconds" });
  });

  it("ends when the output exceeds the limit, even if the command would continue", async (t) => {
    const kubectl = await useKubectl(t, "exec cat /dev/zero");
    const call = kubectl.run(["exec", "pod"], { seconds: 60, bytes: 1024 * 1024 });
    await assert.rejects(call, { name: "KubectlError", message: "more than 1 MiB of output" });
  });

  it("rejects commands in pods that print more than 16 MiB", async (t) => {
    const kubectl = await useKubectl(t, "exec cat /dev/zero");
    await assert.rejects(kubectl.exec("pod", "engine", ["true"]), /more than 16 MiB of output/);
  });

  it("returns a complete list of any size without limits", async (t) => {
    const kubectl = await useKubectl(t, "head -c 20000000 /dev/zero");
    assert.equal((await kubectl.run(["get", "pods"])).length, 20_000_000);
  });
});
