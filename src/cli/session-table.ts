import type { SessionView } from "../engine/admin/client.ts";
import { formatAge, formatBytes } from "../common/units.ts";
import { formatTable } from "./table.ts";

const HEADER = ["ID", "USER", "CLIENT", "TLS", "AGE", "STATE", "PATH", "MOVED", "RATE"];

/** Sessions as a table. A session with a pod's name begins its line with it. @param now milliseconds since the epoch */
export function sessionTable(sessions: readonly (SessionView & { pod?: string })[], now: number): string {
  const pods = sessions.some(({ pod }) => pod !== undefined);
  const rows = sessions.map((session) => [...(pods ? [session.pod ?? ""] : []), ...cells(session, now)]);
  return formatTable(pods ? ["POD", ...HEADER] : HEADER, rows);
}

function cells(
  { id, user = "", client, secured, since, state, directory = "", transfer }: SessionView,
  now: number,
): string[] {
  const common = [
    String(id),
    user,
    client,
    secured ? "yes" : "no",
    formatAge((now - Date.parse(since)) / 1000),
  ];
  if (transfer === undefined) return [...common, state, directory, "", ""];
  const { direction, path, bytes, seconds } = transfer;
  const rate = seconds > 0 ? `${formatBytes(Math.round(bytes / seconds))}/s` : "";
  return [...common, direction, path, formatBytes(bytes), rate];
}
