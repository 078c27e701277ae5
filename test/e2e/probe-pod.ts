import { BUSYBOX_IMAGE } from "../cluster/images/scratch.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import type { World } from "./world.ts";

/** A pod of the cluster that is no server: somebody else inside. */
export interface ProbePod {
  address: string;
  /** Runs a busybox shell script and returns what it prints. Throws when it fails. */
  shell(script: string, env?: Readonly<Record<string, string>>): Promise<string>;
}

/** Starts a pod that keeps to the `restricted` Pod Security level, in the world's namespace. */
export async function startProbePod(world: World, name = "probe"): Promise<ProbePod> {
  const securityContext = {
    runAsNonRoot: true,
    runAsUser: 65532,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  await world.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      containers: [
        { name, image: BUSYBOX_IMAGE, securityContext, volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
      terminationGracePeriodSeconds: 0,
    },
  });
  await world.kubectl(["wait", `pod/${name}`, "--for=condition=Ready", "--timeout=60s"]);
  const { status } = await world.get<KubeObject & { status: { podIP: string } }>("pod", name);
  return {
    address: status.podIP,
    shell: (script, env = {}) => {
      const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
      return world.kubectl(["exec", name, "--", "env", ...variables, "sh", "-c", script]);
    },
  };
}
