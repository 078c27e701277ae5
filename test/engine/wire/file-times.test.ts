/** Tests files with modification times that FTP cannot represent, on a file system that supports such times. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { diskWorld, type DiskWorld } from "../../support/engine/disk-world.ts";
import { startServer } from "../../support/engine/server.ts";

/** tmpfs stores times as 64-bit seconds. The latest time is in the year 2446 on ext4 and in the year 2486 on XFS. */
const TMPFS = "/dev/shm";
const LAST = "99991231235959";
const FIRST = "00000101000000";

describe("a file time outside the years 0 to 9999", () => {
  let world: DiskWorld;

  before(async () => {
    world = await diskWorld({}, TMPFS);
  });
  after(() => world[Symbol.asyncDispose]());

  async function rows(line: string): Promise<string[]> {
    const { code, bytes } = await world.client.download(line);
    assert.equal(code, 226, line);
    return bytes.toString().split("\r\n").slice(0, -1);
  }

  // id: extreme-file-times
  for (const [seconds, value, listed] of [
    ["9000000000000", LAST, "Dec 31  9999"],
    ["253402300800", LAST, "Dec 31  9999"],
    ["9223372036854775807", LAST, "Dec 31  9999"],
    ["-1", "19691231235959", "Dec 31  1969"],
    ["-61000000000", "00361226113320", "Dec 26  0036"],
    ["-62167219201", FIRST, "Jan  1  0000"],
    ["-9000000000000", FIRST, "Jan  1  0000"],
  ] as const)
    test(`is shown as ${value} by every command when it is ${seconds} seconds`, async () => {
      const { client, server, home } = world;
      const path = join(home, "odd");
      await writeFile(path, "x");
      execFileSync("touch", ["-d", `@${seconds}`, path]);
      assert.match((await rows("LIST")).join(), new RegExp(`^-.* 1 ${listed} odd$`, "u"));
      assert.match((await rows("MLSD")).join(), new RegExp(`;Modify=${value};.* odd$`, "u"));
      assert.match((await client.command("MLST odd")).lines.join(), new RegExp(`;Modify=${value};`, "u"));
      assert.match((await client.command("STAT odd")).lines.join(), new RegExp(`${listed} odd`, "u"));
      assert.deepEqual((await client.command("MDTM odd")).lines, [`213 ${value}`]);
      assert.equal((await client.download("RETR odd")).code, 226);
      assert.ok(!server.log.entries.some(({ level }) => level === "error"));
    });

  test("is shown with its stored value by the commands that set it", async () => {
    const { client, home } = world;
    await writeFile(join(home, "set"), "x");
    for (const value of [LAST, FIRST, "19691231235959", "20260102030405"]) {
      assert.deepEqual((await client.command(`MFMT ${value} set`)).lines, [`213 Modify=${value}; /set`]);
      assert.deepEqual((await client.command("MDTM set")).lines, [`213 ${value}`]);
      assert.deepEqual((await client.command(`MDTM ${value} set`)).lines, [`213 ${value}`]);
      assert.deepEqual((await client.command(`MFF Modify=${value}; set`)).lines, [
        `213 Modify=${value}; /set`,
      ]);
      assert.equal(await client.code(`SITE UTIME ${value} set`), 200);
      assert.match((await client.command("MLST set")).lines.join(), new RegExp(`;Modify=${value};`, "u"));
    }
  });
});

test("MFMT, MFF and MDTM reply with the time that the file system stored", async () => {
  await using server = await startServer();
  server.memory.put("/f", "x");
  // ext4 replaces later times with the latest time that it supports.
  const LIMIT = new Date("2446-05-10T22:38:55Z");
  const set = server.memory.setModificationTime.bind(server.memory);
  server.memory.setModificationTime = (path, time) => set(path, time > LIMIT ? LIMIT : time);
  const client = await (await ControlClient.overTcp(server.engine)).login();
  for (const [line, answer] of [
    [`MFMT ${LAST} f`, "213 Modify=24460510223855; /f"],
    [`MFF Modify=${LAST}; f`, "213 Modify=24460510223855; /f"],
    [`MDTM ${LAST} f`, "213 24460510223855"],
  ] as const)
    assert.deepEqual((await client.command(line)).lines, [answer]);
});
