/** Compares the permissions of the operator with its requests during the end-to-end tests. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type AuditEvent, readAuditLog } from "../cluster/audit.ts";
import { openCluster } from "../cluster/full.ts";
import { OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";

const ACCOUNT = `system:serviceaccount:${OPERATOR_NAMESPACE}:${RELEASE}`;
const FORBIDDEN = 403;
const CREATED = 201;

/**
 * Operator permissions that the tests do not use. Some API servers require `delete` to change the owner of a claim. The
 * operator sends a `get` request for a claim only if its cache is older than the claim.
 */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set([
  "delete persistentvolumeclaims",
  "get persistentvolumeclaims",
]);

/** Maximum number of namespaces in the audit log when only one test file runs. */
const MOST_NAMESPACES_OF_ONE_FILE = 6;

interface Rule {
  resources: string[];
  verbs: string[];
}

describe("permissions of the operator", () => {
  let events: AuditEvent[];
  let granted: Set<string>;
  let isWholeRun: boolean;

  before(async () => {
    const cluster = openCluster(PREFIX);
    events = readAuditLog(cluster.auditLog).filter(
      ({ stage, user }) => stage === "ResponseComplete" && user.username === ACCOUNT,
    );
    const rulesOf = async (...names: string[]): Promise<Rule[]> =>
      JSON.parse(await cluster.kubectl(["get", ...names, "-o", "json"])).rules;
    const rules = [
      ...(await rulesOf("clusterrole", `${OPERATOR_NAMESPACE}:${RELEASE}`)),
      ...(await rulesOf("role", `${RELEASE}-leader-election`, "-n", OPERATOR_NAMESPACE)),
    ];
    granted = new Set(
      rules.flatMap(({ resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
      ),
    );
    isWholeRun =
      new Set(events.map(({ objectRef }) => objectRef?.namespace)).size > MOST_NAMESPACES_OF_ONE_FILE;
  });

  it("are sufficient: no request was forbidden, except in terminating namespaces", () => {
    assert.ok(events.length > 0);
    const forbidden = events
      .filter(({ responseStatus }) => responseStatus?.code === FORBIDDEN)
      // A terminating namespace rejects new objects regardless of permissions.
      .filter(({ verb }) => verb !== "create" && verb !== "patch")
      // The test ignores rejected Lease requests, because uninstallation deletes the Role while the operator releases
      // its Lease. Without permissions for Leases, an operator would never become the leader.
      .filter(({ objectRef }) => objectRef?.resource !== "leases");
    assert.deepEqual(forbidden.map(what), []);
  });

  it("are all used", (context) => {
    if (!isWholeRun) return context.skip("only in a run of all tests");
    const used = new Set(events.flatMap(rightsOf));
    const unused = [...granted].filter((right) => !used.has(right) && !NOT_ASKED_FOR.has(right));
    assert.deepEqual(unused, []);
  });
});

function what({ verb, requestURI }: AuditEvent): string {
  return `${verb} ${requestURI}`;
}

/** Returns the RBAC verbs that a request requires. Server-side apply of a new object also requires `create`. */
function rightsOf({ verb, objectRef, responseStatus }: AuditEvent): string[] {
  const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join("/");
  const created = verb === "patch" && responseStatus?.code === CREATED;
  return [`${verb} ${resource}`, ...(created ? [`create ${resource}`] : [])];
}
