import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Image settings that affect the memory usage of the engine. */
export interface ImageSettings {
  /** Environment variables as NAME=VALUE. */
  variables: string[];
  /** Options of Node.js. */
  node: string[];
}

/** Returns the settings from the Dockerfile. */
export async function imageSettings(): Promise<ImageSettings> {
  const dockerfile = await readFile(join(import.meta.dirname, "../../Dockerfile"), "utf8");
  const variables = [...dockerfile.matchAll(/^ENV (\w+=\S+)$/gmu)].map(([, variable = ""]) => variable);
  const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (\[.*\])$/mu.exec(dockerfile)?.[1] ?? "[]");
  const words = Array.isArray(entrypoint) ? entrypoint.map(String) : [];
  return { variables, node: words.filter((word) => word.startsWith("--")) };
}
