import { INFORMATION_STATES } from '../../session/information-deeds';
import { draftOf, INFORMATION_KEYS, readDraft } from '../../session/information-draft';
import { jsonBody } from '../json-body';
import { Problem } from '../problem';
import { actorOf, onlyKnown, sessionIdOf, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { sendJson } from './send-json';

const PATH = '/api/v1/sessions/:id/teaching-file-information';

/** Additional Teaching File Information of a session, as an object with a key for each row of the template. */
export function informationRoutes(web: Pick<WebContext, 'read' | 'information' | 'audit'>): readonly Route[] {
  const show: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const session = await web.read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    const written = await web.information.written(session.id);
    if (written === null) {
      throw new Problem(
        404,
        'NO_TEACHING_FILE_INFORMATION',
        'No teaching file information was written for this session.',
      );
    }
    await web.audit.shown(session.id, actorOf(identity), 'teaching file information');
    sendJson(response, {
      ...draftOf(written.information),
      writtenBy: written.writtenBy,
      writtenAt: written.writtenAt.toISOString(),
      editable: INFORMATION_STATES.includes(session.state),
    });
  };

  const write: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const id = sessionIdOf(request);
    const body = await jsonBody(request, response, INFORMATION_KEYS);
    const draft = readDraft(body);
    if (draft.errors !== undefined) {
      const [first] = draft.errors;
      throw new Problem(400, 'BAD_TEACHING_FILE_INFORMATION', `"${first?.field}": ${first?.message}`);
    }
    const result = await web.information.write(id, draft.information, actorOf(identity));
    if (result.result === 'unknown-session') throw unknownSession();
    if (result.result === 'refused') {
      throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
    }
    response.status(204).end();
  };

  return [route('GET', PATH, can('operate'), show), route('PUT', PATH, can('operate'), write)];
}
