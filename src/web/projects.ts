import type { Request } from 'express';
import type { Identity } from './authentication';
import { Problem } from './problem';
import { sessionIdOf, unknownSession } from './query';
import type { Route } from './route';
import type { WebContext } from './web-context';

/*
 * Whoever is restricted to projects sees these and nothing else: what is of another project, or of none yet, is not there
 * for them, and the answers are those for what does not exist.
 */

type Restricted = Pick<Identity, 'projects'> | null;

export function maySeeProject(identity: Restricted, project: string | null): boolean {
  const projects = identity?.projects ?? null;
  return projects === null || (project !== null && projects.includes(project));
}

/** For the query of a list. */
export function onlyTheirs(identity: Restricted): { readonly projects?: readonly string[] } {
  const projects = identity?.projects ?? null;
  return projects === null ? {} : { projects };
}

/** By the path of a route: a session or a project that it names. Lists narrow themselves. */
export async function requireProject(
  web: Pick<WebContext, 'read'>,
  { path }: Pick<Route, 'path'>,
  request: Request,
  identity: Identity,
): Promise<void> {
  if (identity.projects === null) return;
  if (/^(\/api\/v1)?\/sessions\/:id(\/|$)/.test(path)) {
    const session = await web.read.session(sessionIdOf(request));
    if (session === null || !maySeeProject(identity, session.project)) throw unknownSession();
  }
  const named = /\/projects\/:name(\/|$)/.test(path)
    ? request.params.name
    : /\/:project(\/|$)/.test(path)
      ? request.params.project
      : undefined;
  if (named !== undefined && !(typeof named === 'string' && maySeeProject(identity, named))) throw unknownProject();
  if (/^\/accounts(\/|$)/.test(path)) {
    throw new Problem(403, 'ALL_PROJECTS_NEEDED', 'Whoever is restricted to projects cannot give rights to others.');
  }
  // Instances and selections say themselves which project they are for.
  if (/^\/dicom-web\//.test(path)) {
    throw new Problem(
      403,
      'ALL_PROJECTS_NEEDED',
      'Storing instances and selections needs a token that is not restricted to projects.',
    );
  }
}

export function unknownProject(): Problem {
  return new Problem(404, 'UNKNOWN_PROJECT', 'There is no project of this name.');
}
