import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import type { Host } from "../cluster/layout.ts";
import { CLIENTS, lftp, type Site } from "../support/clients/clients.ts";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

interface PodObject extends KubeObject {
  spec: { nodeName: Host };
  status: { podIP: string };
}

const USERS = { alice: "secret" };
const ON = "active-on";
const OFF = "active-off";
/** Tests active mode with the source port from RFC 959 section 3.2, which is the control port minus 1. */
const FROM_20 = "active-from-20";
const ACTIVE_CLIENTS = CLIENTS.filter(({ modes }) => modes.includes("active"));

describe("active mode", () => {
  let namespace: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-active-"));
    namespace = await TestNamespace.create("e2e-active");
    const passive = { portRange: { first: 50300, last: 50303 } };
    await namespace.applyServer(ON, USERS, { active: { mode: "Enabled" }, passive });
    await namespace.applyServer(OFF, USERS, { passive });
    await namespace.applyServer(FROM_20, USERS, { active: { mode: "Enabled", sourcePort: 20 }, passive });
    await Promise.all([ON, OFF, FROM_20].map((name) => namespace.waitReady(name)));
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  const login = async (server: string) =>
    answering(namespace, await namespace.login(server, "alice", USERS.alice));

  for (const client of ACTIVE_CLIENTS) {
    it(`carries files and listings of ${client.name} when enabled`, async () => {
      await roundTrip(client, siteOf(namespace, await login(ON)), "active", directory);
    });
  }

  // id: bounce-attack-2
  it("connects only to the client, and to none of its privileged ports", async () => {
    const { client, other, n1 } = namespace.cluster.hosts;
    using session = await namespace.session(await login(ON));
    for (const host of [other, n1]) {
      for (const line of [portLine(host, 51200), `EPRT |1|${host}|51200|`]) {
        const { lines } = await session.command(line, 504);
        assert.match(lines[0] ?? "", /EPSV or PASV/, line);
      }
    }
    await session.command(portLine(client, 25), 504);
    await session.command(portLine(client, 51200), 200);
  });

  it("is rejected with a reply that names passive mode when it is not enabled", async () => {
    const server = await login(OFF);
    const { client } = namespace.cluster.hosts;
    using session = await namespace.session(server);
    for (const line of [portLine(client, 51200), `EPRT |1|${client}|51200|`]) {
      const { lines } = await session.command(line, 502);
      assert.match(lines[0] ?? "", /EPSV or PASV/);
    }
    assert.equal((await session.passive()).address, server.host);
  });

  it("is used by clients that are configured for it", async () => {
    const refusing = siteOf(namespace, await login(OFF));
    for (const client of ACTIVE_CLIENTS.filter(({ name }) => name !== "lftp")) {
      await assert.rejects(client.list(refusing, "active"), client.name);
      await client.list(refusing, "passive");
    }
    // lftp switches to passive mode when active mode is rejected. The log of lftp shows the mode that it used.
    assert.match(await told(siteOf(namespace, await login(ON))), /Accepted data connection from/);
  });

  it("uses the configured source port where the network preserves it", async () => {
    const site = siteOf(namespace, await login(FROM_20));
    await roundTrip(clientNamed("curl"), site, "active", directory);
    // A connection to the pod address from the node of the pod is not subject to NAT.
    const [pod = ""] = await namespace.pods(FROM_20);
    const { spec, status } = await namespace.get<PodObject>("pod", pod);
    const onNode: Site = {
      login: { ...site.login, host: status.podIP, port: 2121 },
      run: (argv) => namespace.cluster.exec(spec.nodeName, argv, { timeout: 60_000 }),
    };
    assert.match(
      await told(onNode),
      new RegExp(`Accepted data connection from \\(${status.podIP}\\) port 20$`, "mu"),
    );
  });

  it("uses a changed source port in new sessions, and keeps the previous source port in open sessions", async () => {
    const change = join(directory, "changed");
    // lftp passes the rest of a line after `!` to the shell.
    const before = told(
      siteOf(namespace, await login(ON)),
      `ls; !until test -e ${change}; do sleep 0.2; done\nrels`,
    );
    await eventually("the session has listed once", async () => assert.match(await log(), /^<--- 226/mu));
    const [old = ""] = await namespace.pods(ON);
    await namespace.patchSpec(ON, { active: { sourcePort: 20 } });
    await eventually("another pod serves", async () => {
      await namespace.waitReady(ON);
      assert.ok(!(await namespace.pods(ON)).includes(old));
    });
    await writeFile(change, "");
    assert.equal((await before).match(/Accepted data connection from/gu)?.length, 2);
    const said = (await namespace.log(old)).map(({ msg }) => msg);
    assert.ok(said.includes("no permission for the source port of active mode, used another port"));
  });

  const logFile = (): string => join(directory, "lftp.log");
  const log = (): Promise<string> => readFile(logFile(), "utf8");

  /** Runs lftp in active mode and returns its log. */
  async function told(site: Site, work = "ls"): Promise<string> {
    await rm(logFile(), { force: true });
    await lftp(site, "active", `debug -o ${logFile()} 9; ${work}`);
    return await log();
  }
});

/** Returns the PORT argument for an address and a port (RFC 959 section 4.1.2). */
function portLine(host: string, port: number): string {
  return `PORT ${host.replaceAll(".", ",")},${port >> 8},${port & 255}`;
}
