/** Why something was held back or did not work. `code` is stable; `message` holds no patient data. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/** Nothing is a success by default: each stage says which of the three it was. */
export type Outcome<T> =
  | { readonly outcome: 'passed'; readonly value: T }
  | { readonly outcome: 'quarantined'; readonly reason: Reason }
  | { readonly outcome: 'failed'; readonly reason: Reason; readonly retryable: boolean };
