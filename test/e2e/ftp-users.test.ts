/**
 * Tests an FtpUser whose FtpServer is in another namespace. Covers the Secret of the FtpUser, its logins and its files
 * on the volume.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import {
  conditionOf,
  eventually,
  type FtpServerObject,
  passwordSecret,
  TestNamespace,
} from "./test-namespace.ts";

const NAME = "shared";
const OWNER = "owner's secret";
const TEAM = "team's secret";

describe("an FtpUser", () => {
  let namespace: TestNamespace;
  let team: TestNamespace;
  before(async () => {
    [namespace, team] = await Promise.all([
      TestNamespace.create("e2e-users"),
      TestNamespace.create("e2e-users-team"),
    ]);
    const passive = { portRange: { first: 50520, last: 50529 } };
    const userSources = { from: "Selector", namespaceSelector: { matchLabels: { "ftp-test": "allowed" } } };
    await namespace.applyServer(NAME, { owner: OWNER }, { passive, userSources });
    await team.apply(passwordSecret("scanner", TEAM), {
      apiVersion: "ftp-operator.io/v1alpha1",
      kind: "FtpUser",
      metadata: { name: "scanner" },
      spec: {
        serverRef: { name: NAME, namespace: namespace.name },
        passwordSecretRef: { name: "scanner" },
      },
    });
    await namespace.waitReady(NAME);
  });
  after(() => Promise.all([namespace.remove(), team.remove()]));

  const ready = async (): Promise<string | undefined> =>
    conditionOf(await team.get<FtpServerObject>("ftpuser", "scanner"), "Ready")?.reason;
  const patch = (spec: object): Promise<string> =>
    team.kubectl(["patch", "ftpuser", "scanner", "--type=merge", "-p", JSON.stringify({ spec })]);
  const upload = async (user: string, password: string, name: string): Promise<number | null> => {
    const { host, port } = await namespace.login(NAME, user, password);
    const target = `ftp://${host}:${port}/${name}`;
    const argv = ["curl", "--silent", "--max-time", "20", "--user", `${user}:${password}`, "-T", "-", target];
    return (await namespace.outside("client", argv, { stdin: "scanned" })).code;
  };

  it("cannot log in while its namespace is not allowed", async () => {
    await eventually("its status says so", async () => assert.equal(await ready(), "NamespaceNotAllowed"));
    assert.notEqual(await upload("scanner", TEAM, "page"), 0);
  });

  it("logs in when its namespace is allowed, and stores files in the directory of its namespace", async () => {
    await namespace.cluster.kubectl(["label", "namespace", team.name, "ftp-test=allowed"]);
    await eventually("it is ready", async () => assert.equal(await ready(), "Ready"));
    await eventually("it can log in", async () => assert.equal(await upload("scanner", TEAM, "page"), 0));
    const [pod = ""] = await namespace.pods(NAME);
    const files = await namespace.kubectl(["logs", pod]);
    assert.match(files, /"user":"scanner"/);
    const { status } = await team.get<KubeObject & { status: Record<string, string> }>("ftpuser", "scanner");
    assert.equal(status["homeDirectory"], `/@${team.name}/scanner`);
    assert.match(status["endpoint"] ?? "", /^ftp:\/\//);
  });

  it("can be selected by its FtpServer and login name", async () => {
    const find = (...selectors: string[]): Promise<string> => {
      const selector = `--field-selector=${selectors.join(",")}`;
      return namespace.cluster.kubectl(["get", "ftpusers", "--all-namespaces", selector, "-o=name"]);
    };
    const server = [`spec.serverRef.name=${NAME}`, `spec.serverRef.namespace=${namespace.name}`];
    const found = "ftpuser.ftp-operator.io/scanner\n";
    assert.equal(await find(...server), found);
    assert.equal(await find(...server, "status.loginName=scanner"), found);
    assert.equal(await find(...server, "status.loginName=nobody"), "");
    assert.equal(await find("spec.serverRef.name=another"), "");
  });

  it("has the permissions of its directories", async () => {
    const directories = [
      { path: "/outbox", permissions: ["List", "Read"] },
      { path: "/inbox", permissions: ["Write"] },
    ];
    await patch({ directories });
    await eventually("it cannot upload to its read-only directory", async () =>
      assert.notEqual(await upload("scanner", TEAM, "outbox/page"), 0),
    );
    await eventually("it can upload elsewhere", async () => {
      for (const path of ["page", "inbox/page"]) assert.equal(await upload("scanner", TEAM, path), 0);
    });
    await patch({ directories: [], mounts: [] });
  });

  it("cannot log in without its Secret or after its expiry, and logs in again when both are restored", async () => {
    await patch({ state: "Disabled" });
    await eventually("it is disabled", async () => assert.equal(await ready(), "AccountDisabled"));
    await team.kubectl(["delete", "secret", "scanner"]);
    await eventually("the missing Secret is no alarm", async () => {
      const object = await team.get<FtpServerObject>("ftpuser", "scanner");
      assert.equal(conditionOf(object, "PasswordRead")?.reason, "SecretNotFound");
      const { status, reason } = conditionOf(object, "Ready") ?? {};
      assert.deepEqual([status, reason], ["True", "AccountDisabled"]);
    });
    await team.apply(passwordSecret("scanner", TEAM));
    await patch({ state: "Enabled", expiresAt: new Date(Date.now() + 6000).toISOString() });
    await eventually("it has expired by time alone", async () =>
      assert.equal(await ready(), "AccountExpired"),
    );
    assert.notEqual(await upload("scanner", TEAM, "late"), 0);
    await patch({ expiresAt: null });
    await eventually("it is ready", async () => assert.equal(await ready(), "Ready"));
    await eventually("it can log in", async () => assert.equal(await upload("scanner", TEAM, "page"), 0));
  });

  it("is disconnected when its label is removed, and the users of the FtpServer are not", async () => {
    await namespace.cluster.kubectl(["label", "namespace", team.name, "ftp-test-"]);
    await eventually("it cannot log in", async () =>
      assert.notEqual(await upload("scanner", TEAM, "again"), 0),
    );
    assert.equal(await upload("owner", OWNER, "mine"), 0);
  });
});
