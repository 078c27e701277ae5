/** Tests changes to addresses, users and limits while a session stays open. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlSession } from "../support/clients/control-session.ts";
import { answering } from "./outside.ts";
import {
  APPLIED_LIMIT_MILLISECONDS,
  eventually,
  type Login,
  passwordSecret,
  timed,
  TestNamespace,
} from "./test-namespace.ts";

/** Maximum time in milliseconds until engines announce a changed address, as the documentation states. */
const ADDRESS_LIMIT_MILLISECONDS = 2000;
/** A load balancer address that is not the first address in the pool. */
const OTHER_BALANCER_ADDRESS = "198.51.100.205";
/** An address without a host (RFC 5737). */
const STATIC_ADDRESS = "203.0.113.7";
const ANNOTATION = "metallb.io/loadBalancerIPs";
const POLL_MILLISECONDS = 50;

const account = (user: string, more: object = {}) => ({
  name: user,
  passwordSecretRef: { name: `demo-${user}` },
  ...more,
});

describe("an open session while the FtpServer changes", () => {
  let namespace: TestNamespace;
  let session: ControlSession;
  let entrance: Login;

  before(async () => {
    namespace = await TestNamespace.create("e2e-live");
    await namespace.applyServer("demo", { alice: "one", bob: "two" });
    await namespace.waitReady("demo");
    entrance = { ...(await sideEntrance(namespace)), user: "alice", password: "one" };
    session = await eventually("kube-proxy serves the node port", () => namespace.session(entrance));
  });

  after(async () => {
    session?.[Symbol.dispose]();
    await namespace?.remove();
  });

  const announces = async (address: string): Promise<void> => {
    const { address: announced } = await session.passive();
    if (announced !== address) throw new Error(`PASV announces ${announced}`);
  };

  const status = (address: string): Promise<void> =>
    eventually(
      `status says ${address}`,
      async () => assert.equal((await namespace.server("demo")).status?.addresses?.[0]?.value, address),
      APPLIED_LIMIT_MILLISECONDS,
    );

  /** Logs in with a new session. @returns the reply code */
  const loginCode = async (user: string, password: string): Promise<number> => {
    const login = await namespace.login("demo", "alice", "");
    const { exitCode, code } = await curlLogin(namespace, { ...login, user, password });
    assert.ok(exitCode === 0 || exitCode === 67, `curl ended with ${exitCode}, not with a login's result`);
    return code;
  };

  // id: pasv-load-balancer
  it("gets a changed address of the load balancer in PASV within two seconds", async () => {
    const { status: old } = await namespace.server("demo");
    assert.notEqual(old?.addresses?.[0]?.value, OTHER_BALANCER_ADDRESS);
    // The measured time starts when the Service status shows the address.
    const seen = watchPassive(session, OTHER_BALANCER_ADDRESS);
    await namespace.patchSpec("demo", {
      exposure: { service: { annotations: { [ANNOTATION]: OTHER_BALANCER_ADDRESS } } },
    });
    const changed = await balancerChanged(namespace, OTHER_BALANCER_ADDRESS);
    assertWithin("address of the load balancer in PASV", (await seen) - changed, ADDRESS_LIMIT_MILLISECONDS);
    await status(OTHER_BALANCER_ADDRESS);
    await answering(namespace, await namespace.login("demo", "alice", "one"));
    assert.equal(await loginCode("alice", "one"), 230);
  });

  it("gets a static address within two seconds, and then the address of the load balancer again", async () => {
    for (const [address, wanted] of [
      [{ type: "Static", static: { address: STATIC_ADDRESS } }, STATIC_ADDRESS],
      [{ type: "FromExposure", static: null }, OTHER_BALANCER_ADDRESS],
    ] as const) {
      await namespace.patchSpec("demo", { passive: { address } });
      const changed = performance.now();
      const seen = await watchPassive(session, wanted);
      assertWithin("spec's address to PASV", seen - changed, ADDRESS_LIMIT_MILLISECONDS);
      await status(wanted);
    }
    await announces(OTHER_BALANCER_ADDRESS);
  });

  it("does not prevent the login of a new user", async () => {
    assert.equal(await loginCode("carol", "three"), 530);
    await namespace.apply(passwordSecret("demo-carol", "three"));
    await namespace.patchSpec("demo", { users: [account("alice"), account("bob"), account("carol")] });
    await becomes("new user logs in", 230, () => loginCode("carol", "three"));
  });

  it("does not keep the previous password valid after a change", async () => {
    await namespace.apply(passwordSecret("demo-bob", "four"));
    await becomes("new password works", 230, () => loginCode("bob", "four"));
    assert.equal(await loginCode("bob", "two"), 530);
  });

  it("has exactly the changed permissions", async () => {
    assert.equal((await session.command("MKD before")).code, 257);
    const users = [account("alice", { permissions: ["List", "Read"] }), account("bob"), account("carol")];
    await namespace.patchSpec("demo", { users });
    let attempts = 0;
    await becomes("permission goes from an open session", 550, async () => {
      attempts += 1;
      return (await session.command(`MKD after-${attempts}`)).code;
    });
    await namespace.patchSpec("demo", { users: [account("alice"), account("bob"), account("carol")] });
    await becomes("permission comes back", 257, async () => (await session.command("MKD again")).code);
  });

  it("has the changed permissions of a directory", async () => {
    assert.equal((await session.command("MKD box")).code, 257);
    const directories = [{ path: "/box", permissions: ["List", "Read"] }];
    await namespace.patchSpec("demo", {
      users: [account("alice", { directories }), account("bob"), account("carol")],
    });
    let attempts = 0;
    await becomes("permission goes from a directory", 550, async () => {
      attempts += 1;
      return (await session.command(`MKD box/inner-${attempts}`)).code;
    });
    assert.equal((await session.command("RNFR box")).code, 550);
    assert.equal((await session.command("MKD beside")).code, 257);
  });

  it("ends when the account of its user is disabled or expires", async () => {
    const change = (more: object): Promise<void> =>
      namespace.patchSpec("demo", { users: [account("alice"), account("bob", more), account("carol")] });
    using disabled = await namespace.session({ ...entrance, user: "bob", password: "four" });
    await change({ state: "Disabled" });
    await disabled.reply(421);
    assert.equal(await loginCode("bob", "four"), 530);
    assert.equal((await session.command("NOOP")).code, 200);
    await change({ state: "Enabled" });
    await becomes("enabled user logs in", 230, () => loginCode("bob", "four"));
    using expiring = await namespace.session({ ...entrance, user: "bob", password: "four" });
    const expiresAt = new Date(Date.now() + 8000).toISOString();
    await change({ expiresAt });
    await expiring.reply(421);
    assertWithin(
      "expiry to the end of the session",
      Date.now() - Date.parse(expiresAt),
      APPLIED_LIMIT_MILLISECONDS,
    );
    assert.equal(await loginCode("bob", "four"), 530);
    await change({});
    await becomes("expiry is lifted", 230, () => loginCode("bob", "four"));
  });

  it("applies the quota, limits and networks of anonymous logins", async () => {
    const anonymous = { mode: "ReadWrite", quota: { files: 1 }, limits: { sessions: 1 } };
    const login = {
      ...(await namespace.login("demo", "alice", "")),
      user: "anonymous",
      password: "me@example.com",
    };
    const code = async (): Promise<number> => (await curlLogin(namespace, login)).code;
    await namespace.patchSpec("demo", { anonymous });
    await becomes("anonymous client logs in", 230, code);
    const quota = await namespace.kubectl([
      "get",
      "ftpserver",
      "demo",
      "-o=jsonpath={.spec.anonymous.quota}",
    ]);
    assert.deepEqual(JSON.parse(quota), { bytes: "1Gi", files: 1 }, "the default of bytes is visible");
    {
      using guest = await namespace.session({ ...entrance, user: "anonymous", password: "me@example.com" });
      assert.equal((await guest.command("MKD one")).code, 257);
      assert.equal((await guest.command("MKD two")).code, 552);
      assert.equal(await code(), 421, "limits.sessions is 1");
    }
    await namespace.patchSpec("demo", { anonymous: { limits: null, allowedClients: ["192.0.2.0/24"] } });
    await becomes("anonymous client of another network is rejected", 530, code);
    await namespace.patchSpec("demo", { anonymous: { mode: "Disabled", allowedClients: [] } });
  });

  it("ends when its user is removed", async () => {
    await namespace.patchSpec("demo", { users: [account("alice"), account("bob")] });
    await becomes("login of a removed user fails", 530, () => loginCode("carol", "three"));
    assert.equal(await loginCode("bob", "four"), 230);
  });

  it("counts toward changed session limits", async () => {
    await namespace.patchSpec("demo", { limits: { sessions: 1 } });
    const login = await namespace.login("demo", "bob", "four");
    await becomes("limit of sessions acts", 421, async () => (await curlLogin(namespace, login)).code);
    await namespace.patchSpec("demo", { limits: { sessions: 50 } });
    await becomes("limit of sessions is lifted", 230, () => loginCode("bob", "four"));
  });

  it("continues when labels of childMetadata are added to and removed from all objects", async () => {
    const kinds = "pods,services,secrets,serviceaccounts,statefulsets,networkpolicies,poddisruptionbudgets";
    const labelled = async (): Promise<string[]> =>
      (await namespace.list(kinds, "-l", "app.kubernetes.io/instance=demo,team=files"))
        .map(({ kind }) => kind)
        .toSorted();
    const annotations = { "example.com/owner": "files" };
    await namespace.patchSpec("demo", { childMetadata: { labels: { team: "files" }, annotations } });
    const all = ["NetworkPolicy", "Pod", "PodDisruptionBudget", "Secret", "Service", "ServiceAccount"];
    await eventually("every object has the label", async () =>
      assert.deepEqual(await labelled(), [...all, "StatefulSet"]),
    );
    await namespace.patchSpec("demo", { childMetadata: null });
    await eventually("no object has the label", async () => assert.deepEqual(await labelled(), []));
    const [pod] = await namespace.list("pods", "-l", "app.kubernetes.io/instance=demo");
    assert.equal(pod?.metadata.annotations?.["example.com/owner"], undefined);
    await session.command("NOOP", 200);
  });

  it("stays on the same pod", async () => {
    assert.equal((await session.command("NOOP")).code, 200);
    const { status: last } = await namespace.server("demo");
    assert.deepEqual(
      last?.slots?.filter(({ state }) => state !== "Free").map(({ name }) => name),
      ["a"],
    );
  });
});

/**
 * Connects to the same FtpServer through a node port. A connection through the old load balancer address ends when the
 * address changes.
 */
async function sideEntrance(namespace: TestNamespace): Promise<{ host: string; port: number }> {
  await namespace.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "side-entrance" },
    spec: {
      type: "NodePort",
      selector: { "app.kubernetes.io/name": "ftp-server", "app.kubernetes.io/instance": "demo" },
      ports: [{ name: "ftp", port: 21, targetPort: "ftp" }],
    },
  });
  const path = "-o=jsonpath={.spec.ports[0].nodePort}";
  return {
    host: namespace.cluster.hosts.n1,
    port: Number(await namespace.kubectl(["get", "service", "side-entrance", path])),
  };
}

/** Fails unless `probe` returns the expected reply code before the time limit. Prints the elapsed time. */
async function becomes(what: string, wanted: number, probe: () => Promise<number>): Promise<void> {
  await timed(what, () =>
    eventually(what, async () => assert.equal(await probe(), wanted), APPLIED_LIMIT_MILLISECONDS),
  );
}

/** Returns the value of performance.now() in milliseconds when a PASV reply first announced the address. */
async function watchPassive(session: ControlSession, wanted: string): Promise<number> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const { address } = await session.passive();
    if (address === wanted) return performance.now();
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error(`PASV never announced ${wanted}`);
}

/** Returns the value of performance.now() in milliseconds when the Service status first contained an address. */
async function balancerChanged(namespace: TestNamespace, wanted: string): Promise<number> {
  return await eventually(`the load balancer assigns ${wanted}`, async () => {
    const path = "-o=jsonpath={.status.loadBalancer.ingress[0].ip}";
    assert.equal(await namespace.kubectl(["get", "service", "demo", path]), wanted);
    return performance.now();
  });
}

function assertWithin(what: string, took: number, limit: number): void {
  console.log(`${what}: ${(Math.max(took, 0) / 1000).toFixed(2)} s`);
  assert.ok(took < limit, `${what} took ${took} ms`);
}

/** Exit code of curl, and last reply code in a login attempt. Code 421 indicates a rejected connection. */
async function curlLogin(
  namespace: TestNamespace,
  { host, port, user, password }: { host: string; port: number; user: string; password: string },
): Promise<{ exitCode: number | null; code: number }> {
  const url = `ftp://${host}:${port}/`;
  const argv = ["curl", "--disable", "--silent", "--verbose", "--max-time", "10", "--config", "-", url];
  const { code: exitCode, stderr } = await namespace.outside("client", argv, {
    stdin: `user = "${user}:${password}"\n`,
  });
  const codes = [...stderr.matchAll(/^< (230|530|421) /gm)].map(([, code]) => Number(code));
  return { exitCode, code: codes.at(-1) ?? 0 };
}
