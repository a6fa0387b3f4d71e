import type { Request } from 'express';
import type { ExportSession } from '../../session/export-session';
import { INFORMATION_STATES } from '../../session/information-deeds';
import {
  CATEGORIES,
  type DraftError,
  draftOf,
  LEVELS,
  LONGEST_TEXT,
  MODALITIES,
  readDraft,
  YES_NO,
} from '../../session/information-draft';
import type { Identity } from '../authentication';
import { Problem } from '../problem';
import { actorOf, sessionIdOf, unknownSession } from '../query';
import { can, type Handler, longForm, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { cut } from '../words/text';

/** How each row of the template is asked for. */
type Asked = 'line' | 'paragraph' | 'lines' | 'paragraphs' | 'one of' | 'some of';

interface FormField {
  readonly key: string;
  readonly label: string;
  readonly hint: string | null;
  readonly asked: Asked;
  readonly options?: readonly Code[];
}

interface Code {
  readonly CodeValue: string;
  readonly CodingSchemeDesignator: string;
  readonly CodeMeaning: string;
}

const ONE_EACH = 'One on each line. A code is written as value^scheme^meaning.';

const FIELDS: readonly FormField[] = [
  {
    key: 'author',
    label: 'Author',
    hint: 'Leaves only where the project says so, as affiliation and contact do.',
    asked: 'line',
  },
  { key: 'affiliation', label: 'Affiliation', hint: null, asked: 'line' },
  { key: 'contact', label: 'Contact', hint: null, asked: 'line' },
  {
    key: 'abstract',
    label: 'Abstract',
    hint: 'Without names: what nobody vouches for is looked at.',
    asked: 'paragraph',
  },
  { key: 'keywords', label: 'Keywords', hint: ONE_EACH, asked: 'lines' },
  { key: 'history', label: 'History', hint: null, asked: 'paragraphs' },
  { key: 'findings', label: 'Findings', hint: null, asked: 'paragraphs' },
  { key: 'discussion', label: 'Discussion', hint: null, asked: 'paragraphs' },
  { key: 'differentialDiagnosis', label: 'Differential diagnosis', hint: ONE_EACH, asked: 'lines' },
  { key: 'diagnosis', label: 'Diagnosis', hint: ONE_EACH, asked: 'lines' },
  { key: 'anatomy', label: 'Radiographic anatomy', hint: ONE_EACH, asked: 'lines' },
  { key: 'pathology', label: 'Pathology', hint: ONE_EACH, asked: 'lines' },
  { key: 'organSystem', label: 'Organ system', hint: ONE_EACH, asked: 'lines' },
  { key: 'modality', label: 'Modality', hint: null, asked: 'some of', options: MODALITIES },
  {
    key: 'category',
    label: 'Category',
    hint: null,
    asked: 'one of',
    options: CATEGORIES.flatMap(({ IHERADTF, DCM }) => [IHERADTF, DCM]),
  },
  {
    key: 'level',
    label: 'Level of difficulty',
    hint: null,
    asked: 'one of',
    options: LEVELS.flatMap(({ IHERADTF, DCM }) => [IHERADTF, DCM]),
  },
  { key: 'diagnosisConfirmed', label: 'Diagnosis confirmed', hint: null, asked: 'one of', options: YES_NO },
];

type Input = Readonly<Record<string, string | readonly string[]>>;

export function teachingFilePages(web: WebContext): readonly Route[] {
  const existing = async (request: Request): Promise<ExportSession> => {
    const session = await web.read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    return session;
  };
  const send = (
    response: Parameters<Handler>[1],
    identity: Identity | null,
    session: ExportSession,
    input: Input,
    errors: readonly DraftError[],
    written: boolean,
  ): void => {
    const path = `/sessions/${encodeURIComponent(session.id)}`;
    web.pages.send(
      response,
      identity,
      'teaching-file',
      {
        title: `${errors.length > 0 ? 'Error: ' : ''}Teaching file information`,
        status: errors.length > 0 ? 422 : 200,
      },
      {
        session: path,
        to: `${path}/teaching-file`,
        discard: written && INFORMATION_STATES.includes(session.state) ? `${path}/teaching-file/discard` : null,
        editable: INFORMATION_STATES.includes(session.state),
        errors: errors.map(({ field, message }) => ({ target: field, message: `${labelOf(field)}: ${message}` })),
        fields: FIELDS.map((field) => shown(field, input, errors)),
      },
    );
  };

  const show: Handler = async (request, response, { identity }) => {
    const session = await existing(request);
    const written = await web.information.written(session.id);
    if (written !== null) await web.audit.shown(session.id, actorOf(identity), 'teaching file information');
    send(
      response,
      identity,
      session,
      written === null ? {} : inputOf(draftOf(written.information)),
      [],
      written !== null,
    );
  };

  const write: Handler = async (request, response, { identity }) => {
    const session = await existing(request);
    const input = sentIn(request);
    const draft = readDraft(draftIn(input));
    if (draft.errors !== undefined) return send(response, identity, session, input, draft.errors, false);
    const result = await web.information.write(session.id, draft.information, actorOf(identity));
    if (result.result === 'unknown-session') throw unknownSession();
    if (result.result === 'refused') {
      const { message } = result.reason;
      return send(response, identity, session, input, [{ field: 'author', message: `Not saved: ${message}.` }], false);
    }
    response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
  };

  const discard: Handler = async (request, response, { identity }) => {
    const session = await existing(request);
    const result = await web.information.write(session.id, null, actorOf(identity));
    if (result.result === 'refused') {
      throw new Problem(409, result.reason.code, result.reason.message, result.reason.remedy);
    }
    response.redirect(303, `/sessions/${encodeURIComponent(session.id)}`);
  };

  return [
    route('GET', '/sessions/:id/teaching-file', can('operate'), show),
    longForm(route('POST', '/sessions/:id/teaching-file', can('operate'), write)),
    route('POST', '/sessions/:id/teaching-file/discard', can('operate'), discard),
  ];
}

function labelOf(key: string): string {
  return FIELDS.find((field) => field.key === key)?.label ?? key;
}

/** As it came, for the form to be shown again. */
function sentIn(request: Request): Input {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    FIELDS.map(({ key }) => {
      const value = body[key];
      if (Array.isArray(value)) return [key, value.filter((each) => typeof each === 'string')];
      return [key, typeof value === 'string' ? value : ''];
    }),
  );
}

/** The object of the API, from what the fields hold. */
function draftIn(input: Input): Record<string, unknown> {
  return Object.fromEntries(
    FIELDS.map(({ key, asked, options }) => {
      const given = input[key] ?? '';
      const values = typeof given === 'string' ? [given] : given;
      if (asked === 'line' || asked === 'paragraph') return [key, values.join('\n')];
      if (asked === 'paragraphs') return [key, values];
      if (asked === 'lines') return [key, values.flatMap((value) => value.split(/\r?\n/)).flatMap(valueOn)];
      // What is not of the list is told as wrong.
      return [key, values.filter((value) => value !== '').map((value) => optionOf(options, value) ?? {})];
    }),
  );
}

function valueOn(line: string): readonly unknown[] {
  const text = line.trim();
  if (text === '') return [];
  const [CodeValue = '', CodingSchemeDesignator = '', CodeMeaning = '', ...more] = text.split('^');
  const isCode =
    more.length === 0 && [CodeValue, CodingSchemeDesignator, CodeMeaning].every((part) => part.trim() !== '');
  return [isCode ? { CodeValue, CodingSchemeDesignator, CodeMeaning } : text];
}

function optionOf(options: readonly Code[] | undefined, value: string): Code | undefined {
  return options?.find((option) => keyOf(option) === value);
}

function keyOf({ CodeValue, CodingSchemeDesignator }: Code): string {
  return `${CodeValue}^${CodingSchemeDesignator}`;
}

/** What the fields hold, from the object of the API. */
function inputOf(draft: Readonly<Record<string, unknown>>): Input {
  return Object.fromEntries(
    FIELDS.map(({ key, asked }) => {
      const value = draft[key];
      const values = (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]) as (
        | string
        | Code
      )[];
      if (asked === 'one of' || asked === 'some of') {
        return [key, values.map((each) => (typeof each === 'string' ? each : keyOf(each)))];
      }
      const lines = values.map((each) => (typeof each === 'string' ? each : `${keyOf(each)}^${each.CodeMeaning}`));
      return [key, lines.join(asked === 'lines' ? '\n' : '\n\n')];
    }),
  );
}

function shown(field: FormField, input: Input, errors: readonly DraftError[]) {
  const { key, label, hint, asked, options } = field;
  const given = input[key] ?? '';
  const values = typeof given === 'string' ? [given] : given;
  const error = errors.find((each) => each.field === key)?.message ?? null;
  const described = [...(hint === null ? [] : [`${key}-hint`]), ...(error === null ? [] : [`${key}-error`])];
  return {
    key,
    label,
    hint,
    error,
    described: described.length === 0 ? null : described.join(' '),
    value: values.join('\n'),
    maxLength: asked === 'line' ? 400 : LONGEST_TEXT,
    rows: asked === 'lines' ? 3 : 5,
    isLine: asked === 'line',
    isText: asked === 'paragraph' || asked === 'paragraphs' || asked === 'lines',
    isChoice: asked === 'one of',
    isChoices: asked === 'some of',
    options: (options ?? []).map((option, at) => ({
      id: at === 0 ? key : `${key}-${at}`,
      name: key,
      value: keyOf(option),
      label: `${cut(option.CodeMeaning)} (${option.CodeValue}, ${option.CodingSchemeDesignator})`,
      chosen: values.includes(keyOf(option)),
    })),
  };
}
