/** A study of a subject in a trial. */
export interface TrialStudy {
  /** New Study Instance UID. */
  readonly study: string;
  /** DA, moved as the patient's dates are; empty where it is not known. */
  readonly date: string;
  /** null: nobody has said yet. */
  readonly timePoint: string | null;
}

/**
 * What the order of study dates says of the time points of a subject's studies, by Study Instance UID: studies of one day
 * are one time point, the next day on which there is a study has the next of the list. A study whose date is not known,
 * that lies between two time points without one to spare, or for which the list has no more, is left out.
 */
export function timePointsByOrder(
  list: readonly string[],
  studies: readonly TrialStudy[],
): ReadonlyMap<string, string> {
  const days = [...new Set(studies.flatMap(({ date }) => (date === '' ? [] : [date])))].sort();
  const known = new Map<string, number>();
  for (const { date, timePoint } of studies) {
    if (date === '' || timePoint === null) continue;
    const at = list.indexOf(timePoint);
    if (at >= 0) known.set(date, Math.max(at, known.get(date) ?? 0));
  }
  const proposed = new Map<string, string>();
  let last = -1;
  for (const [n, day] of days.entries()) {
    const given = known.get(day);
    if (given !== undefined) {
      last = given;
      continue;
    }
    const later = days.slice(n + 1).map((each) => known.get(each));
    const next = later.find((each) => each !== undefined) ?? list.length;
    const mine = list[last + 1];
    // A day whose studies all have a time point that the list does not know (an unscheduled visit) takes none of it.
    const open = studies.filter(({ date, timePoint }) => date === day && timePoint === null);
    if (open.length === 0) continue;
    if (mine === undefined || last + 1 >= next) continue;
    last += 1;
    known.set(day, last);
  }
  for (const { study, date, timePoint } of studies) {
    const at = known.get(date);
    const mine = at === undefined ? undefined : list[at];
    if (timePoint === null && mine !== undefined) proposed.set(study, mine);
  }
  return proposed;
}
