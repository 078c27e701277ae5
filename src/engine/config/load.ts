import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import { Ajv, type ErrorObject } from "ajv";
import ipaddr from "ipaddr.js";
import { CHECK_USER, type EngineConfig } from "../../api/engine-config.ts";
import { DIRECTORY_MODE, FILE_MODE } from "../../api/file-modes.ts";
import { hashViolation } from "../../api/hash-cost.ts";
import { ENGINE_CONFIG_SCHEMA } from "./schema.ts";
import { EngineError } from "../errors.ts";

const ajv = new Ajv({
  allErrors: true,
  discriminator: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
});
ajv.addFormat("ipv4-address", isIPv4);
ajv.addFormat("address-or-cidr", (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text));
ajv.addFormat("virtual-path", isVirtualPath);
ajv.addFormat("file-mode", FILE_MODE);
ajv.addFormat("directory-mode", DIRECTORY_MODE);
ajv.addFormat("directory-path", (text) => isVirtualPath(text) && !/\/(?:\/|$)/u.test(text));
ajv.addFormat("date-time", isDateTime);
ajv.addFormat("http-url", isHttpUrl);
ajv.addFormat("sink-url", isSinkUrl);
ajv.addFormat("key-prefix", isKeyPrefix);
const isEngineConfig = ajv.compile<EngineConfig>(ENGINE_CONFIG_SCHEMA);

/** Description of each format for violation messages. */
const FORMATS: Readonly<Record<string, string>> = {
  "ipv4-address": "must be an IPv4 address, for instance 192.0.2.10",
  "address-or-cidr": "must be an address or a network, for instance 198.51.100.0/24",
  "file-mode": 'must be an octal mode with rw for the owner, for instance "0640"',
  "directory-mode": 'must be an octal mode with rwx for the owner, for instance "0750", or "2770" for setgid',
  "virtual-path": 'must be an absolute path without "." and "..", for instance /alice',
  "directory-path":
    'must be an absolute path below "/" without ".", ".." and empty names, for instance /outbox',
  "http-url":
    "must be an http or https URL without credentials, query and fragment, for instance https://s3.example.com",
  "key-prefix":
    'must be empty, or a relative path without ".", ".." and empty names, for instance "ftp/production"',
  "sink-url":
    "must be an HTTP or HTTPS URL without user name and fragment, for instance https://example.com/events",
  "date-time": "must be an RFC 3339 time, for instance 2030-01-31T00:00:00Z",
};

/** Maximum number of reported violations. An unrelated file would cause hundreds of violations. */
const MAX_VIOLATIONS = 10;

/**
 * Reads and validates a configuration file.
 * @throws EngineError InvalidConfig with all violations on one line
 */
export async function loadConfig(file: string): Promise<EngineConfig> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new EngineError(
      "InvalidConfig",
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  return parseConfig(text, file);
}

/**
 * Validates a configuration.
 * @param name file name for error messages
 * @throws EngineError InvalidConfig
 */
export function parseConfig(text: string, name: string): EngineConfig {
  const violations = (list: readonly string[]): EngineError => {
    const shown = list.slice(0, MAX_VIOLATIONS).join("; ");
    const more = list.length > MAX_VIOLATIONS ? ` and ${list.length - MAX_VIOLATIONS} more` : "";
    return new EngineError("InvalidConfig", `${name}: ${shown}${more}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser message quotes text near the error. This text can be a password hash.
    throw violations(["is not JSON"]);
  }
  if (!isEngineConfig(value)) throw violations((isEngineConfig.errors ?? []).map(describe));
  const found = crossChecks(value);
  if (found.length > 0) throw violations(found);
  return value;
}

/** Checks rules that involve several fields. */
function crossChecks(config: EngineConfig): string[] {
  const { passive, active, controlPort, metricsPort, users } = config;
  const { first, last } = passive.portRange;
  const inRange = (port: number): boolean => port >= first && port <= last;
  const { sourcePort = 0 } = active;
  return [
    ...(first > last ? [`passive.portRange is reversed: write first ${last}, last ${first}`] : []),
    ...(inRange(controlPort)
      ? [`controlPort ${controlPort} is in passive.portRange: change one of these settings`]
      : []),
    ...(inRange(metricsPort)
      ? [`metricsPort ${metricsPort} is in passive.portRange: change one of these settings`]
      : []),
    ...(controlPort !== 0 && controlPort === metricsPort
      ? [`controlPort and metricsPort are both ${controlPort}`]
      : []),
    ...(inRange(sourcePort) || (sourcePort !== 0 && [controlPort, metricsPort].includes(sourcePort))
      ? [`active.sourcePort ${sourcePort} is a port on which the engine listens: choose another port`]
      : []),
    ...userChecks(users),
    ...mountChecks(config),
    ...notificationChecks(config),
  ];
}

function notificationChecks({ notifications, storage }: EngineConfig): string[] {
  if (notifications === undefined) return [];
  const { sinks, outboxDirectory } = notifications;
  return [
    ...repeated(sinks.map(({ name }) => name)).map(
      (name) => `notifications.sinks: duplicate name ${JSON.stringify(name)}`,
    ),
    ...(outboxDirectory === undefined && "root" in storage
      ? ["notifications.outboxDirectory is missing: set it, or use object storage in storage"]
      : []),
  ];
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index);
}

function userChecks(users: EngineConfig["users"]): string[] {
  const names = new Set<string>();
  return users.flatMap(({ name, passwordHash }, index) => {
    const twice = names.has(name);
    names.add(name);
    const violation = passwordHash === undefined ? undefined : hashViolation(passwordHash);
    return [
      ...(name === CHECK_USER
        ? [`users: the name ${CHECK_USER} is reserved for the reachability check`]
        : []),
      ...(twice ? [`users: duplicate name ${JSON.stringify(name)}`] : []),
      ...(violation === undefined ? [] : [`users.${index}.passwordHash ${violation}`]),
    ];
  });
}

function mountChecks({ users, additionalStorage = {} }: EngineConfig): string[] {
  return users.flatMap(({ mounts = [] }, index) => {
    const paths = new Set<string>();
    return mounts.flatMap(({ path, storage }, position) => {
      const field = `users.${index}.mounts.${position}`;
      const twice = paths.has(path);
      paths.add(path);
      return [
        ...(twice ? [`${field}.path is a duplicate: ${JSON.stringify(path)}`] : []),
        ...(storage === undefined || Object.hasOwn(additionalStorage, storage)
          ? []
          : [`${field}.storage ${storage} is not in additionalStorage`]),
      ];
    });
  });
}

/** Returns the message for a violation. Omits the value, which can be a password hash. */
function describe({ instancePath, keyword, params, message = "" }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll("/", ".") || "the file";
  switch (keyword) {
    case "additionalProperties":
      return `${field} has an unknown field ${JSON.stringify(params["additionalProperty"])}: remove it`;
    case "format":
      return `${field} ${FORMATS[String(params["format"])] ?? message}`;
    case "enum":
      return `${field} must be one of ${String(params["allowedValues"])}`;
    case "const":
      return `${field} must be ${JSON.stringify(params["allowedValue"])}`;
    default:
      return `${field} ${message}`;
  }
}

/** RFC 3339 section 5.6. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/u;

/**
 * Returns whether a text is a valid RFC 3339 time. Compares the day, because `Date` converts February 30 to March 2.
 */
function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text) || Number.isNaN(Date.parse(text))) return false;
  const date = text.slice(0, 10);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

function isVirtualPath(text: string): boolean {
  const names = text.split("/").slice(1);
  return (
    text.startsWith("/") && names.every((name) => name !== "." && name !== ".." && !/\p{Cc}/u.test(name))
  );
}

function isHttpUrl(text: string): boolean {
  return isSinkUrl(text) && new URL(text).search === "";
}

function isSinkUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return ["http:", "https:"].includes(protocol) && `${username}${password}${hash}` === "";
}

function isKeyPrefix(text: string): boolean {
  return text === "" || (text.split("/").every((name) => name !== "") && isVirtualPath(`/${text}`));
}
