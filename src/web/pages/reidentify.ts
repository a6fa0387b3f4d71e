import {
  LONGEST_REASON,
  MOST_ITEMS,
  OUTCOME_WORDS,
  type Refusal,
  type RegisteredPatient,
  type ReidentificationResult,
  SHORTEST_REASON,
  type ShownItem,
  type WaitingRequest,
} from '../../register/reidentification';
import { actorOf } from '../audit-desk';
import type { Identity } from '../authentication';
import { maySeeProject, onlyTheirs } from '../projects';
import { idOf } from '../query';
import { itemsOfText, problemOf } from '../reidentification';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { plural, text } from '../words/text';
import { moment } from '../words/time';

const LONGEST_LIST = 8_000;
const KINDS: Readonly<Record<string, string>> = {
  study: 'Study',
  series: 'Series',
  instance: 'Instance',
  'frame-of-reference': 'Frame of reference',
};

interface Shown {
  readonly project: string;
  readonly list: string;
  readonly error?: string;
  readonly pending?: boolean;
  readonly items?: readonly ShownItem[];
  readonly status?: number;
}

/** Every answer is the answer of a POST: it stands in no address, and loading the page again asks again. */
export function reidentifyPages(web: WebContext): readonly Route[] {
  const { reidentification } = web;

  const send = async (response: Parameters<Handler>[1], identity: Identity | null, now: Date, shown: Shown) => {
    const waiting = await reidentification.waiting(onlyTheirs(identity).projects);
    const mine = waiting.filter(({ actor }) => actor.kind === 'person' && actor.name === identity?.name);
    const others = waiting.filter(({ actor, state }) => state === 'pending' && actor.name !== identity?.name);
    web.pages.send(
      response,
      identity,
      'reidentify',
      {
        title: shown.error === undefined ? 'Re-identify' : 'Error: Re-identify',
        status: shown.status ?? (shown.error === undefined ? 200 : 422),
      },
      {
        error: shown.error ?? null,
        pending: shown.pending ?? false,
        results: shown.items === undefined ? null : shown.items.map(resultRow),
        resultWords: shown.items === undefined ? '' : plural(shown.items.length, 'answer'),
        projects: reidentification
          .projects()
          .filter((name) => maySeeProject(identity, name))
          .map((name) => ({ name, chosen: name === shown.project })),
        list: shown.list,
        limits: { shortest: SHORTEST_REASON, longest: LONGEST_REASON, items: MOST_ITEMS, list: LONGEST_LIST },
        mine: mine.map((request) => waitingRow(request, now)),
        others: others.map((request) => waitingRow(request, now)),
      },
    );
  };
  const open = { project: '', list: '' };

  const form: Handler = (_request, response, { identity, now }) => send(response, identity, now, open);

  const outcome = async (
    response: Parameters<Handler>[1],
    identity: Identity | null,
    now: Date,
    result: ReidentificationResult,
    asked: Pick<Shown, 'project' | 'list'>,
  ) => {
    if (result.result === 'shown') return send(response, identity, now, { ...open, items: result.items });
    if (result.result === 'pending') return send(response, identity, now, { ...open, pending: true, status: 202 });
    if (result.retryAfterSeconds !== undefined) response.set('Retry-After', String(result.retryAfterSeconds));
    return send(response, identity, now, { ...asked, error: result.message, status: statusOf(result) });
  };

  const ask: Handler = async (request, response, { identity, now }) => {
    const [project, reason, list] = ['project', 'reason', 'list'].map((name) => fieldOf(request.body?.[name]));
    const asked = { project: project ?? '', list: list ?? '' };
    if (asked.list.length > LONGEST_LIST) {
      return send(response, identity, now, { ...asked, list: '', error: 'The list is too long.' });
    }
    if (!maySeeProject(identity, asked.project)) {
      return send(response, identity, now, { ...asked, error: 'There is no project of this name.', status: 404 });
    }
    const result = await reidentification.ask(
      { project: asked.project, reason: reason ?? '', items: itemsOfText(asked.list) },
      actorOf(identity),
    );
    return outcome(response, identity, now, result, asked);
  };

  const decide =
    (approved: boolean): Handler =>
    async (request, response, { identity }) => {
      const by = actorOf(identity);
      const id = idOf(request, 'request');
      const result = await reidentification.decide(id, approved, by, onlyTheirs(identity).projects);
      if (result.result === 'refused') throw problemOf(result);
      response.redirect(303, '/reidentify');
    };

  const show: Handler = async (request, response, { identity, now }) => {
    const projects = onlyTheirs(identity).projects;
    const result = await reidentification.show(idOf(request, 'request'), actorOf(identity), projects);
    if (result.result === 'refused') throw problemOf(result);
    return outcome(response, identity, now, result, open);
  };

  return [
    route('GET', '/reidentify', can('reidentify'), form),
    route('POST', '/reidentify', can('reidentify'), ask),
    route('POST', '/reidentify/:request/approve', can('reidentify'), decide(true)),
    route('POST', '/reidentify/:request/decline', can('reidentify'), decide(false)),
    route('POST', '/reidentify/:request/show', can('reidentify'), show),
  ];
}

function statusOf({ status }: Refusal): number {
  return status === 400 ? 422 : status;
}

function fieldOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function waitingRow({ id, project, actor, askedAt, state, decidedBy, request }: WaitingRequest, now: Date) {
  return {
    project: text(project, 80),
    by: text(actor.name, 60),
    at: moment(askedAt, now),
    reason: text(request.reason, LONGEST_REASON),
    items: plural(request.items.length, 'Patient ID or UID', 'Patient IDs or UIDs'),
    approvedBy: state === 'approved' && decidedBy !== null ? text(decidedBy, 60) : null,
    to: `/reidentify/${encodeURIComponent(id)}`,
  };
}

function resultRow(item: ShownItem) {
  const asked = text('uid' in item.asked ? item.asked.uid : item.asked.patientID, 70);
  if (item.outcome !== 'FOUND') return { asked, found: null, words: OUTCOME_WORDS[item.outcome] };
  const { patient, mergedWith, pseudonym, uid, studies } = item;
  return {
    asked,
    words: '',
    found: {
      patients: [patient, ...mergedWith].map(patientRow),
      pseudonym: text(pseudonym, 64),
      uid: uid === null ? null : { kind: KINDS[uid.kind] ?? 'UID', source: text(uid.source, 64) },
      studies: studies.map(({ StudyInstanceUID, imageSource, link }) => ({
        uid: text(StudyInstanceUID, 64),
        imageSource: imageSource === null ? null : text(imageSource, 80),
        asked: uid !== null && uid.study === StudyInstanceUID,
        link,
      })),
    },
  };
}

function patientRow({ PatientID, IssuerOfPatientID, PatientName, PatientBirthDate, PatientSex }: RegisteredPatient) {
  return {
    id: text(PatientID, 64),
    issuer: IssuerOfPatientID === '' ? null : text(IssuerOfPatientID, 64),
    name: text(PatientName, 200),
    born: text(PatientBirthDate, 20),
    sex: text(PatientSex, 16),
  };
}
