/** Tests clients that resume a broken upload to object storage. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { hashPassword } from "../../../../src/api/password-hash.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { run } from "../../../cluster/run.ts";
import { EngineProcess } from "../../../support/engine/engine-process.ts";
import { testConfig, testUser } from "../../../support/engine/server.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const CONTENT = patternOf(17 * MIB + 321);
/**
 * Number of bytes that the client sends before the connection breaks: two complete parts and the beginning of a third
 * part.
 */
const BROKEN_AT = 12 * MIB + 123;
const KEPT = 10 * MIB;
const TIMEOUT = 60_000;

describe("a client that resumes a broken upload to object storage", () => {
  describeEachServer((running) => {
    let directory: string;
    let file: string;
    let config: BucketConfig;
    let engine: EngineProcess;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), "resuming-clients-"));
      file = join(directory, "content");
      await writeFile(file, CONTENT);
      const { server, bucket } = running();
      config = await BucketConfig.create(server, bucket.name);
      const passwordHash = await hashPassword("secret");
      engine = await EngineProcess.start(directory, {
        storage: { objectStorage: config.config },
        users: [testUser("alice", { passwordHash, homeDirectory: "/alice" })],
        uploads: { ...testConfig().uploads, incomplete: "Keep" },
      });
    });
    after(async () => {
      engine.kill();
      await config[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    });

    const url = (name: string): string => `ftp://127.0.0.1:${engine.config.controlPort}/${name}`;
    const clients: Readonly<Record<string, (name: string) => Promise<string>>> = {
      curl: (name) =>
        run(["curl", "-sS", "-u", "alice:secret", "-C", "-", "-T", file, url(name)], { timeout: TIMEOUT }),
      lftp: (name) =>
        run(
          [
            "lftp",
            "-u",
            "alice,secret",
            "-e",
            `set ftp:use-mode-z no; put -c ${file} -o ${name}; bye`,
            url(""),
          ],
          {
            timeout: TIMEOUT,
          },
        ),
    };

    /** Sends the first bytes of the file and resets the data connection. Returns the file size in the reply to SIZE. */
    async function breakUpload(name: string, bytes: number): Promise<string> {
      using session = await engine.login();
      await session.command("TYPE I", 200);
      const { address, port } = await session.passive();
      const data = connect(port, address);
      data.on("error", () => undefined);
      await session.command(`STOR ${name}`, 150);
      await new Promise<void>((resolve) => data.write(CONTENT.subarray(0, bytes), () => resolve()));
      // The engine must receive all bytes before the reset, which discards bytes in socket buffers.
      while (!(await received(session, bytes))) await new Promise((resolve) => setTimeout(resolve, 20));
      data.resetAndDestroy();
      await session.reply(426);
      return (await session.command(`SIZE ${name}`)).lines.join();
    }

    async function received(
      session: Awaited<ReturnType<EngineProcess["login"]>>,
      bytes: number,
    ): Promise<boolean> {
      const { lines } = await session.command("STAT", 211);
      return lines.some((line) => line.includes(`${bytes} bytes transferred`));
    }

    /** Returns the byte counts of the completed uploads to a file. */
    async function uploadsOf(name: string): Promise<unknown[]> {
      // The log entry can arrive after the client has received the last reply.
      await engine.logged("transfer", { path: `/${name}`, result: "Complete" });
      return engine.lines
        .filter(({ msg, path, result }) => msg === "transfer" && path === `/${name}` && result === "Complete")
        .map(({ bytes }) => bytes);
    }

    for (const [client, resume] of Object.entries(clients)) {
      // id: resume-in-bucket
      test(`sends the bytes after the last complete part again, with ${client}`, async () => {
        assert.equal(await breakUpload(`kept-${client}`, BROKEN_AT), `213 ${KEPT}`);
        await resume(`kept-${client}`);
        assert.deepEqual(await uploadsOf(`kept-${client}`), [CONTENT.length - KEPT]);
        const copy = join(directory, `copy-${client}`);
        await run(["curl", "-sS", "-u", "alice:secret", "-o", copy, url(`kept-${client}`)], {
          timeout: TIMEOUT,
        });
        assert.ok((await readFile(copy)).equals(CONTENT));
      });

      test(`sends the complete file when no part was complete, with ${client}`, async () => {
        assert.match(await breakUpload(`lost-${client}`, 3 * MIB), /^550 /u);
        await resume(`lost-${client}`);
        assert.deepEqual(await uploadsOf(`lost-${client}`), [CONTENT.length]);
      });
    }
  });
});
