import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Permission, PERMISSIONS } from "../../../src/api/engine-config.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { type TestServer, testUser } from "../../support/engine/server.ts";
import { treeServer, type TreeServer } from "../../support/engine/tree-server.ts";

type Can = (...permissions: Permission[]) => boolean;

/** Commands, with a function that returns their expected effects for a set of permissions. */
interface Attempt {
  what: string;
  run: (client: ControlClient) => Promise<unknown>;
  effects: (can: Can) => readonly string[];
}

/** Returns an attempt that sends commands without a data transfer. Replies are ignored. */
function commands(...lines: string[]): Pick<Attempt, "what" | "run"> {
  return {
    what: lines.join(", "),
    async run(client) {
      for (const line of lines) await client.command(line);
    },
  };
}

/** Returns an attempt that sends commands and uploads bytes with the last command. */
function upload(bytes: string, ...lines: [...string[], string]): Pick<Attempt, "what" | "run"> {
  const last = lines.at(-1) ?? "";
  return {
    what: `${lines.join(", ")} with ${bytes === "" ? "no bytes" : bytes}`,
    async run(client) {
      for (const line of lines.slice(0, -1)) await client.command(line);
      await client.upload(last, bytes);
    },
  };
}

const none = (): readonly string[] => [];

const ATTEMPTS: readonly Attempt[] = [
  { ...upload("new", "STOR file"), effects: (can) => (can("Write") ? ["replaced file"] : []) },
  { ...upload("new", "STOR new"), effects: (can) => (can("Write") ? ["created new"] : []) },
  { ...upload("", "REST 4", "STOR file"), effects: (can) => (can("Write") ? ["truncated file"] : []) },
  { ...upload("x", "REST 10", "STOR file"), effects: (can) => (can("Write") ? ["extended file"] : []) },
  { ...upload("x", "REST 2", "STOR new"), effects: none },
  // The storage contains an incomplete upload to `cut` with 4 bytes.
  {
    ...upload("x", "REST 2", "STOR cut"),
    effects: (can) => (can("Write") ? ["renamed incomplete to cut"] : []),
  },
  {
    ...upload("x", "STOR cut"),
    effects: (can) => (can("Write") ? ["created cut", "removed incomplete"] : []),
  },
  { ...upload("x", "APPE cut"), effects: none },
  {
    ...upload("x", "SIZE cut", "APPE cut"),
    effects: (can) => (can("Read", "Append") ? ["renamed incomplete to cut"] : []),
  },
  { ...commands("DELE cut"), effects: (can) => (can("Delete") ? ["removed incomplete"] : []) },
  { ...commands("RNFR cut", "RNTO new"), effects: none },
  { ...commands("MFMT 20010101000000 cut"), effects: none },
  { ...commands("SITE CHMOD 600 cut"), effects: none },
  { ...upload("new", "STOU"), effects: (can) => (can("Write") ? ["created stou"] : []) },
  { ...upload("x", "APPE file"), effects: (can) => (can("Append") ? ["extended file"] : []) },
  { ...upload("x", "APPE new"), effects: (can) => (can("Append") ? ["created new"] : []) },
  { ...commands("DELE file"), effects: (can) => (can("Delete") ? ["removed file"] : []) },
  { ...commands("DELE empty"), effects: none },
  { ...commands("MKD new"), effects: (can) => (can("MakeDirectory") ? ["created new"] : []) },
  { ...commands("MKD file"), effects: none },
  { ...commands("RMD empty"), effects: (can) => (can("RemoveDirectory") ? ["removed empty"] : []) },
  { ...commands("RMD full"), effects: none },
  {
    ...commands("RNFR other", "RNTO new"),
    effects: (can) => (can("Rename") ? ["renamed other to new"] : []),
  },
  {
    ...commands("RNFR other", "RNTO file"),
    effects: (can) =>
      can("Rename", "Write") || can("Rename", "Delete") ? ["renamed other to file, which was replaced"] : [],
  },
  { ...commands("RNFR full", "RNTO new"), effects: (can) => (can("Rename") ? ["renamed full to new"] : []) },
  { ...commands("RNFR full", "RNTO empty"), effects: none },
  { ...commands("RNFR empty", "RNTO file"), effects: none },
  { ...commands("RNFR file", "RNTO empty"), effects: none },
  {
    ...commands("SITE CPFR file", "SITE CPTO new"),
    effects: (can) => (can("Read", "Write") ? ["created new"] : []),
  },
  {
    ...commands("SITE CPFR file", "SITE CPTO other"),
    effects: (can) => (can("Read", "Write") ? ["replaced other"] : []),
  },
  { ...commands("SITE CHMOD 600 file"), effects: (can) => (can("Write") ? ["mode of file"] : []) },
  { ...commands("MFF UNIX.mode=0600; file"), effects: (can) => (can("Write") ? ["mode of file"] : []) },
  {
    ...commands("MFF Modify=20010101000000; file"),
    effects: (can) => (can("SetModificationTime") ? ["time of file"] : []),
  },
  {
    ...commands("MFMT 20010101000000 file"),
    effects: (can) => (can("SetModificationTime") ? ["time of file"] : []),
  },
  {
    ...commands("SITE UTIME 200101010000 file"),
    effects: (can) => (can("SetModificationTime") ? ["time of file"] : []),
  },
  {
    ...commands("MDTM 20010101000000 file"),
    effects: (can) => (can("Read", "SetModificationTime") ? ["time of file"] : []),
  },
];

/**
 * Permission sets: none, each single permission, all, all except one, and pairs that together permit more than
 * separately.
 */
const SETS: readonly (readonly Permission[])[] = [
  [],
  ...PERMISSIONS.map((one) => [one]),
  PERMISSIONS,
  ...PERMISSIONS.map((one) => PERMISSIONS.filter((other) => other !== one)),
  ["Rename", "Write"],
  ["Rename", "Delete"],
  ["Rename", "Append"],
  ["Read", "Write"],
  ["Read", "Append"],
  ["Read", "SetModificationTime"],
];

/** Permission sets that are also tested with a quota. */
const LIMITED: readonly (readonly Permission[])[] = [PERMISSIONS, ["Read", "Append"], ["Rename"]];

interface Seen {
  inode: number;
  content: string | undefined;
  mode: number;
  time: number;
}

type Snapshot = ReadonlyMap<string, Seen>;

async function lookAt(directory: string): Promise<Snapshot> {
  const seen = new Map<string, Seen>();
  for (const name of await readdir(directory)) {
    const stats = await lstat(join(directory, name));
    const content = stats.isFile() ? await readFile(join(directory, name), "utf8") : undefined;
    const seenAs = isPartial(name) ? "incomplete" : name.replace(/^stou\..*/u, "stou");
    seen.set(seenAs, { inode: stats.ino, content, mode: stats.mode & 0o777, time: stats.mtimeMs });
  }
  return seen;
}

/** Returns descriptions of the differences between two snapshots. */
function effectsOf(before: Snapshot, now: Snapshot): string[] {
  const renamed = [...before].flatMap(([from, { inode }]) => {
    const to = now.has(from) ? undefined : now.entries().find(([, seen]) => seen.inode === inode)?.[0];
    return to === undefined ? [] : [{ from, to }];
  });
  const isRenamed = (name: string): boolean => renamed.some(({ from, to }) => name === from || name === to);
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((name) => !isRenamed(name));
  return [
    ...renamed.map(
      ({ from, to }) => `renamed ${from} to ${to}${before.has(to) ? ", which was replaced" : ""}`,
    ),
    ...names.flatMap((name) => changesOf(name, before.get(name), now.get(name))),
  ].toSorted();
}

function changesOf(name: string, old: Seen | undefined, seen: Seen | undefined): string[] {
  if (old === undefined) return [`created ${name}`];
  if (seen === undefined) return [`removed ${name}`];
  if (old.content !== seen.content) return [`${kindOfChange(old.content ?? "", seen.content ?? "")} ${name}`];
  return [
    ...(old.mode === seen.mode ? [] : [`mode of ${name}`]),
    ...(old.time === seen.time ? [] : [`time of ${name}`]),
  ];
}

function kindOfChange(old: string, now: string): string {
  if (now.startsWith(old)) return "extended";
  return old.startsWith(now) ? "truncated" : "replaced";
}

describe("permissions", () => {
  let world: TreeServer;
  let server: TestServer;
  const home = (): string => join(world.root, "alice");

  before(async () => {
    world = await treeServer();
    server = world.server;
  });
  after(() => world[Symbol.asyncDispose]());

  async function prepare(): Promise<void> {
    await rm(home(), { recursive: true, force: true });
    await mkdir(join(home(), "full", "inner"), { recursive: true });
    await mkdir(join(home(), "empty"));
    for (const [name, text] of [
      ["file", "0123456789"],
      ["other", "other"],
    ] as const)
      await writeFile(join(home(), name), text, { mode: 0o640 });
    const storage = await world.tree.openHome("/alice", { account: "alice" });
    const broken = await storage.openUpload("/cut", { type: "Replace" });
    await broken.write([Buffer.from("0123")]);
    await broken.abort();
    const past = new Date("2020-01-01T00:00:00Z");
    for (const name of await readdir(home())) await utimes(join(home(), name), past, past);
  }

  // With a quota, the engine updates the recorded usage after every change.
  const cases = [
    ...SETS.map((permissions) => ({ permissions, quota: {} })),
    ...LIMITED.map((permissions) => ({ permissions, quota: { bytes: 1_000_000 } })),
  ];
  for (const { permissions, quota } of cases) {
    const others = PERMISSIONS.filter((one) => !permissions.includes(one));
    // In the home, the user has exactly the permissions that are missing in the directory.
    const directories = [{ path: "/alice", permissions: [...permissions] }];
    const users = {
      home: testUser("alice", { homeDirectory: "/alice", permissions: [...permissions], quota }),
      directory: testUser("alice", { homeDirectory: "/", permissions: others, directories, quota }),
    };
    const words = permissions.length === PERMISSIONS.length ? "all" : permissions.join(" and ") || "none";
    const limit = "bytes" in quota ? "with" : "without";
    // id: append-only-users
    for (const [where, user] of Object.entries(users))
      test(`(${words}) in a ${where} ${limit} a quota allow every command exactly its expected effects`, async () => {
        server.authenticator.users = [user];
        const can: Can = (...needed) => needed.every((one) => permissions.includes(one));
        for (const { what, run, effects } of ATTEMPTS) {
          await prepare();
          const client = await (await ControlClient.overTcp(server.engine)).login();
          await client.command("TYPE I");
          if (where === "directory") await client.command("CWD /alice");
          const before = await lookAt(home());
          await run(client);
          assert.deepEqual(effectsOf(before, await lookAt(home())), effects(can), what);
          client.duplex.destroy();
        }
      });
  }

  // id: append-only-users-2
  test("Rename alone does not permit the replacement of a file, and the reply names the missing permission", async () => {
    await prepare();
    const login = async (permissions: Permission[]): Promise<ControlClient> => {
      server.authenticator.users = [testUser("alice", { homeDirectory: "/alice", permissions })];
      return await (await ControlClient.overTcp(server.engine)).login();
    };
    const client = await login(["Rename"]);
    await client.command("RNFR other");
    assert.deepEqual((await client.command("RNTO file")).lines, [
      "550 File exists. Replacing it needs the permission Write or Delete.",
    ]);
    await client.command("RNFR other");
    assert.deepEqual((await client.command("RNTO empty")).lines, ["550 A directory has this name."]);
    assert.equal(await readFile(join(home(), "file"), "utf8"), "0123456789");
    const other = await login(["Rename", "Delete"]);
    await other.command("RNFR other");
    assert.equal(await other.code("RNTO file"), 250);
    assert.equal(await readFile(join(home(), "file"), "utf8"), "other");
  });
});
