import { pod } from "./parts.ts";
import type { RejectionCase } from "./parts.ts";

/** Pod settings that the API server rejects: user and group IDs, resources and name servers. */
export const POD_SETTINGS: RejectionCase[] = [
  {
    title: "DNS policy None without name servers",
    bad: pod({ dnsPolicy: "None", dnsConfig: { searches: ["example.com"] } }),
    good: pod({ dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.53"] } }),
    path: "pod.dnsConfig",
    rule: "name-servers-required",
  },
  ...["runAsUser", "runAsGroup", "fsGroup"].flatMap((field) => [
    {
      title: `${field} 0`,
      bad: pod({ securityContext: { [field]: 0 } }),
      good: pod({ securityContext: { [field]: 2_147_483_647 } }),
      path: `pod.securityContext.${field}`,
      rule: "root-id",
    },
    {
      title: `${field} with ids Platform`,
      bad: pod({ securityContext: { ids: "Platform", [field]: 1000 } }),
      good: pod({ securityContext: { ids: "Platform", supplementalGroups: [1000] } }),
      path: "pod.securityContext.ids",
      rule: "platform-ids",
    },
  ]),
  {
    title: "supplemental group 0",
    bad: pod({ securityContext: { supplementalGroups: [1000, 0] } }),
    good: pod({ securityContext: { supplementalGroups: [1000, 1] } }),
    path: "pod.securityContext.supplementalGroups[1]",
    rule: "root-id",
  },
  {
    title: "SELinux type that the standard restricted forbids",
    bad: pod({ securityContext: { seLinuxOptions: { type: "spc_t" } } }),
    good: pod({ securityContext: { seLinuxOptions: { type: "container_t", level: "s0:c26,c15" } } }),
    path: "pod.securityContext.seLinuxOptions.type",
    rule: "selinux-type",
  },
  ...[
    ["cpu", "1001m", 1],
    ["memory", "1025Mi", "1Gi"],
    ["ephemeral-storage", 1001, "1k"],
  ].map(([name = "", request, limit]) => ({
    title: `request of ${name} above its limit`,
    bad: pod({ resources: { requests: { [name]: request }, limits: { [name]: limit } } }),
    good: pod({ resources: { requests: { [name]: limit, pods: 1 }, limits: { [name]: limit } } }),
    path: "pod.resources.requests",
    rule: "request-above-limit",
  })),
];
