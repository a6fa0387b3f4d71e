import type { DataSet } from '../dicom/data-set';

/** What became of a text. */
export interface CleanedText {
  readonly text: string;
  readonly changed: boolean;
  readonly finding: {
    readonly unknown: readonly string[];
    readonly reason: string;
    readonly proposal: string;
  } | null;
}

/** What is known of whom the texts are about. */
export type KnownPeople = object;

export interface TextCleaning {
  collect(headers: Iterable<DataSet>): KnownPeople;
  clean(text: string, known: KnownPeople, shiftDate?: (da: string) => string | null): CleanedText;
}

export interface PlanOptions {
  /** Identifiers of the whole study; left out: those of the instance itself. */
  readonly known?: KnownPeople;
  /** `hold` keeps an instance with findings back; `redact` puts the proposal in their place. Default `redact`. */
  readonly onFinding?: 'redact' | 'hold';
  /** What a person decided of this very text before. */
  readonly decided?: (text: string) => string | undefined;
}

/** The texts of one instance. */
export class Texts {
  readonly #cleaning: TextCleaning;
  readonly #options: PlanOptions;
  readonly #header: DataSet;
  #known: KnownPeople | undefined;

  constructor(cleaning: TextCleaning, header: DataSet, options: PlanOptions) {
    this.#cleaning = cleaning;
    this.#header = header;
    this.#options = options;
    this.#known = options.known;
  }

  get holds(): boolean {
    return this.#options.onFinding === 'hold';
  }

  /** Nothing that identifies somebody was found; unknown words do not count. */
  isFree(text: string): boolean {
    this.#known ??= this.#cleaning.collect([this.#header]);
    return this.#cleaning.clean(text, this.#known).text === text;
  }

  clean(text: string, shiftDate?: (da: string) => string | null): CleanedText {
    const decided = this.#options.decided?.(text);
    if (decided !== undefined) return { text: decided, changed: decided !== text, finding: null };
    this.#known ??= this.#cleaning.collect([this.#header]);
    const result = this.#cleaning.clean(text, this.#known, shiftDate);
    if (result.finding === null) return result;
    return { ...result, text: result.finding.proposal, changed: result.finding.proposal !== text };
  }
}
