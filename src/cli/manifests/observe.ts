import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import { wholeSeconds } from "../../common/times.ts";
import { CertificateReader, type ConfigMaps, type Secrets } from "../../operator/certificates.ts";
import { PasswordReader } from "../../operator/passwords.ts";
import { admitUsers } from "../../plan/accounts/admission.ts";
import type { Observed, Settings } from "../../plan/model/observed.ts";
import type { Manifests } from "./manifests.ts";

/** In place of the random one that the operator makes for each server. */
const CHECK_TOKEN = "the-operator-makes-a-random-one-for-each-server";

/** What an operator would see of a server if nothing but the manifests were in the cluster. */
export async function observeManifests(
  server: FtpServer,
  { users, secrets, configMaps, namespaceLabels }: Manifests,
  settings: Settings,
): Promise<Observed> {
  const { name, namespace = "" } = server.metadata;
  const secretsOf = (namespace: string): Secrets => {
    const find = (wanted: string) => named(secrets, namespace, wanted);
    return { metadata: (wanted) => find(wanted)?.metadata, read: async (wanted) => find(wanted) };
  };
  const configMapsHere: ConfigMaps = {
    metadata: (wanted) => named(configMaps, namespace, wanted)?.metadata,
    read: async (wanted) => named(configMaps, namespace, wanted),
  };
  const itsUsers = users.filter(
    ({ metadata, spec: { serverRef } }) =>
      serverRef.name === name && (serverRef.namespace ?? metadata.namespace) === namespace,
  );
  const passwords = new PasswordReader();
  const { signal } = new AbortController();
  const admissions = admitUsers(server, itsUsers, namespaceLabels);
  return {
    now: wholeSeconds(new Date()),
    server,
    settings,
    children: { statefulSets: [], pods: [] },
    passwords: await passwords.read(server.spec.users, undefined, secretsOf(namespace), signal),
    certificates: await new CertificateReader().read(server.spec.tls, secretsOf(namespace), configMapsHere),
    admissions,
    accountPasswords: await passwords.readAccounts(admissions, undefined, secretsOf, signal),
    nodes: undefined,
    checkToken: CHECK_TOKEN,
  };
}

function named<T extends KubeObject>(objects: readonly T[], namespace: string, name: string): T | undefined {
  return objects.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}
