/** The commands of the README and of the how-to pages, run in their order as a new user would type them. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { chmod, copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { program } from "../cli/command-line.ts";
import { programFile } from "../cluster/programs.ts";
import { timed, World } from "./world.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE_TIMEOUT_MILLISECONDS = 300_000;

/** The README's own section, which every page begins with. */
function firstServer(): string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, section = ""] = /^## The first server\n(.*?)^## /ms.exec(readme) ?? [];
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** Blocks that a page marks. */
function markedBlocks(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^<!-- run -->\n```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

describe("commands that people are told to type", () => {
  let bin: string;

  before(async () => {
    bin = await mkdtemp(join(tmpdir(), "ftp-operator-docs-"));
    await symlink(programFile("kube", "kubectl"), join(bin, "kubectl"));
    for (const [name, source] of [
      ["kubectl-ftpsrv", "kubectl-ftpsrv"],
      ["ftp-operator", "main"],
    ] as const) {
      await writeFile(join(bin, name), `#!/bin/sh\nexec ${process.execPath} ${program(source)} "$@"\n`);
      await chmod(join(bin, name), 0o755);
    }
  });
  after(() => rm(bin, { recursive: true }));

  /** Runs blocks one after the other in one shell, with a namespace of their own as the current one. */
  async function type(world: World, blocks: readonly string[]): Promise<void> {
    const kubeconfig = join(bin, `${world.namespace}.kubeconfig`);
    await copyFile(world.cluster.kubeconfig, kubeconfig);
    const choose = `kubectl config set-context --current --namespace=${world.namespace} > /dev/null`;
    const script = ["set -euo pipefail", `cd ${ROOT}`, choose, ...blocks].join("\n");
    const env = [`PATH=${bin}:${process.env["PATH"]}`, `KUBECONFIG=${kubeconfig}`, `WORK=${bin}`];
    const { code, stdout, stderr } = await world.outside("client", ["env", ...env, "bash", "-c", script], {
      timeout: PAGE_TIMEOUT_MILLISECONDS,
    });
    assert.equal(code, 0, `${stdout}\n${stderr}`);
  }

  const pages = globSync("docs/how-to/*.md", { cwd: ROOT }).filter((page) => markedBlocks(page).length > 0);

  for (const page of ["README.md", ...pages]) {
    it(`${page} works as it stands`, async () => {
      const name = page.replace(/^.*\/|\.md$/g, "").toLowerCase();
      const world = await World.create(`e2e-docs-${name}`);
      try {
        const blocks = page === "README.md" ? [] : markedBlocks(page);
        await timed(page, () => type(world, [...firstServer(), ...blocks]));
      } finally {
        await world.remove();
      }
    });
  }

  it("are on some pages at least", () => assert.ok(pages.length >= 4));
});
