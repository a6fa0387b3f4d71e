import type { ExportPurpose } from '../selection/document-titles';
import type { SessionError } from './export-session';

/** What the flow must know of a configured project to tell whose a selection is. */
export interface ProjectRule {
  readonly name: string;
  readonly kind: ExportPurpose;
  readonly dispositions: readonly string[];
  readonly imageSources: readonly string[];
}

/** Stands in place of an image source for selections that were pushed to this server: every project serves it. */
export const RECEIVED = 'received';

export type ProjectChoice =
  | { readonly project: string; readonly disposition: string | null }
  | { readonly project: null; readonly error: SessionError };

/**
 * The text of (113012, DCM) names the project; where it names none, the document title's purpose, if exactly one
 * project of the image source serves it. Never a guess.
 */
export function chooseProject(
  rules: readonly ProjectRule[],
  imageSource: string,
  purpose: ExportPurpose,
  description: string | null,
): ProjectChoice {
  const here = rules.filter((rule) => imageSource === RECEIVED || rule.imageSources.includes(imageSource));
  const text = description?.trim() ?? '';
  const named = here.filter((rule) => rule.dispositions.some((disposition) => disposition.trim() === text));
  if (text !== '' && named[0] !== undefined && named.length === 1) return { project: named[0].name, disposition: text };
  const serving = here.filter((rule) => rule.kind === purpose);
  if (named.length === 0 && serving[0] !== undefined && serving.length === 1) {
    return { project: serving[0].name, disposition: null };
  }
  return {
    project: null,
    error: {
      code: serving.length === 0 && named.length === 0 ? 'NO_PROJECT' : 'AMBIGUOUS_PROJECT',
      message:
        serving.length === 0 && named.length === 0
          ? 'no project of this image source serves this document title'
          : 'more than one project could be meant',
      remedy:
        'Name a project in the Key Object Description with one of its disposition texts, or give a project this document title.',
      retryable: false,
    },
  };
}
