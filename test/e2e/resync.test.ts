/** Tests that a restarted operator reads all objects and writes nothing, because nothing has changed. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readAuditLog } from "../cluster/audit.ts";
import { OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { inOperatorNamespace, operatorRuns, reconciled } from "./operator.ts";
import { conditionOf, eventually, type FtpServerObject, TestNamespace } from "./test-namespace.ts";

const OPERATOR = `system:serviceaccount:${OPERATOR_NAMESPACE}:${RELEASE}`;
const READS: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/** FtpServers with different settings, for which the API server adds different defaults. */
const SERVERS: Readonly<Record<string, object>> = {
  plain: {},
  replicas: { replicas: 2, passive: { portRange: { first: 50_000, last: 50_019 } } },
  // The API server prefers node ports above 30085 when it assigns ports automatically (KEP-3668).
  "node-port": {
    exposure: { type: "NodePort", nodePort: { controlPort: 30_055 } },
    passive: { portRange: { first: 30_060, last: 30_069 } },
  },
  "cluster-ip": { exposure: { type: "ClusterIP" } },
  volume: {
    storage: {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: {
        create: { accessModes: ["ReadWriteOnce"], size: "1Gi" },
        whenDeleted: "Delete",
      },
    },
  },
  everything: {
    banner: "Hello",
    networkPolicy: { allowedClients: ["198.51.100.0/24"] },
    active: { mode: "Enabled" },
    limits: { sessions: 7 },
    pod: {
      metadata: { labels: { team: "a" }, annotations: { note: "b" } },
      resources: { requests: { cpu: "10m", memory: "100Mi" }, limits: { memory: "0.25Gi" } },
    },
  },
};

describe("a resync of an unchanged namespace", () => {
  let namespace: TestNamespace;

  before(async () => {
    namespace = await TestNamespace.create("e2e-resync");
    await Promise.all(
      Object.entries(SERVERS).map(([name, spec]) => namespace.applyServer(name, { alice: "one" }, spec)),
    );
    await Promise.all(Object.keys(SERVERS).map((name) => namespace.waitReady(name)));
    // Condition `Ready` can be true before all replicas are ready.
    await eventually("both replicas serve", async () =>
      assert.equal((await namespace.server("replicas")).status?.readyReplicas, 2),
    );
  });

  after(() => namespace?.remove());

  /**
   * Returns the operator writes in the audit log that affect the namespace of this file. Leases are in another
   * namespace.
   */
  const writes = (): string[] =>
    readAuditLog(namespace.cluster.auditLog)
      .filter(({ stage, user }) => stage === "ResponseComplete" && user.username === OPERATOR)
      .filter(({ verb, objectRef }) => !READS.has(verb) && objectRef?.namespace === namespace.name)
      .map(({ verb, requestURI }) => `${verb} ${requestURI}`);

  it("writes nothing until the first change", async () => {
    await eventually("every server was dialled", async () => {
      const servers = await namespace.list<FtpServerObject>("ftpservers");
      const reasons = servers.map((server) => conditionOf(server, "PassiveReachable")?.reason);
      assert.ok(!reasons.includes("NotChecked"), reasons.join(" "));
    });
    const settled = writes().length;
    assert.ok(settled > 0, "the audit log shows what made the servers");
    await inOperatorNamespace(namespace, "rollout", "restart", `deployment/${RELEASE}`);
    await operatorRuns(namespace);
    const servers = (await namespace.cluster.kubectl(["get", "ftpservers", "-A", "-o", "name"])).trim();
    await eventually("every FtpServer is reconciled again", async () => {
      const { count, busy } = await reconciled(namespace);
      assert.ok(count >= servers.split("\n").length, `${count} times`);
      assert.equal(busy, 0, "some are waiting");
    });
    assert.deepEqual(writes().slice(settled), []);

    await namespace.patchSpec("plain", { banner: "Changed" });
    await namespace.waitReady("plain");
    assert.notEqual(writes().length, settled);
  });
});
