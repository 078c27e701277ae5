import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EngineDirectory, Permission } from "../../../src/api/engine-config.ts";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { AccessRules } from "../../../src/engine/auth/access-rules.ts";
import { rulesWithMounts } from "../../../src/engine/auth/mount-rules.ts";

const ALL: Permission[] = ["List", "Read", "Write", "Delete"];

function mount(path: string, access: EngineMount["access"]): EngineMount {
  return { path, subPath: "/", access };
}

function accessOf(directories: EngineDirectory[], mounts: EngineMount[]): AccessRules {
  return new AccessRules(ALL, rulesWithMounts(ALL, directories, mounts));
}

function permissionsAt(rules: AccessRules, path: string): string {
  return [...rules.at(path).permissions].join(" ");
}

describe("permissions in mounts", () => {
  test("are those of the home in a mount with access ReadWrite", () => {
    const rules = accessOf([], [mount("/in", "ReadWrite")]);
    assert.equal(permissionsAt(rules, "/in/a"), "List Read Write Delete");
    assert.equal(rules.at("/in").isFixed, true);
    assert.equal(rules.at("/in/a").isFixed, false);
  });

  test("contain no permission for changes in a mount with access ReadOnly", () => {
    const rules = accessOf([], [mount("/old/archive", "ReadOnly")]);
    assert.equal(permissionsAt(rules, "/old/archive/a"), "List Read");
    assert.equal(permissionsAt(rules, "/old/a"), "List Read Write Delete");
  });

  test("are limited by directories with separate permissions, outside and inside the mount", () => {
    const directories: EngineDirectory[] = [
      { path: "/in", permissions: ["List", "Write"] },
      { path: "/in/read", permissions: ["Read", "Write"] },
      { path: "/old/write", permissions: ["Write", "Read"] },
    ];
    const rules = accessOf(directories, [mount("/in", "ReadWrite"), mount("/old", "ReadOnly")]);
    assert.equal(permissionsAt(rules, "/in/a"), "List Write");
    assert.equal(permissionsAt(rules, "/in/read/a"), "Read Write");
    assert.equal(permissionsAt(rules, "/old/write/a"), "Read");
  });

  test("follow the longest mount when one contains another", () => {
    const rules = accessOf([], [mount("/m", "ReadOnly"), mount("/m/n", "ReadWrite")]);
    assert.equal(permissionsAt(rules, "/m/x"), "List Read");
    assert.equal(permissionsAt(rules, "/m/n/x"), "List Read Write Delete");
  });
});
