import type { CodedConcept } from '../dicom/coded-concept';
import { MR_IMAGE } from '../dicom/sop-class';
import { encapsulatedLetter, reportOn } from './samples/documents';
import { SAMPLE_IDENTITIES } from './samples/identity';
import { ctSeries, mrSeries, usSeries } from './samples/images';
import { instanceUID, type Sample, type SampleSeries, type SampleStudy, seriesUID, studyUID } from './samples/modules';
import { Seed } from './samples/seed';
import { generateSelection, type SelectionReference } from './samples/selection';

export { encapsulatedLetter, type ReferencedSample, reportOn } from './samples/documents';
export { SAMPLE_IDENTITIES, type SampleIdentity } from './samples/identity';
export { ctSeries, mrSeries, type StackOptions, usSeries } from './samples/images';
export type { Sample, SampleStudy } from './samples/modules';
export { generateMultiframe, type MultiframeOptions, type MultiframeSample } from './samples/multiframe';
export { Seed } from './samples/seed';
export {
  generateIdenticalSelections,
  generateSelection,
  type SelectionOptions,
  type SelectionReference,
  selectionPlace,
} from './samples/selection';

const [TESTMANN, EXAMPLE, YAMADA] = SAMPLE_IDENTITIES;

/** Texts of (113012, DCM) in the sample selections: projects name them as dispositions. */
export const SAMPLE_DISPOSITIONS = {
  teaching: 'Teaching collection',
  trial: 'HEAD-01 imaging trial',
} as const;

export const SAMPLE_STUDIES = {
  head: study(TESTMANN, 'ct-1', '20250917', '101500', 'CT/Head w/o Contrast'),
  followUp: study(TESTMANN, 'ct-2', '20260304', '084000', 'CT/Head follow-up'),
  trial: study(EXAMPLE, 'mr-1', '20251112', '133000', 'MR/Head'),
  abdomen: study(YAMADA, 'us-1', '20260120', '091000', 'US/Abdomen'),
} as const satisfies Record<string, SampleStudy>;

/** Codes of the sample selections, as IHE and DICOM word them (IHE RAD TCE; PS3.16 CID 7010, 7014, 7015). */
const TITLES = {
  teachingIHE: concept('TCE001', 'IHERADTF', 'For Teaching File Export'),
  teaching: concept('128710', 'DCM', 'For Teaching File Export'),
  trial: concept('128711', 'DCM', 'For Clinical Trial Export'),
  manifest: concept('113030', 'DCM', 'Manifest'),
} as const;
const CLINICAL_INFORMATION = concept('TCE012', 'IHERADTF', 'Delay export until clinical information is available');

export interface SampleOptions {
  readonly seed?: string;
  /** Size of the head stacks; the default takes a few megabytes. */
  readonly slices?: number;
  readonly rows?: number;
  readonly columns?: number;
  /** DA: when the selections were made. Default: the day of their study. */
  readonly selectedOn?: string;
}

/**
 * Three made-up patients and the selections that wait for export. Deterministic; one file is held at a time but for the
 * references. Selections come last, so that whoever stores in this order never has one before its instances.
 */
export function* generateSamples(options: SampleOptions = {}): Generator<Sample> {
  const seed = new Seed(options.seed ?? 'samples');
  const stack = { slices: options.slices ?? 10, rows: options.rows ?? 256, columns: options.columns ?? 256 };
  const taken = new Map<string, SelectionReference>();
  const references = (...prefixes: readonly string[]) =>
    [...taken].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))).map(([, each]) => each);
  const remember = (sample: Sample): Sample => {
    const { bytes: _bytes, description: _description, name, ...reference } = sample;
    taken.set(name, { ...reference, valueType: /\/(sr|pdf)\//.test(name) ? 'COMPOSITE' : 'IMAGE' });
    return sample;
  };

  for (const sample of ctSeries(SAMPLE_STUDIES.head, seed, stack)) yield remember(sample);
  yield remember(encapsulatedLetter(SAMPLE_STUDIES.head, seed));
  for (const sample of ctSeries(SAMPLE_STUDIES.followUp, seed, stack)) yield remember(sample);
  for (const contrast of ['T1', 'T2'] as const) {
    for (const sample of mrSeries(SAMPLE_STUDIES.trial, seed, contrast, stack)) yield remember(sample);
  }
  yield remember(reportOn(references('example/mr-1/'), SAMPLE_STUDIES.trial, seed));
  const scan = { frames: 10, rows: stack.rows, columns: Math.round(stack.columns * 1.25) };
  for (const sample of usSeries(SAMPLE_STUDIES.abdomen, seed, scan)) yield remember(sample);

  const select = (
    where: SampleStudy,
    key: string,
    title: CodedConcept,
    selected: readonly SelectionReference[],
    more: { readonly description?: string; readonly delayReasons?: readonly CodedConcept[] } = {},
  ) => {
    const day = options.selectedOn === undefined ? {} : { contentDate: options.selectedOn };
    return generateSelection({ study: where, key, title, references: selected, ...day, ...more }, seed);
  };
  const teaching = { description: SAMPLE_DISPOSITIONS.teaching };
  yield select(SAMPLE_STUDIES.head, 'teaching', TITLES.teachingIHE, references('testmann/ct-1/ct/'), teaching);
  yield select(SAMPLE_STUDIES.trial, 'trial', TITLES.trial, references('example/mr-1/'), {
    description: SAMPLE_DISPOSITIONS.trial,
  });
  yield select(SAMPLE_STUDIES.abdomen, 'teaching', TITLES.teaching, references('yamada/us-1/'), teaching);
  yield select(SAMPLE_STUDIES.followUp, 'delayed', TITLES.teachingIHE, references('testmann/ct-2/ct/'), {
    ...teaching,
    delayReasons: [CLINICAL_INFORMATION],
  });
  yield select(
    SAMPLE_STUDIES.trial,
    'missing',
    TITLES.teaching,
    [...references('example/mr-1/mr-t1/').slice(0, 1), ...neverStored(SAMPLE_STUDIES.trial, seed)],
    teaching,
  );
  yield select(SAMPLE_STUDIES.head, 'letter', TITLES.teachingIHE, references('testmann/ct-1/'), teaching);
  yield select(SAMPLE_STUDIES.head, 'manifest', TITLES.manifest, references('testmann/ct-1/ct/'));
}

/** References to a series of this study that was never stored anywhere. */
function neverStored(where: SampleStudy, seed: Seed): readonly SelectionReference[] {
  const series: SampleSeries = {
    study: where,
    key: 'never-stored',
    Modality: 'MR',
    SeriesNumber: 5,
    SeriesDescription: 'flair',
    BodyPartExamined: 'HEAD',
    Manufacturer: 'TESTCORP',
    ManufacturerModelName: 'Phantomatic MR',
  };
  return [1, 2].map((instance) => ({
    StudyInstanceUID: studyUID(seed, where),
    SeriesInstanceUID: seriesUID(seed, series),
    SOPClassUID: MR_IMAGE,
    SOPInstanceUID: instanceUID(seed, series, instance),
  }));
}

function study(
  identity: SampleStudy['identity'],
  key: string,
  StudyDate: string,
  StudyTime: string,
  StudyDescription: string,
): SampleStudy {
  return { identity, key, StudyDate, StudyTime, StudyDescription };
}

function concept(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): CodedConcept {
  return { CodeValue, CodingSchemeDesignator, CodeMeaning };
}
