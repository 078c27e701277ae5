/**
 * Tests FtpServers over IPv4 and IPv6 with clients in both IP families. Covers addresses, transfers, active mode,
 * allowed networks and changes to the Service.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { hostInUrl } from "../../src/common/urls.ts";
import { CLIENTS, curl, url } from "../support/clients/clients.ts";
import { program } from "../support/cli/command-line.ts";
import { openCluster } from "../cluster/full.ts";
import {
  applyDualStackServers,
  BEHIND,
  BOTH,
  LISTED,
  type Named,
  NODE_CONTROL_PORT,
  NODES,
  PASSWORD,
  PORTS,
  SIX,
} from "./dual-stack-servers.ts";
import { startProxy } from "./haproxy.ts";
import { PREFIX } from "./installation.ts";
import { answering, clientNamed, probe, roundTrip, siteOf } from "./outside.ts";
import { startProbePod } from "./probe-pod.ts";
import { conditionOf, eventually, type Login, type OutsideHost, TestNamespace } from "./test-namespace.ts";

/** Exit code of curl when the login is rejected. */
const DENIED = /ended with 67/;
const NOTHING_PRIVILEGED = 51200;

type Service = KubeObject & { spec: { ipFamilyPolicy: string; ipFamilies: string[] } };

const { families } = openCluster(PREFIX);
const skip = families.includes("IPv6") ? false : "the cluster has no IPv6";

describe("a dual-stack Service", { skip }, () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-dual-stack-"));
    namespace = await TestNamespace.create("e2e-dual-stack");
    await applyDualStackServers(namespace);
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  const addressesOf = async (name: Named): Promise<string[]> =>
    ((await namespace.server(name)).status?.addresses ?? []).map(({ value }) => value);
  const loginAt = (host: string): Login => ({ host, port: 21, user: "alice", password: PASSWORD });
  const overIPv6 = async (name: Named): Promise<Login> => {
    const address = (await addressesOf(name)).find((candidate) => isIPv6(candidate));
    assert.ok(address, `${name} has an IPv6 address`);
    return loginAt(address);
  };
  const overIPv4 = async (name: Named): Promise<Login> => {
    const address = (await addressesOf(name)).find((candidate) => !isIPv6(candidate));
    assert.ok(address, `${name} has an IPv4 address`);
    return loginAt(address);
  };
  /** Runs `ftp-operator check` on an outside host. */
  const check = (host: OutsideHost, login: Login, ...options: string[]) =>
    namespace.outside(
      host,
      [
        process.execPath,
        program("main"),
        "check",
        hostInUrl(login.host),
        "--user",
        login.user,
        "--password-file",
        "-",
        ...options,
      ],
      { stdin: login.password, timeout: 60_000 },
    );

  it("has the families and labels of the spec, and addresses of both families in the status", async () => {
    const { spec, metadata } = await namespace.get<Service>("service", BOTH);
    assert.deepEqual(spec.ipFamilies, ["IPv4", "IPv6"]);
    assert.equal(metadata.labels?.["pool"], "blue");
    const [four, six, ...more] = await addressesOf(BOTH);
    assert.match(four ?? "", /^198\.51\.100\./);
    assert.match(six ?? "", /^2001:db8:51::c/);
    assert.deepEqual(more, []);
    assert.equal((await namespace.server(BOTH)).status?.endpoint, `ftp://${four}:21`);
  });

  for (const client of CLIENTS) {
    it(`carries files and listings of ${client.name} over IPv6`, async () =>
      roundTrip(
        client,
        siteOf(namespace, await answering(namespace, await overIPv6(BOTH))),
        "passive",
        directory,
      ));
  }

  it("carries files and listings of curl over IPv4", async () =>
    roundTrip(
      clientNamed("curl"),
      siteOf(namespace, await answering(namespace, await overIPv4(BOTH))),
      "passive",
      directory,
    ));

  it("carries active transfers over IPv6", async () =>
    roundTrip(clientNamed("ftplib"), siteOf(namespace, await overIPv6(BOTH)), "active", directory));

  // id: epsv-eprt-2
  it("replies to PASV, EPSV, PORT and EPRT depending on the family of the session", async () => {
    const { hosts6 } = namespace.cluster;
    using six = await namespace.session(await overIPv6(BOTH));
    await six.command("EPSV 2", 229);
    await six.command("EPSV 1", 522);
    const { lines } = await six.command("PASV", 425);
    assert.match(lines[0] ?? "", /use EPSV/);
    await six.command(`EPRT |2|${hosts6.client}|${NOTHING_PRIVILEGED}|`, 200);
    await six.command(`EPRT |2|${hosts6.other}|${NOTHING_PRIVILEGED}|`, 504);
    using four = await namespace.session(await overIPv4(BOTH));
    const { address } = await four.passive();
    assert.equal(address, (await overIPv4(BOTH)).host);
    await four.command("EPSV", 229);
    await four.command("EPSV 2", 522);
  });

  it("preserves the IPv6 addresses of clients", async () => {
    const [pod = ""] = await namespace.pods(BOTH);
    const clients = new Set((await namespace.transfers(pod)).map(({ client }) => client));
    assert.ok(clients.has(namespace.cluster.hosts6.client), [...clients].join(" "));
    assert.ok(clients.has(namespace.cluster.hosts.client), [...clients].join(" "));
  });

  it("is checked by the operator at both addresses", async () => {
    const [four, six] = await addressesOf(BOTH);
    const message = await eventually("PassiveReachable is True", async () => {
      const found = conditionOf(await namespace.server(BOTH), "PassiveReachable");
      assert.equal(found?.status, "True", found?.message ?? "");
      return found.message;
    });
    assert.ok(message.includes(`at ${four} and ${six}`), message);
  });

  it("serves node ports of both families, and lists the addresses of a node in both", async () => {
    const { hosts, hosts6 } = namespace.cluster;
    const [four = "", six = "", ...more] = await addressesOf(NODES);
    assert.deepEqual(more, []);
    assert.ok(
      [hosts.n1, hosts.n2].some((address) => address === four),
      four,
    );
    assert.ok(
      [hosts6.n1, hosts6.n2].some((address) => address === six),
      six,
    );
    for (const host of [four, six]) {
      const login = await answering(namespace, { ...loginAt(host), port: NODE_CONTROL_PORT });
      await roundTrip(clientNamed("curl"), siteOf(namespace, login), "passive", directory);
    }
  });

  it("carries active transfers only to clients of an allowed IPv6 network", async () => {
    const site = siteOf(namespace, await answering(namespace, await overIPv6(SIX)));
    await roundTrip(clientNamed("ftplib"), site, "active", directory);
    await namespace.patchSpec(SIX, { networkPolicy: { allowedClients: ["2001:db8:51::3/128"] } });
    await eventually("the client is shut out", async () =>
      assert.equal(await probe(namespace, "client", site.login.host, 21), "silent"),
    );
    await namespace.patchSpec(SIX, { networkPolicy: { allowedClients: ["2001:db8:51::/64"] } });
    await answering(namespace, site.login);
  });

  it("is Ready over IPv6 only with an endpoint in brackets, with users limited to IPv6 networks", async () => {
    const { status } = await namespace.server(SIX);
    const login = await answering(namespace, await overIPv6(SIX));
    assert.equal(status?.endpoint, `ftp://[${login.host}]:21`);
    assert.deepEqual(await addressesOf(SIX), [login.host]);
    assert.equal(conditionOf(await namespace.server(SIX), "AddressAssigned")?.reason, "IPv6Only");
    await roundTrip(clientNamed("curl"), siteOf(namespace, login), "passive", directory);
    const other = siteOf(namespace, login, "other");
    await assert.rejects(curl(other, "passive", url(other)), DENIED);
  });

  it("passes ftp-operator check with an address in brackets", async () => {
    const login = await overIPv6(SIX);
    const { code, stdout } = await check("client", login);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^EPSV +ok /m);
    assert.doesNotMatch(stdout, /^PASV/m);
    const wrong = await check("client", login, "--family", "ipv4");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^error: --family ipv4 .*2001:db8:51::c/m);
  });

  it("admits only allowed IPv6 networks to two replicas, and no IPv4 client", async () => {
    const six = await answering(namespace, await overIPv6(LISTED));
    const site = siteOf(namespace, six);
    await Promise.all(Array.from({ length: 6 }, () => curl(site, "passive", url(site))));
    const four = await overIPv4(LISTED);
    const pod = await startProbePod(namespace);
    const { portRange } = (await namespace.server(LISTED)).spec.passive;
    const ports = [21, portRange.first, portRange.last];
    const seen = await Promise.all([
      ...ports.map((port) => probe(namespace, "other", six.host, port)),
      ...ports.map((port) => probe(namespace, "client", four.host, port)),
      pod.look(six.host, ports),
    ]);
    assert.deepEqual(new Set(seen.flat()), new Set(["silent"]));
  });

  it("reads the IPv6 addresses of clients from PROXY headers", async () => {
    const { hosts6 } = namespace.cluster;
    const server = (await overIPv6(BEHIND)).host;
    const outside = (argv: readonly string[]) => namespace.cluster.command("other", argv);
    await using _proxy = await startProxy(outside, directory, {
      address: hosts6.other,
      server,
      controlPort: 21,
      textPort: 2121,
      passivePorts: PORTS[BEHIND],
    });
    for (const port of [21, 2121]) {
      const login = { ...loginAt(hosts6.other), port };
      await eventually("the proxy serves", async () => {
        using session = await namespace.session(login);
        await session.command("NOOP", 200);
      });
      await roundTrip(clientNamed("lftp"), siteOf(namespace, login), "passive", directory, 40_009);
    }
    const [pod = ""] = await namespace.pods(BEHIND);
    const clients = new Set((await namespace.transfers(pod)).map(({ client }) => client));
    assert.deepEqual(clients, new Set([hosts6.client]));
  });

  it("keeps its pods and open sessions when the second family is removed and added again", async () => {
    const before = await namespace.pods(BOTH);
    using session = await namespace.session(await overIPv4(BOTH));
    const becomes = async (policy: string, count: number): Promise<void> => {
      await namespace.patchSpec(BOTH, { exposure: { service: { ipFamilyPolicy: policy } } });
      await eventually(`${BOTH} has ${count} addresses`, async () =>
        assert.equal((await addressesOf(BOTH)).length, count),
      );
      await session.command("NOOP", 200);
    };
    await becomes("SingleStack", 1);
    await becomes("PreferDualStack", 2);
    assert.deepEqual(await namespace.pods(BOTH), before);
    await answering(namespace, await overIPv6(BOTH));
  });

  it("reports that Kubernetes cannot change the primary family, and keeps serving", async () => {
    const families = (...ipFamilies: string[]) =>
      namespace.patchSpec(BOTH, { exposure: { service: { ipFamilies } } });
    await families("IPv6", "IPv4");
    await eventually("the condition explains it", async () => {
      const found = conditionOf(await namespace.server(BOTH), "PassivePortsPublished");
      assert.equal(found?.reason, "ServiceRejected");
      assert.match(found.message, /`spec\.exposure\.service\.ipFamilies`, or delete Service/);
    });
    using session = await namespace.session(await overIPv6(BOTH));
    await session.command("EPSV", 229);
    await families("IPv4", "IPv6");
    await namespace.waitReady(BOTH);
  });
});
