import { fieldsOf, isRecord } from "../common/json.ts";
import { type NotificationReport, parseNotifications } from "./notification-report.ts";

/**
 * JSON that an engine serves at `/readyz`. The report contains no account or file names because the endpoint requires
 * no authentication.
 */
export interface EngineReport {
  /** Version in package.json. */
  version: string;
  ready: boolean;
  storage: StorageReport;
  /**
   * Reports on the storage in `spec.additionalStorage`, keyed by name. Reports from older engine versions do not
   * contain this field.
   */
  additionalStorage?: Record<string, StorageReport>;
  /** Reports from engines without notifications do not contain this field. */
  notifications?: NotificationReport[];
}

/**
 * Results of a volume check. `Checking`: the check has no result yet. `NotNeeded`: no account has a permission to
 * change files, so the check does not write to the volume. `Writable`: the check created, wrote, synchronized and
 * removed a file. `RootNotWritable`: a home directory is writable, but the root of the volume is not. The engine cannot
 * create home directories. `NotWritable`: the owner and mode of the volume or the rules of the file server deny write
 * access. `ReadOnly`: the file system is mounted read-only. `Full`: the volume has no free space, no free inodes or no
 * remaining quota. Clients can still read and remove files. `NotResponding`: the check did not finish in time.
 * `Failed`: the check failed with any other error.
 */
export const VOLUME_STATES = [
  "Checking",
  "NotNeeded",
  "Writable",
  "RootNotWritable",
  "NotWritable",
  "ReadOnly",
  "Full",
  "NotResponding",
  "Failed",
] as const;

export type VolumeState = (typeof VOLUME_STATES)[number];

/**
 * Results of an object storage check. `NotNeeded`: no account has a permission to change files, so the check only lists
 * keys. `Writable`: the check wrote, read and removed an object. `BucketNotFound`: the bucket does not exist.
 * `AccessDenied`: the credentials are valid, but policies deny the step. `CredentialsRejected`: the credentials are
 * missing, wrong or expired. `EndpointUnreachable`: the host name of the endpoint is unknown, or connections to the
 * endpoint fail. `EndpointNotTrusted`: the certificate of the endpoint is invalid or has an unknown CA. `WrongRegion`:
 * the bucket is in another region. `ClockSkewed`: the clocks of the node and the object store differ by more than the
 * object store accepts. `Full`: the object store has no free space or no remaining quota. `Checking`, `NotResponding`
 * and `Failed` have the same meaning as for volumes.
 */
export const OBJECT_STORAGE_STATES = [
  "Checking",
  "NotNeeded",
  "Writable",
  "BucketNotFound",
  "AccessDenied",
  "CredentialsRejected",
  "EndpointUnreachable",
  "EndpointNotTrusted",
  "WrongRegion",
  "ClockSkewed",
  "Full",
  "NotResponding",
  "Failed",
] as const;

export type ObjectStorageState = (typeof OBJECT_STORAGE_STATES)[number];

export type StorageState = VolumeState | ObjectStorageState;

/** All states, each once. */
export const STORAGE_STATES: readonly StorageState[] = [
  ...new Set([...VOLUME_STATES, ...OBJECT_STORAGE_STATES]),
];

/** Steps in a volume check. */
export const VOLUME_STEPS = ["open", "create", "write", "sync", "remove"] as const;

/** Steps in an object storage check. */
export const OBJECT_STORAGE_STEPS = ["list", "write", "read", "remove"] as const;

export type StorageReport = VolumeReport | ObjectStorageReport;

export interface VolumeReport {
  type?: never;
  state: VolumeState;
  /** Directory that contains all home directories. */
  path: string;
  /** User ID, group ID and supplementary groups of the engine. */
  uid: number;
  gid: number;
  groups: number[];
  /**
   * Owner, group and octal mode of the directory, for example `2775`. The field is undefined when the engine cannot
   * read these values.
   */
  root?: { uid: number; gid: number; mode: string };
  /** System error code, for example `EACCES`. */
  code?: string;
  step?: (typeof VOLUME_STEPS)[number];
}

export interface ObjectStorageReport {
  type: "ObjectStorage";
  state: ObjectStorageState;
  /** Error code from S3, the SDK or the system, for example `NoSuchBucket` or `ECONNREFUSED`. */
  code?: string;
  step?: (typeof OBJECT_STORAGE_STEPS)[number];
}

/**
 * States in which the engine serves clients. The list includes `Full` because clients can read and remove files on a
 * full volume. The list includes `NotResponding` because a slow volume can recover.
 */
const SERVING: ReadonlySet<StorageState> = new Set([
  "NotNeeded",
  "Writable",
  "RootNotWritable",
  "Full",
  "NotResponding",
  "Failed",
]);

/** Returns whether an engine can serve clients from storage in this state. */
export function canServe(state: StorageState): boolean {
  return SERVING.has(state);
}

const MAX_ID = 2 ** 32 - 1;
const MAX_GROUPS = 65_536;
const MAX_PATH = 4096;
const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(?:[-+][0-9A-Za-z.+-]{1,64})?$/u;
/** Maximum length of an engine version in characters, as in the status of an FtpServer. */
const MAX_VERSION = 63;
const CODE = /^[A-Z][A-Z0-9_]{1,31}$/u;
const S3_CODE = /^[A-Z][A-Za-z0-9_]{1,63}$/u;
const MODE = /^[0-7]{4}$/u;
const PRINTABLE_PATH = /^\/[^\p{Cc}\p{Cs}]*$/u;

/**
 * Parses a report. Returns undefined for invalid text. The operator does not trust the report because a client could
 * have compromised the engine.
 */
export function parseReport(text: string): EngineReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, ready, storage, additionalStorage, notifications } = fieldsOf(value);
  if (!isVersion(version) || typeof ready !== "boolean") return undefined;
  const parsed = parseStorage(fieldsOf(storage));
  const additional = ifPresent(additionalStorage, parseAdditional);
  const sinks = ifPresent(notifications, parseNotifications);
  if (parsed === undefined || additional === "Invalid" || sinks === "Invalid") return undefined;
  return {
    version,
    ready,
    storage: parsed,
    ...(additional && { additionalStorage: additional }),
    ...(sinks && { notifications: sinks }),
  };
}

function isVersion(version: unknown): version is string {
  return typeof version === "string" && version.length <= MAX_VERSION && VERSION.test(version);
}

function ifPresent<T>(value: unknown, parse: (value: unknown) => T | undefined): T | "Invalid" | undefined {
  return value === undefined ? undefined : (parse(value) ?? "Invalid");
}

const MAX_ADDITIONAL_STORAGE = 8;
const STORAGE_NAME = /^[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?$/u;

function parseAdditional(value: unknown): Record<string, StorageReport> | undefined {
  const parsed: Record<string, StorageReport> = {};
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (entries === undefined || entries.length > MAX_ADDITIONAL_STORAGE) return undefined;
  for (const [name, one] of entries) {
    const report = STORAGE_NAME.test(name) ? parseStorage(fieldsOf(one)) : undefined;
    if (report === undefined) return undefined;
    parsed[name] = report;
  }
  return parsed;
}

function parseStorage(fields: Record<string, unknown>): StorageReport | undefined {
  if (fields["type"] === "ObjectStorage") return parseObjectStorage(fields);
  return fields["type"] === undefined ? parseVolume(fields) : undefined;
}

function parseObjectStorage(fields: Record<string, unknown>): ObjectStorageReport | undefined {
  const state = OBJECT_STORAGE_STATES.find((one) => one === fields["state"]);
  const cause = parseCause(fields, OBJECT_STORAGE_STEPS, S3_CODE);
  return state === undefined || cause === undefined ? undefined : { type: "ObjectStorage", state, ...cause };
}

function parseVolume(fields: Record<string, unknown>): VolumeReport | undefined {
  const state = VOLUME_STATES.find((one) => one === fields["state"]);
  const identity = parseIdentity(fields);
  const cause = parseCause(fields, VOLUME_STEPS, CODE);
  const { root } = fields;
  const parsed = root === undefined ? undefined : parseRoot(fieldsOf(root));
  if (state === undefined || identity === undefined || cause === undefined) return undefined;
  if (root !== undefined && parsed === undefined) return undefined;
  return { state, ...identity, ...(parsed && { root: parsed }), ...cause };
}

function parseIdentity({
  path,
  uid,
  gid,
  groups,
}: Record<string, unknown>): Pick<VolumeReport, "path" | "uid" | "gid" | "groups"> | undefined {
  if (typeof path !== "string" || path.length > MAX_PATH || !PRINTABLE_PATH.test(path)) return undefined;
  if (!isId(uid) || !isId(gid)) return undefined;
  if (!Array.isArray(groups) || groups.length > MAX_GROUPS || !groups.every(isId)) return undefined;
  return { path, uid, gid, groups };
}

function parseCause<Step extends string>(
  { code, step: said }: Record<string, unknown>,
  steps: readonly Step[],
  codes: RegExp,
): { code?: string; step?: Step } | undefined {
  const step = steps.find((one) => one === said);
  if (step !== said) return undefined;
  if (code !== undefined && (typeof code !== "string" || !codes.test(code))) return undefined;
  return { ...(code !== undefined && { code }), ...(step !== undefined && { step }) };
}

function parseRoot({ uid, gid, mode }: Record<string, unknown>): VolumeReport["root"] {
  return isId(uid) && isId(gid) && typeof mode === "string" && MODE.test(mode)
    ? { uid, gid, mode }
    : undefined;
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_ID;
}
