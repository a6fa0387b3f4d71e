/** The door to the cleaning of free text. */
export { KnownIdentifiers, type KnownValue } from './known-identifiers';
export {
  type CleanedText,
  nobodyKnown,
  TEXT_FINDING_REASONS,
  TextCleaner,
  type TextCleanerOptions,
  type TextFinding,
  type TextFindingReason,
} from './text-cleaner';
