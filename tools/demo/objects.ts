/** Types for the Kubernetes objects that the demo reads, limited to the required fields. */
import { readFile } from "node:fs/promises";
import { loadAll } from "js-yaml";
import type { PortRange } from "../../src/api/engine-config.ts";
import type { Condition } from "../../src/api/kubernetes.ts";
import type { World } from "./world.ts";

interface FtpServerObject {
  metadata: { generation: number };
  spec: { passive: { portRange: PortRange; address: { type: string; static?: { address: string } } } };
  status?: {
    observedGeneration?: number;
    conditions?: Condition[];
    addresses?: { value: string }[];
    endpoint?: string;
    passivePorts?: PortRange;
    slots?: { state: string; passivePorts?: PortRange }[];
  };
}

interface ServiceObject {
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

interface PodObject {
  metadata: { deletionTimestamp?: string };
  spec: { containers: { image: string }[] };
}

/** The FtpServer in the example manifest, and its first user. */
export interface Example {
  namespace: string;
  name: string;
  user: string;
  password: string;
}

interface ExampleDocument {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: { users: { name: string; passwordSecretRef: { name: string; key?: string } }[] };
  stringData?: Record<string, string>;
}

export async function getFtpServer(world: World, { namespace, name }: Example): Promise<FtpServerObject> {
  return JSON.parse(await world.kubectl(["-n", namespace, "get", "ftpserver", name, "-o", "json"]));
}

/** Returns the Service that exposes the FtpServer. The Service has the same name as the FtpServer. */
export async function getService(world: World, { namespace, name }: Example): Promise<ServiceObject> {
  return JSON.parse(await world.kubectl(["-n", namespace, "get", "service", name, "-o", "json"]));
}

/** Returns the images of the FtpServer's pods, except terminating pods. */
export async function getImages(world: World, { namespace, name }: Example): Promise<string[]> {
  const selector = `app.kubernetes.io/name=ftp-server,app.kubernetes.io/instance=${name}`;
  const pods: { items: PodObject[] } = JSON.parse(
    await world.kubectl(["-n", namespace, "get", "pods", "-l", selector, "-o", "json"]),
  );
  const staying = pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return staying.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
}

/**
 * Reads the first FtpServer in a manifest, and the password of its first user.
 * @throws Error when the FtpServer or the password is missing
 */
export async function readExample(file: string): Promise<Example> {
  const documents: ExampleDocument[] = JSON.parse(JSON.stringify(loadAll(await readFile(file, "utf8"))));
  const server = documents.find(({ kind }) => kind === "FtpServer");
  const user = server?.spec?.users[0];
  const { name, key = "password" } = user?.passwordSecretRef ?? {};
  const secret = documents.find(({ kind, metadata }) => kind === "Secret" && metadata.name === name);
  const password = secret?.stringData?.[key];
  if (!server || !user || password === undefined) {
    throw new Error(`${file} needs an FtpServer and a Secret with the password of its first user`);
  }
  const { namespace = "default" } = server.metadata;
  return { namespace, name: server.metadata.name, user: user.name, password };
}
