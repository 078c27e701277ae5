/**
 * Fields and values of the first draft of v1alpha1, which was never published. This table is the source for the
 * commands `render`, `serve` and `convert`, and for the page `docs/reference/api-changes.md`. The schema marks the same
 * fields as `renamed`.
 */
import { isIP } from "node:net";
import { isRecord } from "../common/json.ts";

export interface FirstDraftChange {
  kind: "FtpServer" | "FtpUser";
  /** Path in the first draft. `[]` represents the items of a list. */
  path: string;
  /** Path in the second draft. The path equals `path` when only the type or the values changed. */
  now: string;
  /** Reason for the change in the second draft. */
  reason: string;
  /** Map of old values to new values, for fields whose path is unchanged. */
  values?: Readonly<Record<string, unknown>>;
  /**
   * Returns whether a value uses the syntax of the first draft. By default, only the keys of `values` use this syntax.
   * If `values` is absent, every value uses this syntax.
   */
  isOld?: (value: unknown) => boolean;
  /**
   * Returns the second-draft value that replaces a first-draft value. By default, returns the new value from `values`
   * or the unchanged value.
   */
  convert?: (value: unknown) => unknown;
}

const isText = (value: unknown): boolean => typeof value === "string";

/** The table lists objects before their members. */
export const FIRST_DRAFT_CHANGES: readonly FirstDraftChange[] = [
  {
    kind: "FtpServer",
    path: "spec.exposure.loadBalancer.annotations",
    now: "spec.exposure.service.annotations",
    reason: "The annotations apply to the Service of every exposure type.",
  },
  {
    kind: "FtpServer",
    path: "spec.exposure.loadBalancer.externalTrafficPolicy",
    now: "spec.exposure.service.externalTrafficPolicy",
    reason: "The policy also applies to Services of type `NodePort`. `Auto` makes the default explicit.",
  },
  {
    kind: "FtpServer",
    path: "spec.exposure.loadBalancer.nodePorts",
    now: "spec.exposure.loadBalancer.nodePorts",
    reason: "All switches have the values `Enabled` and `Disabled`. `Auto` makes the default explicit.",
    values: { Allocated: "Enabled", None: "Disabled" },
  },
  {
    kind: "FtpServer",
    path: "spec.passive.address.static",
    now: "spec.passive.address.static.address",
    reason: "Members of a union are objects, so that fields can be added.",
    isOld: isText,
  },
  {
    kind: "FtpServer",
    path: "spec.tls.secretName",
    now: "spec.tls.certificateRef.name",
    reason:
      "References are objects. Fields can be added, and server-side apply never mixes values from two field managers.",
  },
  {
    kind: "FtpServer",
    path: "spec.tls.clientCertificates.caSecretName",
    now: "spec.tls.clientCertificates.caRef.name",
    reason: "References are objects. The reference can also select a ConfigMap or another key.",
  },
  {
    kind: "FtpServer",
    path: "spec.tls.clearControl",
    now: "spec.tls.clearControl",
    reason: "Fields that permit or reject client behavior have the values `Allow` and `Deny`.",
    values: { Refused: "Deny", Allowed: "Allow" },
  },
  {
    kind: "FtpServer",
    path: "spec.uploads.missingCloseNotify",
    now: "spec.uploads.missingCloseNotify",
    reason: "Fields that permit or reject client behavior have the values `Allow` and `Deny`.",
    values: { Refuse: "Deny", Accept: "Allow" },
  },
  {
    kind: "FtpServer",
    path: "spec.limits.failedLogins.banSeconds",
    now: "spec.limits.failedLogins.bans",
    reason: "`Disabled` replaces the value 0, which disabled bans implicitly.",
    values: { 0: "Disabled" },
  },
  {
    kind: "FtpServer",
    path: "spec.storage.persistentVolumeClaim.template",
    now: "spec.storage.persistentVolumeClaim.create",
    reason:
      "The name states that the operator creates the claim. The object supports more fields of a PersistentVolumeClaim.",
  },
  {
    kind: "FtpServer",
    path: "spec.storage.persistentVolumeClaim.template.accessMode",
    now: "spec.storage.persistentVolumeClaim.create.accessModes",
    reason: "A PersistentVolumeClaim also has a list of access modes.",
    convert: (mode) => [mode],
  },
  {
    kind: "FtpServer",
    path: "spec.maintenance",
    now: "spec.maintenance.mode",
    reason: "The value is an object, so that fields can be added.",
    isOld: isText,
  },
  {
    kind: "FtpServer",
    path: "spec.podTemplate",
    now: "spec.pod",
    reason: "The object is not a PodTemplateSpec.",
  },
  {
    kind: "FtpServer",
    path: "status.address",
    now: "status.addresses",
    reason: "A Service can have several addresses.",
    convert: (value) => [{ type: isIP(String(value)) === 0 ? "Hostname" : "IPAddress", value }],
  },
  {
    kind: "FtpServer",
    path: "status.passivePorts",
    now: "status.passivePorts",
    reason: "Programs can read numbers without parsing text such as `50000-50009`.",
    isOld: isText,
    convert: portRange,
  },
  {
    kind: "FtpServer",
    path: "status.slots[].passivePorts",
    now: "status.slots[].passivePorts",
    reason: "Programs can read numbers without parsing text such as `50000-50009`.",
    isOld: isText,
    convert: portRange,
  },
  {
    kind: "FtpUser",
    path: "status.server",
    now: "status.serverRef",
    reason: "References are objects.",
    convert: (value) => {
      const [namespace = "", name = ""] = String(value).split("/");
      return { namespace, name };
    },
  },
];

function portRange(value: unknown): unknown {
  const [first, last] = String(value).split("-").map(Number);
  return { first, last };
}

/** Field of the first draft that an object contains. */
export interface FirstDraftField {
  change: FirstDraftChange;
  /** Member names and list positions from the root of the object to the field. */
  path: readonly (string | number)[];
  value: unknown;
}

/** Returns the first-draft fields in an object. Returns an empty list for other kinds and API groups. */
export function firstDraftFields(object: unknown): FirstDraftField[] {
  if (!isRecord(object) || !String(object["apiVersion"]).startsWith("ftp-operator.io/")) return [];
  return FIRST_DRAFT_CHANGES.filter(({ kind }) => kind === object["kind"]).flatMap((change) =>
    fieldsAt(object, segmentsOf(change.path), change),
  );
}

/** Returns the segments of a path. `[]` represents the items of a list. */
export function segmentsOf(path: string): string[] {
  return path.replaceAll("[]", ".[]").split(".");
}

function fieldsAt(object: unknown, segments: readonly string[], change: FirstDraftChange): FirstDraftField[] {
  const [first, ...rest] = segments;
  if (first === undefined) return isOldValue(change, object) ? [{ change, path: [], value: object }] : [];
  const prefixed = (name: string | number, value: unknown): FirstDraftField[] =>
    fieldsAt(value, rest, change).map((field) => ({ ...field, path: [name, ...field.path] }));
  if (first === "[]")
    return Array.isArray(object) ? object.flatMap((item, index) => prefixed(index, item)) : [];
  return isRecord(object) && Object.hasOwn(object, first) ? prefixed(first, object[first]) : [];
}

function isOldValue({ values, isOld }: FirstDraftChange, value: unknown): boolean {
  if (value === null) return false;
  if (isOld) return isOld(value);
  return (
    values === undefined ||
    ((typeof value === "string" || typeof value === "number") && Object.hasOwn(values, String(value)))
  );
}

/** Returns the value that a field has in the second draft. */
export function secondDraftValue({ change: { values, convert }, value }: FirstDraftField): unknown {
  if (convert) return convert(value);
  return values === undefined ? value : values[String(value)];
}

/** Returns the path of a field in the second draft, including list positions. */
export function secondDraftPath({ change, path }: FirstDraftField): (string | number)[] {
  const positions = path.filter((segment) => typeof segment === "number");
  return segmentsOf(change.now).map((segment) => (segment === "[]" ? (positions.shift() ?? 0) : segment));
}

/** Returns a message such as `spec.tls.secretName is now spec.tls.certificateRef.name`. */
export function firstDraftMessage(field: FirstDraftField): string {
  const { change, value } = field;
  const [old, now] = [field.path, secondDraftPath(field)].map(pathText);
  if (change.values === undefined) return `${old} ${old === now ? "has a different type" : `is now ${now}`}`;
  const { [String(value)]: replacement } = change.values;
  return old === now
    ? `${old}: ${String(value)} is now ${String(replacement)}`
    : `${old}: ${String(value)} is now ${now}: ${String(replacement)}`;
}

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((segment) => (typeof segment === "number" ? `[${segment}]` : `.${segment}`))
    .join("")
    .slice(1);
}
