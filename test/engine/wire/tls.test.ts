import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { describe, test } from "node:test";
import { connect } from "node:tls";
import { loadCredentials } from "../../../src/engine/tls/credentials.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { closed, ControlClient } from "../../support/engine/control-client.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { startServer, testConfig } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";
import { startTlsServer, FtpsClient, tlsConfig } from "../../support/engine/tls-world.ts";

const FILE = randomBytes(3_000_000);
const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const;

describe("AUTH, PBSZ and PROT", () => {
  for (const version of VERSIONS) {
    // id: session-reuse
    test(`uploads, downloads and listings resume the session of the control connection, ${version}`, async () => {
      await using world = await startTlsServer({ sessionReuse: "Required" });
      const client = await FtpsClient.explicit(world.engine, { minVersion: version, maxVersion: version });
      await client.login();
      assert.equal(await client.upload("f", FILE), "226 Transfer complete.");
      assert.ok(world.memory.files.get("/f")?.bytes.equals(FILE));
      const { answer, bytes } = await client.download("RETR f");
      assert.deepEqual([answer, bytes.equals(FILE)], ["226 Transfer complete.", true]);
      assert.equal((await client.download("NLST")).bytes.toString(), "f\r\n");
      assert.equal(world.counts.get(`handshake Control ${version}`), 1);
      assert.equal(world.counts.get(`handshake Data ${version} resumed`), 3);
    });
  }

  for (const missingCloseNotify of ["Deny", "Allow"] as const) {
    test(`an empty upload that ends after its handshake is stored; missing close_notify: ${missingCloseNotify}`, async () => {
      const uploads = { ...testConfig().uploads, missingCloseNotify };
      await using world = await startTlsServer({}, { config: { uploads } });
      const client = await (await FtpsClient.explicit(world.engine)).login();
      for (const name of ["a", "b", "c"]) {
        const port = await client.passivePort();
        assert.equal(await client.control.code(`STOR ${name}`), 150);
        const data = await client.data(port);
        await once(data, "secureConnect");
        data.end();
        assert.equal((await client.control.reply())?.code, 226);
        assert.equal(world.memory.text(`/${name}`), "");
      }
    });
  }

  // id: auth-tls-order
  test("PBSZ and PROT are accepted after AUTH, and AUTH once before the login", async () => {
    await using world = await startTlsServer({ dataProtection: "Optional" });
    const plain = await ControlClient.overTcp(world.engine);
    await plain.reply();
    assert.equal(await plain.code("PBSZ 0"), 503);
    assert.equal(await plain.code("PROT P"), 503);
    assert.equal(await plain.code("AUTH KERBEROS"), 504);
    assert.equal(await plain.code("CCC"), 533);
    await plain.command("USER alice");
    await plain.command("PASS secret");
    assert.equal(await plain.code("AUTH TLS"), 503);
    const { control } = await FtpsClient.explicit(world.engine);
    assert.equal(await control.code("PROT P"), 200);
    assert.equal(await control.code("PBSZ zero"), 501);
    assert.equal(await control.code("PBSZ 0"), 200);
    assert.equal(await control.code("AUTH TLS"), 503);
    assert.equal(await control.code("CCC"), 534);
    for (const [level, code] of Object.entries({ P: 200, C: 200, S: 536, E: 536, X: 504 }))
      assert.equal(await control.code(`PROT ${level}`), code, level);
  });

  // id: starttls-injection-2
  test("AUTH resets the user name", async () => {
    await using world = await startTlsServer();
    const plain = await ControlClient.overTcp(world.engine);
    await plain.reply();
    assert.equal(await plain.code("USER alice"), 331);
    assert.equal(await plain.code("AUTH TLS"), 234);
    const socket = connect({ socket: plain.duplex, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    assert.equal(await new ControlClient(socket).code("PASS secret"), 503);
  });

  test("FEAT lists the commands only with TLS", async () => {
    await using world = await startTlsServer();
    const client = await ControlClient.overTcp(world.engine);
    await client.reply();
    const features = (await client.command("FEAT")).lines;
    for (const feature of [" AUTH TLS", " PBSZ", " PROT"]) assert.ok(features.includes(feature), feature);
    await using bare = await startServer();
    const other = await ControlClient.overTcp(bare.engine);
    await other.reply();
    assert.ok(!(await other.command("FEAT")).lines.join().includes("AUTH"));
    assert.equal(await other.code("AUTH TLS"), 502);
  });
});

describe("required protection", () => {
  // id: tls-downgrade
  test("Required rejects logins before AUTH", async () => {
    await using world = await startTlsServer({ mode: "Required" });
    const client = await ControlClient.overTcp(world.engine);
    await client.reply();
    assert.deepEqual((await client.command("USER alice")).lines, ["530 TLS required; send AUTH TLS first."]);
    assert.deepEqual((await client.command("PASS secret")).lines, ["530 TLS required; send AUTH TLS first."]);
  });

  test("Optional serves a session without TLS", async () => {
    await using world = await startTlsServer();
    const client = await (await ControlClient.overTcp(world.engine)).login();
    assert.equal(await client.upload("STOR f", "x"), 226);
  });

  for (const line of ["RETR f", "STOR f", "APPE f", "LIST", "NLST", "MLSD"]) {
    test(`${line} is rejected before PROT P`, async () => {
      await using world = await startTlsServer();
      const { control } = await FtpsClient.explicit(world.engine);
      await control.command("USER alice");
      await control.command("PASS secret");
      assert.equal(await control.code(line), 521);
      await control.command("PBSZ 0");
      assert.equal(await control.code("PROT C"), 534);
      assert.equal(await control.code("PROT P"), 200);
      assert.notEqual(await control.code(line), 521);
    });
  }

  test("dataProtection Optional permits PROT C, and a change of PROT releases the port", async () => {
    await using world = await startTlsServer({ dataProtection: "Optional" });
    const client = await (await FtpsClient.explicit(world.engine)).login();
    await client.passivePort();
    assert.equal(await client.control.code("PROT C"), 200);
    assert.equal(await client.control.code("STOR f"), 425);
    assert.equal(await client.control.upload("STOR f", "clear"), 226);
    assert.equal(world.memory.files.get("/f")?.bytes.toString(), "clear");
  });

  // id: implicit-ftps
  test("Implicit starts with TLS and protected data connections", async () => {
    await using world = await startTlsServer({ mode: "Implicit" });
    const client = await FtpsClient.implicit(world.engine);
    assert.equal((await client.control.reply())?.code, 220);
    await client.control.command("USER alice");
    assert.equal(await client.control.code("PASS secret"), 230);
    assert.equal(await client.upload("f", FILE), "226 Transfer complete.");
  });
});

describe("attacks on the control connection", () => {
  for (const pipelined of ["USER alice\r\n", "NOOP", "\r\n"]) {
    // id: starttls-injection
    test(`${JSON.stringify(pipelined)} in plain text after AUTH ends the session (CVE-2011-0411)`, async () => {
      await using world = await startTlsServer();
      const client = await ControlClient.overTcp(world.engine);
      await client.reply();
      client.send(`AUTH TLS\r\n${pipelined}`);
      const answer = await client.reply();
      assert.ok(answer === undefined || answer.code === 234);
      assert.equal(await client.reply(), undefined);
      assert.equal(world.counts.get("login Accepted"), undefined);
    });
  }

  test("plain text instead of a handshake and a silent client end the session", async () => {
    const clock = new ManualClock();
    await using world = await startTlsServer({}, { clock });
    const talker = await ControlClient.overTcp(world.engine);
    const silent = await ControlClient.overTcp(world.engine);
    for (const client of [talker, silent]) {
      await client.reply();
      assert.equal(await client.code("AUTH TLS"), 234);
    }
    talker.send("USER alice\r\n");
    await closed(talker.duplex);
    assert.equal(world.engine.sessions.size, 1);
    clock.advance(world.config.limits.loginTimeoutSeconds * 1000);
    await closed(silent.duplex);
    await settle();
    assert.equal(world.engine.sessions.size, 0);
  });

  // id: alpn
  test("a client that offers another protocol with ALPN is rejected, and one that offers ftp or no protocol is accepted", async () => {
    await using world = await startTlsServer();
    await assert.rejects(FtpsClient.explicit(world.engine, { ALPNProtocols: ["h2", "http/1.1"] }));
    assert.equal(world.counts.get("failure Control Alpn"), 1);
    const client = await FtpsClient.explicit(world.engine, { ALPNProtocols: ["h2", "ftp"] });
    assert.equal(client.socket.alpnProtocol, "ftp");
  });

  // id: cross-protocol
  test("a client that requests another server name is rejected", async () => {
    await using world = await startTlsServer({ serverNames: ["ftp.example.com"] });
    await assert.rejects(FtpsClient.explicit(world.engine, { servername: "www.example.com" }));
    await FtpsClient.explicit(world.engine, { servername: "FTP.example.com" });
    await FtpsClient.explicit(world.engine);
  });

  test("minimumVersion TLS13 rejects TLS 1.2", async () => {
    await using world = await startTlsServer({ minimumVersion: "TLS13" });
    await assert.rejects(FtpsClient.explicit(world.engine, { maxVersion: "TLSv1.2" }));
    await FtpsClient.explicit(world.engine, { minVersion: "TLSv1.3" });
  });
});

describe("a changed certificate", () => {
  test("is used by new handshakes, and open sessions continue and resume", async () => {
    await using world = await startTlsServer({ sessionReuse: "Required" });
    const before = await (await FtpsClient.explicit(world.engine)).login();
    const second = await tlsConfig(await makeCertificate({ commonName: "second" }));
    world.layer.reconfigure({ ...second, sessionReuse: "Required" }, await loadCredentials(second));
    const after = await (await FtpsClient.explicit(world.engine)).login();
    assert.equal(before.socket.getPeerX509Certificate()?.subject, "CN=localhost");
    assert.equal(after.socket.getPeerX509Certificate()?.subject, "CN=second");
    assert.equal(await before.upload("f", FILE), "226 Transfer complete.");
    assert.equal(await after.upload("f", FILE), "226 Transfer complete.");
  });
});
