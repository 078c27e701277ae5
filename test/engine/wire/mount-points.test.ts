/** Commands for mounts and for directories that contain mounts. */
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { type MountServer, mountServer } from "../../support/engine/mount-server.ts";

const MOUNTS: EngineMount[] = [
  { path: "/in", storage: "inbox", subPath: "/", access: "ReadWrite" },
  { path: "/old", storage: "archive", subPath: "/", access: "ReadOnly" },
  { path: "/all/shared", subPath: "/shared", access: "ReadWrite" },
];
const FIXED =
  /^550 Mounts and directories that contain mounts cannot be changed; change the files in them instead\.$/u;
/**
 * Commands for mounts. The expected reply codes are for a writable mount, a read-only mount and a directory that
 * contains a mount. The last element is the expected reply for the writable mount.
 */
const MOUNT_POINTS: readonly [line: string, writable: number, readOnly: number, parent: number, RegExp][] = [
  ["CWD @", 250, 250, 250, /^250 /u],
  ["LIST @", 425, 425, 425, /^425 /u],
  ["STAT @", 212, 212, 212, /^212-/u],
  ["MLST @", 250, 250, 250, /^250-/u],
  ["AVBL @", 213, 213, 213, /^213 \d+$/u],
  ["SIZE @", 550, 550, 550, /^550 Not a plain file\.$/u],
  ["MDTM @", 550, 550, 550, /^550 Not a plain file\.$/u],
  ["HASH @", 550, 550, 550, /^550 Is a directory\.$/u],
  ["XSHA256 @", 550, 550, 550, /^550 Is a directory\.$/u],
  ["MFMT 20200102030405 @", 213, 550, 213, /^213 Modify=20200102030405; \/in$/u],
  ["MFF Modify=20200102030405; @", 213, 550, 213, /^213 Modify=20200102030405; \/in$/u],
  ["MDTM 20200102030405 @", 213, 550, 213, /^213 20200102030405$/u],
  ["SITE UTIME 202001020304 @", 200, 550, 200, /^200 /u],
  ["MFCT 20200102030405 @", 504, 550, 504, /^504 Creation times cannot be set/u],
  ["MFF UNIX.mode=0700; @", 550, 550, 550, FIXED],
  ["SITE CHMOD 700 @", 550, 550, 550, FIXED],
  ["DELE @", 550, 550, 550, FIXED],
  ["RMD @", 550, 550, 550, FIXED],
  ["MKD @", 550, 550, 550, /^550 File exists\.$/u],
  ["RNFR @", 550, 550, 550, FIXED],
  ["RNFR /f | RNTO @", 550, 550, 550, FIXED],
  ["RNFR /dir | RNTO @", 550, 550, 550, FIXED],
  ["SITE CPFR @", 550, 550, 550, /^550 Is a directory\. Only files can be copied\.$/u],
  ["SITE CPFR /f | SITE CPTO @", 550, 550, 550, /^550 Is a directory\.$/u],
];

describe("a user with mounts", () => {
  let world: MountServer;
  let home: string;

  before(async () => {
    world = await mountServer({ mounts: MOUNTS, volumes: ["inbox", "archive"] });
    home = join(world.folder, "homes/alice");
  });
  after(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const name of ["dir", "all"]) await mkdir(join(home, name), { recursive: true });
    await writeFile(join(home, "f"), "content");
    await world.client.command("CWD /");
  });

  for (const [line, writable, readOnly, parent, text] of MOUNT_POINTS)
    test(`gets the replies ${[writable, readOnly, parent].join(", ")} to ${line} for mounts`, async () => {
      for (const [path, code] of [
        ["/in", writable],
        ["/old", readOnly],
        ["/all", parent],
        ["/all/shared", writable],
      ] as const) {
        let lines: readonly string[] = [];
        for (const command of line.replaceAll("@", path).split(" | "))
          ({ lines } = await world.client.command(command));
        const [first = ""] = lines;
        assert.equal(Number(first.slice(0, 3)), code, `${path}: ${first}`);
        if (path === "/in") assert.match(first, text);
      }
    });

  test("can set the time of the home, but not of a directory that exists only for a mount", async () => {
    const { client } = world;
    assert.equal(await client.code("MFMT 20200102030405 /"), 213);
    assert.match((await client.command("MLST /")).lines[1] ?? "", /Modify=20200102030405;/u);
    await rm(join(home, "all"), { recursive: true });
    const { lines } = await client.command("MFMT 20200102030405 /all");
    assert.deepEqual(lines, ["550 The time of this directory cannot be set; it exists only for a mount."]);
  });
});
