import type { Answer } from "./fake-kubectl.ts";

/** A pod, which is running and ready by default. */
export interface FakePod {
  name: string;
  uid?: string;
  phase?: string;
  ready?: boolean;
  terminating?: boolean;
  /** Users with open sessions, or the error message for a pod that does not respond. */
  sessions?: string[] | { error: string };
}

/** The FtpServer `demo` in the namespace `team-a`, with its pods. */
export class FakeCluster {
  pods: FakePod[] = [];
  replicas = 2;
  users: string[] = [];
  /** Login names of the FtpUsers in the namespace of the FtpServer. */
  ftpUsers: string[] = [];
  /** Whether the user can list FtpUsers in all namespaces. */
  isClusterWide = true;
  /** Called when a pod is deleted. */
  whenDeleted: (pod: FakePod) => void = () => {};

  answer(args: string[]): Answer {
    const [verb, what = "", name = ""] = args;
    if (verb === "get" && what.startsWith("ftpservers")) return this.#server(name);
    if (verb === "get" && what === "pods") return print({ items: this.pods.map(podObject) });
    if (verb === "get" && what.startsWith("ftpusers")) return this.#ftpUsers(args);
    if (verb === "exec") return this.#exec(what, args.slice(args.indexOf("/app/dist/main.js") + 1));
    if (verb === "delete") return this.#delete(name);
    return {};
  }

  #server(name: string): Answer {
    if (name !== "demo") return reject("NotFound", `ftpservers.ftp-operator.io "${name}" not found`);
    const users = this.users.map((user) => ({ name: user, permissions: ["List"] }));
    const metadata = { name: "demo", namespace: "team-a" };
    const slots = this.pods.map((pod) => ({ name: pod.name.split("-")[1], state: "Serving" }));
    const spec = { replicas: this.replicas, users, tls: { mode: "Disabled" } };
    return print({ metadata, spec, status: { slots } });
  }

  #ftpUsers(args: string[]): Answer {
    if (args.includes("--all-namespaces") && !this.isClusterWide)
      return reject("Forbidden", "ftpusers is forbidden: cannot list resource at the cluster scope");
    const items = this.ftpUsers.map((name) => ({
      metadata: { name, namespace: "team-a" },
      spec: { serverRef: { name: "demo" }, permissions: ["List"] },
    }));
    return print({ items });
  }

  #exec(podName: string, [command, ...options]: string[]): Answer {
    const pod = this.pods.find(({ name }) => name === podName);
    const users = pod?.sessions ?? [];
    if ("error" in users) return { code: 1, stderr: `error: ${users.error}\n` };
    if (command === "sessions") return print(users.map(sessionObject));
    const [option, value] = options.flatMap((word) => word.split("="));
    const ended = users.filter((user, index) => value === (option === "--user" ? user : String(index + 1)));
    pod!.sessions = users.filter((user) => !ended.includes(user));
    const stdout = JSON.stringify({ ended: ended.length });
    return ended.length > 0
      ? { stdout }
      : { code: 1, stdout, stderr: "command terminated with exit code 1\n" };
  }

  #delete(podName: string): Answer {
    const pod = this.pods.find(({ name }) => name === podName);
    if (pod === undefined) return {};
    this.whenDeleted(pod);
    return {};
  }
}

function print(value: unknown): Answer {
  return { stdout: JSON.stringify(value) };
}

function reject(reason: string, message: string): Answer {
  return { code: 1, stderr: `Error from server (${reason}): ${message}\n` };
}

function podObject({ name, uid = name, phase = "Running", ready = true, terminating }: FakePod): unknown {
  return {
    metadata: { name, uid, ...(terminating && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    spec: {},
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

function sessionObject(user: string, index: number): unknown {
  const since = "2026-01-01T00:00:00Z";
  return { id: index + 1, user, client: "192.0.2.1", secured: false, since, state: "Idle", directory: "/" };
}
