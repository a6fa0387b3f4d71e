import { lookUp } from '../dicom/dictionary';
import { formatTag, type Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import type { Attributes, IndexedSeries, IndexedStudy, InstanceIndex } from './instance-index';
import { searchKeys } from './matching';
import {
  INSTANCE_ATTRIBUTES,
  MODALITIES_IN_STUDY,
  NUMBER_OF_SERIES_RELATED_INSTANCES,
  NUMBER_OF_STUDY_RELATED_INSTANCES,
  NUMBER_OF_STUDY_RELATED_SERIES,
  SERIES_ATTRIBUTES,
  STUDY_ATTRIBUTES,
} from './search-attributes';

export type Level = 'studies' | 'series' | 'instances';

export interface SearchRequest {
  readonly level: Level;
  readonly study?: string;
  readonly series?: string;
  readonly query: URLSearchParams;
}

export type Match = Record<string, { vr: string; Value?: unknown[] }>;

const STUDY_LEVEL: ReadonlySet<Tag> = new Set([...STUDY_ATTRIBUTES, MODALITIES_IN_STUDY]);
const SERIES_LEVEL: ReadonlySet<Tag> = new Set([...STUDY_LEVEL, ...SERIES_ATTRIBUTES]);
const INSTANCE_LEVEL: ReadonlySet<Tag> = new Set([...SERIES_LEVEL, ...INSTANCE_ATTRIBUTES]);
/** Keys that are matched at a level: its own attributes and those of the levels above it. */
const SUPPORTED: Readonly<Record<Level, ReadonlySet<Tag>>> = {
  studies: STUDY_LEVEL,
  series: SERIES_LEVEL,
  instances: INSTANCE_LEVEL,
};

/** A search parameter that is not what it must be; the request is answered 400. */
export class BadQuery extends Error {}

function count(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) {
    return otherwise;
  }
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new BadQuery(`${name} must be a number`);
  }
  return Number(text);
}

/** QIDO-RS (PS3.18 10.6). */
export function search(index: InstanceIndex, request: SearchRequest, baseUrl: string): readonly Match[] {
  const offset = count(request.query, 'offset', 0);
  const end = offset + count(request.query, 'limit', Number.MAX_SAFE_INTEGER);
  const keys = searchKeys(request.query, SUPPORTED[request.level]);
  const page: Match[] = [];
  let at = 0;
  for (const candidate of candidates(index, request)) {
    if (!keys.every(({ tag, matches }) => matches(candidate.values(tag)))) {
      continue;
    }
    if (at >= end) {
      break;
    }
    if (at >= offset) {
      page.push(candidate.match(baseUrl));
    }
    at += 1;
  }
  return page;
}

interface Candidate {
  values(tag: Tag): readonly string[];
  match(baseUrl: string): Match;
}

function* candidates(index: InstanceIndex, { level, study, series }: SearchRequest): Generator<Candidate> {
  for (const eachStudy of index.studies.values()) {
    if (study !== undefined && eachStudy.StudyInstanceUID !== study) {
      continue;
    }
    const ofStudy = studyValues(eachStudy);
    if (level === 'studies') {
      yield candidate(ofStudy, `/studies/${eachStudy.StudyInstanceUID}`);
      continue;
    }
    for (const eachSeries of eachStudy.series.values()) {
      if (series !== undefined && eachSeries.SeriesInstanceUID !== series) {
        continue;
      }
      const ofSeries = new Map([...ofStudy, ...seriesValues(eachSeries)]);
      const path = `/studies/${eachStudy.StudyInstanceUID}/series/${eachSeries.SeriesInstanceUID}`;
      if (level === 'series') {
        yield candidate(ofSeries, path);
        continue;
      }
      for (const { SOPInstanceUID, attributes } of eachSeries.instances.values()) {
        const ofInstance = new Map([...ofSeries, ...pick(attributes, INSTANCE_ATTRIBUTES)]);
        yield candidate(ofInstance, `${path}/instances/${SOPInstanceUID}`);
      }
    }
  }
}

function candidate(values: Attributes, path: string): Candidate {
  return {
    values: (tag) => values.get(tag) ?? [],
    match: (baseUrl) => render(values, `${baseUrl}${path}`),
  };
}

/** Attributes of a study or series are those of its first instance, as most archives have it. */
function studyValues(study: IndexedStudy): Map<Tag, readonly string[]> {
  const all = [...study.series.values()];
  const first = all[0]?.instances.values().next().value;
  const values = new Map(first === undefined ? [] : pick(first.attributes, STUDY_ATTRIBUTES));
  const modalities = new Set(all.flatMap((series) => seriesValues(series).get(TAGS.Modality) ?? []));
  const instances = all.reduce((sum, { instances: { size } }) => sum + size, 0);
  values.set(MODALITIES_IN_STUDY, [...modalities]);
  values.set(NUMBER_OF_STUDY_RELATED_SERIES, [String(all.length)]);
  values.set(NUMBER_OF_STUDY_RELATED_INSTANCES, [String(instances)]);
  return values;
}

function seriesValues(series: IndexedSeries): Map<Tag, readonly string[]> {
  const first = series.instances.values().next().value;
  const values = new Map(first === undefined ? [] : pick(first.attributes, SERIES_ATTRIBUTES));
  values.set(NUMBER_OF_SERIES_RELATED_INSTANCES, [String(series.instances.size)]);
  return values;
}

function pick(attributes: Attributes, tags: readonly Tag[]): [Tag, readonly string[]][] {
  return tags.flatMap((tag): [Tag, readonly string[]][] => {
    const values = attributes.get(tag);
    return values === undefined ? [] : [[tag, values]];
  });
}

const NUMBERS: ReadonlySet<string> = new Set(['IS', 'US', 'DS']);

/** DICOM JSON Model (PS3.18 F.2). */
function render(values: Attributes, retrieveUrl: string): Match {
  const match: Match = {};
  for (const tag of [...values.keys()].sort((a, b) => a - b)) {
    // The answer is in UTF-8 whatever the file is in (PS3.18 F.2.2).
    const texts = tag === TAGS.SpecificCharacterSet ? ['ISO_IR 192'] : values.get(tag)!;
    const vr = lookUp(tag)?.vr ?? 'UN';
    match[formatTag(tag)] = texts.length === 0 ? { vr } : { vr, Value: texts.map((text) => jsonValue(vr, text)) };
  }
  match[formatTag(TAGS.RetrieveURL)] = { vr: 'UR', Value: [retrieveUrl] };
  return match;
}

function jsonValue(vr: string, text: string): unknown {
  if (vr === 'PN') {
    const [Alphabetic, Ideographic, Phonetic] = text.split('=');
    return { ...(Alphabetic && { Alphabetic }), ...(Ideographic && { Ideographic }), ...(Phonetic && { Phonetic }) };
  }
  if (NUMBERS.has(vr)) {
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? number : text;
  }
  return text === '' ? null : text;
}
