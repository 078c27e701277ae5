import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { formatSelector, selectorLabels } from "../../api/names.ts";
import type { Selection, SessionView } from "../../engine/admin/client.ts";
import type { Pod } from "../../plan/model/objects.ts";
import { ENGINE_CONTAINER } from "../../plan/desired/engine-pod.ts";
import { type Choice, Kubectl, KubectlError } from "./kubectl.ts";

const RESOURCE = "ftpservers.ftp-operator.io";

/** The container's own command line. */
export const PROGRAM = ["node", "/app/dist/main.js"];

/** An FtpServer and its pods, as kubectl shows them. */
export class ServerView {
  /** Stays in the server's cluster and namespace, whatever becomes current meanwhile. */
  readonly kubectl: Kubectl;
  /** As it was at the first look. */
  readonly object: FtpServer;

  private constructor(kubectl: Kubectl, object: FtpServer) {
    this.kubectl = kubectl;
    this.object = object;
  }

  /** @throws KubectlError when there is none of that name */
  static async find(choice: Choice, name: string): Promise<ServerView> {
    const kubectl = await new Kubectl(choice).inCurrentContext();
    try {
      const object = await kubectl.get<FtpServer>(RESOURCE, name);
      const { namespace } = object.metadata;
      return new ServerView(namespace === undefined ? kubectl : kubectl.inNamespace(namespace), object);
    } catch (error) {
      if (!(error instanceof KubectlError) || error.reason !== "NotFound") throw error;
      const hint = "`kubectl get ftpservers --all-namespaces` shows those there are";
      throw new KubectlError(`${error.message}; ${hint}`, error);
    }
  }

  get name(): string {
    return this.object.metadata.name;
  }

  /** As it is now. @throws KubectlError */
  async read(): Promise<FtpServer> {
    return await this.kubectl.get<FtpServer>(RESOURCE, this.name);
  }

  /** Its pods, ordered by name. @throws KubectlError */
  async pods(): Promise<Pod[]> {
    const selector = formatSelector(selectorLabels(this.name));
    const { items } = await this.kubectl.get<{ items: Pod[] }>("pods", "-l", selector);
    return items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** Sessions of one pod. @throws KubectlError when it does not answer */
  async sessionsOf(pod: string): Promise<SessionView[]> {
    return JSON.parse(await this.#administer(pod, ["sessions", "--output", "json"]));
  }

  /** Ends sessions of one pod. @returns how many @throws KubectlError when it does not answer */
  async endSessions(pod: string, selection: Selection): Promise<number> {
    const options = Object.entries(selection).map(([name, value]) => `--${name}=${value}`);
    // Where there are none, the engine says so and fails.
    const output = await this.#administer(pod, ["kick", ...options]).catch((error: unknown) => {
      if (error instanceof KubectlError && error.output !== "") return error.output;
      throw error;
    });
    const [, count] = /^(\d+) sessions? ended$/m.exec(output) ?? [];
    if (count === undefined) throw new KubectlError(`does not say how many sessions it ended: ${output}`);
    return Number(count);
  }

  /** Runs the engine's own command in its container. @returns what it printed @throws KubectlError */
  async #administer(pod: string, args: readonly string[]): Promise<string> {
    return await this.kubectl.exec(pod, ENGINE_CONTAINER, [...PROGRAM, ...args]);
  }
}
