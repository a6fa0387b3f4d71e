import type { Outcome } from '../base/outcome';

/** `hold`: the instance may not leave. `warning`: a person should look. `note`: worth knowing. */
export type Severity = 'hold' | 'warning' | 'note';

/** What was found, and where. Never what the value is. */
export interface VerificationFinding {
  /** '00081030' or '00400275/0/00400007'; empty where it is the instance as a whole. */
  readonly path: string;
  readonly rule: string;
  readonly severity: Severity;
}

export type Verdict = Outcome<null> & { readonly findings: readonly VerificationFinding[] };
