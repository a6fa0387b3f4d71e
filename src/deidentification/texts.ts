import type { DataSet } from '../dicom/data-set';
import type { CleanedText, KnownIdentifiers } from './free-text';
import { knownFrom, type SharedCleaner, type TextDecision } from './text-cleaning';

export interface PlanOptions {
  /** Identifiers of the whole study; left out: those of the instance itself. */
  readonly known?: KnownIdentifiers;
  /** `hold` keeps an instance with findings back; `redact` puts the proposal in their place. Default `redact`. */
  readonly onFinding?: 'redact' | 'hold';
  /** What a person decided of this very text before. */
  readonly decided?: (text: string) => TextDecision | undefined;
}

/** The texts of one instance. */
export class Texts {
  readonly #cleaner: SharedCleaner;
  readonly #options: PlanOptions;
  readonly #header: DataSet;
  #known: KnownIdentifiers | undefined;

  constructor(cleaner: SharedCleaner, header: DataSet, options: PlanOptions) {
    this.#cleaner = cleaner;
    this.#header = header;
    this.#options = options;
    this.#known = options.known;
  }

  get holds(): boolean {
    return this.#options.onFinding === 'hold';
  }

  /** The text as it may leave, the proposal standing for what a person has yet to decide. */
  clean(text: string, cleaner = this.#cleaner): CleanedText {
    const decided = this.#options.decided?.(text);
    this.#known ??= knownFrom(this.#header);
    if (decided !== undefined) return cleaner.decided(text, decided, this.#known);
    const result = this.#cleaner.clean(text, this.#known);
    return cleaner === this.#cleaner || result.dated !== true ? result : cleaner.clean(text, this.#known);
  }

  /** The text without those who are known and what identifies for certain, whatever else it says. */
  screened(text: string, coded: boolean): CleanedText {
    this.#known ??= knownFrom(this.#header);
    return this.#cleaner.screened(text, this.#known, coded);
  }

  /** Nothing that identifies somebody was found; unknown words do not count. */
  isFree(text: string): boolean {
    this.#known ??= knownFrom(this.#header);
    const { changed, finding } = this.#cleaner.clean(text, this.#known);
    return !changed || finding !== null;
  }
}
