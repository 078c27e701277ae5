/** Tests how an administrator lists and ends sessions, through the administration socket and on the command line. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { serveAdministration } from "../../../src/engine/admin/admin-server.ts";
import { listSessions, type SessionView } from "../../../src/engine/admin/client.ts";
import { SessionList } from "../../../src/engine/admin/session-list.ts";
import { ftpOperator } from "../../support/cli/command-line.ts";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { ControlSession } from "../../support/clients/control-session.ts";
import { sendMalformed } from "../../health/malformed-targets.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";

const here = (argv: readonly string[]): string[] => [...argv];

describe("the administration API of an engine", () => {
  let made: TestServer;
  let socket: string;
  let http: Server;

  before(async () => {
    made = await startServer();
    socket = join(await makeTemporaryFolder(), "admin.sock");
    // Simulates a file that an earlier engine left at the socket path.
    await writeFile(socket, "");
    http = await serveAdministration(
      socket,
      new SessionList(made.engine.sessions, made.engine.services.clock),
    );
  });
  after(async () => {
    http.close();
    await made[Symbol.asyncDispose]();
  });

  const login = (): Promise<ControlSession> =>
    ControlSession.open(here, {
      host: "127.0.0.1",
      port: made.engine.controlPort,
      user: "alice",
      password: "secret",
    });
  const only = async (): Promise<SessionView> => {
    const [session, another] = await listSessions(socket);
    assert.ok(session !== undefined && another === undefined);
    return session;
  };
  /** The engine detects a closed connection with a short delay. */
  const nobody = async (): Promise<void> => {
    while (made.engine.sessions.size > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  it("is accessible to the user of the engine only", async () => {
    assert.equal((await stat(socket)).mode & 0o777, 0o600);
  });

  // id: malformed-http-3
  it("survives invalid request targets", async () => {
    await sendMalformed({ path: socket });
    assert.deepEqual(await listSessions(socket), []);
  });

  it("lists an idle session and a session before its login", async () => {
    using session = await login();
    await session.command("MKD /in", 257);
    await session.command("CWD /in", 250);
    const { id, since, ...view } = await only();
    assert.ok(id > 0 && Date.now() - Date.parse(since) < 60_000);
    assert.deepEqual(view, {
      user: "alice",
      client: "127.0.0.1",
      secured: false,
      state: "Idle",
      directory: "/in",
    });
    assert.equal((await only()).id, id, "it keeps its number");
    session[Symbol.dispose]();
    await nobody();
    const silent = connect(made.engine.controlPort, "127.0.0.1");
    await once(silent, "data");
    const { state, user } = await only();
    assert.deepEqual([state, user], ["LoggingIn", undefined]);
    silent.destroy();
    await nobody();
  });

  it("lists a running upload and ends it", async () => {
    using session = await login();
    const { port } = await session.passive();
    const data = connect(port, "127.0.0.1");
    await session.command("STOR /big", 150);
    data.write(Buffer.alloc(5000));
    data.on("error", () => undefined);
    let view = await only();
    while (view.transfer?.bytes !== 5000) view = await only();
    assert.deepEqual(
      [view.state, view.transfer.direction, view.transfer.path],
      ["Transferring", "Upload", "/big"],
    );
    const { stdout } = await ftpOperator(["sessions", "--socket", socket]);
    assert.match(stdout, /^ID +USER +CLIENT/);
    assert.match(stdout, /alice +127\.0\.0\.1 +no +\d+s +Upload +\/big +4\.9 KiB/);
    const kicked = await ftpOperator(["kick", "--socket", socket, "--id", String(view.id)]);
    assert.deepEqual(kicked, { code: 0, stdout: "1 session ended\n", stderr: "" });
    assert.match((await session.reply(421)).lines.join(), /administrator/);
    await nobody();
    assert.equal(made.memory.text("/big"), undefined, "what was cut is not published");
  });

  it("ends every session of a user, and returns 0 without one", async () => {
    using first = await login();
    using second = await login();
    const kicked = await ftpOperator(["kick", "--socket", socket, "--user", "alice"]);
    assert.deepEqual(kicked, { code: 0, stdout: "2 sessions ended\n", stderr: "" });
    await Promise.all([first.reply(421), second.reply(421)]);
    await nobody();
    const again = await ftpOperator(["kick", "--socket", socket, "--user", "alice"]);
    assert.deepEqual(again, { code: 1, stdout: "0 sessions ended\n", stderr: "" });
    assert.deepEqual(
      JSON.parse((await ftpOperator(["sessions", "--socket", socket, "--output", "json"])).stdout),
      [],
    );
  });

  it("rejects unknown requests", async () => {
    const status = (method: string, path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ socketPath: socket, method, path }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once("error", reject)
          .end();
      });
    assert.equal(await status("GET", "/"), 404);
    assert.equal(await status("PUT", "/sessions"), 405);
    assert.equal(await status("DELETE", "/sessions"), 400);
    assert.equal(await status("DELETE", "/sessions?id=1e3"), 400);
    assert.equal(await status("DELETE", "/sessions?user="), 400);
  });
});

describe("an engine that cannot create its socket", () => {
  it("does not start, and names the option to change", async () => {
    const folder = await makeTemporaryFolder();
    const config = join(folder, "engine.json");
    await writeFile(config, JSON.stringify(testConfig({ users: [], storage: { root: folder } })));
    const { code, stderr } = await ftpOperator([
      "engine",
      "--config",
      config,
      "--admin-socket",
      "/nowhere/a.sock",
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /--admin-socket \/nowhere\/a\.sock: .*set a path in a writable directory/);
  });
});
