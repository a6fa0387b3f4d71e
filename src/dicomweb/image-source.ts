import type { DataSet } from '../dicom/data-set';
import { type DicomJson, fromDicomJson } from '../dicom/dicom-json';
import type { ImageSource, InstanceMatch, RetrievedInstance } from '../session/ports';
import { type JsonDataSet, textOf } from './dicom-json-match';
import { Peer, type PeerOptions } from './peer';
import { type ProbeResult, probePeer } from './probe';
import { type RetrieveResource, retrieveInstances } from './retrieve';
import { Search } from './search';
import { seriesSizes } from './series-sizes';

const MODALITY = '00080060';
const SOP_CLASS_UID = '00080016';
const SOP_INSTANCE_UID = '00080018';
const STUDY_INSTANCE_UID = '0020000D';
const SERIES_INSTANCE_UID = '0020000E';
const NUMBER_OF_SERIES_RELATED_INSTANCES = '00201209';

const KEY_OBJECT_SELECTION_DOCUMENT = '1.2.840.10008.5.1.4.1.1.88.59';

/** Series whose instances are asked for at the same time while looking for Key Objects. */
const SERIES_AHEAD = 4;

/** A DICOMweb origin server that holds the originals. */
export class DicomwebImageSource implements ImageSource {
  readonly name: string;
  private readonly peer: Peer;
  private readonly search: Search;

  constructor(options: PeerOptions) {
    this.name = options.name;
    this.peer = new Peer(options);
    this.search = new Search(this.peer);
  }

  /**
   * By series: `/series?Modality=KO` took a real server 14 ms where `/instances?SOPClassUID=…` took 85 ms and grew with
   * the archive. A server may ignore a key it does not know and return everything, so each match is checked again.
   */
  async *findKeyObjects(signal: AbortSignal): AsyncGenerator<InstanceMatch, void, undefined> {
    const series = this.search.matches(
      { level: 'series' },
      { Modality: 'KO', includefield: NUMBER_OF_SERIES_RELATED_INSTANCES },
      (match) => textOf(match, SERIES_INSTANCE_UID),
      signal,
    );
    let ahead: Promise<readonly InstanceMatch[]>[] = [];
    const seen = new Set<string>();
    const take = async function* (keep: number): AsyncGenerator<InstanceMatch, void, undefined> {
      while (ahead.length > keep) {
        for (const match of await ahead.shift()!) {
          if (!seen.has(match.SOPInstanceUID)) {
            seen.add(match.SOPInstanceUID);
            yield match;
          }
        }
      }
    };
    try {
      for await (const match of series) {
        const StudyInstanceUID = textOf(match, STUDY_INSTANCE_UID);
        const SeriesInstanceUID = textOf(match, SERIES_INSTANCE_UID);
        const modality = textOf(match, MODALITY);
        if (
          StudyInstanceUID === undefined ||
          SeriesInstanceUID === undefined ||
          (modality !== undefined && modality !== 'KO')
        ) {
          continue;
        }
        const found = this.keyObjectsOf(StudyInstanceUID, SeriesInstanceUID, expectedInstances(match), signal);
        found.catch(() => {});
        ahead.push(found);
        yield* take(SERIES_AHEAD - 1);
      }
      yield* take(0);
    } finally {
      ahead = [];
    }
  }

  private async keyObjectsOf(
    study: string,
    series: string,
    expected: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly InstanceMatch[]> {
    const found: InstanceMatch[] = [];
    for await (const match of this.matchesOf(study, series, expected, signal)) {
      // A server that leaves the SOP Class out of its answer leaves it to the reader of the instance.
      if (match.SOPClassUID === null || match.SOPClassUID === KEY_OBJECT_SELECTION_DOCUMENT) {
        found.push(match);
      }
    }
    return found;
  }

  async findInstances(study: string, series: string | null, signal: AbortSignal): Promise<readonly InstanceMatch[]> {
    const found: InstanceMatch[] = [];
    for await (const match of this.matchesOf(study, series, undefined, signal)) {
      found.push(match);
    }
    return found;
  }

  seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null>> {
    return seriesSizes(this.search, study, signal);
  }

  /**
   * Instances of a study or series, each checked against what was asked. The UIDs that are part of the address may be
   * missing from the matches (PS3.18 Table 10.6.3-5); where they are there they must be the same.
   */
  private async *matchesOf(
    study: string,
    series: string | null,
    expected: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<InstanceMatch, void, undefined> {
    const resource =
      series === null ? ({ level: 'instances', study } as const) : ({ level: 'instances', study, series } as const);
    const matches = this.search.matches(resource, {}, (match) => textOf(match, SOP_INSTANCE_UID), signal, expected);
    for await (const match of matches) {
      const StudyInstanceUID = textOf(match, STUDY_INSTANCE_UID) ?? study;
      const SeriesInstanceUID = textOf(match, SERIES_INSTANCE_UID) ?? series;
      const SOPInstanceUID = textOf(match, SOP_INSTANCE_UID);
      if (
        SOPInstanceUID !== undefined &&
        SeriesInstanceUID !== null &&
        StudyInstanceUID === study &&
        (series === null || SeriesInstanceUID === series)
      ) {
        yield {
          StudyInstanceUID,
          SeriesInstanceUID,
          SOPInstanceUID,
          SOPClassUID: textOf(match, SOP_CLASS_UID) ?? null,
        };
      }
    }
  }

  retrieve(resource: RetrieveResource, signal: AbortSignal): AsyncIterable<RetrievedInstance> {
    return retrieveInstances(this.peer, resource, signal);
  }

  /** From `/metadata`, a series at a time: that of a whole study may be more than should be held. */
  async *headers(study: string, signal: AbortSignal): AsyncGenerator<DataSet, void, undefined> {
    const series = [...(await this.seriesSizes(study, signal)).keys()];
    const resources = series.length === 0 ? [{ study }] : series.map((each) => ({ study, series: each }));
    for (const resource of resources) {
      for (const instance of await this.metadata(resource, signal)) yield fromDicomJson(instance as DicomJson);
    }
  }

  /** `/metadata` in the DICOM JSON Model, bulk data left out by the server. */
  metadata(resource: RetrieveResource, signal: AbortSignal): Promise<readonly JsonDataSet[]> {
    return this.search.metadata(resource, signal);
  }

  /** Whether the server can be reached and answers searches; what is wrong, in words, where not. */
  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probePeer(this.search, signal);
  }

  close(): Promise<void> {
    return this.peer.close();
  }
}

function expectedInstances(match: JsonDataSet): number | undefined {
  const number = Number(textOf(match, NUMBER_OF_SERIES_RELATED_INSTANCES));
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
