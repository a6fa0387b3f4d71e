import type { ExportSession } from '../../session/export-session';
import type { SessionTrial } from '../../session/trial-port';
import { requireListed } from '../api/subjects';
import { Problem } from '../problem';
import { actorOf, sessionIdOf, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import { loOf, requireGiven } from '../subjects';
import type { WebContext } from '../web-context';
import { cut } from '../words/text';

const WAITS_FOR_SUBJECT: ReadonlySet<string> = new Set(['SUBJECT_MISSING', 'SUBJECTS_EXHAUSTED']);

/** What only a person can say of who the patient is in a trial, and when. */
export interface SubjectSection {
  /** null where the subject ID is known. */
  readonly give: { readonly to: string } | null;
  readonly timePoints: readonly {
    readonly to: string;
    readonly study: string;
    readonly id: string;
    readonly proposal: string;
    readonly choices: readonly { readonly id: string; readonly proposed: boolean }[];
  }[];
}

/** null where there is nothing to be said. */
export function subjectSection(
  session: ExportSession,
  trial: SessionTrial | null,
  list: readonly string[],
): SubjectSection | null {
  if (session.state !== 'review' || session.error === null || trial === null) return null;
  const path = `/sessions/${encodeURIComponent(session.id)}`;
  const open = trial.timePoints.filter(({ timePoint }) => timePoint === null);
  const give = WAITS_FOR_SUBJECT.has(session.error.code) ? { to: `${path}/subject` } : null;
  if (give === null && open.length === 0) return null;
  return {
    give,
    timePoints: open.map(({ study, proposal }, n) => ({
      to: `${path}/time-point`,
      study: cut(study, 64),
      id: `time-point-${n + 1}`,
      proposal: proposal ?? '',
      choices: list.map((id) => ({ id, proposed: id === proposal })),
    })),
  };
}

export function subjectForms({ read, subjects }: Pick<WebContext, 'read' | 'subjects'>): readonly Route[] {
  const existing = async (id: string): Promise<ExportSession & { readonly project: string }> => {
    const session = await read.session(id);
    if (session === null) throw unknownSession();
    const { project } = session;
    if (project === null) throw new Problem(409, 'NO_PROJECT', 'The session belongs to no project yet.');
    return { ...session, project };
  };

  const give: Handler = async (request, response, { identity }) => {
    const session = await existing(sessionIdOf(request));
    const given = { subjectID: loOf('subjectID', request.body?.subjectID) };
    requireGiven(await subjects.give(session.project, { session: session.id }, given, actorOf(identity)));
    response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
  };

  const timePoint: Handler = async (request, response, { identity }) => {
    const session = await existing(sessionIdOf(request));
    const [study, given] = [loOf('study', request.body?.study), loOf('timePoint', request.body?.timePoint)];
    requireListed(subjects.timePointsOf(session.project), given);
    requireGiven(await subjects.giveTimePoint(session.id, study, given, actorOf(identity)));
    response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
  };

  return [
    route('POST', '/sessions/:id/subject', can('operate'), give),
    route('POST', '/sessions/:id/time-point', can('operate'), timePoint),
  ];
}
