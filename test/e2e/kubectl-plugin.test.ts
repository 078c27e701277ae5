/**
 * Runs `kubectl ftpsrv` during transfers. Compares the output of `render` with the objects that the operator applies.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { BUILD } from "../../src/common/version.ts";
import type { SessionView } from "../../src/engine/admin/client.ts";
import { documents } from "../charts/helm.ts";
import { type Ended, ftpOperator, program } from "../support/cli/command-line.ts";
import { programFile } from "../cluster/programs.ts";
import type { ControlSession } from "../support/clients/control-session.ts";
import { OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

const NAME = "looked-at";
/** Size of a transfer in bytes. The transfer takes several seconds at the limited rate of the client. */
const SLOW_BYTES = 6_000_000;
/** Time in milliseconds that exceeds the polling interval of the command. */
const HELD_MILLISECONDS = 4000;

describe("kubectl ftpsrv", () => {
  let namespace: TestNamespace;
  let bin: string;

  before(async () => {
    bin = await mkdtemp(join(tmpdir(), "ftp-operator-bin-"));
    await symlink(programFile("kube", "kubectl"), join(bin, "kubectl"));
    // `npm install --global` creates the same link for `bin` in package.json.
    const script = `#!/bin/sh\nexec ${process.execPath} ${program("kubectl-ftpsrv")} "$@"\n`;
    await writeFile(join(bin, "kubectl-ftpsrv"), script, { mode: 0o755 });
    namespace = await TestNamespace.create("e2e-kubectl");
    await namespace.applyServer(
      NAME,
      { alice: "one", bob: "two" },
      { replicas: 2, passive: { portRange: { first: 50900, last: 50919 } }, rollout: { handOverSeconds: 2 } },
    );
    await namespace.waitComplete(NAME);
  });

  after(async () => {
    await namespace?.remove();
    await rm(bin, { recursive: true });
  });

  const ftpsrv = async (...args: string[]): Promise<Ended> => {
    const env = ["env", `PATH=${bin}:${process.env["PATH"]}`, `KUBECONFIG=${namespace.cluster.kubeconfig}`];
    const argv = [...env, "kubectl", "ftpsrv", "-n", namespace.name, ...args];
    const { code, stdout, stderr } = await namespace.outside("client", argv, { timeout: 60_000 });
    return { code: code ?? -1, stdout, stderr };
  };
  const sessions = async (): Promise<(SessionView & { pod: string })[]> =>
    JSON.parse((await ftpsrv("sessions", NAME, "--output", "json")).stdout);
  const login = async (user: string, password: string): Promise<ControlSession> =>
    namespace.session(await namespace.login(NAME, user, password));

  it("status shows address, slots with their sessions, and conditions", async () => {
    using _session = await login("alice", "one");
    const { code, stdout, stderr } = await ftpsrv("status", NAME);
    console.log(stdout);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^FtpServer +e2e-kubectl\/looked-at, Ready$/m);
    assert.match(stdout, /^Endpoint +ftp:\/\/198\.51\.100\.\d+:21$/m);
    assert.match(stdout, /^a +50900-50905 +Serving +looked-at-a-0 +yes +n\d/m);
    assert.match(stdout, /^Ready +True /m);
    const counts = [...stdout.matchAll(/-0 +yes +\S+ +\S+ +(\d+)$/gm)].map(([, count]) => Number(count));
    // At the same time, the reachability check of the operator can have an open session.
    assert.ok([1, 2].includes(counts.reduce((a, b) => a + b)), stdout);
  });

  it("sessions shows running transfers, and kick ends the sessions of one user", async () => {
    using alice = await login("alice", "one");
    using bob = await login("bob", "two");
    const { host, port } = await namespace.login(NAME, "bob", "two");
    const slowly = ["curl", "--silent", "--user", "bob:two", "--limit-rate", "200k", "-T", "-"];
    const upload = namespace.outside("client", [...slowly, `ftp://${host}:${port}/slow.bin`], {
      stdin: Buffer.alloc(SLOW_BYTES),
    });
    await eventually("a transfer is seen", async () => {
      const seen = await sessions();
      assert.ok(seen.some(({ user, transfer }) => user === "bob" && transfer !== undefined));
    });
    const { stdout } = await ftpsrv("sessions", NAME);
    console.log(stdout);
    assert.match(stdout, /^looked-at-[abc]-0 +\d+ +bob +\S+ +no +\S+ +Upload +\/slow\.bin +\S+ [KM]iB +/m);
    assert.match(stdout, /^looked-at-[abc]-0 +\d+ +alice +\S+ +no +\S+ +Idle +\/ /m);
    const kicked = await ftpsrv("kick", NAME, "--user", "alice");
    assert.deepEqual([kicked.code, kicked.stdout], [0, "1 session ended\n"]);
    await alice.reply(421);
    await bob.command("NOOP", 200);
    const session = (await sessions()).find(({ user, state }) => user === "bob" && state === "Idle");
    assert.ok(session);
    const one = await ftpsrv("kick", NAME, "--pod", session.pod, "--id", String(session.id));
    assert.equal(one.code, 0, one.stderr);
    assert.equal((await upload).code, 0);
  });

  it("check connects from the machine on which it runs", async () => {
    const { code, stdout, stderr } = await ftpsrv("check", NAME);
    console.log(stdout);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /All steps succeeded\./);
  });

  it("version reports the versions of the plugin, the operator pod and the engine pods", async () => {
    const { code, stdout, stderr } = await ftpsrv("version");
    console.log(stdout);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const name of ["plugin", "operator", "engine"])
      assert.match(stdout, new RegExp(`^${name} +${BUILD.version.replaceAll(".", String.raw`\.`)} `, "m"));
    const { operators, engines } = JSON.parse((await ftpsrv("version", "--output", "json")).stdout);
    assert.ok(operators[0].pods[0].startsWith("ftp-system/ftp-operator-"));
    const pods = (await namespace.pods(NAME)).map((name) => `${namespace.name}/${name}`);
    assert.deepEqual(engines[0].pods.toSorted(), pods.toSorted());
    assert.equal(engines[0].commit, operators[0].commit);
  });

  it("users and logs show accounts and their transfers", async () => {
    const users = await ftpsrv("users", NAME);
    console.log(users.stdout);
    assert.equal(users.code, 0, users.stderr);
    assert.match(users.stdout, /^alice +spec\.users +\/alice +all +Active +\d+$/m);
    const logs = await ftpsrv("logs", NAME);
    assert.equal(logs.code, 0, logs.stderr);
    assert.match(logs.stdout, /^\[pod\/looked-at-[ab]-0\/engine\] .*"user":"bob".*"msg":"transfer"/m);
  });

  it("drain replaces a pod after its sessions have ended", async () => {
    const session = await login("alice", "one");
    const view = (await sessions()).find(({ user }) => user === "alice");
    assert.ok(view);
    const uid = (await namespace.get("pod", view.pod)).metadata.uid;
    const draining = ftpsrv("drain", NAME, "--pod", view.pod);
    await eventually("it drains", async () => {
      assert.ok((await namespace.get("pod", view.pod)).metadata.deletionTimestamp);
    });
    await sleep(HELD_MILLISECONDS);
    await session.command("NOOP", 200);
    session[Symbol.dispose]();
    const { code, stderr } = await draining;
    console.log(stderr);
    assert.equal(code, 0);
    assert.match(stderr, /1 open session\n(?:.*\n)*.*2 of 2 ready/);
    assert.ok((await namespace.pods(NAME)).length >= 2);
    const pods = await namespace.list("pods", "-l", `app.kubernetes.io/instance=${NAME}`);
    assert.ok(pods.every(({ metadata }) => metadata.uid !== uid));
  });

  it("reports usage errors with exit code 2", async () => {
    for (const [args, why] of [
      [["status", "nobody"], /^error: FtpServer not found: nobody\nhint: /],
      [["status", NAME, "--context", "none"], /^error: context "none" does not exist/],
      [["drain", NAME, "--pod", "x"], /^error: .* no such pod: x\nhint: pods of the FtpServer: looked-at-/],
      [["kick", NAME], /^error: no session selected\nhint: add --user NAME/],
    ] as const) {
      const { code, stdout, stderr } = await ftpsrv(...args);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, why);
    }
  });

  it("render prints exactly the objects that the operator applied", async () => {
    const name = "drawn";
    const passive = { portRange: { first: 50930, last: 50939 } };
    await namespace.applyServer(name, { alice: "one" }, { passive });
    await namespace.waitReady(name);
    const manifest = JSON.stringify(await namespace.server(name));
    const [pod] = await namespace.list<KubeObject & { spec: { containers: { image: string }[] } }>(
      "pods",
      "-l",
      `app.kubernetes.io/instance=${name}`,
    );
    const image = pod?.spec.containers[0]?.image ?? "";
    const operator = [
      "--operator-namespace",
      OPERATOR_NAMESPACE,
      "--operator-labels",
      `app.kubernetes.io/name=ftp-operator,app.kubernetes.io/instance=${RELEASE},app.kubernetes.io/component=operator`,
    ];
    const { code, stdout, stderr } = await ftpOperator(
      ["render", "-f", "-", "--engine-image", image, ...operator],
      manifest,
    );
    assert.equal(code, 0, stderr);
    const objects = documents(stdout);
    // The Secret contains a random token and the address of the FtpServer. These values exist only in a cluster.
    for (const { kind, metadata } of objects.filter(({ kind }) => kind !== "Secret")) {
      const live = await namespace.get(kind, metadata.name);
      const hash = "ftp-operator.io/hash";
      assert.equal(
        metadata.annotations?.[hash],
        live.metadata.annotations?.[hash],
        `${kind} ${metadata.name}`,
      );
    }
    assert.ok(objects.length >= 6);
  });
});
