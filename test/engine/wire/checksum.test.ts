import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { MAX_CHECKSUMS } from "../../../src/engine/services.ts";
import type { ControlClient } from "../../support/engine/control-client.ts";
import { slow } from "../../support/engine/slow-world.ts";
import { limits, settle, world } from "../../support/engine/world.ts";

/** Checksums of the text `hello`, computed with other programs. */
const SUMS: Record<string, string> = {
  "SHA-256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
  "SHA-512":
    "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043",
  "SHA-1": "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
  MD5: "5d41402abc4b2a76b9719d911017c592",
  CRC32: "3610a686",
};

const md5 = (content: string | Uint8Array): string => createHash("md5").update(content).digest("hex");

async function answers(client: ControlClient, script: readonly (readonly [string, string])[]): Promise<void> {
  for (const [line, expected] of script) {
    assert.deepEqual((await client.command(line)).lines, [expected], line);
  }
}

describe("HASH", () => {
  // id: hash
  test("supports every algorithm that OPTS HASH selects and FEAT shows", async () => {
    await using server = world();
    server.memory.put("/a b", "hello");
    const client = await server.client().login();
    await answers(client, [["OPTS HASH", "200 SHA-256"]]);
    for (const [algorithm, sum] of Object.entries(SUMS)) {
      await answers(client, [
        [`OPTS HASH ${algorithm.toLowerCase()}`, `200 ${algorithm}`],
        ["OPTS HASH", `200 ${algorithm}`],
        ["HASH a b", `213 ${algorithm} 0-4 ${sum} a b`],
      ]);
      const { lines } = await client.command("FEAT");
      const line = lines.find((feature) => feature.startsWith(" HASH")) ?? "";
      assert.deepEqual(line.match(/[^ ;]+\*/gu), [`${algorithm}*`]);
    }
    await answers(client, [
      ["OPTS HASH SHA-3", "501 Only SHA-256, SHA-512, SHA-1, MD5, CRC32 are supported."],
      ["OPTS HASH", "200 CRC32"],
    ]);
    await client.command("REIN");
    await client.command("USER alice");
    await client.command("PASS secret");
    await answers(client, [["OPTS HASH", "200 SHA-256"]]);
  });

  test("accepts empty files and parts, and rejects directories and missing files", async () => {
    await using server = world();
    server.memory.put("/f", "0123456789");
    server.memory.put("/empty", "");
    const client = await server.client().login();
    await client.command("OPTS HASH MD5");
    await answers(client, [
      ["HASH nowhere", "550 No such file or directory."],
      ["HASH /", "550 Is a directory."],
      ["HASH empty", `213 MD5 0-0 ${md5("")} empty`],
      ["RANG 2 5", "350 Range accepted (2-5)."],
      ["HASH f", `213 MD5 2-5 ${md5("2345")} f`],
      ["HASH f", `213 MD5 0-9 ${md5("0123456789")} f`],
      ["RANG 8 100", "350 Range accepted (8-100)."],
      ["HASH f", `213 MD5 8-9 ${md5("89")} f`],
      ["RANG 11 12", "350 Range accepted (11-12)."],
      ["HASH f", "554 Restart position is after the end of the file (10 bytes)."],
    ]);
  });

  test("reads a large file in small chunks", async () => {
    await using server = world();
    const content = randomBytes(3_000_017);
    server.memory.put("/big", content);
    const client = await server.client().login();
    const sum = createHash("sha256").update(content).digest("hex");
    await answers(client, [["HASH big", `213 SHA-256 0-3000016 ${sum} big`]]);
  });

  test("applies limits.checksumBytes to the size of the part", async () => {
    await using server = world(limits({ checksumBytes: 4 }));
    server.memory.put("/f", "hello");
    const client = await server.client().login();
    await answers(client, [
      ["HASH f", "552 Checksums are limited to 4 bytes."],
      ["XMD5 f", "552 Checksums are limited to 4 bytes."],
      ["XMD5 f 1", `250 ${md5("ello").toUpperCase()}`],
    ]);
  });

  // id: stored-checksum
  test("answers with the stored checksum of the complete file, regardless of its size", async () => {
    await using server = world(limits({ checksumBytes: 4 }));
    server.memory.put("/f", "hello");
    server.memory.digests = new Map([["CRC32", "00000001"]]);
    const client = await server.client().login();
    await answers(client, [
      ["XCRC f", "250 00000001"],
      ['XCRC "f" 0 5', "250 00000001"],
      ["XMD5 f", "552 Checksums are limited to 4 bytes."],
      ["OPTS HASH CRC32", "200 CRC32"],
      ["HASH f", "213 CRC32 0-4 00000001 f"],
      ["RANG 1 4", "350 Range accepted (1-4)."],
      ["HASH f", `213 CRC32 1-4 ${crc32("ello").toString(16)} f`],
    ]);
  });

  test("fails when the file becomes shorter during the command", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const openRead = server.memory.openRead.bind(server.memory);
    server.memory.openRead = async (path) => {
      const handle = await openRead(path);
      return { ...handle, entry: { ...handle.entry, size: 6 } };
    };
    const client = await server.client().login();
    await answers(client, [["HASH f", "426 The file became shorter during the transfer."]]);
  });
});

// id: xcrc
test("XCRC, XMD5 and XSHA commands accept quotes, positions and names that end in numbers", async () => {
  await using server = world();
  for (const name of ["f", "a b", "report 2 3", 'quo"te'])
    server.memory.put(`/${name}`, name === "f" ? "hello" : name);
  const client = await server.client().login();
  const upper = (algorithm: string): string => `250 ${SUMS[algorithm]?.toUpperCase()}`;
  const sum = (text: string): string => `250 ${md5(text).toUpperCase()}`;
  await answers(client, [
    ['XCRC "f"', upper("CRC32")],
    ["XMD5 f", upper("MD5")],
    ["XSHA1 /f", upper("SHA-1")],
    ['XSHA256 "/f"', upper("SHA-256")],
    ["XSHA512 f", upper("SHA-512")],
    ['XMD5 "f" 1', sum("ello")],
    ['XMD5 "f" 1 3', sum("el")],
    ["XMD5 f 1 3", sum("el")],
    ['XMD5 "f" 0 99', sum("hello")],
    ['XMD5 "f" 5', sum("")],
    ['XMD5 "a b"', sum("a b")],
    ["XMD5 a b", sum("a b")],
    ["XMD5 report 2 3", sum("report 2 3")],
    ['XMD5 "quo""te"', sum('quo"te')],
    ['XMD5 quo"te', sum('quo"te')],
    ['XMD5 "f" 6', "554 Restart position is after the end of the file (5 bytes)."],
    ['XMD5 "f" 3 1', '501 Syntax: "<file>" [<start> [<end>]]'],
    ["XMD5 f 3 1", '501 Syntax: "<file>" [<start> [<end>]]'],
    ['XMD5 "f" x', '501 Syntax: "<file>" [<start> [<end>]]'],
    ['XMD5 "f', '501 Syntax: "<file>" [<start> [<end>]]'],
    ["XMD5 nowhere", "550 No such file or directory."],
    ["XMD5 nowhere 1 2", "550 No such file or directory."],
  ]);
});

describe("a checksum in progress", () => {
  test("permits NOOP and STAT, and delays other commands", async () => {
    await using server = slow();
    const client = await server.client().login();
    client.send("HASH f\r\nPWD\r\n");
    client.send("NOOP\r\n");
    await settle();
    assert.equal(server.open(), 1);
    server.proceed();
    const codes = [await client.reply(), await client.reply(), await client.reply()];
    assert.deepEqual(
      codes.map((reply) => reply?.code),
      [213, 257, 200],
      "in order, when one that waits came first",
    );
    assert.equal(server.open(), 0);
  });

  test("is reported by STAT, and its session is not idle", async () => {
    await using server = slow();
    const client = await server.client().login();
    client.send("HASH f\r\n");
    assert.equal(await client.code("NOOP"), 200);
    assert.ok((await client.command("STAT")).lines.includes(" Checksum in progress"));
    server.clock.advance(10_000_000);
    server.proceed();
    assert.equal((await client.reply())?.code, 213);
    assert.ok(!(await client.command("STAT")).lines.includes(" Checksum in progress"));
  });

  test("ends with 426 and 226 on ABOR, and the session continues", async () => {
    await using server = slow();
    const client = await server.client().login();
    client.send("HASH f\r\nPWD\r\nABOR\r\n");
    await settle();
    server.proceed();
    const replies = [await client.reply(), await client.reply(), await client.reply()];
    assert.deepEqual(
      replies.map((reply) => reply?.code),
      [426, 226, 257],
    );
    assert.equal(server.open(), 0);
  });

  test("ends with its session", async () => {
    await using server = slow();
    const client = await server.client().login();
    client.send("HASH f\r\n");
    await settle();
    client.duplex.destroy();
    server.proceed();
    await settle();
    assert.equal(server.open(), 0);
    assert.equal(server.engine.sessions.size, 0);
  });

  test(`waits while ${MAX_CHECKSUMS} others run, and leaves the queue on ABOR`, async () => {
    await using server = slow();
    const clients = await Promise.all(
      Array.from({ length: MAX_CHECKSUMS + 2 }, () => server.client().login()),
    );
    for (const client of clients) {
      client.send("HASH f\r\n");
      await settle();
    }
    assert.equal(server.open(), MAX_CHECKSUMS);
    const inLine = clients[MAX_CHECKSUMS]!;
    assert.equal((await inLine.command("ABOR")).code, 426);
    assert.equal((await inLine.reply())?.code, 226);
    assert.equal(server.open(), MAX_CHECKSUMS);
    server.proceed();
    for (const client of clients) if (client !== inLine) assert.equal((await client.reply())?.code, 213);
    assert.equal(await inLine.code("HASH f"), 213, "the command is not lost");
    assert.equal(server.open(), 0);
  });
});
