import type { InstanceState, ProjectKind, SessionState } from '../../session/export-session';
import type { SessionAction } from '../actions';

/** What a session needs from a person decides where the worklist shows it. */
export type GroupName = 'needs-attention' | 'waiting' | 'running' | 'delayed' | 'done' | 'closed';

export interface Group {
  readonly name: GroupName;
  readonly title: string;
  readonly empty: string;
}

export const GROUPS: readonly Group[] = [
  { name: 'needs-attention', title: 'Needs attention', empty: 'Nothing needs you at the moment.' },
  { name: 'waiting', title: 'Waiting for images', empty: 'No export is waiting for images.' },
  { name: 'running', title: 'Running', empty: 'No export is running at the moment.' },
  { name: 'delayed', title: 'Delayed', empty: 'No export is delayed.' },
  { name: 'done', title: 'Done', empty: 'No export has been completed yet.' },
  { name: 'closed', title: 'Closed', empty: 'No export has been cancelled or superseded.' },
];

export type Tone = 'bad' | 'wait' | 'go' | 'good' | 'calm';

export interface StateWords {
  readonly group: GroupName;
  readonly badge: string;
  readonly tone: Tone;
  /** What the state means, and what happens or should happen next. */
  readonly means: string;
  readonly next: string;
  readonly actions: readonly SessionAction[];
}

export const STATE_WORDS: Readonly<Record<SessionState, StateWords>> = {
  received: {
    group: 'needs-attention',
    badge: 'Received',
    tone: 'bad',
    means: 'The selection was read. Nothing has been retrieved or sent yet.',
    next: 'Assign it to the project it belongs to. Later ones go on by themselves where their document title or disposition is one of a single project in the configuration.',
    actions: ['retry', 'cancel'],
  },
  failed: {
    group: 'needs-attention',
    badge: 'Failed',
    tone: 'bad',
    means: 'The export stopped at an error that trying again by itself will not cure.',
    next: 'Put right what the error says, then try again. What the Receiver already keeps is not sent twice.',
    actions: ['retry', 'resend', 'cancel'],
  },
  quarantined: {
    group: 'needs-attention',
    badge: 'Quarantined',
    tone: 'bad',
    means: 'At least one instance could not be made safe to send. The set is held back as a whole.',
    next: 'The instances below say why they were held back. Correct them at the image source and try again, or cancel the export.',
    actions: ['retry', 'cancel'],
  },
  rejected: {
    group: 'needs-attention',
    badge: 'Rejected',
    tone: 'bad',
    means: 'The selection cannot be exported as it is. Nothing has been sent.',
    next: 'Make the selection anew at the Export Selector, without what the error names. This one can be cancelled.',
    actions: ['cancel'],
  },
  review: {
    group: 'needs-attention',
    badge: 'Needs review',
    tone: 'wait',
    means: 'The set was read and checked. Somebody has to look at the findings before it is sent.',
    next: 'Nothing is sent until it has been approved.',
    actions: ['approve', 'cancel'],
  },
  waiting: {
    group: 'waiting',
    badge: 'Waiting for images',
    tone: 'wait',
    means: 'The image source does not have every selected instance. Nothing has been sent.',
    next: 'The image source is asked again by itself. If the images never come, look up the missing instances below in the PACS, or cancel.',
    actions: ['retry', 'cancel'],
  },
  planning: {
    group: 'running',
    badge: 'Checking',
    tone: 'go',
    means: 'Every instance is being read, de-identified and checked. Nothing has been sent.',
    next: 'Sending starts once the whole set has passed.',
    actions: ['retry', 'cancel'],
  },
  queued: {
    group: 'running',
    badge: 'Queued',
    tone: 'go',
    means: 'The whole set has passed the checks and waits for its turn to be sent.',
    next: 'Nothing to do: it goes on by itself.',
    actions: ['cancel'],
  },
  exporting: {
    group: 'running',
    badge: 'Sending',
    tone: 'go',
    means: 'De-identified instances are being sent to the Receiver; the manifest goes last.',
    next: 'Nothing to do: it goes on by itself, also after an interruption.',
    actions: ['retry', 'cancel'],
  },
  delayed: {
    group: 'delayed',
    badge: 'Delayed',
    tone: 'calm',
    means: 'The selection itself asks for the export to wait.',
    next: 'It goes on when a later selection takes its place, or when somebody releases it. It can be cancelled.',
    actions: ['cancel'],
  },
  completed: {
    group: 'done',
    badge: 'Done',
    tone: 'good',
    means: 'The Receiver keeps the set and its manifest.',
    next: 'Nothing to do.',
    actions: ['resend'],
  },
  cancelled: {
    group: 'closed',
    badge: 'Cancelled',
    tone: 'calm',
    means: 'The export was ended by a person.',
    next: 'What the Receiver already kept stays there. A new selection starts a new export.',
    actions: [],
  },
  superseded: {
    group: 'closed',
    badge: 'Superseded',
    tone: 'calm',
    means: 'A later selection took the place of this one.',
    next: 'Nothing to do.',
    actions: [],
  },
};

export function statesOf(group: GroupName): readonly SessionState[] {
  return (Object.keys(STATE_WORDS) as SessionState[]).filter((state) => STATE_WORDS[state].group === group);
}

export const INSTANCE_WORDS: Readonly<Record<InstanceState, { readonly badge: string; readonly tone: Tone }>> = {
  selected: { badge: 'Selected', tone: 'calm' },
  missing: { badge: 'Missing', tone: 'wait' },
  planned: { badge: 'Checked', tone: 'go' },
  quarantined: { badge: 'Held back', tone: 'bad' },
  delivered: { badge: 'Delivered', tone: 'good' },
};

export const KIND_WORDS: Readonly<Record<ProjectKind, string>> = {
  'teaching-file': 'Teaching file',
  'clinical-trial': 'Clinical trial',
  'research-collection': 'Research collection',
  publication: 'Publication',
};
