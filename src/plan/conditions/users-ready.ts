import type { Decision } from "../context.ts";
import type { Finding } from "./condition.ts";

/** Users named in full in one message; the others are counted. */
const MAX_NAMED_USERS = 5;

/** Whether every user can log in. A user without a password is left out of the engine's config; the others are served. */
export function usersReady({ spec, observed }: Decision): Finding {
  const problems = spec.users.flatMap(({ name }) => {
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
