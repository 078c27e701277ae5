import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { CLIENTS } from "../support/clients/clients.ts";
import { answering, clientNamed, probe, roundTrip, siteOf } from "./outside.ts";
import { startProbePod } from "./probe-pod.ts";
import { eventually, type Login, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "correct horse" };

/** Tests the exposure types that are reachable from outside hosts. */
const EXPOSURES = [
  {
    title: "LoadBalancer",
    name: "balanced",
    spec: { passive: { portRange: { first: 50100, last: 50109 } } },
    first: 50100,
    last: 50109,
    controlPort: 21,
    addresses: /^198\.51\.100\.(19[2-9]|20[0-7])$/,
  },
  {
    title: "NodePort",
    name: "on-nodes",
    spec: {
      exposure: { type: "NodePort", nodePort: { controlPort: 30021 } },
      passive: { portRange: { first: 30040, last: 30049 } },
    },
    first: 30040,
    last: 30049,
    controlPort: 30021,
    addresses: /^198\.51\.100\.1[12]$/,
  },
] as const;

const INSIDE = { name: "inside", first: 50120, last: 50124 };

/** A shell script that logs in, requests a passive port and receives a listing. The script prints all FTP replies. */
const LIST_FROM_POD = `
mkfifo /tmp/in /tmp/out
nc -w 10 "$HOST" 21 </tmp/in >/tmp/out &
exec 3>/tmp/in 4</tmp/out
say() { printf '%s\\r\\n' "$1" >&3; }
receive() { while read -r line <&4; do echo "$line"; case $line in [0-9][0-9][0-9]' '*) return;; esac; done; }
receive; say 'USER alice'; receive; say "PASS $PASSWORD"; receive; say 'MKD seen'; receive
say PASV; reply=$(receive); echo "$reply"
numbers=$(echo "$reply" | sed 's/.*(//; s/).*//'); IFS=,; set -- $numbers; unset IFS
say LIST
nc -w 10 "$1.$2.$3.$4" $(($5 * 256 + $6)) </dev/null
receive; receive
`;

describe("exposure", () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-exposure-"));
    namespace = await TestNamespace.create("e2e-exposure");
    for (const { name, spec } of EXPOSURES) await namespace.applyServer(name, USERS, spec);
    const { name, ...portRange } = INSIDE;
    await namespace.applyServer(name, USERS, { exposure: { type: "ClusterIP" }, passive: { portRange } });
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  for (const { title, name, first, last, controlPort, addresses } of EXPOSURES) {
    describe(title, () => {
      let login: Login;

      before(async () => {
        await namespace.waitReady(name);
        login = await answering(namespace, await namespace.login(name, "alice", USERS.alice));
      });

      it("announces an address and ports that clients outside can reach", async () => {
        assert.equal(login.port, controlPort);
        assert.match(login.host, addresses);
        using session = await namespace.session(login);
        for (let count = 0; count < 5; count++) {
          const { address, port } = await session.passive();
          assert.equal(address, login.host);
          assert.ok(port >= first && port <= last, `${port} is in the range`);
          assert.equal(await probe(namespace, "client", address, port), "open");
        }
      });

      it("opens no port next to the passive port range", async () => {
        const ports = [controlPort + 1, 2121, 8080, first - 1, last + 1];
        const seen = await Promise.all(ports.map((port) => probe(namespace, "client", login.host, port)));
        assert.ok(!seen.includes("open"), `${ports.join(", ")}: ${seen.join(", ")}`);
      });

      for (const client of CLIENTS) {
        it(`carries files and listings of ${client.name}`, () =>
          roundTrip(client, siteOf(namespace, login), "passive", directory));
      }
    });
  }

  describe("ClusterIP", () => {
    it("serves pods, and announces the address of the Service to them", async () => {
      await namespace.waitReady(INSIDE.name);
      const { host } = await namespace.login(INSIDE.name, "alice", USERS.alice);
      assert.match(host, /^198\.19\./);
      const pod = await startProbePod(namespace);
      const said = await pod.shell(LIST_FROM_POD, { HOST: host, PASSWORD: USERS.alice });
      assert.match(said, /^230 /m);
      const [, address = "", high, low] = /\((\d+,\d+,\d+,\d+),(\d+),(\d+)\)/.exec(said) ?? [];
      const port = Number(high) * 256 + Number(low);
      assert.equal(address.replaceAll(",", "."), host);
      assert.ok(port >= INSIDE.first && port <= INSIDE.last, `${port} is in the range`);
      assert.match(said, /^d.* seen\s*$/m, "the listing came over the data connection");
      assert.match(said, /^226 /m);
    });
  });
});

describe("HostPort", () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-host-port-"));
    namespace = await TestNamespace.create("e2e-host-port");
    // The Pod Security levels `baseline` and `restricted` forbid host ports.
    const level = "pod-security.kubernetes.io/enforce=privileged";
    await namespace.cluster.kubectl(["label", "namespace", namespace.name, "--overwrite", level]);
    await namespace.applyServer("host", USERS, {
      exposure: { type: "HostPort", controlPort: 2100 },
      passive: { portRange: { first: 50540, last: 50544 } },
    });
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  it("announces the address of the node, and carries files and listings of clients outside", async () => {
    await namespace.waitReady("host");
    const login = await answering(namespace, await namespace.login("host", "alice", USERS.alice));
    const [pod] = await namespace.list<KubeObject & { status: { hostIP: string } }>("pods");
    assert.deepEqual([login.host, login.port], [pod?.status.hostIP, 2100]);
    const others = ((await namespace.server("host")).status?.addresses ?? [])
      .map(({ value }) => value)
      .slice(1);
    const node = namespace.cluster.hosts.n1 === login.host ? "n1" : "n2";
    const expected = namespace.cluster.families.includes("IPv6") ? [namespace.cluster.hosts6[node]] : [];
    assert.deepEqual(others, expected, "addresses of the other family");
    const curl = clientNamed("curl");
    for (const host of others)
      await roundTrip(
        curl,
        siteOf(namespace, await answering(namespace, { ...login, host })),
        "passive",
        directory,
      );
    for (const client of CLIENTS) await roundTrip(client, siteOf(namespace, login), "passive", directory);
  });

  it("replaces the pod in place", async () => {
    const metadata = { annotations: { "example.com/changed": "1" } };
    await namespace.patchSpec("host", { pod: { metadata } });
    await eventually("another pod serves", async () => {
      const pods = await namespace.list<KubeObject>("pods");
      assert.deepEqual(
        pods.map((pod) => pod.metadata.annotations?.["example.com/changed"]),
        ["1"],
      );
      await namespace.waitReady("host");
    });
    const login = await answering(namespace, await namespace.login("host", "alice", USERS.alice));
    const [client] = CLIENTS;
    assert.ok(client);
    await roundTrip(client, siteOf(namespace, login), "passive", directory);
  });
});
