import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync, inflateSync } from "node:zlib";
import { run } from "../../cluster/run.ts";
import { closed, ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";

const TEXT = "one line of a file\n".repeat(10_000);

async function inModeZ({ engine }: TestServer): Promise<ControlClient> {
  const client = await (await ControlClient.overTcp(engine)).login();
  await client.command("TYPE I");
  await client.command("MODE Z");
  return client;
}

async function unpacked(client: ControlClient, line: string): Promise<string> {
  const { code, bytes } = await client.download(line);
  assert.equal(code, 226, line);
  return inflateSync(bytes).toString();
}

describe("MODE Z", () => {
  test("is set by MODE, configured by OPTS, shown by STAT and reset by REIN", async () => {
    await using world = await startServer();
    const client = await inModeZ(world);
    for (const [line, expected] of [
      ["MODE Z", "200 Mode set to Z."],
      ["mode s", "200 Mode set to S."],
      ["MODE z", "200 Mode set to Z."],
      ["MODE B", "504 Only MODE S and MODE Z are supported."],
      ["OPTS MODE Z LEVEL 9", "200 MODE Z LEVEL set to 9."],
      ["OPTS mode z level 0", "200 MODE Z LEVEL set to 0."],
      ["OPTS MODE Z LEVEL 10", "501 Only OPTS MODE Z LEVEL 0 to 9 is supported."],
      ["OPTS MODE Z", "501 Only OPTS MODE Z LEVEL 0 to 9 is supported."],
      ["OPTS MODE Z ENGINE ZLIB", "501 Only OPTS MODE Z LEVEL 0 to 9 is supported."],
    ] as const) {
      assert.deepEqual((await client.command(line)).lines, [expected], line);
    }
    assert.ok((await client.command("STAT")).lines.includes(" TYPE I, MODE Z, STRU F"));
    await client.command("REIN");
    await client.command("USER alice");
    await client.command("PASS secret");
    assert.ok((await client.command("STAT")).lines.includes(" TYPE A, MODE S, STRU F"));
  });

  // id: mode-z
  test("compresses downloads and listings, and the log counts bytes on the wire", async () => {
    await using world = await startServer();
    world.memory.put("/f", TEXT);
    const client = await inModeZ(world);
    assert.equal(await unpacked(client, "RETR /f"), TEXT);
    const bytes = world.log.movedBytes;
    assert.ok(bytes > 100 && bytes < 2000, String(bytes));
    assert.equal(await unpacked(client, "NLST"), "f\r\n");
    assert.match(await unpacked(client, "LIST"), / f\r\n$/u);
    assert.match(await unpacked(client, "MLSD"), /; f\r\n$/u);
    await client.command("OPTS MODE Z LEVEL 0");
    assert.ok((await client.download("RETR /f")).bytes.length > TEXT.length);
    await client.command("MODE S");
    assert.equal((await client.download("RETR /f")).bytes.toString(), TEXT);
  });

  test("decompresses uploads, and REST and RANG count bytes of the file", async () => {
    await using world = await startServer();
    const client = await inModeZ(world);
    assert.equal(await client.upload("STOR /f", deflateSync(TEXT)), 226);
    assert.equal(world.memory.text("/f"), TEXT);
    assert.equal(await client.upload("APPE /f", deflateSync("more")), 226);
    assert.equal(world.memory.text("/f"), `${TEXT}more`);
    await client.command("STOR /g");
    world.memory.put("/g", "0123456789");
    await client.command("REST 7");
    assert.equal(await unpacked(client, "RETR /g"), "789");
    await client.command("RANG 2 4");
    assert.equal(await unpacked(client, "RETR /g"), "234");
    const data = await client.passive();
    await client.command("REST 5");
    await client.command("STOR /g");
    data.end(deflateSync("xyz"));
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.text("/g"), "01234xyz");
    await client.command("TYPE A");
    assert.equal(await client.upload("STOR /t", deflateSync("a\r\nb\r\n")), 226);
    assert.equal(world.memory.text("/t"), "a\nb\n");
    assert.equal(await unpacked(client, "RETR /t"), "a\r\nb\r\n");
  });

  const whole = deflateSync(TEXT);
  for (const [what, bytes] of [
    ["nothing", ""],
    ["half a stream", whole.subarray(0, whole.length / 2)],
    ["all but the last byte", whole.subarray(0, -1)],
    ["a stream and more", Buffer.concat([whole, Buffer.from("more")])],
    ["plain text", TEXT],
  ] as const) {
    test(`rejects an upload of ${what} with 426 and keeps the old file`, async () => {
      await using world = await startServer();
      world.memory.put("/f", "old");
      const client = await inModeZ(world);
      const data = await client.passive();
      data.on("error", () => {});
      await client.command("STOR /f");
      data.end(bytes);
      assert.equal((await client.reply())?.code, 426);
      assert.equal(world.memory.text("/f"), "old");
      assert.equal(world.counts.get("transferEnded Upload Failed"), 1);
    });
  }

  test("ends transfers of both directions on ABOR and on a disconnect", async () => {
    await using world = await startServer();
    world.memory.put("/big", Buffer.alloc(200_000_000));
    const client = await inModeZ(world);
    await client.command("OPTS MODE Z LEVEL 0");
    for (const line of ["RETR /big", "STOR /new"]) {
      const data = await client.passive();
      data.on("error", () => {});
      data.write(whole.subarray(0, 100));
      assert.equal(await client.code(line), 150);
      await settle();
      assert.equal(await client.code("ABOR"), 426);
      assert.equal((await client.reply())?.code, 226);
    }
    const data = await client.passive();
    data.on("error", () => {});
    const cut = closed(data);
    data.resume();
    assert.equal(await client.code("STOR /new"), 150);
    data.write(whole.subarray(0, 100));
    await settle();
    client.duplex.destroy();
    await cut;
    while (world.engine.sessions.size > 0) await settle();
    assert.equal(world.memory.text("/new"), undefined);
  });
});

test("zlib of Python is compatible with MODE Z in both directions", async () => {
  await using world = await startServer();
  const output = await run([
    "python3",
    "-c",
    `import ftplib, io, sys, zlib
ftp = ftplib.FTP()
ftp.connect('127.0.0.1', int(sys.argv[1]), timeout=10)
ftp.login('alice', 'secret')
print(ftp.sendcmd('MODE Z'))
content = b'content ' * 100000
print(ftp.storbinary('STOR /f', io.BytesIO(zlib.compress(content))))
parts = []
ftp.retrbinary('RETR /f', parts.append)
print(zlib.decompress(b''.join(parts)) == content, len(b''.join(parts)) < 10000)`,
    String(world.engine.controlPort),
  ]);
  assert.equal(output, "200 Mode set to Z.\n226 Transfer complete.\nTrue True\n");
  assert.equal(world.memory.text("/f")?.length, 800_000);
});
