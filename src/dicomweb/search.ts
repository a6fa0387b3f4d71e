import { api } from 'dicomweb-client';
import { isJsonDataSet, type JsonDataSet } from './dicom-json-match';
import { asUID, type Peer } from './peer';
import { faultOfStatus, notDicomweb, type Service } from './peer-faults';
import { SearchRequest } from './search-request';

/** Matches asked for at a time. */
const PAGE_SIZE = 500;

export type SearchResource =
  | { readonly level: 'studies' }
  | { readonly level: 'series'; readonly study?: string }
  | { readonly level: 'instances'; readonly study?: string; readonly series?: string };

/** QIDO-RS searches and `/metadata` of one peer, by dicomweb-client. */
export class Search {
  private readonly client: InstanceType<typeof api.DICOMwebClient>;

  constructor(private readonly peer: Peer) {
    this.client = new api.DICOMwebClient({ url: peer.url, verbose: false, singlepart: false });
  }

  /**
   * Pages over `limit` and `offset` (PS3.18 8.3.4.4) until a page is empty or brings nothing new: a server may
   * return fewer than it was asked for and still have more, and one that ignores `offset` returns the same page for ever.
   * `key` tells matches apart; `expected` is where the number of matches is known beforehand.
   */
  async *matches(
    resource: SearchResource,
    query: Readonly<Record<string, string>>,
    key: (match: JsonDataSet) => string | undefined,
    signal: AbortSignal,
    expected?: number,
  ): AsyncGenerator<JsonDataSet, void, undefined> {
    const seen = new Set<string>();
    for (let offset = 0; ; ) {
      const page = await this.page(resource, { ...query, limit: String(PAGE_SIZE), offset: String(offset) }, signal);
      let fresh = false;
      for (const match of page) {
        const id = key(match);
        if (id !== undefined && !seen.has(id)) {
          seen.add(id);
          fresh = true;
          yield match;
        }
      }
      if (!fresh || (expected !== undefined && seen.size >= expected)) {
        return;
      }
      offset += page.length;
    }
  }

  /** One page; 204 and 200 with `[]` are both an empty one. A refusal comes out as `StatusFault`. */
  async page(
    resource: SearchResource,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly JsonDataSet[]> {
    const { client } = this;
    const queryParams = { ...query };
    const study =
      'study' in resource && resource.study !== undefined ? { studyInstanceUID: asUID(resource.study) } : {};
    const series =
      'series' in resource && resource.series !== undefined ? { seriesInstanceUID: asUID(resource.series) } : {};
    return this.ask('search', signal, async (request) => {
      switch (resource.level) {
        case 'studies':
          return client.searchForStudies({ queryParams, request } as never);
        case 'series':
          return client.searchForSeries({ ...study, queryParams, request } as never);
        case 'instances':
          return client.searchForInstances({ ...study, ...series, queryParams, request } as never);
      }
    });
  }

  /** Metadata of every instance of a study or series, or of one instance (PS3.18 10.4.1.1.2). */
  async metadata(
    resource: { readonly study: string; readonly series?: string; readonly instance?: string },
    signal: AbortSignal,
  ): Promise<readonly JsonDataSet[]> {
    const { client } = this;
    const studyInstanceUID = asUID(resource.study);
    return this.ask('metadata', signal, async (request) => {
      if (resource.series === undefined) {
        return client.retrieveStudyMetadata({ studyInstanceUID, request } as never);
      }
      const seriesInstanceUID = asUID(resource.series);
      if (resource.instance === undefined) {
        return client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID, request } as never);
      }
      const sopInstanceUID = asUID(resource.instance);
      return client.retrieveInstanceMetadata({ studyInstanceUID, seriesInstanceUID, sopInstanceUID, request } as never);
    });
  }

  private async ask(
    service: Service,
    signal: AbortSignal,
    send: (request: { instance: SearchRequest }) => Promise<unknown>,
  ): Promise<readonly JsonDataSet[]> {
    const instance = new SearchRequest(this.peer, service, signal);
    let result: unknown;
    try {
      result = await send({ instance });
    } catch (error) {
      if (instance.error !== null) {
        throw instance.error;
      }
      if (instance.status !== 0 && instance.status !== 200) {
        throw faultOfStatus(this.peer.name, service, instance.status);
      }
      throw error;
    }
    if (!Array.isArray(result) || !result.every(isJsonDataSet)) {
      throw notDicomweb(this.peer.name, service, 'got an answer that is not DICOM JSON');
    }
    return result;
  }
}
