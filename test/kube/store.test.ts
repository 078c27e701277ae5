import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { KubeObject, ObjectKey } from "../../src/api/kubernetes.ts";
import { keyOf, Store } from "../../src/kube/store.ts";

const labelsOf = ({ metadata: { labels = {} } }: KubeObject): string[] => Object.values(labels);

const objects = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    namespace: fc.constantFrom("x", "y"),
    labels: fc.dictionary(fc.constantFrom("p", "q"), fc.constantFrom("1", "2", "3")),
  })
  // Objects from structuredClone have the same prototypes as objects from JSON.parse.
  .map((metadata): KubeObject => structuredClone({ apiVersion: "v1", kind: "Pod", metadata }));

const byKey = (left: KubeObject, right: KubeObject): number => keyOf(left).localeCompare(keyOf(right));

test("a store with an index returns the same objects as a filtered map", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ object: objects, remove: fc.boolean() })), (steps) => {
      const store = new Store<KubeObject>({ label: labelsOf });
      const model = new Map<ObjectKey, KubeObject>();
      for (const { object, remove } of steps) {
        const key = keyOf(object);
        const old = remove ? store.delete(key) : store.set(object);
        assert.deepEqual(old, model.get(key));
        if (remove) model.delete(key);
        else model.set(key, object);
        assert.deepEqual(store.get(key), model.get(key));
      }
      assert.deepEqual(store.list().toSorted(byKey), [...model.values()].toSorted(byKey));
      assert.deepEqual(store.listKeys().toSorted(), [...model.keys()].toSorted());
      for (const value of ["1", "2", "3"]) {
        const expected = [...model.values()].filter((object) => labelsOf(object).includes(value));
        assert.deepEqual(store.byIndex("label", value).toSorted(byKey), expected.toSorted(byKey));
        assert.deepEqual(store.indexKeys("label", value).toSorted(), expected.map(keyOf).toSorted());
      }
    }),
  );
});

test("a store throws for an unknown index, and the key of a cluster-scoped object has no namespace", () => {
  assert.throws(() => new Store().byIndex("none", "x"), TypeError);
  assert.equal(keyOf({ metadata: { name: "n1" } }), "/n1");
});
