import assert from "node:assert/strict";
import { test } from "node:test";
import { collectionPath, objectPath } from "../../src/kube/resources.ts";

const PATHS = [
  [{ apiVersion: "v1", kind: "Pod", name: "p", namespace: "n" }, "/api/v1/namespaces/n/pods/p"],
  [{ apiVersion: "v1", kind: "Node", name: "n1", namespace: "ignored" }, "/api/v1/nodes/n1"],
  [
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: "a/b", namespace: "n" },
    "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/a%2Fb",
  ],
] as const;

test("URL paths contain the group, the scope and the plural of a kind", () => {
  for (const [ref, path] of PATHS) assert.equal(objectPath(ref), path);
  assert.equal(collectionPath({ apiVersion: "v1", kind: "Secret" }), "/api/v1/secrets");
  assert.throws(() => collectionPath({ apiVersion: "v1", kind: "Unicorn" }), TypeError);
});
