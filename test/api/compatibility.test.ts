import assert from "node:assert/strict";
import { cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Crd, entriesSince, incompatibleChanges, violations } from "../../tools/crds/compatibility.ts";
import type { Schema } from "../../src/api/schema.ts";
import { run } from "../cluster/run.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";
import { parseYaml, readYaml } from "../support/yaml.ts";

const ROOT = join(import.meta.dirname, "../..");
const FILES = globSync("crds/*.yaml", { cwd: ROOT });
const current = (): Crd[] => FILES.map((file) => readYaml(join(ROOT, file)));

/** A mutable schema that tests can change in every part. */
type Mutable = { -readonly [K in keyof Schema]: any } & Record<string, any>;

const mutable = ({ spec }: any): Mutable => spec.versions[0].schema.openAPIV3Schema;

/** Returns the incompatibilities that a change to the FtpServer CRD causes for API clients. */
function effectsOf(change: (schema: Mutable, crd: any) => void): string[] {
  const after = current();
  const crd = after.find(({ spec }) => spec.names.kind === "FtpServer");
  assert.ok(crd);
  change(mutable(crd), crd);
  return incompatibleChanges(current(), after).map(({ path, effect }) => `${path}: ${effect}`);
}

describe("the comparison of CRDs", () => {
  it("finds nothing in equal CRDs", () => {
    assert.deepEqual(incompatibleChanges(current(), current()), []);
  });

  const spec = (schema: Mutable): Mutable => schema.properties.spec;
  const passive = (schema: Mutable): Mutable => spec(schema).properties.passive;
  const range = (schema: Mutable): Mutable => passive(schema).properties.portRange;

  for (const [what, change] of Object.entries<(schema: Mutable, crd: any) => void>({
    "a new optional field": (schema) => (spec(schema).properties.extra = { type: "string" }),
    "a new optional object with required fields": (schema) =>
      (spec(schema).properties.extra = {
        type: "object",
        required: ["a"],
        properties: { a: { type: "string" } },
      }),
    "a new required field with a default": (schema) => {
      spec(schema).properties.extra = { type: "string", default: "a" };
      spec(schema).required = [...(spec(schema).required ?? []), "extra"];
    },
    "a new enum value": (schema) => spec(schema).properties.tls.properties.mode.enum.push("Extra"),
    "wider bounds": (schema) => {
      range(schema).properties.first.minimum = 1;
      delete spec(schema).properties.replicas.maximum;
    },
    "a removed validation rule": (schema) => spec(schema)["x-kubernetes-validations"].pop(),
    "another message and line breaks of a rule": (schema) => {
      const [rule] = spec(schema)["x-kubernetes-validations"];
      rule.message = "other words";
      rule.rule = rule.rule.replaceAll(" ", "\n  ");
    },
    "another description": (schema) => (spec(schema).description = "Other words."),
    "a new version": (_, crd) => crd.spec.versions.push({ ...crd.spec.versions[0], name: "v1beta1" }),
    "a new short name": (_, crd) => crd.spec.names.shortNames.push("fs"),
  }))
    it(`accepts ${what}`, () => {
      assert.deepEqual(effectsOf(change), []);
    });

  for (const [what, change, effect] of [
    [
      "a removed field",
      (s: Mutable) => delete passive(s).properties.portRange,
      "spec.passive.portRange: removed",
    ],
    [
      "a renamed field of a list",
      (s: Mutable) => {
        const { properties } = spec(s).properties.users.items;
        properties.home = properties.homeDirectory;
        delete properties.homeDirectory;
      },
      "spec.users[].homeDirectory: removed",
    ],
    [
      "another type",
      (s: Mutable) => (range(s).properties.first.type = "string"),
      'spec.passive.portRange.first: type changed from "integer" to "string"',
    ],
    [
      "a removed enum value",
      (s: Mutable) => (spec(s).properties.tls.properties.mode.enum = ["Required"]),
      /^spec\.tls\.mode: values removed: .*Disabled/,
    ],
    [
      "an enum for free text",
      (s: Mutable) => (passive(s).properties.address.properties.static.enum = ["a"]),
      /^spec\.passive\.address\.\w+: values limited to a$/,
    ],
    [
      "a higher minimum",
      (s: Mutable) => (range(s).properties.first.minimum += 1),
      /^spec\.passive\.portRange\.first: minimum changed from (\d+) to \d+$/,
    ],
    [
      "a maximum where none was",
      (s: Mutable) => (spec(s).properties.users.items.properties.name.maxLength = 1),
      /^spec\.users\[\]\.name: maxLength changed from \S+ to 1$/,
    ],
    [
      "another pattern",
      (s: Mutable) => (spec(s).properties.users.items.properties.name.pattern = "^a$"),
      /^spec\.users\[\]\.name: pattern changed from .* to "\^a\$"$/,
    ],
    [
      "a new required field",
      (s: Mutable) => {
        passive(s).properties.extra = { type: "string" };
        passive(s).required = ["extra"];
      },
      "spec.passive: field extra required",
    ],
    [
      "another default",
      (s: Mutable) => (spec(s).properties.replicas.default = 3),
      "spec.replicas: default changed from 1 to 3",
    ],
    [
      "a new validation rule",
      (s: Mutable) => spec(s)["x-kubernetes-validations"].push({ rule: "false", message: "never" }),
      "spec: validation rule added: never",
    ],
    [
      "another list type",
      (s: Mutable) => (spec(s).properties.users["x-kubernetes-list-type"] = "atomic"),
      'spec.users: x-kubernetes-list-type changed from "map" to "atomic"',
    ],
    [
      "a version that is no longer served",
      (_: Mutable, crd: any) => (crd.spec.versions[0].served = false),
      ": version no longer served",
    ],
    [
      "a removed subresource",
      (_: Mutable, crd: any) => delete crd.spec.versions[0].subresources.scale,
      ": subresource scale removed or changed",
    ],
    [
      "a removed short name",
      (_: Mutable, crd: any) => (crd.spec.names.shortNames = []),
      ": short name ftpsrv removed",
    ],
    [
      "a removed field selector",
      (_: Mutable, crd: any) => crd.spec.versions[0].selectableFields.pop(),
      "spec.storage.type: field selector removed",
    ],
  ] as const)
    it(`finds ${what}`, () => {
      const effects = effectsOf(change);
      assert.equal(effects.length, 1, effects.join("\n"));
      if (typeof effect === "string") assert.equal(effects[0], effect);
      else assert.match(effects[0] ?? "", effect);
    });

  it("finds a removed CRD", () => {
    const [first] = current();
    assert.ok(first);
    const changes = incompatibleChanges(current(), [first]);
    assert.deepEqual(changes, [{ kind: "FtpUser", version: "v1alpha1", path: "", effect: "removed" }]);
  });
});

describe("the API policy", () => {
  const change = { kind: "FtpServer", path: "spec.users[].name", effect: "maxLength changed from 64 to 32" };

  it("allows no incompatible change to a beta or stable version", () => {
    for (const version of ["v1beta1", "v1"]) {
      const [violation = "", ...others] = violations(
        [{ ...change, version }],
        "### Changed\n- `spec.users[].name`",
      );
      assert.deepEqual(others, []);
      assert.match(
        violation,
        new RegExp(`^FtpServer ${version} spec\\.users\\[\\]\\.name: maxLength .*does not allow`),
      );
    }
  });

  it("requires a changelog entry for an incompatible change to an alpha version", () => {
    const alpha = [{ ...change, version: "v1alpha1" }];
    const named = (changelog: string) => violations(alpha, changelog).length === 0;
    assert.ok(named("### Changed\n\n- `spec.users[].name` has at most 32 characters.\n"));
    assert.ok(named("### Removed\n\n- Long names in `spec.users[]`.\n"));
    assert.ok(!named("### Added\n\n- `spec.users[].name`\n"));
    assert.ok(!named("### Changed\n\n- `spec.users[].homeDirectory`\n"));
    assert.match(
      violations(alpha, "").join(),
      /Add an entry under Changed in CHANGELOG\.md that names `spec\.users\[\]\.name`$/,
    );
  });

  it("requires the kind in the entry when no field changed", () => {
    const removed = { kind: "FtpUser", version: "v1alpha1", path: "", effect: "removed" };
    assert.deepEqual(violations([removed], "### Removed\n\n- `FtpUser`\n"), []);
    assert.equal(violations([removed], "### Removed\n\n- `FtpServer`\n").length, 1);
  });

  it("reads only the entries above a release", () => {
    const changelog =
      "# Changelog\n\n## [Unreleased]\n\n### Changed\n\n- new\n\n## [0.2.0] - 2026-12-01\n\n### Changed\n\n- old\n";
    assert.match(entriesSince(changelog, "0.2.0"), /- new\n\n$/);
    assert.match(entriesSince(changelog, "0.1.0"), /- old\n$/);
  });
});

interface Comparison {
  /** Tag of the newest release that HEAD contains, or undefined before the first release. */
  tag?: string;
  found: string[];
}

async function compareWithLastRelease(root: string): Promise<Comparison> {
  const git = (...args: string[]) => run(["git", ...args], { cwd: root });
  const tags = await git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").catch(
    () => "",
  );
  const [tag] = tags.split("\n");
  if (!tag) return { found: [] };
  const files = (await git("ls-tree", "--name-only", tag, "crds/")).trim().split("\n");
  const before: Crd[] = await Promise.all(
    files.map(async (file) => parseYaml(await git("show", `${tag}:${file}`))),
  );
  const after: Crd[] = globSync("crds/*.yaml", { cwd: root }).map((file) => readYaml(join(root, file)));
  const changelog = entriesSince(readFileSync(join(root, "CHANGELOG.md"), "utf8"), tag.slice(1));
  return { tag, found: violations(incompatibleChanges(before, after), changelog) };
}

describe("the comparison with the last release", () => {
  it("finds no violation in crds/", async (t) => {
    const { tag, found } = await compareWithLastRelease(ROOT);
    if (tag === undefined) return t.skip("this clone has no release tag v*");
    t.diagnostic(`compared with ${tag}`);
    assert.deepEqual(found, []);
  });

  it("reads the newest tag and the changelog above it", async () => {
    await inTemporaryFolder(async (root) => {
      const identity = ["-c", "user.name=a", "-c", "user.email=a@example.test", "-c", "commit.gpgsign=false"];
      const release = async (...tags: string[]) => {
        await run(["git", "add", "-A"], { cwd: root });
        await run(["git", ...identity, "commit", "-q", "--allow-empty", "-m", "release"], { cwd: root });
        for (const tag of tags) await run(["git", "tag", tag], { cwd: root });
      };
      const change = (from: string, to: string) => {
        const file = join(root, "crds", "ftpservers.ftp-operator.io.yaml");
        writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
      };
      cpSync(join(ROOT, "crds"), join(root, "crds"), { recursive: true });
      writeFileSync(join(root, "CHANGELOG.md"), "## [0.10.0]\n\n### Changed\n\n- `spec.replicas`\n");
      await run(["git", "init", "-q"], { cwd: root });
      await release("v0.9.0");
      assert.deepEqual(await compareWithLastRelease(root), { tag: "v0.9.0", found: [] });
      change("shortNames: [ftpsrv]", "shortNames: []");
      await release("v0.10.0");
      assert.deepEqual(await compareWithLastRelease(root), { tag: "v0.10.0", found: [] });
      change("portRange:", "ports:");
      const { found } = await compareWithLastRelease(root);
      assert.match(found.join(), /^FtpServer v1alpha1 spec\.passive\.portRange: removed\. Add an entry/);
    });
  });
});
