import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseCrd, schemaOf } from "../../tools/generate-api/crd.ts";
import { generatedFiles } from "../../tools/generate-api/files.ts";
import { generateTypes } from "../../tools/generate-api/types.ts";
import { FTP_SERVER_SCHEMA } from "../../src/api/schema.generated.ts";
import { ROOT } from "./crd.ts";

describe("npm run generate", () => {
  it("has no changes", async () => {
    for (const [path, content] of await generatedFiles(ROOT)) {
      assert.equal(readFileSync(join(ROOT, path), "utf8"), content, `${path} is stale`);
    }
  });

  it("keeps everything except descriptions in the schema", () => {
    assert.deepEqual(FTP_SERVER_SCHEMA.properties?.["spec"]?.properties?.["rollout"], {
      type: "object",
      default: {},
      properties: {
        type: { type: "string", enum: ["Surge", "Recreate"], default: "Surge" },
        handOverSeconds: { type: "integer", format: "int32", minimum: 0, maximum: 600, default: 10 },
        drainPeriodSeconds: { type: "integer", format: "int32", minimum: 0, maximum: 86_400, default: 600 },
      },
    });
  });
});

describe("generateTypes", () => {
  it("makes required fields and fields with a default mandatory, and others optional", () => {
    const text = generateTypes("Thing", {
      description: "A thing.",
      properties: {
        apiVersion: {},
        kind: {},
        metadata: {},
        spec: {
          type: "object",
          required: ["must"],
          properties: {
            must: { type: "string" },
            may: { type: "integer" },
            preset: { type: "string", enum: ["A", "B"], default: "A" },
            items: { type: "array", items: { type: "object", properties: { x: { type: "string" } } } },
            labels: { additionalProperties: { type: "string" } },
          },
        },
      },
    });
    for (const line of [
      "/** A thing. */",
      "export interface Thing extends KubeObject {\nspec?: ThingSpec;",
      "must: string;",
      "may?: number;",
      'preset: "A" | "B";',
      "items?: ThingItem[];",
      "labels?: Record<string, string>;",
      "export interface ThingItem {\nx?: string;",
    ]) {
      assert.ok(text.includes(line), `${line}\nnot in\n${text}`);
    }
  });
});

describe("parseCrd", () => {
  it("rejects other objects", () => {
    assert.throws(() => parseCrd("kind: Secret"), /not a CustomResourceDefinition/);
    assert.throws(
      () => schemaOf(parseCrd("{kind: CustomResourceDefinition, spec: {versions: []}}")),
      /must have one version/,
    );
  });
});
