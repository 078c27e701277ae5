import type { FtpServerStatus } from "../api/ftpserver.generated.ts";
import { checked } from "../api/validate.ts";
import { changedUserStatuses, type UserStatus } from "./conditions/user-status.ts";
import { type Blocker, evaluateConditions, nameConflict, rejectedChange } from "./conditions/summary.ts";
import { decide } from "./decide.ts";
import { type Builders, buildDesired, BUILDERS } from "./desired/desired.ts";
import { classifyChildren } from "./desired/ownership.ts";
import { type Changes, diff } from "./diff.ts";
import { reportRequest } from "./engine-reports.ts";
import { type PlannedEvent, planEvents } from "./events.ts";
import { invalidSpec } from "./model/invalid-spec.ts";
import type { PlannedState } from "./model/decision.ts";
import { isTerminating } from "./model/objects.ts";
import type { Observed, ProbeRequest, ReportRequest } from "./model/observed.ts";
import { planSlots, rolloutInput } from "./slots/rollout.ts";
import { buildStatus, requeueAfter, stalledStatus } from "./status.ts";

/** The next step from the observed to the desired state. Carrying it out changes what is observed next. */
export interface Plan extends Changes {
  /** Nothing changes until an object of another controller is removed, which no watch event reports. */
  isBlocked: boolean;
  /** Seconds until time alone changes the status. Undefined for never. */
  requeueAfterSeconds?: number | undefined;
  /** The complete status. Equal observations give equal bytes. */
  status: FtpServerStatus;
  /** Events for transitions since the observed status. */
  events: PlannedEvent[];
  reachability: ProbeRequest;
  /** Undefined for no change. */
  reports?: ReportRequest;
  /** Statuses of FtpUsers that differ from the observed ones. */
  userStatuses: UserStatus[];
}

const NO_CHANGES = {
  apply: [],
  delete: [],
  patchPods: [],
  isBlocked: false,
  events: [],
  reachability: { type: "Wait" },
  userStatuses: [],
} satisfies Partial<Plan>;

/**
 * Decides the next step for one FtpServer: validate, decide, build the desired objects, compare them with the observed ones, and
 * report the status. Pure: equal observations give equal plans.
 */
export function plan(observed: Observed, builders: Builders = BUILDERS): Plan {
  const { server } = observed;
  // The garbage collector deletes the children. Nothing is created in the meantime.
  if (isTerminating(server)) return { ...NO_CHANGES, status: server.status ?? {} };
  const { apiVersion, kind, metadata, spec } = server;
  // Adds the defaults of fields that are newer than the object.
  const validated = checked("FtpServer", { apiVersion, kind, metadata, spec });
  if ("violations" in validated) return planInvalid(observed, invalidSpec("FtpServer", validated.violations));
  return planValid({ ...observed, server: { ...server, spec: validated.value.spec } }, builders);
}

/** An invalid object can exist when it is older than a rule. Its running pods are not changed. */
function planInvalid({ server, now }: Observed, blocker: Blocker): Plan {
  const { status, values } = stalledStatus(server, blocker, now);
  return { ...NO_CHANGES, status, events: planEvents(server.status, status, values) };
}

function planValid(observed: Observed, builders: Builders): Plan {
  const { server } = observed;
  const { children, notControlled, conflicts } = classifyChildren(server, observed.children);
  const decision = decide({ ...observed, children });
  const desired = buildDesired(decision, builders);
  const slots = planSlots(rolloutInput(decision, desired), decision.observedSlots);
  const state: PlannedState = { ...decision, desired, slots };
  const { values, probe } = evaluateConditions(
    state,
    nameConflict(conflicts) ?? rejectedChange(observed.rejections),
  );
  const status = buildStatus(state, values);
  const events = planEvents(server.status, status, values);
  if (conflicts.length > 0) return { ...NO_CHANGES, isBlocked: true, status, events };
  return {
    ...diff(state, notControlled),
    isBlocked: false,
    requeueAfterSeconds: requeueAfter(observed, values),
    status,
    events,
    reachability: probe,
    reports: reportRequest(state),
    userStatuses: changedUserStatuses(observed, status.endpoint),
  };
}
