/** Finds the differences between the first and the second draft of v1alpha1 in their schemas. */
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

/** A change that old manifests can ignore, or that only affects some values. */
export interface OtherChange {
  /** Fields as the page shows them. */
  fields: readonly string[];
  /** Matches the paths of their changes. */
  covers: RegExp;
  /** Matches the effects of their changes. Any effect by default. */
  effects?: RegExp;
  change: string;
  reason: string;
}

export const OTHER_CHANGES: readonly OtherChange[] = [
  {
    fields: ["spec.exposure.loadBalancer.provider", "spec.exposure.loadBalancer.sourceRanges"],
    covers: /^spec\.exposure\.loadBalancer\.(?:provider|sourceRanges)$/,
    change: "The default is a value: `Auto` and `[]`.",
    reason: "`kubectl get -o yaml` shows every default.",
  },
  {
    fields: ["spec.exposure.nodePort.controlPort", "spec.passive.portRange"],
    covers: /^spec\.exposure\.nodePort\.controlPort$/,
    change:
      "Any port is valid with type `NodePort`. If the API server rejects it, the reason is `ServiceRejected`.",
    reason: "Clusters can have another node port range than 30000-32767.",
  },
  {
    fields: ["spec.users[].passwordSecretRef", "spec.passwordSecretRef"],
    covers: /^spec\.(?:users\[\]\.)?passwordSecretRef$/,
    change: "`x-kubernetes-map-type: atomic`.",
    reason:
      "Values of two field managers cannot be mixed, such as the name of one Secret with the key of another.",
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
    change: "A quantity as a number or text: `10485760` or `10Mi`. FtpUsers have the same fields.",
    reason: "All sizes and rates have one type.",
  },
  {
    fields: ["spec.storage.ephemeral", "spec.podTemplate.resources"],
    covers: /^spec\.storage\.ephemeral$/,
    change:
      "Defaults: `sizeLimit: 5Gi`, which uploads cannot exceed, and in `spec.pod.resources` requests and a memory limit of 512Mi. `ephemeral` is ignored with other types.",
    reason: "A pod without limits can take the memory and the disk of its node from other pods.",
  },
  {
    fields: ["texts whose empty value has no meaning, for example spec.banner"],
    covers: /^(?:spec|status)\./,
    effects: /^minLength changed from none to 1$/,
    change: "`minLength: 1`.",
    reason: "Leave the field unset instead.",
  },
  {
    fields: ["matchLabels and matchExpressions of all label selectors"],
    covers: /[sS]elector\.match(?:Labels\{\}|Expressions\[\]\.(?:key|values\[\]))$/,
    change: "Keys and values have the syntax of labels.",
    reason: "Kubernetes would reject other values only in the child objects.",
  },
];

/** Returns the incompatible changes that neither table names. Added rules have their own page, the reference. */
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

/** Returns the fields that the first draft did not have in any form, without their nested fields. */
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
