/** A cgroup with a memory limit: Node sizes its heap by the limit of its container, so without one it would take more. */
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isVersion2, ROOT, V2_CONTROLLERS } from "../../test/cluster/parts/cgroups.ts";
import { waitUntil } from "../../test/cluster/wait.ts";

const REMOVE_TIMEOUT_MILLISECONDS = 10_000;

export interface MemoryLimit extends AsyncDisposable {
  /** Stands before a program that is to live under the limit. */
  readonly wrapper: readonly string[];
}

/** Needs root. @param bytes after which the kernel ends what runs in it */
export async function limitMemory(name: string, bytes: bigint): Promise<MemoryLimit> {
  const isNew = isVersion2();
  if (isNew) await writeFile(join(ROOT, "cgroup.subtree_control"), V2_CONTROLLERS);
  const folder = isNew ? join(ROOT, name) : join(ROOT, "memory", name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, isNew ? "memory.max" : "memory.limit_in_bytes"), String(bytes));
  return {
    wrapper: ["bash", "-c", 'echo $$ > "$0" && exec "$@"', join(folder, "cgroup.procs")],
    // Its processes must have ended; the kernel takes a moment to notice.
    [Symbol.asyncDispose]: () =>
      waitUntil(`cgroup ${folder} empties`, REMOVE_TIMEOUT_MILLISECONDS, () => rmdir(folder)),
  };
}
