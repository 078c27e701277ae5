import { type ChildProcess, spawn } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "../../test/cluster/cache.ts";
import { DEFAULT_PREFIX, layoutOf } from "../../test/cluster/layout.ts";
import { isVersion2 } from "../../test/cluster/parts/cgroups.ts";
import { isRunning } from "../../test/cluster/record.ts";
import { dyingWithUs, finish, run } from "../../test/cluster/run.ts";
import { waitUntil } from "../../test/cluster/wait.ts";

/** Layout of the cluster that `make demo` starts. */
const cluster = layoutOf(DEFAULT_PREFIX);
const REPOSITORY = join(import.meta.dirname, "../..");
const LOG_LINES = 400;
const WORLD_READABLE = 0o755;
const NAMESPACES = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "--uts"];
const DEBOOTSTRAP_TIMEOUT_MS = 30 * 60_000;
const END_TIMEOUT_MS = 30_000;
const REMOVE_GROUPS =
  'for group in /sys/fs/cgroup/*/"$1"; do [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} +; done';
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Users in a fresh system. Each user has a clone of the repository. */
export type User = "root" | "alice";
const homes: Readonly<Record<User, string>> = { root: "/root", alice: "/home/alice" };

/**
 * Runs the command in the remaining arguments. The command runs in new mount and PID namespaces, with the folder $1 as
 * the root folder. A chroot is not sufficient, because a process that enters a mount namespace, such as a cluster node,
 * leaves the chroot.
 */
const ENTER = `
set -e
root=$1 user=$2
shift 2
groups=/sys/fs/cgroup
mount --bind "$root" "$root"
cp /etc/resolv.conf /etc/hosts "$root/etc"
mount -t proc proc "$root/proc"
for tree in sys dev; do mount --rbind "/$tree" "$root/$tree"; done
[ -e $groups/cgroup.controllers ] || mount -t tmpfs tmpfs "$root$groups"
for group in $groups/*/$(basename "$root"); do
  [ -d "$group" ] || continue
  kind=$(basename "$(dirname "$group")")
  mkdir "$root$groups/$kind"
  case $kind in unified) type="-t cgroup2" ;; systemd) type="-t cgroup -o none,name=systemd" ;; *) type="-t cgroup -o $kind" ;; esac
  mount $type cgroup "$root$groups/$kind"
done
mount -t tmpfs tmpfs "$root/run"
mkdir "$root/run/lock" "$root/run/outside"
cd "$root"
pivot_root . run/outside
cd /
umount --lazy /run/outside
setpriv --reuid="$user" --regid="$user" --init-groups env --ignore-environment "$@"
`;

/**
 * With cgroup v1, moves the shell into the control groups $1, makes these groups its cgroup root, and runs the
 * remaining arguments.
 */
const OWN_GROUPS = `
set -e
for kind in /sys/fs/cgroup/*/; do
  [ ! -e /sys/fs/cgroup/cgroup.controllers ] || break
  mkdir -p "$kind$1"
  for file in cpuset.cpus cpuset.mems; do [ ! -e "$kind$file" ] || cat "$kind$file" > "$kind$1/$file"; done
  echo 0 > "$kind$1/cgroup.procs"
done
shift
exec unshare --cgroup "$@"
`;

export interface FreshOptions {
  readonly suite: string;
  readonly mirror?: string | undefined;
  readonly copy: readonly string[];
  readonly env: readonly string[];
  readonly keep: boolean;
  /** Signal that terminates running commands. */
  readonly signal: AbortSignal;
}

export interface RunOptions {
  readonly user?: User;
  /** Sends SIGINT, like Ctrl-C, when a line matches. The measured time ends when the command prints the line. */
  readonly interruptAt?: RegExp;
}

export interface Ran {
  readonly code: number | null;
  /** Last lines of the output. */
  readonly output: string;
  readonly milliseconds: number;
  /** Time in milliseconds from the start to each line that begins with `==`. */
  readonly marks: readonly number[];
}

/** A Debian system in a folder, with git and make installed. */
export class FreshSystem implements AsyncDisposable {
  readonly say: (line: string) => void;
  readonly #folder: string;
  readonly #options: FreshOptions;

  private constructor(folder: string, options: FreshOptions, say: (line: string) => void) {
    this.#folder = folder;
    this.#options = options;
    this.say = say;
  }

  /** @throws Error when debootstrap fails or a precondition is not met. */
  static async create(options: FreshOptions, say: (line: string) => void): Promise<FreshSystem> {
    if (process.getuid?.() !== 0)
      throw new Error("error: a fresh system requires root\n  run: sudo make fresh-machine");
    await requireDebootstrap();
    // With cgroup v2, a cluster in the new system would use the same control groups as a running cluster on this
    // machine.
    if (isVersion2() && isRunning(cluster))
      throw new Error("error: a cluster runs on this machine\n  run: make cluster-down");
    const parent = join(cacheFolder(), "fresh");
    await mkdir(parent, { recursive: true });
    const system = new FreshSystem(await mkdtemp(join(parent, `${options.suite}-`)), options, say);
    try {
      await system.#install();
    } catch (error) {
      await system[Symbol.asyncDispose]();
      throw error;
    }
    return system;
  }

  async #install(): Promise<void> {
    const { suite, mirror, copy } = this.#options;
    this.say(`creating a fresh ${suite} system with debootstrap (about 1 minute)`);
    const source = mirror === undefined ? [] : [mirror];
    const debootstrap = ["debootstrap", "--variant=minbase", "--include=git,make"];
    // When the namespaces end, the kernel removes the mounts and processes of debootstrap, even after a failure.
    await run(["unshare", ...NAMESPACES, "--", ...debootstrap, suite, this.#folder, ...source], {
      signal: this.#options.signal,
      timeout: DEBOOTSTRAP_TIMEOUT_MS,
    });
    // mkdtemp() creates a folder that only its owner can read. All users of the system require access to this root
    // directory.
    await chmod(this.#folder, WORLD_READABLE);
    await rm(join(this.#folder, "var/lib/apt/lists"), { recursive: true });
    for (const pair of copy) {
      const [from = "", to = from] = pair.split(":");
      await mkdir(dirname(join(this.#folder, to)), { recursive: true });
      await copyFile(from, join(this.#folder, to));
    }
    await this.run("useradd --create-home alice", { quiet: true });
    for (const user of ["root", "alice"] as const) await this.#clone(user);
  }

  async #clone(user: User): Promise<void> {
    const clone = join(this.#folder, homes[user], "ftp-operator");
    await run(["git", "clone", "--quiet", REPOSITORY, clone]);
    await run(["chown", "--recursive", "--reference", join(this.#folder, homes[user]), clone]);
  }

  /** Runs a shell command in the clone of the user, and prints the output with the elapsed time in seconds. */
  async run(command: string, options: RunOptions & { readonly quiet?: boolean } = {}): Promise<Ran> {
    const { user = "root", interruptAt, quiet = false } = options;
    const start = performance.now();
    let reached: number | undefined;
    const lines: string[] = [];
    const marks: number[] = [];
    const child = this.#spawn(command, user);
    const onLine = (line: string): void => {
      lines.push(line);
      if (lines.length > LOG_LINES) lines.shift();
      if (!quiet) this.say(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${line}`);
      if (line.startsWith("== ")) marks.push(performance.now() - start);
      if (!reached && interruptAt?.test(line)) {
        reached = performance.now();
        interrupt(child);
      }
    };
    if (!quiet) this.say(`\n${user === "root" ? "#" : "$"} ${command}`);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on("line", onLine);
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { code, output: lines.join("\n"), milliseconds: (reached ?? performance.now()) - start, marks };
  }

  #spawn(command: string, user: User): ChildProcess {
    const home = homes[user];
    const variables = [`HOME=${home}`, `USER=${user}`, `PATH=${PATH}`, "LANG=C.UTF-8", ...this.#options.env];
    const inClone = `cd "$HOME/ftp-operator" 2> /dev/null || cd; ${command}`;
    const enter = ["bash", "-c", ENTER, "enter", this.#folder, user, ...variables, "bash", "-c", inClone];
    const groups = ["bash", "-c", OWN_GROUPS, "own-groups", basename(this.#folder)];
    const [program = "", ...args] = dyingWithUs([...groups, "unshare", ...NAMESPACES, "--", ...enter]);
    // The child process is in a separate process group, so that SIGINT reaches only this group.
    const { signal } = this.#options;
    return spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      signal,
      killSignal: "SIGKILL",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // After the command has ended, processes of the system can still be exiting.
    await waitUntil("the fresh system's control groups are empty", END_TIMEOUT_MS, () =>
      run(["sh", "-c", REMOVE_GROUPS, "sh", basename(this.#folder)]),
    );
    if (this.#options.keep) this.say(`the system is in ${this.#folder}`);
    else await rm(this.#folder, { recursive: true, force: true });
  }
}

function interrupt(child: ChildProcess): void {
  if (child.pid) process.kill(-child.pid, "SIGINT");
}

async function requireDebootstrap(): Promise<void> {
  const { code } = await finish(["debootstrap", "--version"]).catch(() => ({ code: 127 }));
  if (code !== 0) {
    throw new Error(
      "error: debootstrap is not installed\n  run: apt-get install --no-install-recommends debootstrap",
    );
  }
}
