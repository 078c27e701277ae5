import { readFile } from "node:fs/promises";
import type { ErrorObject } from "ajv";
import { CHECK_USER, type EngineConfig } from "../../api/engine-config.ts";
import { hashViolation } from "../../api/hash-cost.ts";
import { EngineError } from "../errors.ts";
import { FORMATS } from "./formats.ts";
import { validate } from "./validator.generated.ts";

/** Maximum number of reported violations. An unrelated file would cause hundreds of violations. */
const MAX_VIOLATIONS = 10;

/**
 * Reads and validates a configuration file.
 * @throws EngineError InvalidConfig with at most `MAX_VIOLATIONS` violations on one line
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
  if (!validate(value)) throw violations((validate.errors ?? []).map(describe));
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
      return `${field} ${FORMATS[String(params["format"])]?.message ?? message}`;
    case "enum":
      return `${field} must be one of ${String(params["allowedValues"])}`;
    case "const":
      return `${field} must be ${JSON.stringify(params["allowedValue"])}`;
    default:
      return `${field} ${message}`;
  }
}
