import { childNames } from "../../api/names.ts";
import type { Observed } from "../model/observed.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";

/** Where the files live, and how many nodes can mount it. */
export type StorageFacts =
  | { type: "Ephemeral" }
  | { type: "Claim"; claimName: string; fromTemplate: boolean; access: "SingleNode" | "Shared" }
  /** `claimName` names a claim that does not exist. */
  | { type: "MissingClaim"; claimName: string };

const SINGLE_NODE_MODES: ReadonlySet<string> = new Set(["ReadWriteOnce", "ReadWriteOncePod"]);

export function storageFacts(spec: FtpServerSpec, observed: Observed): StorageFacts {
  const claim = spec.storage.persistentVolumeClaim;
  if (spec.storage.type === "Ephemeral" || claim === undefined) return { type: "Ephemeral" };
  const seen = observed.children.persistentVolumeClaim;
  const claimName = claim.claimName ?? childNames.persistentVolumeClaim(observed.server.metadata.name);
  if (claim.claimName !== undefined && seen === undefined) return { type: "MissingClaim", claimName };
  const modes = seen?.spec.accessModes ?? claim.create?.accessModes ?? ["ReadWriteOnce"];
  const access = modes.every((mode) => SINGLE_NODE_MODES.has(mode)) ? "SingleNode" : "Shared";
  return { type: "Claim", claimName, fromTemplate: claim.claimName === undefined, access };
}
