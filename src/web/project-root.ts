import { join } from 'node:path';
import { packageRoot } from '../base/package-root';

export const VIEWS_DIRECTORY = join(packageRoot(), 'views');
export const PUBLIC_DIRECTORY = join(packageRoot(), 'public');
