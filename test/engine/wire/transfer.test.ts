import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { EngineError } from "../../../src/engine/errors.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { closed, ControlClient } from "../../support/engine/control-client.ts";
import { run } from "../../cluster/run.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";
import { limits, settle } from "../../support/engine/world.ts";

/** File content that exceeds the size of the kernel buffers, so a transfer without a reader does not complete. */
const BIG = randomBytes(32 * 1024 * 1024);

async function loggedIn(world: TestServer): Promise<ControlClient> {
  const client = await ControlClient.overTcp(world.engine);
  await client.login();
  await client.command("TYPE I");
  return client;
}

/** Starts a download that does not end, because the client does not read. */
async function stuckDownload(client: ControlClient) {
  const data = await client.passive();
  data.pause();
  assert.equal(await client.code("RETR /big"), 150);
  return data;
}

describe("during a transfer", () => {
  // id: stat-during-transfer
  test("NOOP and STAT get immediate replies, other commands wait, and QUIT ends the session last", async () => {
    await using world = await startServer();
    world.memory.put("/big", BIG);
    const client = await loggedIn(world);
    const data = await stuckDownload(client);
    assert.equal(await client.code("NOOP"), 200);
    assert.match((await client.command("STAT")).lines.join(), /Download in progress, \d+ bytes transferred/u);
    client.send("PWD\r\nQUIT\r\n");
    assert.ok((await buffer(data)).equals(BIG));
    const codes = [await client.reply(), await client.reply(), await client.reply()].map(
      (reply) => reply?.code,
    );
    assert.deepEqual(codes, [226, 257, 221]);
    assert.equal(await client.reply(), undefined);
  });

  for (const abort of ["ABOR\r\n", "PWD\r\nABOR\r\n", "\u00ff\u00f4\u00ff\u00f2ABOR\r\n"]) {
    // id: abor-during-transfer
    test(`${JSON.stringify(abort)} gets 426 and then 226`, async () => {
      await using world = await startServer();
      world.memory.put("/big", BIG);
      const client = await loggedIn(world);
      const data = await stuckDownload(client);
      data.on("error", () => {});
      client.send(Buffer.from(abort, "latin1"));
      assert.equal((await client.reply())?.code, 426);
      assert.equal((await client.reply())?.code, 226);
      if (abort.startsWith("PWD")) assert.equal((await client.reply())?.code, 257);
      assert.deepEqual((await client.download("NLST")).bytes.toString(), "big\r\n", "the session continues");
      assert.equal(world.counts.get("transferEnded Download Aborted"), 1);
    });
  }

  // id: telnet-synch
  test("ABOR is accepted with a Telnet Synch as urgent data, like ftplib of Python sends it", async () => {
    await using world = await startServer();
    world.memory.put("/big", BIG);
    const output = await run([
      "python3",
      "-c",
      `import ftplib, sys
ftp = ftplib.FTP()
ftp.connect('127.0.0.1', int(sys.argv[1]), timeout=10)
ftp.login('alice', 'secret')
ftp.voidcmd('TYPE I')
data = ftp.transfercmd('RETR /big')
data.recv(10)
print(ftp.abort())
data.close()
print(ftp.voidresp())
print(ftp.pwd())`,
      String(world.engine.controlPort),
    ]);
    assert.match(output, /^426 .*\n226 .*\n\/\n$/u);
  });

  test("a disconnect ends the transfer and discards an upload", async () => {
    await using world = await startServer();
    world.memory.put("/f", "old");
    const client = await loggedIn(world);
    const data = await client.passive();
    assert.equal(await client.code("STOR /f"), 150);
    data.write("half of the n");
    const cut = closed(data);
    data.on("error", () => {});
    client.duplex.destroy();
    await cut;
    assert.equal(world.memory.text("/f"), "old");
  });

  test("the end of input after QUIT does not end the transfer", async () => {
    await using world = await startServer();
    world.memory.put("/big", BIG);
    const client = await loggedIn(world);
    const data = await stuckDownload(client);
    client.duplex.end("QUIT\r\n");
    assert.ok((await buffer(data)).equals(BIG));
    assert.equal((await client.reply())?.code, 226);
    assert.equal((await client.reply())?.code, 221);
  });
});

describe("uploads", () => {
  test("a broken connection gets 426 and keeps the old file", async () => {
    await using world = await startServer();
    world.memory.put("/f", "old");
    const client = await loggedIn(world);
    const data = await client.passive();
    await client.command("STOR /f");
    data.write("new, but not all of it");
    await settle();
    data.resetAndDestroy();
    assert.equal((await client.reply())?.code, 426);
    assert.equal(world.memory.text("/f"), "old");
  });

  test("a full volume gets 452, closes the connection and keeps the old file", async () => {
    await using world = await startServer();
    world.memory.put("/f", "old");
    world.memory.writeError = new EngineError("NoSpace", "No space left");
    const client = await loggedIn(world);
    const data = await client.passive();
    await client.command("STOR /f");
    data.on("error", () => {});
    data.write(BIG);
    assert.deepEqual((await client.reply())?.lines, ["452 No space left."]);
    assert.equal(world.memory.text("/f"), "old");
  });

  // id: appe-allo
  test("STOR stores an empty file, which APPE and REST change", async () => {
    await using world = await startServer();
    const client = await loggedIn(world);
    assert.equal(await client.upload("STOR /f", ""), 226);
    assert.equal(world.memory.text("/f"), "");
    assert.equal(await client.upload("APPE /f", "0123"), 226);
    assert.equal(await client.upload("APPE /f", "4567"), 226);
    const data = await client.passive();
    assert.equal(await client.code("REST 2"), 350);
    assert.equal(await client.code("STOR /f"), 150);
    data.end("xy");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.text("/f"), "01xy");
  });

  // id: ascii-conversion
  test("TYPE A uses CRLF on the wire and LF in files, and rejects REST", async () => {
    await using world = await startServer();
    const client = await loggedIn(world);
    await client.command("TYPE A");
    assert.equal(await client.upload("STOR /t", "a\r\nb\rc\r\n"), 226);
    assert.equal(world.memory.text("/t"), "a\nb\rc\n");
    assert.equal((await client.download("RETR /t")).bytes.toString(), "a\r\nb\rc\r\n");
    await client.command("REST 1");
    assert.equal((await client.download("RETR /t")).code, 554);
  });
});

describe("passive mode", () => {
  // id: unknown-data-peer
  test("a connection of another client is dropped, and the reservation remains", async () => {
    await using world = await startServer({ passivePortCount: 1 });
    const client = await loggedIn(world);
    await client.command("EPSV");
    // The engine treats another loopback address as another client.
    const stranger = connect({ port: world.ports.first, host: "127.0.0.1", localAddress: "127.0.0.2" });
    stranger.on("error", () => {});
    await closed(stranger);
    assert.equal(world.counts.get("unmatchedConnection"), 1);
    const own = connect({ port: world.ports.first, host: "127.0.0.1" });
    assert.equal(await client.code("STOR /f"), 150);
    own.end("mine");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.text("/f"), "mine");
  });

  test("a second connection to a used reservation is dropped", async () => {
    await using world = await startServer({ passivePortCount: 1 });
    const client = await loggedIn(world);
    const first = await client.passive();
    const second = connect({ port: world.ports.first, host: "127.0.0.1" });
    second.on("error", () => {});
    await closed(second);
    await client.command("STOR /f");
    first.end("first");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.text("/f"), "first");
  });

  test("a missing connection gets 150 and 425, and releases the port", async () => {
    const clock = new ManualClock();
    await using world = await startServer({ clock, config: limits({ dataConnectTimeoutSeconds: 15 }) });
    const client = await loggedIn(world);
    await client.command("EPSV");
    assert.equal(await client.code("STOR /f"), 150);
    clock.advance(15_000);
    const reply = await client.reply();
    assert.equal(reply?.code, 425);
    assert.match(reply?.lines[0] ?? "", /within 15 s\.$/u);
    assert.equal(world.counts.get("passiveReservations"), 0);
    assert.equal(world.memory.text("/f"), undefined);
  });

  // id: slow-clients-2
  test("a stalled transfer ends at the timeout, and an active transfer continues", async () => {
    const clock = new ManualClock();
    await using world = await startServer({ clock, config: limits({ stalledTransferTimeoutSeconds: 60 }) });
    const client = await loggedIn(world);
    const data = await client.passive();
    data.on("error", () => {});
    assert.equal(await client.code("STOR /f"), 150);
    const moved = async (bytes: number): Promise<void> => {
      while (!(await client.command("STAT")).lines.join().includes(`${bytes} bytes`)) await settle();
    };
    await moved(0);
    for (let part = 1; part <= 5; part++) {
      data.write("x");
      await moved(part);
      clock.advance(59_000);
    }
    clock.advance(121_000);
    assert.equal((await client.reply())?.code, 426);
    assert.equal(world.memory.text("/f"), undefined);
  });

  test("active mode gets 425 for a port without a listener", async () => {
    await using world = await startServer({ config: { active: { mode: "Enabled" } } });
    const client = await loggedIn(world);
    assert.equal(await client.code("EPRT |1|127.0.0.1|1|"), 504);
    // Port 1025 is below the range of automatically assigned ports, so no other test uses it.
    assert.equal(await client.code("EPRT |1|127.0.0.1|1025|"), 200);
    assert.equal(await client.code("LIST"), 150);
    assert.equal((await client.reply())?.code, 425);
  });

  // id: shared-ports
  test("100 sessions of one address share 3 ports, and each transfers its own file", {
    timeout: 60_000,
  }, async () => {
    await using world = await startServer({ passivePortCount: 3 });
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    for (const number of numbers) world.memory.put(`/f${number}`, `content of ${number}`.repeat(1000));
    await Promise.all(
      numbers.map(async (number) => {
        const client = await loggedIn(world);
        for (let round = 0; round < 3; round++) {
          const { code, bytes } = await client.download(`RETR /f${number}`);
          assert.equal(code, 226);
          assert.equal(bytes.toString(), `content of ${number}`.repeat(1000));
        }
        assert.equal(await client.code("QUIT"), 221);
      }),
    );
    assert.equal(world.counts.get("passiveReservations"), 0);
  });
});
