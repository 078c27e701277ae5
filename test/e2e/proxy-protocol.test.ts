/** Tests an FtpServer behind a proxy. The engine must see the client addresses and announce the proxy address. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CLIENTS, curl, type Site, url } from "../support/clients/clients.ts";
import { startProxy } from "./haproxy.ts";
import { roundTrip, siteOf } from "./outside.ts";
import {
  APPLIED_LIMIT_MILLISECONDS,
  conditionOf,
  eventually,
  type Login,
  TestNamespace,
} from "./test-namespace.ts";

const NAME = "behind";
const PASSWORD = "secret";
const PASSIVE_PORTS = { first: 50700, last: 50705 };
const CONTROL_PORT = 21;
const TEXT_PORT = 2121;
const SESSIONS_AT_ONCE = 4;
const SMALL_FILE_BYTES = 40_009;
/** An address without a host (RFC 5737). */
const INNER_ADDRESS = "203.0.113.7";
const SAYING_MILLISECONDS = 60_000;
const TCP_PIPE = join(import.meta.dirname, "../support/clients/tcp-pipe.ts");

describe("PROXY protocol", () => {
  let namespace: TestNamespace;
  let directory: string;
  let proxy: AsyncDisposable;
  /** Address of the FtpServer. Only the proxy uses this address. */
  let server: string;
  let login: Login;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-proxy-"));
    namespace = await TestNamespace.create("e2e-proxy");
    const { client, other } = namespace.cluster.hosts;
    await namespace.applyServer(
      NAME,
      { alice: PASSWORD, carol: PASSWORD },
      {
        passive: { portRange: PASSIVE_PORTS, address: { type: "ControlConnection" } },
        proxyProtocol: { mode: "Enabled", trustedSources: [`${other}/32`] },
        users: [
          { name: "alice", passwordSecretRef: { name: `${NAME}-alice` }, allowedClients: [`${client}/32`] },
          { name: "carol", passwordSecretRef: { name: `${NAME}-carol` } },
        ],
      },
    );
    await namespace.waitReady(NAME);
    server = await eventually("the load balancer assigns an address", async () => {
      const path = "-o=jsonpath={.status.loadBalancer.ingress[0].ip}";
      const address = await namespace.kubectl(["get", "service", NAME, path]);
      assert.notEqual(address, "");
      return address;
    });
    const outside = (argv: readonly string[]) => namespace.cluster.command("other", argv);
    const ports = { controlPort: CONTROL_PORT, textPort: TEXT_PORT, passivePorts: PASSIVE_PORTS };
    proxy = await startProxy(outside, directory, { address: other, server, ...ports });
    login = { host: other, port: CONTROL_PORT, user: "alice", password: PASSWORD };
    await eventually("the proxy serves", async () => {
      using session = await namespace.session(login);
      await session.command("NOOP", 200);
    });
  });

  after(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  /** Runs on a node a client that connects to the proxy. */
  const nodeSite = (user: string): Site => ({
    login: { ...login, user },
    run: (argv) => namespace.cluster.exec("n1", argv, { timeout: 60_000 }),
  });

  const engineLog = async (): Promise<Record<string, unknown>[]> => {
    const [pod = ""] = await namespace.pods(NAME);
    return await namespace.log(pod);
  };

  it("announces the address of the proxy, to which the client connected", async () => {
    using session = await namespace.session(login);
    const { address, port } = await session.passive();
    assert.equal(address, namespace.cluster.hosts.other);
    assert.ok(port >= PASSIVE_PORTS.first && port <= PASSIVE_PORTS.last, `${port} is in the range`);
    assert.equal(conditionOf(await namespace.server(NAME), "AddressAssigned")?.status, "True");
  });

  for (const client of CLIENTS) {
    it(`carries files and listings of ${client.name}`, () =>
      roundTrip(client, siteOf(namespace, login), "passive", directory));
  }

  it("reads version 1 of the protocol", async () => {
    const text = { ...login, port: TEXT_PORT };
    using session = await namespace.session(text);
    assert.equal((await session.passive()).address, namespace.cluster.hosts.other);
    const site = siteOf(namespace, text);
    await curl(site, "passive", url(site));
  });

  it("distinguishes two clients behind one proxy on shared ports", async () => {
    const [program] = CLIENTS;
    assert.ok(program);
    const sites = [siteOf(namespace, login), nodeSite("carol")];
    const trips = sites.flatMap((site, place) =>
      Array.from({ length: SESSIONS_AT_ONCE }, (_, index) => {
        const name = `${program.name}-${place}-${index}`;
        return roundTrip({ ...program, name }, site, "passive", directory, SMALL_FILE_BYTES);
      }),
    );
    await Promise.all(trips);
  });

  it("logs clients, not the proxy", async () => {
    const { client, n1, other } = namespace.cluster.hosts;
    const lines = await engineLog();
    const clientsOf = (message: string, user: string) =>
      new Set(
        lines
          .filter((line) => line["msg"] === message && line["user"] === user)
          .map((line) => line["client"]),
      );
    for (const message of ["logged in", "transfer"]) {
      assert.deepEqual(clientsOf(message, "alice"), new Set([client]), message);
      assert.deepEqual(clientsOf(message, "carol"), new Set([n1]), message);
    }
    assert.ok(lines.every((line) => line["client"] !== other));
  });

  it("applies allowedClients of users to the addresses of clients", async () => {
    const stranger = nodeSite("alice");
    await assert.rejects(curl(stranger, "passive", url(stranger)), /ended with 67/);
    const welcome = nodeSite("carol");
    await curl(welcome, "passive", url(welcome));
  });

  it("announces an overridden address to some clients, also in open sessions", async () => {
    const { client, other } = namespace.cluster.hosts;
    using session = await namespace.session(login);
    const override = (...overrides: object[]) =>
      namespace.patchSpec(NAME, { passive: { address: { type: "ControlConnection", overrides } } });
    const announces = (address: string) =>
      eventually(
        `PASV announces ${address}`,
        async () => assert.equal((await session.passive()).address, address),
        APPLIED_LIMIT_MILLISECONDS,
      );
    await override({ clients: `${client}/32`, address: INNER_ADDRESS });
    await announces(INNER_ADDRESS);
    await override();
    await announces(other);
  });

  it("closes connections that do not come from the proxy without a reply, also with a header", async () => {
    const { client, other } = namespace.cluster.hosts;
    const header = `PROXY TCP4 ${client} ${server} 50000 ${CONTROL_PORT}\r\n`;
    assert.match(await firstWords(namespace, "other", server, header), /^220 /, "the proxy's host may");
    assert.equal(await firstWords(namespace, "other", server, "USER alice\r\n"), "", "not without a header");
    for (const words of [header, "USER alice\r\n"]) {
      assert.equal(
        await firstWords(namespace, "client", server, words),
        "",
        `${words.trim()} from ${client}`,
      );
    }
    using session = await namespace.session(login);
    assert.equal((await session.passive()).address, other);
  });
});

/** Connects, sends a string and waits for the reply. @returns the reply of the engine */
async function firstWords(
  namespace: TestNamespace,
  host: "client" | "other",
  server: string,
  words: string,
): Promise<string> {
  // A firewall between client and engine can delay the connection for minutes.
  const script = `{ printf %s "$1"; sleep 3; } | timeout 6 "$2" "$3" "$4" ${CONTROL_PORT} || true`;
  const argv = ["sh", "-c", script, "sh", words, process.execPath, TCP_PIPE, server];
  const { stdout } = await namespace.outside(host, argv, { timeout: SAYING_MILLISECONDS });
  return stdout;
}
