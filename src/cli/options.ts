/**
 * Options that several commands share, and parsers for option values. When a parser rejects a value, the function `run`
 * prints an error with the option and the value, and prints the message of the parser as the hint.
 */
import { isIP } from "node:net";
import { InvalidArgumentError, Option } from "commander";
import type { PortRange } from "../api/engine-config.ts";

/** Parses a TCP port. @throws InvalidArgumentError */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw new InvalidArgumentError("use a port number from 1 to 65535");
  return port;
}

/** Parses an IPv4 or IPv6 address. @throws InvalidArgumentError */
export function ipAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError("use an IP address, for example 0.0.0.0");
  return text;
}

/** Parses an inclusive port range in the form `FIRST-LAST`. @throws InvalidArgumentError */
export function portRange(text: string): PortRange {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first === undefined || last === undefined)
    throw new InvalidArgumentError("use FIRST-LAST, for example 50000-50009");
  const range = { first: portNumber(first), last: portNumber(last) };
  if (range.first > range.last)
    throw new InvalidArgumentError(`FIRST must not exceed LAST; use ${last}-${first}`);
  return range;
}

/** Returns a parser for integers from `least` to `most`. */
export function integer(most: number, least = 1): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < least || count > most)
      throw new InvalidArgumentError(`use a number from ${least} to ${most}`);
    return count;
  };
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
const MAX_DURATION_SECONDS = 3600;

/**
 * Parses a duration of up to one hour into seconds, for example `15s`, `2m` or `1m30s`.
 * @throws InvalidArgumentError
 */
export function durationSeconds(text: string): number {
  const parts = /^(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text) ? [...text.matchAll(/(\d+)([hms])/g)] : [];
  const seconds = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (SECONDS_PER_UNIT[unit] ?? 0),
    0,
  );
  if (seconds < 1 || seconds > MAX_DURATION_SECONDS)
    throw new InvalidArgumentError("use a duration from 1s to 1h, for example 15s or 1m30s");
  return seconds;
}

/** Accepts a name that is valid for most kinds of Kubernetes objects. @throws InvalidArgumentError */
export function objectName(text: string): string {
  if (!/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError("use at most 253 lowercase letters, digits, hyphens and dots");
  return text;
}

/** Splits a comma-separated list. */
export function commaSeparated(text: string): string[] {
  return text.split(",").filter((part) => part !== "");
}

const LABEL_KEY = /^(?:[a-z0-9][-a-z0-9.]{0,252}\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Parses labels, for example `app=operator,team=files`. @throws InvalidArgumentError */
export function labels(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair): [string, string] => {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value))
      throw new InvalidArgumentError("use KEY=VALUE pairs separated by commas, for example app=operator");
    return [key, value];
  });
  return Object.fromEntries(pairs);
}

/** Option for commands that read manifests. The option value is a list of files. */
export function filenamesOption(): Option {
  return new Option(
    "-f, --filename <FILE>",
    "read FtpServers, FtpUsers and their Secrets from the YAML or JSON file FILE; - is standard input; repeatable",
  )
    .argParser((file: string, before: string[] | undefined) => [...(before ?? []), file])
    .makeOptionMandatory();
}

export function namespaceOption(): Option {
  return new Option("-n, --namespace <NAME>", "use namespace NAME for objects without a namespace").default(
    "default",
  );
}

export function imagePullPolicyOption(): Option {
  return new Option("--image-pull-policy <POLICY>", "set imagePullPolicy of the engine container to POLICY")
    .choices(["Always", "IfNotPresent", "Never"])
    .default("IfNotPresent");
}
