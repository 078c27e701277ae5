import type { Decision } from "../context.ts";
import { hidesClients } from "../exposure.ts";
import type { Finding } from "./condition.ts";

/** Users named in full in one message; the others are counted. */
const MAX_NAMED_USERS = 5;

/** Whether every user can log in. A user without a password is left out of the engine's config; the others are served. */
export function usersReady(decision: Decision): Finding {
  const { spec, observed } = decision;
  const hidden = hiddenClients(decision);
  if (hidden !== undefined) return hidden;
  const problems = spec.users.flatMap(({ name, passwordSecretRef }) => {
    if (passwordSecretRef === undefined) return [];
    const outcome = observed.passwords.get(name);
    if (outcome === undefined)
      return [
        { reason: "PasswordNotRead", message: `The password of user "${name}" has not been read yet.` },
      ];
    return "problem" in outcome ? [outcome.problem] : [];
  });
  const [first] = problems;
  if (first === undefined)
    return { status: "True", reason: "PasswordsRead", message: "Every user can log in." };
  const named = problems.slice(0, MAX_NAMED_USERS).map(({ message }) => message);
  const rest = problems.length - named.length;
  const others = rest > 0 ? [`Nor can ${rest} more users log in.`] : [];
  return { status: "False", reason: first.reason, message: [...named, ...others].join(" "), warn: true };
}

/** Users who may log in from some networks only, where the engines can not see where anybody comes from. */
function hiddenClients({ spec, trafficPolicy }: Decision): Finding | undefined {
  if (!hidesClients(spec, trafficPolicy)) return undefined;
  const user = spec.users.find(({ allowedClients }) => allowedClients.length > 0);
  return (
    user && {
      status: "False",
      reason: "ClientAddressesHidden",
      message:
        `User "${user.name}" has \`allowedClients\`, but nodes replace the clients' addresses with their own, so the user cannot log in. ` +
        "Use one replica with `externalTrafficPolicy: Local` (if the policy is unset, it becomes Local when one pod is left), or `spec.proxyProtocol`, or remove `allowedClients`.",
      warn: true,
    }
  );
}
