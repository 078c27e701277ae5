/** Builds and runs krew and the OperatorHub validators. */
import { join } from "node:path";
import { type Finished, finish } from "../../cluster/run.ts";
import { buildModule, type GoModule, moduleFolder } from "../../cluster/standalone-module.ts";

const VALIDATORS: GoModule = {
  name: "release-validators",
  folder: join(import.meta.dirname, "validators"),
  packages: [".", "sigs.k8s.io/krew/cmd/krew"],
};

/** Builds the validators. The first run takes about 1 minute. */
export async function buildValidators(): Promise<void> {
  await buildModule(VALIDATORS);
}

/** Validates files and returns one line for each finding. The exit code is 1 when one of the findings is an error. */
export async function validateBundle(folder: string): Promise<Finished> {
  return await finish([join(moduleFolder(VALIDATORS), "validators"), folder]);
}

/** Runs krew with a separate root folder for a platform such as `windows-amd64`. */
export async function krew(root: string, platform: string, args: readonly string[]): Promise<Finished> {
  const [os, arch] = platform.split("-");
  const settings = { KREW_ROOT: root, KREW_OS: os, KREW_ARCH: arch, KREW_NO_UPGRADE_CHECK: "1" };
  return await finish([join(moduleFolder(VALIDATORS), "krew"), ...args], {
    env: { ...process.env, ...settings },
  });
}
