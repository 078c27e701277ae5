import { isIP } from "node:net";
import type { FtpServer, FtpServerSpec, FtpServerStatus } from "../api/ftpserver.generated.ts";
import { formatSelector, selectorLabels } from "../api/names.ts";
import { expiryTimes } from "./accounts/account-state.ts";
import { toConditions } from "./conditions/condition.ts";
import type { ConditionValues } from "./conditions/condition.ts";
import { type Blocker, stalledSummary } from "./conditions/summary.ts";
import { compareVersions, engineVersions } from "./engine-reports.ts";
import type { PlannedState, SlotPlan } from "./model/decision.ts";
import type { Observed } from "./model/observed.ts";
import { clientControlPort } from "./network/client-addresses.ts";

/** Returns the status of a valid FtpServer. */
export function buildStatus(state: PlannedState, values: ConditionValues): FtpServerStatus {
  const { server, spec, slots, observed } = state;
  const generation = server.metadata.generation ?? 0;
  const versions = engineVersions(observed);
  const slotStatuses = slots.map((slot) => slotStatus(slot, versions.get(slot.name)));
  return {
    observedGeneration: generation,
    conditions: toConditions(values, server.status?.conditions ?? [], generation, observed.now),
    selector: formatSelector(selectorLabels(server.metadata.name)),
    replicas: slots.filter(({ state }) => state === "Serving" || state === "Starting").length,
    readyReplicas: slots.filter(({ state }) => state === "Serving").length,
    ...addressFields(state),
    passivePorts: spec.passive.portRange,
    image: spec.pod.image ?? observed.settings.engineImage,
    ...lowestVersion(slotStatuses),
    slots: slotStatuses,
  };
}

/** Returns the status of an invalid FtpServer. Only the summary conditions and `observedGeneration` change. */
export function stalledStatus(
  { metadata, status }: FtpServer,
  blocker: Blocker,
  now: string,
): { status: FtpServerStatus; values: Partial<ConditionValues> } {
  const values = stalledSummary(blocker);
  const generation = metadata.generation ?? 0;
  const conditions = toConditions(values, status?.conditions ?? [], generation, now);
  return { status: { ...status, observedGeneration: generation, conditions }, values };
}

function addressFields({ network, spec }: PlannedState): Pick<FtpServerStatus, "addresses" | "endpoint"> {
  const { addresses } = network;
  const [first] = addresses;
  return {
    addresses: addresses.map((value) => ({ type: isIP(value) === 0 ? "Hostname" : "IPAddress", value })),
    ...(first === undefined ? {} : { endpoint: endpoint(spec, first) }),
  };
}

function endpoint(spec: FtpServerSpec, address: string): string {
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return `${spec.tls.mode === "Implicit" ? "ftps" : "ftp"}://${host}:${clientControlPort(spec)}`;
}

type SlotStatus = NonNullable<FtpServerStatus["slots"]>[number];

function slotStatus({ name, ports, state }: SlotPlan, version: string | undefined): SlotStatus {
  const passivePorts = { first: ports.first, last: ports.last };
  return { name, passivePorts, ...(version === undefined || state === "Free" ? {} : { version }), state };
}

function lowestVersion(slots: readonly SlotStatus[]): Pick<FtpServerStatus, "version"> {
  const [version] = slots.flatMap((slot) => slot.version ?? []).toSorted(compareVersions);
  return version === undefined ? {} : { version };
}

/**
 * Maximum number of seconds until a reconcile that is due only because time passes. The maximum limits the delay that a
 * change to the system clock can cause, and is below the maximum timer duration of 24.8 days.
 */
const MAX_SECONDS = 24 * 3600;

/**
 * Returns the number of seconds, at most one day, until the status changes even if no object changes. Returns undefined
 * if only a change to an object can change the status.
 */
export function requeueAfter(
  { admissions, now }: Observed,
  values: Partial<ConditionValues>,
): number | undefined {
  const accepted = admissions.filter(({ rejection }) => rejection === undefined);
  const accounts = accepted.map(({ user: { spec } }) => spec);
  const changes = Object.values(values).flatMap(({ validUntil }) => validUntil ?? []);
  return secondsUntil([...changes, ...expiryTimes(accounts, Date.parse(now))], now);
}

/**
 * Returns the number of seconds until the earliest time, at least 1 and at most {@link MAX_SECONDS}. Returns undefined
 * for an empty list.
 * @param times milliseconds since the epoch
 * @param now RFC 3339
 */
function secondsUntil(times: readonly number[], now: string): number | undefined {
  if (times.length === 0) return undefined;
  const seconds = Math.ceil((Math.min(...times) - Date.parse(now)) / 1000);
  return Math.min(Math.max(seconds, 1), MAX_SECONDS);
}
