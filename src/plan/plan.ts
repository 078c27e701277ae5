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

/** Next step from the observed state to the desired state. The next observation includes the effects of this step. */
export interface Plan extends Changes {
  /**
   * True while an object that another controller owns blocks all changes. No watch event reports the removal of the
   * blocking object.
   */
  isBlocked: boolean;
  /**
   * Number of seconds, at most one day, until the status changes even if no object changes. The value is undefined if
   * only a change to an object can change the status.
   */
  requeueAfterSeconds?: number | undefined;
  /** Complete status. Equal observations produce byte-for-byte equal statuses. */
  status: FtpServerStatus;
  /** Events for changes since the observed status. */
  events: PlannedEvent[];
  reachability: ProbeRequest;
  /** The value is undefined when the report request is unchanged. */
  reports?: ReportRequest;
  /** FtpUser statuses that differ from the observed statuses. */
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
 * Returns the next step for one FtpServer. The function validates the spec, builds the desired objects, compares these
 * objects with the observed objects and computes the status. The function is pure, so equal observations produce equal
 * plans.
 */
export function plan(observed: Observed, builders: Builders = BUILDERS): Plan {
  const { server } = observed;
  // The garbage collector deletes the children. Until then, the operator creates no objects.
  if (isTerminating(server)) return { ...NO_CHANGES, status: server.status ?? {} };
  const { apiVersion, kind, metadata, spec } = server;
  // Validation adds default values for fields that are newer than the object.
  const validated = checked("FtpServer", { apiVersion, kind, metadata, spec });
  if ("violations" in validated) return planInvalid(observed, invalidSpec("FtpServer", validated.violations));
  return planValid({ ...observed, server: { ...server, spec: validated.value.spec } }, builders);
}

/**
 * Returns the plan for an invalid FtpServer. The plan does not change running pods. An FtpServer can be invalid when it
 * is older than a validation rule.
 */
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
