import { formatSelector, selectorLabels } from "../api/names.ts";
import { isIP } from "node:net";
import { addressText, reachableAddresses } from "./network/announced-address.ts";
import { compareVersions, engineVersions } from "./engine-reports.ts";
import { toConditions } from "./conditions/condition.ts";
import type { Findings } from "./conditions/condition.ts";
import type { Decision } from "./model/decision.ts";
import { announcedControlPort } from "./network/traffic-policy.ts";
import type { SlotPlan } from "./slots/rollout.ts";
import type { FtpServerSpec, FtpServerStatus } from "../api/ftpserver.generated.ts";

/** The whole status that follows from a decision. */
export function buildStatus(decision: Decision, findings: Findings): FtpServerStatus {
  const { server, spec, slots, observed } = decision;
  const generation = server.metadata.generation ?? 0;
  const versions = engineVersions(observed);
  const slotStatuses = slots.map((slot) => slotStatus(slot, versions.get(slot.name)));
  return {
    observedGeneration: generation,
    conditions: toConditions(findings, server.status?.conditions ?? [], generation, observed.now),
    selector: formatSelector(selectorLabels(server.metadata.name)),
    replicas: slots.filter(({ state }) => state === "Serving" || state === "Starting").length,
    readyReplicas: slots.filter(({ state }) => state === "Serving").length,
    ...addressFields(decision),
    passivePorts: spec.passive.portRange,
    image: spec.pod.image ?? observed.settings.engineImage,
    ...lowestVersion(slotStatuses),
    slots: slotStatuses,
  };
}

function addressFields({
  address,
  spec,
  observed,
}: Decision): Pick<FtpServerStatus, "addresses" | "endpoint"> {
  const addresses = reachableAddresses(spec, observed, address.announced);
  const preferred = addressText(address.announced) ?? addresses[0];
  return {
    addresses: addresses.map((value) => ({ type: isIP(value) === 0 ? "Hostname" : "IPAddress", value })),
    ...(preferred === undefined ? {} : { endpoint: endpoint(spec, preferred) }),
  };
}

function endpoint(spec: FtpServerSpec, address: string): string {
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return `${spec.tls.mode === "Implicit" ? "ftps" : "ftp"}://${host}:${announcedControlPort(spec)}`;
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
