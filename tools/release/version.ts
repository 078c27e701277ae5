/** Version numbers as in Semantic Versioning 2.0.0, without build metadata, which OCI tags cannot hold. */
import { ReleaseError } from "./release-error.ts";

const NUMBER = String.raw`(?:0|[1-9]\d*)`;
const IDENTIFIER = String.raw`(?:${NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VALID = new RegExp(
  String.raw`^(${NUMBER})\.(${NUMBER})\.(${NUMBER})(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?$`,
  "u",
);

/** @throws ReleaseError unless the text is a version such as 0.2.0 or 0.2.0-rc.1. */
export function requireVersion(text: string): void {
  if (VALID.test(text)) return;
  const what = text === "" ? "no version given" : `invalid version: ${text}`;
  throw new ReleaseError(what, "make release VERSION=0.2.0    # or 0.2.0-rc.1; without a leading v");
}

/** Reports whether a version is a pre-release, such as 0.2.0-rc.1. */
export function isPrerelease(version: string): boolean {
  return version.includes("-");
}

/** Orders versions by precedence: negative when `a` is older than `b`, 0 when they are equal. */
export function compareVersions(a: string, b: string): number {
  const [, ...left] = VALID.exec(a) ?? [];
  const [, ...right] = VALID.exec(b) ?? [];
  for (const index of [0, 1, 2]) {
    const difference = Number(left[index]) - Number(right[index]);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left[3], right[3]);
}

/** Section 11 of the specification: a version without a pre-release is newer than one with it. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = compareIdentifiers(left[index] ?? "", right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers compare as numbers and are older than words. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/u.test(a), /^\d+$/u.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
