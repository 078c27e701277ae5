import type { Crd } from "./crd.ts";

export function generateReference(crd: Crd): string {
  return `# ${crd.spec.names.kind}\n`;
}
