import { Argument, Command } from "commander";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { formatSelector, selectorLabels } from "../../api/names.ts";
import { CommandError } from "../../common/command-error.ts";
import type { Selection, SessionView } from "../../engine/admin/client.ts";
import { ENGINE_CONTAINER } from "../../api/names.ts";
import type { Pod } from "../../plan/model/objects.ts";
import { type ClusterOptions, Kubectl, KubectlError } from "./kubectl.ts";

const RESOURCE = "ftpservers.ftp-operator.io";

/** Command line that runs `ftp-operator` in a container of the project image. */
export const PROGRAM_IN_IMAGE = ["node", "/app/dist/main.js"];

/** Runs a command for an FtpServer and returns the exit code. */
type Run<O> = (server: FtpServerClient, options: O) => Promise<number>;

/** Returns a command that takes an FtpServer name as its argument. */
export function ftpServerCommand<O extends object>(name: string, description: string, run: Run<O>): Command {
  return new Command(name)
    .description(description)
    .addArgument(new Argument("<name>", "name of the FtpServer"))
    .action(async (server: string, options: O, command: Command) => {
      process.exitCode = await run(
        await FtpServerClient.find(command.optsWithGlobals<ClusterOptions>(), server),
        options,
      );
    });
}

/** An FtpServer and its pods, accessed through kubectl. */
export class FtpServerClient {
  /**
   * The kubectl client for the context and namespace of the FtpServer. A change to the current context has no effect on
   * this client.
   */
  readonly kubectl: Kubectl;
  /** The FtpServer object that was read when the command started. */
  readonly object: FtpServer;

  private constructor(kubectl: Kubectl, object: FtpServer) {
    this.kubectl = kubectl;
    this.object = object;
  }

  /** @throws CommandError if the FtpServer does not exist or kubectl fails */
  static async find(options: ClusterOptions, name: string): Promise<FtpServerClient> {
    const kubectl = await new Kubectl(options).inCurrentContext();
    try {
      const object = await kubectl.get<FtpServer>(RESOURCE, name);
      const { namespace } = object.metadata;
      return new FtpServerClient(namespace === undefined ? kubectl : kubectl.inNamespace(namespace), object);
    } catch (error) {
      if (!(error instanceof KubectlError) || error.reason !== "NotFound") throw error;
      throw new CommandError(`FtpServer not found: ${name}`, {
        hint: "list FtpServers with `kubectl get ftpservers --all-namespaces`",
      });
    }
  }

  get name(): string {
    return this.object.metadata.name;
  }

  /** Returns the current FtpServer. @throws KubectlError */
  async read(): Promise<FtpServer> {
    return await this.kubectl.get<FtpServer>(RESOURCE, this.name);
  }

  /** Returns the pods of the FtpServer, sorted by name. @throws KubectlError */
  async pods(): Promise<Pod[]> {
    const selector = formatSelector(selectorLabels(this.name));
    const { items } = await this.kubectl.get<{ items: Pod[] }>("pods", "-l", selector);
    return items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** Returns the sessions in one pod. @throws KubectlError if the pod does not respond */
  async sessionsOf(pod: string): Promise<SessionView[]> {
    return JSON.parse(await this.#administer(pod, ["sessions"]));
  }

  /**
   * Ends sessions in one pod.
   * @returns the number of ended sessions
   * @throws KubectlError if the pod does not respond
   */
  async endSessions(pod: string, selection: Selection): Promise<number> {
    const options = Object.entries(selection).map(([name, value]) => `--${name}=${value}`);
    const output = await this.#administer(pod, ["kick", ...options]).catch((error: unknown) => {
      // The `kick` command prints its result even if no session matched and the command fails.
      if (error instanceof KubectlError && error.output !== "") return error.output;
      throw error;
    });
    const { ended }: { ended: number } = JSON.parse(output);
    return ended;
  }

  /** Runs an `ftp-operator` command in the engine container. @returns the JSON output @throws KubectlError */
  async #administer(pod: string, args: readonly string[]): Promise<string> {
    const command = [...PROGRAM_IN_IMAGE, ...args, "--output=json"];
    return await this.kubectl.exec(pod, ENGINE_CONTAINER, command);
  }
}

/** Returns the pod with the given name. @throws CommandError if the pod does not exist */
export function podNamed(pods: readonly Pod[], name: string): Pod {
  const pod = pods.find(({ metadata }) => metadata.name === name);
  if (pod !== undefined) return pod;
  const names = pods.map(({ metadata }) => metadata.name).join(", ");
  throw new CommandError(`the FtpServer has no such pod: ${name}`, {
    hint: names === "" ? "the FtpServer has no pods" : `pods of the FtpServer: ${names}`,
  });
}
