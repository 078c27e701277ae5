import { readFileSync } from "node:fs";
import { load } from "js-yaml";

/** Parses one YAML document. The type parameter is the expected type. */
export const parseYaml = (text: string): any => load(text);

/** Reads a file with one YAML document. */
export const readYaml = (file: string): any => parseYaml(readFileSync(file, "utf8"));
