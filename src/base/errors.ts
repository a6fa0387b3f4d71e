/**
 * `could-not`: may work later, worth a retry. `cannot`: never will as things are; a person or a correction is needed.
 */
export type FaultKind = 'could-not' | 'cannot';

/**
 * An error with a stable code. `message` says what happened, `remedy` what to do about it.
 * Neither may hold patient data: both are logged, stored and shown.
 */
export class Fault extends Error {
  readonly code: string;
  readonly kind: FaultKind;
  readonly remedy: string | undefined;

  constructor(
    code: string,
    kind: FaultKind,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.kind = kind;
    this.remedy = options.remedy;
  }

  get retryable(): boolean {
    return this.kind === 'could-not';
  }
}

export function couldNot(
  code: string,
  message: string,
  options?: { readonly remedy?: string; readonly cause?: unknown },
): Fault {
  return new Fault(code, 'could-not', message, options);
}

export function cannot(
  code: string,
  message: string,
  options?: { readonly remedy?: string; readonly cause?: unknown },
): Fault {
  return new Fault(code, 'cannot', message, options);
}

/** For the end of an exhaustive `switch`. */
export function unreachable(value: never): never {
  throw new Error(`not handled: ${String(value)}`);
}
