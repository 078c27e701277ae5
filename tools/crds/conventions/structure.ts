/** Conventions for objects: required fields, references, unions, conditions and rules. */
import { isDeepStrictEqual } from "node:util";
import type { Schema } from "../../../src/api/schema.ts";
import type { Convention } from "./convention.ts";
import { schemaAt } from "./part.ts";

/** Fields of metav1.Condition. */
const CONDITION = ["lastTransitionTime", "message", "observedGeneration", "reason", "status", "type"];
const DISCRIMINATORS = ["type", "from"];

export const STRUCTURE_CONVENTIONS: readonly Convention[] = [
  {
    id: "default-or-required",
    linters: ["defaultorrequired", "defaults"],
    check: ({ schema, required, path }) =>
      schema.default !== undefined && required && path !== "" && !/[}\]]$/.test(path)
        ? "a field with a default is not required"
        : undefined,
    broken: { type: "object", required: ["a"], properties: { a: { default: 1 } } },
  },
  {
    id: "default-visible",
    linters: ["optionalorrequired"],
    check: ({ schema, required, path }) =>
      path.startsWith("spec.") && schema.enum !== undefined && !required && schema.default === undefined
        ? "add the default, or Auto as a value for it"
        : undefined,
    broken: { type: "object", properties: { mode: { type: "string", enum: ["A", "B"] } } },
  },
  {
    id: "status-optional",
    linters: ["statusoptional"],
    check: ({ schema, path }) =>
      path === "status" && (schema.required ?? []).length > 0 ? "status requires no field" : undefined,
    broken: { required: ["replicas"] },
  },
  {
    id: "conditions",
    linters: ["conditions"],
    check: ({ schema, name }) => (name === "conditions" ? conditionsViolation(schema) : undefined),
    broken: { type: "object", properties: { conditions: { type: "array" } } },
  },
  {
    id: "reference",
    linters: ["noreferences"],
    check: ({ schema, name }) => {
      if (/(?:Secret|ConfigMap|Claim|claim)Name$/.test(name))
        return "use a reference object whose name ends in Ref";
      if (!/Refs?$/.test(name)) return undefined;
      const target = schema.items ?? schema;
      if (target.properties?.["name"] === undefined) return "a reference is an object with the field name";
      return target["x-kubernetes-map-type"] === "atomic" ? undefined : "add x-kubernetes-map-type: atomic";
    },
    broken: { type: "object", properties: { secretRef: { type: "object", properties: { name: {} } } } },
  },
  {
    id: "selector-atomic",
    linters: ["ssatags"],
    check: ({ schema }) =>
      schema.properties?.["matchLabels"] !== undefined && schema["x-kubernetes-map-type"] !== "atomic"
        ? "add x-kubernetes-map-type: atomic"
        : undefined,
    broken: { type: "object", properties: { matchLabels: {} } },
  },
  {
    id: "union",
    linters: ["discriminatedunions"],
    check: ({ schema }) => unionViolation(schema),
    broken: { type: "object", properties: { type: { enum: ["A", "B"] }, a: { type: "string" } } },
  },
  {
    id: "rule-text",
    linters: [],
    check: ({ schema: { rules = [] } }) =>
      rules.map(({ id, message }) => ruleViolation(id, message)).find((violation) => violation !== undefined),
    broken: { type: "object", rules: [{ id: "An_Id", rule: "true", message: "No." }] },
  },
  {
    id: "rule-identity",
    linters: ["uniquemarkers", "duplicatemarkers"],
    check: ({ schema: { rules = [] } }) => {
      const ids = rules.map(({ id }) => id);
      const twice = ids.find((id, index) => ids.indexOf(id) !== index);
      return twice && `two rules have the id ${twice}`;
    },
    broken: {
      rules: [
        { id: "a-rule", rule: "true", message: "one" },
        { id: "a-rule", rule: "true", message: "two" },
      ],
    },
  },
  {
    id: "renamed-field",
    linters: ["forbiddenmarkers"],
    check: ({ schema: { renamed, rules = [], default: preset } }, root) => {
      if (renamed === undefined) return undefined;
      if (schemaAt(root, renamed) === undefined) return `no such field: ${renamed}`;
      if (preset !== undefined) return "a renamed field has no default";
      return rules.length === 1 && rules[0]?.rule === "false" ? undefined : "a renamed field is rejected";
    },
    broken: { type: "object", renamed: "spec.missing" },
  },
];

function conditionsViolation({ items, ...list }: Schema): string | undefined {
  if (list["x-kubernetes-list-type"] !== "map" || list["x-kubernetes-list-map-keys"]?.join() !== "type")
    return "conditions are a map list with the key type";
  return items && conditionViolation(items);
}

function conditionViolation({ properties = {}, required = [] }: Schema): string | undefined {
  for (const names of [Object.keys(properties), required])
    if (!isDeepStrictEqual(names.toSorted(), CONDITION))
      return `conditions have and require ${CONDITION.join()}`;
  const { status, lastTransitionTime } = properties;
  if (status?.enum?.join() !== "True,False,Unknown") return "status is True, False or Unknown";
  return lastTransitionTime?.format === "date-time" ? undefined : "times have the format date-time";
}

/** The discriminator value is the name of the selected member. Validation rules reject all other members. */
function unionViolation({ properties = {}, rules = [] }: Schema): string | undefined {
  const members = DISCRIMINATORS.flatMap((name) =>
    (properties[name]?.enum ?? []).map((value) => value.charAt(0).toLowerCase() + value.slice(1)),
  ).filter((name) => Object.hasOwn(properties, name));
  const scalar = members.find((name) => properties[name]?.type !== "object");
  if (scalar !== undefined) return `the union member ${scalar} is an object`;
  const free = members.find((name) => !rules.some(({ rule }) => rule.includes(`has(self.${name})`)));
  return free && `add a rule that rejects ${free} with other types`;
}

function ruleViolation(id: string, message: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(id)) return `write the id ${id} as words in kebab case`;
  if (message.length < 15 || message.length > 330) return `${id}: a message has 15 to 330 characters`;
  if (/[.]$/.test(message)) return `${id}: a message has no full stop at its end`;
  return undefined;
}
