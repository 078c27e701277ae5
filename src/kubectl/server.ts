import type { FtpServer } from "../api/ftpserver.generated.ts";
import { formatSelector, selectorLabels } from "../api/names.ts";
import type { SessionView } from "../engine/admin/session-list.ts";
import type { Pod } from "../plan/objects.ts";
import { ENGINE_CONTAINER } from "../plan/builders/engine-pod.ts";
import type { Kubectl } from "./kubectl.ts";

/** The container's own command line. */
const PROGRAM = ["node", "/app/dist/main.js"];

/** Sessions of one pod, or why they are not known. */
export interface PodSessions {
  pod: string;
  sessions?: SessionView[];
  problem?: string;
}

/** An FtpServer and its pods, as kubectl shows them. */
export class ServerView {
  readonly #kubectl: Kubectl;
  readonly name: string;

  constructor(kubectl: Kubectl, name: string) {
    this.#kubectl = kubectl;
    this.name = name;
  }

  /** @throws KubectlError */
  async read(): Promise<FtpServer> {
    return await this.#kubectl.get<FtpServer>("ftpservers.ftp-operator.io", this.name);
  }

  /** Its pods, ordered by name. @throws KubectlError */
  async pods(): Promise<Pod[]> {
    const selector = formatSelector(selectorLabels(this.name));
    const { items } = await this.#kubectl.get<{ items: Pod[] }>("pods", "-l", selector);
    return items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** Sessions of each pod that runs. A pod that does not answer says why, and the others are told of all the same. */
  async sessions(pods: readonly Pod[]): Promise<PodSessions[]> {
    const running = pods.filter(({ status }) => status?.phase === "Running");
    return await Promise.all(
      running.map(async ({ metadata: { name: pod } }) => {
        try {
          const output = await this.administer(pod, ["sessions", "--output", "json"]);
          return { pod, sessions: JSON.parse(output) };
        } catch (error) {
          return { pod, problem: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }

  /** Runs the engine's own command in its container. @returns what it printed @throws KubectlError */
  async administer(pod: string, args: readonly string[]): Promise<string> {
    return await this.#kubectl.run(["exec", pod, "-c", ENGINE_CONTAINER, "--", ...PROGRAM, ...args]);
  }
}
