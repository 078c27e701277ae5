import { checked } from "../api/validate.ts";
import type { Violation } from "../api/validate.ts";
import { planApplies, planDeletions, planPodPatches } from "./diff.ts";
import type { Deletion, PodPatch } from "./diff.ts";
import { addressAssigned } from "./conditions/addresses.ts";
import { available } from "./conditions/available.ts";
import { dataConnectionsAttributed } from "./conditions/data-connections-attributed.ts";
import { passivePortsPublished } from "./conditions/passive-ports-published.ts";
import { passiveReachable } from "./conditions/passive-reachable.ts";
import { progressing } from "./conditions/replicas.ts";
import { storageReady } from "./conditions/storage-ready.ts";
import { stalledSummary, summarize } from "./conditions/summary.ts";
import type { Blocker } from "./conditions/summary.ts";
import { tlsReady } from "./conditions/tls-ready.ts";
import { usersReady } from "./conditions/users-ready.ts";
import { toConditions } from "./conditions/condition.ts";
import type { ConditionValue, PartConditions } from "./conditions/condition.ts";
import type { Decision } from "./model/decision.ts";
import { decide } from "./decide.ts";
import { invalidSpec } from "./invalid-spec.ts";
import { planEvents } from "./events.ts";
import type { PlannedEvent } from "./events.ts";
import { secondsUntilRequeue } from "./requeue-after.ts";
import type { Observed } from "./model/observed.ts";
import { isTerminating } from "./model/objects.ts";
import type { ChildObject } from "./model/objects.ts";
import { classifyChildren } from "./desired/ownership.ts";
import { reportRequest } from "./engine-reports.ts";
import type { ReportRequest } from "./engine-reports.ts";
import { probeRequest } from "./reachability.ts";
import type { ProbeRequest } from "./reachability.ts";
import { expiryTimes } from "./accounts/account-state.ts";
import { accountKey, serverKey } from "./accounts/admission.ts";
import { admittedStatus, changedOnly } from "./accounts/user-status.ts";
import type { UserStatus } from "./accounts/user-status.ts";
import type { FtpServerStatus } from "../api/ftpserver.generated.ts";
import { buildStatus } from "./status.ts";

/** What has to be done to bring the world one step nearer to the spec; doing it changes what is observed next. */
export interface Plan {
  /** By server-side apply, in this order. Empty when the world is as wished. */
  apply: ChildObject[];
  delete: Deletion[];
  /** After the applies. */
  patchPods: PodPatch[];
  /** Nothing goes on until somebody else's objects go, which no watch may tell. */
  isBlocked: boolean;
  /** When the status would be another by time alone; undefined when never. */
  requeueAfterSeconds?: number | undefined;
  /** The whole status; equal bytes in an unchanged world. */
  status: FtpServerStatus;
  /** For transitions only. */
  events: PlannedEvent[];
  reachability: ProbeRequest;
  /** Engines to ask for their reports; undefined: as before. */
  reports?: ReportRequest;
  /** Statuses of FtpUsers that are to be written. */
  userStatuses: UserStatus[];
}

/** Decides the next step for one FtpServer. Pure: equal observations give equal plans. */
export function plan(observed: Observed): Plan {
  const { server } = observed;
  // The garbage collector removes the children; nothing may be made again meanwhile.
  if (isTerminating(server)) return { ...NOTHING, status: server.status ?? {} };
  const { apiVersion, kind, metadata, spec } = server;
  // With defaults of fields that came later.
  const found = checked("FtpServer", { apiVersion, kind, metadata, spec });
  if ("violations" in found) return stall(observed, found.violations);
  return planValid({ ...observed, server: { ...server, spec: found.value.spec } });
}

/** Whatever made an object that the schema of today refuses, nothing of the running server is touched. */
function stall({ server, now }: Observed, violations: readonly Violation[]): Plan {
  const findings = stalledSummary(invalidSpec("FtpServer", violations));
  const generation = server.metadata.generation ?? 0;
  const conditions = toConditions(findings, server.status?.conditions ?? [], generation, now);
  const status = { ...server.status, observedGeneration: generation, conditions };
  return { ...NOTHING, status, events: planEvents(server.status, status, findings) };
}

function planValid(observed: Observed): Plan {
  const { server } = observed;
  const { children, foreign, blocker } = classifyChildren(server, observed.children);
  const decision = decide({ ...observed, children });
  const reachability = probeRequest(decision);
  const findings = summarize(findParts(decision, reachability), blocker ?? refused(observed));
  const status = buildStatus(decision, findings);
  const events = planEvents(server.status, status, findings);
  if (blocker !== undefined) return { ...NOTHING, isBlocked: true, status, events };
  return {
    apply: planApplies(decision, foreign),
    delete: planDeletions(decision),
    patchPods: planPodPatches(decision),
    isBlocked: false,
    requeueAfterSeconds: secondsUntilRequeue(changeTimes(observed, Object.values(findings)), observed.now),
    status,
    events,
    reachability,
    reports: reportRequest(decision),
    userStatuses: changedStatuses(observed, status.endpoint),
  };
}

/** Returns the times at which the status would change although nothing but time passes. */
function changeTimes({ admissions, now }: Observed, findings: readonly ConditionValue[]): number[] {
  const accepted = admissions.filter(({ refusal }) => refusal === undefined);
  const accounts = accepted.map(({ user: { spec } }) => spec);
  return [...findings.flatMap(({ until }) => until ?? []), ...expiryTimes(accounts, Date.parse(now))];
}

const NOTHING = {
  apply: [],
  delete: [],
  patchPods: [],
  isBlocked: false,
  events: [],
  reachability: { type: "Wait" },
  userStatuses: [],
} satisfies Partial<Plan>;

function findParts(decision: Decision, reachability: ProbeRequest): PartConditions {
  const reachable = passiveReachable(decision, reachability);
  return {
    ...(reachable && { PassiveReachable: reachable }),
    Progressing: progressing(decision),
    StorageReady: storageReady(decision),
    UsersReady: usersReady(decision),
    TLSReady: tlsReady(decision),
    Available: available(decision),
    PassivePortsPublished: passivePortsPublished(decision),
    AddressAssigned: addressAssigned(decision),
    DataConnectionsAttributed: dataConnectionsAttributed(decision),
  };
}

function changedStatuses(
  { server, admissions, accountPasswords, now }: Observed,
  endpoint: string | undefined,
): UserStatus[] {
  const host = { server: serverKey(server), endpoint, now };
  return changedOnly(
    admissions.map((admission) =>
      admittedStatus(admission, accountPasswords.get(accountKey(admission.user)), host),
    ),
  );
}

function refused({ refusals = [] }: Observed): Blocker | undefined {
  const first = refusals.find(({ verb }) => verb !== "touch");
  if (first === undefined) return undefined;
  const { kind, name } = first.ref;
  const what = first.verb === "delete" ? `to delete ${kind} ${name}` : `${kind} ${name}`;
  return { reason: "Refused", message: `The API server refused ${what}: ${first.message}` };
}
