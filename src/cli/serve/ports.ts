/** Which ports of this machine are free, before anything is bound for good. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { PortRange } from "../../api/engine-config.ts";

/** Where suggestions start instead of a port that only root can bind. */
const FIRST_SUGGESTION = 2121;
/** Ports or ranges tried for a suggestion. */
const TRIES = 50;
const MAX_PORT = 65_535;

export interface WantedPorts {
  /** Address of this machine. */
  host: string;
  control: number;
  passive: PortRange;
  /** Undefined: metrics are not served. */
  metrics?: number | undefined;
}

/** Returns a sentence for each setting whose port cannot be bound: what is wrong, and what to write instead. */
export async function portViolations({ host, control, passive, metrics }: WantedPorts): Promise<string[]> {
  const overlaps = overlapsOf({ control, passive, metrics });
  if (overlaps.length > 0) return overlaps;
  const wanted = [
    { name: "control port", range: single(control), option: "--port", variable: "PORT" },
    { name: "passive port", range: passive, option: "--passive-ports", variable: "PASSIVE_PORTS" },
    ...(metrics === undefined
      ? []
      : [{ name: "metrics port", range: single(metrics), option: "--metrics-port", variable: undefined }]),
  ];
  const found = await Promise.all(wanted.map((setting) => violationOf(host, setting)));
  // A wrong address is wrong for every port.
  return [...new Set(found.flat())];
}

/** Ports that are wanted twice. Binding them would only say that they are in use. */
function overlapsOf({ control, passive, metrics }: Omit<WantedPorts, "host">): string[] {
  const { first, last } = passive;
  const isPassive = (port: number): boolean => first <= port && port <= last;
  const range = `the passive port range ${first}-${last}`;
  const overlaps: string[] = [];
  if (isPassive(control))
    overlaps.push(`control port ${control} is in ${range}: write another --port or --passive-ports`);
  if (metrics !== undefined && isPassive(metrics))
    overlaps.push(`metrics port ${metrics} is in ${range}: write another --metrics-port or --passive-ports`);
  if (metrics === control)
    overlaps.push(`metrics port ${metrics} is also the control port: write another --metrics-port or --port`);
  return overlaps;
}

interface Setting {
  name: string;
  range: PortRange;
  option: string;
  /** Of the Makefile. */
  variable: string | undefined;
}

async function violationOf(host: string, { name, range, option, variable }: Setting): Promise<string[]> {
  for (let port = range.first; port <= range.last; port++) {
    const code = await bindError(host, port);
    if (code === undefined) continue;
    if (code === "EADDRNOTAVAIL")
      return [
        `--host ${host} is not an address of this machine: write 127.0.0.1, or 0.0.0.0 for all addresses`,
      ];
    const free = await freeRange(host, range);
    const hint = `${option} ${free}${variable === undefined ? "" : ` (make serve ${variable}=${free})`}`;
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `is in use by another program: end that program, or write ${hint}`,
      EACCES: `needs root, like all ports below 1024: write ${hint}`,
    };
    return [`${name} ${port} ${why[code] ?? `cannot be bound (${code}): write ${hint}`}`];
  }
  return [];
}

function single(port: number): PortRange {
  return { first: port, last: port };
}

/** @returns the system's error code; undefined when the port can be bound */
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

/** Returns the next free ports of the same number, as an option takes them. */
async function freeRange(host: string, { first, last }: PortRange): Promise<string> {
  const size = last - first + 1;
  let start = last + 1 < 1024 ? FIRST_SUGGESTION : last + 1;
  for (let tries = 0; tries < TRIES && start + size - 1 <= MAX_PORT; tries++, start += size) {
    const ports = Array.from({ length: size }, (_, index) => start + index);
    const errors = await Promise.all(ports.map((port) => bindError(host, port)));
    if (errors.every((error) => error === undefined))
      return size === 1 ? String(start) : `${start}-${start + size - 1}`;
  }
  return size === 1 ? "NUMBER" : "FIRST-LAST";
}
