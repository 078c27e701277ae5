import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { finish } from "../../cluster/run.ts";
import { startServer } from "../../support/engine/server.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { startTlsServer } from "../../support/engine/tls-world.ts";
import { ControlSession } from "../../support/clients/control-session.ts";

const outside = (argv: readonly string[]) => [...argv];

describe("the demo's control connection", () => {
  it("logs in and reads PASV replies and multi-line replies of an engine", async () => {
    await using started = await startServer();
    const { ports } = started;
    const server = { host: "127.0.0.1", port: started.engine.controlPort, user: "alice", password: "secret" };
    using session = await ControlSession.open(outside, server);
    const { address, port } = await session.passive();
    assert.equal(address, "127.0.0.1");
    assert.ok(port >= ports.first && port <= ports.last, String(port));
    const { lines } = await session.command("FEAT", 211);
    assert.ok(lines.length > 2);
    await assert.rejects(session.command("NOSUCH", 200), /expected reply 200, received 500 /);
  });

  it("reports a wrong password", async () => {
    await using started = await startServer();
    const server = { host: "127.0.0.1", port: started.engine.controlPort, user: "alice", password: "wrong" };
    await assert.rejects(ControlSession.open(outside, server), /expected reply 230, received 530 /);
  });

  it("uses TLS and verifies the certificate", async () => {
    const authority = await makeCertificate({ commonName: "authority" });
    const certificate = await makeCertificate({ commonName: "localhost", authority });
    await using started = await startTlsServer({ mode: "Required", ...certificate });
    const server = { host: "127.0.0.1", port: started.engine.controlPort, user: "alice", password: "secret" };
    using session = await ControlSession.openSecured(outside, server, authority.certificateFile);
    await session.command("PBSZ 0", 200);
    const other = await makeCertificate({ commonName: "another.example" });
    await assert.rejects(
      ControlSession.openSecured(outside, server, other.certificateFile),
      /connection was closed/,
    );
  });

  it("distinguishes open ports from closed ones", async () => {
    const listener = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const probe = [
      process.execPath,
      join(import.meta.dirname, "../../support/clients/tcp-pipe.ts"),
      "127.0.0.1",
      String(port),
      "--probe",
    ];
    assert.deepEqual(await finish(probe), { code: 0, stdout: "open\n", stderr: "" });
    await new Promise((resolve) => listener.close(resolve));
    assert.deepEqual(await finish(probe), { code: 3, stdout: "closed\n", stderr: "" });
  });
});
