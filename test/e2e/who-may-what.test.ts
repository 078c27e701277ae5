/** Whether the operator has the rights that it needs and no other, by what the tests of this cluster made it do. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type AuditEvent, readAuditLog } from "../cluster/audit.ts";
import { openCluster } from "../cluster/full.ts";
import { OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";

const ACCOUNT = `system:serviceaccount:${OPERATOR_NAMESPACE}:${RELEASE}`;
const FORBIDDEN = 403;
const CREATED = 201;

/**
 * `delete`: some API servers want it before a claim may get or lose its owner. `get`: all claims are watched, so only one that came
 * after the last look is read; no test can wait for that.
 */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set([
  "delete persistentvolumeclaims",
  "get persistentvolumeclaims",
]);

/** Its own, those of the servers, and that of the operator. */
const MOST_NAMESPACES_OF_ONE_FILE = 6;

interface Rule {
  resources: string[];
  verbs: string[];
}

describe("the operator's rights", () => {
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

  it("were enough: nothing was forbidden but in namespaces that end", () => {
    assert.ok(events.length > 0);
    const forbidden = events
      .filter(({ responseStatus }) => responseStatus?.code === FORBIDDEN)
      // A namespace that ends takes no new object, which is no matter of rights.
      .filter(({ verb }) => verb !== "create" && verb !== "patch")
      // Uninstalling removes the Role while the operator's pod still ends and releases its Lease. Without this right it would never lead.
      .filter(({ objectRef }) => objectRef?.resource !== "leases");
    assert.deepEqual(forbidden.map(what), []);
  });

  it("were all used", (context) => {
    if (!isWholeRun) return context.skip("only in a run of all tests");
    const used = new Set(events.flatMap(rightsOf));
    const unused = [...granted].filter((right) => !used.has(right) && !NOT_ASKED_FOR.has(right));
    assert.deepEqual(unused, []);
  });
});

function what({ verb, requestURI }: AuditEvent): string {
  return `${verb} ${requestURI}`;
}

/** Server-side apply of an object that is not there needs `create`, too. */
function rightsOf({ verb, objectRef, responseStatus }: AuditEvent): string[] {
  const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join("/");
  const created = verb === "patch" && responseStatus?.code === CREATED;
  return [`${verb} ${resource}`, ...(created ? [`create ${resource}`] : [])];
}
