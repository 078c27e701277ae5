import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Condition } from "../../../src/api/kubernetes.ts";
import { decide } from "../../../src/plan/decide.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import {
  type PersistentVolumeClaim,
  type PodTemplate,
  TEMPLATE_HASH_ANNOTATION,
} from "../../../src/plan/model/objects.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { asJson } from "../../support/plan/as-json.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { Cluster, observedOf, serverOf, type SpecPatch, userOf } from "../../support/plan/cluster.ts";

type Additional = NonNullable<SpecPatch["additionalStorage"]>;

const credentialsSecretRef = { name: "s3" };
const INBOX = {
  name: "inbox",
  type: "PersistentVolumeClaim",
  persistentVolumeClaim: { claimName: "orders", subPath: "in" },
} as const;
const ARCHIVE = {
  name: "archive",
  type: "ObjectStorage",
  objectStorage: { bucket: "archive", endpoint: "https://minio.example.com:9000", credentialsSecretRef },
} as const;
const BUCKET: SpecPatch["storage"] = { type: "ObjectStorage", objectStorage: { bucket: "files" } };

function withStorage(storage: readonly object[], spec: SpecPatch = {}): SpecPatch {
  // The API server validation adds the defaults.
  const additionalStorage: Additional = asJson(storage);
  return { ...spec, additionalStorage };
}

/** Observes a bound claim with the given access modes. */
function claims(accessModes: string[], name = "orders"): Partial<Observed> {
  const claim: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "files" },
    spec: { accessModes },
    status: { phase: "Bound" },
  };
  return { additionalClaims: new Map([[name, claim]]) };
}

const SHARED = claims(["ReadWriteMany"]);

function template(spec: SpecPatch, observed = SHARED): PodTemplate {
  const set = childOf("StatefulSet", spec, observed);
  assert.ok(set);
  return set.spec.template;
}

function named(objects: unknown, prefix: string): unknown[] {
  const found: { name: string }[] = asJson(objects);
  return found.filter(({ name }) => name.startsWith(prefix));
}

function condition(spec: SpecPatch, observed: Partial<Observed>, wanted: string): Condition | undefined {
  const { status } = plan(observedOf(serverOf(spec), observed));
  return status.conditions?.find(({ type }) => type === wanted);
}

describe("additional storage", () => {
  test("is mounted with a volume for each claim and for the credentials of each bucket", () => {
    const { spec } = template(withStorage([INBOX, ARCHIVE]));
    assert.deepEqual(named(spec["volumes"], "storage-"), [
      { name: "storage-inbox", persistentVolumeClaim: { claimName: "orders" } },
      {
        name: "storage-archive",
        projected: { defaultMode: 0o440, sources: [{ secret: credentialsSecretRef }] },
      },
    ]);
    assert.deepEqual(named(spec.containers[0]?.["volumeMounts"], "storage-"), [
      { name: "storage-inbox", mountPath: "/srv/additional/inbox", subPath: "in" },
      {
        name: "storage-archive",
        mountPath: "/etc/ftp-operator/object-storage/storage-archive",
        readOnly: true,
      },
    ]);
    assert.equal(named(spec["volumes"], "spool").length, 1, "a directory for parts of uploads to the bucket");
  });

  test("is attached for reading only when the claim has only the access mode ReadOnlyMany", () => {
    const volumesOf = (modes: string[]): unknown[] =>
      named(template(withStorage([INBOX]), claims(modes)).spec["volumes"], "storage-");
    const persistentVolumeClaim = { claimName: "orders" };
    assert.deepEqual(volumesOf(["ReadOnlyMany"]), [
      { name: "storage-inbox", persistentVolumeClaim: { ...persistentVolumeClaim, readOnly: true } },
    ]);
    assert.deepEqual(volumesOf(["ReadOnlyMany", "ReadWriteMany"]), [
      { name: "storage-inbox", persistentVolumeClaim },
    ]);
  });

  test("is in the engine configuration by name, with the mounts of each user", () => {
    const mounts = [{ path: "/in", storage: "inbox", subPath: "/alice", access: "ReadWrite" as const }];
    const spec = withStorage([INBOX, ARCHIVE], { users: [{ ...userOf("alice"), mounts }] });
    const config = readConfigSecret(childOf("Secret", spec, SHARED));
    const { inbox, archive, ...others } = config?.additionalStorage ?? {};
    assert.deepEqual(others, {});
    assert.deepEqual(inbox, { root: "/srv/additional/inbox" });
    assert.ok(archive && "objectStorage" in archive);
    const directory = "/etc/ftp-operator/object-storage/storage-archive";
    assert.deepEqual(archive.objectStorage.credentials, { type: "Files", directory });
    assert.deepEqual(config?.users[0]?.mounts, mounts);
  });

  test("replaces the pods when a volume or a bucket changes, and not when a mount changes", () => {
    const moved = { ...INBOX, persistentVolumeClaim: { claimName: "orders", subPath: "other" } };
    const other = { ...ARCHIVE, objectStorage: { ...ARCHIVE.objectStorage, bucket: "other" } };
    const hashOf = (spec: SpecPatch): string | undefined =>
      template(spec).metadata.annotations[TEMPLATE_HASH_ANNOTATION];
    const specs = [[], [INBOX], [moved], [ARCHIVE], [other], [INBOX, ARCHIVE]].map((one) => withStorage(one));
    assert.equal(new Set(specs.map(hashOf)).size, specs.length);
    const mounts = [{ path: "/in", storage: "inbox", subPath: "/", access: "ReadWrite" as const }];
    const mounted = withStorage([INBOX], { users: [{ ...userOf("alice"), mounts }] });
    assert.equal(hashOf(mounted), hashOf(withStorage([INBOX])));
  });

  test("opens the ports of the endpoints of all buckets", () => {
    const policy = childOf("NetworkPolicy", withStorage([ARCHIVE], { storage: BUCKET }));
    const ports = policy?.spec.egress.slice(1).flatMap((rule) => rule.ports?.map(({ port }) => port));
    assert.deepEqual(ports, [443, 9000]);
  });

  for (const [mode, strategy] of [
    ["ReadWriteOnce", "InPlace"],
    ["ReadWriteOncePod", "InPlace"],
    ["ReadWriteMany", "Surge"],
    ["ReadOnlyMany", "Surge"],
  ] as const)
    test(`leads to the rollout ${strategy} when a claim has access mode ${mode}`, () => {
      const server = serverOf(withStorage([INBOX], { storage: BUCKET }));
      assert.equal(decide(observedOf(server, claims([mode]))).strategy, strategy);
    });
});

describe("StorageReady with additional storage", () => {
  test("names a claim that does not exist, and no pod starts", () => {
    const spec = withStorage([INBOX], { storage: BUCKET });
    const { reason, message = "", status } = condition(spec, {}, "StorageReady") ?? {};
    assert.deepEqual([status, reason], ["False", "ClaimNotFound"]);
    assert.match(message, /`orders` not found\. .*`spec\.additionalStorage` \(name `inbox`\)/);
    assert.match(condition(spec, {}, "Progressing")?.message ?? "", /PersistentVolumeClaim `orders` exists/);
    assert.equal(childOf("StatefulSet", spec), undefined);
  });

  test("names the storage whose Secret does not exist", () => {
    const observed = { objectStorage: new Map([["archive", { credentials: "Missing" as const }]]) };
    const { reason, message = "" } = condition(withStorage([ARCHIVE]), observed, "StorageReady") ?? {};
    assert.equal(reason, "SecretNotFound");
    assert.match(
      message,
      /Secret `s3` .*`credentialsSecretRef` in `spec\.additionalStorage` \(name `archive`\)/,
    );
  });

  test("names the storage whose certificates do not exist", () => {
    const failure = { reason: "ConfigMapNotFound" as const, message: "ConfigMap `ca` not found." };
    const observed = { objectStorage: new Map([["archive", { authorities: { failure, version: "" } }]]) };
    const { reason, message = "" } = condition(withStorage([ARCHIVE]), observed, "StorageReady") ?? {};
    assert.equal(reason, "ConfigMapNotFound");
    assert.match(message, /^ConfigMap `ca` not found\. Storage `archive` in `spec\.additionalStorage`/);
  });

  test("warns about a claim for one node with several replicas", () => {
    const spec = withStorage([INBOX], { replicas: 2 });
    const { reason, message = "" } = condition(spec, claims(["ReadWriteOnce"]), "StorageReady") ?? {};
    assert.equal(reason, "ClaimBoundToOneNode");
    assert.match(message, /`orders` .* Of the 2 replicas/);
  });

  test("is the state of the homes when all storage is ready", () => {
    const found = condition(withStorage([INBOX]), SHARED, "StorageReady");
    assert.equal(found?.reason, "EphemeralStorage");
  });

  test("keeps the running pods when a claim is deleted, and replaces the pods when the claim exists again", () => {
    const cluster = new Cluster(serverOf(withStorage([INBOX], { storage: BUCKET })));
    cluster.settle(SHARED);
    cluster.change({ pod: { image: "engine:2" } });
    const frozen = cluster.step();
    assert.deepEqual(frozen.delete, []);
    assert.equal(frozen.apply.filter(({ kind }) => kind === "StatefulSet").length, 0);
    const { apply } = cluster.step(SHARED);
    assert.equal(apply.filter(({ kind }) => kind === "StatefulSet").length, 1);
  });
});
