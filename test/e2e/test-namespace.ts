import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Condition, KubeObject } from "../../src/api/kubernetes.ts";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import { type Cluster, openCluster } from "../cluster/full.ts";
import { ControlSession } from "../support/clients/control-session.ts";
import { PREFIX } from "./installation.ts";

/** Maximum time in milliseconds to wait for a state. On a busy machine, a rollout can take two minutes. */
const READY_TIMEOUT_MILLISECONDS = 300_000;
/**
 * Maximum time in milliseconds until engines apply a change. Without an update from the operator, the kubelet can take
 * more than a minute. The usual time is below 2 seconds, but a busy machine can stall for 10 seconds.
 */
export const APPLIED_LIMIT_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 200;

/** An FtpServer in the form that the API server returns. */
export interface FtpServerObject extends KubeObject {
  spec: { replicas?: number; passive: { portRange: { first: number; last: number } } };
  status?: FtpServerStatus;
}

/** Address and account for a login. */
export interface Login {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Hosts outside the cluster, but in the same network as the nodes. */
export type OutsideHost = "client" | "other";

/** A namespace in the cluster for the tests in one file. */
export class TestNamespace {
  readonly cluster: Cluster;
  readonly name: string;

  private constructor(cluster: Cluster, name: string) {
    this.cluster = cluster;
    this.name = name;
  }

  /** Deletes the namespace of an earlier run, and then creates the namespace. */
  static async create(name: string): Promise<TestNamespace> {
    const cluster = openCluster(PREFIX);
    await cluster.kubectl(["delete", "namespace", name, "--ignore-not-found", "--timeout=300s"]);
    await cluster.kubectl(["create", "namespace", name]);
    await cluster.kubectl(["label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted"]);
    return new TestNamespace(cluster, name);
  }

  async remove(): Promise<void> {
    // Deletes FtpServers first, so that other tests can use the addresses of their Services. Kubernetes deletes the
    // Services in a terminating namespace only after the grace period of its pods.
    await this.kubectl(["delete", "ftpservers", "--all", "--wait=false"]);
    await this.cluster.kubectl(["delete", "namespace", this.name, "--wait=false"]);
  }

  kubectl(args: readonly string[], stdin?: string): Promise<string> {
    return this.cluster.kubectl(["-n", this.name, ...args], stdin);
  }

  /** Applies objects with `kubectl apply`. */
  apply(...objects: object[]): Promise<string> {
    return this.kubectl(
      ["apply", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
    );
  }

  /** Applies a password Secret for each user. Then applies an FtpServer with these users and the other spec fields. */
  async applyServer(name: string, users: Readonly<Record<string, string>>, spec: object = {}): Promise<void> {
    const secrets = Object.entries(users).map(([user, password]) =>
      passwordSecret(`${name}-${user}`, password),
    );
    const accounts = Object.keys(users).map((user) => ({
      name: user,
      passwordSecretRef: { name: `${name}-${user}` },
    }));
    await this.apply(...secrets, {
      apiVersion: "ftp-operator.io/v1alpha1",
      kind: "FtpServer",
      metadata: { name },
      spec: { rollout: { handOverSeconds: 5, drainPeriodSeconds: 20 }, users: accounts, ...spec },
    });
  }

  /** Applies a merge patch to the spec of an FtpServer. */
  async patchSpec(name: string, spec: object): Promise<void> {
    await this.kubectl(["patch", "ftpserver", name, "--type=merge", "-p", JSON.stringify({ spec })]);
  }

  async get<T extends KubeObject>(kind: string, name: string): Promise<T> {
    return JSON.parse(await this.kubectl(["get", kind, name, "-o", "json"]));
  }

  async list<T extends KubeObject>(kind: string, ...args: string[]): Promise<T[]> {
    const list: { items: T[] } = JSON.parse(await this.kubectl(["get", kind, ...args, "-o", "json"]));
    return list.items;
  }

  server(name: string): Promise<FtpServerObject> {
    return this.get<FtpServerObject>("ftpserver", name);
  }

  /**
   * Waits until an FtpServer is Ready for its current generation.
   * @throws Error with its conditions after the timeout
   */
  async waitReady(name: string): Promise<FtpServerObject> {
    return await eventually(`${name} is Ready`, async () => {
      const server = await this.server(name);
      const ready = conditionOf(server, "Ready");
      const seen = server.status?.observedGeneration === server.metadata.generation;
      if (ready?.status !== "True" || !seen) throw new Error(describeConditions(server));
      return server;
    });
  }

  /** Waits until all replicas of an FtpServer are ready. */
  async waitComplete(name: string): Promise<void> {
    await this.waitReady(name);
    await eventually(`all replicas of ${name} are ready`, async () => {
      const { spec, status } = await this.server(name);
      assert.equal(status?.readyReplicas, spec.replicas ?? 1);
    });
  }

  /** Returns the notes in the events for an FtpServer, newest last. */
  async eventNotes(name: string): Promise<string[]> {
    type Event = KubeObject & { note?: string; regarding?: { kind: string; name: string } };
    const events = await this.list<Event>("events.events.k8s.io");
    const ours = events.filter(({ regarding }) => regarding?.kind === "FtpServer" && regarding.name === name);
    return ours.map(({ note = "" }) => note);
  }

  /** Returns the names of the FtpServer pods that are not terminating. */
  async pods(name: string): Promise<string[]> {
    const pods = await this.list(
      "pods",
      "-l",
      `app.kubernetes.io/name=ftp-server,app.kubernetes.io/instance=${name}`,
    );
    return pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
  }

  /** Returns the log of a pod as one object for each line. */
  async log(pod: string): Promise<Record<string, unknown>[]> {
    const text = await this.kubectl(["logs", pod]);
    return text
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line): Record<string, unknown> => JSON.parse(line));
  }

  /** Returns the transfer entries in the log of a pod. */
  async transfers(pod: string): Promise<Record<string, unknown>[]> {
    return (await this.log(pod)).filter(({ msg }) => msg === "transfer");
  }

  /** Returns a login for the endpoint in the status of an FtpServer. */
  async login(name: string, user: string, password: string): Promise<Login> {
    const { status } = await this.server(name);
    const [address] = status?.addresses ?? [];
    if (address === undefined || status?.endpoint === undefined) throw new Error(`${name} has no address`);
    return { host: address.value, port: Number(new URL(status.endpoint).port || 21), user, password };
  }

  /** Opens a control connection from an outside host. */
  session(login: Login, host: OutsideHost = "client"): Promise<ControlSession> {
    return ControlSession.open((argv) => this.cluster.command(host, argv), login);
  }

  /** Opens a control connection over TLS. @param authorityFile PEM file that verifies the engine certificate */
  securedSession(login: Login, authorityFile: string): Promise<ControlSession> {
    return ControlSession.openSecured((argv) => this.cluster.command("client", argv), login, authorityFile);
  }

  /** Runs a command on an outside host. @returns exit code and output */
  outside(
    host: OutsideHost,
    argv: readonly string[],
    options: { stdin?: string | Uint8Array; timeout?: number } = {},
  ) {
    return this.cluster.attempt(host, argv, options);
  }
}

/** Returns a Secret for `spec.users[].passwordSecretRef`. */
export function passwordSecret(name: string, password: string): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    type: "kubernetes.io/basic-auth",
    stringData: { username: name, password },
  };
}

export function conditionOf({ status }: FtpServerObject, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

function describeConditions({ status }: FtpServerObject): string {
  const lines = (status?.conditions ?? []).map(
    ({ type, status: value, reason, message }) => `${type}=${value} ${reason}: ${message}`,
  );
  return lines.length === 0 ? "no conditions yet" : `\n  ${lines.join("\n  ")}`;
}

/** Retries `probe` until it succeeds. @throws Error after the timeout with the last error of `probe` */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T>,
  timeoutMilliseconds = READY_TIMEOUT_MILLISECONDS,
): Promise<T> {
  const deadline = performance.now() + timeoutMilliseconds;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      if (performance.now() > deadline)
        throw new Error(`${what}: gave up after ${timeoutMilliseconds / 1000} s: ${complaint}`, {
          cause: error,
        });
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** Runs `work` and prints its duration. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(2)} s`);
  return result;
}
