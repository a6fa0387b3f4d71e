import { join } from 'node:path';

// This file is two folders below the root, as TypeScript in src/ and as JavaScript in dist/ alike.
const PROJECT_ROOT = join(__dirname, '..', '..');

export const VIEWS_DIRECTORY = join(PROJECT_ROOT, 'views');
export const PUBLIC_DIRECTORY = join(PROJECT_ROOT, 'public');
