/** Creates admission policies with the same effect as the OpenShift security context constraint `restricted-v2`. */
import assert from "node:assert/strict";
import type { Cluster } from "../cluster/full.ts";
import { waitUntil } from "../cluster/wait.ts";

/** First allowed ID in namespaces with the label `LABEL`. */
export const FIRST_ID = 1_000_680_000;
const RANGE = 10_000;
const NAME = "restricted-v2";
const LABEL = "test.ftp-operator.io/scc";

const ADMISSION = "admissionregistration.k8s.io/v1";
const matchConstraints = {
  namespaceSelector: { matchLabels: { [LABEL]: NAME } },
  resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
};
const policy = { apiVersion: ADMISSION, metadata: { name: NAME } };
const assignment = (field: string): string =>
  `Object{spec: Object.spec{securityContext: Object.spec.securityContext{${field}: ${FIRST_ID}}}}`;
const missing = (field: string): string => `!has(object.spec.securityContext.${field})`;
const inRange = (field: string): string =>
  `object.spec.securityContext.${field} >= ${FIRST_ID} && object.spec.securityContext.${field} < ${FIRST_ID + RANGE}`;

/** Assigns an ID to a pod whose spec sets no ID. */
function assign(field: string): object[] {
  const metadata = { name: `${NAME}-${field.toLowerCase()}` };
  return [
    {
      ...policy,
      kind: "MutatingAdmissionPolicy",
      metadata,
      spec: {
        matchConstraints,
        matchConditions: [{ name: "unset", expression: missing(field) }],
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        mutations: [
          { patchType: "ApplyConfiguration", applyConfiguration: { expression: assignment(field) } },
        ],
      },
    },
    {
      ...policy,
      kind: "MutatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name },
    },
  ];
}

/** Rejects IDs outside the range, like the OpenShift strategies MustRunAsRange (UID) and MustRunAs (fsGroup). */
const rejection = [
  {
    ...policy,
    kind: "ValidatingAdmissionPolicy",
    spec: {
      matchConstraints,
      failurePolicy: "Fail",
      validations: ["runAsUser", "fsGroup"].map((field) => ({
        expression: inRange(field),
        message: `provider restricted-v2: .spec.securityContext.${field}: Invalid value: must be in the range of the namespace`,
      })),
    },
  },
  {
    ...policy,
    kind: "ValidatingAdmissionPolicyBinding",
    spec: { policyName: NAME, validationActions: ["Deny"] },
  },
];

/** The API server compiles and caches new policies in the background. */
const POLICY_TIMEOUT_MS = 180_000;

async function assertRejected(cluster: Cluster, namespace: string): Promise<void> {
  const pod = JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "fixed-id", namespace },
    spec: {
      securityContext: {
        runAsUser: 1,
        fsGroup: 1,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: "none",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  });
  await assert.rejects(cluster.kubectl(["create", "--dry-run=server", "-f", "-"], pod), /restricted-v2/);
}

/** Applies the policies to a namespace. Disposal of the result removes the policies. */
export async function constrainIds(cluster: Cluster, namespace: string): Promise<() => Promise<void>> {
  const items = [...assign("runAsUser"), ...assign("fsGroup"), ...rejection];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectl(["apply", "-f", "-"], list);
  await cluster.kubectl(["label", "--overwrite", "namespace", namespace, `${LABEL}=${NAME}`]);
  await waitUntil("the API server rejects other IDs", POLICY_TIMEOUT_MS, () =>
    assertRejected(cluster, namespace),
  );
  return async () => {
    await cluster.kubectl(["delete", "--ignore-not-found", "-f", "-"], list);
  };
}
