import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Permission } from "../../../src/api/engine-config.ts";
import { AccessRules } from "../../../src/engine/auth/access-rules.ts";

const HOME: Permission[] = ["List", "Read", "Write", "Rename"];

function rules(directories: Record<string, Permission[]>): AccessRules {
  return new AccessRules(
    HOME,
    Object.entries(directories).map(([path, permissions]) => ({ path, permissions })),
  );
}

function allowed(access: AccessRules, path: string): string {
  return [...access.at(path).permissions].join(" ");
}

describe("AccessRules", () => {
  test("applies a rule to its directory and its content, and not to a longer name", () => {
    const access = rules({ "/outbox": ["Read"] });
    for (const path of ["/outbox", "/outbox/x", "/outbox/x/y"]) assert.equal(allowed(access, path), "Read");
    for (const path of ["/", "/outbox2", "/outbo", "/x/outbox"])
      assert.equal(allowed(access, path), HOME.join(" "), path);
  });

  test("applies the longest path", () => {
    const access = rules({ "/a": [], "/a/b": HOME, "/a/b/c": ["List"] });
    assert.equal(allowed(access, "/a/x"), "");
    assert.equal(allowed(access, "/a/b/x"), HOME.join(" "));
    assert.equal(allowed(access, "/a/b/c/x"), "List");
  });

  // id: directory-permission-evasion-4
  for (const name of ["OUTBOX", "Outbox", "out\u00adbox", "outbox.", "outbox ", "\uff4futbox"])
    test(`gives ${JSON.stringify(name)} the permissions that both interpretations grant`, () => {
      const access = rules({ "/outbox": ["Read", "Delete"] });
      assert.equal(allowed(access, `/${name}/x`), "Read");
      assert.ok(access.at(`/${name}`).isFixed);
    });

  test("treats Unicode forms and sharp s as one name", () => {
    assert.equal(allowed(rules({ "/caf\u00e9": [] }), "/cafe\u0301/x"), "");
    for (const name of ["STRASSE", "STRA\u1e9eE", "stra\u1e9ee"])
      assert.equal(allowed(rules({ "/stra\u00dfe": [] }), `/${name}/x`), "", name);
  });

  test("gives two directories that differ only in case the permissions of both", () => {
    const access = rules({ "/in": ["Read", "Write"], "/IN": ["Write", "Delete"] });
    assert.equal(allowed(access, "/in/x"), "Write");
    assert.equal(allowed(access, "/IN/x"), "Write");
  });

  test("marks a directory with separate permissions and its parents as fixed", () => {
    const access = rules({ "/a/b": HOME });
    for (const path of ["/", "/a", "/a/b", "/A"]) assert.ok(access.at(path).isFixed, path);
    for (const path of ["/a/b/c", "/a/c", "/b"]) assert.ok(!access.at(path).isFixed, path);
  });

  test("reports whether a permission is granted for any path", () => {
    const access = rules({ "/a": ["Delete"] });
    assert.ok(access.allowsSomewhere("Delete") && access.allowsSomewhere("Read"));
    assert.ok(!access.allowsSomewhere("Append"));
  });
});
