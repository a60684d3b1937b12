/** The version of this page's side. */

import { version } from '../package.json';

/** As npm writes it; Python writes `0.1.0.dev0` for `0.1.0-dev0`. */
export const VERSION: string = version;

/** Whether the kernel's side is of the same version. */
export function isOurVersion(python: string): boolean {
  return plain(python) === plain(VERSION);
}

function plain(text: string): string {
  return text.replace(/[-.]/g, '');
}
