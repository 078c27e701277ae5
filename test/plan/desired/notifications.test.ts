import assert from "node:assert/strict";
import { test } from "node:test";
import type { FtpServerNotification } from "../../../src/api/ftpserver.generated.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { PodTemplate } from "../../../src/plan/model/objects.ts";
import { plan } from "../../../src/plan/plan.ts";
import { parseConfig } from "../../../src/engine/config/load.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { observedOf, serverOf, type SpecPatch } from "../../support/plan/cluster.ts";

function notified(
  http: Partial<NonNullable<FtpServerNotification["sink"]["http"]>> = {},
  spec: SpecPatch = {},
): SpecPatch {
  const sink = {
    type: "HTTP" as const,
    http: { url: "https://example.com/events", mode: "Structured" as const, headersFrom: [], ...http },
  };
  return {
    ...spec,
    notifications: [{ name: "pipeline", events: ["FileUploaded"], paths: [], users: [], sink }],
  };
}

const SECRETS = {
  headersFrom: [{ name: "Authorization", secretKeyRef: { name: "sink", key: "token" } }],
  hmacSecretRef: { name: "sink", key: "hmac" },
  caRef: { kind: "ConfigMap" as const, name: "authorities", key: "ca.crt" },
};

function template(spec: SpecPatch): PodTemplate {
  return childOf("StatefulSet", spec)?.spec.template ?? assert.fail();
}

function volumeOf(spec: SpecPatch): unknown {
  const volumes: { name: string }[] = JSON.parse(JSON.stringify(template(spec).spec["volumes"]));
  return volumes.find(({ name }) => name === "notifications");
}

test("the engine configuration names files, and the pod mounts them from Secrets and ConfigMaps", () => {
  const spec = notified(SECRETS);
  const config = readConfigSecret(childOf("Secret", spec));
  assert.ok(config);
  assert.deepEqual(parseConfig(JSON.stringify({ ...config, users: [] }), "config").notifications, {
    source: "/namespaces/files/ftpservers/demo",
    namespace: "files",
    server: "demo",
    internalSinks: "Deny",
    outboxDirectory: "/srv/ftp/.ftp-operator-events/demo",
    sinks: [
      {
        name: "pipeline",
        events: ["FileUploaded"],
        paths: [],
        users: [],
        sink: {
          type: "HTTP",
          url: "https://example.com/events",
          mode: "Structured",
          headers: [
            { name: "Authorization", file: "/etc/ftp-operator/notifications/pipeline/headers/Authorization" },
          ],
          hmacKeyFile: "/etc/ftp-operator/notifications/pipeline/hmac-key",
          caFile: "/etc/ftp-operator/notifications/pipeline/ca.crt",
        },
      },
    ],
  });
  const secret = (key: string, path: string) => ({
    secret: { name: "sink", optional: true, items: [{ key, path }] },
  });
  assert.deepEqual(volumeOf(spec), {
    name: "notifications",
    projected: {
      defaultMode: 0o440,
      sources: [
        secret("token", "pipeline/headers/Authorization"),
        secret("hmac", "pipeline/hmac-key"),
        {
          configMap: {
            name: "authorities",
            optional: true,
            items: [{ key: "ca.crt", path: "pipeline/ca.crt" }],
          },
        },
      ],
    },
  });
});

test("notifications without Secrets add only the slot variable to the pod", () => {
  const [before, after] = [template({}), template(notified())];
  const env = after.spec.containers[0]?.env ?? [];
  assert.deepEqual(env.find(({ name }) => name === "FTP_OPERATOR_SLOT")?.value, "a");
  assert.equal(volumeOf(notified()), undefined);
  assert.deepEqual(after.spec["volumes"], before.spec["volumes"]);
});

test("a pod without notifications has no variable and no volume", () => {
  const env = template({}).spec.containers[0]?.env ?? [];
  assert.ok(!env.some(({ name }) => name === "FTP_OPERATOR_SLOT"));
  assert.equal(volumeOf({}), undefined);
  assert.equal(readConfigSecret(childOf("Secret", {}))?.notifications, undefined);
});

test("the NetworkPolicy opens the port of each sink, or only the destinations of the spec", () => {
  const egress = (spec: SpecPatch) => childOf("NetworkPolicy", spec)?.spec.egress.slice(1);
  assert.deepEqual(egress(notified()), [{ ports: [{ protocol: "TCP", port: 443 }] }]);
  assert.deepEqual(egress(notified({ url: "http://example.com:8080/" })), [
    { ports: [{ protocol: "TCP", port: 8080 }] },
  ]);
  const networkPolicy = {
    mode: "Managed" as const,
    allowedClients: [],
    metricsFrom: [],
    egress: [{ to: [{ cidr: "203.0.113.7/32" }], ports: [443] }],
  };
  assert.deepEqual(egress(notified({}, { networkPolicy })), [
    { ports: [{ protocol: "TCP", port: 443 }], to: [{ ipBlock: { cidr: "203.0.113.7/32" } }] },
  ]);
});

test("an engine on a bucket stores undelivered events in the bucket", () => {
  const storage: SpecPatch["storage"] = { type: "ObjectStorage", objectStorage: { bucket: "files" } };
  const config = readConfigSecret(childOf("Secret", notified({}, { storage })));
  assert.ok(config?.notifications);
  assert.equal(config.notifications.outboxDirectory, undefined);
});

test("sinks with internal addresses are allowed only by the operator", () => {
  const observed = observedOf(serverOf(notified()));
  const settings = { ...observed.settings, internalSinks: "Allow" as const };
  const secret = plan({ ...observed, settings }).apply.find(({ kind }) => kind === "Secret");
  assert.equal(
    readConfigSecret(secret?.kind === "Secret" ? secret : undefined)?.notifications?.internalSinks,
    "Allow",
  );
});
