import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { CHECK_USER } from "../api/engine-config.ts";
import {
  type ProbeOptions,
  type ProbeReport,
  runProbe,
  failureOf,
  PASSIVE_COMMANDS,
  type PassiveCommand,
  type StepResult,
} from "../probe/probe.ts";
import type { ProbeRequest } from "../probe/request.ts";
import type { ReachabilityHost, ReachabilityOutcome, ReachabilityTarget } from "../plan/reachability.ts";
import { deniedAddress } from "./dial-policy.ts";

const STEP_TIMEOUT_MILLISECONDS = 5000;
/** For all logins of one check: only so many checks run at once, and a server that is slow on purpose must not keep others waiting. */
const DEADLINE_MILLISECONDS = 30_000;
/** The account sees no files, so its listings are empty. */
const MAX_LISTING_BYTES = 64 * 1024;

/** Logins until one should have come to every slot, as connections are spread at random. */
function maxLogins({ length }: ReachabilityTarget["slots"]): number {
  return length === 1 ? 1 : 4 + 6 * length;
}

interface TargetOptions {
  /** For the whole check. */
  deadlineMilliseconds?: number;
  /** See {@link deniedAddress}. */
  objection?: typeof deniedAddress;
  /** Whether the operator has an IPv6 address to dial from. */
  hasIPv6?: () => boolean;
}

/**
 * Connects as a client to each host until a listing came over a port of every slot, or the way or the time ends. Never rejects.
 * @param signal ends it at once, whatever it has found
 */
export async function probeTarget(
  target: ReachabilityTarget,
  signal: AbortSignal,
  {
    deadlineMilliseconds = DEADLINE_MILLISECONDS,
    objection = deniedAddress,
    hasIPv6 = hasGlobalIPv6,
  }: TargetOptions = {},
): Promise<ReachabilityOutcome> {
  const hosts = diallable(target.hosts, hasIPv6);
  const skipped = target.hosts.filter((host) => !hosts.includes(host));
  const runs: HostRun[] = [];
  for (const host of hosts) {
    const limits = { deadlineMilliseconds: deadlineMilliseconds / hosts.length, objection };
    const run = await checkHost(target, host, signal, limits);
    if (run.type === "Unreachable")
      return hosts.length === 1 ? run : { ...run, detail: `${host.host}: ${run.detail}` };
    runs.push(run);
  }
  return {
    type: "Reachable",
    unmet: [...new Set(runs.flatMap(({ unmet }) => unmet))],
    commands: PASSIVE_COMMANDS.filter((command) => runs.some(({ commands }) => commands.has(command))),
    hosts: hosts.map(({ host }) => host),
    skipped: skipped.map(({ host }) => host),
  };
}

/** Leaves out hosts of IPv6 where the operator has none, unless there is no other host. */
function diallable(hosts: readonly ReachabilityHost[], hasIPv6: () => boolean): ReachabilityHost[] {
  if (hasIPv6()) return [...hosts];
  const others = hosts.filter(({ host, family }) => family !== 6 && isIP(host) !== 6);
  return others.length === 0 ? [...hosts] : others;
}

/** Whether this machine has an IPv6 address that others than its neighbours reach. */
function hasGlobalIPv6(): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return own.some(
    ({ family, internal, address }) =>
      family === "IPv6" && !internal && ipaddr.parse(address).range() !== "linkLocal",
  );
}

type Unreachable = Extract<ReachabilityOutcome, { type: "Unreachable" }>;
type HostRun = { type: "Reachable"; unmet: string[]; commands: ReadonlySet<PassiveCommand> };
type HostLimits = Required<Pick<TargetOptions, "deadlineMilliseconds" | "objection">>;

/** Logs in at one host until a listing came over a port of every slot. */
async function checkHost(
  target: ReachabilityTarget,
  host: ReachabilityHost,
  signal: AbortSignal,
  { deadlineMilliseconds, objection }: HostLimits,
): Promise<HostRun | Unreachable> {
  const { slots, dataAddresses } = target;
  const deadline = AbortSignal.timeout(deadlineMilliseconds);
  const ending = AbortSignal.any([signal, deadline]);
  const options: ProbeOptions = {
    signal: ending,
    maxListingBytes: MAX_LISTING_BYTES,
    policy: { deniedAddress: objection, dataAddresses },
  };
  const ports: number[] = [];
  const commands = new Set<PassiveCommand>();
  for (let login = 1; login <= maxLogins(slots) && !ending.aborted; login++) {
    // The first goes the whole way, the others are there for the other slots.
    const passiveCommands = login === 1 ? PASSIVE_COMMANDS : (["EPSV"] as const);
    const report = await runProbe({ ...requestTo(target), ...host }, { ...options, passiveCommands });
    ports.push(...report.ports);
    const failed = failureOf(report);
    if (failed !== undefined && !deadline.aborted) return unreachable(failed);
    // Later the way was open already, and only the other slots are not known.
    if (failed !== undefined && login === 1)
      return unreachable({
        ...failed,
        detail: `the whole check was not over after ${deadlineMilliseconds / 1000} s`,
      });
    for (const command of succeeded(report)) commands.add(command);
    if (unmet(slots, ports).length === 0) break;
  }
  return { type: "Reachable", unmet: unmet(slots, ports), commands };
}

function succeeded({ steps }: ProbeReport): PassiveCommand[] {
  return PASSIVE_COMMANDS.filter((command) =>
    steps.some(({ step, failure }) => step === command && failure === undefined),
  );
}

/** Names of slots none of whose ports is among these. */
function unmet(slots: ReachabilityTarget["slots"], ports: readonly number[]): string[] {
  return slots
    .filter(({ ports: { first, last } }) => !ports.some((seen) => seen >= first && seen <= last))
    .map(({ name }) => name);
}

function requestTo({ port, tls, token }: ReachabilityTarget): Omit<ProbeRequest, "host"> {
  return {
    port,
    tls,
    account: { user: CHECK_USER, password: token },
    // Whose certificate it is, clients judge by the name they dial; here it is the way that counts.
    verifyCertificate: false,
    timeoutMilliseconds: STEP_TIMEOUT_MILLISECONDS,
  };
}

function unreachable({ step, detail, failure }: Required<StepResult>): Unreachable {
  return { type: "Unreachable", detail: `${step}: ${detail}`, ...failure };
}
