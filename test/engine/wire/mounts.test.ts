import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { type MountServer, mountServer } from "../../support/engine/mount-server.ts";

/** Paths of the home, of a writable mount and of a read-only mount. These directories contain the same files. */
const AREAS = { home: "", writable: "/in", readOnly: "/old" } as const;
type Area = keyof typeof AREAS;
const NAMES: readonly Area[] = ["home", "writable", "readOnly"];

const MOUNTS: EngineMount[] = [
  { path: "/in", storage: "inbox", subPath: "/partner", access: "ReadWrite" },
  { path: "/old", storage: "archive", subPath: "/", access: "ReadOnly" },
  { path: "/all/shared", subPath: "/shared", access: "ReadWrite" },
];
const CONTENT = "0123456789";
const TIME = new Date("2025-01-02T03:04:05Z");

/**
 * Commands with the expected reply codes in the home, the writable mount and the read-only mount. `@` is the path of
 * the home or of the mount. Each command in a line except the last receives a 2xx or 3xx reply, or the expected code of
 * the line.
 */
const CONTROL: readonly [line: string, home: number, writable: number, readOnly: number][] = [
  ["CWD @/dir", 250, 250, 250],
  ["CWD @/f", 550, 550, 550],
  ["STAT @/f", 213, 213, 213],
  ["STAT @/dir", 212, 212, 212],
  ["MLST @/f", 250, 250, 250],
  ["MLST @/dir", 250, 250, 250],
  ["SIZE @/f", 213, 213, 213],
  ["SIZE @/none", 550, 550, 550],
  ["MDTM @/f", 213, 213, 213],
  ["HASH @/f", 213, 213, 213],
  ["XSHA256 @/f", 250, 250, 250],
  ["AVBL @/dir", 213, 213, 213],
  ["MFMT 20200102030405 @/f", 213, 213, 550],
  ["MDTM 20200102030405 @/f", 213, 213, 550],
  ["MFF Modify=20200102030405; @/f", 213, 213, 550],
  ["MFF UNIX.mode=0600; @/f", 213, 213, 550],
  ["SITE CHMOD 600 @/f", 200, 200, 550],
  ["SITE UTIME 202001020304 @/f", 200, 200, 550],
  ["DELE @/f", 250, 250, 550],
  ["DELE @/none", 550, 550, 550],
  ["MKD @/new", 257, 257, 550],
  ["RMD @/dir/empty", 250, 250, 550],
  ["RMD @/dir", 550, 550, 550],
  ["RNFR @/f | RNTO @/g", 250, 250, 550],
  ["RNFR @/dir | RNTO @/moved", 250, 250, 550],
  ["SITE CPFR @/f | SITE CPTO @/g", 250, 250, 550],
];
const DOWNLOADS: readonly string[] = [
  "LIST @",
  "LIST @/f",
  "NLST @/dir",
  "MLSD @",
  "RETR @/f",
  "REST 4 | RETR @/f",
];
const UPLOADS: readonly [line: string, file: string, content: string][] = [
  ["STOR @/new", "new", "abc"],
  ["STOR @/f", "f", "abc"],
  ["APPE @/f", "f", `${CONTENT}abc`],
  ["REST 4 | STOR @/f", "f", "0123abc"],
  ["STOU @/x", "x.*", "abc"],
];

describe("a user with a writable mount and a read-only mount", () => {
  let world: MountServer;
  let folders: Record<Area, string>;

  before(async () => {
    world = await mountServer({ mounts: MOUNTS, volumes: ["inbox", "archive"] });
    const { folder } = world;
    folders = {
      home: join(folder, "homes/alice"),
      writable: join(folder, "inbox/partner"),
      readOnly: join(folder, "archive"),
    };
  });
  after(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const name of NAMES) await fill(folders[name]);
    await mkdir(join(folders.home, "all"), { recursive: true });
    await world.client.command("CWD /");
  });

  /** Sends the commands in a line to an area. Returns the code of the last reply or of the first rejection. */
  function send(line: string, area: Area, last?: (command: string) => Promise<number>): Promise<number> {
    return world.client.sequence(line.replaceAll("@", AREAS[area]), last);
  }

  for (const [line, ...codes] of CONTROL)
    test(`gets the replies ${codes.join(", ")} to ${line}`, async () => {
      const before = await snapshot(folders.readOnly);
      for (const [index, area] of NAMES.entries()) assert.equal(await send(line, area), codes[index], area);
      assert.deepEqual(await snapshot(folders.readOnly), before);
    });

  for (const line of DOWNLOADS)
    test(`gets the same data for ${line} everywhere`, async () => {
      const received = new Set<string>();
      for (const area of NAMES) {
        const code = await send(line, area, async (command) => {
          const { code, bytes } = await world.client.download(command);
          received.add(withoutOwn(bytes.toString()));
          return code;
        });
        assert.equal(code, 226, area);
      }
      assert.equal(received.size, 1, [...received].join("\n"));
      assert.notEqual([...received][0], "");
    });

  for (const [line, file, content] of UPLOADS)
    test(`stores ${line} in the home and the writable mount, and rejects it in the read-only mount`, async () => {
      const before = await snapshot(folders.readOnly);
      const upload = (command: string): Promise<number> => world.client.upload(command, "abc");
      for (const area of ["home", "writable"] as const) {
        assert.equal(await send(line, area, upload), 226, area);
        const names = await readdir(folders[area]);
        const stored = names.find((name) => new RegExp(`^${file}$`, "u").test(name)) ?? "";
        assert.equal(await readFile(join(folders[area], stored), "utf8"), content, area);
      }
      assert.equal(await send(line, "readOnly", upload), 550);
      assert.deepEqual(await snapshot(folders.readOnly), before);
    });

  test("navigates into mounts and back with CWD, CDUP and PWD", async () => {
    const { client } = world;
    for (const [command, directory] of [
      ["CWD old", "/old"],
      ["CWD dir", "/old/dir"],
      ["CDUP", "/old"],
      ["CDUP", "/"],
      ["CWD all", "/all"],
      ["CWD shared", "/all/shared"],
      ["CWD ../../in/dir", "/in/dir"],
      ["CDUP", "/in"],
      ["CDUP", "/"],
    ] as const) {
      assert.equal(await client.code(command), 250, command);
      assert.match((await client.command("PWD")).lines[0] ?? "", new RegExp(`^257 "${directory}"`, "u"));
    }
  });

  // id: mounts-in-listings
  test("sees mounts in listings once, with the permissions of each entry", async () => {
    assert.deepEqual(await facts("/"), {
      all: "dir celmp",
      dir: "dir cdeflmp",
      f: "file adfrw",
      in: "dir celmp",
      old: "dir el",
    });
    assert.deepEqual(await facts("/all"), { shared: "dir celmp" });
    assert.deepEqual(await facts("/in"), { dir: "dir cdeflmp", f: "file adfrw" });
    assert.deepEqual(await facts("/old"), { dir: "dir el", f: "file r" });
    assert.deepEqual(await facts("/old/dir"), { empty: "dir el" });
  });

  test("gets the same facts from MLST as from MLSD, and a different Unique fact for each entry", async () => {
    const uniques = new Set<string>();
    let entries = 0;
    for (const directory of ["/", "/all", "/in", "/old"]) {
      for (const line of await machineList(directory)) {
        const [listed = "", name = ""] = line.split("; ");
        const path = `${directory === "/" ? "" : directory}/${name}`;
        const { lines } = await world.client.command(`MLST ${path}`);
        assert.equal(lines[1], ` ${listed}; ${path}`);
        uniques.add(/Unique=([^;]+)/u.exec(listed)?.[1] ?? "");
        entries += 1;
      }
    }
    assert.equal(uniques.size, entries);
  });

  for (const path of ["/in", "/old", "/all", "/all/shared"])
    test(`cannot remove, move or replace ${path}`, async () => {
      const { client } = world;
      for (const line of [
        `RMD ${path}`,
        `DELE ${path}`,
        `MKD ${path}`,
        `SITE CHMOD 700 ${path}`,
        `RETR ${path}`,
      ]) {
        if (line.startsWith("RETR")) await client.passive();
        assert.equal(await client.code(line), 550, line);
      }
      assert.equal(await client.upload(`STOR ${path}`, "x"), 550);
      for (const [from, to] of [
        [path, "/elsewhere"],
        ["/f", path],
        ["/dir", path],
      ]) {
        const first = await client.code(`RNFR ${from}`);
        assert.equal(first === 350 ? await client.code(`RNTO ${to}`) : first, 550, `${from} ${to}`);
      }
      assert.equal(await client.code(`CWD ${path}`), 250);
    });

  // id: rename-across-storage
  test("cannot rename to another storage, and can copy there with SITE CPFR and SITE CPTO", async () => {
    const { client } = world;
    for (const from of NAMES)
      for (const to of NAMES.filter((name) => name !== from)) {
        const [source, target] = [`${AREAS[from]}/f`, `${AREAS[to]}/copy`];
        const isReadOnly = [from, to].includes("readOnly");
        const renamed = await send(`RNFR ${source} | RNTO ${target}`, "home");
        assert.equal(renamed, 550, `${source} ${target}`);
        if (!isReadOnly) {
          await client.command(`RNFR ${source}`);
          assert.match((await client.command(`RNTO ${target}`)).lines[0] ?? "", /another storage/);
        }
        const copied = await send(`SITE CPFR ${source} | SITE CPTO ${target}`, "home");
        assert.equal(copied, to === "readOnly" ? 550 : 250, `${source} ${target}`);
        if (to !== "readOnly")
          assert.equal(await readFile(join(folders[to], "copy"), "utf8"), CONTENT, `${source} ${target}`);
        assert.equal(await readFile(join(folders[from], "f"), "utf8"), CONTENT);
      }
  });

  test("resumes an interrupted upload in a mount", async () => {
    const { client } = world;
    const data = await client.passive();
    assert.equal(await client.code("STOR /in/part"), 150);
    data.write("half");
    while (world.server.log.movedBytes !== 4 && !data.destroyed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      data.resetAndDestroy();
    }
    assert.equal((await client.reply())?.code, 426);
    assert.deepEqual((await client.command("SIZE /in/part")).lines, ["213 4"]);
    assert.equal(await client.upload("APPE /in/part", "+rest"), 226);
    assert.equal(await readFile(join(folders.writable, "part"), "utf8"), "half+rest");
  });

  /** Returns the lines of an MLSD listing. */
  async function machineList(directory: string): Promise<string[]> {
    const { code, bytes } = await world.client.download(`MLSD ${directory}`);
    assert.equal(code, 226);
    return bytes.toString().trimEnd().split("\r\n");
  }

  /** Returns the facts Type and Perm of all entries in a directory, by name. */
  async function facts(directory: string): Promise<Record<string, string>> {
    const entries = (await machineList(directory)).map((line): [string, string] => {
      const { type, perm, name } =
        /^Type=(?<type>\w+);.*Perm=(?<perm>\w+);.* (?<name>.+)$/u.exec(line)?.groups ?? {};
      return [name ?? line, `${type} ${perm}`];
    });
    assert.equal(new Set(entries.map(([name]) => name)).size, entries.length, "each name once");
    return Object.fromEntries(entries);
  }
});

/** Replaces the content of a folder with a file and directories that have a fixed modification time. */
async function fill(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  await mkdir(join(folder, "dir/empty"), { recursive: true });
  await writeFile(join(folder, "f"), CONTENT, { mode: 0o640 });
  for (const name of ["f", "dir/empty", "dir", ""]) await utimes(join(folder, name), TIME, TIME);
}

/** Removes listing entries that exist only in the home, and facts that differ between storage types. */
function withoutOwn(listing: string): string {
  return listing
    .split("\r\n")
    .filter((line) => !/[ /](?:in|old|all)$|^(?:in|old|all)$/u.test(line))
    .map((line) => line.replace(/Unique=[^;]*;|Perm=\w*;/gu, "").replace(/^\/(?:in|old)\//u, "/"))
    .join("\n");
}

/** Returns the names, modes, times and contents of all entries in a folder. */
async function snapshot(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const stats = await lstat(join(folder, name));
      const text = stats.isFile() ? await readFile(join(folder, name), "utf8") : "";
      return `${name} ${stats.mode} ${stats.mtimeMs} ${text}`;
    }),
  );
}
