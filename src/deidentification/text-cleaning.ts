import type { TextCleaning } from './texts';

/** null: text that an option would clean gets what the Basic Profile has for it. */
export const TEXT_CLEANING: TextCleaning | null = null;
