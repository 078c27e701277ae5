import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** How the image starts the engine; both decide how much memory it needs. */
export interface Image {
  /** As NAME=VALUE. */
  variables: string[];
  /** Options of Node. */
  node: string[];
}

/** Reads the Dockerfile. */
export async function readImage(): Promise<Image> {
  const dockerfile = await readFile(join(import.meta.dirname, "../../Dockerfile"), "utf8");
  const variables = [...dockerfile.matchAll(/^ENV (\w+=\S+)$/gmu)].map(([, variable = ""]) => variable);
  const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (\[.*\])$/mu.exec(dockerfile)?.[1] ?? "[]");
  const words = Array.isArray(entrypoint) ? entrypoint.map(String) : [];
  return { variables, node: words.filter((word) => word.startsWith("--")) };
}
