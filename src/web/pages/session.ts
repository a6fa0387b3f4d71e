import { nameOfSOPClass } from '../../dicom/sop-class';
import type { ExportSession } from '../../session/export-session';
import { INFORMATION_STATES } from '../../session/information-deeds';
import type { DeliveryReceipt, InstanceLine, SessionEvent } from '../../session/store-port';
import { PERMISSION_FOR, SESSION_ACTIONS, type SessionAction } from '../actions';
import type { Identity } from '../authentication';
import { href } from '../page';
import { Problem } from '../problem';
import { actorOf, cursorOf, sessionIdOf, single, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import { LONGEST_REASON } from '../session-deeds';
import type { WebContext } from '../web-context';
import { type ChangeGroup, groupChanges } from '../words/changes';
import { INSTANCE_WORDS, KIND_WORDS, STATE_WORDS } from '../words/states';
import { cut, plural, sentence, size, type Text, text } from '../words/text';
import { type Moment, moment } from '../words/time';
import { receiptSummary } from './receipt';
import { reviewSection } from './review';
import { type Badge, badgeOf, errorLine, isRunning, sessionLine } from './session-line';
import { subjectSection } from './subject';

const INSTANCES = 20;
const MISSING = 50;
const EVENTS = 40;
/** Of each group of changes; the page of all changes has the rest. */
const CHANGES = 25;
const REFRESH_SECONDS = 5;

const ACTION_BUTTONS: Readonly<Record<SessionAction, string>> = {
  retry: 'Try again now',
  resend: 'Send the whole set again',
  approve: 'Approve',
  cancel: 'Cancel this export',
};

export function sessionPage(web: WebContext): readonly Route[] {
  const { read } = web;

  const existing = async (id: string): Promise<ExportSession> => {
    const session = await read.session(id);
    if (session === null) throw unknownSession();
    return session;
  };

  const show: Handler = async (request, response, { identity, now }) => {
    const cursor = cursorOf(request);
    const refreshOff = single(request, 'refresh') === 'off';
    const session = await existing(sessionIdOf(request));
    if (session.state === 'waiting') await web.audit.shown(session.id, actorOf(identity), 'missing instances');
    const mayDecide = identity?.kind === 'person' && identity.permissions.has('review');
    // Their texts may name the patient: they are opened for who decides on them, and while there is something to decide.
    const opens = mayDecide && session.state === 'review';
    if (opens) await web.audit.shown(session.id, actorOf(identity), 'findings');
    const [instances, missing, changes, events, receipt, findings] = await Promise.all([
      read.instances(session.id, { limit: INSTANCES, ...(cursor === undefined ? {} : { cursor }) }),
      session.state === 'waiting' ? read.missing(session.id) : [],
      read.changes(session.id),
      read.events(session.id),
      read.receipt(session.id),
      opens ? web.review.openFindings(session.id, actorOf(identity)) : [],
    ]);
    const path = `/sessions/${encodeURIComponent(session.id)}`;
    const keep = { refresh: refreshOff ? 'off' : undefined };
    const running = isRunning(session);
    const words = STATE_WORDS[session.state];
    const { progress, counts } = sessionLine(session, now);

    web.pages.send(
      response,
      identity,
      'session',
      {
        title: `${cut(session.documentTitle.CodeMeaning || 'Untitled selection', 60)} – ${words.badge}`,
        refresh: running && !refreshOff ? REFRESH_SECONDS : null,
      },
      {
        title: text(session.documentTitle.CodeMeaning || 'Untitled selection', 120),
        badge: badgeOf(session.state),
        means: words.means,
        next: words.next,
        group: { title: words.group, href: href('/', { show: words.group }) },
        progress: progress === null ? null : { ...progress, words: counts },
        error: errorLine(session, now),
        actions:
          identity?.kind === 'person' && identity.permissions.has('operate')
            ? {
                // While all goes well there is nothing to try again.
                retry:
                  words.actions.includes('retry') && !(running && session.error === null)
                    ? { to: `${path}/retry`, words: ACTION_BUTTONS.retry }
                    : null,
                resend: words.actions.includes('resend')
                  ? { to: `${path}/resend`, words: ACTION_BUTTONS.resend }
                  : null,
                cancel: words.actions.includes('cancel')
                  ? { to: `${path}/cancel`, words: ACTION_BUTTONS.cancel }
                  : null,
                any: words.actions.length > 0,
              }
            : { retry: null, resend: null, cancel: null, any: false },
        ...waysOn(web, session, identity, path),
        subject:
          identity?.kind === 'person' && identity.permissions.has('operate') && session.state === 'review'
            ? subjectSection(
                session,
                await web.subjects.ofSession(session.id),
                web.subjects.timePointsOf(session.project ?? ''),
              )
            : null,
        information: mayWrite(session, identity) ? `${path}/teaching-file` : null,
        successor: session.supersededBy === null ? null : `/sessions/${encodeURIComponent(session.supersededBy)}`,
        refresh: running
          ? {
              on: !refreshOff,
              seconds: REFRESH_SECONDS,
              href: href(path, { cursor, refresh: refreshOff ? undefined : 'off' }),
            }
          : null,
        counts: countTiles(session),
        facts: facts(session, now),
        missing:
          missing.length === 0
            ? null
            : {
                words: plural(missing.length, 'instance'),
                uids: missing.slice(0, MISSING).map((uid) => cut(uid, 100)),
                more: missing.length > MISSING ? (missing.length - MISSING).toLocaleString('en') : null,
                href: `${path}/missing.txt`,
              },
        instances: {
          lines: instances.items.map((line) => instanceRow(line, now)),
          firstHref: cursor === undefined ? null : `${href(path, keep)}#instances`,
          nextHref:
            instances.nextCursor === null ? null : `${href(path, { ...keep, cursor: instances.nextCursor })}#instances`,
        },
        review: reviewSection(session, findings, mayDecide),
        changes:
          changes.length === 0 ? null : { groups: groupChanges(changes).map(changeGroup), href: `${path}/changes` },
        receipt: receipt === null ? null : receiptOf(receipt, path, now),
        events: {
          lines: events
            .slice(-EVENTS)
            .reverse()
            .map((event) => eventLine(event, now)),
          earlier: events.length > EVENTS ? plural(events.length - EVENTS, 'earlier event') : null,
        },
        session: { id: session.id, created: moment(session.createdAt, now), updated: moment(session.updatedAt, now) },
      },
    );
  };

  const missing: Handler = async (request, response, { identity }) => {
    const session = await existing(sessionIdOf(request));
    await web.audit.shown(session.id, actorOf(identity), 'missing instances');
    const uids = await read.missing(session.id);
    response
      .type('text/plain; charset=utf-8')
      .set('Content-Disposition', `attachment; filename="missing-${session.id.replace(/[^A-Za-z0-9-]/g, '')}.txt"`)
      .send(uids.map((uid) => `${uid}\n`).join(''));
  };

  const act =
    (action: SessionAction): Handler =>
    async (request, response, { identity }) => {
      const session = await existing(sessionIdOf(request));
      const result = await web.actions[action](session.id, actorOf(identity));
      if (result.result === 'unknown-session') throw unknownSession();
      if (result.result === 'refused') {
        throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
      }
      response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
    };

  return [
    route('GET', '/sessions/:id', can('read'), show),
    route('GET', '/sessions/:id/missing.txt', can('read'), missing),
    ...SESSION_ACTIONS.map((action) =>
      route('POST', `/sessions/:id/${action}`, can(PERMISSION_FOR[action]), act(action)),
    ),
  ];
}

/** Teaching file information can be written while the session waits. */
function mayWrite(session: ExportSession, identity: Identity | null): boolean {
  const may = identity?.kind === 'person' && identity.permissions.has('operate');
  return may && session.kind === 'teaching-file' && INFORMATION_STATES.includes(session.state);
}

/** What only a person can say: whose a selection is, and that it need not wait any longer. */
function waysOn(web: WebContext, session: ExportSession, identity: Identity | null, path: string) {
  const may = identity?.kind === 'person' && identity.permissions.has('operate');
  const projects = may && session.state === 'received' ? web.projectsServing(session.imageSource) : [];
  const copies = session.state === 'waiting' && session.error?.code === 'COPIES_MISSING';
  return {
    assign: projects.length === 0 ? null : { to: `${path}/assign`, projects: projects.map((name) => cut(name, 80)) },
    release:
      may && session.project !== null && (session.state === 'delayed' || copies)
        ? {
            to: `${path}/release`,
            words: copies ? 'Go on without the missing copies' : 'Release this export',
            maxLength: LONGEST_REASON,
          }
        : null,
  };
}

function countTiles({
  counts,
}: ExportSession): readonly { readonly words: string; readonly count: string; readonly bad: boolean }[] {
  const tile = (words: string, count: number, bad = false) => ({
    words,
    count: count.toLocaleString('en'),
    bad: bad && count > 0,
  });
  return [
    tile('selected', counts.selected),
    tile('retrieved', counts.retrieved),
    tile('de-identified', counts.deidentified),
    tile('delivered', counts.delivered),
    tile('refused', counts.refused, true),
    tile('held back', counts.quarantined, true),
  ];
}

interface Fact {
  readonly name: string;
  readonly value: Text;
  readonly note: string | null;
}

function facts(session: ExportSession, now: Date): readonly Fact[] {
  const fact = (name: string, value: string | null, note: string | null = null): Fact[] =>
    value === null || value === '' ? [] : [{ name, value: text(value, 120), note }];
  const { documentTitle, kind } = session;
  return [
    ...fact(
      'Document title',
      documentTitle.CodeMeaning || 'Untitled',
      `${cut(documentTitle.CodeValue, 32)}, ${cut(documentTitle.CodingSchemeDesignator, 32)}`,
    ),
    ...fact('Disposition', session.disposition),
    ...fact('Project', session.project ?? 'Not known yet'),
    ...fact('Patient', session.subject, 'code in the project'),
    ...fact('Purpose', kind === null ? null : KIND_WORDS[kind]),
    ...fact('Image source', session.imageSource),
    ...fact('Receiver', session.receiver ?? 'Not known yet'),
    ...session.delayReasons
      .slice(0, 20)
      .flatMap(({ CodeMeaning, CodeValue, CodingSchemeDesignator }) =>
        fact('Delay reason', CodeMeaning || CodeValue, `${cut(CodeValue, 32)}, ${cut(CodingSchemeDesignator, 32)}`),
      ),
    ...fact(
      'Profile',
      session.edition === null ? null : `PS3.15 Table E.1-1, edition ${session.edition}`,
      session.edition === null
        ? null
        : session.options.length === 0
          ? 'Basic Profile, no options'
          : session.options.map((option) => cut(option, 60)).join(', '),
    ),
    ...fact('Opened', moment(session.createdAt, now).absolute),
    ...fact('Last change', moment(session.updatedAt, now).absolute),
  ];
}

interface InstanceRow {
  readonly number: number;
  readonly className: Text;
  readonly uid: string | null;
  readonly badge: Badge;
  readonly reason: { readonly message: Text; readonly remedy: Text | null; readonly code: string } | null;
  readonly size: string | null;
  readonly delivered: Moment | null;
  readonly answer: string | null;
}

function instanceRow(line: InstanceLine, now: Date): InstanceRow {
  const { badge, tone } = INSTANCE_WORDS[line.state];
  return {
    // `ordinal` counts from 0, people from 1.
    number: line.ordinal + 1,
    className: text(nameOfSOPClass(line.SOPClassUID) ?? `SOP Class ${line.SOPClassUID}`, 100),
    uid: line.SOPInstanceUID === null ? null : cut(line.SOPInstanceUID, 100),
    badge: { words: badge, tone },
    reason:
      line.reason === null
        ? null
        : {
            message: text(sentence(line.reason.message), 160),
            remedy: line.reason.remedy === undefined ? null : text(line.reason.remedy, 160),
            code: cut(line.reason.code),
          },
    size: line.byteLength === null ? null : size(line.byteLength),
    delivered: line.deliveredAt === null ? null : moment(line.deliveredAt, now),
    answer: line.deliveredAt === null ? null : line.status === null ? 'found at the Receiver' : `HTTP ${line.status}`,
  };
}

function changeGroup(group: ChangeGroup) {
  return {
    action: cut(group.action, 16),
    title: group.title,
    explanation: group.explanation,
    words: plural(group.rows.length, 'attribute'),
    rows: group.rows.slice(0, CHANGES).map(changeRow),
    more: group.rows.length > CHANGES ? (group.rows.length - CHANGES).toLocaleString('en') : null,
  };
}

export function changeRow({ path, keyword, name, rule, instances }: ChangeGroup['rows'][number]) {
  return {
    path: cut(path, 200),
    keyword: cut(keyword, 80),
    name: cut(name, 80),
    rule: cut(rule, 80),
    instances: instances.toLocaleString('en'),
  };
}

function receiptOf(receipt: DeliveryReceipt, path: string, now: Date) {
  return { ...receiptSummary(receipt, now), href: `${path}/receipt`, jsonHref: `${path}/receipt.json` };
}

function eventLine(event: SessionEvent, now: Date) {
  return {
    at: moment(event.at, now),
    badge: badgeOf(event.state),
    text: text(sentence(event.text), 240),
    code: event.code === null ? null : cut(event.code),
    note: event.note === undefined ? null : text(event.note, 240),
  };
}
