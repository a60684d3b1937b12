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

const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;

/** The direction of these words' language, where it is not the page's. */
export function directionOf(words: IWords): 'rtl' | undefined {
  return RIGHT_TO_LEFT.test(words.__('Conversation')) ? 'rtl' : undefined;
}
