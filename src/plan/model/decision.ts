import type { EngineConfig, PortRange } from "../../api/engine-config.ts";
import type { AddressOutcome } from "../network/announced-address.ts";
import type { Observed } from "./observed.ts";
import type { TrafficPolicy } from "../network/traffic-policy.ts";
import type { Slice } from "./port-ranges.ts";
import type { SlotPlan } from "../slots/rollout.ts";
import type { FtpServer, FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { StorageFacts } from "../desired/storage-facts.ts";

/** What follows from the spec and the observed world before any slot is decided; builders read nothing else. */
export interface Context {
  observed: Observed;
  server: FtpServer;
  spec: FtpServerSpec;
  /** The Service's now; where pods go follows the spec alone. See {@link presentTrafficPolicy}. */
  trafficPolicy: TrafficPolicy | undefined;
  /** See {@link maskedClients}. */
  maskedClients: string[];
  storage: StorageFacts;
  address: AddressOutcome;
}

/** The whole decision, for conditions, status and events. */
export interface Decision extends Context {
  /** The passive range as it should be shared among slots. */
  slices: readonly Slice[];
  slots: readonly SlotPlan[];
  config: EngineConfig;
  /** The passive range, and what ending pods still hold outside of it. */
  publishedPorts: readonly PortRange[];
}
