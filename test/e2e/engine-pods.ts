/** Inspects the pods of an FtpServer, and uploads files to the FtpServer. */
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { type Site, url } from "../support/clients/clients.ts";
import { answering, siteOf } from "./outside.ts";
import type { TestNamespace } from "./test-namespace.ts";

export const MIB = 1024 * 1024;

export type Pod = KubeObject & {
  spec: {
    securityContext: Record<string, unknown>;
    runtimeClassName?: string;
    schedulerName?: string;
    containers: { resources: object; env: { name: string; value: string }[] }[];
  };
  status: { containerStatuses: { restartCount: number }[] };
};

/** Returns the first pod of an FtpServer. */
export async function podOf(namespace: TestNamespace, name: string): Promise<Pod> {
  const [pod = ""] = await namespace.pods(name);
  return await namespace.get<Pod>("pod", pod);
}

/** Runs JavaScript in the engine container, which has no shell. */
export async function inEngine(namespace: TestNamespace, name: string, script: string): Promise<string> {
  const [pod = ""] = await namespace.pods(name);
  return await namespace.kubectl(["exec", pod, "--", "node", "--eval", script]);
}

/** Waits until an FtpServer accepts connections, and returns a site with a login to this FtpServer. */
export async function siteAt(namespace: TestNamespace, name: string, user = "alice"): Promise<Site> {
  return siteOf(namespace, await answering(namespace, await namespace.login(name, user, "one")));
}

/** Uploads a file of NUL bytes from an outside host. @returns the last line that curl prints */
export async function upload(site: Site, name: string, bytes: number): Promise<string> {
  const { user, password } = site.login;
  const transfer = `curl -sS -u ${user}:${password} -T - ${url(site, name)} 2>&1`;
  return await site.run(["bash", "-c", `head -c ${bytes} /dev/zero | ${transfer} || true`]);
}

/** Returns a spec with a new claim of 1 GiB. */
export const claim = (create: object = {}, more: object = {}) => ({
  storage: {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: { create: { size: "1Gi", ...create }, ...more },
  },
});
