import { cannot } from '../base/errors';
import type { SessionState } from './export-session';

/** Every move a session can make. What is not listed is an error. */
const TRANSITIONS: Readonly<Record<SessionState, readonly SessionState[]>> = {
  received: ['planning', 'delayed', 'rejected', 'cancelled', 'superseded'],
  delayed: ['planning', 'superseded', 'cancelled', 'rejected'],
  waiting: ['waiting', 'planning', 'review', 'queued', 'quarantined', 'rejected', 'failed', 'cancelled', 'superseded'],
  planning: ['planning', 'waiting', 'review', 'queued', 'quarantined', 'rejected', 'failed', 'cancelled', 'superseded'],
  review: ['planning', 'cancelled', 'superseded'],
  queued: ['exporting', 'cancelled', 'superseded'],
  exporting: ['exporting', 'planning', 'completed', 'quarantined', 'failed', 'cancelled'],
  completed: ['planning'],
  failed: ['planning', 'cancelled', 'superseded'],
  quarantined: ['planning', 'cancelled', 'superseded'],
  rejected: ['cancelled', 'superseded'],
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
