import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import { run } from "../../cluster/run.ts";
import type { ControlSession } from "../../support/clients/control-session.ts";
import { EngineProcess } from "../../support/engine/engine-process.ts";
import { testUser } from "../../support/engine/server.ts";

let directory: string;
let engine: EngineProcess;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "engine-rules-"));
  engine = await EngineProcess.start(directory);
});
after(async () => {
  engine.kill();
  await rm(directory, { recursive: true, force: true });
});

/** Changes the configuration and waits until the engine has applied it. */
async function change(generation: string, config: Partial<EngineConfig>): Promise<void> {
  await engine.change({ generation, ...config });
  while (!(await engine.page("/metrics")).text.includes(`generation="${generation}"`)) await sleep(20);
}

/** Uploads a part of a file, then resets the data connection. */
async function breakOff(session: ControlSession): Promise<void> {
  const { port } = await session.passive();
  await session.command("STOR /cut", 150);
  const data = connect(port, "127.0.0.1");
  data.on("error", () => undefined);
  data.write("half");
  while (!(await session.command("STAT", 211)).lines.join().includes(" 4 bytes transferred")) await sleep(10);
  data.resetAndDestroy();
  await session.reply(426);
}

it("changed rules for uploads, quotas, bandwidth and anonymous logins apply to an open session", async () => {
  const { config } = engine;
  const user = { passwordHash: config.users[0]?.passwordHash ?? "" };
  using session = await engine.login();
  await breakOff(session);
  assert.deepEqual(await readdir(engine.root), []);
  await change("rules", {
    uploads: { ...config.uploads, incomplete: "Keep" },
    users: [
      testUser("alice", { ...user, quota: { files: 2 }, limits: { downloadBytesPerSecond: 2, sessions: 1 } }),
    ],
    anonymous: { mode: "ReadOnly", homeDirectory: "/pub" },
  });
  await breakOff(session);
  const [partial = "", ...more] = await readdir(engine.root);
  assert.ok(isPartial(partial) && more.length === 0);
  await session.command("MKD /second", 257);
  await session.command("MKD /third", 552);
  await assert.rejects(engine.login(), /limit 1/);
  await writeFile(join(engine.root, "four"), "half");
  const { port } = await session.passive();
  await session.command("RETR /four", 150);
  const began = performance.now();
  connect(port, "127.0.0.1").resume();
  await session.reply(226);
  const took = performance.now() - began;
  assert.ok(took > 1000, `4 bytes at 2 a second took ${took} ms`);
  await run(["curl", "-sS", "--max-time", "10", `ftp://127.0.0.1:${config.controlPort}/`]);
  assert.ok((await readdir(engine.root)).includes("pub"));
});

it("an account loses its session and its upload when it expires, and cannot log in again", async () => {
  const { config } = engine;
  const user = { passwordHash: config.users[0]?.passwordHash ?? "" };
  await change("unlimited", { users: [testUser("alice", user)] });
  using session = await engine.login();
  const { port } = await session.passive();
  await session.command("STOR /long", 150);
  const data = connect(port, "127.0.0.1");
  data.on("error", () => undefined);
  data.write("half");
  const expiresAt = new Date(Date.now() + 2000).toISOString();
  await change("expiring", { users: [testUser("alice", { ...user, expiresAt })] });
  await session.reply(421);
  assert.ok(Date.now() >= Date.parse(expiresAt));
  assert.ok(Date.now() < Date.parse(expiresAt) + 10_000);
  await assert.rejects(engine.login(), /530/);
  const { text } = await engine.page("/metrics");
  assert.match(text, /ftp_logins_total\{result="AccountExpired"\} 1/);
});

it("a configuration with an unknown field of a user is rejected, and the previous one stays active", async () => {
  const { config } = engine;
  const user = { passwordHash: config.users[0]?.passwordHash ?? "" };
  await change("known", { users: [testUser("alice", user)] });
  const later = { ...testUser("alice", user), laterRule: "Denied" };
  await engine.change({ generation: "unknown", users: [later] });
  const rejected = /ftp_config_reloads_total\{result="Rejected"\} 1/;
  while (!rejected.test((await engine.page("/metrics")).text)) await sleep(20);
  assert.match((await engine.page("/metrics")).text, /generation="known"/);
});
