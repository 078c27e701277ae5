/** Checks that local ports are free before the engine binds them. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { PortRange } from "../../api/engine-config.ts";
import { CommandError } from "../../common/command-error.ts";

/** First port to suggest instead of a port below 1024. */
const FIRST_SUGGESTION = 2121;
/** Maximum number of ports or ranges to try for a suggestion. */
const ATTEMPTS = 50;
const MAX_PORT = 65_535;

export interface PortSettings {
  /** Address of this machine. */
  host: string;
  control: number;
  passive: PortRange;
  /** HTTP port. If this field is undefined, the engine does not serve metrics. */
  metrics?: number | undefined;
}

/** A port setting that cannot be used. */
interface PortViolation {
  message: string;
  hint: string;
}

/** @throws CommandError with a line for each port setting that cannot be used, and the options to change in the hint */
export async function rejectUnavailablePorts(settings: PortSettings): Promise<void> {
  const violations = await portViolations(settings);
  // An invalid address causes the same error for each port.
  const lines = [...new Set(violations.map(({ message }) => message))];
  const hints = [...new Set(violations.map(({ hint }) => hint))];
  if (lines.length > 0) throw new CommandError(lines, { hint: hints.join("; ") });
}

/** Returns overlapping port settings. If no settings overlap, returns the settings with a port that cannot be bound. */
export async function portViolations({
  host,
  control,
  passive,
  metrics,
}: PortSettings): Promise<PortViolation[]> {
  const overlaps = overlapsOf({ control, passive, metrics });
  if (overlaps.length > 0) return overlaps;
  const settings = [
    { name: "control port", range: single(control), option: "--port", variable: "PORT" },
    { name: "passive port", range: passive, option: "--passive-ports", variable: "PASSIVE_PORTS" },
    ...(metrics === undefined
      ? []
      : [{ name: "metrics port", range: single(metrics), option: "--metrics-port", variable: undefined }]),
  ];
  return (await Promise.all(settings.map((setting) => violationsOf(host, setting)))).flat();
}

/** Returns an error for each port that two settings use. A bind error would report only that the port is in use. */
function overlapsOf({ control, passive, metrics }: Omit<PortSettings, "host">): PortViolation[] {
  const { first, last } = passive;
  const isPassive = (port: number): boolean => first <= port && port <= last;
  const range = `the passive port range ${first}-${last}`;
  const overlaps: PortViolation[] = [];
  if (isPassive(control))
    overlaps.push({
      message: `control port in ${range}: ${control}`,
      hint: "change --port or --passive-ports",
    });
  if (metrics !== undefined && isPassive(metrics))
    overlaps.push({
      message: `metrics port in ${range}: ${metrics}`,
      hint: "change --metrics-port or --passive-ports",
    });
  if (metrics === control)
    overlaps.push({
      message: `same port for control connections and metrics: ${metrics}`,
      hint: "change --metrics-port or --port",
    });
  return overlaps;
}

interface Setting {
  name: string;
  range: PortRange;
  option: string;
  /** Makefile variable for the option. */
  variable: string | undefined;
}

async function violationsOf(
  host: string,
  { name, range, option, variable }: Setting,
): Promise<PortViolation[]> {
  for (let port = range.first; port <= range.last; port++) {
    const code = await bindError(host, port);
    if (code === undefined) continue;
    if (code === "EADDRNOTAVAIL")
      return [
        {
          message: `not an address of this machine: ${host}`,
          hint: "set --host to 127.0.0.1, or to 0.0.0.0 for all addresses",
        },
      ];
    const free = await freeRange(host, range);
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: "in use by another program",
      EACCES: "requires root, like all ports below 1024",
    };
    const reason = reasons[code] ?? `cannot be bound (${code})`;
    return [
      {
        message: `${name} ${reason}: ${port}`,
        hint: `use ${option} ${free}${variable === undefined ? "" : ` (make serve ${variable}=${free})`}`,
      },
    ];
  }
  return [];
}

function single(port: number): PortRange {
  return { first: port, last: port };
}

/** Returns the system error code, or undefined if the port can be bound. */
async function bindError(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * Returns the next free port range of the same size, formatted as an option value. Returns a placeholder, such as
 * `FIRST-LAST`, if there is no free range.
 */
async function freeRange(host: string, { first, last }: PortRange): Promise<string> {
  const size = last - first + 1;
  let start = last + 1 < 1024 ? FIRST_SUGGESTION : last + 1;
  for (let tries = 0; tries < ATTEMPTS && start + size - 1 <= MAX_PORT; tries++, start += size) {
    const ports = Array.from({ length: size }, (_, index) => start + index);
    const errors = await Promise.all(ports.map((port) => bindError(host, port)));
    if (errors.every((error) => error === undefined))
      return size === 1 ? String(start) : `${start}-${start + size - 1}`;
  }
  return size === 1 ? "NUMBER" : "FIRST-LAST";
}
