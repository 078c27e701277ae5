/** Finds the schema differences between the first and the second draft of v1alpha1. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { incompatibleChanges, type Change, type Crd } from "../crds/compatibility.ts";
import { partsOf } from "../crds/conventions/part.ts";
import { schemaOf } from "../generate-api/crd.ts";
import { readCrds } from "../generate-api/files.ts";
import { FIRST_DRAFT_CHANGES } from "../../src/api/first-draft.ts";
import type { Schema } from "../../src/api/schema.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const KINDS = ["FtpServer", "FtpUser"] as const;
export type Kind = (typeof KINDS)[number];

/** The schemas of the first draft, without descriptions and rules. */
const FIRST: Record<Kind, Schema> = JSON.parse(readFileSync(join(ROOT, "test/api/first-draft.json"), "utf8"));
const { ftpserver, ftpuser } = await readCrds(ROOT);
const SECOND: Record<Kind, Schema> = { FtpServer: schemaOf(ftpserver), FtpUser: schemaOf(ftpuser) };

/** A change that requires no edit in most old manifests. */
export interface OtherChange {
  /** Field paths in the format that the page uses. */
  fields: readonly string[];
  /** Regular expression for the field paths of the changes. */
  covers: RegExp;
  /** Regular expression for the effects of the changes. Any effect by default. */
  effects?: RegExp;
  change: string;
  reason: string;
}

export const OTHER_CHANGES: readonly OtherChange[] = [
  {
    fields: ["spec.exposure.loadBalancer.provider", "spec.exposure.loadBalancer.sourceRanges"],
    covers: /^spec\.exposure\.loadBalancer\.(?:provider|sourceRanges)$/,
    change: "The defaults are now explicit values: `Auto` and `[]`.",
    reason: "`kubectl get -o yaml` shows every default.",
  },
  {
    fields: ["spec.exposure.nodePort.controlPort", "spec.passive.portRange"],
    covers: /^spec\.exposure\.nodePort\.controlPort$/,
    change:
      "Any port is valid when `spec.exposure.type` is `NodePort`. If the API server rejects the port, the condition reason is `ServiceRejected`.",
    reason: "Clusters can use a node port range other than 30000-32767.",
  },
  {
    fields: ["spec.users[].passwordSecretRef", "spec.passwordSecretRef"],
    covers: /^spec\.(?:users\[\]\.)?passwordSecretRef$/,
    change: "`x-kubernetes-map-type: atomic`.",
    reason:
      "Server-side apply cannot combine the Secret name from one field manager with the key from another field manager.",
  },
  {
    fields: [
      "spec.users[].quota.bytes",
      "spec.users[].limits.uploadBytesPerSecond",
      "spec.users[].limits.downloadBytesPerSecond",
      "spec.limits.commandLineBytes",
      "spec.limits.checksumBytes",
      "spec.storage.ephemeral.sizeLimit",
    ],
    covers: /(?:\.quota\.bytes|BytesPerSecond|\.limits\.\w+Bytes|\.sizeLimit)$/,
    change:
      "The value is a quantity, written as a number or a string, for example `10485760` or `10Mi`. FtpUsers have the same fields.",
    reason: "All sizes and rates have the same type.",
  },
  {
    fields: ["spec.storage.ephemeral", "spec.podTemplate.resources"],
    covers: /^spec\.storage\.ephemeral$/,
    change:
      "`spec.storage.ephemeral.sizeLimit` defaults to `5Gi`, and uploads cannot exceed this limit. `spec.pod.resources` has default requests and a memory limit of 512Mi. `spec.storage.ephemeral` has no effect for other storage types.",
    reason: "A pod without limits can use up the memory and disk space of its node.",
  },
  {
    fields: ["text fields for which an empty value has no meaning, for example `spec.banner`"],
    covers: /^(?:spec|status)\./,
    effects: /^minLength changed from none to 1$/,
    change: "`minLength: 1`.",
    reason: "Leave the field unset instead.",
  },
  {
    fields: ["`matchLabels` and `matchExpressions` in all label selectors"],
    covers: /[sS]elector\.match(?:Labels\{\}|Expressions\[\]\.(?:key|values\[\]))$/,
    change: "Keys and values must have the syntax of label keys and values.",
    reason: "Without this rule, Kubernetes would reject invalid values only in the child objects.",
  },
];

/**
 * Returns the incompatible changes that neither table on the page contains. The reference page lists added rules, so
 * this page omits them.
 */
export function unexplainedChanges(): Change[] {
  const changes = incompatibleChanges(
    KINDS.map((kind) => asCrd(kind, FIRST)),
    KINDS.map((kind) => asCrd(kind, SECOND)),
  );
  return changes.filter(
    ({ kind, path, effect }) =>
      !effect.startsWith("validation rule added") &&
      !OTHER_CHANGES.some(({ covers, effects = /^/ }) => covers.test(path) && effects.test(effect)) &&
      !FIRST_DRAFT_CHANGES.some((change) => change.kind === kind && contains(change.path, path)),
  );
}

function contains(field: string, path: string): boolean {
  return (
    path === field ||
    path.startsWith(`${field}.`) ||
    path.startsWith(`${field}[`) ||
    path.startsWith(`${field}{`)
  );
}

function asCrd(kind: Kind, schemas: Record<Kind, Schema>): Crd {
  const version = { name: "v1alpha1", served: true, schema: { openAPIV3Schema: { ...schemas[kind] } } };
  return {
    metadata: { name: kind },
    spec: { scope: "Namespaced", names: { kind, plural: kind }, versions: [version] },
  };
}

export interface NewField {
  path: string;
  description: string;
}

/**
 * Returns the fields that the first draft does not contain, not even under another name. Omits the nested fields of a
 * new field.
 */
export function newFields(kind: Kind): NewField[] {
  const before = new Map(partsOf(FIRST[kind]).map(({ path, schema }) => [path, schema]));
  const changes = FIRST_DRAFT_CHANGES.filter((change) => change.kind === kind);
  const isKnown = (path: string): boolean =>
    before.has(path) ||
    changes.some(({ now, path: old }) => {
      if (contains(path, now)) return true;
      const isMember = contains(now, path) && before.get(old)?.type === "object";
      return isMember ? before.has(`${old}${path.slice(now.length)}`) : contains(now, path);
    });
  const added = partsOf(SECOND[kind]).filter(
    ({ path, name, schema }) => name !== "" && schema.renamed === undefined && !isKnown(path),
  );
  return added
    .filter(({ path }) => !added.some((other) => other.path !== path && contains(other.path, path)))
    .map(({ path, schema: { description = "" } }) => ({ path, description }));
}
