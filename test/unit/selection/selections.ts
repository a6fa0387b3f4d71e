import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import {
  GRAYSCALE_SOFTCOPY_PRESENTATION_STATE,
  MR_IMAGE,
  REAL_WORLD_VALUE_MAPPING,
} from '../../../src/dicom/sop-class';
import type { Sample, SelectionOptions, SelectionReference } from '../../../src/sandbox/samples';
import { generateIdenticalSelections, generateSelection } from '../../../src/sandbox/samples';
import { PHI_MARKS } from '../../support/phi-mark';
import { markedIdentity, markedSeed, markedStudy } from '../../support/synth';

/** Selections by the generator of the samples, all of one marked patient. */

export const seed = markedSeed('selection');
export const studyA = markedStudy(markedIdentity(), 'a');
export const studyB = markedStudy(markedIdentity(), 'b');
export const TEACHING = {
  CodeValue: 'TCE001',
  CodingSchemeDesignator: 'IHERADTF',
  CodeMeaning: 'For Teaching File Export',
};

const ROOT = `${PHI_MARKS.uid}77`;

/** `a.1.3` is the third instance of the first series of study a. */
export function reference(where: string, more: Partial<SelectionReference> = {}): SelectionReference {
  const [study = '', series = '', instance = ''] = where.split('.');
  return {
    StudyInstanceUID: study === 'a' ? seed.uid('p1/a') : study === 'b' ? seed.uid('p1/b') : `${ROOT}.99`,
    SeriesInstanceUID: `${ROOT}.${study === 'a' ? 1 : 2}.${series}`,
    SOPClassUID: MR_IMAGE,
    SOPInstanceUID: `${ROOT}.${study === 'a' ? 1 : 2}.${series}.${instance}`,
    ...more,
  };
}

export const presentationState = reference('a.8.1', { SOPClassUID: GRAYSCALE_SOFTCOPY_PRESENTATION_STATE });
export const realWorldValueMap = reference('a.9.1', { SOPClassUID: REAL_WORLD_VALUE_MAPPING });

export function selectionSample(options: Partial<SelectionOptions> = {}): Sample {
  return generateSelection(
    { study: studyA, key: 'k', title: TEACHING, references: [reference('a.1.1'), reference('a.1.2')], ...options },
    seed,
  );
}

export function selection(options: Partial<SelectionOptions> = {}): DataSet {
  return readPart10Bytes(selectionSample(options).bytes).header;
}

/** The same selection over both studies, once in each. */
export function identicalSelections(options: Partial<SelectionOptions> = {}): readonly DataSet[] {
  return generateIdenticalSelections(
    [studyA, studyB],
    { key: 'k', title: TEACHING, references: [reference('a.1.1'), reference('b.1.1')], ...options },
    seed,
  ).map((sample) => readPart10Bytes(sample.bytes).header);
}

/** Without the top-level attributes of these tags. */
export function without(dataSet: DataSet, ...tags: readonly number[]): DataSet {
  return dataSet.withElements(dataSet.elements.filter(({ tag }) => !tags.includes(tag)));
}
