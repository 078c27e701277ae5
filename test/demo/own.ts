import type { World } from "./world.ts";
export function ownCluster(): World {
  throw new Error("later");
}
