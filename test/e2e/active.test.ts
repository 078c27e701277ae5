import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CLIENTS, lftp } from "../clients/clients.ts";
import { answering, roundTrip, siteOf } from "./outside.ts";
import { World } from "./world.ts";

const USERS = { alice: "secret" };
const ON = "active-on";
const OFF = "active-off";
const ACTIVE_CLIENTS = CLIENTS.filter(({ modes }) => modes.includes("active"));

describe("active mode", () => {
  let world: World;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-active-"));
    world = await World.create("e2e-active");
    const passive = { portRange: { first: 50300, last: 50303 } };
    await world.applyServer(ON, USERS, { active: { mode: "Enabled" }, passive });
    await world.applyServer(OFF, USERS, { passive });
    await Promise.all([ON, OFF].map((name) => world.waitReady(name)));
  });

  after(async () => {
    await world.remove();
    await rm(directory, { recursive: true });
  });

  const login = async (server: string) => answering(world, await world.login(server, "alice", USERS.alice));

  for (const client of ACTIVE_CLIENTS) {
    it(`carries files and listings of ${client.name} when enabled`, async () => {
      await roundTrip(client, siteOf(world, await login(ON)), "active", directory);
    });
  }

  it("dials nobody but the client, and none of its privileged ports", async () => {
    const { client, other, n1 } = world.cluster.hosts;
    using session = await world.session(await login(ON));
    for (const host of [other, n1]) {
      for (const line of [portLine(host, 51200), `EPRT |1|${host}|51200|`]) {
        const { lines } = await session.command(line, 504);
        assert.match(lines[0] ?? "", /Only your own address is dialled; use EPSV or PASV/, line);
      }
    }
    await session.command(portLine(client, 25), 504);
    await session.command(portLine(client, 51200), 200);
  });

  it("is refused with a reply that says what to do, and passive mode goes on, when it is not enabled", async () => {
    const server = await login(OFF);
    const { client } = world.cluster.hosts;
    using session = await world.session(server);
    for (const line of [portLine(client, 51200), `EPRT |1|${client}|51200|`]) {
      const { lines } = await session.command(line, 502);
      assert.match(lines[0] ?? "", /Active mode is disabled; use EPSV or PASV/);
    }
    assert.equal((await session.passive()).address, server.host);
  });

  it("is what clients use that are told to, so the transfers above were active", async () => {
    const refusing = siteOf(world, await login(OFF));
    for (const client of ACTIVE_CLIENTS.filter(({ name }) => name !== "lftp")) {
      await assert.rejects(client.list(refusing, "active"), client.name);
      await client.list(refusing, "passive");
    }
    // lftp takes the refusal as a hint and goes on in passive mode, so it is asked what it does where active mode works.
    const told = join(directory, "lftp.log");
    await lftp(siteOf(world, await login(ON)), "active", `debug -o ${told} 9; ls`);
    assert.match(await readFile(told, "utf8"), /Accepted data connection from/);
  });
});

/** RFC 959, section 4.1.2. */
function portLine(host: string, port: number): string {
  return `PORT ${host.replaceAll(".", ",")},${port >> 8},${port & 255}`;
}
