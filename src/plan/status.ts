import { formatSelector, selectorLabels } from "../api/names.ts";
import { isIP } from "node:net";
import { addressText, reachableAddresses } from "./address.ts";
import { toConditions } from "./conditions/condition.ts";
import type { Findings } from "./conditions/condition.ts";
import type { Decision } from "./context.ts";
import { announcedControlPort } from "./exposure.ts";
import type { SlotPlan } from "./slots.ts";
import type { FtpServerSpec, FtpServerStatus } from "../api/ftpserver.generated.ts";

/** The whole status that follows from a decision. */
export function buildStatus(decision: Decision, findings: Findings): FtpServerStatus {
  const { server, spec, slots, observed } = decision;
  const generation = server.metadata.generation ?? 0;
  return {
    observedGeneration: generation,
    conditions: toConditions(findings, server.status?.conditions ?? [], generation, observed.now),
    selector: formatSelector(selectorLabels(server.metadata.name)),
    replicas: slots.filter(({ state }) => state === "Serving" || state === "Starting").length,
    readyReplicas: slots.filter(({ state }) => state === "Serving").length,
    ...addressFields(decision),
    passivePorts: spec.passive.portRange,
    image: spec.pod.image ?? observed.settings.engineImage,
    slots: slots.map(slotStatus),
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

function slotStatus({ name, ports, state }: SlotPlan): NonNullable<FtpServerStatus["slots"]>[number] {
  return { name, passivePorts: { first: ports.first, last: ports.last }, state };
}
