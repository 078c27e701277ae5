import type { StorageReport } from "../../api/engine-report.ts";
import type { Condition } from "../../api/kubernetes.ts";
import type { Decision } from "../model/decision.ts";
import { isTerminating } from "../model/objects.ts";
import type { ConditionValue } from "./condition.ts";

/** States of a volume that somebody should know of, the worst one first. */
const FAULTS = ["NotWritable", "ReadOnly", "Failed", "Full", "NotResponding", "RootNotWritable"] as const;

type Fault = (typeof FAULTS)[number];
type Ids = Decision["spec"]["pod"]["securityContext"]["ids"];

/** What StorageReady says of each. */
const VERDICTS: Readonly<Record<Fault, Pick<ConditionValue, "status" | "reason">>> = {
  NotWritable: { status: "False", reason: "VolumeNotWritable" },
  ReadOnly: { status: "False", reason: "VolumeReadOnly" },
  Failed: { status: "False", reason: "VolumeFailed" },
  Full: { status: "False", reason: "VolumeFull" },
  NotResponding: { status: "Unknown", reason: "VolumeNotResponding" },
  RootNotWritable: { status: "True", reason: "VolumeRootNotWritable" },
};

/** Mode bits. */
const OWNER_WRITES = 0o300;
const GROUP_WRITES = 0o030;

/** Returns what engines report about their volume; undefined while nothing is wrong with it, or nothing is known. */
export function volumeFinding({ observed, spec }: Decision): ConditionValue | undefined {
  const reports = observed.children.pods
    .filter((pod) => !isTerminating(pod))
    .flatMap(({ metadata: { name, uid = "" } }) => {
      const outcome = observed.reports?.get(uid);
      return outcome === undefined ? [] : [{ name, outcome }];
    });
  const known = reports.flatMap(({ name, outcome }) =>
    outcome.type === "Known" ? [{ name, storage: outcome.report.storage }] : [],
  );
  for (const state of FAULTS) {
    const found = known.find(({ storage }) => storage.state === state);
    if (found !== undefined) return describe(found.name, state, found.storage, spec.pod.securityContext.ids);
  }
  // An operator that has just started has not asked yet.
  const isAsking = reports.some(({ outcome }) => outcome.type === "Pending");
  return isAsking ? volumeFindingOf(observed.server.status?.conditions) : undefined;
}

/** Returns what an earlier status said about the volume. */
function volumeFindingOf(conditions: readonly Condition[] = []): ConditionValue | undefined {
  const before = conditions.find(({ type }) => type === "StorageReady");
  if (before === undefined || !Object.values(VERDICTS).some(({ reason }) => reason === before.reason))
    return undefined;
  const { status, reason, message } = before;
  return { status, reason, message, warn: true };
}

function describe(pod: string, state: Fault, storage: StorageReport, ids: Ids): ConditionValue {
  return { ...VERDICTS[state], message: `Pod ${pod}: ${sentences(state, storage, ids)}`, warn: true };
}

function sentences(state: Fault, storage: StorageReport, ids: Ids): string {
  const { path, code = "" } = storage;
  switch (state) {
    case "NotWritable":
      return `the engine ${failedStep(storage)} ${path} (${code}). ${identities(storage)} Clients cannot connect. ${remedy(storage, ids)}`;
    case "RootNotWritable":
      return (
        `the engine can write existing home directories, but not ${path} (${code}). ${identities(storage)} ` +
        `Accounts without a home directory cannot log in. Create their home directories. ${remedy(storage, ids)}`
      );
    case "ReadOnly":
      return (
        `the volume at ${path} is mounted read-only (${code}). Clients cannot connect. Mount it read-write. ` +
        "To serve it read-only, leave only the permissions List and Read to all accounts."
      );
    case "Full":
      return (
        `the volume at ${path} is full (${code}). Uploads fail. Downloads and deletions continue. ` +
        "Expand the PersistentVolumeClaim, or delete files."
      );
    case "Failed":
      return `the engine ${failedStep(storage)} ${path} (${code}). Uploads may fail. Check the volume and its file server.`;
    case "NotResponding":
      return `the volume at ${path} does not respond. Transfers may stall. Check the volume and its file server.`;
  }
}

function failedStep({ step = "create" }: StorageReport): string {
  return FAILED_STEPS[step];
}

const FAILED_STEPS: Readonly<Record<NonNullable<StorageReport["step"]>, string>> = {
  open: "cannot open",
  create: "cannot create files in",
  write: "cannot write files in",
  sync: "cannot synchronize files in",
  remove: "cannot remove files in",
};

function identities({ uid, gid, groups, root }: StorageReport): string {
  const others = groups.filter((group) => group !== gid);
  const supplementary = others.length === 0 ? "" : ` and groups ${others.join(", ")}`;
  const runs = `It runs as user ${uid}, group ${gid}${supplementary}.`;
  if (root === undefined) return runs;
  return `${runs} The volume belongs to user ${root.uid}, group ${root.gid}, mode ${root.mode}.`;
}

/** No pod runs as user 0, and group 0 would give access to more than the volume. */
function remedy({ uid, gid, root }: StorageReport, ids: Ids): string {
  if (ids === "Platform")
    return `Change the owner of the volume to ${uid}:${gid} or let one of the groups write, because the platform assigns the IDs of the pods.`;
  const mode = Number.parseInt(root?.mode ?? "0", 8);
  const ways = [
    ...(root !== undefined && root.gid !== 0 && hasBits(mode, GROUP_WRITES)
      ? [`\`spec.pod.securityContext.fsGroup\` to ${root.gid}`]
      : []),
    ...(root !== undefined && root.uid !== 0 && hasBits(mode, OWNER_WRITES)
      ? [`\`spec.pod.securityContext.runAsUser\` to ${root.uid}`]
      : []),
  ];
  if (ways.length > 0) return `Set ${ways.join(" or ")}.`;
  return (
    `Change the owner of the volume to ${uid}:${gid}, or set \`spec.pod.securityContext.fsGroup\` or ` +
    "`runAsUser` to an ID that can write."
  );
}

function hasBits(mode: number, bits: number): boolean {
  return (mode & bits) === bits;
}
