import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { descriptorOf } from "../../../../src/engine/transfer/descriptor.ts";
import { KERNEL_COPY_BYTES } from "../../../../src/engine/storage/local/system/kernel-copy.ts";
import type { Received, Upload } from "../../../../src/engine/storage/storage.ts";
import { run } from "../../../cluster/run.ts";
import { KERNEL_COPY } from "../../../support/engine/open-tree.ts";
import { TestHome } from "../../../support/engine/test-home.ts";

const CONTENT = randomBytes(3 * KERNEL_COPY_BYTES + 12_345);
const MODULE = join(import.meta.dirname, "../../../../src/engine/storage/local/system/kernel-copy.ts");

/**
 * Repeats a call until it returns a result. The scheduler returns no result while other programs slow down file calls.
 */
async function whenFast<T>(call: () => T | undefined): Promise<T> {
  for (;;) {
    const result = call();
    if (result !== undefined) return result;
    await sleep(10);
  }
}

describe("KernelCopy", () => {
  let server: Server;
  let client: Socket;
  let accepted: Socket;

  before(async () => {
    server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  beforeEach(async () => {
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const next = once(server, "connection");
    client = connect(address.port, "127.0.0.1");
    [accepted] = await next;
  });

  afterEach(async () => {
    client.destroy();
    accepted.destroy();
    for (const one of [client, accepted]) if (!one.closed) await once(one, "close");
  });

  after(() => server.close());

  // TestHome is created last so that it counts open descriptors after the sockets are closed.
  const home = new TestHome();

  function socket(): number {
    const descriptor = descriptorOf(accepted);
    assert.ok(descriptor !== undefined);
    return descriptor;
  }

  /** Receives the given number of bytes from the socket. */
  async function receive(handle: Upload, bytes: number): Promise<void> {
    for (let taken = 0; taken < bytes; ) {
      const received = await whenFast(() => handle.receiveFrom?.(socket()));
      assert.equal(received.rest, undefined);
      assert.ok(received.bytes <= KERNEL_COPY_BYTES);
      taken += received.bytes;
      if (received.bytes === 0) await sleep(1);
    }
  }

  it("counts a wait of the thread as a voluntary suspension", () => {
    const before = KERNEL_COPY?.threadUsage()?.voluntary ?? 0;
    // On a busy machine, the wait can time out before the thread sleeps.
    for (let attempt = 1; attempt <= 10; attempt++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    const after = KERNEL_COPY?.threadUsage();
    assert.ok(after !== undefined && after.voluntary > before);
  });

  it("reports the CPU time of this thread", () => {
    const microseconds = ({ user, system }: NodeJS.CpuUsage): number => user + system;
    const before = microseconds(process.threadCpuUsage());
    const cpuTime = Math.round((KERNEL_COPY?.threadUsage()?.cpuTime ?? 0) * 1000);
    const after = microseconds(process.threadCpuUsage());
    assert.ok(before > 0 && cpuTime >= before && cpuTime <= after, `${before}, ${cpuTime} and ${after} µs`);
  });

  it("appends the bytes of a socket to written bytes", async () => {
    const handle = await home.storage.openUpload("/f", { type: "Replace" });
    await handle.write([Buffer.from("beginning ")]);
    client.write(CONTENT);
    await receive(handle, CONTENT.length);
    await handle.write([Buffer.from(" end")]);
    await handle.commit();
    const expected = Buffer.concat([Buffer.from("beginning "), CONTENT, Buffer.from(" end")]);
    assert.ok((await readFile(home.at("f"))).equals(expected));
  });

  it("continues an upload at its offset, and removes the rest of the old file", async () => {
    await writeFile(home.at("f"), "0123456789".repeat(CONTENT.length / 5));
    const handle = await home.storage.openUpload("/f", { type: "Resume", offset: 4 });
    client.write(CONTENT);
    await receive(handle, CONTENT.length);
    await handle.commit();
    assert.ok((await readFile(home.at("f"))).equals(Buffer.concat([Buffer.from("0123"), CONTENT])));
  });

  it("is not used for an append, because the system chooses the offset", async () => {
    const handle = await home.storage.openUpload("/f", { type: "Append" });
    assert.equal(handle.receiveFrom?.(socket()), undefined);
    await handle.abort();
  });

  it("receives nothing from a socket without bytes, or after its end", async () => {
    const handle = await home.storage.openUpload("/f", { type: "Replace" });
    const nothing: Received = { bytes: 0, rest: undefined };
    const receiveOnce = (): Promise<Received> => whenFast(() => handle.receiveFrom?.(socket()));
    assert.deepEqual(await receiveOnce(), nothing);
    client.end();
    await sleep(5);
    assert.deepEqual(await receiveOnce(), nothing);
    await handle.abort();
  });

  it("returns the bytes that a file does not accept", async () => {
    await writeFile(home.at("f"), "");
    const readOnly = openSync(home.at("f"), "r");
    try {
      client.write(CONTENT);
      const parts: Uint8Array[] = [];
      for (let taken = 0; taken < CONTENT.length; ) {
        const received = KERNEL_COPY?.receive(socket(), readOnly, 0);
        assert.equal(received?.bytes, 0);
        if (received.rest === undefined) await sleep(1);
        else parts.push(received.rest);
        taken += received.rest?.length ?? 0;
      }
      assert.ok(Buffer.concat(parts).equals(CONTENT));
    } finally {
      closeSync(readOnly);
    }
    assert.equal((await readFile(home.at("f"))).length, 0);
  });

  it("sends a part of a file, and no more than the socket accepts", async () => {
    await writeFile(home.at("f"), CONTENT);
    const handle = await home.storage.openRead("/f");
    const send = (position: number, bytes: number): Promise<number> =>
      whenFast(() => handle.sendTo?.(socket(), position, bytes));
    assert.equal(await send(CONTENT.length, 10), 0, "at the end");
    let filled = 0;
    for (let sent = -1; sent !== 0; filled += sent) sent = await send(0, CONTENT.length);
    assert.ok(filled > KERNEL_COPY_BYTES);
    const received = buffer(client);
    for (let position = 7; position < CONTENT.length; ) {
      const sent = await send(position, CONTENT.length - position);
      assert.ok(sent <= KERNEL_COPY_BYTES);
      position += sent;
      if (sent === 0) await sleep(1);
    }
    accepted.end();
    assert.ok((await received).subarray(filled).equals(CONTENT.subarray(7)));
    await handle.close();
  });

  it("has no descriptor for a closed connection", () => {
    accepted.destroy();
    assert.equal(descriptorOf(accepted), undefined);
  });

  it("is undefined without a warning when Node cannot call the C library", async () => {
    const script = `import { KernelCopy } from ${JSON.stringify(MODULE)}; console.log(typeof KernelCopy.load());`;
    const args = ["--input-type=module", "--eval", script, "2>&1"];
    const typeWith = (...flags: string[]): Promise<string> =>
      run(["sh", "-c", 'exec "$@" 2>&1', "sh", process.execPath, ...flags, ...args]);
    assert.equal(await typeWith(), "object\n");
    assert.equal(await typeWith("--no-experimental-ffi"), "undefined\n");
  });
});
