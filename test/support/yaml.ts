import { readFileSync } from "node:fs";
import { load } from "js-yaml";

/** Parses one YAML document. The return type is not checked. */
export const parseYaml = (text: string): any => load(text);

/** Reads a file that contains one YAML document. */
export const readYaml = (file: string): any => parseYaml(readFileSync(file, "utf8"));
