import assert from "node:assert/strict";
import { test } from "node:test";
import { SERVER_INDEXES } from "../../src/operator/informer-set.ts";
import { serverOf, type SpecPatch } from "../support/plan/cluster.ts";

const CERTIFICATES = { key: "ca.crt" };

test("an FtpServer is indexed by the objects of all its storage", () => {
  const objectStorage = {
    bucket: "files",
    credentialsSecretRef: { name: "home-keys" },
    caRef: { ...CERTIFICATES, kind: "Secret" as const, name: "home-ca" },
  };
  // The validation adds the defaults of the objects.
  const additionalStorage: NonNullable<SpecPatch["additionalStorage"]> = JSON.parse(
    JSON.stringify([
      { name: "inbox", type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "orders" } },
      {
        name: "archive",
        type: "ObjectStorage",
        objectStorage: {
          bucket: "archive",
          credentialsSecretRef: { name: "archive-keys" },
          caRef: { ...CERTIFICATES, kind: "ConfigMap", name: "archive-ca" },
        },
      },
    ]),
  );
  const server = serverOf({
    users: [],
    storage: { type: "ObjectStorage", objectStorage },
    additionalStorage,
  });
  const { secret, configMap, claim } = SERVER_INDEXES;
  assert.deepEqual(secret(server), ["files/home-keys", "files/archive-keys", "files/home-ca"]);
  assert.deepEqual(configMap(server), ["files/archive-ca"]);
  assert.deepEqual(claim(server), ["files/orders"]);
});
