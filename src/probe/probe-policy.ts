import { CheckFailure } from "./failure.ts";

/**
 * What a check holds to that dials where somebody else tells it to, and whose report that somebody reads. Its report then has no
 * words of the other side.
 */
export interface ProbePolicy {
  /** Why an IP address is not dialled, as in "a loopback address"; undefined: it is. */
  objection(address: string): string | undefined;
  /** Where passive ports may lie beside the addresses of the host. */
  dataAddresses: readonly string[];
}

/** The first address of a host that may be dialled. @throws CheckFailure AddressNotDialled */
export function chooseAddress(addresses: readonly string[], caution: ProbePolicy | undefined): string {
  const chosen = addresses.find((address) => caution?.objection(address) === undefined) ?? addresses[0] ?? "";
  refuse(chosen, caution);
  return chosen;
}

/**
 * Judges the address that a reply to PASV names.
 * @param own the addresses of the host, of which `dialled` is one
 * @throws CheckFailure AddressNotDialled, OtherAddress
 */
export function judgeDataAddress(
  address: string,
  { own, dialled }: { own: readonly string[]; dialled: string },
  caution: ProbePolicy | undefined,
): void {
  if (caution === undefined) return;
  if (!own.includes(address) && !caution.dataAddresses.includes(address))
    throw new CheckFailure("OtherAddress", `the reply names ${address}, and ${dialled} was dialled`);
  refuse(address, caution);
}

function refuse(address: string, caution: ProbePolicy | undefined): void {
  const objection = caution?.objection(address);
  if (objection !== undefined) throw new CheckFailure("AddressNotDialled", `${address} is ${objection}`);
}
