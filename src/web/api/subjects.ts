import type { Request } from 'express';
import { Fault } from '../../base/errors';
import { readSubjectList } from '../../register/subject-list-file';
import type { SubjectLine } from '../../session/trial-port';
import { jsonBody } from '../json-body';
import { Problem } from '../problem';
import { unknownProject } from '../projects';
import { actorOf, cursorOf, limitOf, onlyKnown, sessionIdOf, single, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import { loOf, requireGiven } from '../subjects';
import type { WebContext } from '../web-context';
import { sendJson } from './send-json';

const DEFAULT_LIMIT = 50;
/** 100,000 rows with room to spare. */
const MOST_LIST_BYTES = 64 * 1024 * 1024;

function subjectJson(line: SubjectLine): Record<string, unknown> {
  const { code, subjectID, arm, site, mergedInto, formerIDs, timePoints, sessions } = line;
  return { code, subjectID, arm, site, mergedInto, formerIDs, timePoints, sessions };
}

/** Subjects of projects. What goes out names no patient; what comes in may, and is not repeated. */
export function subjectRoutes({ read, subjects }: Pick<WebContext, 'read' | 'subjects'>): readonly Route[] {
  const list: Handler = async (request, response) => {
    onlyKnown(request, ['limit', 'cursor']);
    const cursor = cursorOf(request);
    const limit = limitOf(request, DEFAULT_LIMIT);
    const page = await subjects.list(projectOf(request), { limit, ...(cursor === undefined ? {} : { cursor }) });
    if (page === null) throw unknownProject();
    sendJson(response, { items: page.items.map(subjectJson), nextCursor: page.nextCursor });
  };

  const give: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const fields = ['subjectID', 'session', 'patientID', 'issuer', 'arm', 'site'];
    const body = await jsonBody(request, response, fields);
    if ((body.session === undefined) === (body.patientID === undefined)) {
      throw new Problem(400, 'BAD_VALUE', 'Name the patient by "session" or by "patientID", and not by both.');
    }
    const of =
      body.session === undefined
        ? {
            patient: {
              PatientID: loOf('patientID', body.patientID),
              IssuerOfPatientID: loOf('issuer', body.issuer, false) ?? '',
            },
          }
        : { session: loOf('session', body.session) };
    const given = {
      subjectID: loOf('subjectID', body.subjectID),
      arm: loOf('arm', body.arm, false) ?? null,
      site: loOf('site', body.site, false) ?? null,
    };
    const sessions = requireGiven(await subjects.give(projectOf(request), of, given, actorOf(identity)));
    sendJson(response.status(201), { ...given, sessions });
  };

  const replace: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const body = await jsonBody(request, response, ['subjectID', 'newSubjectID']);
    const [was, become] = [loOf('subjectID', body.subjectID), loOf('newSubjectID', body.newSubjectID)];
    requireGiven(await subjects.replace(projectOf(request), was, become, actorOf(identity)));
    sendJson(response, { subjectID: become });
  };

  const merge: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const body = await jsonBody(request, response, ['keep', 'merge']);
    const [keep, merged] = [loOf('keep', body.keep), loOf('merge', body.merge)];
    requireGiven(await subjects.merge(projectOf(request), keep, merged, actorOf(identity)));
    sendJson(response, { subjectID: keep });
  };

  const importList: Handler = async (request, response, { identity }) => {
    onlyKnown(request, ['dryRun']);
    const dryRun = single(request, 'dryRun') ?? 'false';
    if (dryRun !== 'true' && dryRun !== 'false') throw new Problem(400, 'BAD_VALUE', '"dryRun" is true or false.');
    try {
      const rows = readSubjectList(limited(request));
      const result = await subjects.import(projectOf(request), rows, dryRun === 'true', actorOf(identity));
      if (result === null) throw unknownProject();
      const { mistakes, mistakeCount, ...counts } = result;
      const refused = mistakeCount > 0 && dryRun === 'false';
      sendJson(response.status(refused ? 422 : 200), {
        ...counts,
        ...(refused ? { code: 'SUBJECT_LIST_HAS_MISTAKES' } : {}),
        mistakeCount,
        mistakes,
      });
    } catch (error) {
      // What was not read of the body is not waited for.
      if (!request.complete) response.set('Connection', 'close');
      if (error instanceof Fault && error.code === 'BAD_SUBJECT_LIST') {
        throw new Problem(400, error.code, `${error.message}.`, error.remedy);
      }
      throw error;
    }
  };

  const trial: Handler = async (request, response) => {
    onlyKnown(request, []);
    const session = await read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    const found = await subjects.ofSession(session.id);
    sendJson(response, {
      subject: session.subject,
      subjectID: found?.subjectID ?? null,
      timePoints: (found?.timePoints ?? []).map(({ study, timePoint, proposal }) => ({ study, timePoint, proposal })),
    });
  };

  const timePoint: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const session = await read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    const body = await jsonBody(request, response, ['study', 'timePoint']);
    const [study, given] = [loOf('study', body.study), loOf('timePoint', body.timePoint)];
    requireListed(subjects.timePointsOf(session.project ?? ''), given);
    const sessions = requireGiven(await subjects.giveTimePoint(session.id, study, given, actorOf(identity)));
    sendJson(response, { study, timePoint: given, sessions });
  };

  return [
    route('GET', '/api/v1/projects/:name/subjects', can('read'), list),
    route('POST', '/api/v1/projects/:name/subjects', can('operate'), give),
    route('POST', '/api/v1/projects/:name/subjects/import', can('operate'), importList),
    route('POST', '/api/v1/projects/:name/subjects/replace', can('operate'), replace),
    route('POST', '/api/v1/projects/:name/subjects/merge', can('operate'), merge),
    route('GET', '/api/v1/sessions/:id/trial', can('read'), trial),
    route('POST', '/api/v1/sessions/:id/time-points', can('operate'), timePoint),
  ];
}

/** Where the trial has a list, no other time point is one. */
export function requireListed(list: readonly string[], timePoint: string): void {
  if (list.length === 0 || list.includes(timePoint)) return;
  throw new Problem(400, 'UNKNOWN_TIME_POINT', 'The trial has no time point of this name.', 'Take one of its list.');
}

function projectOf(request: Request): string {
  const { name } = request.params;
  if (typeof name === 'string' && name.length <= 200) return name;
  throw unknownProject();
}

async function* limited(request: Request): AsyncGenerator<Uint8Array> {
  let taken = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    taken += chunk.byteLength;
    if (taken > MOST_LIST_BYTES) throw new Problem(413, 'BODY_TOO_LARGE', 'The body of the request is too large.');
    yield chunk;
  }
}
