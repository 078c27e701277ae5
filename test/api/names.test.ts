import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOG_LEVELS, PERMISSIONS } from "../../src/api/engine-config.ts";
import { parseCrd, schemaOf } from "../../tools/generate-api/crd.ts";
import {
  API_VERSION,
  childNames,
  formatSelector,
  KIND,
  MAX_NAME_LENGTH,
  MAX_SLOTS,
  passivePortName,
  PLURAL,
  serverLabels,
  SLOT_NAMES,
  slotSelectorLabels,
} from "../../src/api/names.ts";
import { crdYaml } from "./crd.ts";

const crd = parseCrd(crdYaml());
const spec = schemaOf(crd).properties?.["spec"]?.properties ?? {};

const MAX_LABEL_LENGTH = 63;
const HASH = "-0123456789";

describe("names", () => {
  it("stay valid for the longest name of an FtpServer", () => {
    const name = "x".repeat(MAX_NAME_LENGTH);
    for (const slot of SLOT_NAMES) {
      const values = [
        childNames.service(name),
        childNames.pod(name, slot),
        childNames.statefulSet(name, slot) + HASH,
        ...Object.values(slotSelectorLabels(name, slot)),
        ...Object.values(serverLabels(name)),
      ];
      for (const value of values) assert.ok(value.length <= MAX_LABEL_LENGTH, value);
    }
  });

  it("of ports are valid in Kubernetes", () => {
    for (const port of [1024, 50_000, 65_535]) assert.match(passivePortName(port), /^[a-z][a-z0-9-]{0,14}$/);
  });

  it("of slots are a to z, one for each replica and one for rollouts", () => {
    assert.equal(SLOT_NAMES.length, MAX_SLOTS);
    assert.deepEqual([SLOT_NAMES[0], SLOT_NAMES.at(-1)], ["a", "z"]);
    assert.equal(spec["replicas"]?.maximum, MAX_SLOTS - 1);
  });

  it("appear in selectors in a fixed order", () => {
    assert.equal(formatSelector({ b: "2", a: "1" }), "a=1,b=2");
  });
});

describe("the CRD and the code", () => {
  it("agree on group, version and kind", () => {
    const { group, names, versions } = crd.spec;
    assert.deepEqual(
      [`${group}/${versions[0]?.name}`, names.kind, names.plural],
      [API_VERSION, KIND, PLURAL],
    );
  });

  it("agree on permissions and log levels", () => {
    const permissions = spec["users"]?.items?.properties?.["permissions"];
    assert.deepEqual(permissions?.items?.enum, PERMISSIONS);
    assert.deepEqual(permissions?.default, PERMISSIONS);
    assert.deepEqual(spec["logging"]?.properties?.["level"]?.enum, LOG_LEVELS);
  });
});
