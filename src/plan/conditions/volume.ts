import type { StorageReport, VolumeReport } from "../../api/engine-report.ts";
import type { PlannedState } from "../model/decision.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue, PodReport } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";

/** Condition reasons by volume fault. The faults are sorted by severity, most severe first. */
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
  reports: readonly PodReport<StorageReport>[],
  { spec }: PlannedState,
): ConditionValue | undefined {
  const volumes = reports.flatMap(({ pod, storage }) =>
    storage.type === undefined ? [{ pod, storage }] : [],
  );
  for (const fault of FAULT_ORDER) {
    const found = volumes.find(({ storage }) => storage.state === fault);
    if (found !== undefined) return describe(found.pod, fault, found.storage, spec.pod.securityContext.ids);
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

function describe(pod: string, fault: Fault, storage: VolumeReport, ids: Ids): ConditionValue {
  const message = `In pod \`${pod}\`, ${sentences(fault, storage, ids)}`;
  return conditionValue("StorageReady", VOLUME_REASONS[fault], message, { warn: true });
}

function sentences(fault: Fault, storage: VolumeReport, ids: Ids): string {
  const { path, code = "" } = storage;
  switch (fault) {
    case "NotWritable":
      return `the engine ${failedStep(storage)} ${path} (${code}). ${identities(storage)} Clients cannot connect. ${remedy(storage, ids)}`;
    case "RootNotWritable":
      return (
        `the engine can write to existing home directories, but not to ${path} (${code}). ${identities(storage)} ` +
        `Users without a home directory cannot log in. Create the missing home directories. ${remedy(storage, ids)}`
      );
    case "ReadOnly":
      return (
        `the volume at ${path} is mounted read-only (${code}). Clients cannot connect. Mount the volume read-write. ` +
        "To serve a read-only volume, limit the permissions of all accounts to `List` and `Read`."
      );
    case "Full":
      return (
        `the volume at ${path} is full (${code}). Uploads fail. Downloads and deletions still work. ` +
        "Expand the PersistentVolumeClaim, or delete files."
      );
    case "Failed":
      return `the engine ${failedStep(storage)} ${path} (${code}). Uploads can fail. Check the volume and the file server.`;
    case "NotResponding":
      return `the volume at ${path} does not respond. Transfers can stall. Check the volume and the file server.`;
  }
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
  const supplementary = others.length === 0 ? "" : ` and groups ${others.join(", ")}`;
  const runs = `The engine runs as user ${uid}, group ${gid}${supplementary}.`;
  if (root === undefined) return runs;
  return `${runs} The volume belongs to user ${root.uid} and group ${root.gid}, and has mode ${root.mode}.`;
}

/** Never suggests user 0 or group 0. Pods cannot run as user 0, and group 0 has access to more than the volume. */
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
