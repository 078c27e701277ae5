/** Tests transfers during which operators and pods terminate. Clients must not be affected. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ControlSession } from "../support/clients/control-session.ts";
import { killOperator, operatorLeads, operatorRuns, scaleOperator } from "./operator.ts";
import { clientNamed, roundTrip, siteOf } from "./outside.ts";
import { TransferLoop } from "./transfer-loop.ts";
import { eventually, type Login, timed, TestNamespace } from "./test-namespace.ts";

const SMALL_BYTES = 100_003;
/**
 * File size in bytes. The file is larger than the total size of all kernel buffers between client and engine. At the
 * limited rate, a transfer of the file takes longer than all faults in the test.
 */
const BIG_BYTES = 40_000_000;
const BYTES_PER_SECOND = "3M";
const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

describe("clients are not affected", () => {
  let namespace: TestNamespace;
  let directory: string;
  let login: Login;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    namespace = await TestNamespace.create("e2e-faults");
    await namespace.applyServer("demo", { alice: "one" }, { rollout: { drainPeriodSeconds: 300 } });
    await namespace.waitReady("demo");
    login = await namespace.login("demo", "alice", "one");
  });

  after(async () => {
    await scaleOperator(namespace, 1);
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  it("when the operator is killed, and while none is running", async () => {
    await using load = new TransferLoop(namespace, login, directory, clientNamed("curl"));
    await load.more(2);
    await killOperator(namespace);
    await load.more(2);
    await operatorRuns(namespace);
    await scaleOperator(namespace, 0);
    await load.more(3);
    using session = await namespace.session(login);
    assert.equal((await session.command("PWD")).code, 257);
    await scaleOperator(namespace, 1);
    await load.more(2);
    console.log(`${await load.end()} uploads and downloads, none failed`);
  });

  // id: transfers-during-rollout
  it("when their pod is terminated: transfers continue, new transfers and new sessions succeed", async () => {
    const big = await upload(namespace, login, directory, "big.bin", BIG_BYTES);
    const small = await upload(namespace, login, directory, "small.bin", SMALL_BYTES);
    await operatorLeads(namespace);
    const [pod = ""] = await namespace.pods("demo");
    const { uid } = (await namespace.get("pod", pod)).metadata;
    using session = await namespace.session(login);
    await session.command("TYPE I", 200);
    const slow = slowDownload(namespace, login, "big.bin");
    await transferring(namespace);

    await namespace.kubectl(["delete", "pod", pod, "--wait=false"]);
    for (let count = 0; count < 3; count++) {
      assert.equal(await downloadOver(namespace, session, login.host, "small.bin"), small);
    }
    await timed("new logins are served", () =>
      eventually("a new login", async () => {
        using fresh = await namespace.session(login);
        assert.equal((await fresh.command("SIZE big.bin")).code, 550, "the new pod has a volume of its own");
      }),
    );
    await roundTrip(clientNamed("curl"), siteOf(namespace, login), "passive", directory, SMALL_BYTES);
    assert.equal(await downloadOver(namespace, session, login.host, "small.bin"), small);
    assert.equal(await slow, big, "the slow download is complete");
    assert.equal((await namespace.get("pod", pod)).metadata.uid, uid, "the old pod waits for its session");

    await session.command("QUIT", 221);
    await timed("the old pod ends after its last session", () =>
      eventually(
        "the old pod ends",
        async () => {
          const uids = (await namespace.list("pods")).map(({ metadata }) => metadata.uid);
          assert.ok(!uids.includes(uid), "it is still there");
        },
        120_000,
      ),
    );
    await eventually("one slot is in use", async () => {
      const { status } = await namespace.waitReady("demo");
      assert.deepEqual(
        status?.slots?.filter(({ state }) => state !== "Free").map(({ state }) => state),
        ["Serving"],
      );
    });
  });
});

/** Uploads random bytes. @returns the SHA-256 hash of the bytes */
async function upload(
  namespace: TestNamespace,
  login: Login,
  directory: string,
  name: string,
  bytes: number,
): Promise<string> {
  const content = randomBytes(bytes);
  const file = join(directory, name);
  await writeFile(file, content);
  await clientNamed("curl").upload?.(siteOf(namespace, login), "passive", file);
  return sha256(content);
}

/** Downloads at a low rate. @returns the SHA-256 hash of the received bytes */
async function slowDownload(namespace: TestNamespace, { host, port, user, password }: Login, name: string) {
  const url = `ftp://${host}:${port}/${name}`;
  const script = `set -o pipefail; curl -sS --limit-rate ${BYTES_PER_SECOND} --config - ${url} | sha256sum`;
  const stdin = `user = "${user}:${password}"\n`;
  return (await namespace.cluster.exec("client", ["bash", "-c", script], { stdin })).slice(0, 64);
}

/** Waits until the client has opened a data connection. */
async function transferring(namespace: TestNamespace): Promise<void> {
  await eventually("the slow download runs", async () => {
    const seen = await namespace.outside("client", ["ss", "-Htn", "state", "established", "dport >= 50000"]);
    assert.notEqual(seen.stdout.trim(), "", "no data connection");
  });
}

/** Downloads a file in an open session. @returns the SHA-256 hash of the received bytes */
async function downloadOver(namespace: TestNamespace, session: ControlSession, host: string, name: string) {
  const { lines } = await session.command("EPSV", 229);
  const port = /\(\|\|\|(\d+)\|\)/.exec(lines[0] ?? "")?.[1] ?? "";
  const script = `exec 3<>/dev/tcp/${host}/${port}; sha256sum <&3`;
  const data = namespace.cluster.exec("client", ["bash", "-c", script], { timeout: 60_000 });
  await session.command(`RETR ${name}`, 150);
  const sum = (await data).slice(0, 64);
  await session.reply(226);
  return sum;
}
