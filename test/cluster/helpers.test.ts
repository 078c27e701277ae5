import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePorts, likelyFreeRange, sliceOf } from "./free-ports.ts";
import { parseLdd } from "./images/libraries.ts";
import { layoutOf } from "./layout.ts";
import { withLock } from "./lock.ts";
import { imagesOf, withPromptProbes } from "./parts/metallb.ts";
import { endProcessesIn, isAlive, processId } from "./processes.ts";
import { programFile, programFolder } from "./programs.ts";
import { CommandError, finish, lastLines, run } from "./run.ts";
import { inTemporaryFolder } from "./temporary.ts";
import { GiveUp, waitUntil } from "./wait.ts";

let folder: string;
const cacheBefore = process.env["FTP_OPERATOR_CACHE"];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "ftp-operator-helpers-"));
  process.env["FTP_OPERATOR_CACHE"] = folder;
});

after(async () => {
  if (cacheBefore === undefined) delete process.env["FTP_OPERATOR_CACHE"];
  else process.env["FTP_OPERATOR_CACHE"] = cacheBefore;
  await rm(folder, { recursive: true });
});

for (const prefix of ["", "A", "a-b", "1a", "a/b", "..", "abcdefghijklm"]) {
  test(`prefix ${JSON.stringify(prefix)} is rejected`, () => {
    assert.throws(() => layoutOf(prefix), /use up to 12 lower-case letters and digits/);
  });
}

test("free ports are distinct, and different from the ports of the next process and from ranges", async () => {
  const [slice, next] = [sliceOf(process.pid), sliceOf(process.pid + 1)];
  const ports = await freePorts(30);
  assert.equal(new Set(ports).size, 30);
  for (const port of ports) assert.ok(slice.first <= port && port <= slice.last, `${port}`);
  assert.ok(slice.last < next.first || next.last < slice.first);
  assert.ok(likelyFreeRange(10).first > Math.max(slice.last, next.last));
});

test("layouts of two prefixes have different names", () => {
  const [a, b] = [layoutOf("a"), layoutOf("b")];
  assert.notEqual(a.folder, b.folder);
  assert.notEqual(a.namespace("n1"), b.namespace("n1"));
  assert.notEqual(a.cgroup("n1"), b.cgroup("n1"));
});

test("a cache that nodes cannot access is rejected", () => {
  for (const hidden of ["/run/x", "/var/lib", "/var/lib/../lib/x", "/var/log/x"]) {
    process.env["FTP_OPERATOR_CACHE"] = hidden;
    try {
      assert.throws(() => layoutOf("a"), /must not be below/);
    } finally {
      process.env["FTP_OPERATOR_CACHE"] = folder;
    }
  }
});

test("the error about a missing program names the build command", () => {
  assert.match(programFolder("kube"), /\/bin\/kube-[0-9a-f]{12}$/);
  assert.throws(() => programFile("kube", "kubectl"), /main\.ts build --only control-plane/);
  assert.throws(() => programFile("metallb", "speaker"), /main\.ts build --only full/);
});

test("imagesIn returns each image of a manifest once", () => {
  const manifest = `
        - image: "one.test:5000/group/controller:v1"
        image: two.test/speaker@sha256:0123
        image: two.test/speaker@sha256:0123
        imagePullPolicy: Always
        # image: comment.test/no:1
        image: plain
`;
  assert.deepEqual(imagesOf(manifest), [
    { reference: "one.test:5000/group/controller:v1", program: "controller" },
    { reference: "two.test/speaker@sha256:0123", program: "speaker" },
    { reference: "plain", program: "plain" },
  ]);
});

test("probes run every second instead of every ten, with the same total failure time", () => {
  const probe = (failures: number, seconds: number) => `
          failureThreshold: ${failures}
          initialDelaySeconds: ${seconds}
          periodSeconds: ${seconds}
          timeoutSeconds: 1
`;
  assert.equal(withPromptProbes(probe(3, 10)), probe(30, 1));
});

test("the output of ldd contains libraries and the loader", () => {
  const listing = `\tlinux-vdso.so.1 (0x00007f)
\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f)
`;
  assert.deepEqual(parseLdd(listing), {
    loader: "/lib64/ld-linux-x86-64.so.2",
    libraries: ["/lib/x86_64-linux-gnu/libdl.so.2", "/lib/x86_64-linux-gnu/libc.so.6"],
  });
  assert.throws(() => parseLdd("\tnot a dynamic executable\n"), /no loader/);
});

test("a process is alive until it ends, and a later process with the same ID counts as another process", async () => {
  const child = spawn("sleep", ["60"]);
  const id = processId(child.pid ?? 0);
  assert.ok(id);
  assert.equal(isAlive(id), true);
  assert.equal(isAlive({ ...id, startTime: `${id.startTime}0` }), false);
  child.kill("SIGKILL");
  await once(child, "close");
  assert.equal(isAlive(id), false);
});

test("endProcesses ignores namespaces that do not exist", async () => {
  await endProcessesIn([join(folder, "no-namespace")]);
});

test("a lock excludes others until its release, and a lock of an ended process is ignored", async () => {
  const file = join(folder, "test.lock");
  await withLock(file, async () => {
    await assert.rejects(
      withLock(file, async () => {}),
      new RegExp(`process ${process.pid} holds the lock`),
    );
  });
  assert.equal(existsSync(file), false);
  await writeFile(file, JSON.stringify({ pid: process.pid, startTime: "1" }));
  assert.equal(await withLock(file, async () => "done"), "done");
});

test("a work folder is removed after success, after failure, and when its process has ended", async () => {
  let seen = "";
  await inTemporaryFolder(async (work) => {
    seen = work;
    assert.ok(existsSync(work));
  });
  assert.equal(existsSync(seen), false);
  await assert.rejects(
    inTemporaryFolder(async () => {
      throw new Error("broken");
    }),
    /broken/,
  );
  const parent = join(folder, "tmp");
  await writeFile(join(parent, `${process.pid}-1-abc`), "");
  await inTemporaryFolder(async () => {});
  assert.deepEqual(await readdir(parent), []);
});

test("the error of a failed command contains its exit code and the end of its standard error", async () => {
  const script = "for i in $(seq 100); do echo line $i >&2; done; exit 3";
  await assert.rejects(run(["sh", "-c", script]), (error) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.finished.code, 3);
    assert.match(error.message, /ended with 3:\nline 86\n[^]*line 100$/);
    return true;
  });
});

test("the error of a failed command contains the command without its namespace", async () => {
  await assert.rejects(run(["/bin/false", "get", "pods"]), /^CommandError: false get pods ended with 1$/);
  const inside = ["nsenter", "--net=/no/such/namespace", "--", "/bin/kubectl", "get", "pods"];
  await assert.rejects(run(inside), /^CommandError: kubectl get pods ended with 1:/);
});

test("a command can ignore its input", async () => {
  assert.equal(await run(["cat"], { stdin: "hello" }), "hello");
  assert.equal((await finish(["true"], { stdin: "x".repeat(1_000_000) })).code, 0);
});

test("a command is killed at its timeout, with an error that names the timeout", async () => {
  await assert.rejects(run(["sleep", "60"], { timeout: 50 }), /sleep 60 was killed \(limit 50 ms\)/);
});

function failWith(error: Error): () => never {
  return () => {
    throw error;
  };
}

test("waitUntil retries, fails with the last error at the timeout, and stops on a permanent error", async () => {
  let calls = 0;
  const third = () => {
    if (++calls < 3) throw new Error("not yet");
    return calls;
  };
  assert.equal(await waitUntil("third", 5000, third), 3);
  await assert.rejects(
    waitUntil("it works", 50, failWith(new Error("why"))),
    /gave up after 0.05 s: it works: why/,
  );
  await assert.rejects(waitUntil("it works", 60_000, failWith(new GiveUp("hopeless"))), /^GiveUp: hopeless$/);
});

test("lastLines ignores the final newline", () => {
  assert.equal(lastLines("a\nb\nc\n", 2), "b\nc");
  assert.equal(lastLines("a", 2), "a");
});
