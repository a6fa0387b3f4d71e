import type { Identity } from '../authentication';
import { destroyKey, type ProjectView } from '../project-desk';
import { maySeeProject, unknownProject } from '../projects';
import { actorOf } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { KIND_WORDS } from '../words/states';
import { cut, plural } from '../words/text';

/** The projects, what they keep, and the end of a pseudonym domain: what it means is said before it is done. */
export function projectPages(web: Pick<WebContext, 'pages' | 'projects'>): readonly Route[] {
  const seen = async (identity: Identity | null): Promise<readonly ProjectView[]> =>
    (await web.projects.list()).filter(({ name }) => maySeeProject(identity, name));

  const list: Handler = async (_request, response, { identity }) => {
    const rows = (await seen(identity)).map((project) => ({
      ...rowOf(project),
      destroyHref: identity?.permissions.has('destroy-keys') === true ? destroyPath(project.name) : null,
    }));
    web.pages.send(response, identity, 'projects', { title: 'Projects' }, { rows });
  };

  const ask: Handler = async (request, response, { identity }) => {
    const project = (await seen(identity)).find(({ name }) => name === request.params.name);
    if (project === undefined) throw unknownProject();
    const { name, openSessions } = project;
    web.pages.send(
      response,
      identity,
      'destroy-key',
      { title: 'Destroy the keys of a project' },
      {
        ...rowOf(project),
        to: destroyPath(name),
        exact: name,
        waits: openSessions === 0 ? null : plural(openSessions, 'session'),
      },
    );
  };

  const destroy: Handler = async (request, response, { identity }) => {
    await destroyKey(web.projects, String(request.params.name), request.body?.confirm, actorOf(identity));
    response.redirect(303, '/projects');
  };

  return [
    route('GET', '/projects', can('read'), list),
    route('GET', '/projects/:name/destroy-key', can('destroy-keys'), ask),
    route('POST', '/projects/:name/destroy-key', can('destroy-keys'), destroy),
  ];
}

function destroyPath(name: string): string {
  return `/projects/${encodeURIComponent(name)}/destroy-key`;
}

function rowOf({ name, kind, receiver, provisioned, reversible, keyGeneration, subjects }: ProjectView) {
  return {
    name: cut(name, 80),
    kind: Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as keyof typeof KIND_WORDS] : kind,
    receiver: cut(receiver, 80),
    provisioned,
    reversible,
    destroyed: keyGeneration === 1 ? null : plural(keyGeneration - 1, 'time'),
    subjects: plural(subjects, 'patient'),
  };
}
