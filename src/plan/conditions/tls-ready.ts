import type { CertificateOutcome } from "../certificates.ts";
import type { Decision } from "../context.ts";
import type { Finding } from "./condition.ts";

/** From here on somebody should look: whatever renews certificates would have done it. Milliseconds. */
const SOON = 7 * 24 * 3600 * 1000;

/** Whether clients get TLS with a certificate that is valid. */
export function tlsReady({ spec, observed }: Decision): Finding {
  if (spec.tls.mode === "Disabled")
    return { status: "True", reason: "TLSDisabled", message: "TLS is not asked for." };
  const { server, clientAuthorities } = observed.certificates;
  const outcomes = [server, clientAuthorities].filter((outcome) => outcome !== undefined);
  const problems = outcomes.flatMap((outcome) => ("problem" in outcome ? [outcome.problem] : []));
  const [first] = problems;
  if (first !== undefined)
    return {
      status: "False",
      reason: first.reason,
      message: problems.map(({ message }) => message).join(" "),
      warn: true,
    };
  return validity(outcomes, spec.tls.secretName ?? "", Date.parse(observed.now));
}

function validity(outcomes: readonly CertificateOutcome[], name: string, now: number): Finding {
  const ends = outcomes.flatMap((outcome) => ("notAfter" in outcome ? [outcome.notAfter] : [])).toSorted();
  const [notAfter] = ends;
  if (notAfter === undefined)
    return {
      status: "Unknown",
      reason: "CertificateNotRead",
      message: "The certificate has not been read yet.",
    };
  const left = Date.parse(notAfter) - now;
  const advice = "renew it; what uses it takes the new one at once";
  if (left <= 0)
    return {
      status: "False",
      reason: "CertificateExpired",
      message: `The certificate of Secret "${name}" ended at ${notAfter}: ${advice}.`,
      warn: true,
    };
  if (left < SOON)
    return {
      status: "True",
      reason: "CertificateExpiresSoon",
      message: `The certificate of Secret "${name}" ends at ${notAfter}: ${advice}.`,
      warn: true,
    };
  return {
    status: "True",
    reason: "CertificateValid",
    message: `The certificate is valid until ${notAfter}.`,
  };
}
