import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { describe, test } from "node:test";
import { freePorts } from "../../cluster/free-ports.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";

/** Number of sessions with concurrent uploads. */
const SESSIONS = 5;
/** The active-mode source port that RFC 959 specifies: the control port (21) minus 1. */
const FTP_DATA = 20;
const NOBODY = 65_534;
const LOWEST_FREE = Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));

/** An active-mode client that listens on a data port. */
class Listening implements AsyncDisposable {
  readonly control: ControlClient;
  readonly #listener: Server;
  readonly #host: string;

  private constructor(control: ControlClient, listener: Server, host: string) {
    this.control = control;
    this.#listener = listener;
    this.#host = host;
  }

  static async open({ engine }: TestServer, host: string): Promise<Listening> {
    const control = await ControlClient.overTcp(engine, host);
    await control.login();
    await control.command("TYPE I");
    const listener = createServer({ allowHalfOpen: true }).listen(0, host);
    await once(listener, "listening");
    return new Listening(control, listener, host);
  }

  get port(): number {
    const address = this.#listener.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async announce(port = this.port): Promise<number> {
    const family = this.#host.includes(":") ? 2 : 1;
    return await this.control.code(`EPRT |${family}|${this.#host}|${port}|`);
  }

  /** Starts an upload. @returns the connection that the engine opens */
  async store(path: string): Promise<Socket> {
    const connection = once(this.#listener, "connection");
    assert.equal(await this.announce(), 200);
    assert.equal(await this.control.code(`STOR ${path}`), 150);
    const [socket]: Socket[] = await connection;
    assert.ok(socket);
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.control.duplex.destroy();
    this.#listener.close();
    await once(this.#listener, "close");
  }
}

/** An engine with a configured source port for active mode. */
async function started(): Promise<{ world: TestServer; sourcePort: number }> {
  const [sourcePort = 0] = await freePorts(1);
  const world = await startServer({ config: { active: { mode: "Enabled", sourcePort } } });
  return { world, sourcePort };
}

describe("active mode with a source port (RFC 959 section 3.2)", () => {
  // id: active-from-port-20
  for (const host of ["127.0.0.1", "::1"])
    test(`opens several data connections from the port to ${host}`, async () => {
      const { world, sourcePort } = await started();
      await using _ = world;
      await using clients = new AsyncDisposableStack();
      const uploads: { client: Listening; data: Socket; path: string }[] = [];
      for (let number = 0; number < SESSIONS; number++) {
        const client = clients.use(await Listening.open(world, host));
        const path = `/f${number}`;
        uploads.push({ client, data: await client.store(path), path });
      }
      for (const { client, data, path } of uploads) {
        assert.equal(data.remotePort, sourcePort, path);
        data.end(`content of ${path}`);
        assert.equal((await client.control.reply())?.code, 226);
        assert.equal(world.memory.text(path), `content of ${path}`);
      }
    });

  test("rejects a second connection to the same address and port with 425, and continues the first", async () => {
    const { world, sourcePort } = await started();
    await using _ = world;
    await using first = await Listening.open(world, "127.0.0.1");
    await using second = await Listening.open(world, "127.0.0.1");
    const data = await first.store("/first");
    assert.equal(await second.announce(first.port), 200);
    assert.equal(await second.control.code("STOR /second"), 150);
    assert.deepEqual((await second.control.reply())?.lines, [
      `425 Cannot open data connection from port ${sourcePort}: Port in use by another connection to the same address.`,
    ]);
    data.end("whole");
    assert.equal((await first.control.reply())?.code, 226);
    assert.equal(world.memory.text("/first"), "whole");
    const again = await second.store("/second");
    assert.equal(again.remotePort, sourcePort, "to a port of its own it goes");
    again.end("whole");
    assert.equal((await second.control.reply())?.code, 226);
  });

  test("gets 425 when another program uses the port", async () => {
    const { world } = await started();
    await using _ = world;
    await using client = await Listening.open(world, "127.0.0.1");
    await using taken = await Listening.open(world, "127.0.0.1");
    world.engine.reconfigure({ ...world.config, active: { mode: "Enabled", sourcePort: taken.port } });
    assert.equal(await client.announce(), 200);
    assert.equal(await client.control.code("STOR /f"), 150);
    const { code, lines } = (await client.control.reply()) ?? {};
    assert.equal(code, 425);
    assert.match(
      lines?.[0] ?? "",
      new RegExp(`from port ${taken.port}: Port in use by another program`, "u"),
    );
    world.engine.reconfigure({ ...world.config, active: { mode: "Enabled" } });
    const data = await client.store("/f");
    assert.notEqual(data.remotePort, taken.port);
    data.end("whole");
    assert.equal((await client.control.reply())?.code, 226);
  });

  test("uses another port and logs a warning without the permission for the port", {
    skip: LOWEST_FREE <= FTP_DATA && "all users can use the port here",
  }, async () => {
    const user = process.geteuid?.();
    if (user === 0) process.seteuid?.(NOBODY);
    try {
      const config = { active: { mode: "Enabled", sourcePort: FTP_DATA } } as const;
      await using world = await startServer({ config });
      await using client = await Listening.open(world, "127.0.0.1");
      const data = await client.store("/f");
      assert.notEqual(data.remotePort, FTP_DATA);
      data.end("whole");
      assert.equal((await client.control.reply())?.code, 226);
      const warnings = world.log.entries.filter(({ level }) => level === "warn");
      assert.deepEqual(warnings, [
        {
          level: "warn",
          fields: { sourcePort: FTP_DATA },
          message: "no permission for the source port of active mode, used another port",
        },
      ]);
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
  });
});
