/** Conventions for names, values and descriptions. */
import type { Convention } from "./convention.ts";
import type { Part } from "./part.ts";

/** Synonyms for enum values, each with the value to use instead. */
const SYNONYMS: Readonly<Record<string, string>> = {
  On: "Enabled",
  Off: "Disabled",
  Yes: "Enabled",
  No: "Disabled",
  True: "Enabled",
  False: "Disabled",
  None: "Disabled",
  Accept: "Allow",
  Allowed: "Allow",
  Permit: "Allow",
  Refuse: "Deny",
  Refused: "Deny",
  Reject: "Deny",
  Denied: "Deny",
  Default: "Auto",
  Automatic: "Auto",
};
const PAIRS = [
  ["Enabled", "Disabled"],
  ["Allow", "Deny"],
] as const;
/** Phrases that descriptions must not contain, in addition to the phrases in tools/words/never.yaml. */
const WORDS = /\b(?:for instance|dials?|nobody|takes? effect at once|left out|leave it out)\b/i;
const PRONOUN =
  /^(?:It|They|This|These|That|Those|He|She|You|We|Which|What|Where|When|How|Whether or|Of|As|For|In|By)\b/;
const LONGEST_SENTENCE_WORDS = 40;

export const NAME_CONVENTIONS: readonly Convention[] = [
  {
    id: "field-name",
    linters: ["jsontags", "namingconventions"],
    check: ({ name }) => (/^(?:[a-z][A-Za-z0-9]*)?$/.test(name) ? undefined : "use camelCase"),
    broken: { type: "object", properties: { snake_case: {} } },
  },
  {
    id: "no-phase",
    linters: ["nophase"],
    check: ({ name }) => (/phase/i.test(name) ? "use conditions" : undefined),
    broken: { type: "object", properties: { currentPhase: {} } },
  },
  {
    id: "no-timestamp",
    linters: ["notimestamp"],
    check: ({ name }) => (/timestamp/i.test(name) ? "end the name in Time" : undefined),
    broken: { type: "object", properties: { startTimestamp: {} } },
  },
  {
    id: "no-reference-in-name",
    linters: ["noreferences"],
    check: ({ name }) => (/^reference|Reference/.test(name) ? "end the name in Ref" : undefined),
    broken: { type: "object", properties: { secretReference: {} } },
  },
  {
    id: "seconds",
    linters: ["nodurations"],
    check: durationViolation,
    broken: { type: "object", properties: { idleTimeout: { type: "string" } } },
  },
  {
    id: "bytes",
    linters: [],
    check: ({ name, schema }) =>
      /^bytes$|Bytes(?:PerSecond)?$|^size(?:Limit)?$/.test(name) &&
      schema["x-kubernetes-int-or-string"] !== true
        ? "sizes are quantities with x-kubernetes-int-or-string"
        : undefined,
    broken: { type: "object", properties: { commandLineBytes: { type: "integer" } } },
  },
  {
    id: "enum-values",
    linters: [],
    check: ({ schema }) => enumViolation(schema.enum ?? []),
    broken: { type: "string", enum: ["Accept", "Refuse"] },
  },
  {
    id: "description",
    linters: ["commentstart"],
    check: ({ schema: { description = "" } }) => descriptionViolation(description),
    broken: { description: "It is the port" },
  },
];

/** A duration is an integer field with the unit in its name. */
function durationViolation({ name, schema }: Part): string | undefined {
  if (schema.format === "duration") return "use an integer whose name ends in Seconds";
  const scalar = schema.type !== "object" && schema.type !== "array";
  if (/(?:Timeout|Period|Delay|Interval|Duration|Age|TTL)$/.test(name) && scalar)
    return "end the name in Seconds";
  if (name.endsWith("Seconds") && schema.type !== "integer") return "use an integer";
  return /\b(?:in seconds)\b/.test(schema.description ?? "") &&
    schema.type === "integer" &&
    !/seconds$/i.test(name)
    ? "end the name in Seconds"
    : undefined;
}

function enumViolation(values: readonly string[]): string | undefined {
  const lower = values.find((value) => !/^[A-Z][A-Za-z0-9]*$/.test(value));
  if (lower !== undefined) return `write ${JSON.stringify(lower)} in UpperCamelCase`;
  const synonym = values.find((value) => SYNONYMS[value] !== undefined);
  if (synonym !== undefined) return `use ${SYNONYMS[synonym]} instead of ${synonym}`;
  const broken = PAIRS.find(
    ([one, other]) => values.length === 2 && values.includes(one) !== values.includes(other),
  );
  return broken && `use ${broken.join(" and ")} together`;
}

function descriptionViolation(description: string): string | undefined {
  if (description === "") return "add a description";
  if (!/^["`A-Z0-9].*[.]$/su.test(description)) return "start with a capital letter and end with a full stop";
  if (PRONOUN.test(description)) return "start with the thing that is described";
  const word = WORDS.exec(description)?.[0];
  if (word !== undefined) return `replace "${word}"`;
  const long = sentences(description).find(
    (sentence) => sentence.split(/\s+/).length > LONGEST_SENTENCE_WORDS,
  );
  return long && `split the sentence "${long.slice(0, 40)}…"`;
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.:;])\s+/);
}
