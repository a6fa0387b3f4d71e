import type { ExportSession, SessionCounts, SessionState } from '../../session/export-session';
import { href } from '../page';
import { KIND_WORDS, STATE_WORDS, type Tone } from '../words/states';
import { cut, plural, sentence, type Text, text } from '../words/text';
import { type Moment, moment, until } from '../words/time';

export interface Badge {
  readonly words: string;
  readonly tone: Tone;
}

/** What stopped a session, with what happens next. */
export interface ErrorLine {
  readonly message: Text;
  readonly code: string;
  readonly remedy: Text | null;
  readonly next: string;
  /** It may go away without anybody doing anything. */
  readonly passing: boolean;
}

export interface SessionLine {
  readonly href: string;
  readonly title: Text;
  readonly project: { readonly name: Text; readonly href: string } | null;
  readonly kind: string | null;
  readonly subject: string | null;
  readonly badge: Badge;
  readonly counts: string;
  /** Delayed for long. */
  readonly overdue: boolean;
  readonly progress: Progress | null;
  readonly updated: Moment;
  readonly created: Moment;
  readonly error: ErrorLine | null;
}

export interface Progress {
  readonly value: number;
  readonly max: number;
}

export function badgeOf(state: SessionState): Badge {
  const { badge, tone } = STATE_WORDS[state];
  return { words: badge, tone };
}

export function isRunning(session: ExportSession): boolean {
  return STATE_WORDS[session.state].group === 'running';
}

export function sessionLine(session: ExportSession, now: Date): SessionLine {
  return {
    href: href(`/sessions/${encodeURIComponent(session.id)}`),
    title: text(session.documentTitle.CodeMeaning || 'Untitled selection', 100),
    project:
      session.project === null
        ? null
        : { name: text(session.project, 80), href: href('/', { project: session.project.slice(0, 200) }) },
    kind: session.kind === null ? null : KIND_WORDS[session.kind],
    subject: session.subject === null ? null : cut(session.subject, 40),
    badge: badgeOf(session.state),
    overdue: session.overdue,
    counts: countsInWords(session.state, session.counts),
    progress: progressOf(session),
    updated: moment(session.updatedAt, now),
    created: moment(session.createdAt, now),
    error: errorLine(session, now),
  };
}

export function errorLine(session: ExportSession, now: Date): ErrorLine | null {
  const { error } = session;
  if (error === null) return null;
  return {
    message: text(sentence(error.message), 240),
    code: cut(error.code),
    remedy: error.remedy === undefined ? null : text(error.remedy, 240),
    next: whatNext(session, now),
    passing: STATE_WORDS[session.state].group !== 'needs-attention',
  };
}

function whatNext(session: ExportSession, now: Date): string {
  if (session.nextAttemptAt !== null) {
    const tries = session.attempts > 0 ? ` (${plural(session.attempts, 'try', 'tries')} so far)` : '';
    return `tries again ${until(session.nextAttemptAt, now)}${tries}`;
  }
  if (STATE_WORDS[session.state].group === 'needs-attention') return 'waits for you';
  return session.error?.retryable === true ? 'tries again by itself' : '';
}

function countsInWords(state: SessionState, counts: SessionCounts): string {
  const first =
    state === 'planning'
      ? `${counts.deidentified.toLocaleString('en')} of ${counts.selected.toLocaleString('en')} checked`
      : `${counts.delivered.toLocaleString('en')} of ${counts.selected.toLocaleString('en')} delivered`;
  const extra = [
    counts.quarantined > 0 ? `${counts.quarantined} held back` : null,
    counts.refused > 0 ? `${counts.refused} refused` : null,
  ];
  return [first, ...extra].filter((words) => words !== null).join(', ');
}

function progressOf(session: ExportSession): Progress | null {
  if (!isRunning(session) || session.counts.selected === 0) return null;
  const value = session.state === 'planning' ? session.counts.deidentified : session.counts.delivered;
  return { value: Math.min(value, session.counts.selected), max: session.counts.selected };
}
