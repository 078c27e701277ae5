/** Runs tools/setup.sh, the real one, on a machine whose programs, files and rights a test chooses. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { finish } from "../cluster/run.ts";

const SETUP = join(import.meta.dirname, "../../tools/setup.sh");

/** Programs that every Debian and Ubuntu system has. */
const ESSENTIAL = [
  ..."awk bash cat cut date df dirname dpkg du env flock fold grep head id ls mkdir mktemp mv".split(" "),
  ..."paste realpath rm rmdir sed sh sleep sort stat tail timeout touch tr true uname unshare".split(" "),
];

const DEBIAN_12 = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n`;
export const UBUNTU_24 = `PRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n`;
const MEMORY = "MemTotal: 16000000 kB\nMemAvailable: 15000000 kB\n";

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine in a temporary folder: its root directory, its programs and its cache. */
export class Machine implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes a Debian 12 with 15 GB of memory, apt-get, and no other program than the essential ones. */
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

  /** Writes a file below the machine's root directory. */
  async write(name: string, content: string): Promise<void> {
    const file = this.path("root", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Adds a program, or replaces a link to one: a shell script. */
  async program(name: string, script: string): Promise<void> {
    // Removed first: writing through a link would overwrite the program of the machine that the test runs on.
    await rm(this.path("bin", name), { force: true });
    await writeFile(this.path("bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** Adds a program of the machine that the test runs on. */
  async link(name: string): Promise<void> {
    const { stdout } = await finish(["which", name]);
    await rm(this.path("bin", name), { force: true });
    await symlink(stdout.trim(), this.path("bin", name));
  }

  /** Runs set-up for a task, through a command where one is given; `INSTALL=no` unless the variables say otherwise. */
  setUp(
    task: string,
    variables: Readonly<Record<string, string>> = {},
    through: readonly string[] = [],
  ): Promise<Said> {
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

/** Runs set-up on this machine itself, through a command that changes what it may do. */
export function setUpThrough(
  command: readonly string[],
  task: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const env = { ...process.env, INSTALL: "no", SETUP_COMMAND: `make ${task}`, ...variables };
  return finish([...command, "bash", SETUP, task], { env });
}

/** Asserts that set-up ended with exit code 2, a sentence that matches, and a command that matches. */
export function assertStopped(said: Said, sentence: RegExp, command: RegExp): void {
  assert.equal(said.code, 2, said.stderr);
  const lines = said.stderr.split("\n");
  const at = lines.findIndex((line) => line.startsWith("error: ") && sentence.test(line));
  assert.notEqual(at, -1, said.stderr);
  assert.match(lines[at + 1] ?? "", /^ {2}run: \S/);
  assert.match(lines[at + 1] ?? "", command);
}
