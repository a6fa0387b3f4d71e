import type { AuditActor, AuditEvent } from '../audit/audit-event';

/*
 * The way back: from what a Receiver holds to the patient. Whoever takes it says why, and the audit trail has it before
 * anything is shown; where a project asks for two people, another one agrees first. What was shown is kept nowhere.
 */

/** One of the two: Patient ID or subject ID as sent, or any UID as sent. */
export type AskedItem = { readonly patientID: string } | { readonly uid: string };

export interface Asked {
  readonly project: string;
  readonly reason: string;
  readonly items: readonly AskedItem[];
}

export interface RegisteredPatient {
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly PatientName: string;
  readonly PatientBirthDate: string;
  readonly PatientSex: string;
}

/** Each study in both worlds. */
export interface RegisteredStudy {
  readonly StudyInstanceUID: string;
  readonly sentAs: string;
  readonly imageSource: string | null;
}

export type Registered =
  | {
      readonly found: 'patient';
      readonly patient: RegisteredPatient;
      /** Other identities of the same person, merged into this one. */
      readonly mergedWith: readonly RegisteredPatient[];
      /** Patient ID as sent. */
      readonly pseudonym: string;
      readonly studies: readonly RegisteredStudy[];
      /** What the UID was at the source, and in which study; null where none was asked for. */
      readonly uid: { readonly kind: string; readonly source: string; readonly study: string | null } | null;
    }
  /** The UID is known, and not one patient's alone. */
  | { readonly found: 'no-patient' }
  /** The identity was erased, as the project says. */
  | { readonly found: 'erased' };

/** What is kept of the way back, by project. null: not there, wherever else it may be. */
export interface PseudonymRegister {
  project(name: string): Promise<{ readonly id: string; readonly reversible: boolean } | null>;
  byPatientID(projectId: string, pseudonym: string): Promise<Registered | null>;
  byUID(projectId: string, uid: string): Promise<Registered | null>;
}

export interface WaitingRequest {
  readonly id: string;
  readonly project: string;
  readonly actor: AuditActor;
  readonly askedAt: Date;
  readonly state: 'pending' | 'approved';
  readonly decidedBy: string | null;
  readonly request: Pick<Asked, 'reason' | 'items'>;
}

/** What was asked for, by whom and when. */
export interface ReidentificationRequests {
  /** Counts against the limit whatever is found; null where the limit is reached, and then nothing is kept. */
  add(request: {
    readonly projectId: string;
    readonly actor: AuditActor;
    readonly items: number;
    /** Kept until it was answered; left out: answered at once. */
    readonly waits?: Pick<Asked, 'reason' | 'items'>;
    readonly most: { readonly items: number; readonly withinMs: number };
  }): Promise<string | null>;
  /** Those that wait for another person, or to be shown; none that expired. */
  waiting(projects?: readonly string[]): Promise<readonly WaitingRequest[]>;
  /** false where it does not wait any more, or waits for somebody else than `by`. */
  decide(id: string, approved: boolean, by: AuditActor): Promise<boolean>;
  /** Once: false where it was answered before. */
  answered(id: string): Promise<boolean>;
}

export interface ReidentificationDeps {
  readonly register: PseudonymRegister;
  readonly requests: ReidentificationRequests;
  /** Throws where the trail cannot be written: then nothing is shown. */
  readonly record: (events: readonly AuditEvent[]) => Promise<void>;
  /** Whether a second person has to agree. */
  readonly needsTwo: (project: string) => boolean;
  /** Where the image source shows a study. */
  readonly viewer: (imageSource: string) => string | undefined;
}

export const SHORTEST_REASON = 10;
export const LONGEST_REASON = 500;
export const MOST_ITEMS = 100;
const HOURLY = { items: 200, withinMs: 3_600_000 };

export interface ShownStudy extends RegisteredStudy {
  readonly link: string | null;
}
export type ShownItem =
  | (Omit<Extract<Registered, { found: 'patient' }>, 'found' | 'studies'> & {
      readonly outcome: 'FOUND';
      readonly asked: AskedItem;
      readonly studies: readonly ShownStudy[];
    })
  | { readonly outcome: 'NOT_IN_REGISTER' | 'NO_PATIENT' | 'ERASED'; readonly asked: AskedItem };

export interface Refusal {
  readonly result: 'refused';
  readonly code: string;
  readonly status: 400 | 403 | 404 | 409 | 429;
  readonly message: string;
  readonly remedy?: string;
  readonly retryAfterSeconds?: number;
}
export type ReidentificationResult =
  | { readonly result: 'shown'; readonly items: readonly ShownItem[] }
  | { readonly result: 'pending'; readonly id: string }
  | Refusal;

export const OUTCOME_WORDS: Readonly<Record<ShownItem['outcome'], string>> = {
  FOUND: 'Found',
  NOT_IN_REGISTER: 'This project exported nothing under it.',
  NO_PATIENT: 'It was exported, and is not the UID of one patient alone.',
  ERASED: 'Who it was has been erased, as the project says.',
};

export class Reidentification {
  readonly #deps: ReidentificationDeps;

  constructor(deps: ReidentificationDeps) {
    this.#deps = deps;
  }

  async ask(asked: Asked, actor: AuditActor): Promise<ReidentificationResult> {
    const { register, requests, record, needsTwo } = this.#deps;
    const wrong = wrongIn(asked);
    if (wrong !== null) return wrong;
    const project = await register.project(asked.project);
    if (project === null) return UNKNOWN_PROJECT;
    if (!project.reversible) return IRREVERSIBLE;
    const { reason, items } = asked;
    const waits = needsTwo(asked.project) ? { waits: { reason, items } } : {};
    const common = { projectId: project.id, actor, items: items.length, most: HOURLY };
    const id = await requests.add({ ...common, ...waits });
    if (id === null) return LIMITED;
    if (needsTwo(asked.project)) {
      await record([told('reidentification-requested', asked.project, actor, words(asked))]);
      return { result: 'pending', id };
    }
    const found = await this.#lookUp(project.id, items);
    await record([reidentified(asked, found, actor)]);
    return { result: 'shown', items: found };
  }

  /** Those of others that wait for a second person, and one's own. */
  waiting(projects?: readonly string[]): Promise<readonly WaitingRequest[]> {
    return this.#deps.requests.waiting(projects);
  }

  async decide(
    id: string,
    approved: boolean,
    by: AuditActor,
    projects?: readonly string[],
  ): Promise<Refusal | { readonly result: 'done' }> {
    const request = await this.#waiting(id, projects);
    if (request === undefined || request.state !== 'pending') return UNKNOWN_REQUEST;
    if (request.actor.name === by.name) return SAME_PERSON;
    const event = approved ? ('reidentification-approved' as const) : ('reidentification-declined' as const);
    await this.#deps.record([told(event, request.project, by, `asked for by ${request.actor.name}`)]);
    return (await this.#deps.requests.decide(id, approved, by)) ? { result: 'done' } : UNKNOWN_REQUEST;
  }

  /** Of an approved request, to whoever asked, once. */
  async show(id: string, actor: AuditActor, projects?: readonly string[]): Promise<ReidentificationResult> {
    const { register, requests, record } = this.#deps;
    const request = await this.#waiting(id, projects);
    if (request === undefined || !isSame(request.actor, actor)) return UNKNOWN_REQUEST;
    if (request.state === 'pending') return NOT_APPROVED;
    const project = await register.project(request.project);
    if (project === null) return UNKNOWN_REQUEST;
    if (!project.reversible) return IRREVERSIBLE;
    const found = await this.#lookUp(project.id, request.request.items);
    await record([reidentified({ project: request.project, ...request.request }, found, actor)]);
    return (await requests.answered(id)) ? { result: 'shown', items: found } : UNKNOWN_REQUEST;
  }

  async #waiting(id: string, projects?: readonly string[]): Promise<WaitingRequest | undefined> {
    return (await this.#deps.requests.waiting(projects)).find((request) => request.id === id);
  }

  async #lookUp(projectId: string, items: readonly AskedItem[]): Promise<readonly ShownItem[]> {
    const { register } = this.#deps;
    const shown: ShownItem[] = [];
    for (const asked of items) {
      const found =
        'uid' in asked
          ? await register.byUID(projectId, asked.uid.trim())
          : await register.byPatientID(projectId, asked.patientID.trim());
      if (found === null) shown.push({ outcome: 'NOT_IN_REGISTER', asked });
      else if (found.found !== 'patient') {
        shown.push({ outcome: found.found === 'erased' ? 'ERASED' : 'NO_PATIENT', asked });
      } else {
        const { patient, mergedWith, pseudonym, uid } = found;
        const studies = found.studies.map((study) => ({ ...study, link: this.#link(study, patient) }));
        shown.push({ outcome: 'FOUND', asked, patient, mergedWith, pseudonym, uid, studies });
      }
    }
    return shown;
  }

  #link({ imageSource, StudyInstanceUID }: RegisteredStudy, { PatientID }: RegisteredPatient): string | null {
    const viewer = imageSource === null ? undefined : this.#deps.viewer(imageSource);
    if (viewer === undefined) return null;
    const values: Readonly<Record<string, string>> = { StudyInstanceUID, PatientID };
    return viewer.replace(/\{(StudyInstanceUID|PatientID)\}/g, (_all, name: string) =>
      encodeURIComponent(values[name] ?? ''),
    );
  }
}

/** A UID where it can be one (PS3.5 9.1); the pseudonyms of Patient IDs have no dot between numbers alone. */
export function askedItem(text: string): AskedItem {
  const value = text.trim();
  return isUID(value) ? { uid: value } : { patientID: value };
}

function isUID(value: string): boolean {
  return value.length <= 64 && /^[0-9]+(\.[0-9]+)+$/.test(value);
}

function wrongIn({ reason, items }: Asked): Refusal | null {
  const length = [...reason.trim()].length;
  if (length === 0) return bad('REASON_MISSING', 'Say why the patient has to be known.');
  if (length < SHORTEST_REASON) {
    return bad('REASON_TOO_SHORT', `The reason needs at least ${SHORTEST_REASON} characters.`);
  }
  if (length > LONGEST_REASON) return bad('TOO_LONG', `The reason has more than ${LONGEST_REASON} characters.`);
  if (items.length === 0) return bad('NOTHING_ASKED', 'Name at least one Patient ID or UID as it was sent.');
  if (items.length > MOST_ITEMS) {
    return bad('TOO_MANY', `At most ${MOST_ITEMS} Patient IDs and UIDs can be asked for at once.`);
  }
  for (const item of items) {
    if ('uid' in item && !isUID(item.uid.trim())) return bad('BAD_UID', 'A UID has numbers with dots between them.');
    // PS3.5 6.2, LO.
    if ('patientID' in item && !/^[^\\\p{Cc}]{1,64}$/u.test(item.patientID.trim())) {
      return bad('BAD_PATIENT_ID', 'A Patient ID has 1 to 64 characters, without backslash and control characters.');
    }
  }
  return null;
}

function bad(code: string, message: string): Refusal {
  return { result: 'refused', status: 400, code, message };
}

/** Also of a project that is there, and not for whoever asks. */
export const UNKNOWN_PROJECT: Refusal = {
  result: 'refused',
  status: 404,
  code: 'UNKNOWN_PROJECT',
  message: 'There is no project of this name.',
};
const IRREVERSIBLE: Refusal = {
  result: 'refused',
  status: 409,
  code: 'IRREVERSIBLE_PROJECT',
  message: 'This project keeps nothing that leads back to a patient: nobody can re-identify what it exported.',
};
const LIMITED: Refusal = {
  result: 'refused',
  status: 429,
  code: 'RATE_LIMITED',
  message: `More than ${HOURLY.items} Patient IDs and UIDs were asked for within an hour.`,
  remedy: 'Wait an hour, or ask for fewer.',
  retryAfterSeconds: HOURLY.withinMs / 1000,
};
const UNKNOWN_REQUEST: Refusal = {
  result: 'refused',
  status: 404,
  code: 'UNKNOWN_REQUEST',
  message: 'There is no such request that waits. A request is answered once, and expires after a day.',
};
const NOT_APPROVED: Refusal = {
  result: 'refused',
  status: 409,
  code: 'NOT_APPROVED',
  message: 'Another person has to approve this request first.',
};
const SAME_PERSON: Refusal = {
  result: 'refused',
  status: 403,
  code: 'SAME_PERSON',
  message: 'This project asks for two people: somebody else has to approve the request.',
};

function isSame(a: AuditActor, b: AuditActor): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** The reason goes into the message, which is sealed and names the patient anyway, and into no list. */
function words({ reason, items }: Pick<Asked, 'reason' | 'items'>): string {
  return `${items.length} asked for; reason: ${reason.trim()}`;
}

function told(event: AuditEvent['event'], project: string, actor: AuditActor, description: string): AuditEvent {
  return { event, actor, project, subject: { kind: 'project', id: project }, description };
}

function reidentified(asked: Asked, items: readonly ShownItem[], actor: AuditActor): AuditEvent {
  const found = items.flatMap((item) => (item.outcome === 'FOUND' ? [item] : []));
  const patients = found.flatMap(({ patient, mergedWith }) => [patient, ...mergedWith].map((each) => each.PatientID));
  const description = `${found.length} found of ${words(asked)}`;
  return {
    ...told('re-identified', asked.project, actor, description),
    outcome: found.length > 0 ? 0 : 4,
    patients: [...new Set(patients)],
  };
}
