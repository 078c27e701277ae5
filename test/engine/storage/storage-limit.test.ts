import assert from "node:assert/strict";
import { lstatSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EngineProcess } from "../../support/engine/engine-process.ts";

const MIB = 1024 * 1024;
const LIMIT = 32 * MIB;
const CLIENTS = 4;

describe("engine --storage-limit", () => {
  it("rejects uploads with 452 before the files exceed the limit, while several clients upload", async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "storage-limit-"));
    t.after(() => rm(directory, { recursive: true }));
    const engine = await EngineProcess.start(directory, {}, { engine: ["--storage-limit", `${LIMIT}`] });
    t.after(() => engine.kill());
    const { root } = engine;
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, occupied(root))), 10);
    // The measurement stops before the test removes the root directory.
    using _measuring = { [Symbol.dispose]: () => clearInterval(timer) };

    const outcomes = await Promise.all(
      Array.from({ length: CLIENTS }, (_, id) => upload(engine, `${id}`, 10 * MIB)),
    );
    assert.ok(outcomes.includes(226) && outcomes.includes(452), outcomes.join(" "));
    assert.ok(highest <= LIMIT, `${highest} bytes were occupied`);
    const kept = await readdir(root);
    assert.equal(kept.length, outcomes.filter((code) => code === 226).length, "no rest of a rejected upload");
    for (const name of kept) assert.equal((await stat(join(root, name))).size, 10 * MIB);
    assert.equal(await upload(engine, "again", LIMIT), 452);
  });
});

/** Returns the disk space in bytes that the files in a directory occupy. */
function occupied(folder: string): number {
  const blocks = readdirSync(folder).map(
    (name) => lstatSync(join(folder, name), { throwIfNoEntry: false })?.blocks ?? 0,
  );
  return blocks.reduce((sum, count) => sum + count * 512, 0);
}

/** @returns the code of the last reply */
async function upload(engine: EngineProcess, name: string, bytes: number): Promise<number> {
  using session = await engine.login();
  await session.command("TYPE I", 200);
  const { address, port } = await session.passive();
  const data = connect(port, address);
  // The engine resets the connection of a rejected upload because unread bytes remain.
  data.on("error", () => undefined);
  await session.command(`STOR ${name}`, 150);
  data.end(Buffer.alloc(bytes, "x"));
  return (await session.reply()).code;
}
