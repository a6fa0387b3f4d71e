import { cannot } from '../base/errors';
import type { SessionState } from './export-session';

/** Every move a session can make. What is not listed is an error. */
const TRANSITIONS: Readonly<Record<SessionState, readonly SessionState[]>> = {
  received: ['planning', 'delayed', 'rejected', 'cancelled'],
  delayed: ['planning', 'superseded', 'cancelled'],
  waiting: ['waiting', 'planning', 'queued', 'quarantined', 'rejected', 'failed', 'cancelled'],
  planning: ['planning', 'waiting', 'review', 'queued', 'quarantined', 'rejected', 'failed', 'cancelled'],
  review: ['queued', 'cancelled'],
  queued: ['exporting', 'cancelled'],
  exporting: ['exporting', 'planning', 'completed', 'quarantined', 'failed', 'cancelled'],
  completed: [],
  failed: ['planning', 'cancelled'],
  quarantined: ['planning', 'cancelled'],
  rejected: ['cancelled'],
  cancelled: [],
  superseded: [],
};

export function mayMove(from: SessionState, to: SessionState): boolean {
  return TRANSITIONS[from].includes(to);
}

export function assertMayMove(from: SessionState, to: SessionState): void {
  if (!mayMove(from, to)) throw cannot('ILLEGAL_TRANSITION', `a session cannot go from ${from} to ${to}`);
}

/** States in which the server goes on by itself. */
export const RUNNING_STATES: readonly SessionState[] = ['planning', 'waiting', 'queued', 'exporting'];
