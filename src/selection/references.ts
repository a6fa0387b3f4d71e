import { cannot } from '../base/errors';
import type { DataSet } from '../dicom/data-set';
import { Attribute } from './attributes';

export interface AttachedReference {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

export interface ContentReference {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly frames: readonly number[];
  readonly valueType: 'IMAGE' | 'WAVEFORM' | 'COMPOSITE' | null;
  readonly attached: readonly AttachedReference[];
}

export interface EvidenceReference {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

const REFERENCE_VALUE_TYPES = ['IMAGE', 'WAVEFORM', 'COMPOSITE'] as const;

/**
 * Every reference of the content tree, depth first. Whatever the value type of an item says: selectors write COMPOSITE
 * for images and add concept names, so an item with a Referenced SOP Sequence is a reference.
 */
export function readContent(parent: DataSet): readonly ContentReference[] {
  return parent.items(Attribute.ContentSequence).flatMap((item) => {
    const valueType = REFERENCE_VALUE_TYPES.find((each) => each === item.string(Attribute.ValueType)) ?? null;
    return [
      ...item.items(Attribute.ReferencedSOPSequence).map((reference) => ({
        ...readSOPReference(reference),
        frames: reference.numbers(Attribute.ReferencedFrameNumber).filter((each) => Number.isInteger(each) && each > 0),
        valueType,
        // PS3.3 C.18.4, Image Reference Macro.
        attached: [
          ...reference.items(Attribute.ReferencedSOPSequence),
          ...reference.items(Attribute.ReferencedRealWorldValueMappingInstanceSequence),
        ].map(readSOPReference),
      })),
      ...readContent(item),
    ];
  });
}

/** Hierarchical SOP Instance Reference Macro (PS3.3 C.17.2.1), as in (0040,A375) and (0040,A525). */
export function readEvidence(studies: readonly DataSet[]): readonly EvidenceReference[] {
  return studies.flatMap((study) =>
    study.items(Attribute.ReferencedSeriesSequence).flatMap((series) =>
      series.items(Attribute.ReferencedSOPSequence).map((reference) => ({
        StudyInstanceUID: requireUID(study.string(Attribute.StudyInstanceUID)),
        SeriesInstanceUID: requireUID(series.string(Attribute.SeriesInstanceUID)),
        ...readSOPReference(reference),
      })),
    ),
  );
}

function readSOPReference(item: DataSet): AttachedReference {
  return {
    SOPClassUID: uidOrEmpty(item.string(Attribute.ReferencedSOPClassUID)),
    SOPInstanceUID: requireUID(item.string(Attribute.ReferencedSOPInstanceUID)),
  };
}

/**
 * A reference that names nothing would silently shrink the set, so it is a fault. The form is checked because these
 * strings become paths of URLs; PS3.5 9.1, except that components with a leading zero, which exist, are let through.
 */
export function requireUID(value: string | undefined): string {
  if (value === undefined) {
    throw cannot('INCOMPLETE_REFERENCE', 'the Key Object Selection Document lacks a UID it must have');
  }
  if (uidOrEmpty(value) === '') {
    throw cannot('BAD_REFERENCE_UID', 'the Key Object Selection Document holds a UID that is not one (PS3.5 9.1)');
  }
  return value;
}

function uidOrEmpty(value: string | undefined): string {
  return value !== undefined && value.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(value) ? value : '';
}
