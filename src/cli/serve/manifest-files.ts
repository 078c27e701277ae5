import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeObject } from "../../api/kubernetes.ts";
import { CommandError } from "../../common/command-error.ts";
import type { Manifests } from "../manifests/read-manifests.ts";

const SECRET_FILE = 0o600;

/** Reference to an object in the namespace of the FtpServer. */
export interface ObjectRef {
  kind: "Secret" | "ConfigMap";
  name?: string | undefined;
}

/** Writes values of Secrets and ConfigMaps from manifests to files. In a pod, the kubelet mounts these files. */
export class ManifestFiles {
  readonly #namespace: string | undefined;
  readonly #manifests: Pick<Manifests, "secrets" | "configMaps">;
  readonly #folder: string;

  /**
   * @param namespace namespace of the FtpServer
   * @param folder folder for the files
   */
  constructor(
    namespace: string | undefined,
    manifests: Pick<Manifests, "secrets" | "configMaps">,
    folder: string,
  ) {
    this.#namespace = namespace;
    this.#manifests = manifests;
    this.#folder = folder;
  }

  /** Returns the value of a key, or undefined if the manifests do not contain the object or the key. */
  valueOf({ kind, name = "" }: ObjectRef, key: string): string | Buffer | undefined {
    const { secrets, configMaps } = this.#manifests;
    const isReferenced = ({ metadata }: KubeObject): boolean =>
      metadata.name === name && metadata.namespace === this.#namespace;
    if (kind === "ConfigMap") return configMaps.find(isReferenced)?.data?.[key];
    const text = secrets.find(isReferenced)?.data[key];
    return text === undefined ? undefined : Buffer.from(text, "base64");
  }

  /**
   * Writes a value to a file and returns the path.
   * @param alternative what the user can do if the value is missing
   * @param path path of the file, which depends on the object and the key by default
   * @throws CommandError if the manifests do not contain the value
   */
  async write(
    ref: ObjectRef,
    key: string,
    alternative: string,
    path = join(this.#folder, `${ref.kind}-${ref.name}-${key}`),
  ): Promise<string> {
    const { kind, name = "" } = ref;
    const value = this.valueOf(ref, key);
    if (value === undefined)
      throw new CommandError(`${kind} with the key ${key} is not in the manifests: ${name}`, {
        hint: `add the file of the ${kind} with -f, or ${alternative}`,
      });
    await writeFile(path, value, { mode: SECRET_FILE });
    return path;
  }
}
