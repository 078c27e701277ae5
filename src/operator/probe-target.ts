import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { CHECK_USER } from "../api/engine-config.ts";
import type { ReachabilityHost, ReachabilityOutcome, ReachabilityTarget } from "../plan/model/observed.ts";
import {
  failureOf,
  PASSIVE_COMMANDS,
  type PassiveCommand,
  type ProbeOptions,
  type ProbeReport,
  runProbe,
  type StepResult,
} from "../probe/probe.ts";
import type { ProbeRequest } from "../probe/request.ts";
import { deniedAddress, type DialPolicy } from "./dial-policy.ts";

/** Time limit for one step of a probe in milliseconds. */
const STEP_TIMEOUT_MILLISECONDS = 5000;
/**
 * Time limit for all logins of one probe in milliseconds. Few probes run concurrently, so a slow FtpServer must not
 * delay other probes.
 */
const DEADLINE_MILLISECONDS = 30_000;
/** Maximum size of a listing in bytes. The probe account has no access to files, so its listings are empty. */
const MAX_LISTING_BYTES = 64 * 1024;

/**
 * Returns the maximum number of logins. The Service routes each login to a random slot. With this number of logins, the
 * probe reaches every slot with high probability.
 */
function maxLogins({ length }: ReachabilityTarget["slots"]): number {
  return length === 1 ? 1 : 4 + 6 * length;
}

interface TargetOptions {
  /** Time limit for the probe in milliseconds. */
  deadlineMilliseconds?: number;
  dialPolicy?: DialPolicy;
  /** Returns whether the operator can connect to IPv6 addresses. */
  hasIPv6?: () => boolean;
}

/**
 * Connects to each host of an FtpServer as an FTP client. The probe of a host ends after a successful listing through a
 * passive port of each slot, after the maximum number of logins, after a failed step, or at the time limit. Never
 * rejects.
 * @param signal signal that ends the probe immediately
 */
export async function probeTarget(
  target: ReachabilityTarget,
  signal: AbortSignal,
  {
    deadlineMilliseconds = DEADLINE_MILLISECONDS,
    dialPolicy = deniedAddress,
    hasIPv6 = hasGlobalIPv6,
  }: TargetOptions = {},
): Promise<ReachabilityOutcome> {
  const hosts = hostsToProbe(target.hosts, hasIPv6);
  const skipped = target.hosts.filter((host) => !hosts.includes(host));
  const runs: HostOutcome[] = [];
  for (const host of hosts) {
    const limits = { deadlineMilliseconds: deadlineMilliseconds / hosts.length, dialPolicy };
    const run = await probeHost(target, host, signal, limits);
    if (run.type === "Unreachable")
      return hosts.length === 1 ? run : { ...run, detail: `${host.host}: ${run.detail}` };
    runs.push(run);
  }
  return {
    type: "Reachable",
    unchecked: [...new Set(runs.flatMap(({ unchecked }) => unchecked))],
    commands: PASSIVE_COMMANDS.filter((command) => runs.some(({ commands }) => commands.has(command))),
    hosts: hosts.map(({ host }) => host),
    skipped: skipped.map(({ host }) => host),
  };
}

/** Omits IPv6 hosts when the operator has no IPv6 address. If all hosts are IPv6 hosts, returns all hosts. */
function hostsToProbe(hosts: readonly ReachabilityHost[], hasIPv6: () => boolean): ReachabilityHost[] {
  if (hasIPv6()) return [...hosts];
  const others = hosts.filter(({ host, family }) => family !== 6 && isIP(host) !== 6);
  return others.length === 0 ? [...hosts] : others;
}

/** Returns whether this machine has an IPv6 address that is not link-local. */
function hasGlobalIPv6(): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return own.some(
    ({ family, internal, address }) =>
      family === "IPv6" && !internal && ipaddr.parse(address).range() !== "linkLocal",
  );
}

type Unreachable = Extract<ReachabilityOutcome, { type: "Unreachable" }>;
type HostOutcome = { type: "Reachable"; unchecked: string[]; commands: ReadonlySet<PassiveCommand> };
type HostLimits = Required<Pick<TargetOptions, "deadlineMilliseconds" | "dialPolicy">>;

/** Logs in to one host until a listing has succeeded through a passive port of each slot, or a limit is reached. */
async function probeHost(
  target: ReachabilityTarget,
  host: ReachabilityHost,
  signal: AbortSignal,
  { deadlineMilliseconds, dialPolicy }: HostLimits,
): Promise<HostOutcome | Unreachable> {
  const { slots, dataAddresses } = target;
  const deadline = AbortSignal.timeout(deadlineMilliseconds);
  const ending = AbortSignal.any([signal, deadline]);
  const options: ProbeOptions = {
    signal: ending,
    maxListingBytes: MAX_LISTING_BYTES,
    policy: { deniedAddress: dialPolicy, dataAddresses },
  };
  const ports: number[] = [];
  const commands = new Set<PassiveCommand>();
  for (let login = 1; login <= maxLogins(slots) && !ending.aborted; login++) {
    // The first login tests all passive commands. Later logins test only the remaining slots.
    const passiveCommands = login === 1 ? PASSIVE_COMMANDS : (["EPSV"] as const);
    const report = await runProbe({ ...requestTo(target), ...host }, { ...options, passiveCommands });
    ports.push(...report.ports);
    const failed = failureOf(report);
    if (failed !== undefined && !deadline.aborted) return unreachable(failed);
    // After a successful login, a timeout means only that the probe did not check the remaining slots.
    if (failed !== undefined && login === 1)
      return unreachable({
        ...failed,
        detail: `timed out after ${deadlineMilliseconds / 1000} s`,
      });
    for (const command of succeeded(report)) commands.add(command);
    if (unchecked(slots, ports).length === 0) break;
  }
  return { type: "Reachable", unchecked: unchecked(slots, ports), commands };
}

function succeeded({ steps }: ProbeReport): PassiveCommand[] {
  return PASSIVE_COMMANDS.filter((command) =>
    steps.some(({ step, failure }) => step === command && failure === undefined),
  );
}

/** Returns the names of slots that own none of the given ports. */
function unchecked(slots: ReachabilityTarget["slots"], ports: readonly number[]): string[] {
  return slots
    .filter(({ ports: { first, last } }) => !ports.some((seen) => seen >= first && seen <= last))
    .map(({ name }) => name);
}

function requestTo({ port, tls, token }: ReachabilityTarget): Omit<ProbeRequest, "host"> {
  return {
    port,
    tls,
    account: { user: CHECK_USER, password: token },
    // The probe connects to an address, but most certificates contain only host names.
    verifyCertificate: false,
    timeoutMilliseconds: STEP_TIMEOUT_MILLISECONDS,
  };
}

function unreachable({ step, detail, failure }: Required<StepResult>): Unreachable {
  return { type: "Unreachable", detail: `${step}: ${detail}`, ...failure };
}
