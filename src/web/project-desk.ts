import { Fault } from '../base/errors';
import type { Actor } from './actions';
import { Problem } from './problem';

/** A project, as everybody may see it who may see the project. */
export interface ProjectView {
  readonly name: string;
  readonly kind: string;
  readonly receiver: string;
  readonly provisioned: boolean;
  readonly reversible: boolean;
  /** 1, and one more each time that its keys were destroyed. */
  readonly keyGeneration: number;
  readonly subjects: number;
  readonly openSessions: number;
}

/** What went with the keys. */
export interface DestroyedKeyView {
  readonly project: string;
  readonly subjects: number;
  readonly uids: number;
  readonly sessions: number;
  readonly keyGeneration: number;
}

/** What the pages and the API ask of the projects. */
export interface ProjectDesk {
  list(): Promise<readonly ProjectView[]>;
  /** Throws Fault UNKNOWN_PROJECT or SESSIONS_UNDER_WAY. */
  destroyKey(project: string, actor: Actor): Promise<DestroyedKeyView>;
}

/** Destroys the keys where the name was repeated: there is no way back. */
export async function destroyKey(
  desk: ProjectDesk,
  project: string,
  confirmed: unknown,
  actor: Actor,
): Promise<DestroyedKeyView> {
  if (typeof confirmed !== 'string' || confirmed.trim() !== project) {
    throw new Problem(
      400,
      'NOT_CONFIRMED',
      'The keys were not destroyed: the name of the project was not repeated.',
      'Give the name exactly as it is in the configuration. There is no way back.',
    );
  }
  try {
    return await desk.destroyKey(project, actor);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'UNKNOWN_PROJECT') throw new Problem(404, error.code, 'There is no project of this name.');
    if (error.code === 'SESSIONS_UNDER_WAY') throw new Problem(409, error.code, error.message, error.remedy);
    throw error;
  }
}
