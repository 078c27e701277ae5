/**
 * A control group with a memory limit, like the control group of a container. Node.js derives its heap size from this
 * limit.
 */
import { existsSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isVersion2, ROOT, V2_CONTROLLERS } from "../../test/cluster/parts/cgroups.ts";
import { waitUntil } from "../../test/cluster/wait.ts";

const REMOVE_TIMEOUT_MILLISECONDS = 10_000;

export interface MemoryLimit extends AsyncDisposable {
  /** Command line prefix that runs a command in the control group. */
  readonly wrapper: readonly string[];
}

/**
 * Creates a control group. Disposal of the object waits until all processes in the control group have ended. Requires
 * root.
 * @param bytes memory limit above which the kernel kills processes in the group
 */
export async function limitMemory(name: string, bytes: bigint | number): Promise<MemoryLimit> {
  const version2 = isVersion2();
  const parent = version2 ? ROOT : join(ROOT, "memory");
  if (!existsSync(parent)) throw new Error("no control groups with a memory controller: run this as root");
  if (version2) await writeFile(join(ROOT, "cgroup.subtree_control"), V2_CONTROLLERS);
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, version2 ? "memory.max" : "memory.limit_in_bytes"), String(bytes));
  return {
    wrapper: ["bash", "-c", 'echo $$ > "$0" && exec "$@"', join(folder, "cgroup.procs")],
    // The kernel removes an exited process from its control group only after a delay.
    [Symbol.asyncDispose]: () =>
      waitUntil(`cgroup ${folder} empties`, REMOVE_TIMEOUT_MILLISECONDS, () => rmdir(folder)),
  };
}
