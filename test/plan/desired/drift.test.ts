import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import type { KubeObject } from "../../../src/api/kubernetes.ts";
import { HASH_ANNOTATION } from "../../../src/plan/model/objects.ts";
import { needsApply, withHash } from "../../../src/plan/desired/drift.ts";
import { canonicalJson } from "../../../src/common/json.ts";

interface Thing extends KubeObject {
  spec: unknown;
}

function thing(spec: unknown, kind = "Thing"): Thing {
  return withHash({ apiVersion: "v1", kind, metadata: { name: "demo" }, spec });
}

/** Returns whether the operator applies an object again after its spec was changed from `spec` to `observed`. */
function drifts(spec: unknown, observed: unknown, kind = "Thing"): boolean {
  const desired = thing(spec, kind);
  const there: Thing = { ...desired, spec: observed };
  return needsApply(desired, there);
}

const SAME: [what: string, desired: unknown, observed: unknown][] = [
  ["defaults of the API server", { a: 1 }, { a: 1, b: { c: 2 } }],
  [
    "quantities in another form",
    { limits: { memory: "1024Mi", cpu: 1 } },
    { limits: { memory: "1Gi", cpu: "1" } },
  ],
  ["a fraction of a core", { requests: { cpu: "0.5" } }, { requests: { cpu: "500m" } }],
  ["the limit of an emptyDir", { sizeLimit: "1024Mi" }, { sizeLimit: "1Gi" }],
  ["an empty list that the API server omitted", { annotations: {}, from: [] }, {}],
  [
    "another order of a keyed list",
    { ports: [{ name: "a" }, { name: "b" }] },
    { ports: [{ name: "b" }, { name: "a" }] },
  ],
  [
    "an item of another manager in a keyed list",
    { volumes: [{ name: "a" }] },
    { volumes: [{ name: "x" }, { name: "a" }] },
  ],
  [
    "a variable of another manager",
    { env: [{ name: "a", value: "1" }] },
    { env: [{ name: "TZ" }, { name: "a", value: "1" }] },
  ],
  ["defaults inside a list", { args: ["x"], list: [{ a: 1 }] }, { args: ["x"], list: [{ a: 1, b: 2 }] }],
  ["an undefined field", { a: undefined }, {}],
  ["a field with the name of an inherited one", { valueOf: [{ a: 1 }] }, { valueOf: [{ a: 1 }] }],
];

const DRIFTED: [what: string, desired: unknown, observed: unknown][] = [
  ["another value", { a: 1 }, { a: 2 }],
  ["another quantity", { limits: { memory: "1Gi" } }, { limits: { memory: "1G" } }],
  ["a number that only looks like a quantity", { port: "1k" }, { port: "1000" }],
  ["a missing field", { a: 1 }, {}],
  ["an absent field for false", { enableServiceLinks: false }, {}],
  ["a missing item", { ports: [{ name: "a" }, { name: "b" }] }, { ports: [{ name: "a" }] }],
  ["an additional item in a list without keys", { args: ["x"] }, { args: ["x", "y"] }],
  ["another order of arguments", { args: ["x", "y"] }, { args: ["y", "x"] }],
  ["another type", { a: {} }, { a: "b" }],
  ["an item in a desired empty list", { from: [] }, { from: [{}] }],
  ["a field that every object inherits", { constructor: { name: "Object" } }, {}],
  ["null for an object", { a: { b: 1 } }, { a: null }],
];

describe("needsApply", () => {
  for (const [what, desired, observed] of SAME) {
    test(`is false when ${what}`, () => assert.equal(drifts(desired, observed), false));
  }
  for (const [what, desired, observed] of DRIFTED) {
    test(`is true when ${what}`, () => assert.equal(drifts(desired, observed), true));
  }

  test("is true for an object that does not exist", () => {
    assert.equal(needsApply(thing({}), undefined), true);
  });

  test("is true for a field that is no longer desired, because the hash differs", () => {
    assert.equal(needsApply(thing({ a: 1 }), thing({ a: 1, b: 2 })), true);
  });

  test("compares lists of a NetworkPolicy as units, including ports", () => {
    const desired = { ingress: [{ ports: [{ port: 1 }] }] };
    assert.equal(
      drifts(desired, { ingress: [{ ports: [{ port: 1 }, { port: 2 }] }] }, "NetworkPolicy"),
      true,
    );
    assert.equal(
      drifts(desired, { ingress: [{ ports: [{ port: 1, protocol: "TCP" }] }] }, "NetworkPolicy"),
      false,
    );
  });
});

function hashIn(spec: unknown): string | undefined {
  return thing(spec).metadata.annotations?.[HASH_ANNOTATION];
}

const json = fc.jsonValue({ maxDepth: 4 });

describe("needsApply for any JSON", () => {
  test("is false after an apply", () => {
    fc.assert(fc.property(json, (spec) => assert.equal(drifts(spec, structuredClone(spec)), false)));
  });

  test("ignores fields that other managers add to maps", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (ours, others) => {
        assert.equal(drifts({ map: ours }, { map: { ...others, ...ours } }), false);
      }),
    );
  });

  test("is true for a changed value", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b);
        assert.equal(drifts({ deep: { list: [{ leaf: a }] } }, { deep: { list: [{ leaf: b }] } }), true);
      }),
    );
  });

  test("uses equal hashes for equal values, in any order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (map) => {
        const reversed = Object.fromEntries(Object.entries(map).toReversed());
        assert.equal(canonicalJson(map), canonicalJson(reversed));
        assert.equal(hashIn(map), hashIn(reversed));
      }),
    );
  });
});
