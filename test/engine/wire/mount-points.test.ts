/** Tests commands for mounts and for directories that contain mounts. */
import assert from "node:assert/strict";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
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

// id: mount-symbolic-links
test("symbolic links in a mounted volume and above the mounted directory are not followed", async () => {
  const mounts: EngineMount[] = [
    { path: "/in", storage: "inbox", subPath: "/", access: "ReadWrite" },
    { path: "/link", storage: "inbox", subPath: "/escape", access: "ReadWrite" },
    { path: "/below", storage: "inbox", subPath: "/escape/deep", access: "ReadWrite" },
    { path: "/old", storage: "inbox", subPath: "/escape", access: "ReadOnly" },
  ];
  await using world = await mountServer({ mounts, volumes: ["inbox", "outside"] });
  const { folder, server } = world;
  const [inbox, outside] = [join(folder, "inbox"), join(folder, "outside")];
  await mkdir(join(outside, "deep"));
  for (const name of ["secret", "deep/secret"]) await writeFile(join(outside, name), "secret");
  await rm(join(inbox, "escape"), { recursive: true });
  await symlink("../outside", join(inbox, "escape"));
  await symlink("../outside/secret", join(inbox, "file"));
  const client = await (await ControlClient.overTcp(server.engine)).login();
  for (const path of ["/in/escape", "/in/escape/deep", "/link", "/link/deep", "/below", "/old"]) {
    for (const line of [`RETR ${path}/secret`, `LIST ${path}`, `NLST ${path}/*`])
      assert.doesNotMatch((await client.download(line)).bytes.toString(), /secret/u, line);
    for (const verb of ["SIZE", "DELE", "RNFR", "SITE CPFR"])
      assert.ok((await client.code(`${verb} ${path}/secret`)) >= 400, `${verb} ${path}`);
    assert.ok((await client.code(`MKD ${path}/new`)) >= 400, path);
    assert.ok((await client.upload(`STOR ${path}/new`, "x")) >= 400, path);
  }
  assert.equal((await client.download("RETR /in/file")).code, 550);
  assert.deepEqual((await client.download("NLST /in")).bytes.toString(), "");
  assert.deepEqual((await readdir(outside, { recursive: true })).toSorted(), [
    "deep",
    "deep/secret",
    "secret",
  ]);
});
