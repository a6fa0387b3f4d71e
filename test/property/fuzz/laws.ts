import { Fault } from '../../../src/base/errors';
import { optionEntry } from '../../../src/deidentification/action-codes';
import { Deidentifier } from '../../../src/deidentification/deidentifier';
import type { DeidentificationPolicy } from '../../../src/deidentification/policy';
import { type PolicyChoices, policyOf } from '../../../src/deidentification/policy-of';
import { PRESET_NAMES } from '../../../src/deidentification/presets';
import { profileTable } from '../../../src/deidentification/profile-table';
import { type DataSet, valuesOf } from '../../../src/dicom/data-set';
import { type HeldInstance, readPart10Bytes } from '../../../src/dicom/part10/read';
import { encodeDataSet, writePart10Bytes } from '../../../src/dicom/part10/write';
import { VALUE_REPRESENTATIONS } from '../../../src/dicom/vr';
import { deidentifyInstance, openInstance } from '../../../src/session/instance-pass';
import type { Verifier } from '../../../src/verification/verifier';
import { pseudonymValues, verifierOf } from '../../../src/verification/verifier-of';
import { inChunks, joined } from '../../support/codec-bytes';
import { pseudonyms as fixed } from '../../support/deidentification-samples';
import { PHI_MARKS } from '../../support/phi-mark';

/** What holds for every input, whatever it is. */

export class LawBroken extends Error {
  constructor(
    readonly law: string,
    detail = '',
  ) {
    super(detail === '' ? law : `${law}: ${detail}`);
    this.name = 'LawBroken';
  }
}

interface Way {
  readonly name: string;
  readonly deidentifier: Deidentifier;
  readonly verifier: Verifier;
  readonly policy: DeidentificationPolicy;
  readonly onFinding: 'redact' | 'hold';
  readonly keepsSites: boolean;
}

const pseudonyms = { ...fixed, dateOffsetDays: -400 };
const meant = pseudonymValues(pseudonyms);
const TRIAL = { sponsorName: 'Sponsor', protocolID: 'P-1', siteName: 'Site' };

const CHOICES: readonly (readonly [name: string, choices: PolicyChoices, onFinding?: 'hold'])[] = [
  ...PRESET_NAMES.map((preset) => [preset, { preset }] as const),
  ['clinical-trial of a trial', { preset: 'clinical-trial', clinicalTrial: TRIAL }, 'hold'],
  [
    'all that can be retained',
    {
      options: [
        'retain-safe-private',
        'retain-uids',
        'retain-device-identity',
        'retain-institution-identity',
        'retain-patient-characteristics',
        'retain-longitudinal-full-dates',
      ],
    },
  ],
  ['all that is cleaned', { options: ['clean-descriptors', 'clean-structured-content', 'clean-graphics'] }],
  [
    'wishes of a project',
    {
      preset: 'teaching-file',
      constants: { PatientName: 'SUBJECT', InstitutionName: 'SITE' },
      overrides: [
        { attribute: 'StudyDescription', action: 'keep' },
        { attribute: 'SeriesDescription', action: 'clean' },
        { attribute: 'AccessionNumber', action: 'empty' },
        { attribute: 'OperatorsName', action: 'dummy' },
        { attribute: 'FrameOfReferenceUID', action: 'uid' },
        { attribute: 'RequestAttributesSequence/ScheduledProcedureStepID', action: 'remove' },
        { attribute: 'ProtocolName', action: 'set', value: 'PROTOCOL' },
        { attribute: '0029,FAKE CREATOR,10', action: 'keep' },
      ],
    },
  ],
];

export const WAYS: readonly Way[] = CHOICES.map(([name, choices, asked]): Way => {
  const onFinding = asked ?? 'redact';
  const policy = policyOf(choices);
  const keepsSites = policy.options.has('retain-device-identity') || policy.options.has('retain-institution-identity');
  return { name, policy, deidentifier: new Deidentifier(policy), verifier: verifierOf(policy), onFinding, keepsSites };
});

export type Ending = 'refused' | 'quarantined' | 'held back' | 'passed';

/** Reads, plans, rewrites, verifies, writes and reads again. Throws LawBroken, or what should never have been thrown. */
export function judge(bytes: Uint8Array, way: Way): { readonly ending: Ending; readonly output: Uint8Array | null } {
  const held = refusedOr(() => readPart10Bytes(bytes));
  if (held === null) return { ending: 'refused', output: null };
  const { header } = held;
  const plan = way.deidentifier.plan(header, { onFinding: way.onFinding });
  JSON.stringify(plan.changes);
  if (plan.verdict.outcome !== 'passed') {
    defectIn(plan.verdict.reason);
    return { ending: 'quarantined', output: null };
  }
  const result = refusedOr(() => way.deidentifier.apply(header, plan, pseudonyms));
  if (result === null) return { ending: 'quarantined', output: null };
  const verdict = way.verifier.verify(header, result, { pseudonyms: meant });
  if (verdict.outcome !== 'passed') {
    if (verdict.reason.code === 'VERIFIER_FAILED')
      throw new LawBroken('the verifier never fails', verdict.reason.message);
    return { ending: 'held back', output: null };
  }
  const rest = held.rest.filter((part) =>
    part.kind === 'element'
      ? way.deidentifier.planRest(part.element.tag, part.element.vr) === 'keep'
      : way.deidentifier.planRest(part.tag, part.vr) === 'keep',
  );
  const output = Buffer.concat(writePart10Bytes(held.transferSyntax, result, rest));
  sameWhenReadAgain(output, header, result, way);
  noMarkLeft(header, result, way);
  return { ending: 'passed', output };
}

/** The same instance as a stream, as the server takes it: it ends the same way. */
export async function judgeStreamed(bytes: Uint8Array, way: Way, chunk: number): Promise<void> {
  let inMemory: { readonly ending: Ending; readonly output: Uint8Array | null };
  try {
    inMemory = judge(bytes, way);
  } catch {
    return; // told by who judged it in memory
  }
  // Where compressed bytes are damaged, zlib tells only as far as it got.
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('1.2.840.10008.1.2.1.99')) return;
  let streamed: Buffer | null = null;
  let unread = false;
  try {
    const opened = await openInstance(inChunks(bytes, chunk), way.deidentifier, (header) =>
      way.deidentifier.plan(header, { onFinding: way.onFinding }),
    );
    unread = opened.incoming.header.elements.some(({ elided }) => elided);
    const passed = deidentifyInstance(opened, way.deidentifier, pseudonyms, way.verifier);
    streamed = await joined(passed.bytes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  // A long value that goes in any case is not read in a stream: what is wrong within it is not met.
  if (unread && inMemory.ending === 'refused') return;
  if ((streamed === null) !== (inMemory.output === null)) {
    throw new LawBroken(
      'a stream ends as what is held does',
      `${inMemory.ending}, streamed ${streamed === null ? 'refused' : 'passed'}`,
    );
  }
  if (streamed !== null && !streamed.equals(inMemory.output!)) throw new LawBroken('a stream gives the same bytes');
}

/** A Fault is an outcome; anything else that is thrown is a defect. */
function refusedOr<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    defectIn(error);
    return null;
  }
}

/** A rule that fails by anything but a Fault was not thought through: the message names the code of a Fault. */
function defectIn({ code, message }: { readonly code: string; readonly message: string }): void {
  if (code === 'RULE_FAILED' && !/\([A-Z_]+\)$/.test(message)) throw new LawBroken('no rule throws', message);
}

/** Of so many lengths one (all are even). */
const VERIFIED_AGAIN = 8;

function sameWhenReadAgain(output: Buffer, source: DataSet, result: DataSet, way: Way): void {
  let again: HeldInstance;
  try {
    again = readPart10Bytes(output);
  } catch (error) {
    throw new LawBroken(
      'what is written can be read',
      error instanceof Fault ? `${error.code} ${error.message}` : String(error),
    );
  }
  const before = Buffer.from(encodeDataSet(result));
  if (!before.equals(encodeDataSet(again.header))) throw new LawBroken('what is read again is what was verified');
  // The same bytes give the same verdict, were it not for how they are held: to look at some is enough.
  if (output.length % VERIFIED_AGAIN !== 0) return;
  const verdict = way.verifier.verify(source, again.header, { pseudonyms: meant });
  if (verdict.outcome !== 'passed') {
    throw new LawBroken('what is read again passes the verifier', verdict.reason.message);
  }
}

/* Which of the marks say who it is, told by other means than those of the verifier. */

const NAMES: ReadonlySet<number> = new Set([
  0x00100010, 0x00101001, 0x00101005, 0x00101060, 0x00080090, 0x00081048, 0x00081050, 0x00081060, 0x00081070,
]);
const IDENTIFIERS: ReadonlySet<number> = new Set([0x00100020, 0x00101000, 0x00080050]);
const NAME_MARKS: ReadonlySet<string> = new Set(
  Object.values(PHI_MARKS).flatMap((mark) => (/^Zq[a-z]+$/.test(mark) ? [mark.toLowerCase()] : [])),
);

function gather(dataSet: DataSet, words: Set<string>): void {
  for (const element of dataSet.elements) {
    if (element.items !== null) {
      for (const item of element.items) gather(item, words);
      continue;
    }
    if (element.elided || element.length === 0 || element.length > 1024) continue;
    const isName = NAMES.has(element.tag);
    if (!isName && !IDENTIFIERS.has(element.tag)) continue;
    if (VALUE_REPRESENTATIONS[element.vr].kind !== 'text') continue;
    for (const value of valuesOf(element, dataSet)) {
      const text = value.toLowerCase();
      if (isName) {
        // What stands behind the third ^ is a prefix or a suffix and names nobody (PS3.5 6.2.1).
        for (const group of text.split('=')) {
          for (const component of group.split('^').slice(0, 3)) {
            for (const word of component.split(/[^a-z0-9\u0080-\uffff]+/)) if (NAME_MARKS.has(word)) words.add(word);
          }
        }
      } else if (/^zq[a-z]{3,}[0-9a-z-]*\d[0-9a-z-]*$/.test(text)) {
        words.add(text);
      }
    }
  }
}

function noMarkLeft(source: DataSet, result: DataSet, way: Way): void {
  const words = new Set<string>();
  gather(source, words);
  if (words.size === 0) return;
  const text = Buffer.from(encodeDataSet(result)).toString('latin1').toLowerCase();
  const wide = text.includes('z\0q') ? text.replaceAll('\0', '') : '';
  for (const word of words) {
    if (!text.includes(word) && !wide.includes(word)) continue;
    const place = placeOf(result, word, way.keepsSites ? keptTexts(result, way) : NONE);
    if (place !== '') throw new LawBroken('no planted mark leaves', `${place} under ${way.name}`);
  }
}

const NONE: ReadonlySet<string> = new Set();
/** A phantom or a house called as the maker is: Manufacturer and model say nothing more. */
const MAKER: ReadonlySet<number> = new Set([0x00080070, 0x00081090]);
const CODE_MEANING = 0x00080104;
const CODING_SCHEME_DESIGNATOR = 0x00080102;
/** Eponyms are part of published meanings. */
const PUBLISHED: ReadonlySet<string> = new Set(['DCM', 'SCT', 'SRT', 'LN', 'UCUM']);
const ROWS = profileTable('2026d').rows;

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').toLowerCase().replaceAll('\0', '');
}

/** Whoever keeps stations and sites keeps those that bear the name of a person, wherever they are named. */
function keptTexts(dataSet: DataSet, way: Way): Set<string> {
  const texts = new Set<string>();
  const walk = ({ elements }: DataSet): void => {
    for (const element of elements) {
      const row = ROWS.get(element.tag);
      if (element.items !== null) element.items.forEach(walk);
      else if (row !== undefined && optionEntry(row.options, way.policy.options)?.code === 'K') {
        texts.add(textOf(element.bytes()).trim());
      }
    }
  };
  walk(dataSet);
  return texts;
}

/** Where the word is, for who has to find out why; empty where it is only in what is kept. */
function placeOf(dataSet: DataSet, word: string, kept: ReadonlySet<string>): string {
  for (const element of dataSet.elements) {
    const { tag, items, vr } = element;
    if (items === null) {
      if (tag === CODE_MEANING && PUBLISHED.has(dataSet.string(CODING_SCHEME_DESIGNATOR) ?? '')) continue;
      const text = textOf(element.bytes());
      const at = text.indexOf(word);
      if (at < 0 || kept.has(text.trim()) || (MAKER.has(tag) && text.trim() === word)) continue;
      return `${tag.toString(16)} ${vr} ${JSON.stringify(text.slice(Math.max(0, at - 8), at + word.length + 8))}`;
    }
    for (const item of items) {
      const inside = placeOf(item, word, kept);
      if (inside !== '') return `${tag.toString(16)}/${inside}`;
    }
  }
  return '';
}
