import { ANONYMOUS } from "../../api/engine-config.ts";
import type { Account } from "../auth/account.ts";
import { SNAT_KEY } from "../client-address.ts";
import type { DataTls } from "../transfer/data-protection.ts";
import type { TlsUser } from "../tls/session-affinity.ts";
import type { Relay } from "../tls/relay.ts";
import type { Handshake } from "../tls/tls-layer.ts";

/** TLS on a control connection. */
export interface Security {
  /** For its data connections, even when a new configuration disables TLS. */
  readonly data: DataTls;
  /** Undefined until the handshake is over; no command comes before. */
  handshake: Handshake | undefined;
  /** How TLS can be left again (CCC); undefined where it must stay, and after it was left. */
  relay: Relay | undefined;
}

/** Whether data connections are in the clear or protected (RFC 4217 section 9, PROT). */
export type Protection = "Clear" | "Private";

/** Returns the user of TLS sessions. @param clientKey of the address that the user logged in from */
export function tlsUser({ name }: Account, clientKey: string): TlsUser {
  if (name !== ANONYMOUS) return { name };
  return { name, sharedAt: clientKey === SNAT_KEY ? "Hidden" : { address: clientKey } };
}
