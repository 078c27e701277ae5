/**
 * Validates and compares versions according to Semantic Versioning 2.0.0, without build metadata. OCI tags cannot
 * contain build metadata.
 */
import { ReleaseError } from "./release-error.ts";

const NUMBER = String.raw`(?:0|[1-9]\d*)`;
const IDENTIFIER = String.raw`(?:${NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VALID = new RegExp(
  String.raw`^(${NUMBER})\.(${NUMBER})\.(${NUMBER})(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?$`,
  "u",
);

/** Requires a valid version, for example 0.2.0 or 0.2.0-rc.1. @throws ReleaseError for other text */
export function requireVersion(text: string): void {
  if (VALID.test(text)) return;
  const what = text === "" ? "no version given" : `invalid version: ${text}`;
  throw new ReleaseError(what, "make release VERSION=0.2.0    # or 0.2.0-rc.1; without a leading v");
}

/** Returns whether a version is a pre-release, for example 0.2.0-rc.1. */
export function isPrerelease(version: string): boolean {
  return version.includes("-");
}

/** Compares two versions. The result is negative if `a` is older than `b`, and 0 if the versions are equal. */
export function compareVersions(a: string, b: string): number {
  const [, ...left] = VALID.exec(a) ?? [];
  const [, ...right] = VALID.exec(b) ?? [];
  for (const index of [0, 1, 2]) {
    const difference = Number(left[index]) - Number(right[index]);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left[3], right[3]);
}

/** A release is newer than its pre-releases (Semantic Versioning section 11). */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = compareIdentifiers(left[index] ?? "", right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A numeric identifier is older than any other identifier. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/u.test(a), /^\d+$/u.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
