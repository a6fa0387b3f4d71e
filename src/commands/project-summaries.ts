import type { ProjectSettings } from '../base/config';
import type { ProjectPolicy } from '../session/flow-deps';
import type { ProjectLine } from '../store/projects';

/** What is kept of each project, with what the configuration says of those that it still has. */
export function projectSummaries(
  lines: readonly ProjectLine[],
  projects: readonly ProjectSettings[],
  policies: ReadonlyMap<string, ProjectPolicy>,
): readonly ProjectLine[] {
  return lines.map((line) => {
    const settings = projects.find(({ name }) => name === line.name);
    if (settings === undefined) return line;
    const { receivers, deidentification, review, clinicalTrial } = settings;
    return {
      ...line,
      receivers,
      preset: deidentification.preset ?? 'basic',
      options: policies.get(line.name)?.options ?? [],
      review,
      clinicalTrial:
        clinicalTrial === undefined
          ? null
          : { sponsorName: clinicalTrial.sponsorName, protocolID: clinicalTrial.protocolID },
    };
  });
}
