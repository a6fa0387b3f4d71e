import type { FindingLine, OpenFinding } from '../../session/review-port';
import { jsonBody } from '../json-body';
import { Problem } from '../problem';
import { actorOf, idOf, onlyKnown, sessionIdOf, unknownSession } from '../query';
import { requireDecided } from '../review';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { sendJson } from './send-json';

/** A finding without its text: for everybody who may read. */
export function findingJson({ id, kind, reason, paths, instances, decision }: FindingLine): Record<string, unknown> {
  return { id, kind, reason, paths, instances, decision };
}

function openFindingJson(finding: OpenFinding): Record<string, unknown> {
  return {
    ...findingJson(finding),
    decidedBy: finding.decidedBy,
    decidedAt: finding.decidedAt?.toISOString() ?? null,
    text: finding.text?.text ?? null,
    unknown: finding.text?.unknown ?? null,
    proposal: finding.text?.proposal ?? null,
    replacement: finding.replacement,
  };
}

/** The side of the API on which people look at texts and decide. Its answers may identify a patient. */
export function reviewRoutes({ read, review, audit }: Pick<WebContext, 'read' | 'review' | 'audit'>): readonly Route[] {
  const list: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const session = await read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    await audit.shown(session.id, actorOf(identity), 'findings');
    const findings = await review.openFindings(session.id, actorOf(identity));
    sendJson(response, { items: findings.map(openFindingJson), nextCursor: null });
  };

  const decide: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const id = sessionIdOf(request);
    const { decision, replacement } = await jsonBody(request, response, ['decision', 'replacement']);
    requireDecided(await review.decide(id, idOf(request, 'finding'), { decision, replacement }, actorOf(identity)));
    const finding = (await review.findings(id)).find((each) => each.id === request.params.finding);
    sendJson(response, finding === undefined ? {} : findingJson(finding));
  };

  const decisions: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const found = await review.decisions(projectNameOf(request.params.name), actorOf(identity));
    if (found === null) throw new Problem(404, 'UNKNOWN_PROJECT', 'There is no project of this name.');
    sendJson(response, {
      items: found.map(({ decidedAt, revokedAt, ...rest }) => ({
        ...rest,
        decidedAt: decidedAt.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
      })),
      nextCursor: null,
    });
  };

  const revoke: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const name = projectNameOf(request.params.name);
    if (!(await review.revoke(name, idOf(request, 'decision'), actorOf(identity)))) {
      throw new Problem(404, 'UNKNOWN_DECISION', 'The project has no decision with this id that stands.');
    }
    response.status(204).end();
  };

  return [
    route('GET', '/api/v1/sessions/:id/findings', can('review'), list),
    route('POST', '/api/v1/sessions/:id/findings/:finding/decision', can('review'), decide),
    route('GET', '/api/v1/projects/:name/decisions', can('review'), decisions),
    route('POST', '/api/v1/projects/:name/decisions/:decision/revoke', can('review'), revoke),
  ];
}

function projectNameOf(name: unknown): string {
  if (typeof name === 'string' && name.length <= 200) return name;
  throw new Problem(404, 'UNKNOWN_PROJECT', 'There is no project of this name.');
}
