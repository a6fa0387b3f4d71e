import type { Reason } from '../base/outcome';
import type { Permission } from './permissions';

/** Who did it, for the timeline. */
export interface Actor {
  readonly kind: 'person' | 'token';
  readonly name: string;
}

/** `refused`: the session is not in a state that allows it, or somebody was quicker. */
export type ActionResult =
  | { readonly result: 'done' }
  | { readonly result: 'unknown-session' }
  | { readonly result: 'refused'; readonly reason: Reason };

/** The deeds that people and API tokens can do on one session. */
export interface SessionActions {
  /** Takes the session up again at once, from the stage where it stands. */
  retry(sessionId: string, actor: Actor): Promise<ActionResult>;
  /** Sends the whole set once more, under the same UIDs. */
  resend(sessionId: string, actor: Actor): Promise<ActionResult>;
  /** Lets what was found leave as it is decided or proposed. */
  approve(sessionId: string, actor: Actor): Promise<ActionResult>;
  /** Ends the session for good. What the Receiver already keeps stays there. */
  cancel(sessionId: string, actor: Actor): Promise<ActionResult>;
  /** Gives a session that belongs to nobody yet to a project. */
  assign(sessionId: string, project: string, actor: Actor): Promise<ActionResult>;
  /** Ends a delay, or the wait for copies of the selection. */
  release(sessionId: string, reason: string, actor: Actor): Promise<ActionResult>;
}

export const SESSION_ACTIONS = [
  'retry',
  'resend',
  'approve',
  'cancel',
] as const satisfies readonly (keyof SessionActions)[];
export type SessionAction = (typeof SESSION_ACTIONS)[number];

/** Who lets findings leave has looked at them. */
export const PERMISSION_FOR: Readonly<Record<SessionAction, Permission>> = {
  retry: 'operate',
  resend: 'operate',
  approve: 'review',
  cancel: 'operate',
};
