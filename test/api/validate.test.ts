import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holds } from "../../src/api/rules.ts";
import { FTP_SERVER_SCHEMA } from "../../src/api/schema.generated.ts";
import type { Schema } from "../../src/api/schema.ts";
import { validate, withDefaults } from "../../src/api/validate.ts";
import { BAD_NAMES, ftpServer, LONGEST_NAME, REJECTIONS, UNKNOWN_FIELDS } from "./cases.ts";
import { everySchema } from "./crd.ts";

const text = (violations: { path: string; message: string }[]) =>
  violations.map(({ path, message }) => `${path}: ${message}`).join("\n");

describe("validate", () => {
  for (const { title, bad, good, path, rule, message } of REJECTIONS) {
    it(`rejects ${title}`, () => {
      const violations = validate("FtpServer", ftpServer(bad));
      const found = violations.find(
        (problem) =>
          problem.path === `spec.${path}` &&
          problem.rule === rule &&
          (message === undefined || problem.message.match(message) !== null),
      );
      assert.ok(found, text(violations));
      assert.equal(text(validate("FtpServer", ftpServer(good))), "");
    });
  }

  it("rejects unknown fields", () => {
    for (const { spec, path } of UNKNOWN_FIELDS) {
      assert.deepEqual(validate("FtpServer", ftpServer(spec)), [
        { path: `spec.${path}`, message: "unknown field" },
      ]);
    }
  });

  it("rejects names whose children would have invalid names", () => {
    for (const name of BAD_NAMES) {
      assert.match(
        text(validate("FtpServer", ftpServer({}, name))),
        /use at most 48 lowercase letters/,
        name,
      );
    }
    assert.equal(text(validate("FtpServer", ftpServer({}, LONGEST_NAME))), "");
  });

  it("rejects the name default, whose ServiceAccount belongs to Kubernetes", () => {
    assert.match(
      text(validate("FtpServer", ftpServer({}, "default"))),
      /Kubernetes owns the ServiceAccount default/,
    );
    const pod = { serviceAccountName: "default" };
    assert.equal(text(validate("FtpServer", ftpServer({ pod }, "default"))), "");
  });

  it("rejects objects of other kinds", () => {
    assert.equal(text(validate("FtpServer", undefined)), ": must be an object of kind FtpServer");
    assert.equal(
      text(validate("FtpServer", { ...ftpServer(), apiVersion: "v1", metadata: {} })),
      "apiVersion: must be ftp-operator.io/v1alpha1\nmetadata.name: Required value",
    );
    assert.equal(
      text(validate("FtpServer", { ...ftpServer(), kind: "FTPServer" })),
      "kind: must be FtpServer",
    );
    const { spec: _, ...withoutSpec } = ftpServer();
    assert.equal(text(validate("FtpServer", withoutSpec)), "spec: Required value");
  });

  it("treats null as absent", () => {
    assert.equal(
      text(validate("FtpServer", ftpServer({ banner: null, exposure: null, replicas: null }))),
      "",
    );
  });
});

describe("validate", () => {
  const ftpUser = (name: string, spec: object = {}): object => ({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpUser",
    metadata: { name },
    spec: { serverRef: { name: "demo" }, ...spec },
  });

  it("rejects an FtpUser with the login name of anonymous logins", () => {
    const rejected = /^spec.loginName: anonymous and ftp are .* set another spec.loginName$/;
    for (const bad of [ftpUser("ftp"), ftpUser("a", { loginName: "Anonymous" })])
      assert.match(text(validate("FtpUser", bad)), rejected);
    for (const good of [ftpUser("ftp", { loginName: "a" }), ftpUser("a", { loginName: "ftp2" })])
      assert.equal(text(validate("FtpUser", good)), "");
  });
});

describe("withDefaults", () => {
  it("does not change its argument", () => {
    const given = Object.freeze(ftpServer({ passive: Object.freeze({}) }));
    assert.equal(withDefaults("FtpServer", given).spec.passive.portRange.first, 50_000);
  });

  it("never replaces a value and is idempotent", () => {
    const once = withDefaults("FtpServer", ftpServer({ replicas: 0, limits: { sessions: 7 } }));
    assert.equal(once.spec.replicas, 0);
    assert.equal(once.spec.limits.sessions, 7);
    assert.equal(once.spec.limits.idleTimeoutSeconds, 300);
    assert.deepEqual(withDefaults("FtpServer", once), once);
  });

  it("keeps metadata and labels with any name", () => {
    const labels = { "a/b": "c" };
    assert.deepEqual(
      withDefaults("FtpServer", { ...ftpServer(), metadata: { name: "demo", labels } }).metadata.labels,
      labels,
    );
  });

  it("throws an error that lists all violations", () => {
    assert.throws(() => withDefaults("FtpServer", ftpServer({ replicas: 99, extra: 1 })), {
      message: "spec.replicas: should be less than or equal to 25\nspec.extra: unknown field",
    });
  });
});

describe("rules", () => {
  it("have a predicate and a rejected case each", () => {
    const ids = new Set<string>();
    everySchema(FTP_SERVER_SCHEMA, (schema: Schema) => {
      for (const { id, rule } of schema.rules ?? []) if (!rule.includes("oldSelf")) ids.add(id);
    });
    const met = new Set(
      [
        ...REJECTIONS.map(({ bad }) => ftpServer(bad)),
        ...[...BAD_NAMES, "default"].map((name) => ftpServer({}, name)),
      ]
        .flatMap((object) => validate("FtpServer", object))
        .map(({ rule }) => rule),
    );
    assert.deepEqual(
      [...ids].filter((id) => !met.has(id)),
      [],
    );
  });

  it("without a predicate cause an error", () => {
    assert.throws(
      () => holds({ id: "unknown-rule", rule: "self.x", message: "an unknown rule" }, {}),
      /no predicate/,
    );
  });
});
