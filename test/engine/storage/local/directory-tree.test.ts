import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { EngineError, type ErrorCode } from "../../../../src/engine/errors.ts";
import { openTree } from "../../../support/engine/open-tree.ts";
import { removeStaleUploads } from "../../../../src/engine/storage/local/uploads/stale-uploads.ts";
import { rejectsWith, SECRET, TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();

describe("a home", () => {
  it("is created with its parent directories", async () => {
    await home.tree.openHome("/team/bob");
    assert.ok((await stat(join(home.root, "team/bob"))).isDirectory());
  });

  it("is found again after it was moved and created again", async () => {
    await home.upload("/old", "old");
    await rename(home.at(), join(home.root, "moved"));
    await rejectsWith("NotFound", home.storage.stat("/old"));
    await home.enter();
    assert.deepEqual(await home.names("/"), []);
  });

  it("cannot be removed or renamed", async () => {
    await rejectsWith("PermissionDenied", home.storage.removeDirectory("/"));
    await rejectsWith("PermissionDenied", home.storage.rename("/", "/x", "Files"));
  });

  it("keeps its mode when a client changes it", () =>
    rejectsWith("PermissionDenied", home.storage.setMode("/", 0o000)));

  it("is rejected with the name of the root when the root cannot be opened", async () => {
    await assert.rejects(
      openTree(join(home.directory, "none"), () => home.policy),
      /storage\.root .*none cannot be opened/,
    );
  });
});

describe("entries of a home", () => {
  const REFUSALS: readonly [what: string, code: ErrorCode, call: () => Promise<unknown>][] = [
    ["stat of nothing", "NotFound", () => home.storage.stat("/none")],
    ["reading nothing", "NotFound", () => home.storage.openRead("/none")],
    ["reading a directory", "IsADirectory", () => home.storage.openRead("/dir")],
    ["removing a directory as a file", "IsADirectory", () => home.storage.remove("/dir")],
    ["removing a file as a directory", "NotADirectory", () => home.storage.removeDirectory("/file")],
    [
      "removing a directory that is not empty",
      "DirectoryNotEmpty",
      () => home.storage.removeDirectory("/dir"),
    ],
    ["creating an existing directory", "AlreadyExists", () => home.storage.makeDirectory("/dir")],
    ["a file as a directory in a path", "NotADirectory", () => home.storage.stat("/file/x")],
    ["renaming nothing", "NotFound", () => home.storage.rename("/none", "/x", "Files")],
    ["listing a file", "NotADirectory", () => home.names("/file")],
  ];
  for (const [what, code, call] of REFUSALS) {
    it(`report ${code} for an invalid operation: ${what}`, async () => {
      await home.storage.makeDirectory("/dir");
      await home.upload("/dir/inner", "");
      await home.upload("/file", "");
      await rejectsWith(code, call());
    });
  }

  it("are renamed to a free name or to the name of an existing file", async () => {
    await home.upload("/a", "a");
    await home.upload("/b", "b");
    await home.storage.makeDirectory("/dir");
    await home.storage.rename("/a", "/dir/c", "Files");
    await home.storage.rename("/b", "/dir/c", "Files");
    assert.equal(await home.download("/dir/c"), "b");
    assert.deepEqual(await home.names("/"), ["dir"]);
  });

  it("get a new modification time", async () => {
    await home.upload("/file", "");
    const time = new Date("2020-02-29T12:34:56Z");
    await home.storage.setModificationTime("/file", time);
    assert.deepEqual((await home.storage.stat("/file")).modified, time);
  });

  it("get a new mode, even when their mode is 000", async () => {
    await home.upload("/file", "");
    await home.storage.makeDirectory("/dir");
    for (const [path, mode] of [
      ["/file", 0o000],
      ["/file", 0o604],
      ["/dir", 0o000],
      ["/dir", 0o750],
    ] as const) {
      await home.storage.setMode(path, mode);
      assert.equal((await home.storage.stat(path)).mode, mode);
    }
  });

  // id: setuid-bits-2
  it("keep the setgid and sticky bits of directories", async () => {
    await home.storage.makeDirectory("/shared");
    await chmod(home.at("shared"), 0o3770);
    await home.storage.setMode("/shared", 0o755);
    assert.equal((await stat(home.at("shared"))).mode & 0o7777, 0o3755);
    // A new directory inherits setgid from its parent directory.
    await home.storage.makeDirectory("/shared/inner", 0o027);
    assert.equal((await stat(home.at("shared/inner"))).mode & 0o7777, 0o2750);
  });

  it("report available bytes only for directories", async () => {
    await home.upload("/file", "");
    const { bavail, bsize } = await statfs(home.at());
    const available = await home.storage.availableBytes("/");
    assert.ok(available > 0 && Math.abs(available - bavail * bsize) < bavail * bsize * 0.1);
    await rejectsWith("NotADirectory", home.storage.availableBytes("/file"));
  });

  it("are listed completely in large directories when the listing is not ended early", async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => writeFile(home.at(`f${index}`), "x")));
    const before = process.cwd();
    assert.equal((await home.names("/")).length, 300);
    assert.equal(process.cwd(), before);
    for await (const names of home.storage.list("/")) if (names.length > 0) break;
  });

  it("are listed in order, each with its own facts", async () => {
    const sizes = Array.from({ length: 300 }, (_, index) => (index * 7) % 300);
    for (const size of sizes) await writeFile(home.at(`f${String(size).padStart(3, "0")}`), "x".repeat(size));
    const sorting = { mayKeep: () => true, pause: () => undefined };
    const entries = (await Array.fromAsync(home.storage.list("/", sorting))).flat();
    assert.deepEqual(
      entries.map(({ name, size }) => [name, size]),
      sizes
        .keys()
        .toArray()
        .map((size) => [`f${String(size).padStart(3, "0")}`, size]),
    );
  });
});

describe("an entry of another type", () => {
  beforeEach(async () => {
    await symlink(join(home.directory, "outside"), home.at("link"));
    await symlink(join(home.directory, "outside", "secret"), home.at("link-to-file"));
    await symlink("../..", home.at("up"));
    execFileSync("mkfifo", [home.at("pipe")]);
  });

  for (const name of ["link", "link-to-file", "up", "pipe"]) {
    it(`is hidden from clients: ${name}`, async () => {
      assert.deepEqual(await home.names("/"), []);
      await rejectsWith("NotFound", home.storage.stat(`/${name}`));
      await rejectsWith("NotFound", home.storage.openRead(`/${name}`));
      await rejectsWith("NotFound", home.storage.remove(`/${name}`));
      await rejectsWith("NotFound", home.storage.setModificationTime(`/${name}`, new Date()));
      await rejectsWith("NotFound", home.storage.setMode(`/${name}`, 0o777));
      await rejectsWith("NotFound", home.storage.rename(`/${name}`, "/x", "Files"));
      await rejectsWith("PermissionDenied", home.storage.openUpload(`/${name}`, { type: "Replace" }));
      await rejectsWith("PermissionDenied", home.storage.openUpload(`/${name}`, { type: "Append" }));
    });
  }

  it("is never followed in a path", async () => {
    for (const path of ["/link/secret", "/up/outside/secret"]) {
      await assert.rejects(home.storage.openRead(path), EngineError);
      await assert.rejects(home.storage.openUpload(path, { type: "Replace" }), EngineError);
    }
    assert.equal(await readFile(join(home.directory, "outside/secret"), "utf8"), SECRET);
  });
});

// id: symbolic-link-races
it("a path through a directory that another program replaces by a link stays in the home", async () => {
  await mkdir(home.at("swap"));
  await writeFile(home.at("swap", "secret"), "inside");
  const script = `while :; do mv '${home.at("swap")}' '${home.at("kept")}'; ln -s '${join(home.directory, "outside")}' '${home.at("swap")}'; rm '${home.at("swap")}'; mv '${home.at("kept")}' '${home.at("swap")}'; done`;
  const swapper = spawn("sh", ["-c", script], { stdio: "ignore" });
  const seen = { inside: 0, rejected: 0 };
  try {
    for (let round = 0; round < 1500; round++) {
      const text = await home.download("/swap/secret").catch((error: unknown) => {
        assert.ok(error instanceof EngineError);
        return undefined;
      });
      assert.notEqual(text, SECRET);
      seen[text === "inside" ? "inside" : "rejected"] += 1;
      if (round % 10 === 0) await home.upload(`/swap/new`, "x").catch(() => undefined);
    }
  } finally {
    swapper.kill("SIGKILL");
    await new Promise((resolve) => swapper.once("close", resolve));
  }
  assert.ok(seen.inside > 0, "the race was never run");
  assert.deepEqual(await readdir(join(home.directory, "outside")), ["secret"]);
});

it("removeStaleUploads removes stale uploads, and keeps running uploads and other files", async () => {
  await mkdir(home.at("deep"));
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  for (const name of [".ftp-operator-dead", "old"]) {
    await writeFile(home.at("deep", name), "");
    await utimes(home.at("deep", name), old, old);
  }
  await writeFile(home.at("deep", ".ftp-operator-alive"), "");
  assert.equal(await removeStaleUploads(home.root), 1);
  assert.deepEqual((await readdir(home.at("deep"))).toSorted(), [".ftp-operator-alive", "old"]);
  await unlink(home.at("deep", ".ftp-operator-alive"));
});

it("removeStaleUploads removes the other stale uploads when one cannot be removed", async (t) => {
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  for (const name of ["a", "b", "c"]) {
    await mkdir(home.at(name));
    await writeFile(home.at(name, ".ftp-operator-dead"), "");
    await utimes(home.at(name, ".ftp-operator-dead"), old, old);
  }
  // File modes do not restrict root, so the test replaces the unlink call. On a slow machine, the engine calls unlink
  // in a separate thread.
  let calls = 0;
  const fails = (): void => {
    calls += 1;
    if (calls === 2) throw new Error("broken");
  };
  const [unlinkSync, unlinkOnThread] = [fs.unlinkSync, fs.promises.unlink];
  const mocks = [
    t.mock.method(fs, "unlinkSync", (path: string) => (fails(), unlinkSync(path))),
    t.mock.method(fs.promises, "unlink", async (path: string) => (fails(), await unlinkOnThread(path))),
  ];
  syncBuiltinESMExports();
  t.after(() => {
    for (const { mock } of mocks) mock.restore();
    syncBuiltinESMExports();
  });
  assert.equal(await removeStaleUploads(home.root), 2);
});
