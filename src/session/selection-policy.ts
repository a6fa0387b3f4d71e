import { RECEIVED } from '../base/reserved-names';
import {
  type ExportPurpose,
  exportPurposeOf,
  isNeverAnOrder,
  isTitle,
  type TitleCode,
} from '../selection/document-titles';
import type { SessionError } from './export-session';

export { RECEIVED };

/** What the flow must know of a configured project to tell whose a selection is. */
export interface ProjectRule {
  readonly name: string;
  readonly kind: ExportPurpose;
  readonly dispositions: readonly string[];
  readonly imageSources: readonly string[];
  /** Accepted beside the title of its kind: general ones such as (113004, DCM) For Teaching. */
  readonly documentTitles?: readonly TitleCode[];
  /** In the order in which they are named; each gets the whole set. */
  readonly receivers?: readonly string[];
  /** Image sources that give it what nothing else tells. */
  readonly defaultOf?: readonly string[];
}

export type ProjectChoice =
  | { readonly project: string; readonly disposition: string | null }
  | { readonly project: null; readonly error: SessionError };

/** The projects that may have selections of this image source; every one may have what was pushed to this server. */
export function projectsServing(rules: readonly ProjectRule[], imageSource: string): readonly ProjectRule[] {
  return rules.filter((rule) => imageSource === RECEIVED || rule.imageSources.includes(imageSource));
}

function accepts(rule: ProjectRule, documentTitle: TitleCode): boolean {
  return (
    exportPurposeOf(documentTitle) === rule.kind ||
    (rule.documentTitles ?? []).some((title) => isTitle(title, documentTitle))
  );
}

/**
 * Whether a Key Object of this title orders an export: the titles made for it always, general ones where a project
 * accepts them. Viewers write those for many purposes.
 */
export function isOrder(rules: readonly ProjectRule[], imageSource: string, documentTitle: TitleCode): boolean {
  if (isNeverAnOrder(documentTitle)) return false;
  return (
    exportPurposeOf(documentTitle) !== null ||
    projectsServing(rules, imageSource).some((rule) => accepts(rule, documentTitle))
  );
}

/**
 * The text of (113012, DCM) names the project; where it names none, the document title, if exactly one project of the
 * image source accepts it; then the default of the image source. Never a guess.
 */
export function chooseProject(
  rules: readonly ProjectRule[],
  imageSource: string,
  documentTitle: TitleCode,
  description: string | null,
): ProjectChoice {
  const serving = projectsServing(rules, imageSource);
  const accepting = serving.filter((rule) => accepts(rule, documentTitle));
  // A general title is an order only for the projects that accept it; an export title is one for whoever is named.
  const eligible = exportPurposeOf(documentTitle) === null ? accepting : serving;
  const named = eligible.filter((rule) => dispositionIn(rule, description) !== null);
  if (named[0] !== undefined && named.length === 1) {
    return { project: named[0].name, disposition: dispositionIn(named[0], description) };
  }
  if (named.length === 0) {
    const fallback = (accepting.length > 0 ? accepting : eligible).filter((rule) =>
      rule.defaultOf?.includes(imageSource),
    );
    const meant = accepting.length === 1 ? accepting : fallback;
    if (meant[0] !== undefined && meant.length === 1) return { project: meant[0].name, disposition: null };
  }
  const none = accepting.length === 0 && named.length === 0;
  return {
    project: null,
    error: {
      code: none ? 'NO_PROJECT' : 'AMBIGUOUS_PROJECT',
      message: none
        ? 'no project of this image source serves this document title'
        : 'more than one project could be meant',
      remedy:
        'Assign it to a project here. Later ones are told apart by a disposition text of the project in the Key Object Description, or by a document title that one project alone accepts.',
      retryable: false,
    },
  };
}

/** The configured text that a Key Object Description equals; free text of the Selector goes no further. */
export function dispositionIn(rule: ProjectRule, description: string | null): string | null {
  const text = description?.trim() ?? '';
  if (text === '') return null;
  return rule.dispositions.some((disposition) => disposition.trim() === text) ? text : null;
}
