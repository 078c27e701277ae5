import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Permission, PERMISSIONS } from "../../../src/api/engine-config.ts";
import { AccessRules } from "../../../src/engine/auth/access-rules.ts";
import { GuardedStorage } from "../../../src/engine/storage/guarded-storage.ts";
import type { Entry } from "../../../src/engine/storage/storage.ts";
import { MemoryStorage } from "../../support/engine/memory-storage.ts";

/** A volume on which `OUTGOI~1` is a second name for `outgoing-files`. */
class ShortNames extends MemoryStorage {
  override stat(path: string): Promise<Entry> {
    return super.stat(long(path));
  }

  override remove(path: string): Promise<void> {
    return super.remove(long(path));
  }

  override rename(from: string, to: string): Promise<void> {
    return super.rename(long(from), long(to));
  }
}

function long(path: string): string {
  return path.replaceAll("OUTGOI~1", "outgoing-files");
}

function guarded(path: string, permissions: Permission[]): { guard: GuardedStorage; memory: MemoryStorage } {
  const memory = new ShortNames();
  for (const directory of ["/outgoing-files", "/outgoing-files/done", "/work"])
    memory.directories.add(directory);
  memory.put("/outgoing-files/file", "x");
  memory.put("/outgoing-files/done/file", "x");
  const rules = new AccessRules(PERMISSIONS, [{ path, permissions }]);
  return { guard: new GuardedStorage(memory, () => rules), memory };
}

const denied = { code: "PermissionDenied" };

describe("GuardedStorage on a volume with several names for one directory", () => {
  // id: directory-permission-evasion-5
  test("applies a rule to every name of its directory", async () => {
    const { guard, memory } = guarded("/outgoing-files", ["Read"]);
    await assert.rejects(guard.remove("/OUTGOI~1/file"), denied);
    await assert.rejects(guard.remove("/OUTGOI~1/done/file"), denied);
    await assert.rejects(guard.rename("/OUTGOI~1", "/work/x"), denied);
    assert.ok(memory.files.has("/outgoing-files/file"));
    assert.deepEqual([...(await guard.permissionsIn("/OUTGOI~1"))("file")], ["Read"]);
  });

  test("rejects the rename of a directory above a rule under every name", async () => {
    const { guard, memory } = guarded("/outgoing-files/done", [...PERMISSIONS]);
    await assert.rejects(guard.rename("/OUTGOI~1", "/work/x"), denied);
    await assert.rejects(guard.removeDirectory("/OUTGOI~1/done"), denied);
    await guard.remove("/OUTGOI~1/file");
    assert.ok(!memory.files.has("/outgoing-files/file"));
  });

  test("compares directories only within one storage, so a mount that fails does not affect the home", async () => {
    const { memory } = guarded("/work", []);
    const readOnly = ["/mount/sub", "/mount"].map((path) => ({ path, permissions: ["Read" as const] }));
    const rules = new AccessRules(PERMISSIONS, readOnly, ["/mount"]);
    const guard = new GuardedStorage(memory, () => rules);
    const found: string[] = [];
    const lookUp = memory.stat.bind(memory);
    memory.stat = (path) => {
      found.push(path);
      return lookUp(path);
    };
    await guard.remove("/outgoing-files/done/file");
    await assert.rejects(guard.remove("/mount/other/file"), denied);
    assert.deepEqual(new Set(found), new Set(["/outgoing-files/done/file", "/mount/other", "/mount/sub"]));
  });

  test("rejects access when the directory of a rule cannot be looked up", async () => {
    const { guard, memory } = guarded("/outgoing-files", ["Read"]);
    memory.stat = () => Promise.reject(Object.assign(new Error("I/O"), { code: "EIO" }));
    await assert.rejects(guard.remove("/work/file"), /I\/O/);
  });
});
