/**
 * Property tests for command arguments. The engine must parse or reject every input, and must return valid input
 * unchanged.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { encodeText } from "../../../src/common/escaped-bytes.ts";
import { parseOffset } from "../../../src/engine/protocol/byte-range.ts";
import { parseMode, parseTimeValue, timeValue } from "../../../src/engine/protocol/facts.ts";
import { parseExtendedPort, parsePort } from "../../../src/engine/protocol/data-port.ts";
import { DIGEST_ALGORITHMS } from "../../../src/engine/transfer/digest.ts";
import type { ControlClient } from "../../support/engine/control-client.ts";
import { settle, world, type World } from "../../support/engine/world.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const CLIENT = "192.0.2.1";

/** Valid arguments for each verb. */
const VALID: Readonly<Record<string, readonly string[]>> = {
  PORT: ["192,0,2,1,4,1", "192,0,2,1,255,255"],
  EPRT: ["|1|192.0.2.1|1025|", "!2!2001:db8::1!65535!"],
  EPSV: ["", "1", "2", "ALL"],
  REST: ["0", "9007199254740991"],
  RANG: ["0 0", "1 0", "3 9007199254740991"],
  OPTS: ["UTF8 ON", "MLST Type;Size;", "HASH SHA-256", "MODE Z LEVEL 9"],
  MFF: ["Modify=20200229120000; f", "UNIX.mode=644;Modify=20200229120000.5; f"],
  MFMT: ["20200229120000 f", "19700101000000.001 /d/f"],
  MFCT: ["20200229120000 f"],
  MDTM: ["f", "20200229120000 f", "/d/../f"],
  HASH: ["f", "/d/f"],
  XCRC: ["f", '"f" 0 1', "f 1 2", '"a""b" 3'],
  XMD5: ['"f"', "f 0"],
  SITE: [
    "CHMOD 644 f",
    "UTIME 20200229120000 f",
    "UTIME f 1 20200229120000 1 UTC",
    "HELP CHMOD",
    "UMASK 027",
    "IDLE 60",
    "CPFR f",
    "CPTO g",
  ],
  AUTH: ["TLS", "TLS-P"],
  PBSZ: ["0"],
  PROT: ["P", "C"],
  TYPE: ["A N", "I", "L 8"],
  MODE: ["S", "Z"],
  STRU: ["F"],
  ALLO: ["10", "10 R 20"],
  HOST: ["example.org", "[192.0.2.1]", "[2001:db8::1]"],
  LANG: ["EN"],
  CSID: ["Name=x;Version=1;"],
  STAT: ["", "f", "-la /d"],
  SIZE: ["f"],
  MLST: ["", "/d"],
  CWD: ["/d", "..", "."],
  RNFR: ["f"],
  AVBL: ["", "/d"],
  HELP: ["", "RETR"],
};

/** Characters with a special meaning for parsers. */
const hurting = fc.constantFrom(
  ...'0123456789,|!;= "\\/.-:[]*?\u00a0é\u{1F600}\u0000\t\uFFFF\udc80\udce9\udcff'.split(""),
  "9".repeat(40),
);

/** Generates valid arguments in which some characters are removed, inserted or replaced. */
function mutated(valid: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), put: hurting, cut: fc.nat(3) });
  return fc.tuple(fc.constantFrom(...valid), fc.array(edit, { maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((now, { at, put, cut }) => {
      const index = Math.floor(at * now.length);
      return now.slice(0, index) + put + now.slice(index + cut);
    }, text),
  );
}

const ALL = Object.values(VALID).flat();
const anything = fc.oneof(mutated(ALL), fc.string({ unit: "binary" }), fc.string({ maxLength: 3000 }));

describe("parsers", () => {
  const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
    PORT: parsePort,
    EPRT: parseExtendedPort,
    "an offset": parseOffset,
    "a time": parseTimeValue,
    "a mode": parseMode,
  };
  for (const [name, parse] of Object.entries(PARSERS)) {
    test(`the parser of ${name} returns a value or undefined for any text and never throws`, () =>
      fc.assert(
        fc.property(anything, (text) => void parse(text)),
        { numRuns: RUNS },
      ));
  }

  test("the parsers of PORT and EPRT return the address and the port of a valid argument", () =>
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.integer({ min: 0, max: 65_535 }), (four, six, port) => {
        const numbers = [...four.split("."), port >> 8, port & 0xff].join();
        assert.deepEqual(parsePort(numbers), { address: four, port });
        assert.deepEqual(parseExtendedPort(`|1|${four}|${port}|`), { address: four, port });
        assert.deepEqual(parseExtendedPort(`!2!${six}!${port}!`), { address: six, port });
      }),
    ));

  test("the parsers of PORT and EPRT accept only an address and a port between 0 and 65535", () =>
    fc.assert(
      fc.property(mutated([...(VALID["PORT"] ?? []), ...(VALID["EPRT"] ?? [])]), (text) => {
        for (const target of [parsePort(text), parseExtendedPort(text)]) {
          if (target === undefined || target === "Unsupported") continue;
          assert.ok(Number.isInteger(target.port) && target.port >= 0 && target.port <= 65_535, text);
          assert.match(target.address, /^[\da-f.:]+(%.*)?$/iu, text);
        }
      }),
      { numRuns: RUNS * 10 },
    ));

  test("the parsers of times, offsets and modes return the formatted values", () => {
    const date = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.maxSafeNat(), fc.integer({ min: 0, max: 0o777 }), (date, offset, mode) => {
        const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
        assert.deepEqual(parseTimeValue(timeValue(date)), whole);
        assert.equal(parseOffset(String(offset)), offset);
        assert.equal(parseMode(mode.toString(8).padStart(3, "0")), mode);
      }),
    );
  });
});

/** Opens a session in an engine that stores a file `f` and a directory `d`. */
async function session(): Promise<{ server: World; client: ControlClient }> {
  const server = world({ active: { mode: "Enabled" } });
  server.memory.put("/f", "hello");
  server.memory.put("/d/f", "other");
  server.memory.directories.add("/d");
  return { server, client: await server.client(CLIENT).login() };
}

describe("commands", () => {
  for (const [verb, valid] of Object.entries(VALID)) {
    test(`${verb} gets one reply for any argument, and never an internal error`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.oneof(mutated(valid), anything), { maxLength: 10 }), async (texts) => {
          const { server, client } = await session();
          await using _ = server;
          for (const text of texts) {
            client.send(encodeText(`${verb} ${text.replaceAll(/[\r\n]/gu, "")}\r\n`));
            const answer = await client.reply();
            assert.ok(answer !== undefined && answer.code >= 200 && answer.code < 600, text);
            assert.notEqual(answer.code, 451, text);
          }
          assert.equal(await client.code("NOOP"), 200);
          assert.ok(!server.log.entries.some(({ level }) => level === "error"));
        }),
        { numRuns: Math.ceil(RUNS / 10) },
      );
    });
  }

  test("commands report the values that were set", async () => {
    const { server, client } = await session();
    await using _ = server;
    const date = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });
    const mode = fc.integer({ min: 0, max: 0o777 }).map((mode) => `0${mode.toString(8).padStart(3, "0")}`);
    await fc.assert(
      fc.asyncProperty(date, mode, fc.constantFrom(...DIGEST_ALGORITHMS), async (date, mode, digest) => {
        const time = timeValue(date);
        assert.equal(await client.code(`MFF Modify=${time};UNIX.mode=${mode}; f`), 213);
        assert.deepEqual((await client.command("MDTM f")).lines, [`213 ${time}`]);
        assert.match((await client.command("MLST f")).lines.join(), new RegExp(`UNIX\\.mode=${mode};`, "u"));
        await client.command(`OPTS HASH ${digest}`);
        assert.deepEqual((await client.command("OPTS HASH")).lines, [`200 ${digest}`]);
      }),
      { numRuns: 50 },
    );
  });

  test("HASH computes the checksum of the part that REST or RANG selects", async () => {
    const { server, client } = await session();
    await using _ = server;
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.nat(4), async (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        assert.equal(await client.code(`RANG ${first} ${last}`), first === 1 && last === 0 ? 501 : 350);
        assert.match((await client.command("HASH f")).lines[0] ?? "", new RegExp(` ${first}-${last} `, "u"));
        assert.equal(await client.code(`REST ${first}`), 350);
        assert.match((await client.command("HASH f")).lines[0] ?? "", new RegExp(` ${first}-4 `, "u"));
      }),
      { numRuns: 30 },
    );
  });

  test("a session reserves at most one passive port for any order of commands", async () => {
    const port = fc.integer({ min: 1024, max: 65_535 });
    const line = fc.oneof(
      fc.constantFrom("PASV", "EPSV", "REIN"),
      port.map((port) => `EPRT |1|${CLIENT}|${port}|`),
      port.map((port) => `PORT ${CLIENT.replaceAll(".", ",")},${port >> 8},${port & 0xff}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        const { server, client } = await session();
        await using _ = server;
        for (const line of lines) {
          const { code } = await client.command(line);
          if (code === 530) continue;
          const passive = code === 227 || code === 229;
          assert.equal(server.counts.get("passiveReservations") ?? 0, passive ? 1 : 0, line);
        }
        client.duplex.destroy();
        await settle();
        assert.equal(server.counts.get("passiveReservations") ?? 0, 0);
      }),
      { numRuns: RUNS },
    );
  });
});
