import type { AuditEvent } from '../audit/audit-event';
import type { Authentication } from '../web/authentication';

/** What was typed as a name may be anything, a password or a patient among it: only names of accounts are written down. */
const NO_ACCOUNT = 'no account of this name';

interface AuditedSignIn {
  readonly isAccount: (username: string) => Promise<boolean>;
  readonly record: (events: readonly AuditEvent[]) => Promise<void>;
  readonly now: () => Date;
}

/** Tells the audit trail of sign-ins that failed, and once of each lock. Those that succeed are told with the login. */
export function auditedSignIn(authentication: Authentication, audit: AuditedSignIn): Authentication {
  const lockedUntil = new Map<string, number>();
  const told = async (username: string) => ((await audit.isAccount(username)) ? username : NO_ACCOUNT);
  return {
    ...authentication,
    signIn: async (username, password) => {
      const found = await authentication.signIn(username, password);
      const name = await told(username);
      if (found === null) {
        await audit.record([{ event: 'sign-in-failed', actor: { kind: 'person', name }, outcome: 4 }]);
      } else if ('delayed' in found && found.delayed === 'locked') {
        const now = audit.now().getTime();
        if ((lockedUntil.get(name) ?? 0) <= now) {
          const subject = { kind: 'user' as const, id: name };
          const description = 'too many failed tries';
          await audit.record([
            { event: 'sign-in-locked', actor: { kind: 'person', name }, outcome: 4, subject, description },
          ]);
          lockedUntil.set(name, now + found.retryAfterSeconds * 1000);
        }
      }
      return found;
    },
    redeemLink: async (token) => {
      const found = await authentication.redeemLink(token);
      if (found === null) {
        const description = 'a sign-in link that does not work';
        await audit.record([
          { event: 'sign-in-failed', actor: { kind: 'person', name: NO_ACCOUNT }, outcome: 4, description },
        ]);
      }
      return found;
    },
  };
}
