/** Tests TLS data connections that the client closes or resets before a transfer uses the connection. */
import assert from "node:assert/strict";
import { closed } from "../../support/engine/control-client.ts";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { testConfig } from "../../support/engine/server.ts";
import { clientsWithKeptSessions, startTlsServer, FtpsClient } from "../../support/engine/tls-world.ts";
import { CLEAR_CLOSE_NOTIFY, forged, wiredClientTo } from "../../support/engine/tls-wire.ts";

const TEXT = "what is there";
const TIMEOUT = 60_000;

describe("a data connection that is closed before its handshake", {
  concurrency: true,
  timeout: 60_000,
}, () => {
  // The tests would time out if the engine waited for the time in `dataConnectTimeoutSeconds`.
  const limits = { ...testConfig().limits, dataConnectTimeoutSeconds: 3600 };
  const silent = "425 The data connection was closed before the TLS handshake.";
  const ends: [string, string, (socket: Socket) => void][] = [
    ["in good order", silent, (socket) => void socket.end()],
    ["with a reset", silent, (socket) => void socket.resetAndDestroy()],
    [
      "within its ClientHello",
      "425 TLS failed on the data connection.",
      (socket) => void socket.end(Buffer.from([22, 3, 1, 2, 0, 1])),
    ],
  ];
  const ways = ends.flatMap((one) => [[...one, "before"] as const, [...one, "after"] as const]);
  // id: slow-clients-5
  for (const missingCloseNotify of ["Deny", "Allow"] as const)
    for (const line of ["STOR f", "RETR f", "MLSD"])
      for (const [how, answer, end, when] of ways)
        test(`fails ${line} with 425 before the connect timeout when it is closed ${how} ${when} the command; missing close_notify: ${missingCloseNotify}`, async () => {
          const uploads = { ...testConfig().uploads, missingCloseNotify };
          await using world = await startTlsServer({}, { config: { limits, uploads } });
          world.memory.put("/f", TEXT);
          const client = await (await FtpsClient.explicit(world.engine)).login();
          const plain = connectPlain(await client.passivePort(), "127.0.0.1");
          plain.on("error", () => {});
          await once(plain, "connect");
          if (when === "before") end(plain);
          assert.equal(await client.control.code(line), 150);
          if (when === "after") end(plain);
          assert.equal((await client.control.reply())?.lines[0], answer);
          assert.equal(world.counts.get("unmatchedConnection"), 1);
          assert.equal(world.memory.text("/f"), TEXT);
        });
});

describe("a secured data connection without a transfer", { timeout: TIMEOUT }, () => {
  // id: forged-tls-records-3
  for (const [version, options] of [
    ["TLSv1.2", { maxVersion: "TLSv1.2" }],
    ["TLSv1.3", { minVersion: "TLSv1.3" }],
  ] as const)
    for (const [what, bytes] of [
      ["a forged record", forged(40)],
      ["a forged alert in the clear", CLEAR_CLOSE_NOTIFY],
    ] as const)
      test(`fails the later transfer after ${what}, ${version}`, async () => {
        await using world = await startTlsServer({}, { passivePortCount: 1 });
        const [first, second] = await clientsWithKeptSessions(world, 2, options);
        assert.ok(first !== undefined && second !== undefined);
        // The handshake starts before the transfer command because two sessions share the port.
        const port = await first.passivePort();
        assert.equal(await second.passivePort(), port);
        const { wire } = await wiredClientTo(port, { ...options, session: first.session });
        await sleep(50);
        wire.raw.write(bytes);
        await closed(wire.raw);
        assert.equal(await first.control.code("STOR f"), 150);
        assert.match((await first.control.reply())?.lines[0] ?? "", /^42[56] /u);
        assert.equal(world.memory.files.has("/f"), false);
      });
});
