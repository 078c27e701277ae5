/**
 * Tests how TLS connections end. An upload is complete only after a close_notify. A TLS error ends the connection.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../../cluster/wait.ts";
import type { GenuineRecords } from "../../support/engine/genuine-records.ts";
import { closed, ControlClient } from "../../support/engine/control-client.ts";
import { testConfig } from "../../support/engine/server.ts";
import { startTlsServer, FtpsClient, type TlsServer } from "../../support/engine/tls-world.ts";
import {
  CLEAR_CLOSE_NOTIFY,
  forged,
  wiredClient,
  wiredClientTo,
  type WiredClient,
} from "../../support/engine/tls-wire.ts";

const TEXT = "what was sent";
const CUT = "426 The upload ended without a TLS close_notify.";
const FAILED = /^426 TLS failed: /u;
const COMPLETE = "226 Transfer complete.";
const TLS13 = { minVersion: "TLSv1.3" } as const;
const TLS12 = { maxVersion: "TLSv1.2" } as const;
const TIMEOUT = 60_000;

type Ending = [what: string, records: (records: GenuineRecords) => Buffer[], reply: string | RegExp];

/** Bytes that the client sends between the data of an upload and the end of the TCP connection. */
const ENDINGS_13: Ending[] = [
  ["a close_notify", (records) => [records.alert("closeNotify")], COMPLETE],
  ["a padded close_notify", (records) => [records.alert("closeNotify", 300)], COMPLETE],
  [
    "user_canceled and close_notify",
    (records) => [records.alert("userCanceled", 16), records.alert("closeNotify", 16)],
    COMPLETE,
  ],
  [
    "a key update and close_notify",
    (records) => [records.keyUpdate(), records.alert("closeNotify")],
    COMPLETE,
  ],
  [
    "a key update, user_canceled and close_notify",
    (records) => [records.keyUpdate(), records.alert("userCanceled"), records.alert("closeNotify")],
    COMPLETE,
  ],
  ["nothing", () => [], CUT],
  ["user_canceled", (records) => [records.alert("userCanceled", 16)], CUT],
  ["a key update", (records) => [records.keyUpdate()], CUT],
  ["an empty record", (records) => [records.data("")], CUT],
  ["half of a close_notify", (records) => [records.alert("closeNotify").subarray(0, 12)], CUT],
  [
    "user_canceled and half of a close_notify",
    (records) => [records.alert("userCanceled"), records.alert("closeNotify").subarray(0, 12)],
    CUT,
  ],
  ["half of a record header", (records) => [records.data("more").subarray(0, 2)], CUT],
  ["half of a long record", (records) => [records.data(Buffer.alloc(16_000)).subarray(0, 9000)], CUT],
  ["a forged record of 19 bytes", () => [forged(19)], FAILED],
  ["a forged record of 64 bytes", () => [forged(64)], FAILED],
  ["a forged record of 128 bytes", () => [forged(128)], FAILED],
  ["user_canceled and a forged record", (records) => [records.alert("userCanceled"), forged(19)], FAILED],
  ["a forged alert in the clear", () => [CLEAR_CLOSE_NOTIFY], FAILED],
  [
    "user_canceled and a forged alert",
    (records) => [records.alert("userCanceled"), CLEAR_CLOSE_NOTIFY],
    FAILED,
  ],
  ["a fatal alert", (records) => [records.alert("internalError")], FAILED],
];

/**
 * Returns the upload reply of an engine that accepts a missing close_notify. In such an engine, an upload fails only
 * after a TLS error.
 */
function accepting(reply: string | RegExp): string | RegExp {
  return reply === CUT ? COMPLETE : reply;
}

function outcome(reply: string | RegExp): string {
  return reply === COMPLETE ? "is complete" : "fails";
}

function uploads(missingCloseNotify: "Deny" | "Allow") {
  return { config: { uploads: { ...testConfig().uploads, missingCloseNotify } } };
}

/** Starts an upload over a data connection whose TLS records the test controls. */
async function startUpload(
  server: TlsServer["engine"],
  options: typeof TLS12 | typeof TLS13,
): Promise<{ client: FtpsClient } & WiredClient> {
  const client = await (await FtpsClient.explicit(server, options)).login();
  const port = await client.passivePort();
  assert.equal(await client.control.code("STOR f"), 150);
  return { client, ...(await wiredClientTo(port, { ...options, session: client.session })) };
}

async function finalReply({ control }: FtpsClient): Promise<string> {
  return (await control.reply())?.lines[0] ?? "";
}

function assertReply(actual: string, expected: string | RegExp): void {
  if (typeof expected === "string") assert.equal(actual, expected);
  else assert.match(actual, expected);
}

describe("an upload over TLS 1.3", () => {
  for (const [what, make, expected] of ENDINGS_13)
    for (const apart of [false, true]) {
      const how = apart ? "in a segment of its own" : "in one segment with the data";
      // id: tls-truncation
      test(`${outcome(expected)} when it ends with ${what}, ${how}`, { timeout: TIMEOUT }, async () => {
        await using world = await startTlsServer();
        const { client, wire, records } = await startUpload(world.engine, TLS13);
        const genuine = await records;
        const data = genuine.data(TEXT);
        const rest = Buffer.concat(make(genuine));
        if (apart) {
          wire.raw.write(data);
          await sleep(20);
          wire.raw.end(rest);
        } else wire.raw.end(Buffer.concat([data, rest]));
        assertReply(await finalReply(client), expected);
        assert.equal(world.memory.files.has("/f"), expected === COMPLETE);
        if (expected === COMPLETE) assert.equal(world.memory.text("/f"), TEXT);
        else assert.equal(world.counts.get("transferEnded Upload Failed"), 1);
      });
    }

  for (const [what, make, strict] of ENDINGS_13) {
    const expected = accepting(strict);
    // id: forged-tls-records-4
    test(`${outcome(expected)} when it ends with ${what}, when a missing close_notify is accepted`, {
      timeout: TIMEOUT,
    }, async () => {
      await using world = await startTlsServer({}, uploads("Allow"));
      const { client, wire, records } = await startUpload(world.engine, TLS13);
      const genuine = await records;
      wire.raw.end(Buffer.concat([genuine.data(TEXT), ...make(genuine)]));
      assertReply(await finalReply(client), expected);
      assert.equal(world.memory.files.has("/f"), expected === COMPLETE);
    });
  }
});

describe("an upload over TLS 1.2", () => {
  const endings: [string, (next: Buffer, socket: WiredClient) => Promise<Buffer>, string | RegExp][] = [
    ["a close_notify", (_, { wire, socket }) => closeNotify(wire, socket), COMPLETE],
    ["nothing", async () => Buffer.alloc(0), CUT],
    ["half of a record", async (next) => next.subarray(0, next.length / 2), CUT],
    ["half of a record header", async (next) => next.subarray(0, 2), CUT],
    ["a forged record of 24 bytes", async () => forged(24), FAILED],
    ["a forged record of 128 bytes", async () => forged(128), FAILED],
    ["a forged alert in the clear", async () => CLEAR_CLOSE_NOTIFY, FAILED],
    ["a fatal alert", (_, client) => fatalAlert(client), FAILED],
  ];
  for (const missingCloseNotify of ["Deny", "Allow"] as const)
    for (const [what, make, strict] of endings) {
      const expected = missingCloseNotify === "Allow" ? accepting(strict) : strict;
      // id: tls-truncation-2
      test(`${outcome(expected)} when it ends with ${what}; missing close_notify: ${missingCloseNotify}`, {
        timeout: TIMEOUT,
      }, async () => {
        await using world = await startTlsServer({}, uploads(missingCloseNotify));
        const upload = await startUpload(world.engine, TLS12);
        const { client, wire, socket } = upload;
        wire.hold();
        const data = await sentBy(upload, () => socket.write(TEXT));
        const next = await sentBy(upload, () => socket.write("more"));
        // A close_notify or a fatal alert must be the third record of the client, because TLS numbers the records.
        const isThird = what === "a close_notify" || what === "a fatal alert";
        const end = await make(next, upload);
        wire.raw.end(Buffer.concat(isThird ? [data, next, end] : [data, end]));
        assertReply(await finalReply(client), expected);
        assert.equal(world.memory.files.has("/f"), expected === COMPLETE);
      });
    }
});

/** Calls `act` and returns the bytes that the client then sends. The wire does not forward these bytes. */
async function sentBy({ wire }: Pick<WiredClient, "wire">, act: () => void): Promise<Buffer> {
  act();
  for (let left = 100; wire.held.length === 0 && left > 0; left--) await sleep(5);
  await sleep(5);
  return Buffer.concat(wire.held.splice(0));
}

function closeNotify(wire: WiredClient["wire"], socket: WiredClient["socket"]): Promise<Buffer> {
  return sentBy({ wire }, () => socket.end());
}

/** Sends a forged record to the client, which responds with a fatal alert. */
function fatalAlert({ wire }: WiredClient): Promise<Buffer> {
  return sentBy({ wire }, () => wire.deceive(forged(40)));
}

for (const [version, options] of [
  ["TLSv1.2", TLS12],
  ["TLSv1.3", TLS13],
] as const) {
  describe(`errors of TLS after the handshake, ${version}`, () => {
    // id: forged-tls-records
    test("a forged record on the control connection ends the session", { timeout: TIMEOUT }, async () => {
      await using world = await startTlsServer();
      const { wire } = await wiredControl(world, options);
      assert.equal(world.engine.sessions.size, 1);
      wire.raw.write(forged(40));
      await closed(wire.raw);
      assert.equal(world.engine.sessions.size, 0);
    });

    test("a forged record on the control connection fails the upload", { timeout: TIMEOUT }, async () => {
      await using world = await startTlsServer();
      const { wire, control } = await wiredControl(world, options);
      for (const line of ["USER alice", "PASS secret", "PBSZ 0", "PROT P"]) await control.command(line);
      const port = Number(/\|\|\|(\d+)\|/u.exec((await control.command("EPSV")).lines[0] ?? "")?.[1]);
      assert.equal(await control.code("STOR f"), 150);
      const data = await wiredClientTo(port, options);
      data.socket.write(TEXT);
      wire.raw.write(forged(40));
      await closed(data.wire.raw);
      // The connection closes before the rollback completes.
      await waitUntil("the upload has failed", 60_000, () =>
        assert.equal(world.counts.get("transferEnded Upload Failed"), 1),
      );
      assert.equal(world.memory.files.size, 0);
    });

    // id: forged-tls-records-2
    test("a forged record during a download fails it", { timeout: TIMEOUT }, async () => {
      await using world = await startTlsServer();
      const client = await (await FtpsClient.explicit(world.engine, options)).login();
      world.memory.put("/f", randomBytes(30_000_000));
      const port = await client.passivePort();
      assert.equal(await client.control.code("RETR f"), 150);
      const { wire, socket } = await wiredClientTo(port, { ...options, session: client.session });
      socket.pause();
      wire.raw.pause();
      wire.raw.write(forged(40));
      assert.match(await finalReply(client), FAILED);
      assert.equal(world.counts.get("transferEnded Download Failed"), 1);
    });

    // id: tls-truncation-3
    test("the engine answers a close_notify on the control connection with its own", {
      timeout: TIMEOUT,
    }, async () => {
      await using world = await startTlsServer();
      const { wire, socket, control } = await wiredControl(world, options);
      // The engine sends its session tickets before this reply.
      await control.command("NOOP");
      wire.received.length = 0;
      socket.end();
      await closed(wire.raw);
      const answer = Buffer.concat(wire.received);
      // TLS 1.3 encrypts the record type, but not the record length. An alert record contains a level, a description, a
      // type and a tag.
      assert.deepEqual(
        [answer[0], answer.readUInt16BE(3), answer.length],
        version === "TLSv1.2" ? [21, 26, 31] : [23, 19, 24],
      );
    });
  });
}

/** Opens a TLS control connection whose records the test controls. */
async function wiredControl(
  { engine }: TlsServer,
  options: typeof TLS12 | typeof TLS13,
): Promise<WiredClient & { control: ControlClient }> {
  const plain = connectPlain(engine.controlPort, "127.0.0.1");
  await once(plain, "data");
  plain.write("AUTH TLS\r\n");
  await once(plain, "data");
  plain.removeAllListeners("data");
  const wired = await wiredClient(plain, options);
  return { ...wired, control: new ControlClient(wired.socket) };
}
