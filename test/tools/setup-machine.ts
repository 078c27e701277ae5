/**
 * Runs tools/setup/main.sh on a simulated machine. Each test chooses the programs, files and permissions of the
 * machine.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { finish } from "../cluster/run.ts";

const SETUP = join(import.meta.dirname, "../../tools/setup/main.sh");

/** Programs that every Debian and Ubuntu system contains. */
const ESSENTIAL = [
  ..."awk bash cat cut date df dirname dpkg du env flock fold grep head id ls mkdir mktemp mv".split(" "),
  ..."paste realpath rm rmdir sed sh sleep sort stat tail timeout touch tr true uname unshare".split(" "),
];

const DEBIAN_12 = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n`;
export const UBUNTU_24 = `PRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n`;
const MEMORY = "MemTotal: 16000000 kB\nMemAvailable: 15000000 kB\n";

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A simulated machine in a temporary folder, with its root directory, programs and cache. */
export class Machine implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Creates a simulated Debian 12 machine with 15 GB of memory, the essential programs and apt-get. */
  static async create(files: Readonly<Record<string, string>> = {}): Promise<Machine> {
    const machine = new Machine(await mkdtemp(join(tmpdir(), "ftp-operator-setup-")));
    await mkdir(machine.path("bin"));
    for (const name of ESSENTIAL) await machine.link(name);
    await machine.program("apt-get", "exit 1");
    const all = { "etc/os-release": DEBIAN_12, "proc/meminfo": MEMORY, ...files };
    for (const [name, content] of Object.entries(all)) await machine.write(name, content);
    return machine;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file below the root directory of the simulated machine. */
  async write(name: string, content: string): Promise<void> {
    const file = this.path("root", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Adds a program that is a shell script. Replaces an existing link with the same name. */
  async program(name: string, script: string): Promise<void> {
    // Writing to the link would overwrite the program on the host.
    await rm(this.path("bin", name), { force: true });
    await writeFile(this.path("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** Adds a program from the host. */
  async link(name: string): Promise<void> {
    const { stdout } = await finish(["which", name]);
    await rm(this.path("bin", name), { force: true });
    await symlink(stdout.trim(), this.path("bin", name));
  }

  /** Runs the setup for a task, optionally through another command. Sets `INSTALL=no` by default. */
  setUp(
    task: string,
    variables: Readonly<Record<string, string>> = {},
    through: readonly string[] = [],
  ): Promise<Output> {
    const env = {
      HOME: this.path("home"),
      INSTALL: "no",
      PATH: this.path("bin"),
      FTP_OPERATOR_CACHE: this.path("cache"),
      SETUP_COMMAND: `make ${task}`,
      SETUP_ROOT: this.path("root"),
      ...variables,
    };
    return finish([...through, "/bin/bash", SETUP, task], { env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs the setup on this machine through a command that restricts the process. */
export function setUpThrough(
  command: readonly string[],
  task: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const env = { ...process.env, INSTALL: "no", SETUP_COMMAND: `make ${task}`, ...variables };
  return finish([...command, "bash", SETUP, task], { env });
}

/** Asserts that the setup exited with code 2 and printed a matching error and a matching command. */
export function assertStopped(output: Output, error: RegExp, command: RegExp): void {
  assert.equal(output.code, 2, output.stderr);
  const lines = output.stderr.split("\n");
  const at = lines.findIndex((line) => line.startsWith("error: ") && error.test(line));
  assert.notEqual(at, -1, output.stderr);
  assert.match(lines[at + 1] ?? "", /^ {2}run: \S/);
  assert.match(lines[at + 1] ?? "", command);
}
