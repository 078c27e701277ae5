import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EngineObjectStorage } from "../../../src/api/engine-storage.ts";
import type { FtpServer } from "../../../src/api/ftpserver.generated.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import { STORAGE_HASH_ANNOTATION, TEMPLATE_HASH_ANNOTATION } from "../../../src/plan/model/objects.ts";
import type { NetworkPolicyRule, PodTemplate } from "../../../src/plan/model/objects.ts";
import type { Observed, ObservedObjectStorage } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { asJson } from "../../support/plan/as-json.ts";
import { childOf } from "../../support/plan/children-of.ts";
import {
  Cluster,
  observedOf,
  serverOf,
  type SpecPatch,
  type StoragePatch,
} from "../../support/plan/cluster.ts";

type Fields = Partial<NonNullable<StoragePatch["objectStorage"]>>;

function bucket(fields: Fields = {}, spec: SpecPatch = {}): SpecPatch {
  return { ...spec, storage: { type: "ObjectStorage", objectStorage: { bucket: "files", ...fields } } };
}

function template(spec: SpecPatch): PodTemplate {
  const set = childOf("StatefulSet", spec);
  assert.ok(set);
  return set.spec.template;
}

function engineStorage(fields: Fields): unknown {
  return readConfigSecret(childOf("Secret", bucket(fields)))?.storage;
}

function engineBucket(fields: Fields): EngineObjectStorage {
  const { objectStorage }: { objectStorage: EngineObjectStorage } = asJson(engineStorage(fields));
  return objectStorage;
}

function mounts(spec: SpecPatch): Record<string, string> {
  const { containers } = template(spec).spec;
  const found: { name: string; mountPath: string }[] = asJson(containers[0]?.["volumeMounts"]);
  return Object.fromEntries(found.map(({ name, mountPath }) => [name, mountPath]));
}

function volume(spec: SpecPatch, name: string): unknown {
  const volumes: { name: string }[] = asJson(template(spec).spec["volumes"]);
  return volumes.find((one) => one.name === name);
}

/** Returns the egress rules of the NetworkPolicy, except the rule for DNS. */
function egress(spec: SpecPatch): NetworkPolicyRule[] {
  return childOf("NetworkPolicy", spec)?.spec.egress.slice(1) ?? [];
}

const credentialsSecretRef = { name: "s3" };
const webIdentity = { roleArn: "arn:aws:iam::111122223333:role/ftp" };

describe("object storage", () => {
  test("is configured with the bucket, and without the access key", () => {
    const storage = engineStorage({
      prefix: "ftp/a",
      credentialsSecretRef,
      multipart: { partSizeMebibytes: 8 },
    });
    assert.deepEqual(storage, {
      objectStorage: {
        bucket: "files",
        prefix: "ftp/a",
        region: "us-east-1",
        forcePathStyle: false,
        credentials: { type: "Files", directory: "/etc/ftp-operator/object-storage/storage" },
        multipart: { partSizeBytes: 8 * 1024 ** 2, concurrency: 4 },
      },
    });
  });

  for (const [addressing, endpoint, expected] of [
    ["Auto", undefined, false],
    ["Auto", "https://minio:9000", true],
    ["VirtualHost", "https://minio:9000", false],
    ["Path", undefined, true],
  ] as const) {
    test(`has forcePathStyle ${expected} with addressing ${addressing} and endpoint ${endpoint}`, () => {
      const fields = { addressing, ...(endpoint !== undefined && { endpoint }) };
      const { forcePathStyle, endpoint: url } = engineBucket(fields);
      assert.deepEqual([forcePathStyle, url], [expected, endpoint]);
    });
  }

  test("mounts one volume of references and a directory for parts, and no volume of files", () => {
    const caRef = { kind: "ConfigMap" as const, name: "ca", key: "root.pem" };
    const spec = bucket({ credentialsSecretRef, caRef });
    const { config, admin, ...others } = mounts(spec);
    assert.ok(config !== undefined && admin !== undefined);
    assert.deepEqual(others, { spool: "/tmp", storage: "/etc/ftp-operator/object-storage/storage" });
    const configMap = { name: "ca", items: [{ key: "root.pem", path: "authorities/ca.crt" }] };
    assert.deepEqual(volume(spec, "storage"), {
      name: "storage",
      projected: { defaultMode: 0o440, sources: [{ secret: credentialsSecretRef }, { configMap }] },
    });
  });

  test("projects a token of the ServiceAccount for a role", () => {
    const spec = bucket({ webIdentity: { ...webIdentity, audience: "sts.example" } });
    const serviceAccountToken = { audience: "sts.example", expirationSeconds: 3600, path: "token" };
    assert.deepEqual(volume(spec, "storage"), {
      name: "storage",
      projected: { defaultMode: 0o440, sources: [{ serviceAccountToken }] },
    });
    assert.deepEqual(engineStorage({ webIdentity }), {
      objectStorage: {
        ...engineBucket({}),
        credentials: {
          type: "WebIdentity",
          roleArn: webIdentity.roleArn,
          tokenFile: "/etc/ftp-operator/object-storage/storage/token",
        },
      },
    });
  });

  test("mounts nothing for the credentials of the pod", () => {
    assert.equal(volume(bucket(), "storage"), undefined);
  });

  test("replaces the pods when the bucket changes, and not when the access key changes", () => {
    const hashes = [{}, { prefix: "a" }, { bucket: "other" }].map(
      (fields) => template(bucket(fields)).metadata.annotations[TEMPLATE_HASH_ANNOTATION],
    );
    assert.equal(new Set(hashes).size, 3);
    assert.match(template(bucket()).metadata.annotations[STORAGE_HASH_ANNOTATION] ?? "", /^\w+$/);
    const cluster = new Cluster(serverOf(bucket({ credentialsSecretRef })));
    const versions = ["1", "2"].map(
      (version): Partial<Observed> => ({ objectStorage: new Map([["", { credentials: { version } }]]) }),
    );
    cluster.settle();
    for (const patch of versions) {
      const { apply, patchPods } = plan(cluster.observe(patch));
      assert.deepEqual([apply.length, patchPods.length], [0, 1]);
    }
  });

  test("makes the operator request a report of each engine every 10 seconds", () => {
    const period = (spec: SpecPatch) => plan(observedOf(serverOf(spec))).reports?.periodSeconds;
    assert.deepEqual([period({}), period(bucket())], [600, 10]);
  });

  test("keeps the old pod until the new one is ready, with several replicas", () => {
    const cluster = new Cluster(serverOf(bucket({}, { replicas: 2 })));
    cluster.settle();
    cluster.change({ pod: { image: "engine:2" } });
    cluster.step();
    cluster.control();
    assert.equal(cluster.all("Pod").length, 3);
  });
});

describe("the NetworkPolicy with object storage", () => {
  for (const [fields, ports] of [
    [{}, [443]],
    [{ endpoint: "http://minio.storage.svc:9000" }, [9000]],
    [{ endpoint: "http://[2001:db8::1]/" }, [80]],
    [{ endpoint: "https://minio.example.com:9000", webIdentity }, [9000, 443]],
  ] as const) {
    test(`opens the ports ${ports.join(", ")} for ${JSON.stringify(fields)}`, () => {
      const expected = ports.map((port) => ({ protocol: "TCP", port }));
      assert.deepEqual(egress(bucket(fields)), [{ ports: expected }]);
    });
  }

  test("opens only the destinations of the spec", () => {
    const to = [{ cidr: "10.0.0.0/8" }, { podSelector: { matchLabels: { app: "minio" } } }];
    const networkPolicy = { mode: "Managed" as const, egress: [{ to, ports: [9000] }] };
    assert.deepEqual(egress(bucket({}, { networkPolicy })), [
      {
        ports: [{ protocol: "TCP", port: 9000 }],
        to: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { podSelector: { matchLabels: { app: "minio" } } }],
      },
    ]);
  });
});

describe("the ServiceAccount of the pods", () => {
  test("has the annotations of the spec", () => {
    const serviceAccountAnnotations = { "eks.amazonaws.com/role-arn": webIdentity.roleArn };
    const account = childOf("ServiceAccount", { pod: { serviceAccountAnnotations } });
    assert.deepEqual(account?.metadata.annotations?.["eks.amazonaws.com/role-arn"], webIdentity.roleArn);
  });

  test("is replaced by an existing ServiceAccount", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    cluster.change({ pod: { serviceAccountName: "ftp" } });
    const { apply, delete: deletions } = cluster.step();
    assert.deepEqual(
      deletions.map(({ ref }) => ref.kind),
      ["ServiceAccount"],
    );
    const sets = apply.flatMap((object) =>
      object.kind === "StatefulSet" ? [object.spec.template.spec] : [],
    );
    assert.deepEqual(
      sets.map((spec) => spec["serviceAccountName"]),
      ["ftp"],
    );
  });
});

function storageReady(
  server: FtpServer,
  objectStorage: ObservedObjectStorage,
): { reason: string; pods: number } {
  const { status, apply } = plan(observedOf(server, { objectStorage: new Map([["", objectStorage]]) }));
  const { reason = "" } = status.conditions?.find(({ type }) => type === "StorageReady") ?? {};
  return { reason, pods: apply.filter(({ kind }) => kind === "StatefulSet").length };
}

describe("StorageReady with object storage", () => {
  const server = serverOf(bucket({ credentialsSecretRef }));
  const failure = { reason: "ConfigMapNotFound" as const, message: "ConfigMap `ca` not found." };

  test("does not fail with the Secret", () => {
    assert.deepEqual(storageReady(server, { credentials: { version: "1" } }), {
      reason: "BucketNotChecked",
      pods: 1,
    });
  });

  test("starts no pod without the Secret", () => {
    assert.deepEqual(storageReady(server, { credentials: "Missing" }), { reason: "SecretNotFound", pods: 0 });
  });

  test("starts no pod without the ConfigMap of the certificate authorities", () => {
    const authorities = { failure, version: "" };
    const found = storageReady(server, { credentials: { version: "1" }, authorities });
    assert.deepEqual(found, { reason: "ConfigMapNotFound", pods: 0 });
  });
});
