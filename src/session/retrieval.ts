import type { SelectedInstance } from './store-port';

/** One WADO-RS request and the instances that are wanted from it. */
export interface Retrieval {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
  readonly wanted: readonly SelectedInstance[];
}

/** How many instances each series of a study has, by study and series; null where the source does not say. */
export type SizesByStudy = ReadonlyMap<string, ReadonlyMap<string, number | null>>;

/** Above this share of a study or series, one request for all of it costs less than one for each instance. */
const WORTH_WHOLE = 0.6;

/**
 * The cheapest set of requests: a whole study or series where most of it is wanted, single instances otherwise.
 */
export function planRetrievals(wanted: readonly SelectedInstance[], present: SizesByStudy): readonly Retrieval[] {
  const retrievals: Retrieval[] = [];
  for (const [study, ofStudy] of groupBy(wanted, (instance) => instance.StudyInstanceUID)) {
    const sizes = present.get(study) ?? new Map<string, number | null>();
    const sizeOf = (series: string): number => sizes.get(series) ?? Number.POSITIVE_INFINITY;
    const total = [...sizes.keys()].reduce((sum, series) => sum + sizeOf(series), 0);
    if (sizes.size > 0 && ofStudy.length > 1 && ofStudy.length >= total * WORTH_WHOLE) {
      retrievals.push({ study, wanted: ofStudy });
      continue;
    }
    for (const [series, ofSeries] of groupBy(ofStudy, (instance) => instance.SeriesInstanceUID)) {
      if (ofSeries.length > 1 && ofSeries.length >= sizeOf(series) * WORTH_WHOLE) {
        retrievals.push({ study, series, wanted: ofSeries });
      } else {
        for (const instance of ofSeries) {
          retrievals.push({ study, series, instance: instance.SOPInstanceUID, wanted: [instance] });
        }
      }
    }
  }
  return retrievals;
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
