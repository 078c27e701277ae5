import { array, constantFrom, sample } from "fast-check";
import type { Json } from "./rejections/parts.ts";

/**
 * Returns specs with hundreds of valid and invalid strings near the limits, keyed by the kind of string. Every run uses
 * the same strings.
 */
export function anySpecs(): Record<string, Json> {
  const homes = texts(
    600,
    "/",
    "/",
    "@",
    ".",
    "..",
    "a",
    "é",
    " ",
    "\\",
    "\t",
    "\u007f",
    "/a/",
    "\u0085",
    "日",
  );
  const names = texts(300, "a", "Z", "0", "-", "_", ".", "@", "+", " ", "é", "/", "\n");
  const secrets = texts(300, "a", "Z", "0", "-", ".", "_", "é");
  const networks = [
    ...texts(40, "10.0.0.0", "10.0.0.1", "/", "/8", "/32", "/33", "/0", " ", "0", "+"),
    ...texts(40, "::", "1", ":", "f", "/", "/128", "/12", "%", "ffff"),
    ...["0", "1", "10", "255", "256", "01"].map((number) => `${number}.0.0.0/8`),
  ];
  const labels = texts(30, "a", "-", ".", "_", "Z", " ", "é");
  return {
    homes: withUsers(homes, (homeDirectory) => ({ homeDirectory })),
    names: withUsers(names, (name) => ({ name })),
    secrets: withUsers(secrets, (name) => ({ passwordSecretRef: { name } })),
    networks: { networkPolicy: { allowedClients: [...new Set(networks)] } },
    labels: {
      pod: { metadata: { labels: Object.fromEntries(labels.map((text, i) => [`k${i}`, text])) } },
    },
  };
}

const MAX_PARTS = 8;
const SEED = 7;

/** Returns up to `count` different strings that consist of the given parts. */
function texts(count: number, ...parts: string[]): string[] {
  const lists = array(constantFrom(...parts), { minLength: 1, maxLength: MAX_PARTS });
  return [...new Set(sample(lists, { numRuns: count, seed: SEED }).map((list) => list.join("")))];
}

function withUsers(values: string[], part: (text: string) => Json): Json {
  return {
    users: values.map((text, index) => ({
      name: `u${index}`,
      passwordSecretRef: { name: "a" },
      ...part(text),
    })),
  };
}
