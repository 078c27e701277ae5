/** Runs command blocks from the README and the how-to pages like a new user. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../support/cli/command-line.ts";
import { programFile } from "../cluster/programs.ts";
import type { TestNamespace } from "./test-namespace.ts";

export const ROOT = join(import.meta.dirname, "../..");
const PAGE_TIMEOUT_MILLISECONDS = 300_000;

/** Returns the README commands that create the first FtpServer. The other pages also use this FtpServer. */
export function firstServer(): string[] {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, section = ""] = /^## First FtpServer\n(.*?)^## /ms.exec(readme) ?? [];
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** Returns the code blocks in a page that follow the comment `<!-- MARK -->`. By default, MARK is `run`. */
export function markedBlocks(page: string, mark = "run", language = "sh"): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const blocks = new RegExp(`^<!-- ${mark} -->\\n\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
  return [...text.matchAll(blocks)].map(([, block = ""]) => block);
}

/** A shell with kubectl, helm, the plugin and ftp-operator. */
export class Typist implements AsyncDisposable {
  readonly #bin: string;

  private constructor(bin: string) {
    this.#bin = bin;
  }

  static async create(): Promise<Typist> {
    const bin = await mkdtemp(join(tmpdir(), "ftp-operator-docs-"));
    await symlink(programFile("kube", "kubectl"), join(bin, "kubectl"));
    await symlink(programFile("helm", "helm"), join(bin, "helm"));
    for (const [name, source] of [
      ["kubectl-ftpsrv", "kubectl-ftpsrv"],
      ["ftp-operator", "main"],
    ] as const) {
      await writeFile(join(bin, name), `#!/bin/sh\nexec ${process.execPath} ${program(source)} "$@"\n`);
      await chmod(join(bin, name), 0o755);
    }
    return new Typist(bin);
  }

  /**
   * Runs blocks in sequence in one shell. Uses a separate kubeconfig, so that a change of the current namespace does
   * not affect other tests.
   */
  async type(namespace: TestNamespace, blocks: readonly string[]): Promise<void> {
    const kubeconfig = join(this.#bin, `${namespace.name}.kubeconfig`);
    await copyFile(namespace.cluster.kubeconfig, kubeconfig);
    const choose = `kubectl config set-context --current --namespace=${namespace.name} > /dev/null`;
    const script = ["set -euo pipefail", `cd ${ROOT}`, choose, ...blocks].join("\n");
    const env = [`PATH=${this.#bin}:${process.env["PATH"]}`, `KUBECONFIG=${kubeconfig}`, `WORK=${this.#bin}`];
    const { code, stdout, stderr } = await namespace.outside(
      "client",
      ["env", ...env, "bash", "-c", script],
      {
        timeout: PAGE_TIMEOUT_MILLISECONDS,
      },
    );
    assert.equal(code, 0, `${stdout}\n${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#bin, { recursive: true });
  }
}
