import { formatSelector, selectorLabels } from "../api/names.ts";
import { addressText } from "./address.ts";
import { toConditions } from "./conditions/condition.ts";
import type { Findings } from "./conditions/condition.ts";
import type { Decision } from "./context.ts";
import { announcedControlPort } from "./exposure.ts";
import { formatRange } from "./layout.ts";
import type { SlotPlan } from "./slots.ts";
import type { FtpServerStatus } from "../api/ftpserver.generated.ts";

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
    passivePorts: formatRange(spec.passive.portRange),
    slots: slots.map(slotStatus),
  };
}

function addressFields({ address, spec }: Decision): Pick<FtpServerStatus, "address" | "endpoint"> {
  const text = addressText(address.announced);
  return text === undefined
    ? {}
    : {
        address: text,
        endpoint: `${spec.tls.mode === "Implicit" ? "ftps" : "ftp"}://${text}:${announcedControlPort(spec)}`,
      };
}

function slotStatus({ name, ports, state }: SlotPlan): NonNullable<FtpServerStatus["slots"]>[number] {
  return { name, passivePorts: formatRange(ports), state };
}
