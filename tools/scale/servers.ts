/** Writes the FtpServers for a run as fast as the API server accepts them. */
import type { KubeObject } from "../../src/api/kubernetes.ts";
import type { KubeClient } from "../../src/kube/client.ts";

/** Number of concurrent writes. On two cores, more concurrent writers do not increase the throughput. */
const WRITERS = 16;
const SERVERS_PER_NAMESPACE = 100;

/** Returns the namespaces for the given number of FtpServers. */
export function namespaces(servers: number): KubeObject[] {
  return Array.from({ length: Math.ceil(servers / SERVERS_PER_NAMESPACE) }, (_, index) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: `team-${index}` },
  }));
}

/** Returns a Secret for the user of each FtpServer. @param password plain text password or password hash */
export function userSecrets(servers: number, password: string): KubeObject[] {
  return Array.from({ length: servers }, (_, index) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `alice-${index}`, namespace: namespaceOf(index) },
    stringData: { username: "alice", password },
  }));
}

export function ftpServers(servers: number): KubeObject[] {
  return Array.from({ length: servers }, (_, index) => ({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: `ftp-${index}`, namespace: namespaceOf(index) },
    spec: { users: [{ name: "alice", passwordSecretRef: { name: `alice-${index}` } }] },
  }));
}

function namespaceOf(index: number): string {
  return `team-${Math.floor(index / SERVERS_PER_NAMESPACE)}`;
}

/** Creates all objects. */
export function createAll(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  return writeAll(objects, (object) => client.create(object));
}

/** Calls `write` for all objects concurrently. */
export async function writeAll(
  objects: readonly KubeObject[],
  write: (object: KubeObject) => Promise<unknown>,
): Promise<void> {
  const remaining = objects.values();
  const writer = async (): Promise<void> => {
    for (const object of remaining) await write(object);
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}
