import type { Relay } from "../tls/relay.ts";
import type { Handshake, TlsLayer } from "../tls/tls-layer.ts";
import type { TlsMember } from "../tls/families.ts";

/** TLS on a control connection. */
export interface Security {
  /** What the handshake was made with, even when TLS is configured away meanwhile. */
  readonly layer: TlsLayer;
  /** Stands for this connection among the TLS sessions of its client. */
  readonly member: TlsMember;
  /** Undefined until the handshake is over; no command comes before. */
  handshake: Handshake | undefined;
  /** How TLS can be left again (CCC); undefined where it must stay, and after it was left. */
  relay: Relay | undefined;
}

/** Whether data connections are in the clear or protected (RFC 4217 section 9, PROT). */
export type Protection = "Clear" | "Private";
