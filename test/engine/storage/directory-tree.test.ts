import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { EngineError, type ErrorCode } from "../../../src/engine/errors.ts";
import { DirectoryTree } from "../../../src/engine/storage/directory-tree.ts";
import { removeLeftovers } from "../../../src/engine/storage/leftovers.ts";
import type { Storage, WriteMode } from "../../../src/engine/storage/storage.ts";

const SECRET = "nobody may read this";

let directory: string;
let root: string;
let tree: DirectoryTree;
let home: Storage;

const at = (...names: string[]): string => join(root, "alice", ...names);
const bytes = (text: string): Uint8Array[] => [Buffer.from(text)];
const names = async (path: string): Promise<string[]> =>
  (await Array.fromAsync(home.list(path))).map(({ name }) => name).toSorted();

async function upload(path: string, text: string, mode: WriteMode = { type: "Replace" }): Promise<void> {
  const handle = await home.openWrite(path, mode);
  await handle.write(bytes(text));
  await handle.publish();
}

async function download(path: string): Promise<string> {
  const handle = await home.openRead(path);
  try {
    const buffer = Buffer.alloc(1024);
    const length = await handle.read(buffer, 0);
    return buffer.toString("utf8", 0, length);
  } finally {
    await handle.close();
  }
}

const rejectsWith = (code: ErrorCode, call: Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => error instanceof EngineError && error.code === code);

const openDescriptors = async (): Promise<number> => (await readdir("/proc/self/fd")).length;

let descriptors = 0;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "directory-tree-"));
  await mkdir(join(directory, "outside"));
  await writeFile(join(directory, "outside", "secret"), SECRET);
});
after(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  root = await mkdtemp(join(directory, "root-"));
  tree = await DirectoryTree.open(root);
  home = await tree.openHome("/alice");
  descriptors = await openDescriptors();
});
afterEach(async () => {
  // Whatever a test did, refusals included, it holds nothing open.
  const left = await openDescriptors();
  await tree.close();
  assert.ok(left <= descriptors, `${left} descriptors instead of ${descriptors}`);
});

describe("a home", () => {
  it("is made when it is not there, with what leads to it", async () => {
    await tree.openHome("/team/bob");
    assert.ok((await stat(join(root, "team/bob"))).isDirectory());
  });

  it("is found again after it was moved away and made anew", async () => {
    await upload("/old", "old");
    await rename(at(), join(root, "moved"));
    await rejectsWith("NotFound", home.stat("/old"));
    home = await tree.openHome("/alice");
    assert.deepEqual(await names("/"), []);
  });

  it("can not be removed or renamed", async () => {
    await rejectsWith("PermissionDenied", home.removeDirectory("/"));
    await rejectsWith("PermissionDenied", home.rename("/", "/x"));
  });

  it("keeps its mode", () => rejectsWith("PermissionDenied", home.setMode("/", 0o000)));

  it("says which root cannot be opened", async () => {
    await assert.rejects(
      DirectoryTree.open(join(directory, "none")),
      /storage\.root .*none cannot be opened/,
    );
  });
});

describe("uploads", () => {
  it("are seen only when they are whole", async () => {
    await upload("/file", "old");
    const handle = await home.openWrite("/file", { type: "Replace" });
    await handle.write(bytes("new"));
    assert.equal(await download("/file"), "old");
    assert.deepEqual(await names("/"), ["file"]);
    await handle.publish();
    assert.equal(await download("/file"), "new");
  });

  it("leave the old file and nothing else when they are discarded", async () => {
    await upload("/file", "old");
    const handle = await home.openWrite("/file", { type: "Replace" });
    await handle.write(bytes("half"));
    await handle.discard();
    assert.equal(await download("/file"), "old");
    assert.deepEqual(await readdir(at()), ["file"]);
  });

  it("keep the mode of the file they replace", async () => {
    await upload("/file", "old");
    execFileSync("chmod", ["640", at("file")]);
    await upload("/file", "new");
    assert.equal((await stat(at("file"))).mode & 0o777, 0o640);
  });

  it("append, also two at once, and make the file when there is none", async () => {
    const [one, two] = [
      await home.openWrite("/log", { type: "Append" }),
      await home.openWrite("/log", { type: "Append" }),
    ];
    await one.write(bytes("aaaa"));
    await two.write(bytes("bb"));
    await one.publish();
    await two.discard();
    assert.equal(await download("/log"), "aaaabb");
  });

  it("resume at an offset, and what stood behind it is gone", async () => {
    await upload("/file", "0123456789");
    await upload("/file", "abc", { type: "Resume", offset: 4 });
    assert.equal(await download("/file"), "0123abc");
  });

  it("can not resume behind the end", async () => {
    await upload("/file", "0123");
    await rejectsWith("NotFound", home.openWrite("/file", { type: "Resume", offset: 5 }));
    assert.equal(await download("/file"), "0123");
  });

  it("write thousands of chunks whole and in order", async () => {
    const chunks = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index},`));
    const handle = await home.openWrite("/many", { type: "Replace" });
    await handle.write(chunks);
    await handle.publish();
    assert.equal(await readFile(at("many"), "utf8"), Buffer.concat(chunks).toString());
  });

  it("go to no directory and to no name that is taken by something else", async () => {
    await home.makeDirectory("/dir");
    await rejectsWith("IsADirectory", home.openWrite("/dir", { type: "Replace" }));
    await rejectsWith("IsADirectory", home.openWrite("/", { type: "Append" }));
    await rejectsWith("NotFound", home.openWrite("/none/file", { type: "Replace" }));
  });
});

describe("names", () => {
  const REFUSALS: readonly [what: string, code: ErrorCode, call: () => Promise<unknown>][] = [
    ["stat of nothing", "NotFound", () => home.stat("/none")],
    ["reading nothing", "NotFound", () => home.openRead("/none")],
    ["reading a directory", "IsADirectory", () => home.openRead("/dir")],
    ["removing a directory as a file", "IsADirectory", () => home.remove("/dir")],
    ["removing a file as a directory", "NotADirectory", () => home.removeDirectory("/file")],
    ["removing a directory that is not empty", "DirectoryNotEmpty", () => home.removeDirectory("/dir")],
    ["making what is there", "AlreadyExists", () => home.makeDirectory("/dir")],
    ["a file as a directory on the way", "NotADirectory", () => home.stat("/file/x")],
    ["renaming nothing", "NotFound", () => home.rename("/none", "/x")],
    ["listing a file", "NotADirectory", () => names("/file")],
  ];
  for (const [what, code, call] of REFUSALS) {
    it(`${what}: ${code}`, async () => {
      await home.makeDirectory("/dir");
      await upload("/dir/inner", "");
      await upload("/file", "");
      await rejectsWith(code, call());
    });
  }

  it("are renamed, also over a file that is there", async () => {
    await upload("/a", "a");
    await upload("/b", "b");
    await home.makeDirectory("/dir");
    await home.rename("/a", "/dir/c");
    await home.rename("/b", "/dir/c");
    assert.equal(await download("/dir/c"), "b");
    assert.deepEqual(await names("/"), ["dir"]);
  });

  it("get the time that is set", async () => {
    await upload("/file", "");
    const time = new Date("2020-02-29T12:34:56Z");
    await home.setModificationTime("/file", time);
    assert.deepEqual((await home.stat("/file")).modified, time);
  });

  it("get the mode that is set, also back from none at all", async () => {
    await upload("/file", "");
    await home.makeDirectory("/dir");
    for (const [path, mode] of [
      ["/file", 0o000],
      ["/file", 0o604],
      ["/dir", 0o000],
      ["/dir", 0o750],
    ] as const) {
      await home.setMode(path, mode);
      assert.equal((await home.stat(path)).mode, mode);
    }
  });

  it("tell how much fits, in directories only", async () => {
    await upload("/file", "");
    const { bavail, bsize } = await statfs(at());
    const available = await home.availableBytes("/");
    assert.ok(available > 0 && Math.abs(available - bavail * bsize) < bavail * bsize * 0.1);
    await rejectsWith("NotADirectory", home.availableBytes("/file"));
  });

  it("are listed whole, however many there are, and a listing may be left half-way", async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => writeFile(at(`f${index}`), "x")));
    assert.equal((await names("/")).length, 300);
    for await (const { name } of home.list("/")) if (name !== "") break;
  });
});

describe("what is no file and no directory", () => {
  beforeEach(async () => {
    await symlink(join(directory, "outside"), at("link"));
    await symlink(join(directory, "outside", "secret"), at("link-to-file"));
    await symlink("../..", at("up"));
    execFileSync("mkfifo", [at("pipe")]);
  });

  for (const name of ["link", "link-to-file", "up", "pipe"]) {
    it(`${name} is not there for a client`, async () => {
      assert.deepEqual(await names("/"), []);
      await rejectsWith("NotFound", home.stat(`/${name}`));
      await rejectsWith("NotFound", home.openRead(`/${name}`));
      await rejectsWith("NotFound", home.remove(`/${name}`));
      await rejectsWith("NotFound", home.setModificationTime(`/${name}`, new Date()));
      await rejectsWith("NotFound", home.setMode(`/${name}`, 0o777));
      await rejectsWith("NotFound", home.rename(`/${name}`, "/x"));
      await rejectsWith("PermissionDenied", home.openWrite(`/${name}`, { type: "Replace" }));
      await rejectsWith("PermissionDenied", home.openWrite(`/${name}`, { type: "Append" }));
    });
  }

  it("a link on the way leads nowhere", async () => {
    for (const path of ["/link/secret", "/up/outside/secret"]) {
      await assert.rejects(home.openRead(path), EngineError);
      await assert.rejects(home.openWrite(path, { type: "Replace" }), EngineError);
    }
    assert.equal(await readFile(join(directory, "outside/secret"), "utf8"), SECRET);
  });
});

it("a directory that is swapped for a link all the time never leads outside", async () => {
  await mkdir(at("swap"));
  await writeFile(at("swap", "secret"), "inside");
  const script = `while :; do mv '${at("swap")}' '${at("kept")}'; ln -s '${join(directory, "outside")}' '${at("swap")}'; rm '${at("swap")}'; mv '${at("kept")}' '${at("swap")}'; done`;
  const swapper = spawn("sh", ["-c", script], { stdio: "ignore" });
  const seen = { inside: 0, refused: 0 };
  try {
    for (let round = 0; round < 1500; round++) {
      const text = await download("/swap/secret").catch((error: unknown) => {
        assert.ok(error instanceof EngineError);
        return undefined;
      });
      assert.notEqual(text, SECRET);
      seen[text === "inside" ? "inside" : "refused"] += 1;
      if (round % 10 === 0) await upload(`/swap/new`, "x").catch(() => undefined);
    }
  } finally {
    swapper.kill("SIGKILL");
    await new Promise((resolve) => swapper.once("close", resolve));
  }
  assert.ok(seen.inside > 0, "the race was never run");
  assert.deepEqual(await readdir(join(directory, "outside")), ["secret"]);
});

it("leftovers of dead uploads are removed, living ones and other files are not", async () => {
  await mkdir(at("deep"));
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  for (const name of [".ftp-operator-dead", "old"]) {
    await writeFile(at("deep", name), "");
    await utimes(at("deep", name), old, old);
  }
  await writeFile(at("deep", ".ftp-operator-alive"), "");
  assert.equal(await removeLeftovers(root), 1);
  assert.deepEqual((await readdir(at("deep"))).toSorted(), [".ftp-operator-alive", "old"]);
  await unlink(at("deep", ".ftp-operator-alive"));
});
