import { isIP } from "node:net";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { Service } from "../model/objects.ts";

export type Family = "IPv4" | "IPv6";

/**
 * Returns the IP families of the Service. Before the API server assigns families, the result contains the families that
 * the spec permits.
 */
export function serviceFamilies(spec: FtpServerSpec, service: Service | undefined): readonly Family[] {
  const assigned = service?.spec.ipFamilies;
  return assigned !== undefined && assigned.length > 0 ? assigned : specFamilies(spec);
}

/** Returns the IP families of the Service and the families that a changed `ipFamilyPolicy` can add. */
export function possibleFamilies(spec: FtpServerSpec, service: Service | undefined): readonly Family[] {
  const families = serviceFamilies(spec, service);
  if (service?.spec.ipFamilyPolicy === spec.exposure.service.ipFamilyPolicy) return families;
  return [...new Set([...families, ...specFamilies(spec)])];
}

function specFamilies(spec: FtpServerSpec): readonly Family[] {
  const { ipFamilyPolicy, ipFamilies } = spec.exposure.service;
  if (ipFamilyPolicy !== "SingleStack") return ["IPv4", "IPv6"];
  return ipFamilies ?? ["IPv4"];
}

/** Returns the IP family of an address. Returns undefined for a host name. */
export function familyOfAddress(address: string): Family | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : `IPv${version === 4 ? 4 : 6}`;
}
