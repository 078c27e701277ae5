import type { PlannedState } from "../model/decision.ts";
import type { CertificateOutcome } from "../model/observed.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Remaining validity period in milliseconds below which the operator reports a warning. Automatic renewal normally
 * happens earlier.
 */
const WARNING_MILLISECONDS = 7 * 24 * 3600 * 1000;
/** Maximum tolerated difference in milliseconds between the clocks of the operator and the certificate issuer. */
const CLOCK_SKEW_MILLISECONDS = 60_000;

/** Returns the condition TLSReady: whether the engines serve TLS with a valid certificate. */
export function tlsReady({ spec, observed }: PlannedState): ConditionValue {
  if (spec.tls.mode === "Disabled")
    return conditionValue(
      "TLSReady",
      "TLSDisabled",
      "TLS is disabled because `spec.tls.mode` is `Disabled`.",
    );
  const { server, clientAuthorities } = observed.certificates;
  const outcomes = [server, clientAuthorities].filter((outcome) => outcome !== undefined);
  const failures = outcomes.flatMap((outcome) => ("failure" in outcome ? [outcome.failure] : []));
  const [first] = failures;
  if (first !== undefined)
    return conditionValue("TLSReady", first.reason, failures.map(({ message }) => message).join(" "), {
      warn: true,
    });
  const now = Date.parse(observed.now);
  const { certificateRef, clientCertificates } = spec.tls;
  const values = [
    validity(`The certificate in Secret \`${certificateRef?.name}\``, server, now),
    validity(
      `The client CA in ${clientCertificates.caRef?.kind} \`${clientCertificates.caRef?.name}\``,
      clientAuthorities,
      now,
    ),
  ].filter((value) => value !== undefined);
  return mostSevere(values);
}

type Valid = Extract<CertificateOutcome, { notAfter: string }>;

function validity(
  subject: string,
  outcome: CertificateOutcome | undefined,
  now: number,
): ConditionValue | undefined {
  if (outcome === undefined || "failure" in outcome) return undefined;
  const { notAfter } = outcome;
  return (
    notYetValid(subject, outcome, now) ??
    expiring(subject, outcome, now) ??
    conditionValue("TLSReady", "CertificateValid", `${subject} is valid until ${notAfter}.`, {
      validUntil: Date.parse(notAfter) - WARNING_MILLISECONDS,
    })
  );
}

function notYetValid(subject: string, { notBefore }: Valid, now: number): ConditionValue | undefined {
  const begin = Date.parse(notBefore) - CLOCK_SKEW_MILLISECONDS;
  if (now >= begin) return undefined;
  return conditionValue(
    "TLSReady",
    "CertificateNotYetValid",
    `${subject} is not valid before ${notBefore}. TLS handshakes fail if the peer verifies the certificate. Store a certificate that is already valid, or wait.`,
    { warn: true, validUntil: begin },
  );
}

function expiring(subject: string, { notAfter }: Valid, now: number): ConditionValue | undefined {
  const end = Date.parse(notAfter);
  if (now < end - WARNING_MILLISECONDS) return undefined;
  if (now >= end)
    return conditionValue(
      "TLSReady",
      "CertificateExpired",
      `${subject} expired at ${notAfter}. TLS handshakes fail if the peer verifies the certificate. Renew the certificate. Engines load the new certificate within seconds.`,
      { warn: true },
    );
  return conditionValue(
    "TLSReady",
    "CertificateExpiresSoon",
    `${subject} expires at ${notAfter}. Renew the certificate. Engines load the new certificate within seconds.`,
    { warn: true, validUntil: end },
  );
}

/** Returns the most severe value. The message also contains the warnings from the other values. */
function mostSevere(values: readonly ConditionValue[]): ConditionValue {
  const [worst, ...others] = values.toSorted((a, b) => severity(b) - severity(a));
  if (worst === undefined)
    return conditionValue("TLSReady", "CertificateNotRead", "The operator has not read the certificate yet.");
  const warnings = others.filter(({ warn = false }) => warn);
  const times = values.flatMap(({ validUntil }) => validUntil ?? []);
  return {
    ...worst,
    message: [worst, ...warnings].map(({ message }) => message).join(" "),
    validUntil: times.length === 0 ? undefined : Math.min(...times),
  };
}

function severity({ status, warn = false }: ConditionValue): number {
  return status === "False" ? 2 : Number(warn);
}
