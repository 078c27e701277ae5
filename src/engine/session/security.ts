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
  /** TLS for data connections. The value remains unchanged when a new configuration disables TLS. */
  readonly data: DataTls;
  /**
   * Result of the TLS handshake. The value is undefined until the handshake ends. The session processes no commands
   * before the handshake ends.
   */
  handshake: Handshake | undefined;
  /**
   * Relay that can end TLS (CCC). The value is undefined when CCC is not available or the client has already ended TLS.
   */
  relay: Relay | undefined;
}

/**
 * Starts the TLS handshake on a control connection.
 * @param onSecure called after a successful handshake
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
 * Returns the user identity for TLS session resumption.
 * @param clientKey key of the client address at login
 */
export function tlsUser({ name }: Account, clientKey: string): TlsUser {
  if (name !== ANONYMOUS) return { name };
  return { name, sharedAt: clientKey === SNAT_KEY ? "Hidden" : { address: clientKey } };
}
