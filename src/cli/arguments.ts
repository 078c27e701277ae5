/** Readers of option values. Each answers a wrong value with what to write instead. */
import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import type { PortRange } from "../api/engine-config.ts";

/** A TCP port. @throws InvalidArgumentError */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) {
    throw new InvalidArgumentError(`"${text}" is not a TCP port; write a number from 1 to 65535.`);
  }
  return port;
}

/** An IPv4 or IPv6 address. @throws InvalidArgumentError */
export function ipAddress(text: string): string {
  if (isIP(text) === 0)
    throw new InvalidArgumentError(`"${text}" is not an IP address; write for example 0.0.0.0.`);
  return text;
}

/** `FIRST-LAST`, both included. @throws InvalidArgumentError */
export function portRange(text: string): PortRange {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first === undefined || last === undefined) {
    throw new InvalidArgumentError(
      `"${text}" is not a port range; write FIRST-LAST, for instance 50000-50009.`,
    );
  }
  const range = { first: portNumber(first), last: portNumber(last) };
  if (range.first > range.last)
    throw new InvalidArgumentError(`"${text}" is reversed; write ${last}-${first}.`);
  return range;
}

/** A reader of whole numbers from `least` to `most`. `what` names the value, as in "is no count". */
export function wholeNumber(what: string, most: number, least = 1): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < least || count > most) {
      throw new InvalidArgumentError(`"${text}" is no ${what}; write a number from ${least} to ${most}.`);
    }
    return count;
  };
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
const MAX_DURATION_SECONDS = 3600;

/** Reads a duration of whole seconds, for example `15s`, `2m` or `1m30s`, up to one hour. @throws InvalidArgumentError */
export function durationSeconds(text: string): number {
  const parts = /^(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text) ? [...text.matchAll(/(\d+)([hms])/g)] : [];
  const seconds = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (SECONDS_PER_UNIT[unit] ?? 0),
    0,
  );
  if (seconds < 1 || seconds > MAX_DURATION_SECONDS) {
    throw new InvalidArgumentError(
      `"${text}" is not a duration of 1 second to 1 hour; write for instance 15s or 1m30s.`,
    );
  }
  return seconds;
}

/** A name that the API server takes for most kinds of object. @throws InvalidArgumentError */
export function objectName(text: string): string {
  if (!/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError(
      `"${text}" is no name of an object; write lower-case letters, digits, hyphens and dots, 253 at most.`,
    );
  }
  return text;
}

/** Names or addresses with commas between them. */
export function commaSeparated(text: string): string[] {
  return text.split(",").filter((part) => part !== "");
}

const LABEL_KEY = /^(?:[a-z0-9][-a-z0-9.]{0,252}\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Reads labels, for example `app=operator,team=files`. @throws InvalidArgumentError */
export function labels(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair): [string, string] => {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value)) {
      throw new InvalidArgumentError(
        `"${pair}" is not a label; write KEY=VALUE pairs with commas between them, for instance app=operator.`,
      );
    }
    return [key, value];
  });
  return Object.fromEntries(pairs);
}
