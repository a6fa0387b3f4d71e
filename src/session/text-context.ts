import { Fault } from '../base/errors';
import type { DeidentificationPlan, Deidentifier, TextDecision } from '../deidentification/deidentifier';
import { type CleanedText, KnownIdentifiers } from '../deidentification/free-text';
import { knownFrom, SharedCleaner } from '../deidentification/text-cleaning';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { TAGS } from '../dicom/tags';
import type { ImageSource } from './ports';
import type { PlanContext, StandingDecisions } from './review-port';

export type KnownByStudy = ReadonlyMap<string, KnownIdentifiers>;

/**
 * With what the texts of a session are compared: the identities of each whole study, and what people have decided. The
 * instances alone would not do: which of them were read before would then decide what is found in the next.
 */
export class TextContext {
  readonly #known: KnownByStudy;
  readonly #decisions: StandingDecisions;
  readonly #used = new Map<string, TextDecision>();
  readonly #together = new WeakMap<KnownIdentifiers, KnownIdentifiers>();

  constructor(known: KnownByStudy, decisions: StandingDecisions) {
    this.#known = known;
    this.#decisions = decisions;
  }

  /** null: each instance is compared with its own identities only. */
  static of(context: PlanContext | null): TextContext {
    return new TextContext(
      new Map((context?.known ?? []).map(([study, values]) => [study, KnownIdentifiers.of(values)])),
      new Map(context?.decisions ?? []),
    );
  }

  /** Proposals stand in the place of what nobody has decided yet. */
  plan(deidentifier: Deidentifier, header: DataSet): DeidentificationPlan {
    return deidentifier.plan(header, {
      known: this.#knownTo(header),
      decided: (text) => this.#decided(text),
    });
  }

  /** Text of a manifest, which is about all studies at once; `headers`: of instances of theirs. */
  description(text: string, headers: readonly DataSet[] = []): CleanedText {
    let known = KnownIdentifiers.collect(headers);
    for (const ofStudy of this.#known.values()) known = known.with(ofStudy);
    const cleaner = new SharedCleaner();
    const decision = this.#decided(text);
    return decision === undefined ? cleaner.clean(text, known) : cleaner.decided(text, decision, known);
  }

  #decided(text: string): TextDecision | undefined {
    const decision = this.#decisions.get(text);
    if (decision !== undefined) this.#used.set(text, decision);
    return decision;
  }

  /** Whole studies were looked through for who must not be named. */
  get knowsStudies(): boolean {
    return this.#known.size > 0;
  }

  /** Texts that were met and had been decided on. */
  get decided(): readonly string[] {
    return [...this.#used.keys()];
  }

  toJSON(): PlanContext {
    return {
      known: [...this.#known].map(([study, known]) => [study, known.list()] as const),
      decisions: [...this.#used],
    };
  }

  /** An image source may say less in its metadata than stands in the instance. */
  #knownTo(header: DataSet): KnownIdentifiers {
    const own = knownFrom(header);
    const study = this.#known.get(header.string(TAGS.StudyInstanceUID) ?? '');
    if (study === undefined) return own;
    let together = this.#together.get(own);
    if (together === undefined) {
      together = study.with(own);
      this.#together.set(own, together);
    }
    return together;
  }
}

/** Who and what is named in the headers of all instances of these studies, selected or not. */
export async function knownInStudies(
  studies: Iterable<string>,
  source: ImageSource,
  signal: AbortSignal,
): Promise<KnownByStudy> {
  const known = new Map<string, KnownIdentifiers>();
  for (const study of new Set(studies)) {
    known.set(study, (await fromMetadata(study, source, signal)) ?? (await fromInstances(study, source, signal)));
  }
  return known;
}

/** undefined where the source has no metadata, or none that can be read. */
async function fromMetadata(
  study: string,
  source: ImageSource,
  signal: AbortSignal,
): Promise<KnownIdentifiers | undefined> {
  if (source.headers === undefined) return undefined;
  let known = KnownIdentifiers.collect([]);
  try {
    for await (const header of source.headers(study, signal)) known = known.with(KnownIdentifiers.collect([header]));
  } catch (error) {
    if (signal.aborted || !(error instanceof Fault)) throw error;
    return undefined;
  }
  return known;
}

async function fromInstances(study: string, source: ImageSource, signal: AbortSignal): Promise<KnownIdentifiers> {
  let known = KnownIdentifiers.collect([]);
  for await (const { bytes } of source.retrieve({ study }, signal)) {
    try {
      const { header, rest } = await readPart10(bytes);
      known = known.with(KnownIdentifiers.collect([header]));
      for await (const _part of rest) {
        // read to its end: the next instance comes after it
      }
    } catch (error) {
      // What is not selected need not be readable; what is, says so when its turn comes.
      if (!(error instanceof Fault) || error.retryable) throw error;
    }
  }
  return known;
}
