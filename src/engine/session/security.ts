import type { Duplex } from "node:stream";
import { ANONYMOUS } from "../../api/engine-config.ts";
import type { Account } from "../auth/account.ts";
import { EngineError } from "../errors.ts";
import { SNAT_KEY } from "../client-address.ts";
import { Relay } from "../tls/relay.ts";
import type { TlsUser } from "../tls/session-affinity.ts";
import type { Handshake } from "../tls/tls-layer.ts";
import { DataTls } from "../transfer/data-protection.ts";
import type { EngineContext } from "./engine-context.ts";

/** TLS on a control connection. */
export interface Security {
  /** TLS of its data connections. Stays when a new configuration disables TLS. */
  readonly data: DataTls;
  /** Undefined until the handshake ends. No command is processed before. */
  handshake: Handshake | undefined;
  /** Allows the session to end TLS (CCC). Undefined where TLS must stay, and after it ended. */
  relay: Relay | undefined;
}

/**
 * Starts the TLS handshake on a control connection.
 * @param onSecure called when the handshake has succeeded
 */
export function secureControl(
  engine: EngineContext,
  plain: Duplex,
  onSecure: () => void,
): { security: Security; stream: Duplex } {
  const { tls } = engine;
  if (tls === undefined) throw new EngineError("Internal", "TLS is not configured");
  const relay = tls.config.clearControl === "Allow" ? new Relay(plain) : undefined;
  const data = new DataTls(tls, tls.affinity.newClient(), () => engine.config);
  const security: Security = { data, handshake: undefined, relay };
  const stream = tls.control(relay ?? plain, data.tlsClient, (handshake) => {
    security.handshake = handshake;
    onSecure();
  });
  return { security, stream };
}

/**
 * Returns the user of TLS sessions.
 * @param clientKey key of the client address of the login
 */
export function tlsUser({ name }: Account, clientKey: string): TlsUser {
  if (name !== ANONYMOUS) return { name };
  return { name, sharedAt: clientKey === SNAT_KEY ? "Hidden" : { address: clientKey } };
}
