/** The conventions of the Kubernetes API, as far as a program can tell. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { schemaOf } from "../../src/api/generate/crd.ts";
import { readCrds } from "../../src/api/generate/files.ts";
import type { Schema } from "../../src/api/schema.ts";
import { everySchema, ROOT } from "./crd.ts";

const ROOT_MEMBERS = new Set([".apiVersion", ".kind", ".metadata"]);
const MAX_INT32 = 2 ** 31 - 1;

/** Paths of parts of the schema that do not keep a convention. */
function offenders(root: Schema, isFine: (schema: Schema, path: string) => boolean): string[] {
  const found: string[] = [];
  everySchema(root, (schema, path) => {
    if (!ROOT_MEMBERS.has(path) && !isFine(schema, path)) found.push(path);
  });
  return found;
}

type Convention = [title: string, isFine: (schema: Schema, path: string) => boolean, breaks: Schema];

const CONVENTIONS: Convention[] = [
  [
    "types are object, array, string and integer: no boolean, no float",
    ({ type, "x-kubernetes-int-or-string": either }) =>
      either === true || ["object", "array", "string", "integer"].includes(type ?? ""),
    JSON.parse('{"type":"boolean"}'),
  ],
  [
    "all has a description, one or more sentences",
    ({ description = "" }) => /^["`A-Z].*[.]$/su.test(description),
    { description: "no sentence" },
  ],
  [
    "strings have a maximal length or are one of a few values",
    ({ type, maxLength, enum: values }) =>
      type !== "string" || maxLength !== undefined || values !== undefined,
    { type: "string" },
  ],
  [
    "lists have a maximal length and say how they merge",
    (schema) =>
      schema.type !== "array" ||
      (schema.maxItems !== undefined && schema["x-kubernetes-list-type"] !== undefined),
    { type: "array", maxItems: 3 },
  ],
  [
    "maps have a maximal size",
    ({ additionalProperties, maxProperties }) => !additionalProperties || maxProperties !== undefined,
    { type: "object", additionalProperties: {} },
  ],
  [
    "numbers are int32 within bounds; only generations are int64",
    ({ type, format, minimum, maximum }, path) =>
      type !== "integer" ||
      (path.endsWith(".observedGeneration") && format === "int64" && minimum === 0) ||
      (format === "int32" && minimum !== undefined && maximum !== undefined && maximum <= MAX_INT32),
    { type: "integer", format: "int32", minimum: 1 },
  ],
  [
    "times are whole numbers named after their unit, never text such as 5m",
    (schema, path) => !/(Timeout|Period|Delay|Interval|Duration|Age)$/.test(path) || schema.type === "object",
    { type: "string" },
  ],
  [
    "a field with a default is not required",
    ({ properties = {}, required = [] }) => required.every((name) => properties[name]?.default === undefined),
    { required: ["a"], properties: { a: { default: 1 } } },
  ],
  [
    "values of enumerations begin with a capital",
    ({ enum: values = [] }) => values.every((value) => /^[A-Z][A-Za-z0-9]*$/.test(value)),
    { enum: ["disabled"] },
  ],
  [
    "names are camelCase",
    ({ properties = {} }) => Object.keys(properties).every((name) => /^[a-z][A-Za-z0-9]*$/.test(name)),
    { properties: { a_b: {} } },
  ],
  [
    "an object with a type member to choose by says what belongs to it",
    (schema) => !isUnion(schema) || (schema.rules?.length ?? 0) > 0,
    { type: "object", properties: { type: { enum: ["A", "B"] }, a: { type: "object" } } },
  ],
];

function isUnion({ properties = {} }: Schema): boolean {
  const values = properties["type"]?.enum ?? [];
  return values.some((value) => properties[value.charAt(0).toLowerCase() + value.slice(1)] !== undefined);
}

const crds = Object.values(await readCrds(ROOT));

for (const crd of crds)
  describe(`the schema of ${crd.metadata.name}`, () => {
    const root = schemaOf(crd);
    for (const [title, isFine, breaks] of CONVENTIONS) {
      it(title, () => {
        assert.deepEqual(offenders(root, isFine), []);
        assert.deepEqual(offenders(breaks, (schema, path) => isFine(schema, `${path}Period`))[0], "");
      });
    }

    it("has an id and a message with every rule, and one rule for one id", () => {
      const rules = new Map<string, string>();
      everySchema(root, (schema, path) => {
        for (const { id, rule, message } of schema.rules ?? []) {
          assert.match(id, /^[a-z]+(-[a-z0-9]+)+$/, path);
          assert.ok(message.length > 20 && message.length < 280, `${path}: ${message}`);
          assert.equal(rules.get(id) ?? rule, rule, id);
          rules.set(id, rule);
        }
      });
      assert.ok(rules.size > 5);
    });
  });

describe("an FtpUser", () => {
  const [server, user] = crds.map((crd) => schemaOf(crd).properties?.["spec"]?.properties);
  /** What a schema says to programs. */
  const bare = (schema: unknown): unknown =>
    JSON.parse(JSON.stringify(schema, (key, value) => (key === "description" ? undefined : value)));

  it("has the fields of a server's users with the same schema, except that its home may begin with /@", () => {
    const { name, homeDirectory, ...fields } = server?.["users"]?.items?.properties ?? {};
    const { serverRef, loginName, homeDirectory: ownHome, ...own } = user ?? {};
    assert.ok(serverRef && Object.keys(fields).length > 4);
    assert.deepEqual(bare(own), bare(fields));
    const { rules = [], ...home } = homeDirectory ?? {};
    const [path, reserved, ...others] = rules;
    assert.deepEqual([reserved?.rule, others], ["!self.matches('^/@')", []]);
    assert.deepEqual(bare(ownHome), bare({ ...home, rules: [path] }));
    assert.deepEqual(bare(loginName), bare(name));
  });
});
