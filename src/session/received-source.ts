import { couldNot, Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import { RECEIVED } from '../base/reserved-names';
import type { ImageSource, InstanceMatch, RetrievedInstance } from './ports';
import type { ReceivedStore } from './received-ports';

type Resource = { readonly study: string; readonly series?: string; readonly instance?: string };

/**
 * Where the instances of a pushed selection come from: what was stored here first, then each configured image source
 * in turn. So a selection alone is enough where the PACS is shared, and instances and selection are where it is not.
 */
export class ReceivedImageSource implements ImageSource {
  readonly name = RECEIVED;

  constructor(
    private readonly received: Pick<ReceivedStore, 'find' | 'keyObjects' | 'open'>,
    private readonly others: readonly ImageSource[],
    private readonly log: Log,
  ) {}

  /** Only what was pushed: each image source is asked for its own by its own poll. */
  async *findKeyObjects(): AsyncGenerator<InstanceMatch, void, undefined> {
    yield* await this.received.keyObjects();
  }

  async findInstances(study: string, series: string | null, signal: AbortSignal): Promise<readonly InstanceMatch[]> {
    const here = await this.received.find(study, series);
    const merged = new Map(here.map((match) => [match.SOPInstanceUID, match]));
    for (const matches of await this.ask(here.length > 0, (source) => source.findInstances(study, series, signal))) {
      for (const match of matches) if (!merged.has(match.SOPInstanceUID)) merged.set(match.SOPInstanceUID, match);
    }
    return [...merged.values()];
  }

  /** The largest that any of them has of a series: it tells what is worth asking for as a whole, no more. */
  async seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null>> {
    const sizes = new Map<string, number | null>();
    const here = await this.received.find(study, null);
    for (const { SeriesInstanceUID } of here) sizes.set(SeriesInstanceUID, (sizes.get(SeriesInstanceUID) ?? 0) + 1);
    for (const answer of await this.ask(here.length > 0, (source) => source.seriesSizes(study, signal))) {
      for (const [series, size] of answer) {
        const known = sizes.get(series);
        sizes.set(series, known === null || size === null ? null : Math.max(known ?? 0, size));
      }
    }
    return sizes;
  }

  /** A source that does not answer now matters only where nothing is here: what it has is then said to be missing. */
  private async ask<T>(hasSome: boolean, question: (source: ImageSource) => Promise<T>): Promise<readonly T[]> {
    const answers: T[] = [];
    let fault: Fault | undefined;
    for (const source of this.others) {
      try {
        answers.push(await question(source));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        fault ??= error;
        this.log.warn('image source passed over', { imageSource: source.name, ...faultFields(error) });
      }
    }
    if (fault !== undefined && !hasSome && answers.length === 0) throw fault;
    return answers;
  }

  /** From the first that has it. What a whole study or series then lacks is asked for instance by instance. */
  async *retrieve(resource: Resource, signal: AbortSignal): AsyncGenerator<RetrievedInstance, void, undefined> {
    let some = false;
    for (const SOPInstanceUID of await this.namesHere(resource)) {
      signal.throwIfAborted();
      const bytes = await this.received.open(SOPInstanceUID);
      if (bytes === null) continue;
      some = true;
      yield { contentType: 'application/dicom', bytes };
    }
    if (some) return;
    let fault: Fault | undefined;
    for (const source of this.others) {
      try {
        for await (const retrieved of source.retrieve(resource, signal)) {
          some = true;
          yield retrieved;
        }
        if (some) return;
      } catch (error) {
        // Once bytes were given out, another source cannot take over.
        if (some || !(error instanceof Fault)) throw error;
        if (error.code !== 'INSTANCE_NOT_FOUND') fault ??= error;
      }
    }
    throw fault ?? couldNot('INSTANCE_NOT_FOUND', 'neither stored here nor in an image source');
  }

  private async namesHere({ study, series, instance }: Resource): Promise<readonly string[]> {
    if (instance !== undefined) return [instance];
    return (await this.received.find(study, series ?? null)).map(({ SOPInstanceUID }) => SOPInstanceUID);
  }
}
