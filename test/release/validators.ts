/** krew, and the validators of OperatorHub: built once from the module test/release/validators into the cache. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import { buildFlags } from "../cluster/programs.ts";
import { type Finished, finish, run } from "../cluster/run.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

const MODULE = join(import.meta.dirname, "validators");

/** Takes about a minute the first time. The flags are those of the test cluster, so that packages that both need compile once. */
export async function buildValidators(): Promise<void> {
  const target = programFolder();
  if (existsSync(target)) return;
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false" };
  await inTemporaryFolder(async (folder) => {
    const output = join(folder, "programs");
    const packages = [".", "sigs.k8s.io/krew/cmd/krew"];
    await run(["go", "build", "-C", MODULE, ...buildFlags, "-o", `${output}/`, ...packages], { env });
    await rename(output, target);
  });
}

/** Returns one line for each finding; exit code 1 when one of them is an error. */
export async function validateBundle(folder: string): Promise<Finished> {
  return await finish([join(programFolder(), "validators"), folder]);
}

/** Runs krew with a root folder of its own, as on a platform such as `windows-amd64`. */
export async function krew(root: string, platform: string, args: readonly string[]): Promise<Finished> {
  const [os, arch] = platform.split("-");
  const settings = { KREW_ROOT: root, KREW_OS: os, KREW_ARCH: arch, KREW_NO_UPGRADE_CHECK: "1" };
  return await finish([join(programFolder(), "krew"), ...args], { env: { ...process.env, ...settings } });
}

/** Another source gives another folder, so that a folder with this name is complete and current. */
function programFolder(): string {
  const hash = createHash("sha256").update(JSON.stringify(buildFlags));
  for (const file of readdirSync(MODULE).toSorted())
    hash.update(file).update(readFileSync(join(MODULE, file)));
  return join(cacheFolder(), "bin", `release-validators-${hash.digest("hex").slice(0, 12)}`);
}
