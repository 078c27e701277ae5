/** Tests file names that are not UTF-8. The engine must store and list the bytes that the client sent. */
import assert from "node:assert/strict";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { SessionList } from "../../../src/engine/admin/session-list.ts";
import { SITE_COMMANDS } from "../../../src/engine/commands/site.ts";
import { COMMANDS } from "../../../src/engine/commands/table.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { diskWorld, type DiskWorld } from "../../support/engine/disk-world.ts";

/** Converts each character to one byte. */
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
/** Doubles each 0xFF byte, as required on a control connection (RFC 854). */
const doubled = (text: string): string => text.replaceAll("\xff", "\xff\xff");

const NAMES: Readonly<Record<string, string>> = {
  "Latin-1": "caf\xe9",
  "one byte": "\x80",
  "the byte 0xFF": "\xff a \xff\xfe\xff",
  "an overlong slash": "\xc0\xaf",
  "an overlong dot, twice": "\xc0\xae\xc0\xae",
  "an encoded surrogate": "\xed\xb2\x80",
  "a cut character": "x\xe2\x82",
  "UTF-8 and Latin-1": "\xc3\xa9\xe9",
  "C1 control bytes, which end no line": "a\x85\x9bb",
  "quotes and spaces": ' \xe9 "q" ',
};

/**
 * All commands that accept a path, each with its expected reply. `{d}` is a directory, `{f}` is a file in this
 * directory, and `{q}` is the path of the directory with doubled quotes. A line with `>` uploads data, and a line with
 * `<` contains the expected bytes from the data connection. An asterisk matches any text.
 */
const SCRIPT: readonly (readonly [line: string, answer: string])[] = [
  ["MKD {d}", '257 "/{q}" created'],
  ["CWD {d}", '250 Directory changed to "/{q}".'],
  ["PWD", '257 "/{q}" is the current directory'],
  ["XPWD", '257 "/{q}" is the current directory'],
  ["> STOR {f}", "226"],
  ["> APPE {f}", "226"],
  ["< RETR {f}", "texttext"],
  ["< RETR /{d}/{f}", "texttext"],
  ["SIZE {f}", "213 8"],
  ["MFMT 20250102030405 {f}", "213 Modify=20250102030405; /{d}/{f}"],
  ["MDTM {f}", "213 20250102030405"],
  ["MDTM 20250102030406 {f}", "213 20250102030406"],
  ["MFCT 20250102030405 {f}", "504 Creation times cannot be set; use MFMT."],
  ["MFF UNIX.mode=0604; {f}", "213 UNIX.mode=0604; /{d}/{f}"],
  ["MLST {f}", "250-Start of list:\n Type=file;Size=8;*;UNIX.mode=0604; /{d}/{f}\n250 End of list."],
  ["STAT {f}", "213-Status follows:\n -rw----r-- * {f}\n213 End of status."],
  ["STAT /{d}", "212-Status follows:\n -rw----r-- * {f}\n212 End of status."],
  ["< NLST", "{f}\r\n"],
  ["< NLST /{d}", "/{d}/{f}\r\n"],
  ["< LIST {f}", "-rw----r-- * {f}\r\n"],
  ["< LIST /{d}/{f}", "-rw----r-- * {f}\r\n"],
  ["< MLSD /{d}", "Type=file;*; {f}\r\n"],
  ["SITE CHMOD 640 {f}", "200 SITE CHMOD command successful."],
  ["SITE UTIME 20250102030405 {f}", "200 SITE UTIME command successful."],
  ["SITE UTIME {f} 1 20250102030407 1 UTC", "200 SITE UTIME command successful."],
  ["HASH {f}", "213 SHA-256 0-7 * {f}"],
  ["XCRC {f}", "250 *"],
  ["XMD5 {f} 0 4", "250 1CB251EC0D568DE6A929B520C4AED8D1"],
  ["XSHA1 /{d}/{f}", "250 *"],
  ["XSHA256 {f}", "250 *"],
  ["XSHA512 {f}", "250 *"],
  ["SITE CPFR {f}", "350 File exists, ready for destination name."],
  ["SITE CPTO {f}.copy", "250 Copy successful."],
  ["RNFR {f}.copy", "350 Ready for RNTO."],
  ["RNTO {d}", "250 Rename successful."],
  ["DELE {d}", "250 Delete operation successful."],
  ["AVBL /{d}", "213 *"],
  ["STOU {f}", "150 FILE: {f}.*"],
  ["DELE {f}", "250 Delete operation successful."],
  ["SIZE {f}", "550 No such file or directory."],
  ["XCUP", '250 Directory changed to "/".'],
  ["XCWD {d}", '250 Directory changed to "/{q}".'],
  ["CDUP", '250 Directory changed to "/".'],
  ["RMD {d}", "550 Directory not empty*"],
  ["XMKD {d}/{d}", '257 "/{q}/{q}" created'],
  ["XRMD {d}/{d}", "250 Remove directory operation successful."],
  ["SMNT {d}", "502 SMNT not implemented; use CWD."],
];

describe("a name that is not UTF-8", () => {
  let world: DiskWorld;
  let client: ControlClient;

  before(async () => {
    world = await diskWorld();
    client = await bytewise();
  });
  after(() => world[Symbol.asyncDispose]());

  /** Returns a client that sends and receives each character as one byte. */
  async function bytewise(): Promise<ControlClient> {
    const session = await ControlClient.overTcp(world.server.engine, undefined, "latin1");
    await session.login();
    await session.command("TYPE I");
    return session;
  }

  const onDisk = async (): Promise<string[]> =>
    (await readdir(world.home, { encoding: "buffer" })).map((name) => name.toString("latin1"));
  const at = (name: string): Buffer => latin1(`${world.home}/${name}`);
  const empty = (): Promise<unknown> =>
    onDisk().then((names) => Promise.all(names.map((name) => rm(at(name), { recursive: true }))));

  async function answerTo(line: string): Promise<string> {
    if (line.startsWith("> ")) return String(await client.upload(doubled(line.slice(2)), "text"));
    if (line.startsWith("< ")) {
      return (await client.download(doubled(line.slice(2)))).bytes.toString("latin1");
    }
    if (line.startsWith("STOU")) {
      const data = await client.passive();
      const { lines } = await client.command(doubled(line));
      data.end();
      assert.equal((await client.reply())?.code, 226);
      return lines.join("\n");
    }
    return (await client.command(doubled(line))).lines.join("\n");
  }

  // id: utf-8
  for (const [what, name] of Object.entries(NAMES))
    test(`works with every command: ${what}`, async () => {
      const named = (text: string): string =>
        text
          .replaceAll("{f}", `${name}.f`)
          .replaceAll("{q}", name.replaceAll('"', '""'))
          .replaceAll("{d}", name);
      for (const [line, expected] of SCRIPT) {
        const wire = line.startsWith("< ") ? named(expected) : doubled(named(expected));
        assert.match(await answerTo(named(line)), likeGlob(wire), line);
      }
      assert.deepEqual(await onDisk(), [name]);
      await empty();
    });

  test("is tested with every command that has a path", () => {
    const all = [...COMMANDS.values(), ...SITE_COMMANDS.values()];
    const withPath = all.filter(({ syntax }) =>
      /<(?:file|path|directory|beginning of the name)>/u.test(syntax),
    );
    assert.ok(withPath.length > 30);
    const tried = new Set(SCRIPT.map(([line]) => line.replace(/^(?:[<>] )?(?:SITE )?(\w+).*$/u, "$1")));
    assert.deepEqual(
      withPath.map(({ verb }) => verb).filter((verb) => !tried.has(verb)),
      [],
    );
  });

  test("matches a pattern in which ? matches one of its bytes", async () => {
    await writeFile(at("caf\xe9"), "");
    await writeFile(at("caf\xff"), "");
    await writeFile(at("caf\xc3\xa9"), "");
    const names = async (pattern: string): Promise<string[]> =>
      (await client.download(`NLST ${pattern}`)).bytes
        .toString("latin1")
        .split("\r\n")
        .slice(0, -1)
        .toSorted();
    assert.deepEqual(await names("caf?"), ["caf\xc3\xa9", "caf\xe9", "caf\xff"]);
    assert.deepEqual(await names("*\xe9"), ["caf\xe9"]);
    assert.deepEqual(await names("caf\xff\xff"), ["caf\xff"]);
    await empty();
  });

  test("with 0xFF is accepted from clients that do not double the byte", async () => {
    // In Windows-1251, 0xFF is a common letter in Russian names.
    const name = "\xe7\xe5\xec\xeb\xff \xff\xf0\xfe";
    assert.equal(await client.upload(`STOR ${name}`, "text"), 226);
    assert.deepEqual(await onDisk(), [name]);
    assert.equal(await client.code(`DELE ${name}`), 250);
    assert.deepEqual(await onDisk(), []);
  });

  test("is different from the name in UTF-8 that looks the same", async () => {
    for (const name of ["\xe9", "\xc3\xa9", "\xef\xbf\xbd", "?"])
      assert.equal(await client.upload(`STOR ${name}`, latin1(name)), 226);
    assert.deepEqual((await onDisk()).toSorted(), ["?", "\xc3\xa9", "\xe9", "\xef\xbf\xbd"]);
    const { bytes } = await client.download("NLST");
    assert.deepEqual(
      bytes.toString("latin1").split("\r\n").slice(0, -1).toSorted(),
      (await onDisk()).toSorted(),
    );
    for (const name of await onDisk()) {
      assert.equal((await client.download(`RETR ${name}`)).bytes.toString("latin1"), name);
      assert.equal(await client.code(`DELE ${name}`), 250);
    }
  });

  test("is accepted up to 255 bytes", async () => {
    const name = "\xe9".repeat(255);
    assert.equal(await client.upload(`STOR ${name}`, "text"), 226);
    assert.equal(await client.upload(`STOR ${name}\xe9`, "text"), 553);
    assert.equal(await client.code(`DELE ${name}`), 250);
  });

  // id: forged-lines-3
  test("is escaped in the log and for administrators", async () => {
    const { server } = world;
    assert.equal(await client.code("MKD \xe9\x85"), 257);
    assert.equal(await client.code("CWD \xe9\x85"), 250);
    assert.equal(await client.upload("STOR \xe4\xff\xff", "text"), 226);
    const transfer = server.log.entries.findLast(({ message }) => message === "transfer")?.fields ?? {};
    assert.ok("path" in transfer);
    assert.equal(transfer.path, "/\\xE9\\x85/\\xE4\\xFF");
    const views = new SessionList(server.engine.sessions, server.engine.services.clock).views();
    assert.ok(views.some(({ directory }) => directory === "/\\xE9\\x85"));
    assert.ok(JSON.stringify(views).isWellFormed());
    assert.equal(await client.code("CLNT \xe9\xf0\x9f\x98"), 200);
    assert.doesNotMatch(JSON.stringify(server.log.entries), /\\ud/iu);
    await client.command("CWD /");
    await empty();
  });

  test("is rejected as a user name and as a password", async () => {
    const other = await ControlClient.overTcp(world.server.engine, undefined, "latin1");
    await other.reply();
    assert.equal(await other.code("USER alic\xe9"), 331);
    assert.equal(await other.code("PASS secret"), 530);
    assert.equal(await other.code("USER alice"), 331);
    assert.equal(await other.code("PASS secret\xe9"), 530);
    assert.equal(await other.code("USER alice"), 331);
    assert.equal(await other.code("PASS secret"), 230);
    const users = world.server.log.entries.map(({ fields }) => ("user" in fields ? fields.user : undefined));
    assert.ok(users.includes("alic\\xE9"));
    await other.command("QUIT");
  });

  // id: hidden-names-3
  test("is listed and removed with its directory when another program has created it", async () => {
    await mkdir(at("old\xe9/\xff"), { recursive: true });
    await writeFile(at("old\xe9/r\xe9sum\xe9.txt"), "x");
    for (const line of ["LIST old\xe9", "NLST old\xe9", "MLSD old\xe9"]) {
      const text = (await client.download(line)).bytes.toString("latin1");
      assert.match(text, /\xff\r\n/u, line);
      assert.match(text, /r\xe9sum\xe9\.txt\r\n/u, line);
    }
    assert.equal(await client.code("DELE old\xe9/r\xe9sum\xe9.txt"), 250);
    assert.equal(await client.code("RMD old\xe9/\xff\xff"), 250);
    assert.equal(await client.code("RMD old\xe9"), 250);
    assert.deepEqual(await onDisk(), []);
  });
});

/** Returns a regular expression in which each asterisk matches any text within a line. */
function likeGlob(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "u");
}
