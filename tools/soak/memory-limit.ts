import { existsSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The memory controller of control groups, by their version; `mark` is in the root of that version alone. */
const VERSIONS = [
  { root: "/sys/fs/cgroup/memory", mark: "memory.limit_in_bytes", limit: "memory.limit_in_bytes" },
  { root: "/sys/fs/cgroup", mark: "cgroup.controllers", limit: "memory.max" },
] as const;
/** Longest wait for a group to be empty once its processes were ended, in milliseconds, and between two looks. */
const EMPTY_TIMEOUT = 5000;
const EMPTY_POLL = 100;

/** A control group with a memory limit, as the kubelet makes one for a container. Needs root. */
export class MemoryLimit implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param bytes the limit @throws Error where this process may make no control groups */
  static async create(bytes: number): Promise<MemoryLimit> {
    const version = VERSIONS.find(({ root, mark }) => existsSync(join(root, mark)));
    if (version === undefined)
      throw new Error("no control groups with a memory controller: run this as root");
    const directory = join(version.root, `ftp-operator-siege-${process.pid}`);
    await mkdir(directory);
    await writeFile(join(directory, version.limit), String(bytes));
    return new MemoryLimit(directory);
  }

  /** A command line that runs the command behind it in the group. */
  get within(): string[] {
    return ["sh", "-c", `echo $$ > ${join(this.#directory, "cgroup.procs")} && exec "$@"`, "sh"];
  }

  /** Removes the group as soon as the processes in it have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const giveUp = Date.now() + EMPTY_TIMEOUT;
    while ((await this.#processes()) !== "" && Date.now() < giveUp) await sleep(EMPTY_POLL);
    await rmdir(this.#directory);
  }

  #processes(): Promise<string> {
    return readFile(join(this.#directory, "cgroup.procs"), "utf8");
  }
}
