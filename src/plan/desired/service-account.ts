import { childNames } from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import type { ServiceAccount } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";

/** An identity of its own, without any right and without a token. */
export function buildServiceAccount({ server }: Context): ServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: childMetadata(server, childNames.serviceAccount(server.metadata.name)),
    automountServiceAccountToken: false,
  };
}
