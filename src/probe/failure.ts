/** Where the way of an FTP client ends: CamelCase, as reasons of conditions are. */
export type FailureReason = keyof typeof CAUSES;

/** What usually is the cause when a step fails, and what to do. */
export const CAUSES = {
  NameNotResolved:
    "The name has no address in the DNS that is asked here: look at the record, or wait until it is known everywhere.",
  ConnectFailed:
    "No answer at all: a firewall or security group drops the control port, or the load balancer has no healthy backend. Refused: nothing listens there, so no pod is ready or the port is another one.",
  NoGreeting:
    "The connection opens and nothing greets: the server waits for a PROXY protocol header (spec.proxyProtocol) or for TLS (spec.tls.mode Implicit), this address has too many sessions, or something else listens on that port.",
  EncryptionFailed:
    "The TLS handshake failed: look at the server's certificate and at spec.tls, whose minimumVersion or clientCertificates this client may not meet.",
  LoginFailed:
    "The server refused the account: a wrong name or password, an address that is not allowed (allowedClients), a ban after wrong passwords, or TLS that is required first.",
  PassiveRefused:
    "The server offers no passive port: it has no address to announce yet (425 to PASV), or all its passive ports are taken.",
  DataConnectFailed:
    "The control port is open and the passive port is not: open the whole passive range wherever port 21 is open - firewall, security group, load balancer listeners (many clouds limit their number), NetworkPolicy. A network plugin that ignores endPort opens the first port only.",
  AddressUnreachable:
    "PASV names another address than the one that was dialled, and nothing answers there: set spec.passive.address to the address that clients reach, or let clients use EPSV.",
  AddressNotDialled:
    "The operator dials no loopback, link-local, multicast or unspecified address: it would meet its own machine there, and not what clients meet. Set spec.passive.address to the address that clients reach.",
  OtherAddress:
    "PASV names neither an address that was dialled nor one of spec.passive.address, and the operator dials no other: the pod has not heard of a new address yet, it announces its own (ControlConnection behind a Service), or something on the way rewrites the reply. Run `ftp-operator check` where a client stands.",
  DataEncryptionFailed:
    "The TLS handshake of the data connection failed: something on the way ends TLS or changes bytes.",
  TransferFailed:
    "The data connection opened and the transfer did not end well: it reached another pod or server than the login, or something on the way cut it.",
} as const;

/** A step that failed. The message has no password in it. */
export class CheckFailure extends Error {
  readonly reason: FailureReason;
  /** The message without anything that the other side said, reply codes apart. */
  readonly ownWords: string;

  constructor(reason: FailureReason, message: string, ownWords = message) {
    super(message);
    this.name = "CheckFailure";
    this.reason = reason;
    this.ownWords = ownWords;
  }

  /** What usually is behind it. */
  get usualCause(): string {
    return CAUSES[this.reason];
  }
}
