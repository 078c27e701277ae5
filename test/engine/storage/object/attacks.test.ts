/**
 * Tests attacks by clients, and by programs that write to the bucket. The page docs/reference/attacks.md lists all
 * attacks.
 */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type _Object as Listed, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { EngineMount } from "../../../../src/api/engine-storage.ts";
import type { MountServer } from "../../../support/engine/mount-server.ts";
import type { Bucket } from "../../../support/s3/bucket.ts";
import { bucketMounts, type BucketMounts } from "../../../support/s3/bucket-mounts.ts";
import { operationsOf } from "../../../support/s3/counting.ts";

/**
 * The path of one mount is a prefix of the path of the other mount. The same is true for their key prefixes in the
 * bucket.
 */
const MOUNTS: EngineMount[] = [
  { path: "/in", storage: "bucket", subPath: "/in", access: "ReadWrite" },
  { path: "/inbox", storage: "bucket", subPath: "/inbox", access: "ReadOnly" },
];

/** Objects whose content is their key. */
const OBJECTS = ["in/f", "in/d/f", "inbox/f", "inbox/d/f", "in-secret/f", "f", "alice/f"];

/** Paths with the expected file content, or undefined for paths at which no file exists. */
const PATHS: readonly [path: string, content: string | undefined][] = [
  ["/f", "home"],
  ["/in/f", "in/f"],
  ["/inbox/f", "inbox/f"],
  ["//in///d//f", "in/d/f"],
  ["/in/./d/./f", "in/d/f"],
  ["/in/../inbox/f", "inbox/f"],
  ["/inbox/d/../../in/f", "in/f"],
  ["/in/../f", "home"],
  ["/in/../../../f", "home"],
  ["/in/d/../../../../inbox/f", "inbox/f"],
  ["/in/../in-secret/f", undefined],
  ["/in-secret/f", undefined],
  ["/in/-secret/f", undefined],
  ["/inb/f", undefined],
  ["/inbox-f", undefined],
  ["/in/alice/f", undefined],
  ["/alice/f", undefined],
  ["/In/f", undefined],
  ["/INBOX/f", undefined],
  ["/in/%2e%2e/f", undefined],
  ["/in/..%2f..%2ff", undefined],
  ["/in/..\\inbox\\f", undefined],
  ["/in/..;/f", undefined],
  ["/in/\u2025/f", undefined],
  ["/in/f/", "in/f"],
  ["/in/f/.", "in/f"],
  ["/in/d", undefined],
  ["/in/", undefined],
  ["/in/*", undefined],
];

/** Commands that would change the read-only mount. `@` is the path of the mount. */
const CHANGES: readonly string[] = [
  "DELE @/f",
  "MKD @/new",
  "XMKD @/new",
  "RMD @/d",
  "XRMD @/d",
  "RNFR @/f | RNTO @/g",
  "RNFR @/d | RNTO /in/moved",
  "RNFR /in/f | RNTO @/g",
  "RNFR /f | RNTO @/f",
  "SITE CPFR /in/f | SITE CPTO @/new",
  "SITE CPFR @/f | SITE CPTO @/f",
  "MFMT 20200102030405 @/f",
  "MFCT 20200102030405 @/f",
  "MFF Modify=20200102030405; @/f",
  "MFF UNIX.mode=0600; @/f",
  "MDTM 20200102030405 @/f",
  "SITE CHMOD 600 @/f",
  "SITE UTIME 202001020304 @/f",
];
const UPLOADS: readonly string[] = [
  "STOR @/new",
  "STOR @/f",
  "APPE @/f",
  "APPE @/new",
  "STOU @/x",
  "REST 2 | STOR @/f",
];
/**
 * Different spellings of the path to the read-only mount. The last spelling is a path relative to the working
 * directory.
 */
const SPELLINGS = ["/inbox", "//inbox/", "/in/../inbox", "/inbox/d/..", "../inbox", "."];

describe("attacks on mounts in a bucket", () => {
  let mounts: BucketMounts;
  let world: MountServer;
  let bucket: Bucket;

  before(async () => {
    mounts = await bucketMounts(MOUNTS, Object.fromEntries(OBJECTS.map((path) => [path, path])));
    ({ world, bucket } = mounts);
    await writeFile(join(world.folder, "homes/alice/f"), "home");
  });
  after(() => mounts[Symbol.asyncDispose]());

  /** Returns the keys and versions of all objects. */
  async function objects(): Promise<Pick<Listed, "Key" | "ETag" | "LastModified">[]> {
    const { Contents = [] } = await bucket.client.send(new ListObjectsV2Command({ Bucket: bucket.name }));
    return Contents.map(({ Key, ETag, LastModified }) => ({ Key, ETag, LastModified }));
  }

  async function namesOf(line: string): Promise<string[]> {
    const { code, bytes } = await world.client.download(line);
    assert.equal(code, 226, line);
    return bytes.toString().split("\r\n").slice(0, -1);
  }

  // id: mount-borders
  for (const [path, content] of PATHS)
    test(`RETR ${path} ${content === undefined ? "finds no file" : `reads ${content}`}`, async () => {
      const { code, bytes } = await world.client.download(`RETR ${path}`);
      if (content === undefined) assert.ok([550, 553].includes(code), `${code}`);
      else assert.deepEqual([code, bytes.toString()], [226, content]);
    });

  // id: read-only-mount
  for (const spelling of SPELLINGS)
    test(`no command changes a read-only mount under the path ${spelling}`, async () => {
      const { client } = world;
      const before = await objects();
      await client.command(`CWD ${spelling === "." ? "/inbox" : "/"}`);
      for (const line of CHANGES) {
        const code = await client.sequence(line.replaceAll("@", spelling));
        assert.ok([504, 550].includes(code), `${line}: ${code}`);
      }
      for (const line of UPLOADS) {
        const code = await client.sequence(line.replaceAll("@", spelling), (command) =>
          client.upload(command, "x"),
        );
        assert.equal(code, 550, line);
      }
      await client.command("CWD /");
      assert.deepEqual(await objects(), before);
    });

  test("a rename cannot leave its mount through two dots", async () => {
    const { client } = world;
    for (const [from, to] of [
      ["/in/f", "/in/../inbox/x"],
      ["/in/f", "/in/../x"],
      ["/f", "/in/d/../x"],
      ["/in/d", "/in/../in-d"],
      ["/inbox/../in/f", "/in/../inbox"],
    ]) {
      const line = `RNFR ${from} | RNTO ${to}`;
      assert.equal(await client.sequence(line), 550, line);
    }
    assert.equal(await client.sequence("RNFR /inbox/../in/f | RNTO /in/../in/g"), 250);
    assert.equal(await client.sequence("RNFR /in/g | RNTO /in/f"), 250);
  });

  test("recursive listings and patterns show only the named directory", async () => {
    for (const line of ["LIST -R", "LIST -laR /", "NLST -R /"]) {
      const names = (await namesOf(line)).map((row) => row.replace(/^.*[ /]/u, ""));
      assert.deepEqual(names.toSorted(), ["f", "in", "inbox"], line);
    }
    assert.deepEqual(await namesOf("NLST /in*"), ["/in", "/inbox"]);
    assert.deepEqual(await namesOf("NLST /in/*"), ["/in/d", "/in/f"]);
    assert.deepEqual(await namesOf("NLST /in/../in*/../f*"), ["/in/../in*/../f"]);
    for (const line of ["NLST /in*/f", "NLST /*/*", "LIST /in*/d/*"])
      assert.equal((await world.client.download(line)).code, 550, line);
  });

  // id: unusual-keys
  test("every listed name can be used, regardless of the keys that other programs write", async () => {
    const { client } = world;
    const odd = [
      "a//b",
      "/x",
      "./x",
      "../x",
      "x/../../y",
      "x/./y",
      "..",
      "\u0001",
      "a\r\n-rw forged",
      "\u0085",
    ];
    const more = [".ftp-operator-incomplete/x", "\ufffd", "x ", " ", "%2e%2e", "a?b", "*", "e/", "e\\f", "~"];
    for (const name of [...odd, ...more])
      await bucket.put(mounts.key(`in/${name}`), "odd").catch(() => undefined);
    const rows = await namesOf("MLSD /in");
    assert.ok(rows.length > 5, rows.join("\n"));
    for (const row of rows) {
      const [, type, name = ""] = /^Type=(\w+);.*?; (.*)$/u.exec(row) ?? assert.fail(row);
      assert.doesNotMatch(name, /[\p{Cc}/]|^\.{1,2}$|^\.ftp-operator/u);
      if (type === "dir") assert.equal(await client.code(`CWD /in/${name}`), 250, name);
      else assert.equal((await client.download(`RETR /in/${name}`)).code, 226, name);
    }
    await client.command("CWD /");
    for (const name of ["..", "../x", ".ftp-operator-incomplete/x"])
      assert.notEqual((await client.download(`RETR /in/${name}`)).bytes.toString(), "odd", name);
  });

  // id: name-search-cost
  test("a name with question marks causes no search in the bucket", async () => {
    const { client, folder } = world;
    const { proxy } = mounts;
    for (const verb of ["SIZE", "MLST", "DELE", "RNFR", "CWD", "HASH", "SITE CPFR"])
      for (const [plain, marked] of [
        ["none", "n?ne"],
        ["d/none", "d/????"],
        ["a/".repeat(50), "?/".repeat(50)],
      ])
        assert.deepEqual(
          await operationsOf(proxy, () => client.command(`${verb} /in/${marked}`)),
          await operationsOf(proxy, () => client.command(`${verb} /in/${plain}`)),
          `${verb} ${marked}`,
        );
    // The search for displayed names must still find names on the volume.
    await mkdir(join(folder, "homes/alice/a\nb"));
    assert.equal(await client.code("CWD /a?b"), 250);
    assert.equal(await client.code("CWD /"), 250);
  });
});
