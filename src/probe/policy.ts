import { ProbeFailure } from "./failure.ts";

/**
 * Restrictions for a probe whose target addresses come from an untrusted party that can also read the report. The
 * report of a restricted probe contains no text from the server.
 */
export interface ProbePolicy {
  /**
   * Returns the kind of a denied IP address, for example `a loopback address`. Returns undefined for an allowed
   * address.
   */
  deniedAddress(address: string): string | undefined;
  /** Addresses that PASV can announce in addition to the addresses of the host. */
  dataAddresses: readonly string[];
}

/** Returns the first allowed address of a host. @throws ProbeFailure AddressNotAllowed */
export function chooseAddress(addresses: readonly string[], policy: ProbePolicy | undefined): string {
  const chosen =
    addresses.find((address) => policy?.deniedAddress(address) === undefined) ?? addresses[0] ?? "";
  requireAllowed(chosen, policy);
  return chosen;
}

/**
 * Checks the address in a reply to PASV.
 * @param host.own all IP addresses of the host
 * @param host.connected server address of the control connection
 * @throws ProbeFailure AddressNotAllowed, UnexpectedAddress
 */
export function requireDataAddress(
  address: string,
  { own, connected }: { own: readonly string[]; connected: string },
  policy: ProbePolicy | undefined,
): void {
  if (policy === undefined) return;
  if (!own.includes(address) && !policy.dataAddresses.includes(address))
    throw new ProbeFailure(
      "UnexpectedAddress",
      `the reply announces ${address}, but the control connection is to ${connected}`,
    );
  requireAllowed(address, policy);
}

function requireAllowed(address: string, policy: ProbePolicy | undefined): void {
  const denied = policy?.deniedAddress(address);
  if (denied !== undefined) throw new ProbeFailure("AddressNotAllowed", `${address} is ${denied}`);
}
