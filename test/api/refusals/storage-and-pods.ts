import { claim, loadBalancer, pod } from "./parts.ts";
import type { RefusalCase } from "./parts.ts";

export const REPLICAS: RefusalCase[] = [
  {
    title: "Local with two replicas",
    bad: { replicas: 2, ...loadBalancer({ externalTrafficPolicy: "Local" }) },
    good: { replicas: 1, ...loadBalancer({ externalTrafficPolicy: "Local" }) },
    path: "exposure.loadBalancer.externalTrafficPolicy",
    message: "write Cluster, or leave it out",
  },
  {
    title: "Local where an autoscaler may ask for two replicas",
    bad: { maxReplicas: 2, ...loadBalancer({ externalTrafficPolicy: "Local" }) },
    good: { maxReplicas: 1, ...loadBalancer({ externalTrafficPolicy: "Local" }) },
    path: "exposure.loadBalancer.externalTrafficPolicy",
    message: "write Cluster, or leave it out",
  },
  {
    title: "two replicas on a volume that one node mounts",
    bad: { replicas: 2, ...claim({ template: { size: "1Gi" } }) },
    good: { replicas: 2, ...claim({ template: { size: "1Gi", accessMode: "ReadWriteMany" } }) },
    path: "storage.persistentVolumeClaim.template.accessMode",
    message: "write ReadWriteMany and a storage class that offers it, or set replicas to 1",
  },
  {
    title: "two replicas on a volume that one pod mounts",
    bad: { replicas: 2, ...claim({ template: { size: "1Gi", accessMode: "ReadWriteOncePod" } }) },
    good: { replicas: 1, ...claim({ template: { size: "1Gi", accessMode: "ReadWriteOncePod" } }) },
    path: "storage.persistentVolumeClaim.template.accessMode",
    message: "only one node can mount this volume",
  },
];

export const OTHERS: RefusalCase[] = [
  ...["0", "-1Gi", "ten", "", "1 Gi"].map((size) => ({
    title: `size ${JSON.stringify(size)}`,
    bad: claim({ template: { size } }),
    good: claim({ template: { size: "1.5Gi" } }),
    path: "storage.persistentVolumeClaim.template.size",
    message: "write a size above zero",
  })),
  {
    title: "size as a number",
    bad: { storage: { ephemeral: { sizeLimit: 1024 } } },
    good: { storage: { ephemeral: { sizeLimit: "1024" } } },
    path: "storage.ephemeral.sizeLimit",
    message: "must be of type string",
  },
  {
    title: "claim with a bad name",
    bad: claim({ claimName: "My_Claim" }),
    good: claim({ claimName: "my-claim.1" }),
    path: "storage.persistentVolumeClaim.claimName",
    message: "write the name of a PersistentVolumeClaim",
  },
  {
    title: "banner of two lines",
    bad: { banner: "Welcome\r\n230 in" },
    good: { banner: "Willkommen – bitte anmelden" },
    path: "banner",
    message: "the greeting is one line; remove line breaks",
  },
  {
    title: "empty banner",
    bad: { banner: "" },
    good: { banner: "x" },
    path: "banner",
    message: "should be at least 1 chars long",
  },
  {
    title: "limit of zero",
    bad: { limits: { sessions: 0 } },
    good: { limits: { sessions: 1 } },
    path: "limits.sessions",
    message: "should be greater than or equal to 1",
  },
  {
    title: "time as text",
    bad: { limits: { idleTimeoutSeconds: "5m" } },
    good: { limits: { idleTimeoutSeconds: 300 } },
    path: "limits.idleTimeoutSeconds",
    message: "must be of type integer",
  },
  {
    title: "annotation of the operator on the Service",
    bad: loadBalancer({ annotations: { "ftp-operator.io/hash": "x" } }),
    good: loadBalancer({ annotations: { "example.com/ftp-operator.io": "x" } }),
    path: "exposure.loadBalancer.annotations",
    message: "annotations under ftp-operator.io/ are the operator's own; remove them",
  },
  {
    title: "annotation of the operator on pods",
    bad: pod({ metadata: { annotations: { "x.ftp-operator.io/hash": "x" } } }),
    good: pod({ metadata: { annotations: { "my-ftp-operator.io/hash": "x" } } }),
    path: "podTemplate.metadata.annotations",
    message: "are the operator's own; remove them",
  },
  {
    title: "label of the operator",
    bad: pod({ metadata: { labels: { "app.kubernetes.io/instance": "x" } } }),
    good: pod({ metadata: { labels: { "app.kubernetes.io/version": "1", constructor: "x" } } }),
    path: "podTemplate.metadata.labels",
    message: "the operator sets name, instance",
  },
  {
    title: "label key",
    bad: pod({ metadata: { labels: { "a b": "x" } } }),
    good: pod({ metadata: { labels: { "example.com/a_b": "" } } }),
    path: "podTemplate.metadata.labels",
    message: "write label keys as name or prefix/name",
  },
  {
    title: "label value",
    bad: pod({ metadata: { labels: { team: "a b" } } }),
    good: pod({ metadata: { labels: { team: "a_b" } } }),
    path: "podTemplate.metadata.labels.team",
    message: "a label's value consists of letters",
  },
  {
    title: "image with a space",
    bad: pod({ image: "ftp operator:1" }),
    good: pod({ image: "registry.example.com:5000/team/ftp-operator@sha256:0123" }),
    path: "podTemplate.image",
    message: "write an image reference without spaces",
  },
  {
    title: "quantity of cpu",
    bad: pod({ resources: { requests: { cpu: "lots" } } }),
    good: pod({ resources: { requests: { cpu: 1, memory: "128Mi" }, limits: { memory: "1e9" } } }),
    path: "podTemplate.resources.requests.cpu",
    message: "should match",
  },
  {
    title: "spread without a topology",
    bad: pod({ topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }] }),
    good: pod({
      topologySpreadConstraints: [
        { maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", topologyKey: "topology.kubernetes.io/zone" },
      ],
    }),
    path: "podTemplate.topologySpreadConstraints[0].topologyKey",
    message: "Required value",
  },
];
