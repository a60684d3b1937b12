/** Words where there is no translator: English, as it stands in the source. */

import type { IWords } from './host';

function filled(text: string, args: (string | number)[]): string {
  return text.replace(/%(\d+)/g, (place, position: string) => {
    const value = args[Number(position) - 1];
    return value === undefined ? place : String(value);
  });
}

/** English; in plurals `%1` stands for the number, as in gettext. */
export const englishWords: IWords = {
  __: (text, ...args) => filled(text, args),
  _n: (singular, plural, n, ...args) =>
    filled(n === 1 ? singular : plural, [n, ...args])
};
