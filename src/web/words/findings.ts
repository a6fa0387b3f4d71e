import type { FindingLine, TextDecision } from '../../session/review-port';
import { sentence } from './text';

/** Why a text is shown to a person, by the code of the text cleaner. */
const REASONS: Readonly<Record<string, string>> = {
  KNOWN_NAME_OR_CLINICAL_WORD: 'A word that is a name in these headers and a clinical word, too',
  NAME_OR_EPONYM: 'A word that may be a name',
  UNKNOWN_SCRIPT: 'Words in a script that is not judged word by word',
  UNKNOWN_WORD: 'Words that are not known to be harmless',
  UNKNOWN_NUMBER: 'A number that may identify somebody',
};

export function reasonWords({ kind, reason }: Pick<FindingLine, 'kind' | 'reason'>): string {
  return kind === 'pixel' ? sentence(reason.replace(/^pixel risk: /, '')) : (REASONS[reason] ?? reason);
}

export const DECISION_WORDS: Readonly<Record<TextDecision['decision'], string>> = {
  accept: 'Proposal taken',
  edit: 'Reworded',
  keep: 'Words kept',
  remove: 'Removed',
};
