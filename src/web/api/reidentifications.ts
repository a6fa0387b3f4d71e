import type { Request } from 'express';
import {
  type AskedItem,
  askedItem,
  OUTCOME_WORDS,
  type ReidentificationResult,
  type ShownItem,
} from '../../register/reidentification';
import { actorOf } from '../audit-desk';
import { jsonBody } from '../json-body';
import { Problem } from '../problem';
import { maySeeProject, onlyTheirs, unknownProject } from '../projects';
import { idOf, onlyKnown } from '../query';
import { problemOf } from '../reidentification';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { sendJson } from './send-json';

const FIELDS = ['project', 'reason', 'patientID', 'uid', 'list'] as const;

/** Answers name patients: they are shown once, to whoever asked, and kept nowhere. */
export function reidentificationRoutes({ reidentification }: Pick<WebContext, 'reidentification'>): readonly Route[] {
  const answer = (
    response: Parameters<Handler>[1],
    result: ReidentificationResult,
    project: string | undefined,
    single: boolean,
  ): void => {
    if (result.result === 'refused') {
      if (result.retryAfterSeconds !== undefined) response.set('Retry-After', String(result.retryAfterSeconds));
      throw problemOf(result);
    }
    if (result.result === 'pending') {
      sendJson(response.status(202), { id: result.id, project, state: 'pending' });
      return;
    }
    const [first] = result.items;
    if (!single || first === undefined) {
      sendJson(response, { project, items: result.items.map(itemJson) });
      return;
    }
    if (first.outcome !== 'FOUND') {
      throw new Problem(first.outcome === 'NOT_IN_REGISTER' ? 404 : 409, first.outcome, OUTCOME_WORDS[first.outcome]);
    }
    sendJson(response, { project, ...itemJson(first) });
  };

  const ask: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const body = await jsonBody(request, response, FIELDS);
    const project = textOf(body.project);
    if (project === '') throw new Problem(400, 'PROJECT_MISSING', 'Name the project that exported it.');
    const { items, single } = itemsOf(body);
    if (!maySeeProject(identity, project)) throw unknownProject();
    const asked = { project, reason: textOf(body.reason), items };
    answer(response, await reidentification.ask(asked, actorOf(identity)), project, single);
  };

  const show: Handler = async (request, response, { identity }) => {
    onlyKnown(request, []);
    const result = await reidentification.show(requestId(request), actorOf(identity), onlyTheirs(identity).projects);
    answer(response, result, undefined, false);
  };

  return [
    route('POST', '/api/v1/reidentifications', can('reidentify'), ask),
    // Of a request that another person approved on the page.
    route('POST', '/api/v1/reidentifications/:request/show', can('reidentify'), show),
  ];
}

function requestId(request: Request): string {
  return idOf(request, 'request');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function itemsOf({ patientID, uid, list }: Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>>): {
  readonly items: readonly AskedItem[];
  readonly single: boolean;
} {
  const given = [patientID, uid, list].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new Problem(400, 'ONE_OF_THREE', 'Give one of "patientID", "uid" and "list".');
  }
  if (typeof patientID === 'string') return { items: [{ patientID }], single: true };
  if (typeof uid === 'string') return { items: [{ uid }], single: true };
  if (Array.isArray(list)) return { items: list.map(itemOf), single: false };
  throw new Problem(400, 'BAD_VALUE', '"patientID" and "uid" are texts, "list" is a list of texts.');
}

/** A text, which is a UID where it looks like one, or `{patientID}` or `{uid}`. */
function itemOf(entry: unknown): AskedItem {
  if (typeof entry === 'string') return askedItem(entry);
  const { patientID, uid, ...rest } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length === 0) {
    if (typeof patientID === 'string' && uid === undefined) return { patientID };
    if (typeof uid === 'string' && patientID === undefined) return { uid };
  }
  throw new Problem(400, 'BAD_VALUE', 'An entry of "list" is a text, or an object with "patientID" or "uid".');
}

export function itemJson(item: ShownItem): Record<string, unknown> {
  if (item.outcome !== 'FOUND') return { asked: item.asked, outcome: item.outcome };
  const { asked, outcome, patient, mergedWith, pseudonym, uid, studies } = item;
  return {
    asked,
    outcome,
    patient,
    mergedWith,
    pseudonym,
    ...(uid === null ? {} : { uid: { kind: uid.kind, source: uid.source, StudyInstanceUID: uid.study } }),
    studies: studies.map(({ StudyInstanceUID, sentAs, imageSource, link }) => ({
      StudyInstanceUID,
      sentAs,
      imageSource,
      link,
    })),
  };
}
