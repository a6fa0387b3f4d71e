import { type AskedItem, askedItem, type Refusal, type Reidentification } from '../register/reidentification';
import { Problem } from './problem';

/** The way back to patients, as the page and the API ask for it. */
export interface ReidentificationDesk extends Pick<Reidentification, 'ask' | 'waiting' | 'decide' | 'show'> {
  /** Names of the projects, for the form. */
  projects(): readonly string[];
}

export function problemOf({ status, code, message, remedy }: Refusal): Problem {
  return new Problem(status, code, message, remedy);
}

/** One for each line; what looks like a UID is one. */
export function itemsOfText(text: string): readonly AskedItem[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .map(askedItem);
}
