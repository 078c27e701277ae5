import { isIPv6 } from "node:net";
import type { Family } from "../cluster/families.ts";
import { BUSYBOX_IMAGE } from "../cluster/images/scratch.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import type { TestNamespace } from "./test-namespace.ts";

/** A pod in the cluster that does not run an engine. */
export interface ProbePod {
  address: string;
  /** Address for each IP family of the cluster. */
  addresses: ReadonlyMap<Family, string>;
  /** Runs a busybox shell script and returns its output. @throws Error when the script fails */
  shell(script: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Connects to each TCP port. @returns `open`, `closed`, or `silent` when packets are dropped */
  look(address: string, ports: readonly number[]): Promise<string[]>;
}

/** Connects to all ports in parallel. Unexpected output of `nc` is returned unchanged. */
const LOOK = `
for port in $PORTS; do
  (said=$(timeout 10 nc -w 2 "$ADDRESS" "$port" 2>&1 >/dev/null </dev/null) && said=open
  case $said in *'Connection refused'*) said=closed;; *'timed out'*) said=silent;; esac
  echo "$port $said") &
done
wait
`;

/**
 * Starts a pod in the test namespace. The pod meets the Pod Security level `restricted`.
 * @param name name of the pod, and value of its label `probe`
 * @param node node for the pod; by default, the scheduler selects a node
 */
export async function startProbePod(
  namespace: TestNamespace,
  name = "probe",
  node?: string,
): Promise<ProbePod> {
  const securityContext = {
    runAsNonRoot: true,
    runAsUser: 65532,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  await namespace.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { probe: name } },
    spec: {
      ...(node && { nodeName: node }),
      containers: [
        { name, image: BUSYBOX_IMAGE, securityContext, volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
      terminationGracePeriodSeconds: 0,
    },
  });
  await namespace.kubectl(["wait", `pod/${name}`, "--for=condition=Ready", "--timeout=180s"]);
  type Pod = KubeObject & { status: { podIP: string; podIPs: { ip: string }[] } };
  const { status } = await namespace.get<Pod>("pod", name);
  const shell = (script: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    return namespace.kubectl(["exec", name, "--", "env", ...variables, "sh", "-c", script]);
  };
  return {
    address: status.podIP,
    addresses: new Map(status.podIPs.map(({ ip }) => [isIPv6(ip) ? "IPv6" : "IPv4", ip])),
    shell,
    look: async (address, ports) => {
      const said = await shell(LOOK, { ADDRESS: address, PORTS: ports.join(" ") });
      const seen = new Map([...said.matchAll(/^(\d+) (.*)$/gm)].map(([, port, answer]) => [port, answer]));
      return ports.map((port) => seen.get(String(port)) ?? "nothing");
    },
  };
}
