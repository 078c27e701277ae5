import type { VolumeReport } from "../../api/engine-report.ts";
import { listText } from "../../common/text.ts";
import type { PlannedState } from "../model/decision.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";
import { faultIn, scopeOf, type StorageSubject, unusable } from "./storage-subject.ts";

/** Condition reasons, keyed by volume fault. The faults are sorted by severity, most severe first. */
export const VOLUME_REASONS = {
  NotWritable: "VolumeNotWritable",
  ReadOnly: "VolumeReadOnly",
  Failed: "VolumeFailed",
  Full: "VolumeFull",
  NotResponding: "VolumeNotResponding",
  RootNotWritable: "VolumeRootNotWritable",
} as const satisfies Readonly<Partial<Record<VolumeReport["state"], ReasonOf<"StorageReady">>>>;

type Fault = keyof typeof VOLUME_REASONS;
type Ids = PlannedState["spec"]["pod"]["securityContext"]["ids"];

/** Mode bits that permit the owner to write to a directory. */
const OWNER_WRITES = 0o300;
const GROUP_WRITES = 0o030;

/** Returns the most severe volume fault in the reports, or undefined if no engine reports a fault. */
export function volumeFault(
  subject: StorageSubject,
  { spec }: Pick<PlannedState, "spec">,
): ConditionValue | undefined {
  const volumes = subject.reports.flatMap(({ pod, storage }) =>
    storage.type === undefined ? [{ pod, storage }] : [],
  );
  for (const fault of FAULT_ORDER) {
    const found = volumes.find(({ storage }) => storage.state === fault);
    if (found === undefined) continue;
    const { ids } = spec.pod.securityContext;
    const message = `${faultIn(found.pod, subject)}${sentences(fault, found.storage, ids, subject)}`;
    return conditionValue("StorageReady", VOLUME_REASONS[fault], message, { warn: true });
  }
  return undefined;
}

const FAULT_ORDER = [
  "NotWritable",
  "ReadOnly",
  "Failed",
  "Full",
  "NotResponding",
  "RootNotWritable",
] as const satisfies readonly Fault[];

function sentences(fault: Fault, storage: VolumeReport, ids: Ids, subject: StorageSubject): string {
  const { path, code = "" } = storage;
  const scope = scopeOf(subject);
  switch (fault) {
    case "NotWritable":
      return `the engine ${failedStep(storage)} \`${path}\` (${code}). ${identities(storage)} ${unusable(subject, storage.step === "open" ? "Commands" : "Changes")} ${remedy(storage, ids)}`;
    case "RootNotWritable":
      if (subject.name !== undefined) return mountRootNotWritable(storage, ids, subject);
      return (
        `the engine can write to existing home directories, but not to \`${path}\` (${code}). ${identities(storage)} ` +
        `Users without a home directory cannot log in. Create the missing home directories. ${remedy(storage, ids)}`
      );
    case "ReadOnly":
      return (
        `the volume at \`${path}\` is mounted read-only (${code}). ${unusable(subject, "Changes")} Mount the volume read-write. ` +
        (subject.name === undefined
          ? "To serve a read-only volume, limit the permissions of all accounts to `List` and `Read`."
          : "To serve a read-only volume, set `spec.users[].mounts[].access` (`spec.mounts[].access` in FtpUsers) to `ReadOnly`.")
      );
    case "Full":
      return (
        `the volume at \`${path}\` is full (${code}). Uploads${scope} fail. Downloads and deletions still work. ` +
        "Expand the PersistentVolumeClaim, or delete files."
      );
    case "Failed":
      return `the engine ${failedStep(storage)} \`${path}\` (${code}). ${scope === "" ? "Uploads" : `Transfers${scope}`} can fail. Check the volume and the file server.`;
    case "NotResponding":
      return `the volume at \`${path}\` does not respond. Transfers${scope} can stall. Check the volume and the file server.`;
  }
}

function mountRootNotWritable(storage: VolumeReport, ids: Ids, { name }: StorageSubject): string {
  const { path, code = "" } = storage;
  return (
    `the engine can write to some mounted directories, but not to \`${path}\` (${code}). ${identities(storage)} ` +
    `Mounts of \`${name}\` whose directory does not exist fail. Create the missing directories. ${remedy(storage, ids)}`
  );
}

function failedStep({ step = "create" }: VolumeReport): string {
  return FAILED_STEPS[step];
}

const FAILED_STEPS: Readonly<Record<NonNullable<VolumeReport["step"]>, string>> = {
  open: "cannot open",
  create: "cannot create files in",
  write: "cannot write files in",
  sync: "cannot synchronize files in",
  remove: "cannot remove files in",
};

function identities({ uid, gid, groups, root }: VolumeReport): string {
  const others = groups.filter((group) => group !== gid);
  const runs = `The engine runs as user ${uid} and group ${gid}${supplementaryGroups(others)}.`;
  if (root === undefined) return runs;
  return `${runs} The volume belongs to user ${root.uid} and group ${root.gid}, and has mode ${root.mode}.`;
}

function supplementaryGroups(groups: readonly number[]): string {
  if (groups.length === 0) return "";
  return `, with supplementary ${groups.length === 1 ? "group" : "groups"} ${listText(groups.map(String))}`;
}

/**
 * Returns the remedy for a volume to which the engine cannot write. The remedy never contains user 0, because pods
 * cannot run as user 0. The remedy never contains group 0, because group 0 also has access to files outside the volume.
 */
function remedy({ uid, gid, root }: VolumeReport, ids: Ids): string {
  if (ids === "Platform")
    return `Change the owner of the volume to ${uid}:${gid}, or permit one of the groups to write. The platform assigns the IDs of pods.`;
  const mode = Number.parseInt(root?.mode ?? "0", 8);
  const fields = [
    ...(root !== undefined && root.gid !== 0 && hasBits(mode, GROUP_WRITES)
      ? [`\`spec.pod.securityContext.fsGroup\` to ${root.gid}`]
      : []),
    ...(root !== undefined && root.uid !== 0 && hasBits(mode, OWNER_WRITES)
      ? [`\`spec.pod.securityContext.runAsUser\` to ${root.uid}`]
      : []),
  ];
  if (fields.length > 0) return `Set ${fields.join(" or ")}.`;
  return (
    `Change the owner of the volume to ${uid}:${gid}, or set ` +
    "`spec.pod.securityContext.fsGroup` or `spec.pod.securityContext.runAsUser` to an ID that can write."
  );
}

function hasBits(mode: number, bits: number): boolean {
  return (mode & bits) === bits;
}
