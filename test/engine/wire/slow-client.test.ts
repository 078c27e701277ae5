/** Tests downloads by slow clients while the kernel buffers are full. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startTlsServer, FtpsClient, type TlsServer } from "../../support/engine/tls-world.ts";
import { limits } from "../../support/engine/world.ts";

const CONTENT = Buffer.alloc(32 * 1024 * 1024, "x");
const STALL_SECONDS = 60;
/**
 * Number of bytes that the client reads between two checks. The kernel accepts more bytes from the engine only after
 * many reads of this size.
 */
const SIP = 512 * 1024;

/** Control connection and data connection of a download that has started. */
interface Download {
  control: ControlClient;
  data: Socket;
}

async function plain({ engine }: TlsServer): Promise<Download> {
  const control = await (await ControlClient.overTcp(engine)).login();
  await control.command("TYPE I");
  const data = await control.passive();
  assert.equal(await control.code("RETR f"), 150);
  return { control, data };
}

async function secured({ engine }: TlsServer): Promise<Download> {
  const client = await (await FtpsClient.explicit(engine)).login();
  const port = await client.passivePort();
  assert.equal(await client.control.code("RETR f"), 150);
  const data = await client.data(port);
  await once(data, "secureConnect");
  return { control: client.control, data };
}

async function read(data: Socket, bytes: number): Promise<void> {
  for (let got = 0; got < bytes; ) {
    const chunk: unknown = data.read();
    if (chunk instanceof Uint8Array) got += chunk.length;
    else await once(data, "readable");
  }
}

describe("a download by a slow client", () => {
  for (const [name, begin] of [
    ["a plain connection", plain],
    ["TLS", secured],
  ] as const) {
    test(`over ${name} continues while the client reads, and ends when the client stops`, async () => {
      const clock = new ManualClock();
      const config = limits({ stalledTransferTimeoutSeconds: STALL_SECONDS });
      await using world = await startTlsServer({}, { clock, config });
      world.memory.put("/f", CONTENT);
      const { control, data } = await begin(world);
      data.on("error", () => {}).on("readable", () => {});
      // Waits until all kernel buffers are full.
      await sleep(500);
      for (let look = 0; look < 4; look++) {
        clock.advance(STALL_SECONDS * 1000);
        await read(data, SIP);
        await sleep(50);
      }
      assert.equal(await control.code("NOOP"), 200);
      for (let look = 0; look < 3; look++) {
        clock.advance(STALL_SECONDS * 1000);
        await sleep(50);
      }
      assert.deepEqual((await control.reply())?.lines, [`426 No data transferred for ${STALL_SECONDS} s.`]);
    });
  }
});
