/** krew, and the validators of OperatorHub: built from test/release/validators once, then from Go's cache. */
import { join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import { type Finished, finish, run } from "../cluster/run.ts";

const MODULE = join(import.meta.dirname, "validators");
const FOLDER = join(cacheFolder(), "bin", "release-validators");

/** Takes about a minute the first time. The flags are those of the test cluster, so that packages of Kubernetes compile once. */
export async function buildValidators(): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false" };
  await run(["go", "build", "-C", MODULE, "-o", `${FOLDER}/`, ".", "sigs.k8s.io/krew/cmd/krew"], { env });
}

/** Returns one line for each finding; exit code 1 when one of them is an error. */
export async function validateBundle(folder: string): Promise<Finished> {
  return await finish([join(FOLDER, "validators"), folder]);
}

/** Runs krew with a root folder of its own, as on a platform such as `windows-amd64`. */
export async function krew(root: string, platform: string, args: readonly string[]): Promise<Finished> {
  const [os, arch] = platform.split("-");
  const settings = { KREW_ROOT: root, KREW_OS: os, KREW_ARCH: arch, KREW_NO_UPGRADE_CHECK: "1" };
  return await finish([join(FOLDER, "krew"), ...args], { env: { ...process.env, ...settings } });
}
